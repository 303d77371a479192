package queries_test

import (
	"fmt"
	"math"
	"strings"
	"testing"

	"entangle/graph"
	"entangle/graph/projection"
	"entangle/queries"
	"entangle/queries/estimate"
	"entangle/queries/worlds"
)

// onePost is an office of one post whose holder is a doubtful member.
func onePost(t *testing.T, confidence string) *projection.Snapshot {
	t.Helper()
	return snapshotOf(t, `
group g
person p
post s
institution office types=office authorisedPosts=1
s POST_IN office
p HOLDS s
p MEMBER_OF g conf=`+confidence)
}

// TestOneQuantityOneInterval: the expected weight of a purge that breaks one
// institution or none is the probability that it breaks, and has its interval.
func TestOneQuantityOneInterval(t *testing.T) {
	s := onePost(t, "0.05")
	in := queries.DefaultFrontier()
	in.Groups, in.Tolerance, in.Draw = []graph.ID{"g"}, 0.9, worlds.Draw{Method: worlds.Sampled, Samples: 40, Seed: 1}
	r, err := queries.Frontier(t.Context(), s, in)
	if err != nil {
		t.Fatal(err)
	}
	risk := r.Safe.Risks[0].Fractured
	if risk.Count == 0 || risk.Count > 5 {
		t.Fatalf("%d of 40 worlds: take another seed", risk.Count)
	}
	if e := r.Safe.Expected; e.Value != risk.P || math.Abs(e.Low-risk.Low) > 1e-12 || math.Abs(e.High-risk.High) > 1e-12 {
		t.Errorf("expected %+v beside a risk of %+v", e, risk)
	}
	insure := queries.DefaultInsure()
	insure.Targets, insure.Level, insure.Draw = in.Groups, 0, in.Draw
	i, err := queries.Insure(t.Context(), s, insure)
	if err != nil {
		t.Fatal(err)
	}
	// The worst worlds of level 0 are all worlds.
	if e := i.Tail; e.Value != risk.P || math.Abs(e.Low-risk.Low) > 1e-12 || math.Abs(e.High-risk.High) > 1e-12 {
		t.Errorf("tail %+v beside a risk of %+v", e, risk)
	}
}

// TestMeanOfFewWorlds: three worlds have an interval of Student's t with two degrees
// of freedom: 4.303 standard errors to each side (scipy.stats.t.ppf(0.975, 2)).
func TestMeanOfFewWorlds(t *testing.T) {
	s := state(t, stateSize{persons: 600, institutions: 40, groups: 5})
	r, err := queries.Verify(t.Context(), s, queries.VerifyInput{
		Targets: []graph.ID{"g1"}, Params: worlds.DefaultParams(), Draw: worlds.Draw{Method: worlds.Sampled, Samples: 3, Seed: 1},
	})
	if err != nil {
		t.Fatal(err)
	}
	n := r.Now
	if n.SE <= 0 {
		t.Fatalf("%+v: take another seed", n)
	}
	if half := 4.30265273 * n.SE; math.Abs(n.Low-max(0, n.Value-half)) > 1e-9 || math.Abs(n.High-min(float64(40-len(r.OwnInstitutions)), n.Value+half)) > 1e-9 {
		t.Errorf("%+v, want ± %g", n, half)
	}
}

// TestTailOfFewWorlds: nine worlds of ten keep whole; the worst tenth is as bad as
// the share of the others can be.
func TestTailOfFewWorlds(t *testing.T) {
	s := onePost(t, "0.03")
	in := queries.DefaultInsure()
	in.Targets, in.Level, in.Draw = []graph.ID{"g"}, 0.9, worlds.Draw{Method: worlds.Sampled, Samples: 64, Seed: 1}
	r, err := queries.Insure(t.Context(), s, in)
	if err != nil {
		t.Fatal(err)
	}
	e := estimate.Wilson(int(math.Round(64*r.Expected.Value)), 64)
	if e.Count == 0 || e.Count > 5 {
		t.Fatalf("%d of 64 worlds: take another seed", e.Count)
	}
	want := [3]float64{e.P / 0.1, e.Low / 0.1, min(1, e.High/0.1)}
	for i, got := range []float64{r.Tail.Value, r.Tail.Low, r.Tail.High} {
		if math.Abs(got-want[i]) > 1e-9 {
			t.Errorf("tail %+v, want %v", r.Tail, want)
			break
		}
	}
}

// TestEveryShareHasAnInterval: the classes of an institution, the number fractured in
// a purge, in a comparison and in the rows of the matrix, of one court that may break.
func TestEveryShareHasAnInterval(t *testing.T) {
	s := onePost(t, "0.3")
	draw := worlds.Draw{Method: worlds.Sampled, Samples: 50, Seed: 1}
	p := purgeOf(t, s, queries.PurgeInput{
		Targets: []graph.ID{"g"}, Params: worlds.DefaultParams(), Draw: draw,
	})
	o := p.Institutions[0]
	broken := estimate.Wilson(o.Fractured.Count, 50)
	if broken.Count == 0 || broken.Count == 50 {
		t.Fatalf("%d of 50 worlds: take another seed", broken.Count)
	}
	whole, never := estimate.Wilson(50-broken.Count, 50), estimate.Wilson(0, 50)
	for what, pair := range map[string][2]estimate.Estimate{
		"intact": {o.Intact, whole}, "strained": {o.Strained, never}, "fractured only": {o.FracturedOnly, never}, "collapsed": {o.Collapsed, broken},
	} {
		if pair[0] != pair[1] {
			t.Errorf("%s: %+v, want %+v", what, pair[0], pair[1])
		}
	}
	e, err := queries.EntanglementOf(t.Context(), s, queries.EntanglementInput{Params: worlds.DefaultParams(), Draw: draw})
	if err != nil {
		t.Fatal(err)
	}
	side := queries.Scenario{Targets: []graph.ID{"g"}, Params: worlds.DefaultParams()}
	c, err := queries.Compare(t.Context(), s, queries.CompareInput{First: side, Second: side, Draw: draw})
	if err != nil {
		t.Fatal(err)
	}
	for what, n := range map[string]estimate.Spread{"purge": p.Fractured, "entanglement": e.Groups[0].Fractured, "compare": c.First.Fractured} {
		if n.Mean != broken.P || n.SE <= 0 || math.Abs(n.Low-broken.Low) > 1e-12 || math.Abs(n.High-broken.High) > 1e-12 {
			t.Errorf("%s: %+v, want %+v", what, n, broken)
		}
	}
}

// TestRetainedShareHasAnInterval: of one post everything stays or nothing, so that the
// mean of what is retained is a share of worlds and has Wilson's interval; an exact one
// has none. A wave that is always the same may yet be another in a world not drawn.
func TestRetainedShareHasAnInterval(t *testing.T) {
	s := onePost(t, "0.3")
	in := queries.PurgeInput{Targets: []graph.ID{"g"}, Params: worlds.DefaultParams(), Draw: worlds.Draw{Method: worlds.Sampled, Samples: 50, Seed: 1}}
	o := purgeOf(t, s, in).Institutions[0]
	stays, staff := estimate.Wilson(50-o.Fractured.Count, 50), o.Supports[0]
	if stays.Count == 0 || stays.Count == 50 {
		t.Fatalf("%d of 50 worlds: take another seed", stays.Count)
	}
	// s/√n with s² = p(1 − p)·n/(n − 1).
	se := math.Sqrt(stays.P * (1 - stays.P) / 49)
	for what, pair := range map[string][2]float64{
		"mean": {staff.Mean, stays.P}, "low": {staff.Low, stays.Low}, "high": {staff.High, stays.High}, "se": {staff.SE, se},
		"data": {staff.Data.Low, estimate.Wilson(50, 50).Low}, "records": {staff.Records.Low, estimate.Wilson(50, 50).Low},
		"wave": {o.Wave.High, estimate.Wilson(0, o.Fractured.Count).High * 32},
	} {
		if math.Abs(pair[0]-pair[1]) > 1e-9 {
			t.Errorf("%s: %g, want %g", what, pair[0], pair[1])
		}
	}
	in.Method = worlds.Exact
	o = purgeOf(t, s, in).Institutions[0]
	staff = o.Supports[0]
	if staff.Mean != 0.7 || staff.SE != 0 || staff.Low != 0.7 || staff.High != 0.7 || staff.Data.Low != 1 || staff.Records.Low != 1 || o.Wave.High != 0 {
		t.Errorf("exact: %+v, wave %+v", staff, o.Wave)
	}
}

// TestRetainedShareIsCovered: of 600 draws of 64 worlds the intervals of what a staff of
// five posts retains hold the exact mean in at least 93 of a hundred.
func TestRetainedShareIsCovered(t *testing.T) {
	t.Parallel()
	var notation strings.Builder
	notation.WriteString("group g\ninstitution office types=office authorisedPosts=5\n")
	for i, confidence := range []string{"0.2", "0.5", "0.05", "0.9", "0.35"} {
		n := string(rune('a' + i))
		fmt.Fprintf(&notation, "person %[1]s\npost s%[1]s\ns%[1]s POST_IN office\n%[1]s HOLDS s%[1]s conf=0.8\n%[1]s MEMBER_OF g conf=%[2]s\n", n, confidence)
	}
	s := snapshotOf(t, notation.String())
	in := queries.PurgeInput{Targets: []graph.ID{"g"}, Params: worlds.DefaultParams(), Draw: worlds.Draw{Method: worlds.Exact}}
	exact := purgeOf(t, s, in).Institutions[0].Supports[0].Mean
	in.Method, in.Samples = worlds.Sampled, 64
	held, draws := 0, 600
	for seed := range draws {
		in.Seed = uint64(seed)
		staff := purgeOf(t, s, in).Institutions[0].Supports[0]
		if staff.Low <= exact && exact <= staff.High {
			held++
		}
	}
	if share := float64(held) / float64(draws); share < 0.93 || share > 0.99 {
		t.Errorf("%g of the intervals hold %g", share, exact)
	}
}

// courts are four courts of a judge each, members of a group by claims of some
// confidence; two of these are defaults, 0.6.
func courts(t *testing.T) *projection.Snapshot {
	t.Helper()
	var notation strings.Builder
	notation.WriteString("group g\n")
	for i, confidence := range []string{"0.3", "default", "0.15", "default"} {
		n := string(rune('a' + i))
		fmt.Fprintf(&notation, "person %[1]s\npost s%[1]s\ninstitution %[1]scourt types=court authorisedPosts=1\n"+
			"s%[1]s POST_IN %[1]scourt\n%[1]s HOLDS s%[1]s\n%[1]s MEMBER_OF g conf=%[2]s\n", n, confidence)
	}
	// The first judge takes another court with him.
	notation.WriteString("post extra\ninstitution ecourt types=court authorisedPosts=1\nextra POST_IN ecourt\na HOLDS extra\n")
	return snapshotOf(t, notation.String())
}

// TestDoubtsAreCovered: of 400 draws of 100 worlds the intervals of the variance of the
// number of courts that break, of the answer given a tie and of the share that rests on
// defaults hold what is exact in at least 92 of a hundred.
func TestDoubtsAreCovered(t *testing.T) {
	t.Parallel()
	s := courts(t)
	figures := func(d worlds.Draw) map[string]estimate.Amount {
		in := queries.DefaultVerify()
		in.Targets, in.Draw = []graph.ID{"g"}, d
		r, err := queries.Verify(t.Context(), s, in)
		if err != nil {
			t.Fatal(err)
		}
		p := purgeOf(t, s, queries.PurgeInput{
			Targets: in.Targets, Params: in.Params, Draw: d, Defaults: true,
		})
		if p.Defaults.Method != d.Method || d.Method == worlds.Sampled && p.Defaults.Samples != d.Samples {
			t.Errorf("asked by %s in %d worlds, the share of defaults is by %s in %d", d.Method, d.Samples, p.Defaults.Method, p.Defaults.Samples)
		}
		out := map[string]estimate.Amount{"now": r.Now, "variance": r.Variance, "resting": p.Defaults.Share}
		for _, tie := range r.Ties {
			if tie.From.ID == "a" {
				out["if true"], out["if false"], out["shift"] = tie.IfTrue, tie.IfFalse, tie.Shift
				out["importance"], out["explained"] = tie.Importance, tie.Explained
			}
		}
		return out
	}
	exact := figures(worlds.Draw{Method: worlds.Exact})
	// Var = 4·0.3·0.7 + 2·0.6·0.4 + 0.15·0.85, of which the tie of a takes the first term.
	if variance := 0.84 + 0.48 + 0.1275; math.Abs(exact["variance"].Value-variance) > 1e-8 || math.Abs(exact["explained"].Value-0.84/variance) > 1e-8 ||
		math.Abs(exact["resting"].Value-1.2/1.95) > 1e-8 || math.Abs(exact["shift"].Value-0.84) > 1e-8 {
		t.Errorf("exact: %+v", exact)
	}
	held, draws := map[string]int{}, 400
	for seed := range draws {
		for what, got := range figures(worlds.Draw{Method: worlds.Sampled, Samples: 100, Seed: uint64(seed)}) {
			if got.SE > 0 && got.Low <= exact[what].Value && exact[what].Value <= got.High {
				held[what]++
			}
		}
	}
	for what := range exact {
		if held[what] < draws*92/100 {
			t.Errorf("%s: %d of %d intervals hold %g", what, held[what], draws, exact[what].Value)
		}
	}
}

// TestNothingRestsOnDefaultsThatWereSeen: a share of none or of all has an upper and a
// lower bound, Wilson's of the worlds in which something fractures.
func TestNothingRestsOnDefaultsThatWereSeen(t *testing.T) {
	for notation, want := range map[string]float64{"default": 1, "0.6": 0} {
		s := snapshotOf(t, `
group g
person p
person other
post s
institution office types=office authorisedPosts=1
s POST_IN office
p HOLDS s
other MEMBER_OF g conf=default
p MEMBER_OF g conf=`+notation)
		p := purgeOf(t, s, queries.PurgeInput{
			Targets: []graph.ID{"g"}, Params: worlds.DefaultParams(), Draw: worlds.Draw{Method: worlds.Sampled, Samples: 60, Seed: 1}, Defaults: true,
		})
		broken := p.Institutions[0].Fractured.Count
		edge := estimate.Wilson(0, broken).High
		low, high := 0.0, edge
		if want == 1 {
			low, high = 1-edge, 1
		}
		if got := p.Defaults.Share; got.Value != want || got.SE != 0 || math.Abs(got.Low-low) > 1e-9 || math.Abs(got.High-high) > 1e-9 {
			t.Errorf("%s: %+v, want %g (%g–%g)", notation, got, want, low, high)
		}
	}
}
