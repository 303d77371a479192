package queries_test

import (
	"fmt"
	"slices"
	"testing"

	"entangle/graph"
	"entangle/graph/projection"
	"entangle/queries"
	"entangle/queries/worlds"
)

func named(id string, k graph.Kind) graph.Node {
	return graph.Node{ID: graph.ID(id), Kind: k, Names: []graph.Name{{Text: id}}}
}

func claim(typ graph.TieType, from, to string, confidence float64) graph.Tie {
	return graph.Tie{ID: graph.ID(fmt.Sprint(typ, " ", from, " ", to)), Type: typ, From: graph.ID(from), To: graph.ID(to), Confidence: graph.Stated(confidence)}
}

// TestAlternativesAreWithinReach: of two claims of which at most one is true either may be:
// an institution that only one of them leads to is told of whichever world is drawn.
func TestAlternativesAreWithinReach(t *testing.T) {
	b := graph.Batch{Nodes: []graph.Node{
		named("g", graph.Group), named("h", graph.Group), named("k", graph.Group), named("p", graph.Person), named("o", graph.Post), named("i", graph.Institution),
	}}
	b.Ties = []graph.Tie{claim(graph.Holds, "p", "o", 1), claim(graph.PostIn, "o", "i", 1)}
	for _, group := range []string{"g", "h", "k"} {
		member := claim(graph.MemberOf, "p", group, 0.3)
		member.ConflictSet = "whose"
		b.Ties = append(b.Ties, member)
	}
	s, err := projection.FromBatch(b, projection.Options{AsOf: graph.DayOf(2020, 1, 1)})
	if err != nil {
		t.Fatal(err)
	}
	for _, target := range []graph.ID{"g", "h", "k"} {
		for seed := range uint64(8) {
			r, err := queries.Purge(t.Context(), s, queries.PurgeInput{
				Targets: []graph.ID{target}, Params: worlds.DefaultParams(), Draw: worlds.Draw{Method: worlds.Sampled, Samples: 1, Seed: seed},
			})
			if err != nil {
				t.Fatal(err)
			}
			if !slices.ContainsFunc(r.Institutions, func(o queries.Outcome) bool { return o.ID == "i" }) {
				t.Errorf("purge of %s, seed %d: i is not told of", target, seed)
			}
		}
	}
}

// TestLinesInACircle: posts that report to one another, and to themselves by way of others,
// have an end of their line in no world; every question that follows the line comes to one.
func TestLinesInACircle(t *testing.T) {
	b := graph.Batch{Nodes: []graph.Node{named("g", graph.Group), named("h", graph.Group), named("i", graph.Institution), named("j", graph.Institution)}}
	for n := range 4 {
		post, holder := fmt.Sprint("o", n), fmt.Sprint("p", n)
		b.Nodes = append(b.Nodes, named(post, graph.Post), named(holder, graph.Person))
		b.Ties = append(b.Ties, claim(graph.Holds, holder, post, 1), claim(graph.PostIn, post, []string{"i", "j"}[n/2], 1),
			claim(graph.MemberOf, holder, []string{"g", "h"}[n%2], 0.5), claim(graph.ReportsTo, post, fmt.Sprint("o", (n+1)%4), 0.9))
	}
	b.Ties = append(b.Ties, claim(graph.ReportsTo, "o0", "o2", 0.5), claim(graph.ReportsTo, "o2", "o0", 0.5))
	s, err := projection.FromBatch(b, projection.Options{AsOf: graph.DayOf(2020, 1, 1)})
	if err != nil {
		t.Fatal(err)
	}
	in := queries.DefaultFrontier()
	in.Groups, in.Method, in.Samples = []graph.ID{"g", "h"}, worlds.Sampled, 64
	r, err := queries.Frontier(t.Context(), s, in)
	if err != nil || len(r.Groups) != 2 {
		t.Fatalf("%+v, %v", r, err)
	}
	// What the table of a frontier says of both groups is what a purge of both does.
	tabled, _, err := queries.FrontierTable(t.Context(), s, in, 0)
	if err != nil {
		t.Fatal(err)
	}
	for _, set := range tabled {
		if len(set.Groups) != 2 {
			continue
		}
		purge, err := queries.Purge(t.Context(), s, queries.PurgeInput{Targets: set.Groups, Params: in.Params, Draw: worlds.Draw{Method: worlds.Exact}})
		if err != nil {
			t.Fatal(err)
		}
		if purge.Fractured.Mean <= 0 || set.Expected <= 0 {
			t.Errorf("both groups: %g institutions by the table, %g by a purge", set.Expected, purge.Fractured.Mean)
		}
	}
}

// TestClaimsOfWeightZero: a hold of nothing takes nothing, beside holds that take something.
func TestClaimsOfWeightZero(t *testing.T) {
	for form, typ := range map[string]graph.TieType{"staffing": graph.Controls, "de_facto": graph.Controls, "command": graph.Controls, "portfolio": graph.Controls, "": graph.Controls, "influence": graph.Influences} {
		b := graph.Batch{Nodes: []graph.Node{
			named("g", graph.Group), named("h", graph.Group), named("p", graph.Person), named("q", graph.Person), named("o", graph.Post), named("i", graph.Institution),
		}}
		b.Nodes[5].Props = graph.Props{"authorisedPosts": {"3"}}
		nothing, some := claim(graph.Controls, "g", "i", 1), claim(graph.Controls, "h", "i", 1)
		some.Weight = graph.KnownShare(0.5)
		if typ == graph.Influences {
			nothing = claim(graph.Influences, "g", "i", 1)
		} else {
			nothing.Props = nothing.Props.Set("form", form)
			some.Props = some.Props.Set("form", form)
		}
		nothing.Weight = graph.KnownShare(0)
		b.Ties = []graph.Tie{claim(graph.Holds, "p", "o", 1), claim(graph.PostIn, "o", "i", 1), claim(graph.MemberOf, "q", "g", 1), nothing, some}
		s, err := projection.FromBatch(b, projection.Options{AsOf: graph.DayOf(2020, 1, 1)})
		if err != nil {
			t.Fatal(err)
		}
		for _, method := range []worlds.Method{worlds.Exact, worlds.Sampled} {
			r, err := queries.Purge(t.Context(), s, queries.PurgeInput{Targets: []graph.ID{"g"}, Params: worlds.DefaultParams(), Draw: worlds.Draw{Method: method, Samples: 32, Seed: 1}})
			if err != nil {
				t.Fatal(err)
			}
			if r.Touched != 0 {
				t.Errorf("%q of weight 0, %s: %d institutions are touched", form, method, r.Touched)
			}
		}
	}
}

// TestBrokersAreBounded: of the nodes that a broker cuts off, and of the ties that it rests
// on, as many are listed as were asked for, and all are counted.
func TestBrokersAreBounded(t *testing.T) {
	s := snapshotOf(t, bowTie)
	for most, want := range []string{"", "c", "c d", "c d"} {
		r, err := queries.Brokers(t.Context(), s, queries.BrokersInput{First: 1, Evidence: most})
		if err != nil {
			t.Fatal(err)
		}
		if len(r.Points) != 1 || r.PointCount != 2 {
			t.Fatalf("%d points of %d", len(r.Points), r.PointCount)
		}
		if hub := r.Points[0]; names(hub.Gone) != want || hub.CutOff != 2 || len(hub.Ties) != min(most, 2) {
			t.Errorf("evidence of %d: %s of %d, %d ties", most, names(hub.Gone), hub.CutOff, len(hub.Ties))
		}
	}
}
