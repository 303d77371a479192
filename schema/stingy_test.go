package schema_test

import (
	"context"
	"slices"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"entangle/graph"
	"entangle/graph/storetest"
)

// stingy is a store that takes hints at their word: its shared readers give
// nothing but what is wanted, and every second node beside a tie.
type stingy struct {
	graph.Store
	told *[]string // what was announced, as text
}

type stingyView struct {
	graph.View
	told *[]string
}

func (s stingy) View(ctx context.Context, clearance graph.Marking) (graph.View, error) {
	v, err := s.Store.View(ctx, clearance)
	return stingyView{v, s.told}, err
}

func (v stingyView) Shared() graph.Reader { return v }

func (v stingyView) NodesWanted(ctx context.Context, ids []graph.ID, w *graph.Want) (map[graph.ID]*graph.Node, error) {
	found, err := v.NodesByID(ctx, ids)
	out := map[graph.ID]*graph.Node{}
	for id, n := range found {
		out[id] = nodePart(n, w)
	}
	v.tell("nodes", w)
	return out, err
}

func (v stingyView) Adjacent(ctx context.Context, q graph.AdjacentQuery) (map[graph.ID]graph.AdjacentPage, error) {
	pages, err := v.View.Adjacent(ctx, q)
	for id, page := range pages {
		for i, tie := range page.Ties {
			page.Ties[i] = tiePart(tie, q.Want)
			far, err := v.NodesByID(ctx, []graph.ID{tie.Other(id)})
			if err != nil {
				return nil, err
			}
			if page.Far = append(page.Far, nil); i%2 == 0 {
				page.Far[i] = nodePart(far[tie.Other(id)], q.Want)
			}
		}
		pages[id] = page
	}
	v.tell(q.Type.String(), q.Want)
	return pages, err
}

func (v stingyView) tell(what string, w *graph.Want) {
	if v.told != nil {
		*v.told = append(*v.told, strings.Join(outline(what, w), "; "))
	}
}

// outline writes a hint as text.
func outline(what string, w *graph.Want) []string {
	if w == nil {
		return []string{what + " whole"}
	}
	out := []string{what}
	for _, q := range w.Next {
		for _, line := range outline(q.Type.String(), q.Want) {
			out = append(out, "> "+line)
		}
	}
	return out
}

func nodePart(n graph.Node, w *graph.Want) *graph.Node {
	if w == nil {
		return &n
	}
	out := graph.Node{ID: n.ID, Kind: n.Kind, Props: propsPart(n.Props, w.Node)}
	for _, f := range w.Node {
		switch f {
		case "name":
			if out.Names == nil {
				out.Names = []graph.Name{{Text: n.Name()}}
			}
		case "names":
			out.Names = n.Names
		case "types":
			out.Types = n.Types
		case "aliases":
			out.Aliases = n.Aliases
		case "marking":
			out.Marking = n.Marking
		case "load":
			out.Load = n.Load
		case "citations":
			out.Citations = n.Citations
		}
	}
	return &out
}

func tiePart(t graph.Tie, w *graph.Want) graph.Tie {
	if w == nil {
		return t
	}
	out := graph.Tie{ID: t.ID, Type: t.Type, From: t.From, To: t.To, Props: propsPart(t.Props, w.Tie)}
	for _, f := range w.Tie {
		switch f {
		case "span":
			out.Span = t.Span
		case "confidence":
			out.Confidence = t.Confidence
		case "weight":
			out.Weight = t.Weight
		case "grade":
			out.Grade = t.Grade
		case "marking":
			out.Marking = t.Marking
		case "status":
			out.Status = t.Status
		case "conflictSet":
			out.ConflictSet = t.ConflictSet
		case "derived":
			out.Derived, out.DerivedBy = t.Derived, t.DerivedBy
		case "note":
			out.Note = t.Note
		case "load":
			out.Load = t.Load
		case "citations":
			out.Citations = t.Citations
		}
	}
	return out
}

func propsPart(p graph.Props, fields graph.Fields) graph.Props {
	var out graph.Props
	for name, values := range p {
		if slices.Contains(fields, name) {
			out = out.Set(name, values...)
		}
	}
	return out
}

// TestLookAhead: a look-up of nodes announces every further question about ties
// that can be shared, one of ties those behind it; a place behind a cursor, and
// what is only counted, are not announced.
func TestLookAhead(t *testing.T) {
	for name, tt := range map[string]struct {
		query string
		want  []string
	}{
		"down": {
			`{ node(id: "SW5zdGl0dXRpb246Ym9keS0wMDA") { ... on Institution { posts { nodes { holders { nodes { memberOf { edges { node { name } } } } } } } } } }`,
			[]string{"nodes; > POST_IN; > > HOLDS; > > > MEMBER_OF", "POST_IN; > HOLDS; > > MEMBER_OF", "HOLDS; > MEMBER_OF", "nodes", "MEMBER_OF"},
		},
		"beside, and of the kind alone": {
			`{ node(id: "UGVyc29uOnBlcnNvbi0wMDAtMC0w") { ... on Person { memberOf { nodes { key } } holds { pageInfo { hasNextPage } } } ... on Group { members { nodes { key } } } } }`,
			[]string{"nodes; > MEMBER_OF; > HOLDS", "MEMBER_OF", "HOLDS"},
		},
		"of a list": {
			`{ institutions(first: 2) { nodes { posts { nodes { holders { nodes { key } } } } } } }`,
			[]string{"POST_IN; > HOLDS", "HOLDS", "nodes"},
		},
		"only counted": {
			`{ node(id: "SW5zdGl0dXRpb246Ym9keS0wMDA") { ... on Institution { posts { totalCount } } } }`,
			[]string{"nodes"},
		},
	} {
		t.Run(name, func(t *testing.T) {
			var told []string
			s := newSchema(t, stingy{loaded(t, stores["model"], wide(3)), &told})
			data[any](t, s, tt.query, "")
			told = slices.DeleteFunc(told, func(line string) bool { return line == "nodes" })
			want := slices.DeleteFunc(tt.want, func(line string) bool { return line == "nodes" })
			if diff := cmp.Diff(want, told); diff != "" {
				t.Errorf("announced (-want +got)\n%s", diff)
			}
		})
	}
}

func newStingy(*testing.T) graph.Store { return stingy{Store: storetest.NewModel()} }
