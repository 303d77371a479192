package structure_test

import (
	"errors"
	"math/bits"
	"slices"
	"testing"

	"pgregory.net/rapid"

	"entangle/queries/structure"
)

// TestMinNodeCutOfKnownNetworks: by networkx and igraph; for the adjacent 0 and 1 of the
// karate club the latter, told to ignore the tie, finds 8.
func TestMinNodeCutOfKnownNetworks(t *testing.T) {
	for _, tt := range []struct {
		network, s, t string
		cut, lines    int
		uncuttable    bool
	}{
		{"karate", "16", "26", 1, 1, false},
		{"karate", "0", "1", 8, 9, true},
		{"two cliques", "0", "5", 0, 0, false},
		{"grid", "0", "8", 2, 2, false},
		{"command", "apex", "d", 2, 2, false},
		{"command", "d", "apex", 0, 0, false},
	} {
		g, ids := named(t, tt.network)
		c, err := structure.MinNodeCut(t.Context(), g, ids[tt.s], ids[tt.t], structure.Mask{})
		if err != nil {
			t.Fatal(err)
		}
		if len(c.Nodes) != tt.cut || c.Lines != tt.lines || c.Uncuttable != tt.uncuttable {
			t.Errorf("%s, %s to %s: %+v, want %d nodes, %d lines, uncuttable %t", tt.network, tt.s, tt.t, c, tt.cut, tt.lines, tt.uncuttable)
		}
	}
}

// smallestCut tries every set of the nodes that may be taken, in order of size.
func smallestCut(g *structure.Graph, removed structure.Mask, may uint, connected func(structure.Mask) bool) int {
	best := g.Nodes() + 1
	for set := may; ; set = (set - 1) & may {
		if bits.OnesCount(set) < best {
			with, _ := structure.NewMask(g.Nodes(), slices.Collect(removed.All())...)
			for v := range g.Nodes() {
				if set>>v&1 == 1 {
					_ = with.Remove(int32(v))
				}
			}
			if !connected(with) {
				best = bits.OnesCount(set)
			}
		}
		if set == 0 {
			return best
		}
	}
}

// drawSmall draws a graph small enough to try every set of nodes, and what of it may go.
func drawSmall(t *rapid.T, kind structure.Direction) (g *structure.Graph, removed structure.Mask, node *rapid.Generator[int32]) {
	n := rapid.IntRange(2, 9).Draw(t, "n")
	node = rapid.Int32Range(0, int32(n-1))
	tie := rapid.Custom(func(t *rapid.T) [2]int32 { return [2]int32{node.Draw(t, "v"), node.Draw(t, "w")} })
	g, err := structure.New(n, rapid.SliceOfN(tie, 0, 4*n).Draw(t, "ties"), kind)
	if err != nil {
		t.Fatal(err)
	}
	removed, err = structure.NewMask(n, rapid.SliceOfN(node, 0, 2).Draw(t, "removed")...)
	if err != nil {
		t.Fatal(err)
	}
	return g, removed, node
}

// parts fails unless taking the nodes of the cut leaves no line.
func parts(t tb, g *structure.Graph, removed structure.Mask, nodes []int32, connected func(structure.Mask) bool) {
	t.Helper()
	with, err := structure.NewMask(g.Nodes(), slices.AppendSeq(slices.Clone(nodes), removed.All())...)
	if err != nil {
		t.Fatal(err)
	}
	if connected(with) {
		t.Fatalf("the cut %v leaves a line", nodes)
	}
}

func TestMinNodeCutAgreesWithEverySet(t *testing.T) {
	for _, kind := range []structure.Direction{structure.Undirected, structure.Directed} {
		t.Run(kind.String(), func(t *testing.T) {
			rapid.Check(t, func(t *rapid.T) {
				g, removed, node := drawSmall(t, kind)
				from, to := node.Draw(t, "from"), node.Draw(t, "to")
				c, err := structure.MinNodeCut(t.Context(), g, from, to, removed)
				if from == to || removed.Has(from) || removed.Has(to) {
					if !errors.Is(err, structure.ErrNode) {
						t.Fatalf("error %v, want ErrNode", err)
					}
					return
				}
				if err != nil {
					t.Fatal(err)
				}
				direct := g.HasTie(from, to)
				// The tie between the ends apart: both rows are left in place, so the
				// search below skips it.
				connected := func(m structure.Mask) bool {
					var first []int32
					for _, v := range g.Neighbours(from) {
						if v != to {
							first = append(first, v)
						}
					}
					ends, _ := structure.NewMask(g.Nodes(), slices.AppendSeq([]int32{from}, m.All())...)
					return reach(g, first, ends)[to]
				}
				may := (uint(1)<<g.Nodes() - 1) &^ (1<<from | 1<<to)
				want := smallestCut(g, removed, may, connected)
				lines := want
				if direct {
					lines++
				}
				if len(c.Nodes) != want || c.Lines != lines || c.Uncuttable != direct {
					t.Fatalf("%d to %d: %+v, want a cut of %d", from, to, c, want)
				}
				parts(t, g, removed, c.Nodes, connected)
			})
		})
	}
}

// TestRedundancyAgrees with trying every set of nodes, and with the dominators: one node
// suffices exactly if there is an immediate dominator.
func TestRedundancyAgrees(t *testing.T) {
	for _, kind := range []structure.Direction{structure.Directed, structure.Undirected} {
		t.Run(kind.String(), func(t *testing.T) {
			rapid.Check(t, func(t *rapid.T) {
				g, removed, node := drawSmall(t, kind)
				apexes, to := rapid.SliceOfN(node, 0, 3).Draw(t, "apexes"), node.Draw(t, "to")
				c, err := structure.Redundancy(t.Context(), g, apexes, to, removed)
				if removed.Has(to) {
					if !errors.Is(err, structure.ErrNode) {
						t.Fatalf("error %v, want ErrNode", err)
					}
					return
				}
				if err != nil {
					t.Fatal(err)
				}
				others := slices.DeleteFunc(slices.Clone(apexes), func(a int32) bool { return a == to })
				connected := func(m structure.Mask) bool { return reach(g, others, m)[to] }
				want := smallestCut(g, removed, (uint(1)<<g.Nodes()-1)&^(1<<to), connected)
				if len(c.Nodes) != want || c.Uncuttable != slices.Contains(apexes, to) {
					t.Fatalf("%v to %d: %+v, want a cut of %d", apexes, to, c, want)
				}
				parts(t, g, removed, c.Nodes, connected)
				d, err := structure.DominatorsOf(t.Context(), g, apexes, removed)
				if err != nil {
					t.Fatal(err)
				}
				if (c.Lines == 1 && !c.Uncuttable) != (d.Idom[to] >= 0) {
					t.Fatalf("%d lines to %d, whose dominator is %d", c.Lines, to, d.Idom[to])
				}
				if c.Lines == 1 && !c.Uncuttable && !d.Dominates(c.Nodes[0], to) {
					t.Fatalf("the cut %v of %d does not dominate it", c.Nodes, to)
				}
			})
		})
	}
}

func TestCutsBetweenNodesRefuse(t *testing.T) {
	g, _ := named(t, "command")
	for name, err := range map[string]error{
		"start outside": func() error { _, err := structure.MinNodeCut(t.Context(), g, 8, 0, structure.Mask{}); return err }(),
		"end outside":   func() error { _, err := structure.MinNodeCut(t.Context(), g, 0, -1, structure.Mask{}); return err }(),
		"below outside": func() error { _, err := structure.Redundancy(t.Context(), g, nil, 8, structure.Mask{}); return err }(),
		"apex outside": func() error {
			_, err := structure.Redundancy(t.Context(), g, []int32{-1}, 0, structure.Mask{})
			return err
		}(),
	} {
		if !errors.Is(err, structure.ErrNode) {
			t.Errorf("%s: error %v, want ErrNode", name, err)
		}
	}
}
