package queries_test

import (
	"slices"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
	"github.com/google/go-cmp/cmp/cmpopts"

	"entangle/graph"
	"entangle/graph/projection"
	"entangle/queries"
	"entangle/queries/worlds"
)

// TestWhatBearsOnAnExposure: the page of the questions names the parameters that an exposure
// hangs on, and no others.
func TestWhatBearsOnAnExposure(t *testing.T) {
	s := snapshotOf(t, fewCoins+`
	c INFLUENCES ministry weight=0.5
	p6 INFLUENCES office
	p6 MEMBER_OF c
	institution part types=brigade
	part PART_OF agency class=command
	b CONTROLS part
	office LOYAL_TO a
	stream money
	money FUNDS office weight=0.5
	c CONTROLS money weight=0.4
	s2 REPORTS_TO s1
	s3 REPORTS_TO s2
	institution bureau types=court
	person judge
	post bench
	judge HOLDS bench
	bench POST_IN bureau
	judge MEMBER_OF a conf=0.6
	a CONTROLS bureau form=staffing weight=0.3 conf=0.5
	institution other types=unit echelon=company
	other PART_OF agency class=command
	group d
	d PART_OF a
	a RIVAL_OF b
	a ALLIED_WITH c`)
	of := func(p worlds.Params) []queries.Exposure {
		r, err := queries.ExposureOf(t.Context(), s, queries.ExposureInput{Params: p, Evidence: 100})
		if err != nil {
			t.Fatal(err)
		}
		return r.Pairs
	}
	was := of(worlds.DefaultParams())
	var bear []string
	for _, row := range worlds.Parameters() {
		for _, value := range []float64{row.Low, (row.Low + min(row.High, 1)) / 2, min(row.High, 40)} {
			p := worlds.DefaultParams()
			if row.Switch() {
				on := row.Of(&p).(*bool)
				*on = !*on
			} else {
				row.Set(&p, value)
			}
			if !cmp.Equal(was, of(p), cmpopts.IgnoreTypes(projection.Ref{})) && !slices.Contains(bear, row.Name) {
				bear = append(bear, row.Name)
			}
		}
	}
	for name, change := range map[string]func(p *worlds.Params){
		"leadingPosts": func(p *worlds.Params) { p.LeadingPosts = map[string]int{"court": 50} },
		"headcount":    func(p *worlds.Params) { p.Headcount = map[string]int{"company": 7} },
		"requirements": func(p *worlds.Params) {
			p.Requirements.ByInstitution = map[graph.ID]worlds.Needs{"ministry": {worlds.Staff: {Need: 0.1}}}
		},
	} {
		p := worlds.DefaultParams()
		change(&p)
		if !cmp.Equal(was, of(p)) {
			bear = append(bear, name)
		}
	}
	slices.Sort(bear)
	for i := range bear {
		bear[i] = "`" + bear[i] + "`"
	}
	last := len(bear) - 1
	want := "Of the parameters of the model " + strings.Join(bear[:last], ", ") + " and " + bear[last] + " bear on an exposure"
	if !strings.Contains(strings.Join(strings.Fields(readModel(t)), " "), want) {
		t.Errorf("docs/questions.md does not say %q", want)
	}
}
