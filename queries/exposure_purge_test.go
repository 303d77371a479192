package queries_test

import (
	"fmt"
	"math"
	"testing"

	"pgregory.net/rapid"

	"entangle/graph"
	"entangle/graph/projection"
	"entangle/queries"
)

// Where it is certain what an institution has, the share that a group holds is
// what a purge of that group alone takes on average when nobody responds: the
// two are worked out in different ways and must agree.
func TestExposureIsWhatAPurgeTakes(t *testing.T) {
	rapid.Check(t, func(rt *rapid.T) {
		b := heldBody(rt)
		s, err := projection.FromBatch(b, projection.Options{AsOf: graph.DayOf(2020, 8, 24)})
		if err != nil {
			rt.Fatal(err)
		}
		p := queries.DefaultParams()
		p.Rally, p.Defection, p.Contagion, p.SubGroups, p.Wings, p.MaxWaves = false, false, false, false, false, 0
		exposures, err := queries.ExposureOf(t.Context(), s, queries.ExposureInput{Nodes: []graph.ID{"body", "g"}, Params: p})
		if err != nil {
			rt.Fatal(err)
		}
		want := map[queries.Support]float64{}
		for _, e := range exposures.Pairs {
			for _, x := range e.Shares {
				want[x.Support] = x.Share
			}
		}
		r, err := queries.Purge(t.Context(), s, queries.PurgeInput{Targets: []graph.ID{"g"}, Params: p, Draw: queries.Draw{Method: queries.Exact}})
		if err != nil {
			rt.Fatal(err)
		}
		for _, o := range r.Institutions {
			if o.ID != "body" {
				continue
			}
			for _, x := range o.Supports {
				if x.Support != queries.Command && math.Abs(1-x.Mean-want[x.Support]) > 1e-5 {
					rt.Errorf("%s: exposed %g, a purge takes %g", x.Support, want[x.Support], 1-x.Mean)
				}
				delete(want, x.Support)
			}
		}
		delete(want, queries.Command)
		if len(want) > 0 {
			rt.Errorf("exposed %v, untouched by the purge", want)
		}
	})
}

// heldBody draws an institution with certain posts, units and streams, and
// uncertain claims of a group on them, some of them made twice, some contradicting.
func heldBody(rt *rapid.T) graph.Batch {
	named := func(id string, k graph.Kind) graph.Node {
		return graph.Node{ID: graph.ID(id), Kind: k, Names: []graph.Name{{Text: id}}}
	}
	b := graph.Batch{Nodes: []graph.Node{named("g", graph.Group), named("body", graph.Institution)}}
	claims := 0
	// Those that name a set may contradict each other, whatever they speak of.
	claim := func(typ graph.TieType, from, to string, weighty bool, sets ...string) {
		for range rapid.IntRange(0, 2).Draw(rt, "claims") {
			tie := graph.Tie{Type: typ, From: graph.ID(from), To: graph.ID(to), Confidence: graph.Stated(rapid.SampledFrom([]float64{0.25, 0.5, 1}).Draw(rt, "confidence"))}
			if weighty {
				tie.Weight = graph.KnownShare(rapid.SampledFrom([]float64{0.2, 0.5, 1}).Draw(rt, "share"))
				if typ == graph.Controls && to == "body" {
					tie.Props = graph.Props{"form": {"staffing"}}
				}
			}
			tie.ConflictSet = rapid.SampledFrom(append(sets, "")).Draw(rt, "set")
			claims++
			tie.ID = graph.ID(fmt.Sprintf("claim-%d", claims))
			b.Ties = append(b.Ties, tie)
		}
	}
	certain := func(typ graph.TieType, from, to string, props graph.Props) {
		b.Ties = append(b.Ties, graph.Tie{Type: typ, From: graph.ID(from), To: graph.ID(to), Confidence: graph.Stated(1), Props: props})
	}
	for i := range rapid.IntRange(1, 3).Draw(rt, "posts") {
		post, person := fmt.Sprintf("post%d", i), fmt.Sprintf("person%d", i)
		b.Nodes = append(b.Nodes, named(post, graph.Post), named(person, graph.Person))
		certain(graph.Holds, person, post, nil)
		certain(graph.PostIn, post, "body", nil)
		claim(graph.MemberOf, person, "g", false, "whose", "who", "either")
	}
	for i := range rapid.IntRange(0, 2).Draw(rt, "units") {
		unit := fmt.Sprintf("unit%d", i)
		b.Nodes = append(b.Nodes, named(unit, graph.Institution))
		certain(graph.PartOf, unit, "body", graph.Props{"class": {"command"}})
		claim(graph.Controls, "g", unit, true, "unit")
	}
	for i := range rapid.IntRange(0, 2).Draw(rt, "streams") {
		stream := fmt.Sprintf("stream%d", i)
		b.Nodes = append(b.Nodes, named(stream, graph.RevenueStream))
		certain(graph.Funds, stream, "body", nil)
		claim(graph.Controls, "g", stream, true, "unit", "stream")
	}
	// Either a member of the group holds the post or the group runs the body, but not both.
	claim(graph.Controls, "g", "body", true, "body", "way", "either")
	claim(graph.Influences, "g", "body", true, "body", "way", "either")
	claim(graph.LoyalTo, "body", "g", true, "body", "way", "either")
	// What another says of the body makes the records speak for less of it.
	b.Nodes = append(b.Nodes, named("other", graph.Group))
	claim(graph.Controls, "other", "body", true, "body", "who", "either")
	return b
}
