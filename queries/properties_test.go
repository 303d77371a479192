package queries_test

import (
	"context"
	"fmt"
	"math"
	"slices"
	"testing"

	"github.com/google/go-cmp/cmp"
	"pgregory.net/rapid"

	"entangle/graph"
	"entangle/graph/projection"
	"entangle/queries"
	"entangle/queries/estimate"
	"entangle/queries/worlds"
)

var someDay = projection.Options{AsOf: graph.DayOf(2020, 1, 1)}

func answer(tb testing.TB, b graph.Batch, in queries.PurgeInput) *queries.PurgeReport {
	tb.Helper()
	s, err := projection.FromBatch(b, someDay)
	if err != nil {
		tb.Fatal(err)
	}
	r, err := queries.Purge(context.Background(), s, in)
	if err != nil {
		tb.Fatal(err)
	}
	return r
}

// certain makes a case without chance: what is more likely than not is so.
func certain(c purgeCase) purgeCase {
	c.batch.Ties = slices.Clone(c.batch.Ties)
	c.params.Solidarity, c.params.Walkout, c.params.Loyalty, c.params.TieWeight = 1, 1, 1, 1
	c.params.Switchover = math.Round(c.params.Switchover)
	for i := range c.batch.Ties {
		t := &c.batch.Ties[i]
		t.ConflictSet = ""
		t.Confidence.Value = math.Round(t.Confidence.Value)
		switch t.Type {
		case graph.AlliedWith, graph.RivalOf, graph.LoyalTo, graph.KinOf, graph.AssociateOf:
			t.Weight.Value = math.Round(t.Weight.Value)
		default:
		}
	}
	return c
}

// classes lists the institutions with their probabilities by class.
func classes(r *queries.PurgeReport) map[graph.ID][4]float64 {
	out := map[graph.ID][4]float64{}
	for _, o := range r.Institutions {
		out[o.ID] = [4]float64{o.Intact.P, o.Strained.P, o.FracturedOnly.P, o.Collapsed.P}
	}
	return out
}

// TestWithoutChance: where every confidence and chance is 0 or 1 there is one
// world, no coin, and samples all say the same as the exact answer.
func TestWithoutChance(t *testing.T) {
	t.Parallel()
	rapid.Check(t, func(rt *rapid.T) {
		c := certain(purgeCases.Draw(rt, "case"))
		in := queries.PurgeInput{Targets: c.targets, Params: c.params, Draw: worlds.Draw{Method: worlds.Exact}}
		exact := answer(t, c.batch, in)
		in.Method, in.Samples = worlds.Sampled, 70
		sampled := answer(t, c.batch, in)
		if exact.Basis.Coins != 0 {
			rt.Fatalf("%d coins in a world without chance\n%s", exact.Basis.Coins, c)
		}
		if diff := cmp.Diff(classes(exact), classes(sampled)); diff != "" {
			rt.Fatalf("exact and sampled differ:\n%s\n%s", diff, c)
		}
		for id, p := range classes(exact) {
			if slices.Max(p[:]) != 1 {
				rt.Fatalf("%s: %v: one class should be sure\n%s", id, p, c)
			}
		}
	})
}

// TestStagedIsSimultaneous: to strike one target and, when all has come to rest,
// the next, breaks what striking both at once breaks: losses only grow. What the
// first stage took is taken when the second begins. (Without switchover, with which
// to strike a rival may keep an ally: docs/model.md, The response.)
func TestStagedIsSimultaneous(t *testing.T) {
	t.Parallel()
	rapid.Check(t, func(rt *rapid.T) {
		c := certain(purgeCases.Draw(rt, "case"))
		c.params.MaxWaves, c.params.Switchover = 64, 0
		c.params.Associates = false // of targets: who is lost in a stage is none
		var first []graph.ID
		for _, n := range c.batch.Nodes {
			if n.Kind == graph.Group || n.Kind == graph.Person {
				first = append(first, n.ID)
			}
		}
		first = []graph.ID{rapid.SampledFrom(first).Draw(rt, "first")}
		in := queries.PurgeInput{Params: c.params, Draw: worlds.Draw{Method: worlds.Exact}}
		in.Targets = first
		before := answer(t, c.batch, in)
		in.Targets = slices.Concat(first, c.targets)
		atOnce := answer(t, c.batch, in)
		for _, l := range slices.Concat(before.Lost, before.Struck) {
			in.Targets = append(in.Targets, l.ID)
		}
		staged := answer(t, c.batch, in)
		if diff := cmp.Diff(classes(atOnce), classes(staged)); diff != "" {
			rt.Fatalf("at once and staged differ:\n%s\nfirst %v\n%s", diff, first, c)
		}
	})
}

// TestFewerStayersBreakNoLess: without one who stays in a body its STAFF stands
// on less. (Claims are left out: with fewer posts on record they speak for more.
// So is COMMAND, which is relative to the lines there were before. A conflict set goes
// whole or not at all: without one of its claims the others come true in other worlds.)
func TestFewerStayersBreakNoLess(t *testing.T) {
	t.Parallel()
	rapid.Check(t, func(rt *rapid.T) {
		c := purgeCases.Draw(rt, "case")
		c.params.MaxWaves, c.params.MinCoverage = 64, 0
		c.params.Requirements.ByInstitution = map[graph.ID]worlds.Needs{}
		for _, n := range c.batch.Nodes {
			if n.Kind == graph.Institution {
				c.params.Requirements.ByInstitution[n.ID] = worlds.Needs{worlds.Command: {}}
			}
		}
		c.batch.Ties = slices.DeleteFunc(slices.Clone(c.batch.Ties), func(t graph.Tie) bool {
			return t.Type == graph.Influences || t.Type == graph.Controls && t.To[0] == 'i' || t.Type == graph.LoyalTo && t.From[0] == 'i'
		})
		in := queries.PurgeInput{Targets: c.targets, Params: c.params, Draw: worlds.Draw{Method: worlds.Sampled, Samples: 64, Seed: 3}}
		with := answer(t, c.batch, in)
		stays := func(id graph.ID) bool {
			return !slices.ContainsFunc(with.Lost, func(l queries.Likely) bool { return l.ID == id })
		}
		ofOthers := map[string]bool{} // sets with a claim that is no post of one who stays
		for _, t := range c.batch.Ties {
			ofOthers[t.ConflictSet] = ofOthers[t.ConflictSet] || t.ConflictSet != "" && (t.Type != graph.Holds || !stays(t.From))
		}
		var without graph.Batch
		without.Nodes = c.batch.Nodes
		keep := map[string]bool{}
		for _, t := range c.batch.Ties {
			stayer := t.Type == graph.Holds && stays(t.From) && !ofOthers[t.ConflictSet]
			drawn, again := keep[t.ConflictSet]
			if stayer && !again {
				drawn = rapid.Bool().Draw(rt, "keep")
			}
			if t.ConflictSet != "" {
				keep[t.ConflictSet] = drawn
			}
			if !stayer || drawn {
				without.Ties = append(without.Ties, t)
			}
		}
		less := answer(t, without, in)
		count := map[graph.ID]int{}
		for _, o := range less.Institutions {
			count[o.ID] = o.Fractured.Count
		}
		for _, o := range with.Institutions {
			if count[o.ID] < o.Fractured.Count {
				rt.Fatalf("%s: %d worlds with all who stay, %d with fewer\n%s", o.ID, o.Fractured.Count, count[o.ID], c)
			}
		}
	})
}

// TestNamesDoNotMatter: other ids give the same answer under other names.
func TestNamesDoNotMatter(t *testing.T) {
	t.Parallel()
	rapid.Check(t, func(rt *rapid.T) {
		c := purgeCases.Draw(rt, "case")
		order := rapid.Permutation(seq(len(c.batch.Nodes)+len(c.batch.Ties))).Draw(rt, "order")
		fresh := map[graph.ID]graph.ID{}
		var other purgeCase
		for i, n := range c.batch.Nodes {
			fresh[n.ID] = graph.ID(fmt.Sprintf("n%03d", order[i]))
			n.ID = fresh[n.ID]
			other.batch.Nodes = append(other.batch.Nodes, n)
		}
		for i, t := range c.batch.Ties {
			t.ID, t.From, t.To = graph.ID(fmt.Sprintf("t%03d", order[len(fresh)+i])), fresh[t.From], fresh[t.To]
			other.batch.Ties = append(other.batch.Ties, t)
		}
		for _, id := range c.targets {
			other.targets = append(other.targets, fresh[id])
		}
		other.params = c.params
		other.params.Requirements.ByInstitution = map[graph.ID]worlds.Needs{}
		for id, n := range c.params.Requirements.ByInstitution {
			other.params.Requirements.ByInstitution[fresh[id]] = n
		}
		run := func(c purgeCase) *queries.PurgeReport {
			s, err := projection.FromBatch(c.batch, someDay)
			if err != nil {
				rt.Fatal(err)
			}
			r, err := queries.Purge(context.Background(), s, queries.PurgeInput{Targets: c.targets, Params: c.params, Draw: worlds.Draw{Method: worlds.Exact}})
			if err != nil {
				rt.Fatalf("%v\n%s", err, c)
			}
			return r
		}
		want, got := classes(run(c)), classes(run(other))
		if len(want) != len(got) {
			rt.Fatalf("%d institutions, %d under other names\n%s", len(want), len(got), c)
		}
		for id, w := range want {
			for i, g := range got[fresh[id]] {
				if math.Abs(g-w[i]) > 1e-8 {
					rt.Fatalf("%s: %v, under another name %v\n%s", id, w, got[fresh[id]], c)
				}
			}
		}
	})
}

func seq(n int) []int {
	out := make([]int, n)
	for i := range out {
		out[i] = i
	}
	return out
}

// TestWorkersDoNotMatter: the same report to the last bit, for numbers of worlds
// that fill their last block and that do not.
func TestWorkersDoNotMatter(t *testing.T) {
	t.Parallel()
	s := state(t, stateSize{persons: 2000, institutions: 40, groups: 6})
	for _, samples := range []int{1, 64, 1000} {
		in := queries.PurgeInput{
			Targets: []graph.ID{"g2", "p5"}, Params: worlds.DefaultParams(), Draw: worlds.Draw{Method: worlds.Sampled, Samples: samples, Seed: 11}, Explain: 5,
		}
		var want *queries.PurgeReport
		for _, in.Workers = range []int{1, 2, 3, 8} {
			got, err := queries.Purge(t.Context(), s, in)
			if err != nil {
				t.Fatal(err)
			}
			if want == nil {
				want = got
			}
			if diff := cmp.Diff(want, got); diff != "" {
				t.Errorf("%d samples, %d workers (-one +several):\n%s", samples, in.Workers, diff)
			}
		}
		if problems := append(checkWitnesses(want), checkReport(want)...); len(problems) > 0 {
			t.Errorf("%d samples: %v", samples, problems)
		}
	}
}

// TestExactInsideSampled: the exact probability lies inside the 99.9% interval of
// samples (Wilson with z = 3.29) but for one in a thousand.
func TestExactInsideSampled(t *testing.T) {
	t.Parallel()
	const z, samples = 3.2905, 4096
	outside, all := 0, 0
	for seed := range 150 {
		c := purgeCases.Example(10_000 + seed)
		s, err := projection.FromBatch(c.batch, someDay)
		if err != nil {
			t.Fatal(err)
		}
		in := queries.PurgeInput{Targets: c.targets, Params: c.params, Draw: worlds.Draw{Method: worlds.Exact}}
		exact, err := queries.Purge(t.Context(), s, in)
		if err != nil {
			continue // more coins than are gone through
		}
		in.Method, in.Samples, in.Seed = worlds.Sampled, samples, uint64(seed)
		sampled := classes(answer(t, c.batch, in))
		for id, want := range classes(exact) {
			for i, p := range want {
				got := 0.0
				if i == 0 {
					got = 1
				}
				if q, ok := sampled[id]; ok {
					got = q[i]
				}
				all++
				centre := (got + z*z/(2*samples)) / (1 + z*z/samples)
				half := z / (1 + z*z/samples) * math.Sqrt(got*(1-got)/samples+z*z/(4*samples*samples))
				if math.Abs(p-centre) > half+1e-9 {
					outside++
				}
				if math.Abs(p-got) > 5*math.Sqrt(p*(1-p)/samples)+5.0/samples {
					t.Errorf("case %d, %s class %d: exact %g, sampled %g", seed, id, i, p, got)
				}
			}
		}
	}
	if all < 500 || outside > 1+all/200 {
		t.Errorf("%d of %d exact probabilities lie outside the 99.9%% interval", outside, all)
	}
}

// TestWilsonCovers: over 1,000 seeds the 95% interval has the true probability in
// it at least 93 times in a hundred, rare and common events alike.
func TestWilsonCovers(t *testing.T) {
	if testing.Short() {
		t.Skip("long: make check runs it")
	}
	t.Parallel()
	for _, p := range []float64{0.05, 0.3, 0.5, 0.9} {
		b := load(t, fmt.Sprintf(`
			group g
			person p
			post s
			institution i authorisedPosts=1
			s POST_IN i
			p HOLDS s
			p MEMBER_OF g conf=%g`, p))
		s, err := projection.FromBatch(b, someDay)
		if err != nil {
			t.Fatal(err)
		}
		covered := 0
		for seed := range uint64(1000) {
			r, err := queries.Purge(t.Context(), s, queries.PurgeInput{
				Targets: []graph.ID{"g"}, Params: worlds.DefaultParams(), Draw: worlds.Draw{Method: worlds.Sampled, Samples: 1000, Seed: seed, Workers: 1},
			})
			if err != nil {
				t.Fatal(err)
			}
			e := estimate.Wilson(0, 1000)
			if len(r.Institutions) > 0 {
				e = r.Institutions[0].Fractured
			}
			if e.Low <= p && p <= e.High {
				covered++
			}
		}
		if covered < 930 {
			t.Errorf("p = %g: %d of 1000 intervals cover it", p, covered)
		}
	}
}
