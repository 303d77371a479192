package structure_test

import (
	"math"
	"testing"

	"gonum.org/v1/gonum/graph"
	gonumnet "gonum.org/v1/gonum/graph/network"
	"gonum.org/v1/gonum/graph/simple"
	"pgregory.net/rapid"

	"entangle/queries/structure"
)

// TestCentralityOfKnownNetworks: Krackhardt's kite parts the three centralities
// (degree 3, betweenness 7, closeness 5 and 6); karate and the Medici by networkx 3.6.1,
// whose normalised .5220 is 47.5 of the 91 pairs of other families.
func TestCentralityOfKnownNetworks(t *testing.T) {
	for _, tt := range []struct {
		network, node string
		betweenness   float64
		closeness     float64
		degree        int32
	}{
		{"kite", "3", 3.6667, .6, 6},
		{"kite", "7", 14, .6, 3},
		{"kite", "5", 8.3333, .6429, 5},
		{"karate", "0", 231.0714, .5690, 16},
		{"Florentine families", "Medici", 47.5, .5600, 6},
	} {
		g, ids := named(t, tt.network)
		v := ids[tt.node]
		between, err := structure.Betweenness(t.Context(), g, structure.Mask{})
		if err != nil {
			t.Fatal(err)
		}
		near(t, tt.network+" betweenness of "+tt.node, between[v], tt.betweenness, 4)
		closeness, err := structure.Closeness(t.Context(), g, structure.Mask{})
		if err != nil {
			t.Fatal(err)
		}
		near(t, tt.network+" closeness of "+tt.node, closeness[v], tt.closeness, 4)
		degrees, err := structure.DegreesOf(g, structure.Mask{})
		if err != nil {
			t.Fatal(err)
		}
		if degrees.Out[v] != tt.degree || degrees.In[v] != tt.degree {
			t.Errorf("%s: degree of %s is %d, want %d", tt.network, tt.node, degrees.Out[v], tt.degree)
		}
	}
}

// checkCentrality compares betweenness with gonum's, which counts ordered pairs also in
// undirected graphs, and closeness and degrees with their definitions.
func checkCentrality(t tb, g *structure.Graph, removed structure.Mask) {
	t.Helper()
	var peer graph.Graph
	pairs := 1.0
	if g.Direction() == structure.Undirected {
		peer, pairs = gonumUndirected(g, removed), 2
	} else {
		directed := simple.NewDirectedGraph()
		for _, e := range edges(g) {
			if !removed.Has(e[0]) && !removed.Has(e[1]) {
				directed.SetEdge(simple.Edge{F: simple.Node(e[0]), T: simple.Node(e[1])})
			}
		}
		peer = directed
	}
	want := gonumnet.Betweenness(peer) // without the nodes of betweenness 0
	between, err := structure.Betweenness(t.Context(), g, removed)
	if err != nil {
		t.Fatal(err)
	}
	closeness, err := structure.Closeness(t.Context(), g, removed)
	if err != nil {
		t.Fatal(err)
	}
	degrees, err := structure.DegreesOf(g, removed)
	if err != nil {
		t.Fatal(err)
	}
	left := float64(g.Nodes() - removed.Count())
	away := distances(g, removed)
	for v := range g.Nodes() {
		if math.Abs(between[v]-want[int64(v)]/pairs) > 1e-9 {
			t.Fatalf("betweenness of %d is %v, gonum's %v", v, between[v], want[int64(v)]/pairs)
		}
		reached, sum, out, in := 0.0, 0.0, int32(0), int32(0)
		for w := range g.Nodes() {
			if v == w {
				continue
			}
			if !math.IsInf(away[v][w], 1) {
				reached++
				sum += away[v][w]
			}
			if away[v][w] == 1 {
				out++
			}
			if away[w][v] == 1 {
				in++
			}
		}
		near := 0.0
		if sum > 0 {
			near = reached / sum * reached / (left - 1)
		}
		if math.Abs(closeness[v]-near) > 1e-12 {
			t.Fatalf("closeness of %d is %v, the distances give %v", v, closeness[v], near)
		}
		if degrees.Out[v] != out || degrees.In[v] != in {
			t.Fatalf("degrees of %d are %d and %d, want %d and %d", v, degrees.Out[v], degrees.In[v], out, in)
		}
	}
}

func TestCentralityAgrees(t *testing.T) {
	each(t, func(t *testing.T, g *structure.Graph) {
		t.Helper()
		checkCentrality(t, g, structure.Mask{})
		if g.Nodes() > 3 {
			checkCentrality(t, g, mask(t, g, 2, 3))
		}
	})
}

func TestCentralityOfRandomGraphsAgrees(t *testing.T) {
	for _, kind := range []structure.Direction{structure.Undirected, structure.Directed} {
		t.Run(kind.String(), func(t *testing.T) {
			rapid.Check(t, func(t *rapid.T) {
				g, removed := drawGraph(t, kind)
				checkCentrality(t, g, removed)
			})
		})
	}
}
