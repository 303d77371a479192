package queries_test

import (
	"context"
	"math"
	"slices"
	"strconv"
	"testing"

	"github.com/google/go-cmp/cmp"
	"pgregory.net/rapid"

	"entangle/graph"
	"entangle/graph/projection"
	"entangle/queries"
	"entangle/queries/worlds"
)

// ownOf returns the ids of the institutions that a purge calls the targets' own, sorted: those
// that it lists, which are those that it marks.
func ownOf(t rapid.TB, b graph.Batch, p worlds.Params, targets ...graph.ID) (own []graph.ID) {
	t.Helper()
	for i := range b.Ties {
		b.Ties[i].ID = graph.ID("t" + strconv.Itoa(i)) // each a claim of its own
	}
	s, err := projection.FromBatch(b, projection.Options{AsOf: graph.DayOf(2020, 1, 1)})
	if err != nil {
		t.Fatal(err)
	}
	in := queries.PurgeInput{Targets: targets, Params: p, Draw: worlds.Draw{Samples: 16}}
	for _, n := range b.Nodes {
		if n.Kind == graph.Institution {
			in.Institutions = append(in.Institutions, n.ID)
		}
	}
	r, err := queries.Purge(context.Background(), s, in)
	if err != nil {
		t.Fatal(err)
	}
	for _, o := range r.Institutions {
		if o.Own {
			own = append(own, o.ID)
		}
	}
	slices.Sort(own)
	if diff := cmp.Diff(refIDs(r.OwnInstitutions), own); diff != "" {
		t.Fatalf("listed and marked differ:\n%s", diff)
	}
	return own
}

func ownNode(id graph.ID, kind graph.Kind) graph.Node {
	return graph.Node{ID: id, Kind: kind, Names: []graph.Name{{Text: string(id)}}}
}

// control is a claim that g CONTROLS a body.
func control(by, body graph.ID, confidence graph.Confidence, weight graph.Share, form string) graph.Tie {
	tie := graph.Tie{Type: graph.Controls, From: by, To: body, Confidence: confidence, Weight: weight}
	if form != "" {
		tie.Props = graph.Props{"form": {form}}
	}
	return tie
}

func partOf(piece, whole graph.ID, class string) graph.Tie {
	tie := graph.Tie{Type: graph.PartOf, From: piece, To: whole, Confidence: graph.Stated(0.3)}
	if class != "" {
		tie.Props = graph.Props{"class": {class}}
	}
	return tie
}

// TestOwn: each condition of ownership, at its bound.
func TestOwn(t *testing.T) {
	whole := graph.KnownShare(1)
	for name, tt := range map[string]struct {
		ties []graph.Tie
		want []graph.ID
	}{
		"held":                       {[]graph.Tie{control("g", "b", graph.Stated(0.5), graph.KnownShare(0.51), "command")}, []graph.ID{"b"}},
		"of no form":                 {[]graph.Tie{control("g", "b", graph.Stated(1), whole, "")}, []graph.ID{"b"}},
		"too doubtful":               {[]graph.Tie{control("g", "b", graph.Stated(0.49), whole, "command")}, nil},
		"of default confidence":      {[]graph.Tie{control("g", "b", graph.Confidence{Value: 0.5, Rule: graph.RuleDefault}, whole, "command")}, nil},
		"by half":                    {[]graph.Tie{control("g", "b", graph.Stated(1), graph.KnownShare(0.5), "command")}, nil},
		"of unstated weight":         {[]graph.Tie{control("g", "b", graph.Stated(1), graph.Share{}, "command")}, nil},
		"a portfolio":                {[]graph.Tie{control("g", "b", graph.Stated(1), whole, "portfolio")}, nil},
		"by another":                 {[]graph.Tie{control("other", "b", graph.Stated(1), whole, "command")}, nil},
		"its parts under command":    {[]graph.Tie{control("g", "b", graph.Stated(1), whole, "command"), partOf("c", "b", "command"), partOf("d", "c", "command")}, []graph.ID{"b", "c", "d"}},
		"not what it administers":    {[]graph.Tie{control("g", "b", graph.Stated(1), whole, "command"), partOf("c", "b", "administrative"), partOf("d", "b", "")}, []graph.ID{"b"}},
		"not what is above":          {[]graph.Tie{control("g", "c", graph.Stated(1), whole, "command"), partOf("c", "b", "command")}, []graph.ID{"c"}},
		"two weak claims do not add": {[]graph.Tie{control("g", "b", graph.Stated(0.4), whole, "command"), control("g", "b", graph.Stated(0.4), whole, "de_facto")}, nil},
		"a circle of command ends":   {[]graph.Tie{control("g", "b", graph.Stated(1), whole, "command"), partOf("c", "b", "command"), partOf("b", "c", "command")}, []graph.ID{"b", "c"}},
		"through its part":           {[]graph.Tie{control("other", "b", graph.Stated(1), whole, "command"), below(graph.PartOf, "other", "g", graph.Stated(0.5))}, []graph.ID{"b"}},
		"through its wing":           {[]graph.Tie{control("other", "b", graph.Stated(1), whole, "command"), below(graph.WingOf, "other", "g", graph.Stated(0.5))}, []graph.ID{"b"}},
		"through a wing of its part": {[]graph.Tie{control("third", "b", graph.Stated(1), whole, "command"), below(graph.WingOf, "third", "other", graph.Stated(1)), below(graph.PartOf, "other", "g", graph.Stated(1))}, []graph.ID{"b"}},
		"through a circle of parts":  {[]graph.Tie{control("other", "b", graph.Stated(1), whole, "command"), below(graph.PartOf, "other", "g", graph.Stated(1)), below(graph.PartOf, "g", "other", graph.Stated(1))}, []graph.ID{"b"}},
		"a part too doubtful":        {[]graph.Tie{control("other", "b", graph.Stated(1), whole, "command"), below(graph.PartOf, "other", "g", graph.Stated(0.49))}, nil},
		"a part by default":          {[]graph.Tie{control("other", "b", graph.Stated(1), whole, "command"), below(graph.PartOf, "other", "g", graph.Confidence{Value: 0.6, Rule: graph.RuleDefault})}, nil},
		"not through what it is in":  {[]graph.Tie{control("other", "b", graph.Stated(1), whole, "command"), below(graph.PartOf, "g", "other", graph.Stated(1))}, nil},
		"not through an ally":        {[]graph.Tie{control("other", "b", graph.Stated(1), whole, "command"), below(graph.AlliedWith, "other", "g", graph.Stated(1))}, nil},
	} {
		t.Run(name, func(t *testing.T) {
			b := graph.Batch{Ties: tt.ties, Nodes: []graph.Node{
				ownNode("g", graph.Group), ownNode("other", graph.Group), ownNode("third", graph.Group),
				ownNode("b", graph.Institution), ownNode("c", graph.Institution), ownNode("d", graph.Institution),
			}}
			if diff := cmp.Diff(tt.want, ownOf(t, b, worlds.DefaultParams(), "g")); diff != "" {
				t.Errorf("own (-want +got):\n%s", diff)
			}
		})
	}
}

// below is a claim that one group is part, wing or ally of another.
func below(typ graph.TieType, one, other graph.ID, confidence graph.Confidence) graph.Tie {
	return graph.Tie{Type: typ, From: one, To: other, Confidence: confidence}
}

// TestOwnByParameters: what a group holds through its parts and wings is its own where these
// are struck with it, and ownShare is the bound of what is stated.
func TestOwnByParameters(t *testing.T) {
	b := graph.Batch{
		Nodes: []graph.Node{
			ownNode("g", graph.Group), ownNode("part", graph.Group), ownNode("wing", graph.Group),
			ownNode("b", graph.Institution), ownNode("c", graph.Institution), ownNode("d", graph.Institution),
		},
		Ties: []graph.Tie{
			control("g", "b", graph.Stated(1), graph.KnownShare(0.3), "command"), control("part", "c", graph.Stated(1), graph.KnownShare(0.7), "command"),
			control("wing", "d", graph.Stated(1), graph.KnownShare(1), "command"),
			below(graph.PartOf, "part", "g", graph.Stated(1)), below(graph.WingOf, "wing", "g", graph.Stated(1)),
		},
	}
	for _, tt := range []struct {
		parts, wings bool
		share        float64
		want         []graph.ID
	}{
		{true, true, 0.5, []graph.ID{"c", "d"}},
		{false, true, 0.5, []graph.ID{"d"}},
		{true, false, 0.5, []graph.ID{"c"}},
		{false, false, 0.5, nil},
		{true, true, 0.299999, []graph.ID{"b", "c", "d"}},
		{true, true, 0.3, []graph.ID{"c", "d"}},
		{true, true, 0.7, []graph.ID{"d"}},
		{true, true, 0.999999, []graph.ID{"d"}},
		{true, true, 1, nil},
	} {
		p := worlds.DefaultParams()
		p.SubGroups, p.Wings, p.OwnShare = tt.parts, tt.wings, tt.share
		if diff := cmp.Diff(tt.want, ownOf(t, b, p, "g")); diff != "" {
			t.Errorf("parts %t, wings %t, share %g (-want +got):\n%s", tt.parts, tt.wings, tt.share, diff)
		}
	}
}

// TestOwnIsTheReference: in any graph, by one target and by two, what is own is what the
// reference says, which goes up from each institution.
func TestOwnIsTheReference(t *testing.T) {
	bodies, groups := []graph.ID{"a", "b", "c", "d", "e", "f"}, []graph.ID{"g", "h", "i", "j"}
	rapid.Check(t, func(rt *rapid.T) {
		var b graph.Batch
		for _, id := range groups {
			b.Nodes = append(b.Nodes, ownNode(id, graph.Group))
		}
		for _, id := range bodies {
			b.Nodes = append(b.Nodes, ownNode(id, graph.Institution))
		}
		body, group := rapid.SampledFrom(bodies), rapid.SampledFrom(groups)
		confidence := rapid.SampledFrom([]graph.Confidence{graph.Stated(0.2), graph.Stated(0.5), graph.Stated(0.9), {Value: 0.6, Rule: graph.RuleDefault}})
		for range rapid.IntRange(0, 6).Draw(rt, "holds") {
			share := graph.KnownShare(rapid.SampledFrom([]float64{0.2, 0.5, 0.6, 1}).Draw(rt, "weight"))
			if rapid.IntRange(0, 4).Draw(rt, "unstated") == 0 {
				share = graph.Share{}
			}
			form := rapid.SampledFrom([]string{"", "command", "staffing", "portfolio", "de_facto"}).Draw(rt, "form")
			b.Ties = append(b.Ties, control(group.Draw(rt, "by"), body.Draw(rt, "of"), confidence.Draw(rt, "confidence"), share, form))
		}
		for range rapid.IntRange(0, 6).Draw(rt, "parts") {
			of, whole := body.Draw(rt, "part"), body.Draw(rt, "whole")
			if of != whole {
				b.Ties = append(b.Ties, partOf(of, whole, rapid.SampledFrom([]string{"", "command", "administrative"}).Draw(rt, "class")))
			}
		}
		for range rapid.IntRange(0, 5).Draw(rt, "groups below") {
			one, other := group.Draw(rt, "one"), group.Draw(rt, "other")
			if one != other {
				typ := rapid.SampledFrom([]graph.TieType{graph.PartOf, graph.WingOf}).Draw(rt, "type")
				b.Ties = append(b.Ties, below(typ, one, other, confidence.Draw(rt, "confidence")))
			}
		}
		p := worlds.DefaultParams()
		p.SubGroups, p.Wings = rapid.Bool().Draw(rt, "sub-groups"), rapid.Bool().Draw(rt, "wings")
		p.OwnShare = rapid.SampledFrom([]float64{0.5, 0.1, 0.8, 1}).Draw(rt, "share")
		for _, targets := range [][]graph.ID{{"g"}, {"g", "h"}} {
			if diff := cmp.Diff(idsOf(refOwn(b, p, targets...)), ownOf(rt, b, p, targets...)); diff != "" {
				rt.Errorf("own of %v (-want +got):\n%s", targets, diff)
			}
		}
	})
}

// TestDamageGrowsWithTheSet: with the candidates of the question fixed, no target that is added
// to a set lowers the damage, whatever the others are: own of any candidate is the same for
// every set. So no target has less than nothing as its last, and no share is negative.
func TestDamageGrowsWithTheSet(t *testing.T) {
	t.Parallel()
	owned := 0
	rapid.Check(t, func(rt *rapid.T) {
		c := purgeCases.Draw(rt, "case")
		c.params.MaxWaves, c.params.Switchover = 64, 0
		s, err := projection.FromBatch(c.batch, someDay)
		if err != nil {
			rt.Fatal(err)
		}
		var targets []graph.ID
		for _, n := range c.batch.Nodes {
			if (n.Kind == graph.Group || n.Kind == graph.Person) && len(targets) < 4 {
				targets = append(targets, n.ID)
			}
		}
		draw := worlds.Draw{Method: worlds.Sampled, Samples: 64, Seed: 4}
		r, err := queries.Attribute(t.Context(), s, queries.AttributionInput{Targets: targets, Params: c.params, Draw: draw})
		if err != nil {
			rt.Fatal(err)
		}
		if len(r.OwnInstitutions) > 0 {
			owned++
		}
		for _, x := range r.Shares {
			if x.Solo.Value < 0 || x.LastOut.Value < 0 || x.Shapley.Value < 0 {
				rt.Fatalf("%s: solo %g, last out %g, Shapley %g\n%s", x.ID, x.Solo.Value, x.LastOut.Value, x.Shapley.Value, c)
			}
		}
		purge, err := queries.Purge(t.Context(), s, queries.PurgeInput{Targets: targets, Params: c.params, Draw: draw})
		if err != nil {
			rt.Fatal(err)
		}
		if math.Abs(r.Whole.Value-purge.Fractured.Mean) > 1e-9 || math.Abs(r.OwnFractured.Value-purge.OwnFractured.Mean) > 1e-9 {
			rt.Fatalf("%g, and %g of their own; the purge of all breaks %g and %g", r.Whole.Value, r.OwnFractured.Value, purge.Fractured.Mean, purge.OwnFractured.Mean)
		}
	})
	if owned == 0 {
		t.Error("in no case anything was own")
	}
}

// TestBothCountsAreAll: state and own together are all that fractures, in each question that
// tells both, and with ownShare 1 nothing is own.
func TestBothCountsAreAll(t *testing.T) {
	t.Parallel()
	rapid.Check(t, func(rt *rapid.T) {
		c := purgeCases.Draw(rt, "case")
		in := queries.PurgeInput{Targets: c.targets, Params: c.params, Draw: worlds.Draw{Method: worlds.Sampled, Samples: 100, Seed: 2}}
		apart := answer(t, c.batch, in)
		in.Params.OwnShare = 1
		all := answer(t, c.batch, in)
		if len(all.OwnInstitutions) > 0 || all.OwnFractured.Mean != 0 || all.OwnFractured.High != 0 && !all.Basis.Missing.NoRecord {
			rt.Fatalf("with ownShare 1 %v is own, %+v of it fractures", all.OwnInstitutions, all.OwnFractured)
		}
		if math.Abs(apart.Fractured.Mean+apart.OwnFractured.Mean-all.Fractured.Mean) > 1e-9 || apart.None.P < all.None.P {
			rt.Fatalf("%g and %g, %g in all; none with %g, of all with %g", apart.Fractured.Mean, apart.OwnFractured.Mean, all.Fractured.Mean, apart.None.P, all.None.P)
		}
		v, err := queries.Verify(t.Context(), snapshotOfBatch(t, c.batch), queries.VerifyInput{Targets: c.targets, Params: c.params, Draw: in.Draw})
		if err != nil {
			rt.Fatal(err)
		}
		if diff := cmp.Diff(apart.OwnInstitutions, v.OwnInstitutions); diff != "" || math.Abs(v.Now.Value-apart.Fractured.Mean) > 1e-9 || math.Abs(v.OwnFractured.Value-apart.OwnFractured.Mean) > 1e-9 {
			rt.Fatalf("verify has %g and %g\n%s", v.Now.Value, v.OwnFractured.Value, diff)
		}
	})
}

// TestDisbandedIsInNeitherCount: an institution that is itself a candidate is no damage and
// nobody's own; its parts are as they were, and what is under its command is not own for it.
func TestDisbandedIsInNeitherCount(t *testing.T) {
	s := snapshotOf(t, `
		group g
		institution base types=unit
		institution wing types=unit
		institution desk types=office
		institution hall types=office
		institution unknown types=unit placeholder=true
		g CONTROLS base form=command weight=1
		g CONTROLS unknown form=command weight=1
		wing PART_OF base class=command
		desk PART_OF hall class=command`)
	p := worlds.DefaultParams()
	type counts struct{ state, own int64 }
	for _, tt := range []struct {
		candidates []graph.ID
		want       map[graph.ID]counts
	}{
		{[]graph.ID{"g"}, map[graph.ID]counts{"base": {0, 1}, "wing": {0, 1}, "desk": {1, 0}, "hall": {1, 0}, "unknown": {1, 0}}},
		{[]graph.ID{"g", "base"}, map[graph.ID]counts{"base": {0, 0}, "wing": {0, 1}, "desk": {1, 0}, "hall": {1, 0}, "unknown": {1, 0}}},
		{[]graph.ID{"hall"}, map[graph.ID]counts{"base": {1, 0}, "wing": {1, 0}, "desk": {1, 0}, "hall": {0, 0}, "unknown": {1, 0}}},
	} {
		state, own := queries.Ledger(s, p, tt.candidates...)
		got := map[graph.ID]counts{}
		for id := range state {
			got[id] = counts{state[id], own[id]}
		}
		if diff := cmp.Diff(tt.want, got, cmp.AllowUnexported(counts{})); diff != "" {
			t.Errorf("%v (-want +got):\n%s", tt.candidates, diff)
		}
	}
}

func snapshotOfBatch(tb testing.TB, b graph.Batch) *projection.Snapshot {
	tb.Helper()
	s, err := projection.FromBatch(b, someDay)
	if err != nil {
		tb.Fatal(err)
	}
	return s
}
