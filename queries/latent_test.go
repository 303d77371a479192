package queries_test

import (
	"crypto/sha256"
	"encoding/hex"
	"fmt"
	"math"
	"testing"

	"entangle/graph"
	"entangle/graph/projection"
	"entangle/queries"
	"entangle/queries/estimate"
	"entangle/queries/querytest"
	"entangle/queries/worlds"
)

// Two persons hold the two posts of an office that needs half of its staff: it
// fractures where both are members of the group. One source says both, another
// says the third.
const oneSource = `
	group g
	person a
	person b
	person c
	post x
	post y
	source report
	source leaflet
	institution office types=office
	a HOLDS x
	b HOLDS y
	x POST_IN office
	y POST_IN office
	a MEMBER_OF g conf=0.8 source=report
	b MEMBER_OF g conf=0.3 source=report
	c MEMBER_OF g conf=0.5 source=leaflet`

func snapshotOf(tb testing.TB, data string) *projection.Snapshot {
	tb.Helper()
	batch, err := querytest.Batch(data)
	if err != nil {
		tb.Fatal(err)
	}
	s, err := projection.FromBatch(batch, projection.Options{AsOf: graph.DayOf(2020, 1, 1), Tenures: true})
	if err != nil {
		tb.Fatal(err)
	}
	return s
}

// bareParams: no response, and half of the staff is enough.
func bareParams() worlds.Params {
	p := worlds.DefaultParams()
	p.Rally, p.Defection, p.Contagion = false, false, false
	p.Requirements.ByType["office"] = worlds.Needs{worlds.Staff: {Need: 0.5, Floor: 0}}
	return p
}

func purgeOf(tb testing.TB, s *projection.Snapshot, in queries.PurgeInput) *queries.PurgeReport {
	tb.Helper()
	r, err := queries.Purge(tb.Context(), s, in)
	if err != nil {
		tb.Fatal(err)
	}
	return r
}

// chanceOf is the chance that an institution fractures, 0 where it is not listed.
func chanceOf(r *queries.PurgeReport, id graph.ID) estimate.Estimate {
	for _, o := range r.Institutions {
		if o.ID == id {
			return o.Fractured
		}
	}
	return estimate.Estimate{}
}

// agrees says whether a chance is within 4.5 standard errors of what it should be:
// one in 150,000 misses by luck.
func agrees(e estimate.Estimate, want float64) bool {
	tolerance := 2e-9
	if e.Worlds > 0 {
		tolerance += 4.5 * math.Sqrt(want*(1-want)/float64(e.Worlds))
	}
	return math.Abs(e.P-want) <= tolerance
}

// TestSourceCorrelation: P(both) = ρ²·min + (1 − ρ²)·product, exact and sampled;
// each tie keeps its own probability, and the lone tie of a source its own coin.
func TestSourceCorrelation(t *testing.T) {
	t.Parallel()
	s := snapshotOf(t, oneSource)
	for rho, coins := range map[float64]int{0: 3, 0.5: 7, 0.9: 7, 1: 3} {
		p := bareParams()
		p.SourceCorrelation = rho
		both := rho*rho*0.3 + (1-rho*rho)*0.8*0.3
		in := queries.PurgeInput{Targets: []graph.ID{"g"}, Params: p, Draw: worlds.Draw{Method: worlds.Exact, Seed: 5}}
		exact := purgeOf(t, s, in)
		if got := chanceOf(exact, "office").P; math.Abs(got-both) > 2e-9 {
			t.Errorf("ρ %g: both with %.10f, want %.10f", rho, got, both)
		}
		if exact.Basis.Coins != coins {
			t.Errorf("ρ %g: %d coins matter, want %d", rho, exact.Basis.Coins, coins)
		}
		in.Method, in.Samples = worlds.Sampled, 20000
		drawn := purgeOf(t, s, in)
		if e := chanceOf(drawn, "office"); !agrees(e, both) {
			t.Errorf("ρ %g: sampled %v, want %.4f", rho, e, both)
		}
		for _, r := range []*queries.PurgeReport{exact, drawn} {
			for _, l := range r.Lost {
				want := map[graph.ID]float64{"a": 0.8, "b": 0.3, "c": 0.5}[l.ID]
				if !agrees(l.Chance, want) {
					t.Errorf("ρ %g: %s is lost with %v, its tie stands with %g", rho, l.ID, l.Chance, want)
				}
			}
		}
	}
}

// TestSourceCorrelationOfAlternatives: contradicting claims are one draw, whatever
// their sources.
func TestSourceCorrelationOfAlternatives(t *testing.T) {
	t.Parallel()
	s := snapshotOf(t, `
		group g
		person a
		person b
		source report
		a MEMBER_OF g conf=0.6 source=report set=who
		b MEMBER_OF g conf=0.4 source=report set=who
		institution i`)
	p := bareParams()
	p.SourceCorrelation = 1
	r := purgeOf(t, s, queries.PurgeInput{Targets: []graph.ID{"g"}, Params: p, Draw: worlds.Draw{Method: worlds.Exact}})
	if len(r.Lost) != 2 || r.Lost[0].Chance.P != 0.6 || r.Lost[1].Chance.P != 0.4 || r.Basis.Coins != 1 {
		t.Errorf("got %v over %d coins", r.Lost, r.Basis.Coins)
	}
}

// TestIndependentTiesStayTheSame: without correlation the coins are those of the
// generator's name, and a source that is cited changes nothing. The hashes were
// taken before there was a correlation.
func TestIndependentTiesStayTheSame(t *testing.T) {
	t.Parallel()
	for seed, want := range goldenCases {
		c := purgeCases.Example(seed)
		c.params.DeputyShare, c.params.Switchover, c.params.OwnShare = 0, 0, 1 // there were none, and nothing was own
		for _, cited := range []bool{false, true} {
			if cited {
				c.batch.Nodes = append(c.batch.Nodes, graph.Node{ID: "report", Kind: graph.Source, Names: []graph.Name{{Text: "report"}}})
				for i := range c.batch.Ties {
					c.batch.Ties[i].Citations = []graph.Citation{{Source: "report"}}
				}
			}
			s, err := projection.FromBatch(c.batch, projection.Options{AsOf: graph.DayOf(2020, 1, 1)})
			if err != nil {
				t.Fatal(err)
			}
			h := sha256.New()
			for _, m := range []worlds.Method{worlds.Sampled, worlds.Auto} {
				r := purgeOf(t, s, queries.PurgeInput{Targets: c.targets, Params: c.params, Draw: worlds.Draw{Method: m, Samples: 300, Seed: 9}})
				for _, o := range r.Institutions[:r.Touched] {
					fmt.Fprintln(h, o.ID, o.Fractured, nine(o.Intact.P), nine(o.Collapsed.P), figures(o.Supports))
				}
				fmt.Fprintln(h, r.Lost, r.Struck, r.Rallied, r.Basis.Coins)
			}
			if got := hex.EncodeToString(h.Sum(nil)[:4]); got != want {
				t.Errorf("case %d, cited %t: hash %s, want %s\n%s", seed, cited, got, want, c)
			}
		}
	}
}

// TestSourceCorrelationExactAndSampled: both ways of drawing the shared numbers
// agree on random graphs in which every tie cites one of two sources.
func TestSourceCorrelationExactAndSampled(t *testing.T) {
	t.Parallel()
	checked := 0
	for seed := range 60 {
		c := purgeCases.Example(seed)
		c.params.SourceCorrelation = []float64{0.3, 0.7, 1}[seed%3]
		for _, id := range []graph.ID{"s1", "s2"} {
			c.batch.Nodes = append(c.batch.Nodes, graph.Node{ID: id + "-report", Kind: graph.Source, Names: []graph.Name{{Text: string(id)}}})
		}
		for i := range c.batch.Ties {
			c.batch.Ties[i].Citations = []graph.Citation{{Source: []graph.ID{"s1-report", "s2-report"}[i%2]}}
		}
		s, err := projection.FromBatch(c.batch, projection.Options{AsOf: graph.DayOf(2020, 1, 1)})
		if err != nil {
			t.Fatal(err)
		}
		in := queries.PurgeInput{Targets: c.targets, Params: c.params, Draw: worlds.Draw{Samples: 20000, Seed: uint64(seed)}}
		exact := purgeOf(t, s, in)
		if exact.Basis.Method != worlds.Exact {
			continue
		}
		in.Method = worlds.Sampled
		drawn := purgeOf(t, s, in)
		for _, o := range exact.Institutions {
			checked++
			if got := chanceOf(drawn, o.ID); !agrees(got, o.Fractured.P) {
				t.Errorf("case %d, %s: sampled %v, exact %.4f\n%s", seed, o.ID, got, o.Fractured.P, c)
			}
		}
	}
	if checked < 40 {
		t.Errorf("%d institutions compared", checked)
	}
}

var goldenCases = []string{
	"a5c59bd6", "87c2294d", "b6fed956", "fd94411d",
	"be513293", "9900060b", "bc80520b", "2a46546e",
	"e08204b7", "ba4bb665", "f3873087", "8702007b",
}

// figures are those of supports that the hashes were taken of.
func figures(supports []queries.SupportOutcome) any {
	type row struct {
		Support                   worlds.Support
		Requirement               worlds.Requirement
		Data, Mean, Q05, Q50, Q95 float64
		Below                     estimate.Estimate
		Records                   float64
	}
	var out []row
	for _, s := range supports {
		out = append(out, row{s.Support, s.Requirement, nine(s.Data.P), s.Mean, s.Q05, s.Q50, s.Q95, s.Below, s.Records.Value})
	}
	return out
}

// nine rounds to nine digits.
func nine(p float64) float64 { return math.Round(p*1e9) / 1e9 }
