package storetest

import (
	"context"
	"errors"
	"fmt"
	"slices"
	"strconv"
	"testing"

	"github.com/google/go-cmp/cmp"

	"entangle/graph"
)

// TestReadEmpty: an empty store answers everything with nothing.
func (suite) TestReadEmpty(t *testing.T, c *Case) {
	m := NewModel()
	compareAnswers(t, interview(t.Context(), mustView(t, c.Store, graph.Red), m), interview(t.Context(), mustView(t, m, graph.Red), m))
}

// TestReadByID: what does not exist is left out, an id asked twice comes once.
func (suite) TestReadByID(t *testing.T, c *Case) {
	fixture(t, c)
	v := mustView(t, c.Store, graph.Red)
	nodes := must[map[graph.ID]graph.Node](t)(v.NodesByID(t.Context(), []graph.ID{"p-adan", "x", "p-adan", "", "g-reed", "P-ADAN", "p-adan "}))
	if len(nodes) != 2 || nodes["p-adan"].Name() != "Adan al-Kesh" || nodes["g-reed"].Kind != graph.Group {
		t.Errorf("nodes by id: %+v", nodes)
	}
	first := Fixture().Ties[0].Normal()
	ties := must[map[graph.ID]graph.Tie](t)(v.TiesByID(t.Context(), []graph.ID{"x", first.ID, first.ID}))
	first.Load = Fixture().Load.ID
	if diff := cmp.Diff(map[graph.ID]graph.Tie{first.ID: first}, ties, same); diff != "" {
		t.Errorf("ties by id (-want +got):\n%s", diff)
	}
	none := must[map[graph.ID]graph.Node](t)(v.NodesByID(t.Context(), nil))
	if len(none) != 0 {
		t.Errorf("no ids gave %v", none)
	}
}

// TestReadOwned: what a reader returns belongs to the caller.
func (suite) TestReadOwned(t *testing.T, c *Case) {
	fixture(t, c)
	v := mustView(t, c.Store, graph.Red)
	read := func() graph.Node {
		return must[map[graph.ID]graph.Node](t)(v.NodesByID(t.Context(), []graph.ID{"i-harbour"}))["i-harbour"]
	}
	n := read()
	n.Names[0].Text, n.Types[0], n.Aliases[0], n.Citations[0].Page = "x", "x", "x", "x"
	n.Props["country"][0] = "x"
	n.Props["summary"] = []string{"x"}
	if again := read(); again.Name() == "x" || again.Types[0] == "x" || again.Aliases[0] == "x" || again.Citations[0].Page == "x" || again.Props.Text("country") == "x" || len(again.Props["summary"]) > 0 {
		t.Errorf("a caller's change reached the store: %+v", again)
	}
}

// TestReadResolve: ids and aliases lead to nodes, a shared alias to the
// smallest id, an id goes before an alias.
func (suite) TestReadResolve(t *testing.T, c *Case) {
	fixture(t, c)
	mustApply(t, c.Store, graph.Batch{Nodes: []graph.Node{node(graph.Person, "a-first", "First", alias("p-boro", "i-none"))}})
	v := mustView(t, c.Store, graph.Red)
	got := must[map[string]graph.ID](t)(v.Resolve(t.Context(), []string{"p-adan", "registry:17", "old:9", "shared:1", "p-boro", "i-none", "nowhere", "", "SHARED:1", "'"}))
	want := map[string]graph.ID{"p-adan": "p-adan", "registry:17": "i-tides", "old:9": "i-harbour", "shared:1": "p-adan", "p-boro": "p-boro", "i-none": "a-first"}
	if diff := cmp.Diff(want, got); diff != "" {
		t.Errorf("resolve (-want +got):\n%s", diff)
	}
}

// TestPageNodes: pages of every size, in both orders and directions, hold every
// node once and in order.
func (suite) TestPageNodes(t *testing.T, c *Case) {
	m := fixture(t, c)
	// Equal folded keys must fall back on the id.
	same := graph.Batch{Nodes: []graph.Node{
		node(graph.Person, "z-1", "MIRA  TOVAL"), node(graph.Person, "a-9", "mira toval"), node(graph.Person, "B-1", "Míra Továl"), node(graph.Person, "é-1", "???"),
	}}
	mustApply(t, c.Store, same)
	mustApply(t, m, same)
	v, ref := mustView(t, c.Store, graph.Green), mustView(t, m, graph.Green)
	for _, base := range []graph.NodeQuery{
		{},
		{Kinds: []graph.Kind{graph.Person}},
		{Kinds: []graph.Kind{graph.Person, graph.Group}},
		{Where: graph.Cond{Op: graph.Not, Conds: []graph.Cond{{Op: graph.IsNull, Field: "country", Values: []string{"true"}}}}},
	} {
		for _, order := range []graph.NodeOrder{graph.OrderID, graph.OrderName} {
			for _, desc := range []bool{false, true} {
				q := base
				q.Order, q.Desc = order, desc
				want := ids(must[[]graph.Node](t)(collect(ref.Nodes(t.Context(), q))), nodeID)
				for size := 1; size <= len(want)+1; size++ {
					if got := nodePages(t, v, q, size); !slices.Equal(got, want) {
						t.Fatalf("%+v in pages of %d:\n got %q\nwant %q", q, size, got, want)
					}
				}
			}
		}
	}
}

func nodePages(t *testing.T, v graph.Reader, q graph.NodeQuery, size int) []graph.ID {
	t.Helper()
	q.Limit = size
	var all []graph.ID
	for range 1000 {
		page := must[[]graph.Node](t)(collect(v.Nodes(t.Context(), q)))
		if len(page) > size {
			t.Fatalf("a page of %d has %d nodes", size, len(page))
		}
		if len(page) == 0 {
			return all
		}
		all = append(all, ids(page, nodeID)...)
		cursor := nodeCursor(page[len(page)-1])
		q.After = &cursor
	}
	t.Fatal("the pages do not end")
	return nil
}

// TestPageTies: ties come in the order of their ids, in pages of every size.
func (suite) TestPageTies(t *testing.T, c *Case) {
	m := fixture(t, c)
	v, ref := mustView(t, c.Store, graph.Amber), mustView(t, m, graph.Amber)
	for _, base := range []graph.TieQuery{{}, {Where: all}, {Types: []graph.TieType{graph.Holds}}, {Types: []graph.TieType{graph.MemberOf, graph.Holds}, Where: graph.TieWhere{MinConfidence: 0.5}}} {
		want := ids(must[[]graph.Tie](t)(collect(ref.Ties(t.Context(), base))), tieID)
		if !slices.IsSorted(want) || len(want) == 0 {
			t.Fatalf("reference gives %q", want)
		}
		for size := 1; size <= len(want)+1; size++ {
			q := base
			q.Limit = size
			var got []graph.ID
			for range 1000 {
				page := ids(must[[]graph.Tie](t)(collect(v.Ties(t.Context(), q))), tieID)
				if len(page) == 0 {
					break
				}
				got = append(got, page...)
				q.After = page[len(page)-1]
			}
			if !slices.Equal(got, want) {
				t.Fatalf("%+v in pages of %d:\n got %q\nwant %q", base, size, got, want)
			}
		}
	}
}

// TestReadRefused: a question that cannot be put is ErrQuery on every path, not
// an empty answer.
func (suite) TestReadRefused(t *testing.T, c *Case) {
	fixture(t, c)
	v := mustView(t, c.Store, graph.Red)
	ctx := t.Context()
	leaf := func(op graph.Op, field string, values ...string) graph.Cond {
		return graph.Cond{Op: op, Field: field, Values: values}
	}
	deep := graph.Cond{}
	for range graph.MaxHops + 1 {
		deep = graph.Cond{Op: graph.Some, Hop: &graph.Hop{Type: graph.PartOf, Far: deep}}
	}
	conds := map[string]graph.Cond{
		"unknown field": leaf(graph.Eq, "colour", "red"), "hostile field": leaf(graph.Eq, "id') OR 1=1 --", "x"), "no value": leaf(graph.Eq, "name"),
		"two values": leaf(graph.Lt, "strength", "1", "2"), "not a number": leaf(graph.Lt, "strength", "many"), "not a date": leaf(graph.Gt, "born", "once"),
		"order of text": leaf(graph.Lt, "name", "a"), "not a set": leaf(graph.Includes, "name", "a"), "null": leaf(graph.IsNull, "name", "maybe"),
		"nested": nots(graph.MaxDepth), "too deep": deep, "hop without type": {Op: graph.Some}, "empty not": {Op: graph.Not}, "field of a tie": leaf(graph.Eq, "confidence", "1"),
	}
	for name, cond := range conds {
		_, err := collect(v.Nodes(ctx, graph.NodeQuery{Where: cond}))
		wantQueryError(t, name+": nodes", err)
		_, err = v.CountNodes(ctx, graph.NodeQuery{Where: cond})
		wantQueryError(t, name+": count", err)
		_, err = v.Adjacent(ctx, graph.AdjacentQuery{Nodes: []graph.ID{"p-adan"}, Type: graph.Holds, Far: cond})
		wantQueryError(t, name+": adjacent", err)
		_, err = v.CountAdjacent(ctx, graph.AdjacentQuery{Type: graph.Holds, Far: cond})
		wantQueryError(t, name+": count of adjacent", err)
	}
	where := graph.TieWhere{Cond: leaf(graph.Eq, "seats", "1")}
	_, err := collect(v.Ties(ctx, graph.TieQuery{Types: []graph.TieType{graph.Holds}, Where: where}))
	wantQueryError(t, "property of another type", err)
	_, err = v.Adjacent(ctx, graph.AdjacentQuery{Nodes: []graph.ID{"p-adan"}, Type: 99})
	wantQueryError(t, "unknown tie type", err)
	_, err = v.CountAdjacent(ctx, graph.AdjacentQuery{Nodes: []graph.ID{"p-adan"}})
	wantQueryError(t, "no tie type", err)
	_, err = collect(v.Nodes(ctx, graph.NodeQuery{Kinds: []graph.Kind{99}}))
	wantQueryError(t, "unknown kind", err)
	_, err = v.Search(ctx, graph.SearchQuery{Text: "a", Kinds: []graph.Kind{0}})
	wantQueryError(t, "no kind", err)
	_, err = collect(v.Nodes(ctx, graph.NodeQuery{Order: 2}))
	wantQueryError(t, "unknown order", err)
	_, err = collect(v.Nodes(ctx, graph.NodeQuery{Limit: -1}))
	wantQueryError(t, "negative limit of nodes", err)
	_, err = collect(v.Ties(ctx, graph.TieQuery{Limit: -1}))
	wantQueryError(t, "negative limit of ties", err)
	_, err = v.Adjacent(ctx, graph.AdjacentQuery{Nodes: []graph.ID{"p-adan"}, Type: graph.Holds, Limit: -1})
	wantQueryError(t, "negative limit of adjacent ties", err)
	_, err = v.Search(ctx, graph.SearchQuery{Text: "a", Limit: -1})
	wantQueryError(t, "negative limit of hits", err)
	if n, err := v.CountNodes(ctx, graph.NodeQuery{Where: nots(graph.MaxDepth - 1)}); n == 0 || err != nil {
		t.Errorf("a condition of the greatest depth: %d nodes, %v", n, err)
	}
}

// nots denies a comparison that fits nothing so many times.
func nots(n int) graph.Cond {
	c := graph.Cond{Op: graph.Eq, Field: "id", Values: []string{"nobody"}}
	for range n {
		c = graph.Cond{Op: graph.Not, Conds: []graph.Cond{c}}
	}
	return c
}

func wantQueryError(t *testing.T, name string, err error) {
	t.Helper()
	if !errors.Is(err, graph.ErrQuery) {
		t.Errorf("%s: error is %v, want ErrQuery", name, err)
	}
}

// TestStreamBreak: a stream may be left early, and another question may be put
// while it runs.
func (suite) TestStreamBreak(t *testing.T, c *Case) {
	fixture(t, c)
	for range 20 {
		v := must[graph.View](t)(c.Store.View(t.Context(), graph.Red))
		for _, err := range v.Ties(t.Context(), graph.TieQuery{}) {
			if err != nil {
				t.Fatal(err)
			}
			break
		}
		for n, err := range v.Nodes(t.Context(), graph.NodeQuery{}) {
			if err != nil {
				t.Fatal(err)
			}
			for inner, err := range v.Ties(t.Context(), graph.TieQuery{Types: []graph.TieType{graph.Holds}}) {
				if err != nil {
					t.Fatalf("inner stream: %v", err)
				}
				if _, err := v.NodesByID(t.Context(), []graph.ID{n.ID, inner.From}); err != nil {
					t.Fatalf("look-up within two streams: %v", err)
				}
				break
			}
		}
		if err := v.Close(); err != nil {
			t.Fatalf("close: %v", err)
		}
	}
	mustApply(t, c.Store, graph.Batch{Nodes: []graph.Node{node(graph.Group, "g-after", "After")}})
}

// TestStreamTwice: a stream may be ranged over again and gives the same.
func (suite) TestStreamTwice(t *testing.T, c *Case) {
	fixture(t, c)
	stream := mustView(t, c.Store, graph.Red).Nodes(t.Context(), graph.NodeQuery{Limit: 5})
	first, second := must[[]graph.Node](t)(collect(stream)), must[[]graph.Node](t)(collect(stream))
	if diff := cmp.Diff(first, second); diff != "" || len(first) != 5 {
		t.Errorf("%d nodes, then (-first +second):\n%s", len(first), diff)
	}
}

// TestBigBatch: a batch far larger than a page goes in whole and comes out in
// order.
func (suite) TestBigBatch(t *testing.T, c *Case) {
	const people, groups = 2000, 40
	b := graph.Batch{Load: graph.Load{ID: "big"}}
	for i := range groups {
		b.Nodes = append(b.Nodes, node(graph.Group, graph.ID(fmt.Sprintf("g%03d", i)), fmt.Sprintf("Group %d", i)))
	}
	for i := range people {
		id := graph.ID(fmt.Sprintf("p%05d", i))
		b.Nodes = append(b.Nodes, node(graph.Person, id, fmt.Sprintf("Person %d", i)))
		for k := range 10 {
			b.Ties = append(b.Ties, claim(graph.MemberOf, id, graph.ID(fmt.Sprintf("g%03d", (i+k)%groups)), strconv.Itoa(1990+(i+k)%30)))
		}
	}
	a := mustApply(t, c.Store, b)
	if a.TiesCreated != people*10 || a.NodesCreated != people+groups {
		t.Fatalf("applied %+v", a)
	}
	v := mustView(t, c.Store, graph.Clear)
	ties := must[[]graph.Tie](t)(collect(v.Ties(t.Context(), graph.TieQuery{})))
	if got := ids(ties, tieID); len(got) != people*10 || !slices.IsSorted(got) || len(slices.Compact(got)) != people*10 {
		t.Errorf("%d ties in the stream, want %d in order, none twice", len(got), people*10)
	}
	pages := must[map[graph.ID]graph.AdjacentPage](t)(v.Adjacent(t.Context(), graph.AdjacentQuery{Nodes: ids(b.Nodes[:groups], nodeID), Type: graph.MemberOf, Dir: graph.Back, Limit: 3}))
	counts := must[map[graph.ID]int](t)(v.CountAdjacent(t.Context(), graph.AdjacentQuery{Nodes: ids(b.Nodes[:groups], nodeID), Type: graph.MemberOf, Dir: graph.Back}))
	for _, n := range b.Nodes[:groups] {
		if p := pages[n.ID]; len(p.Ties) != 3 || !p.More || counts[n.ID] != people*10/groups {
			t.Errorf("%s: page %d, more %t, count %d", n.ID, len(p.Ties), p.More, counts[n.ID])
		}
	}
	if n := must[int](t)(v.CountNodes(context.WithoutCancel(t.Context()), graph.NodeQuery{Kinds: []graph.Kind{graph.Person}})); n != people {
		t.Errorf("%d people, want %d", n, people)
	}
	again := mustApply(t, c.Store, b)
	if again.Changed() || again.TiesSame != people*10 {
		t.Errorf("applied again: %+v", again)
	}
}
