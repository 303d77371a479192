package storetest

import (
	"fmt"
	"slices"
	"testing"

	"github.com/google/go-cmp/cmp"
	"pgregory.net/rapid"

	"entangle/graph"
)

// condValues are operands for each property type and each plain field.
func condValues(field string, spec graph.PropSpec) []string {
	switch field {
	case "id":
		return []string{"p-adan", "p-", "P-ADAN", "n"}
	case "name":
		return []string{"Adan al-Kesh", "adan al-kesh", "Office", "of", "T", "", "%", "_", "وزارة المد"}
	case "types":
		return []string{"armed_group", "party", "a", "none"}
	case "aliases":
		return []string{"shared:1", "registry:", "1"}
	case "source":
		return []string{"s-open", "s-hush", "s-none", "s-"}
	case "grade":
		return []string{"B2", "B", "2"}
	}
	if len(spec.Enum) > 0 {
		return append(slices.Clip(spec.Enum), "a")
	}
	switch spec.Type {
	case graph.IntProp, graph.FloatProp:
		return []string{"0", "0.4", "1", "90", "300", "1e3", "-0.5", "-1e-07", "1000000"}
	case graph.BoolProp:
		return []string{"true", "false", "1"}
	case graph.DateProp:
		return []string{"1961", "1961-03", "1961-03-09", "196X", "1970?", "2008-10", "2016", "..", "", "19XX", "1980-01-01T10:00:00"}
	case graph.StringProp:
	}
	return []string{"ZZ", "zz", "Z", "", "founder", "cousin", "Chief"}
}

// TestCondNodes holds every operator on every field of a node against
// Cond.MatchNode, over the drawn graph.
func (suite) TestCondNodes(t *testing.T, c *Case) {
	m := fixture(t, c)
	v, ref := mustView(t, c.Store, graph.Amber), mustView(t, m, graph.Amber)
	fields := []graph.PropSpec{{Name: "id"}, {Name: "name"}, {Name: "types", List: true}, {Name: "aliases", List: true}, {Name: "marking", Enum: graph.Markings()}}
	for _, spec := range append(fields, graph.PropsOf(nil)...) {
		for _, op := range leafOps {
			conds := leaves(op, spec)
			for _, cond := range append(conds, graph.Cond{Op: graph.Not, Conds: conds[:1]}) {
				compareNodeLists(t, v, ref, graph.NodeQuery{Where: cond})
			}
		}
	}
}

// TestCondTies does the same for a tie's fields and Cond.MatchTie.
func (suite) TestCondTies(t *testing.T, c *Case) {
	m := fixture(t, c)
	v, ref := mustView(t, c.Store, graph.Green), mustView(t, m, graph.Green)
	fields := []graph.PropSpec{
		{Name: "id"},
		{Name: "confidence", Type: graph.FloatProp},
		{Name: "weight", Type: graph.FloatProp},
		{Name: "status", Enum: graph.Statuses()},
		{Name: "grade"},
		{Name: "derived", Type: graph.BoolProp},
		{Name: "source", List: true},
	}
	check := func(types []graph.TieType, spec graph.PropSpec) {
		for _, op := range leafOps {
			conds := leaves(op, spec)
			for _, cond := range append(conds, graph.Cond{Op: graph.Not, Conds: conds[:1]}) {
				where := all
				where.Cond = cond
				compareTies(t, v, ref, graph.TieQuery{Types: types, Where: where})
			}
		}
	}
	for _, spec := range fields {
		check(nil, spec)
	}
	for _, row := range graph.TieTypes() { // form is a list for some types, one value for others
		for _, spec := range row.Props {
			check([]graph.TieType{row.Type}, spec)
		}
	}
	for _, spec := range graph.TiePropsOf(nil) {
		check(nil, spec)
	}
}

// leaves are the conditions of an operator on a field, those that are refused
// included.
func leaves(op graph.Op, spec graph.PropSpec) []graph.Cond {
	values := condValues(spec.Name, spec)
	if op == graph.IsNull {
		values = []string{"true", "false"}
	}
	if op == graph.Matches {
		values = []string{"adan kesh", "kesh", "k", "office of", "وزاره", "مد", "", "toval", "-"}
	}
	if op == graph.In {
		return []graph.Cond{{Op: op, Field: spec.Name}, {Op: op, Field: spec.Name, Values: values}, {Op: op, Field: spec.Name, Values: values[:1]}}
	}
	var out []graph.Cond
	for _, v := range values {
		out = append(out, graph.Cond{Op: op, Field: spec.Name, Values: []string{v}})
	}
	return out
}

type failer interface {
	Helper()
	Fatalf(format string, args ...any)
}

func compareNodeLists(t failer, v, ref graph.Reader, q graph.NodeQuery) {
	t.Helper()
	want, wantErr := collect(ref.Nodes(contextOf(t), q))
	got, err := collect(v.Nodes(contextOf(t), q))
	if !sameError(err, wantErr) {
		t.Fatalf("nodes %s: error %v, want %v", show(q), err, wantErr)
	}
	if diff := difference(want, got); diff != "" {
		t.Fatalf("nodes %s (-want +got):\n%s", show(q), diff)
	}
}

func compareNodes(t failer, v, ref graph.Reader, q graph.NodeQuery) {
	t.Helper()
	compareNodeLists(t, v, ref, q)
	ctx := contextOf(t)
	wantCount, wantErr := ref.CountNodes(ctx, q)
	if n, err := v.CountNodes(ctx, q); n != wantCount || !sameError(err, wantErr) {
		t.Fatalf("count of nodes %s: %d, %v; want %d", show(q), n, err, wantCount)
	}
}

func compareTies(t failer, v, ref graph.Reader, q graph.TieQuery) {
	t.Helper()
	ctx := contextOf(t)
	want, wantErr := collect(ref.Ties(ctx, q))
	got, err := collect(v.Ties(ctx, q))
	if !sameError(err, wantErr) {
		t.Fatalf("ties %s: error %v, want %v", show(q), err, wantErr)
	}
	if diff := difference(want, got); diff != "" {
		t.Fatalf("ties %s (-want +got):\n%s", show(q), diff)
	}
	wantCount, wantErr := ref.CountTies(ctx, q)
	if n, err := v.CountTies(ctx, q); n != wantCount || !sameError(err, wantErr) {
		t.Fatalf("count of ties %s: %d, %v; want %d", show(q), n, err, wantCount)
	}
}

func compareAdjacent(t failer, v, ref graph.Reader, q graph.AdjacentQuery) {
	t.Helper()
	ctx := contextOf(t)
	want, wantErr := ref.Adjacent(ctx, q)
	got, err := v.Adjacent(ctx, q)
	if !sameError(err, wantErr) {
		t.Fatalf("adjacent %s: error %v, want %v", show(q), err, wantErr)
	}
	if diff := difference(want, got); diff != "" {
		t.Fatalf("adjacent %s (-want +got):\n%s", show(q), diff)
	}
	wantCounts, _ := ref.CountAdjacent(ctx, q)
	if counts, err := v.CountAdjacent(ctx, q); !sameError(err, wantErr) || cmp.Diff(wantCounts, counts, same) != "" {
		t.Fatalf("count of adjacent %s: %v, %v; want %v", show(q), counts, err, wantCounts)
	}
}

// TestCondHops follows ties three steps deep.
func (suite) TestCondHops(t *testing.T, c *Case) {
	m := fixture(t, c)
	for _, clearance := range []graph.Marking{graph.Clear, graph.AmberStrict, graph.Red} {
		v, ref := mustView(t, c.Store, clearance), mustView(t, m, clearance)
		hop := func(op graph.Op, typ graph.TieType, dir graph.Dir, far graph.Cond) graph.Cond {
			return graph.Cond{Op: op, Hop: &graph.Hop{Type: typ, Dir: dir, Far: far}}
		}
		tides := graph.Cond{Op: graph.Matches, Field: "name", Values: []string{"tides"}}
		for _, op := range []graph.Op{graph.Some, graph.None} {
			for _, op2 := range []graph.Op{graph.Some, graph.None} {
				// People who hold a post that answers to a post in an institution of that name.
				third := hop(graph.Some, graph.PostIn, graph.Out, tides)
				compareNodes(t, v, ref, graph.NodeQuery{Where: hop(op, graph.Holds, graph.Out, hop(op2, graph.ReportsTo, graph.Out, third))})
				compareNodes(t, v, ref, graph.NodeQuery{Where: hop(op, graph.MemberOf, graph.Back, hop(op2, graph.KinOf, graph.Back, graph.Cond{}))})
			}
			for _, row := range graph.TieTypes() {
				for _, dir := range []graph.Dir{graph.Out, graph.Back} {
					q := graph.NodeQuery{Where: hop(op, row.Type, dir, graph.Cond{})}
					q.Where.Hop.Tie.AsOf = &graph.AsOf{Day: graph.DayOf(2010, 7, 1)}
					compareNodes(t, v, ref, q)
				}
			}
		}
	}
}

// TestCondNotNot: NOT around a step around NOT around a step, with dates in each.
func (suite) TestCondNotNot(t *testing.T, c *Case) {
	m := fixture(t, c)
	v, ref := mustView(t, c.Store, graph.Red), mustView(t, m, graph.Red)
	not := func(cond graph.Cond) graph.Cond { return graph.Cond{Op: graph.Not, Conds: []graph.Cond{cond}} }
	for _, mode := range []graph.GapMode{graph.Contiguous, graph.Strict, graph.Extend} {
		at := graph.TieWhere{AsOf: &graph.AsOf{Day: graph.DayOf(2010, 7, 1), Gap: graph.GapPolicy{Mode: mode, Days: 30}}}
		some := func(typ graph.TieType, dir graph.Dir, far graph.Cond) graph.Cond {
			return graph.Cond{Op: graph.Some, Hop: &graph.Hop{Type: typ, Dir: dir, Tie: at, Far: far}}
		}
		post := some(graph.PostIn, graph.Out, graph.Cond{})
		for _, where := range []graph.Cond{
			not(some(graph.Holds, graph.Out, not(some(graph.ReportsTo, graph.Out, post)))),
			not(some(graph.Holds, graph.Out, not(some(graph.ReportsTo, graph.Out, not(post))))),
			not(some(graph.MemberOf, graph.Out, graph.Cond{Op: graph.And, Conds: []graph.Cond{
				not(graph.Cond{Op: graph.Or, Conds: []graph.Cond{post, some(graph.PresentIn, graph.Out, graph.Cond{})}}),
				not(some(graph.AlliedWith, graph.Out, not(some(graph.MemberOf, graph.Back, graph.Cond{})))),
			}})),
		} {
			compareNodes(t, v, ref, graph.NodeQuery{Where: where})
			compareNodes(t, v, ref, graph.NodeQuery{Where: not(where)})
		}
	}
}

// TestCondRandom compares random questions over random data: the store's answer
// is what a filter in Go gives.
func (suite) TestCondRandom(t *testing.T, c *Case) {
	for seed := range 4 {
		b := rapid.Custom(wholeBatch).Example(seed)
		s := c.Fresh(t)
		mustApply(t, s, b)
		m := modelOf(t, b)
		clearance := []graph.Marking{graph.Red, graph.Clear, graph.Amber, graph.AmberStrict}[seed]
		v, ref := mustView(t, s, clearance), mustView(t, m, clearance)
		t.Run(fmt.Sprintf("nodes%d", seed), func(t *testing.T) {
			rapid.Check(t, func(rt *rapid.T) { compareNodes(rt, v, ref, randomNodeQuery(rt)) })
		})
		t.Run(fmt.Sprintf("ties%d", seed), func(t *testing.T) {
			rapid.Check(t, func(rt *rapid.T) { compareTies(rt, v, ref, randomTieQuery(rt)) })
		})
		t.Run(fmt.Sprintf("adjacent%d", seed), func(t *testing.T) {
			rapid.Check(t, func(rt *rapid.T) { compareAdjacent(rt, v, ref, randomAdjacent(rt)) })
		})
	}
}
