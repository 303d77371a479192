package storetest

import (
	"fmt"
	"slices"
	"strconv"
	"strings"
	"testing"

	"entangle/graph"
)

// figures are fractions that few digits do not tell from their neighbours, or that end
// in none.
var figures = []float64{0, 5e-324, 0.1, 0.1 + 0.2 - 0.3 + 0.2, 1.0 / 3, 0.3333333333333333, 0.33333333333333326, 0.55, 0.5500000000000002, 2.0 / 3, 0.9999999999999999, 1}

// TestFigures: a fraction comes back as it went in, as confidence, weight and property,
// and is compared as the number that it is.
func (suite) TestFigures(t *testing.T, c *Case) {
	m := fixture(t, c)
	batch := graph.Batch{Load: graph.Load{ID: "load-figures"}}
	for i, f := range figures {
		post := node(graph.Post, graph.ID(fmt.Sprintf("post-%02d", i)), "Post")
		post.Props = graph.Props{"weight": {strconv.FormatFloat(f, 'g', -1, 64)}}
		batch.Nodes = append(batch.Nodes, post)
		tie := claim(graph.Holds, "p-adan", post.ID, "")
		tie.ID, tie.Confidence, tie.Weight = graph.ID(fmt.Sprintf("figure-%02d", i)), graph.Stated(f), graph.KnownShare(figures[len(figures)-1-i])
		batch.Ties = append(batch.Ties, tie)
	}
	mustApply(t, c.Store, batch)
	mustApply(t, m, batch)
	v, ref := mustView(t, c.Store, graph.Red), mustView(t, m, graph.Red)
	for i, f := range figures {
		id := graph.ID(fmt.Sprintf("figure-%02d", i))
		tie := must[map[graph.ID]graph.Tie](t)(v.TiesByID(t.Context(), []graph.ID{id}))[id]
		if tie.Confidence.Value != f || tie.Weight != graph.KnownShare(figures[len(figures)-1-i]) {
			t.Errorf("%v came back as confidence %v and weight %+v", f, tie.Confidence.Value, tie.Weight)
		}
		for _, op := range []graph.Op{graph.Eq, graph.Lt, graph.Gte} {
			for _, field := range []string{"confidence", "weight"} {
				where := graph.TieWhere{Cond: graph.Cond{Op: op, Field: field, Values: []string{strconv.FormatFloat(f, 'g', -1, 64)}}}
				compareTies(t, v, ref, graph.TieQuery{Types: []graph.TieType{graph.Holds}, Where: where})
			}
			q := graph.NodeQuery{Kinds: []graph.Kind{graph.Post}, Where: graph.Cond{Op: op, Field: "weight", Values: []string{strconv.FormatFloat(f, 'g', -1, 64)}}}
			got, want := must[[]graph.Node](t)(collect(v.Nodes(t.Context(), q))), must[[]graph.Node](t)(collect(ref.Nodes(t.Context(), q)))
			if len(got) != len(want) {
				t.Errorf("posts by weight, operator %d of %v: %q, want %q", op, f, ids(got, nodeID), ids(want, nodeID))
			}
		}
		compareTies(t, v, ref, graph.TieQuery{Where: graph.TieWhere{MinConfidence: f}})
	}
}

// TestParallelTies: ties of several types, confidences and spans between the same two
// nodes are each there, whichever of them came first.
func (suite) TestParallelTies(t *testing.T, c *Case) {
	var ties []graph.Tie
	for i, typ := range []graph.TieType{graph.AlliedWith, graph.RivalOf, graph.SplitFrom, graph.AlliedWith} {
		tie := claim(typ, "g-reed", "g-salt", strconv.Itoa(2010+i))
		tie.ID, tie.Confidence = graph.ID(fmt.Sprint("parallel-", i)), graph.Stated(figures[2+i])
		ties = append(ties, tie)
	}
	for _, order := range [][]int{{0, 1, 2, 3}, {3, 2, 1, 0}} {
		for _, size := range []int{1, len(order)} {
			s, m := c.Fresh(t), NewModel()
			for _, store := range []graph.Store{s, m} {
				mustApply(t, store, Fixture())
			}
			for first := 0; first < len(order); first += size {
				b := graph.Batch{Load: graph.Load{ID: "load-parallel"}}
				for _, i := range order[first : first+size] {
					b.Ties = append(b.Ties, ties[i])
				}
				mustApply(t, s, b)
				mustApply(t, m, b)
			}
			v, ref := mustView(t, s, graph.Red), mustView(t, m, graph.Red)
			found := must[map[graph.ID]graph.Tie](t)(v.TiesByID(t.Context(), ids(ties, tieID)))
			for _, tie := range ties {
				if got := found[tie.ID]; got.Type != tie.Type || got.Confidence != tie.Confidence || got.Span != tie.Span {
					t.Errorf("in the order %v by %d: %+v came back as %+v", order, size, tie, got)
				}
			}
			for _, typ := range []graph.TieType{graph.AlliedWith, graph.RivalOf, graph.SplitFrom} {
				for _, least := range []float64{0, 0.15, 0.3, 0.34} {
					for _, limit := range []int{0, 1} {
						compareAdjacent(t, v, ref, graph.AdjacentQuery{Nodes: []graph.ID{"g-reed", "g-salt"}, Type: typ, Where: graph.TieWhere{MinConfidence: least}, Limit: limit})
					}
				}
			}
		}
	}
}

// TestLoadsOfTheHidden: a load that brought only what a view may not see is none of that
// view's, whether it brought a node, a tie between nodes in sight, or a tie of a hidden node.
func (suite) TestLoadsOfTheHidden(t *testing.T, c *Case) {
	fixture(t, c)
	secret := node(graph.Person, "p-secret", "Secret")
	secret.Marking = graph.Red
	hidden := claim(graph.AlliedWith, "g-reed", "g-salt", "2001")
	hidden.Marking = graph.Amber
	known := claim(graph.MemberOf, "p-secret", "g-reed", "2001")
	for _, b := range []graph.Batch{
		{Load: graph.Load{ID: "load-a-node"}, Nodes: []graph.Node{secret}},
		{Load: graph.Load{ID: "load-b-tie"}, Ties: []graph.Tie{hidden}},
		{Load: graph.Load{ID: "load-c-end"}, Ties: []graph.Tie{known}},
	} {
		mustApply(t, c.Store, b)
	}
	for clearance, want := range map[graph.Marking]string{
		graph.Clear: "", graph.Green: "", graph.Amber: "load-b-tie ", graph.AmberStrict: "load-b-tie ", graph.Red: "load-a-node load-b-tie load-c-end ",
	} {
		var got strings.Builder
		for _, l := range must[[]graph.Load](t)(mustView(t, c.Store, clearance).Loads(t.Context())) {
			if slices.Contains([]graph.ID{"load-a-node", "load-b-tie", "load-c-end"}, l.ID) {
				got.WriteString(string(l.ID) + " ")
			}
		}
		if got.String() != want {
			t.Errorf("%s sees the loads %q, want %q", clearance, &got, want)
		}
	}
}
