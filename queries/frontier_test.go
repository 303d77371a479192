package queries_test

import (
	"errors"
	"fmt"
	"math"
	"slices"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
	"pgregory.net/rapid"

	"entangle/graph"
	"entangle/graph/projection"
	"entangle/queries"
	"entangle/queries/worlds"
)

// Of four like seats a and b hold one each. The body needs 0.6: it stands without
// either (3/4) and not without both (2/4). The member of c holds no post.
const redundant = `
	group a types=armed_group
	group b types=armed_group
	group c types=armed_group
	person p{1..4}
	post s{1..4}
	institution body authorisedPosts=4
	p{1..4} HOLDS s{1..4}
	s{1..4} POST_IN body
	p1 MEMBER_OF a
	p2 MEMBER_OF b
	person loose
	loose MEMBER_OF c`

// Each group commands a unit of its own.
const apart = `
	group a types=armed_group
	group b types=armed_group
	institution one types=unit
	institution two types=unit
	a CONTROLS one form=command weight=1
	b CONTROLS two form=command weight=1`

func names(refs []queries.Ref) string {
	var out []string
	for _, r := range refs {
		out = append(out, string(r.ID))
	}
	return strings.Join(out, " ")
}

// line writes a point as “groups: benefit, ANY weight, expected weight”.
func line(p queries.FrontierPoint) string {
	mark := ""
	if !p.Supported {
		mark = " unsupported"
	}
	if p.Price != nil {
		mark = fmt.Sprintf(" at %g", *p.Price)
	}
	return fmt.Sprintf("%s: %g, any %g, expected %g %s%s", names(p.Groups), p.Benefit, p.Any, p.Expected.Value, p.Verdict, mark)
}

func TestFrontierOfSmallStates(t *testing.T) {
	for _, c := range []struct {
		name, state string
		change      func(in *queries.FrontierInput)
		safe        string
		any, curve  []string
	}{
		{
			name: "the ANY rule does not see that two losses add up", state: redundant,
			safe:  "a c: 2, any 0, expected 0 WITHIN",
			any:   []string{"a b c: 3, any 0, expected 1 BEYOND"},
			curve: []string{"a c: 2, any 0, expected 0 WITHIN", "a b c: 3, any 0, expected 1 BEYOND at 1"},
		},
		{
			name: "a larger benefit decides between the two", state: redundant,
			change: func(in *queries.FrontierInput) { in.Benefit = map[graph.ID]float64{"b": 2.5} },
			safe:   "b c: 3.5, any 0, expected 0 WITHIN",
			any:    []string{"a b c: 4.5, any 0, expected 1 BEYOND"},
			curve:  []string{"b c: 3.5, any 0, expected 0 WITHIN", "a b c: 4.5, any 0, expected 1 BEYOND at 1"},
		},
		{
			name: "an institution of weight 0 may break", state: redundant,
			change: func(in *queries.FrontierInput) { in.Weights.ByInstitution = map[graph.ID]float64{"body": 0} },
			safe:   "a b c: 3, any 0, expected 0 WITHIN",
			any:    []string{"a b c: 3, any 0, expected 0 WITHIN"},
			curve:  []string{"a b c: 3, any 0, expected 0 WITHIN"},
		},
		{
			name: "a point in a gap is the best at no price", state: apart,
			change: func(in *queries.FrontierInput) {
				in.Benefit = map[graph.ID]float64{"b": 10}
				in.Weights = queries.Weights{
					ByType:        map[string]float64{"unit": 1},
					ByInstitution: map[graph.ID]float64{"two": 2},
				}
			},
			safe: ": 0, any 0, expected 0 WITHIN",
			any: []string{
				": 0, any 0, expected 0 WITHIN",
				"b: 10, any 2, expected 2 BEYOND at 5",
				"a b: 11, any 3, expected 3 BEYOND at 1",
			},
			curve: []string{
				": 0, any 0, expected 0 WITHIN",
				"a: 1, any 1, expected 1 BEYOND unsupported",
				"b: 10, any 2, expected 2 BEYOND at 5",
				"a b: 11, any 3, expected 3 BEYOND at 1",
			},
		},
	} {
		t.Run(c.name, func(t *testing.T) {
			in := queries.DefaultFrontier()
			in.Params.OwnShare = 1 // what a group commands counts like the rest
			if c.change != nil {
				c.change(&in)
			}
			r, err := queries.Frontier(t.Context(), snapshotOf(t, c.state), in)
			if err != nil {
				t.Fatal(err)
			}
			lines := func(points []queries.FrontierPoint) (out []string) {
				for _, p := range points {
					out = append(out, line(p))
				}
				return out
			}
			safe, _, _ := strings.Cut(line(r.Safe), " at ")
			if diff := cmp.Diff([]any{c.safe, c.any, c.curve}, []any{safe, lines(r.Any), lines(r.Curve)}); diff != "" {
				t.Errorf("(-want +got)\n%s", diff)
			}
			if r.SafeOptimality != queries.ExactSearch || r.CurveOptimality != queries.ExactSearch || r.SafeBound != r.Safe.Benefit {
				t.Errorf("safe %s, bound %g, curve %s; every set was simulated", r.SafeOptimality, r.SafeBound, r.CurveOptimality)
			}
			if r.Basis.Method != worlds.Exact || r.SearchSamples != 0 {
				t.Errorf("%s over %d worlds of the search; nothing is uncertain", r.Basis.Method, r.SearchSamples)
			}
		})
	}
}

// TestFrontierAgreesWithEverySet purges every set of groups of small random states
// in the worlds of the search and compares.
func TestFrontierAgreesWithEverySet(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		c := purgeCases.Draw(t, "case")
		c.params.MaxWaves = 64
		onRecord(&c)
		s, err := projection.FromBatch(c.batch, projection.Options{AsOf: graph.DayOf(2020, 1, 1)})
		if err != nil {
			t.Fatal(err)
		}
		var groups []graph.ID
		for _, n := range c.batch.Nodes {
			if n.Kind == graph.Group {
				groups = append(groups, n.ID)
			}
		}
		in := queries.DefaultFrontier()
		in.Groups, in.Params, in.Search, in.Draw = groups, c.params, 64, worlds.Draw{Method: worlds.Sampled, Samples: 64, Seed: 5}
		in.Tolerance = rapid.SampledFrom([]float64{0, 0.05, 0.5}).Draw(t, "tolerance")
		first := rapid.SampledFrom([]float64{1, 1.5}).Draw(t, "benefit of the first") // at 1 several sets have the same
		in.Benefit = map[graph.ID]float64{groups[0]: first}
		r, err := queries.Frontier(t.Context(), s, in)
		if err != nil {
			t.Fatal(err)
		}
		own := refOwn(c.batch, c.params, groups...)
		if diff := cmp.Diff(idsOf(own), refIDs(r.OwnInstitutions)); diff != "" {
			t.Fatalf("own of any group (-want +got):\n%s", diff)
		}
		var every []wholeSet
		for mask := range 1 << len(groups) {
			every = append(every, purgeSet(t, s, groups, own, mask, in))
		}
		checkFrontier(t, r, every, in.Tolerance)
		for i, g := range r.Groups {
			one := every[1<<slices.Index(groups, g.ID)]
			if math.Abs(g.Expected.Value-one.expected) > 1e-9 || math.Abs(g.OwnExpected.Value-one.own) > 1e-9 {
				t.Fatalf("group %d, %s: %v and %v, its purge has %+v", i, g.ID, g.Expected, g.OwnExpected, one)
			}
		}
	})
}

// wholeSet is a set of groups with what its purge does, counted by Purge.
type wholeSet struct{ benefit, expected, own, worst float64 }

func purgeSet(t *rapid.T, s *projection.Snapshot, groups []graph.ID, own map[graph.ID]bool, mask int, in queries.FrontierInput) (w wholeSet) {
	t.Helper()
	var set []graph.ID
	for i, g := range groups {
		if mask>>i&1 == 0 {
			continue
		}
		set = append(set, g)
		benefit, given := in.Benefit[g]
		if !given {
			benefit = 1
		}
		w.benefit += benefit
	}
	if len(set) == 0 {
		return w
	}
	p, err := queries.Purge(t.Context(), s, queries.PurgeInput{
		Targets: set, Params: in.Params, Draw: worlds.Draw{Method: worlds.Sampled, Samples: in.Search, Seed: in.Seed},
	})
	if err != nil {
		t.Fatal(err)
	}
	for _, o := range p.Institutions {
		if own[o.ID] { // of some group, of the set or not
			w.own += o.Fractured.P
			continue
		}
		w.expected += o.Fractured.P
		w.worst = max(w.worst, o.Fractured.P)
	}
	return w
}

func checkFrontier(t *rapid.T, r *queries.FrontierReport, every []wholeSet, tolerance float64) {
	t.Helper()
	best := 0.0
	for _, w := range every {
		if w.worst <= tolerance {
			best = max(best, w.benefit)
		}
	}
	if r.Safe.Benefit != best || r.SafeBound != best {
		t.Fatalf("the largest that fractures nothing has benefit %g, bound %g; of all sets %g", r.Safe.Benefit, r.SafeBound, best)
	}
	cheapest := math.Inf(1)
	for _, w := range every {
		if w.worst <= tolerance && w.benefit == best {
			cheapest = min(cheapest, w.expected)
		}
	}
	if math.Abs(r.Safe.Searched-cheapest) > 1e-9 {
		t.Fatalf("the largest that fractures nothing has weight %g, one of the same benefit %g", r.Safe.Searched, cheapest)
	}
	for i, p := range r.Curve {
		if !slices.ContainsFunc(every, func(w wholeSet) bool {
			return w.benefit == p.Benefit && math.Abs(w.expected-p.Searched) < 1e-9
		}) {
			t.Fatalf("no set has benefit %g and weight %g", p.Benefit, p.Searched)
		}
		if i > 0 && !(p.Benefit > r.Curve[i-1].Benefit && p.Searched > r.Curve[i-1].Searched) {
			t.Fatalf("points %d and %d are not in order", i-1, i)
		}
	}
	for _, w := range every {
		if !slices.ContainsFunc(r.Curve, func(p queries.FrontierPoint) bool {
			return p.Benefit >= w.benefit && p.Searched <= w.expected+1e-9
		}) {
			t.Fatalf("no point is as good as benefit %g with weight %g", w.benefit, w.expected)
		}
	}
	for i := 1; i < len(r.Any); i++ {
		for _, g := range r.Any[i-1].Groups {
			if !slices.Contains(r.Any[i].Groups, g) {
				t.Fatalf("%v does not contain %v", r.Any[i].Groups, r.Any[i-1].Groups)
			}
		}
	}
}

// manyGroups is a state of n groups, each with one of 2n seats of one body that
// needs 0.6: 0.8·n of them at most can go.
func manyGroups(n int) string {
	return fmt.Sprintf(`
	group g{1..%[1]d} types=armed_group
	person p{1..%[2]d}
	post s{1..%[2]d}
	institution body authorisedPosts=%[2]d
	p{1..%[2]d} HOLDS s{1..%[2]d}
	s{1..%[2]d} POST_IN body
	p{1..%[1]d} MEMBER_OF g{1..%[1]d}`, n, 2*n)
}

func TestFrontierOfManyGroups(t *testing.T) {
	t.Parallel()
	const n = 20
	s := snapshotOf(t, manyGroups(n))
	r, err := queries.Frontier(t.Context(), s, queries.DefaultFrontier())
	if err != nil {
		t.Fatal(err)
	}
	// Of 40 seats 16 may be lost: 24/40 = 0.6.
	if r.Safe.Benefit != 16 || r.SafeBound != 16 || r.CurveOptimality != queries.ExactSearch || r.SafeOptimality != queries.ExactSearch {
		t.Errorf("%g groups at most, bound %g, %s, curve %s; want 16, EXACT", r.Safe.Benefit, r.SafeBound, r.SafeOptimality, r.CurveOptimality)
	}
	if len(r.Curve) != 2 || r.Curve[1].Benefit != n || r.Curve[1].Expected.Value != 1 {
		t.Errorf("%d points, the last %s", len(r.Curve), line(r.Curve[len(r.Curve)-1]))
	}
	if r.Sets > 100 {
		t.Errorf("%d purges were simulated to know what each of 2^20 does", r.Sets)
	}

	in := queries.DefaultFrontier()
	in.Params.Requirements.ByInstitution = map[graph.ID]worlds.Needs{"body": {worlds.Staff: {Need: 0.5}}}
	if r, err = queries.Frontier(t.Context(), s, in); err != nil {
		t.Fatal(err)
	}
	if r.Safe.Benefit != n || r.SafeOptimality != queries.ExactSearch || r.SafeBound != n {
		t.Errorf("all may go: %g, bound %g, %s", r.Safe.Benefit, r.SafeBound, r.SafeOptimality)
	}
}

// TestFrontierBoundsAreMet: a probability that equals the tolerance is within it, and one that
// equals the threshold is no hit, whatever binary fraction carries its confidence.
func TestFrontierBoundsAreMet(t *testing.T) {
	for _, chance := range []float64{0.01, 0.05, 0.1, 0.15, 0.2, 0.3, 1 / 3., 0.35, 0.45, 0.6, 0.7, 0.85, 0.9, 0.95, 0.99} {
		chance = math.Round(chance*1e9) / 1e9
		one := "\ngroup %[1]s types=armed_group\nperson p%[1]s\npost s%[1]s\ninstitution i%[1]s authorisedPosts=1\ns%[1]s POST_IN i%[1]s\np%[1]s HOLDS s%[1]s\np%[1]s MEMBER_OF %[1]s conf=%[2]v"
		for _, names := range [][]string{{"a"}, {"a", "b"}, {"a", "b", "c"}} {
			var notation strings.Builder
			for _, name := range names {
				fmt.Fprintf(&notation, one, name, chance)
			}
			s := snapshotOf(t, notation.String())
			for _, tt := range []struct {
				bound  float64
				within bool
			}{{chance, true}, {chance - 1e-6, false}, {min(0.999999, chance+1e-6), true}} {
				in := queries.DefaultFrontier()
				in.Tolerance, in.Threshold, in.Method = tt.bound, tt.bound, worlds.Exact
				r, err := queries.Frontier(t.Context(), s, in)
				if err != nil {
					t.Fatal(err)
				}
				want := 0
				if tt.within {
					want = len(names)
				}
				hits := 0
				for _, g := range r.Groups {
					hits += len(g.Hits)
				}
				if len(r.Safe.Groups) != want || hits != len(names)-want || tt.within != (r.Safe.Verdict == queries.Within && want > 0) {
					t.Errorf("%d groups with %v, bound %v: %d purged, %d hits, %s", len(names), chance, tt.bound, len(r.Safe.Groups), hits, r.Safe.Verdict)
				}
			}
		}
	}
}

// TestNoGroupIsOnRecord: a record without groups is no record for what asks about each of them.
func TestNoGroupIsOnRecord(t *testing.T) {
	for _, data := range []string{"person p", "institution i"} {
		s := snapshotOf(t, data)
		f, err := queries.Frontier(t.Context(), s, queries.DefaultFrontier())
		if err != nil || !f.Basis.Missing.NoRecord || len(f.Safe.Groups) > 0 || f.Safe.Verdict == queries.Within {
			t.Errorf("%s: %+v, %v", data, f, err)
		}
		e, err := queries.EntanglementOf(t.Context(), s, queries.DefaultEntanglement())
		if err != nil || !e.Basis.Missing.NoRecord || len(e.Pairs) > 0 {
			t.Errorf("%s: %+v, %v", data, e, err)
		}
	}
	// A group that is no armed one is on record: who may be purged has to be said.
	if _, err := queries.Frontier(t.Context(), snapshotOf(t, "group party types=party"), queries.DefaultFrontier()); !errors.Is(err, worlds.ErrInput) {
		t.Errorf("%v, want %v", err, worlds.ErrInput)
	}
}

// TestFrontierIsOfArmedGroups: where none is named, of groups of the type armed_group and of
// nothing else that has its name, wherever in the record it stands.
func TestFrontierIsOfArmedGroups(t *testing.T) {
	r, err := queries.Frontier(t.Context(), snapshotOf(t, `
		group a types=party
		group b types=armed_group
		group z types=party,armed_group
		institution a1 types=armed_group
		institution a2 types=unit
		z CONTROLS a2 form=command weight=1
		b CONTROLS a1 form=command weight=1`), queries.DefaultFrontier())
	if err != nil {
		t.Fatal(err)
	}
	var got []queries.Ref
	for _, g := range r.Groups {
		got = append(got, g.Ref)
	}
	if names(got) != "b z" {
		t.Errorf("of %s, want b and z", names(got))
	}
}

// TestFrontierShowsPartOfALongCurve: seven groups with benefits 1, 2, 4 … 64 command a unit
// each, of weights 1.1, 2.1, 4.1 … 64.1, so that each of the 128 sets is the best of its
// benefit. The curve shows 64 of them, all over it, and among them all that are supported:
// those that begin with the largest, whose weight for its benefit is the least.
func TestFrontierShowsPartOfALongCurve(t *testing.T) {
	var notation strings.Builder
	in := queries.DefaultFrontier()
	in.Benefit, in.Weights.ByInstitution = map[graph.ID]float64{}, map[graph.ID]float64{}
	supported := map[float64]bool{0: true}
	for i := range 7 {
		fmt.Fprintf(&notation, "group g%[1]d types=armed_group\ninstitution u%[1]d types=unit\ng%[1]d CONTROLS u%[1]d form=command weight=1\n", i)
		of := float64(int(1) << i)
		in.Benefit[graph.ID(fmt.Sprintf("g%d", i))], in.Weights.ByInstitution[graph.ID(fmt.Sprintf("u%d", i))] = of, of+0.1
		supported[128-of] = true
	}
	supported[127] = true
	r, err := queries.Frontier(t.Context(), snapshotOf(t, notation.String()), in)
	if err != nil {
		t.Fatal(err)
	}
	if len(r.Curve) != 64 {
		t.Fatalf("%d points, want 64 of 128", len(r.Curve))
	}
	last := 0.0
	for _, p := range r.Curve {
		if p.Supported != supported[p.Benefit] {
			t.Errorf("%s: supported %t, want %t", line(p), p.Supported, supported[p.Benefit])
		}
		if p.Benefit-last > 4 {
			t.Errorf("nothing between benefits %g and %g", last, p.Benefit)
		}
		delete(supported, p.Benefit)
		last = p.Benefit
	}
	if len(supported) > 0 || last != 127 {
		t.Errorf("not shown of the supported points: %v; the last is %g", supported, last)
	}
}

// TestFrontierTakesTheCheapestOfEqualSets: of thirteen groups, ten of which may lose their seats,
// one also commands a unit. Of sets with as many groups that without it is the one to take.
func TestFrontierTakesTheCheapestOfEqualSets(t *testing.T) {
	in := queries.DefaultFrontier()
	in.Params.OwnShare = 1 // what a group commands counts like the rest
	r, err := queries.Frontier(t.Context(), snapshotOf(t, manyGroups(13)+"\n\tinstitution unit types=unit\n\tg1 CONTROLS unit form=command weight=1"), in)
	if err != nil {
		t.Fatal(err)
	}
	var got []string
	for _, p := range r.Curve {
		got = append(got, fmt.Sprintf("%g at %g", p.Benefit, p.Expected.Value))
	}
	if diff := cmp.Diff([]string{"10 at 0", "12 at 1", "13 at 2"}, got); diff != "" || r.Safe.Benefit != 10 || r.CurveOptimality != queries.ExactSearch {
		t.Errorf("safe %g, %s (-want +got):\n%s", r.Safe.Benefit, r.CurveOptimality, diff)
	}
}

// TestFrontierWithoutEverySet: of more groups, or where purges are cut at the cap of waves,
// sets are searched for, and the answer says so.
func TestFrontierWithoutEverySet(t *testing.T) {
	const clash = `
	institution duo authorisedPosts=4
	person q{1..4}
	post d{1..4}
	q{1..4} HOLDS d{1..4}
	d{1..4} POST_IN duo
	q1 MEMBER_OF g1
	q2 MEMBER_OF g2`
	leaning := "\n\tinstitution chamber types=office\n\tchamber DEPENDS_ON body weight=0.5"
	for name, c := range map[string]struct {
		groups, waves, safe, bound int
		more                       string
	}{
		"21 groups":                 {21, 32, 16, 21, ""}, // of 42 seats 16.8 may be lost
		"15 and a response cut off": {15, 0, 12, 15, leaning},
		// Of two that fracture a body together, one can go at the most; who commands a unit
		// cannot.
		"21 of which two clash": {21, 32, 16, 20, clash},
		// Pairs are counted that have no group in common: without g1 all others can go.
		"21 of which one clashes with two": {21, 32, 16, 20, clash + strings.NewReplacer("duo", "trio", "q", "r", "d{", "e{", "g2", "g3").Replace(clash)},
		"21 of which one may not go":       {21, 32, 16, 20, "\n\tinstitution unit types=unit\n\tg3 CONTROLS unit form=command weight=1"},
	} {
		in := queries.DefaultFrontier()
		in.Params.MaxWaves = c.waves
		in.Params.OwnShare = 1 // what a group commands counts like the rest
		r, err := queries.Frontier(t.Context(), snapshotOf(t, manyGroups(c.groups)+c.more), in)
		if err != nil {
			t.Fatal(err)
		}
		if r.Safe.Benefit != float64(c.safe) || r.CurveOptimality != queries.HeuristicSearch || r.SafeOptimality != queries.HeuristicSearch {
			t.Errorf("%s: %g groups at most, %s, curve %s; want %d, HEURISTIC", name, r.Safe.Benefit, r.SafeOptimality, r.CurveOptimality, c.safe)
		}
		if r.SafeBound != float64(c.bound) {
			t.Errorf("%s: bound %g, want %d", name, r.SafeBound, c.bound)
		}
		if last := r.Curve[len(r.Curve)-1]; last.Benefit != float64(c.groups) || last.Expected.Value < 1 {
			t.Errorf("%s: the last point is %s", name, line(last))
		}
	}
}

// TestFrontierThatIsNotMonotone: where allies may side with the state a larger purge may
// break less, so that of more than 12 groups nothing is said to be exact, and a group
// that breaks nothing alone is not taken for free. Of 26 seats 10 may be lost, to ten
// groups and the idle one.
func TestFrontierThatIsNotMonotone(t *testing.T) {
	in := queries.DefaultFrontier()
	in.Params.Switchover, in.Search, in.Samples = 1, 64, 64
	r, err := queries.Frontier(t.Context(), snapshotOf(t, manyGroups(13)+"\n\tgroup idle types=armed_group\n\tperson loose\n\tloose MEMBER_OF idle"), in)
	if err != nil {
		t.Fatal(err)
	}
	if r.SafeOptimality != queries.HeuristicSearch || r.CurveOptimality != queries.HeuristicSearch || r.SafeBound != 14 || r.Safe.Benefit != 11 {
		t.Errorf("safe %g of %g, %s, curve %s", r.Safe.Benefit, r.SafeBound, r.SafeOptimality, r.CurveOptimality)
	}
	for _, g := range r.Groups {
		if g.Free {
			t.Errorf("%s is said to be free", g.ID)
		}
	}
}

// TestFrontierEstimatesAnew: the figures are those of a purge in worlds that the
// search did not draw, nor would one with a seed nearby.
func TestFrontierEstimatesAnew(t *testing.T) {
	t.Parallel()
	s := state(t, stateSize{persons: 600, institutions: 40, groups: 5})
	in := queries.DefaultFrontier()
	in.Search, in.Draw = 64, worlds.Draw{Samples: 640, Seed: 3, Workers: 1}
	r, err := queries.Frontier(t.Context(), s, in)
	if err != nil {
		t.Fatal(err)
	}
	if r.SearchSeed != 3 || r.SearchSamples != 64 || r.Basis.Seed-3 <= 100 || r.Basis.Samples != 640 {
		t.Errorf("search %d worlds of seed %d, estimates %d of %d", r.SearchSamples, r.SearchSeed, r.Basis.Samples, r.Basis.Seed)
	}
	last := r.Curve[len(r.Curve)-1]
	var targets []graph.ID
	for _, g := range last.Groups {
		targets = append(targets, g.ID)
	}
	p, err := queries.Purge(t.Context(), s, queries.PurgeInput{
		Targets: targets, Params: worlds.DefaultParams(), Draw: worlds.Draw{Method: worlds.Sampled, Samples: 640, Seed: r.Basis.Seed},
	})
	if err != nil {
		t.Fatal(err)
	}
	if len(targets) == 0 || math.Abs(p.Fractured.Mean-last.Expected.Value) > 1e-9 || last.Expected.SE <= 0 {
		t.Errorf("%d groups: purge %g, frontier %+v", len(targets), p.Fractured.Mean, last.Expected)
	}
	in.Workers = 4
	again, err := queries.Frontier(t.Context(), s, in)
	if err != nil {
		t.Fatal(err)
	}
	if diff := cmp.Diff(r, again); diff != "" {
		t.Errorf("four workers answer differently:\n%s", diff)
	}
}

func TestFrontierRefuses(t *testing.T) {
	s := snapshotOf(t, redundant)
	for name, c := range map[string]struct {
		change func(in *queries.FrontierInput)
		want   error
		text   string
	}{
		"unknown group": {func(in *queries.FrontierInput) { in.Groups = []graph.ID{"zzz"} }, worlds.ErrUnknown, `group "zzz"`},
		"no group":      {func(in *queries.FrontierInput) { in.Groups = []graph.ID{"p1"} }, worlds.ErrInput, "is a Person"},
		"benefit":       {func(in *queries.FrontierInput) { in.Benefit = map[graph.ID]float64{"a": 0} }, worlds.ErrInput, "leave a group out"},
		"benefit of another": {func(in *queries.FrontierInput) {
			in.Groups = []graph.ID{"a"}
			in.Benefit = map[graph.ID]float64{"b": 1}
		}, worlds.ErrInput, "not among"},
		"weight":            {func(in *queries.FrontierInput) { in.Weights.ByType = map[string]float64{"unit": -1} }, worlds.ErrInput, "weight -1 of type unit"},
		"weight of a group": {func(in *queries.FrontierInput) { in.Weights.ByInstitution = map[graph.ID]float64{"a": 1} }, worlds.ErrInput, "no institution"},
		"tolerance":         {func(in *queries.FrontierInput) { in.Tolerance = 1 }, worlds.ErrInput, "tolerance 1"},
		"beam":              {func(in *queries.FrontierInput) { in.Beam = 0 }, worlds.ErrInput, "beam 0"},
		"search":            {func(in *queries.FrontierInput) { in.Search = -1 }, worlds.ErrInput, "-1 worlds"},
		"samples":           {func(in *queries.FrontierInput) { in.Samples = -1 }, worlds.ErrInput, "-1 samples"},
		"parameter":         {func(in *queries.FrontierInput) { in.Params.Walkout = 2 }, worlds.ErrInput, "walkout 2"},
	} {
		t.Run(name, func(t *testing.T) {
			in := queries.DefaultFrontier()
			c.change(&in)
			if _, err := queries.Frontier(t.Context(), s, in); !errors.Is(err, c.want) || !strings.Contains(err.Error(), c.text) {
				t.Errorf("got %v, want %v with %q", err, c.want, c.text)
			}
		})
	}
}
