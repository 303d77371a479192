package structure_test

import (
	"context"
	"strconv"
	"strings"
	"testing"

	"pgregory.net/rapid"

	"entangle/queries/structure"
	"entangle/queries/structure/networks"
)

// tb is a test, a benchmark, or a run of rapid.
type tb interface {
	rapid.TB
	Context() context.Context
}

// named returns one network of the table.
func named(t tb, name string) (*structure.Graph, map[string]int32) {
	t.Helper()
	for _, nw := range networks.All() {
		if nw.Name == name {
			return built(t, nw)
		}
	}
	t.Fatalf("no network %q in the table", name)
	return nil, nil
}

// built is a network as a graph, with the ids of its nodes by name.
func built(t tb, nw networks.Network) (*structure.Graph, map[string]int32) {
	t.Helper()
	g, ids, err := nw.Graph()
	if err != nil {
		t.Fatal(err)
	}
	return g, ids
}

// each runs a test on every network of the table of the given kinds, all if none.
func each(t *testing.T, run func(t *testing.T, g *structure.Graph), kinds ...structure.Direction) {
	t.Helper()
	for _, nw := range networks.All() {
		if len(kinds) > 0 && nw.Kind != kinds[0] {
			continue
		}
		t.Run(nw.Name, func(t *testing.T) {
			g, _ := built(t, nw)
			run(t, g)
		})
	}
}

// mask removes the named nodes.
func mask(t tb, g *structure.Graph, removed ...int32) structure.Mask {
	t.Helper()
	m, err := structure.NewMask(g.Nodes(), removed...)
	if err != nil {
		t.Fatal(err)
	}
	return m
}

// pick returns the ids of names.
func pick(t tb, ids map[string]int32, names string) []int32 {
	t.Helper()
	var picked []int32
	for name := range strings.FieldsSeq(names) {
		id, known := ids[name]
		if !known {
			t.Fatalf("no node %q", name)
		}
		picked = append(picked, id)
	}
	return picked
}

// near fails unless got is want to within half a unit of the given decimal.
func near(t tb, what string, got, want float64, decimals int) {
	t.Helper()
	if g, w := strconv.FormatFloat(got, 'f', decimals, 64), strconv.FormatFloat(want, 'f', decimals, 64); g != w {
		t.Errorf("%s = %v, want %s", what, got, w)
	}
}

// edges lists the ties of g, the smaller node first if it is undirected.
func edges(g *structure.Graph) [][2]int32 {
	var list [][2]int32
	for v := range int32(g.Nodes()) {
		for _, w := range g.Neighbours(v) {
			if g.Direction() == structure.Directed || v < w {
				list = append(list, [2]int32{v, w})
			}
		}
	}
	return list
}

func TestNetworksHaveDistinctNames(t *testing.T) {
	seen := make(map[string]bool)
	for _, nw := range networks.All() {
		if seen[nw.Name] || nw.Source == "" {
			t.Errorf("%q is named twice or has no source", nw.Name)
		}
		seen[nw.Name] = true
	}
}

// TestTableIsChecked: a network whose rows are not what its line says is refused, whichever
// of the two counts is wrong.
func TestTableIsChecked(t *testing.T) {
	good := networks.Network{Name: "x", Nodes: 3, Ties: 2, Rows: "0: 1; 1: b; b:"}
	if g, ids, err := good.Graph(); err != nil || g.Ties() != 2 || ids["b"] != 2 {
		t.Errorf("%v, %v", ids, err)
	}
	for name, change := range map[string]func(*networks.Network){
		"a node more":    func(nw *networks.Network) { nw.Nodes++ },
		"a node less":    func(nw *networks.Network) { nw.Nodes-- },
		"a tie more":     func(nw *networks.Network) { nw.Ties++ },
		"a tie twice":    func(nw *networks.Network) { nw.Rows += "; 0: 1" },
		"a tie of one":   func(nw *networks.Network) { nw.Rows += "; 1: 1" },
		"a node unnamed": func(nw *networks.Network) { nw.Rows, nw.Ties = "0: 1", 1 },
	} {
		nw := good
		change(&nw)
		if g, _, err := nw.Graph(); err == nil || g != nil || !strings.Contains(err.Error(), "networks: x: ") {
			t.Errorf("%s: %v", name, err)
		}
	}
}
