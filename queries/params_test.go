package queries_test

import (
	"errors"
	"reflect"
	"slices"
	"strings"
	"testing"

	"entangle/graph"
	"entangle/queries"
	"entangle/queries/worlds"
)

// TestFirstProblemOfTheParameters: of several the first in the order of the table is told, every time.
func TestFirstProblemOfTheParameters(t *testing.T) {
	s := snapshotOf(t, "group g")
	low := worlds.Needs{worlds.Funding: {Need: 2}, worlds.Command: {Need: 3}}
	for want, change := range map[string]func(p *worlds.Params){
		"solidarity 2 is outside":            func(p *worlds.Params) { p.Solidarity, p.ControlShare, p.Walkout = 2, 2, 2 },
		"maxWaves 1024 is outside 0 to 1023": func(p *worlds.Params) { p.MaxWaves = 1024 },
		"need 3": func(p *worlds.Params) {
			p.Requirements.ByType = map[string]worlds.Needs{"a": low, "b": {worlds.Staff: {Need: 4}}}
		},
		`prior size of "a"`: func(p *worlds.Params) { p.LeadingPosts = map[string]int{"c": 0, "a": 0, "b": 0} },
	} {
		for range 20 {
			in := queries.PurgeInput{Targets: []graph.ID{"g"}, Params: worlds.DefaultParams()}
			change(&in.Params)
			if _, err := queries.Purge(t.Context(), s, in); !errors.Is(err, worlds.ErrInput) || !strings.Contains(err.Error(), want) {
				t.Fatalf("got %v, want one that says %q", err, want)
			}
		}
	}
}

// TestUnknownTypes: a type that nothing has is refused where it stands, and one that the
// data alone has is taken.
func TestUnknownTypes(t *testing.T) {
	s := snapshotOf(t, "group g\ninstitution i")
	needs := worlds.Needs{worlds.Staff: {Need: 0.5}}
	for want, change := range map[string]func(p *worlds.Params){
		`prior size of type "ministries"`:  func(p *worlds.Params) { p.Headcount = map[string]int{"ministry": 5, "ministries": 5} },
		`requirement of type "ministries"`: func(p *worlds.Params) { p.Requirements.ByType = map[string]worlds.Needs{"ministries": needs} },
		`requirement of institution "j"`: func(p *worlds.Params) {
			p.Requirements.ByInstitution = map[graph.ID]worlds.Needs{"i": needs, "j": needs}
		},
		`requirement of "g", which is a Group`: func(p *worlds.Params) { p.Requirements.ByInstitution = map[graph.ID]worlds.Needs{"g": needs} },
	} {
		in := queries.PurgeInput{Targets: []graph.ID{"g"}, Params: worlds.DefaultParams()}
		change(&in.Params)
		if _, err := queries.Purge(t.Context(), s, in); err == nil || !strings.Contains(err.Error(), want) {
			t.Errorf("got %v, want one that says %s", err, want)
		}
	}
	in := queries.DefaultStage()
	in.Targets, in.RecoveryByType = []graph.ID{"g"}, map[string]int{"ministries": 1}
	if _, err := queries.Stage(t.Context(), s, in); !errors.Is(err, worlds.ErrInput) || !strings.Contains(err.Error(), `recovery of type "ministries"`) {
		t.Errorf("stage: %v", err)
	}
	frontier := queries.DefaultFrontier()
	frontier.Groups, frontier.Weights.ByType = []graph.ID{"g"}, map[string]float64{"ministries": 0}
	if _, err := queries.Frontier(t.Context(), s, frontier); !errors.Is(err, worlds.ErrInput) || !strings.Contains(err.Error(), `weight of type "ministries"`) {
		t.Errorf("frontier: %v", err)
	}
}

// TestEveryParameterHasARow: each number and switch of Params has one row in the table, of
// its name, that leads to it, with a help and a default within its range.
func TestEveryParameterHasARow(t *testing.T) {
	p := worlds.DefaultParams()
	v, rows := reflect.ValueOf(&p).Elem(), 0
	for _, f := range reflect.VisibleFields(v.Type()) {
		switch f.Type.Kind() {
		case reflect.Bool, reflect.Int, reflect.Float64:
		default: // a table of its own
			continue
		}
		rows++
		name := strings.ToLower(f.Name[:1]) + f.Name[1:]
		at := slices.IndexFunc(worlds.Parameters(), func(p worlds.Parameter) bool { return p.Name == name })
		if at < 0 {
			t.Errorf("Params.%s has no row in worlds.Parameters", f.Name)
			continue
		}
		row := worlds.Parameters()[at]
		if reflect.ValueOf(row.Of(&p)).Pointer() != v.FieldByIndex(f.Index).Addr().Pointer() {
			t.Errorf("the row %s leads to another field", row.Name)
		}
		if row.Help == "" || row.Switch() != (f.Type.Kind() == reflect.Bool) || !row.Switch() && row.Low >= row.High {
			t.Errorf("%s: help %q, switch %t, %g to %g", row.Name, row.Help, row.Switch(), row.Low, row.High)
		}
		if row.Vary != nil && (row.Vary[0] < row.Low || row.Vary[1] > row.High || row.Vary[0] >= row.Vary[1]) {
			t.Errorf("%s is varied from %g to %g, outside %g to %g", row.Name, row.Vary[0], row.Vary[1], row.Low, row.High)
		}
	}
	if rows != len(worlds.Parameters()) {
		t.Errorf("%d rows for %d parameters", len(worlds.Parameters()), rows)
	}
}
