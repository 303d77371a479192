package queries_test

import (
	"fmt"
	"math"
	"strings"
	"testing"

	"entangle/graph"
	"entangle/queries"
	"entangle/queries/worlds"
)

// crowd is Granovetter's: n institutions that all depend on each other in equal
// parts, of which institution i falls when thresholds[i] of the others have. The
// ones with threshold 0 are held whole by a group, which is the purge.
func crowd(tb testing.TB, thresholds []int) (graph.Batch, worlds.Params) {
	tb.Helper()
	n := len(thresholds)
	var text strings.Builder
	fmt.Fprintf(&text, "group riot\ninstitution i{0..%d}\n", n-1)
	p := worlds.DefaultParams()
	p.MaxWaves = 127
	p.OwnShare = 1 // the instigator counts
	p.Requirements.ByInstitution = map[graph.ID]worlds.Needs{}
	for i, k := range thresholds {
		id := graph.ID(fmt.Sprint("i", i))
		for j := range n {
			if j != i {
				fmt.Fprintf(&text, "%s DEPENDS_ON i%d\n", id, j)
			}
		}
		if k == 0 {
			fmt.Fprintf(&text, "riot CONTROLS %s form=staffing weight=1\n", id)
			continue
		}
		// With m of n−1 fallen (n−1−m)/(n−1) is retained, which is under
		// (n−1−k+½)/(n−1) if and only if m ≥ k.
		need := (float64(n-1-k) + 0.5) / float64(n-1)
		p.Requirements.ByInstitution[id] = worlds.Needs{worlds.Provision: {Need: need}}
	}
	return load(tb, text.String()), p
}

// TestGranovetter: M. Granovetter 1978, American Journal of Sociology
// 83:1420. Thresholds 0, 1, …, 99: one
// after the other all 100 join. With a 2 in the place of the 1 the instigator
// stays alone.
func TestGranovetter(t *testing.T) {
	t.Parallel()
	thresholds := seq(100)
	for name, tt := range map[string]struct {
		second, want, waves int
	}{"one each": {1, 100, 99}, "a 2 for the 1": {2, 1, 0}} {
		t.Run(name, func(t *testing.T) {
			thresholds[1] = tt.second
			b, p := crowd(t, thresholds)
			r := answer(t, b, queries.PurgeInput{Targets: []graph.ID{"riot"}, Params: p, Draw: worlds.Draw{Method: worlds.Exact}})
			if got := r.Fractured.Mean; got != float64(tt.want) {
				t.Errorf("%g fractured, want %d", got, tt.want)
			}
			if r.Basis.Waves != tt.waves || !r.Basis.Converged {
				t.Errorf("%d waves, converged %t, want %d and true", r.Basis.Waves, r.Basis.Converged, tt.waves)
			}
		})
	}
	thresholds[1] = 1
	b, p := crowd(t, thresholds)
	p.MaxWaves = 50 // thresholds 0 to 50 fall in waves 0 to 50
	r := answer(t, b, queries.PurgeInput{Targets: []graph.ID{"riot"}, Params: p, Draw: worlds.Draw{Method: worlds.Exact}})
	if r.Fractured.Mean != 51 || r.Basis.Converged {
		t.Errorf("cut at 50 waves: %g fractured, converged %t; want 51 and false", r.Fractured.Mean, r.Basis.Converged)
	}
}

// TestWatts: D. Watts 2002, PNAS 99:5766, on a ring: a node falls when the part of
// its neighbours that fell exceeds φ. Of two neighbours one is half, so that a
// single fall goes all round for φ < 1/2 and nowhere for φ ≥ 1/2; what retains
// exactly what it needs stands. One certain tie makes it a fall in every world.
func TestWatts(t *testing.T) {
	const n = 10
	var text strings.Builder
	fmt.Fprintf(&text, "group g\ninstitution i{0..%d}\ng CONTROLS i0 form=staffing weight=1\n", n-1)
	for i := range n {
		fmt.Fprintf(&text, "i%d DEPENDS_ON i%d weight=0.5\ni%d DEPENDS_ON i%d weight=0.5\n", i, (i+1)%n, i, (i+n-1)%n)
	}
	b := load(t, text.String())
	for _, tt := range []struct {
		phi         float64
		want, waves int
	}{
		{0.1, n, n / 2}, // both ways round the ring
		{0.49, n, n / 2},
		{0.5, 1, 0},
		{0.6, 1, 0},
	} {
		p := worlds.DefaultParams()
		p.OwnShare = 1 // the first to fall counts
		p.Requirements.Default[worlds.Provision] = worlds.Requirement{Need: 1 - tt.phi}
		r := answer(t, b, queries.PurgeInput{Targets: []graph.ID{"g"}, Params: p, Draw: worlds.Draw{Method: worlds.Exact}})
		if r.Fractured.Mean != float64(tt.want) || r.Basis.Waves != tt.waves {
			t.Errorf("φ = %g: %g fell by wave %d, want %d by %d", tt.phi, r.Fractured.Mean, r.Basis.Waves, tt.want, tt.waves)
		}
	}
}

// TestIndependentCascade: on s → a, b and a, b → t with every chance ½ the expected
// number reached is 1 + ½ + ½ + (1 − (1 − ¼)²) = 2.4375 (Kempe, Kleinberg, Tardos
// 2003). Loyalty is a cascade of that kind.
func TestIndependentCascade(t *testing.T) {
	b := load(t, `
		person s
		person a
		person b
		person t
		a LOYAL_TO s
		b LOYAL_TO s
		t LOYAL_TO a
		t LOYAL_TO b`)
	p := worlds.DefaultParams()
	p.Loyalty, p.TieWeight = 0.5, 1
	r := answer(t, b, queries.PurgeInput{Targets: []graph.ID{"s"}, Params: p, Draw: worlds.Draw{Method: worlds.Exact}})
	reached := 0.0
	for _, l := range r.Lost {
		reached += l.Chance.P
	}
	if math.Abs(reached-2.4375) > 1e-8 {
		t.Errorf("expected spread %g, want 2.4375", reached)
	}
}

// TestLongResponse: in a line of 1,000 institutions, each of which needs the one before it,
// the fall of the first takes 999 waves to the last, and each tells its own.
func TestLongResponse(t *testing.T) {
	const n = 1000
	var text strings.Builder
	fmt.Fprintf(&text, "group g\ninstitution i{0..%d}\ng CONTROLS i0 form=staffing weight=1\n", n-1)
	for i := 1; i < n; i++ {
		fmt.Fprintf(&text, "i%d DEPENDS_ON i%d\n", i, i-1)
	}
	p := worlds.DefaultParams()
	p.MaxWaves, p.OwnShare = 1023, 1 // the first counts
	r := answer(t, load(t, text.String()), queries.PurgeInput{Targets: []graph.ID{"g"}, Params: p, Draw: worlds.Draw{Method: worlds.Sampled, Samples: 64, Seed: 1}, Explain: 1})
	if r.Fractured.Mean != n || r.Basis.Waves != n-1 || !r.Basis.Converged {
		t.Errorf("%g fell by wave %d, converged %t", r.Fractured.Mean, r.Basis.Waves, r.Basis.Converged)
	}
	for _, o := range r.Institutions {
		if got := fmt.Sprint("i", o.Wave.Mode); got != string(o.ID) || o.Wave.Earliest != o.Wave.Mode || o.Wave.Mean != float64(o.Wave.Mode) {
			t.Errorf("%s fell in wave %+v", o.ID, *o.Wave)
		}
	}
}
