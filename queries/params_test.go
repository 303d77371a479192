package queries_test

import (
	"errors"
	"strings"
	"testing"

	"entangle/graph"
	"entangle/queries"
)

// TestFirstProblemOfTheParameters: of several the first by name is told, every time.
func TestFirstProblemOfTheParameters(t *testing.T) {
	s := snapshotOf(t, "group g")
	low := queries.Needs{queries.Funding: {Need: 2}, queries.Command: {Need: 3}}
	for want, change := range map[string]func(p *queries.Params){
		"controlShare 2 is outside": func(p *queries.Params) { p.Solidarity, p.ControlShare, p.Walkout = 2, 2, 2 },
		"need 3": func(p *queries.Params) {
			p.Requirements.ByType = map[string]queries.Needs{"a": low, "b": {queries.Staff: {Need: 4}}}
		},
		`prior size of "a"`: func(p *queries.Params) { p.LeadingPosts = map[string]int{"c": 0, "a": 0, "b": 0} },
	} {
		for range 20 {
			in := queries.PurgeInput{Targets: []graph.ID{"g"}, Params: queries.DefaultParams()}
			change(&in.Params)
			if _, err := queries.Purge(t.Context(), s, in); !errors.Is(err, queries.ErrInput) || !strings.Contains(err.Error(), want) {
				t.Fatalf("got %v, want one that says %q", err, want)
			}
		}
	}
}
