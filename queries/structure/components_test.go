package structure_test

import (
	"cmp"
	"context"
	"errors"
	"slices"
	"testing"

	gocmp "github.com/google/go-cmp/cmp"
	"gonum.org/v1/gonum/graph/simple"
	"gonum.org/v1/gonum/graph/topo"
	"pgregory.net/rapid"

	"entangle/queries/structure"
)

// gonumUndirected copies what the mask leaves of g, directions dropped.
func gonumUndirected(g *structure.Graph, removed structure.Mask) *simple.UndirectedGraph {
	copied := simple.NewUndirectedGraph()
	for v := range int32(g.Nodes()) {
		if !removed.Has(v) {
			copied.AddNode(simple.Node(v))
		}
	}
	for _, e := range edges(g) {
		if !removed.Has(e[0]) && !removed.Has(e[1]) {
			copied.SetEdge(simple.Edge{F: simple.Node(e[0]), T: simple.Node(e[1])})
		}
	}
	return copied
}

// checkComponents compares with gonum's depth-first search.
func checkComponents(t tb, g *structure.Graph, removed structure.Mask) {
	t.Helper()
	var want [][]int32
	for _, nodes := range topo.ConnectedComponents(gonumUndirected(g, removed)) {
		var ids []int32
		for _, node := range nodes {
			ids = append(ids, int32(node.ID()))
		}
		slices.Sort(ids)
		want = append(want, ids)
	}
	slices.SortFunc(want, func(a, b []int32) int {
		return cmp.Or(cmp.Compare(len(b), len(a)), slices.Compare(a, b))
	})
	got, err := structure.ComponentsOf(t.Context(), g, removed)
	if err != nil {
		t.Fatal(err)
	}
	members := got.Members()
	if len(members) == 0 {
		members = nil
	}
	if diff := gocmp.Diff(want, members); diff != "" {
		t.Fatalf("components without %v (-gonum +ours):\n%s", slices.Collect(removed.All()), diff)
	}
	for i, nodes := range members {
		if int(got.Sizes[i]) != len(nodes) {
			t.Fatalf("component %d has size %d and %d nodes", i, got.Sizes[i], len(nodes))
		}
	}
	for v, label := range got.Label {
		if (label == -1) != removed.Has(int32(v)) {
			t.Fatalf("node %d has label %d", v, label)
		}
	}
}

func TestComponentsAgreeWithGonum(t *testing.T) {
	each(t, func(t *testing.T, g *structure.Graph) {
		t.Helper()
		checkComponents(t, g, structure.Mask{})
		for v := range int32(g.Nodes()) {
			checkComponents(t, g, mask(t, g, v))
		}
	})
}

func TestComponentsOfRandomGraphsAgreeWithGonum(t *testing.T) {
	for _, kind := range []structure.Direction{structure.Undirected, structure.Directed} {
		t.Run(kind.String(), func(t *testing.T) {
			rapid.Check(t, func(t *rapid.T) {
				g, removed := drawGraph(t, kind)
				checkComponents(t, g, removed)
			})
		})
	}
}

// TestRefusals: every measure refuses a mask that does not fit and a dead context.
func TestRefusals(t *testing.T) {
	g, _ := named(t, "karate")
	wrong, err := structure.NewMask(33)
	if err != nil {
		t.Fatal(err)
	}
	dead, cancel := context.WithCancel(t.Context())
	cancel()
	for name, measure := range map[string]func(context.Context, structure.Mask) error{
		"ComponentsOf": func(ctx context.Context, m structure.Mask) error {
			_, err := structure.ComponentsOf(ctx, g, m)
			return err
		},
		"FragmentationOf": func(ctx context.Context, m structure.Mask) error {
			_, err := structure.FragmentationOf(ctx, g, m)
			return err
		},
		"Removal, absent": func(ctx context.Context, m structure.Mask) error {
			_, err := structure.Removal(ctx, g, m, structure.Mask{})
			return err
		},
		"Removal, removed": func(ctx context.Context, m structure.Mask) error {
			_, err := structure.Removal(ctx, g, structure.Mask{}, m)
			return err
		},
		"DistanceF": func(ctx context.Context, m structure.Mask) error {
			_, err := structure.DistanceF(ctx, g, m)
			return err
		},
		"DistanceFSampled": func(ctx context.Context, m structure.Mask) error {
			_, err := structure.DistanceFSampled(ctx, g, m, 2, 1)
			return err
		},
		"CutsOf": func(ctx context.Context, m structure.Mask) error { _, err := structure.CutsOf(ctx, g, m); return err },
		"Betweenness": func(ctx context.Context, m structure.Mask) error {
			_, err := structure.Betweenness(ctx, g, m)
			return err
		},
		"Closeness": func(ctx context.Context, m structure.Mask) error {
			_, err := structure.Closeness(ctx, g, m)
			return err
		},
		"BrokerageOf": func(ctx context.Context, m structure.Mask) error {
			_, err := structure.BrokerageOf(ctx, g, m)
			return err
		},
		"Apexes": func(ctx context.Context, m structure.Mask) error { _, err := structure.Apexes(ctx, g, m); return err },
		"DominatorsOf": func(ctx context.Context, m structure.Mask) error {
			_, err := structure.DominatorsOf(ctx, g, nil, m)
			return err
		},
		"MinNodeCut": func(ctx context.Context, m structure.Mask) error {
			_, err := structure.MinNodeCut(ctx, g, 0, 33, m)
			return err
		},
		"Redundancy": func(ctx context.Context, m structure.Mask) error {
			_, err := structure.Redundancy(ctx, g, []int32{0}, 33, m)
			return err
		},
		"KeySets by F": func(ctx context.Context, m structure.Mask) error {
			_, err := structure.KeySets(ctx, g, structure.KeySetOptions{K: 2, Absent: m})
			return err
		},
		"KeySets by DF": func(ctx context.Context, m structure.Mask) error {
			_, err := structure.KeySets(ctx, g, structure.KeySetOptions{K: 1, Measure: structure.ByDistanceF, Absent: m})
			return err
		},
		"KeySets, heuristic": func(ctx context.Context, m structure.Mask) error {
			_, err := structure.KeySets(ctx, g, structure.KeySetOptions{K: 3, MaxTraversals: 1, Absent: m})
			return err
		},
		"CoreHD": func(ctx context.Context, m structure.Mask) error {
			_, err := structure.CoreHD(ctx, g, structure.DismantleOptions{Absent: m})
			return err
		},
	} {
		if err := measure(t.Context(), structure.Mask{}); err != nil {
			t.Errorf("%s: %v", name, err)
		}
		if err := measure(t.Context(), wrong); !errors.Is(err, structure.ErrMask) {
			t.Errorf("%s with a mask for 33 nodes: error %v, want ErrMask", name, err)
		}
		if err := measure(dead, structure.Mask{}); !errors.Is(err, context.Canceled) {
			t.Errorf("%s with a dead context: error %v, want context.Canceled", name, err)
		}
	}
	for name, measure := range map[string]func() error{
		"DegreesOf": func() error { _, err := structure.DegreesOf(g, wrong); return err },
		"Sources":   func() error { _, err := structure.Sources(g, wrong); return err },
	} {
		if err := measure(); !errors.Is(err, structure.ErrMask) {
			t.Errorf("%s with a mask for 33 nodes: error %v, want ErrMask", name, err)
		}
	}
}

func TestUndirectedMeasuresRefuseDirectedGraphs(t *testing.T) {
	g, _ := named(t, "command")
	_, cuts := structure.CutsOf(t.Context(), g, structure.Mask{})
	_, brokers := structure.BrokerageOf(t.Context(), g, structure.Mask{})
	_, sets := structure.KeySets(t.Context(), g, structure.KeySetOptions{K: 1})
	_, core := structure.CoreHD(t.Context(), g, structure.DismantleOptions{})
	for _, err := range []error{cuts, brokers, sets, core} {
		if !errors.Is(err, structure.ErrDirected) {
			t.Errorf("error %v, want ErrDirected", err)
		}
	}
}
