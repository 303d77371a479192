package storecopy_test

import (
	"errors"
	"strings"
	"testing"

	"entangle/graph"
	"entangle/graph/storecopy"
)

func contains(err error, part string) bool { return err != nil && strings.Contains(err.Error(), part) }

// TestHashChangesWithAnything: every field counts, for Read as for Compare.
func TestHashChangesWithAnything(t *testing.T) {
	source := graph.Node{ID: "s", Kind: graph.Source, Names: []graph.Name{{Text: "Source", Kind: graph.PrimaryName}}}
	base := func() graph.Batch {
		return graph.Batch{
			Load: graph.Load{ID: "load-1", Dataset: "d", Format: "f"},
			Nodes: []graph.Node{source, {
				ID: "p", Kind: graph.Person, Names: []graph.Name{{Text: "P", Lang: "en", Kind: graph.PrimaryName}},
				Props: graph.Props{"born": {"1970"}}, Aliases: []string{"x:1"}, Types: []string{"t"}, Citations: []graph.Citation{{Source: "s"}},
			}, {ID: "g", Kind: graph.Group, Names: []graph.Name{{Text: "G", Kind: graph.PrimaryName}}}},
			Ties: []graph.Tie{{ID: "t", Type: graph.MemberOf, From: "p", To: "g", Confidence: graph.Stated(0.5), Note: "n"}},
		}
	}
	plain := newStore(t)
	apply(t, plain, base())
	want := read(t, plain)
	for name, change := range map[string]func(*graph.Batch){
		"nothing":      func(*graph.Batch) {},
		"a name":       func(b *graph.Batch) { b.Nodes[1].Names[0].Text = "Q" },
		"a language":   func(b *graph.Batch) { b.Nodes[1].Names[0].Lang = "ar" },
		"a property":   func(b *graph.Batch) { b.Nodes[1].Props["born"] = []string{"1971"} },
		"an alias":     func(b *graph.Batch) { b.Nodes[1].Aliases[0] = "x:2" },
		"a type":       func(b *graph.Batch) { b.Nodes[1].Types = nil },
		"a page":       func(b *graph.Batch) { b.Nodes[1].Citations[0].Page = "2" },
		"a marking":    func(b *graph.Batch) { b.Nodes[1].Marking = graph.Green },
		"a confidence": func(b *graph.Batch) { b.Ties[0].Confidence = graph.Stated(0.6) },
		"a rule":       func(b *graph.Batch) { b.Ties[0].Confidence.Rule = "other" },
		"a weight":     func(b *graph.Batch) { b.Ties[0].Weight = graph.KnownShare(0) },
		"a note":       func(b *graph.Batch) { b.Ties[0].Note = "" },
		"a status":     func(b *graph.Batch) { b.Ties[0].Status = graph.Rejected },
		"a load":       func(b *graph.Batch) { b.Load.Dataset = "e" },
		"a tie's id":   func(b *graph.Batch) { b.Ties[0].ID = "u" },
	} {
		t.Run(name, func(t *testing.T) {
			s, b := newStore(t), base()
			change(&b)
			apply(t, s, b)
			got := read(t, s)
			if same := got == want; same != (name == "nothing") {
				t.Errorf("%+v, before the change %+v", got, want)
			}
			x, err := plain.View(t.Context(), graph.Red)
			if err != nil {
				t.Fatal(err)
			}
			defer x.Close()
			y, err := s.View(t.Context(), graph.Red)
			if err != nil {
				t.Fatal(err)
			}
			defer y.Close()
			_, err = storecopy.Compare(t.Context(), x, y, storecopy.Options{})
			if name == "nothing" && err != nil || name != "nothing" && !errors.Is(err, storecopy.ErrDiffer) {
				t.Errorf("compared: %v", err)
			}
		})
	}
}
