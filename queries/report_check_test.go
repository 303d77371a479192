package queries_test

import (
	"encoding/json"
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

// load reads a graph in the notation of querytest.
func load(tb testing.TB, notation string) graph.Batch {
	tb.Helper()
	b, err := querytest.Batch(notation)
	if err != nil {
		tb.Fatal(err)
	}
	return b
}

// checkReport returns what cannot be in an answer.
func checkReport(r *queries.PurgeReport) []string {
	var out []string
	share := func(what string, v float64) {
		if !(v >= 0 && v <= 1) {
			out = append(out, fmt.Sprintf("%s is %g", what, v))
		}
	}
	probability := func(what string, e estimate.Estimate) {
		for _, v := range []float64{e.P, e.Low, e.High} {
			share(what, v)
		}
		if e.P < e.Low-1e-12 || e.P > e.High+1e-12 {
			out = append(out, fmt.Sprintf("%s: %g lies outside %g to %g", what, e.P, e.Low, e.High))
		}
	}
	// A sampled mean of shares is never so sure that its interval has no width; an exact
	// one has none.
	amount := func(what string, a estimate.Amount) {
		for _, v := range []float64{a.Value, a.Low, a.High} {
			share(what, v)
		}
		exact := r.Basis.Method == worlds.Exact
		if a.Value < a.Low || a.Value > a.High || !(a.SE >= 0) || exact != (a.Low == a.High) || exact && a.SE != 0 {
			out = append(out, fmt.Sprintf("%s: %+v", what, a))
		}
	}
	for _, o := range r.Institutions {
		id := string(o.ID)
		probability(id, o.Fractured)
		for _, v := range []float64{o.Intact.P, o.Strained.P, o.FracturedOnly.P, o.Collapsed.P, o.Coverage} {
			share(id, v)
		}
		if sum := o.Intact.P + o.Strained.P + o.FracturedOnly.P + o.Collapsed.P; math.Abs(sum-1) > 4e-9 {
			out = append(out, fmt.Sprintf("%s: the classes sum to %g", id, sum))
		}
		if math.Abs(o.FracturedOnly.P+o.Collapsed.P-o.Fractured.P) > 2e-9 || o.Intact.P == 1 && o.Intact.Low == 1 {
			out = append(out, fmt.Sprintf("%s: fractured %g of %+v", id, o.Fractured.P, o))
		}
		if (o.Wave == nil) != (o.Fractured.P == 0) && r.Basis.Method == worlds.Sampled {
			out = append(out, fmt.Sprintf("%s: wave %v at %g", id, o.Wave, o.Fractured.P))
		}
		for _, s := range o.Supports {
			name := id + " " + s.Support.String()
			probability(name, s.Below)
			probability(name+" data", s.Data)
			amount(name, estimate.Amount{Value: s.Mean, SE: s.SE, Low: s.Low, High: s.High})
			amount(name+" records", s.Records)
			for _, v := range []float64{s.Q05, s.Q50, s.Q95} {
				share(name, v)
			}
			if s.Q05 > s.Q50 || s.Q50 > s.Q95 || s.Below.P > s.Data.P+2e-9 {
				out = append(out, fmt.Sprintf("%s: %+v", name, s))
			}
		}
	}
	for _, list := range [][]queries.Likely{r.Struck, r.Rallied, r.Lost} {
		for _, l := range list {
			probability(string(l.ID), l.Chance)
		}
	}
	probability("none", r.None)
	if r.Fractured.Mean > float64(len(r.Institutions))+1e-9 || r.Fractured.Q05 > r.Fractured.Q95 {
		out = append(out, fmt.Sprintf("number of fractured: %+v", r.Fractured))
	}
	if _, err := json.Marshal(r); err != nil {
		out = append(out, err.Error())
	}
	return out
}

// wild replaces figures of a case by ones at the edge of what is valid.
func wild(c purgeCase, choose chooser) purgeCase {
	d := drawing{chooser: choose}
	for i := range c.batch.Nodes {
		n := &c.batch.Nodes[i]
		switch n.Kind {
		case graph.Institution:
			n.Props = n.Props.Set("strength", d.some([]string{"", "0", "1", "2147483647"}))
			n.Props = n.Props.Set("authorisedPosts", d.some([]string{"", "0", "1", "2147483647"}))
		case graph.Post:
			n.Props = n.Props.Set("seats", d.some([]string{"", "1", "2", "2147483647"}))
		default:
		}
	}
	for i := range c.batch.Ties {
		tie := &c.batch.Ties[i]
		tie.Confidence.Value = math.Pow(float64(choose.upTo(255, "confidence"))/255, 4)
		tie.Weight = graph.Share{Value: math.Pow(float64(choose.upTo(255, "weight"))/255, 3), Known: !d.oneIn(3, "known")}
	}
	return c
}

// FuzzPurge: no graph makes a purge panic or answer what cannot be. Each byte is a
// choice.
func FuzzPurge(f *testing.F) {
	for seed := range 8 {
		text := make([]byte, 300)
		for i := range text {
			text[i] = byte((i*i + 31*i*seed + seed*seed) >> 2)
		}
		f.Add(text, seed%2 == 0)
	}
	f.Fuzz(func(t *testing.T, choices []byte, edges bool) {
		next := func(n int) int {
			if len(choices) == 0 {
				return 0
			}
			c := int(choices[0]) % n
			choices = choices[1:]
			return c
		}
		choose := chooser{
			upTo: func(n int, _ string) int { return next(n + 1) },
			pick: func(n int, _ string) int { return next(n) },
		}
		c := drawCase(choose)
		if edges {
			c = wild(c, choose)
		}
		s, err := projection.FromBatch(c.batch, someDay)
		if err != nil {
			t.Fatal(err)
		}
		methods := []worlds.Method{worlds.Sampled, worlds.Auto}
		if edges {
			methods = methods[:1] // every tie is uncertain: to go through all worlds takes long
		}
		for _, method := range methods {
			r, err := queries.Purge(t.Context(), s, queries.PurgeInput{
				Targets: c.targets, Params: c.params, Draw: worlds.Draw{Method: method, Samples: 70, Seed: 1}, Explain: 5,
			})
			if err != nil {
				t.Fatal(err)
			}
			if problems := append(checkReport(r), checkWitnesses(r)...); len(problems) > 0 {
				t.Fatalf("%s: %v\n%s", method, problems, c)
			}
		}
	})
}
