package queries_test

import (
	"errors"
	"fmt"
	"math"
	"slices"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"entangle/graph"
	"entangle/graph/projection"
	"entangle/queries"
	"entangle/queries/estimate"
	"entangle/queries/worlds"
)

func attribute(tb testing.TB, s *projection.Snapshot, in queries.AttributionInput) *queries.AttributionReport {
	tb.Helper()
	r, err := queries.Attribute(tb.Context(), s, in)
	if err != nil {
		tb.Fatal(err)
	}
	return r
}

// TestAttributionOfRedundancy: an office of two posts, one member of each of two
// groups, needs half of its staff. Either purge alone leaves it standing, both
// break it: solo says that neither matters, last-out that each is all that matters.
// One more group has nothing to do with it.
func TestAttributionOfRedundancy(t *testing.T) {
	s := snapshotOf(t, `
		group g1
		group g2
		group other
		person a
		person b
		post x
		post y
		institution office types=office
		a HOLDS x
		b HOLDS y
		x POST_IN office
		y POST_IN office
		a MEMBER_OF g1
		b MEMBER_OF g2
		person c
		c MEMBER_OF other`)
	for _, of := range []graph.ID{"office", ""} {
		for _, method := range []worlds.Method{worlds.Exact, worlds.Sampled} {
			r := attribute(t, s, queries.AttributionInput{
				Targets: []graph.ID{"g1", "g2", "other"}, Params: bareParams(), Institution: of, Draw: worlds.Draw{Method: method},
			})
			var got []string
			for _, x := range r.Shares {
				got = append(got, fmt.Sprintf("%s %.6g %.6g %.6g", x.ID, x.Solo.Value, x.LastOut.Value, x.Shapley.Value))
			}
			if diff := cmp.Diff([]string{"g1 0 1 0.5", "g2 0 1 0.5", "other 0 0 0"}, got); diff != "" || r.Whole.Value != 1 || !r.Subsets {
				t.Errorf("%s %s: %+v\n%s", of, method, r, diff)
			}
			if diff := cmp.Diff([]string{"office: g1+g2"}, setsOf(r)); diff != "" {
				t.Error(diff)
			}
			if method == worlds.Sampled && (r.Shares[2].Shapley.High == 0 || r.Shares[0].Solo.High == 0) {
				t.Errorf("what was never seen may still be: %+v", r.Shares)
			}
		}
	}
}

func setsOf(r *queries.AttributionReport) (out []string) {
	for _, s := range r.Sufficient {
		for _, set := range s.Sets {
			var names []string
			for _, target := range set.Targets {
				names = append(names, string(target.ID))
			}
			slices.Sort(names)
			out = append(out, string(s.ID)+": "+strings.Join(names, "+"))
		}
	}
	return out
}

// TestAttributionAgainstPurges holds shares on random graphs against the purges of
// every subset: solo and last-out as differences, Shapley values as means over all
// orders of the targets, sufficient sets by their definition.
func TestAttributionAgainstPurges(t *testing.T) {
	t.Parallel()
	compared := 0
	for seed := range 120 {
		c := purgeCases.Example(seed)
		c.params.MaxWaves = 64
		s, err := projection.FromBatch(c.batch, projection.Options{AsOf: graph.DayOf(2020, 1, 1)})
		if err != nil {
			t.Fatal(err)
		}
		var targets []graph.ID
		for _, n := range c.batch.Nodes {
			if (n.Kind == graph.Group || n.Kind == graph.Person) && len(targets) < 4 {
				targets = append(targets, n.ID)
			}
		}
		slices.Sort(targets)
		draw := worlds.Draw{Method: worlds.Sampled, Samples: 128, Seed: 4}
		whole := purgeOf(t, s, queries.PurgeInput{Targets: targets, Params: c.params, Draw: draw})
		of := graph.ID("")
		if seed%2 == 0 && len(whole.Institutions) > 0 {
			of = whole.Institutions[0].ID
		}
		r := attribute(t, s, queries.AttributionInput{Targets: targets, Params: c.params, Institution: of, Draw: draw})
		if diff := cmp.Diff(idsOf(refOwn(c.batch, c.params, targets...)), refIDs(r.OwnInstitutions)); diff != "" {
			t.Errorf("case %d: own (-want +got):\n%s", seed, diff)
		}
		v := map[string]float64{"": 0}
		chances := map[string]map[graph.ID]float64{"": {}}
		for set := 1; set < 1<<len(targets); set++ {
			var some []graph.ID
			for i, id := range targets {
				if set>>i&1 == 1 {
					some = append(some, id)
				}
			}
			p := purgeOf(t, s, queries.PurgeInput{Targets: some, Params: c.params, Draw: draw})
			v[key(some)] = countedOf(p, r.OwnInstitutions)
			if of != "" {
				v[key(some)] = chanceOf(p, of).P
			}
			chances[key(some)] = map[graph.ID]float64{}
			for _, o := range p.Institutions {
				chances[key(some)][o.ID] = o.Fractured.P
			}
		}
		sum := 0.0
		for _, x := range r.Shares {
			rest := without(targets, x.ID)
			near(t, seed, "solo", x.Solo.Value, v[key([]graph.ID{x.ID})])
			near(t, seed, "last-out", x.LastOut.Value, v[key(targets)]-v[key(rest)])
			near(t, seed, "shapley", x.Shapley.Value, shapley(v, targets, x.ID))
			sum += x.Shapley.Value
			if a := x.Shapley; a.Low > a.Value || a.High < a.Value {
				t.Errorf("case %d: %+v", seed, a)
			}
		}
		near(t, seed, "sum of the Shapley values", sum, v[key(targets)])
		near(t, seed, "whole", r.Whole.Value, v[key(targets)])
		if diff := cmp.Diff(minimalSets(chances, targets, of), sorted(setsOf(r))); diff != "" {
			t.Errorf("case %d: sufficient sets\n%s", seed, diff)
		}
		if sum > 0 {
			compared++
		}
	}
	if compared < 50 {
		t.Errorf("only %d purges did damage", compared)
	}
}

func near(t *testing.T, seed int, what string, got, want float64) {
	t.Helper()
	if math.Abs(got-want) > 1e-9 {
		t.Errorf("case %d: %s %.12f, want %.12f", seed, what, got, want)
	}
}

func key(ids []graph.ID) string {
	ids = slices.Clone(ids)
	slices.Sort(ids)
	return fmt.Sprint(ids)
}

func sorted(s []string) []string { slices.Sort(s); return s }

func without(ids []graph.ID, one graph.ID) []graph.ID {
	return slices.DeleteFunc(slices.Clone(ids), func(id graph.ID) bool { return id == one })
}

// shapley is the mean of what one adds over all orders, by going through them.
func shapley(v map[string]float64, all []graph.ID, one graph.ID) float64 {
	sum, orders := 0.0, 0
	var walk func(before, left []graph.ID)
	walk = func(before, left []graph.ID) {
		if len(left) == 0 {
			at := slices.Index(before, one)
			earlier := v[key(before[:at])]
			if at == 0 {
				earlier = 0
			}
			sum += v[key(before[:at+1])] - earlier
			orders++
		}
		for _, id := range left {
			walk(append(slices.Clone(before), id), without(left, id))
		}
	}
	walk(nil, all)
	return sum / float64(orders)
}

// minimalSets by definition: the set suffices, and no set without one of it does.
func minimalSets(chances map[string]map[graph.ID]float64, all []graph.ID, of graph.ID) []string {
	var out []string
	for set := 1; set < 1<<len(all); set++ {
		var some []graph.ID
		for i, id := range all {
			if set>>i&1 == 1 {
				some = append(some, id)
			}
		}
		for body, p := range chances[key(some)] {
			minimal := p >= 0.5 && (of == "" || of == body)
			for _, id := range some {
				rest := without(some, id)
				minimal = minimal && (len(rest) == 0 || chances[key(rest)][body] < 0.5)
			}
			if minimal {
				var names []string
				for _, id := range some {
					names = append(names, string(id))
				}
				out = append(out, string(body)+": "+strings.Join(names, "+"))
			}
		}
	}
	return sorted(out)
}

// TestAttributionByOrders: eleven members hold the eleven posts of an office that
// needs half of them, so that six have to go. Every subset is too many: orders are
// drawn. All count alike, 1/11 each if they are in post for sure; the sum is exact,
// and the standard errors are honest.
func TestAttributionByOrders(t *testing.T) {
	t.Parallel()
	var data strings.Builder
	data.WriteString("institution office types=office\n")
	var targets []graph.ID
	for i := range 11 {
		fmt.Fprintf(&data, "person p%d\npost s%d\np%d HOLDS s%d\ns%d POST_IN office\n", i, i, i, i, i)
		targets = append(targets, graph.ID(fmt.Sprint("p", i)))
	}
	s := snapshotOf(t, data.String())
	in := queries.AttributionInput{Targets: targets, Params: bareParams(), Institution: "office", Draw: worlds.Draw{Samples: 4096, Seed: 2}}
	r := attribute(t, s, in)
	if r.Subsets || r.Sufficient != nil || r.Orders != 128 || r.Basis.Method != worlds.Sampled || len(r.Shares) != 11 {
		t.Fatalf("%+v", r)
	}
	sum, outside := 0.0, 0
	for _, x := range r.Shares {
		sum += x.Shapley.Value
		if x.Solo.Value != 0 || x.LastOut.Value != 0 {
			t.Errorf("%+v", x)
		}
		if x.Shapley.Low > 1.0/11 || x.Shapley.High < 1.0/11 {
			outside++
		}
	}
	if math.Abs(sum-1) > 1e-9 || outside > 2 {
		t.Errorf("sum %.12f, %d of 11 intervals miss 1/11: %+v", sum, outside, r.Shares)
	}
	in.Workers = 1
	if diff := cmp.Diff(r, attribute(t, s, in)); diff != "" {
		t.Errorf("another number of workers:\n%s", diff)
	}
	in.Method = worlds.Exact
	if _, err := queries.Attribute(t.Context(), s, in); !errors.Is(err, worlds.ErrInput) {
		t.Errorf("exact shares of eleven: %v", err)
	}
}

// TestAttributionExact: a is lost with the group (0.8) and with himself. Of two
// posts with a need of 0.6 each is enough.
//
//	v(g) = 0.8, v(a) = 1, v(both) = 1; Shapley of g (0.8 + 0)/2, of a (1 + 0.2)/2
func TestAttributionExact(t *testing.T) {
	s := snapshotOf(t, `
		group g
		person a
		person b
		post x
		post y
		institution office types=office
		a HOLDS x
		b HOLDS y
		x POST_IN office
		y POST_IN office
		a MEMBER_OF g conf=0.8`)
	p := bareParams()
	p.Requirements.ByType["office"] = worlds.Needs{worlds.Staff: {Need: 0.6, Floor: 0}}
	r := attribute(t, s, queries.AttributionInput{Targets: []graph.ID{"g", "a"}, Params: p, Institution: "office", Threshold: 0.75})
	want := []queries.Attributed{
		{Ref: queries.Ref{ID: "a", Kind: graph.Person, Name: "a"}, Solo: exactly(1), LastOut: exactly(0.2), Shapley: exactly(0.6)},
		{Ref: queries.Ref{ID: "g", Kind: graph.Group, Name: "g"}, Solo: exactly(0.8), LastOut: exactly(0), Shapley: exactly(0.4)},
	}
	if diff := cmp.Diff(want, r.Shares); diff != "" || r.Basis.Method != worlds.Exact || r.Basis.Coins != 1 {
		t.Errorf("%+v\n%s", r.Basis, diff)
	}
	if diff := cmp.Diff([]string{"office: a", "office: g"}, setsOf(r)); diff != "" {
		t.Error(diff)
	}
}

func exactly(v float64) estimate.Amount { return estimate.Amount{Value: v, Low: v, High: v} }

func TestAttributionRefusals(t *testing.T) {
	s := workedExample(t)
	p := worlds.DefaultParams()
	good := []graph.ID{"g"}
	for name, c := range map[string]struct {
		in   queries.AttributionInput
		want error
	}{
		"no target":           {queries.AttributionInput{Params: p}, worlds.ErrInput},
		"unknown target":      {queries.AttributionInput{Targets: []graph.ID{"x"}, Params: p}, worlds.ErrUnknown},
		"unknown institution": {queries.AttributionInput{Targets: good, Params: p, Institution: "x"}, worlds.ErrUnknown},
		"no institution":      {queries.AttributionInput{Targets: good, Params: p, Institution: "a"}, worlds.ErrInput},
		"threshold":           {queries.AttributionInput{Targets: good, Params: p, Threshold: 1.1}, worlds.ErrInput},
	} {
		if _, err := queries.Attribute(t.Context(), s, c.in); !errors.Is(err, c.want) {
			t.Errorf("%s: %v", name, err)
		}
	}
}
