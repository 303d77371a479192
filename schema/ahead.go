package schema

import (
	"context"
	"slices"

	"entangle/graph"
	"entangle/schema/exec"
)

// A store is told with a look-up what the document reads of nodes and ties, and
// which questions about ties will follow: it need not send the rest, and may read
// several levels at once. Whatever it makes of that, the levels ask one by one.

// partNames are the parts of a tie that fields of other names are made from.
var partNames = map[string]string{
	"start": "span", "end": "span", "first": "span", "last": "span", "presence": "span", "standing": "span",
	"cursor": "span", "startCursor": "span", "endCursor": "span", "derivedBy": "derived",
}

// wantIn is what the document of an operation can read, worked out once.
func wantIn(p *exec.Prepared) *graph.Want {
	kept, ok := p.Kept().Load(wantKey{})
	if !ok {
		kept, _ = p.Kept().LoadOrStore(wantKey{}, wantOf(p.FieldNames()))
	}
	return kept.(*graph.Want)
}

type wantKey struct{}

// wantOf is what a document with fields of these names can read: more than it
// does, where other objects have fields of the same names.
func wantOf(names []string) *graph.Want {
	ties := make([]string, len(names))
	for i, name := range names {
		if ties[i] = name; partNames[name] != "" {
			ties[i] = partNames[name]
		}
	}
	return &graph.Want{Node: graph.FieldsOf(false, names...), Tie: graph.FieldsOf(true, ties...)}
}

// lookAhead tells the session what will be asked of the nodes with these global
// ids, should the field that is being resolved return them.
func (b *builder) lookAhead(ctx context.Context, s *session, ids ...any) {
	if s.want == nil {
		return
	}
	sel := exec.Selected(ctx)
	kept := sel.Kept(false)
	var met []string
	for _, id := range ids {
		typ, _, err := ParseGlobalID(id.(string))
		if err != nil || slices.Contains(met, typ) {
			continue
		}
		met = append(met, typ)
		kind, err := graph.ParseKind(typ)
		if err != nil {
			continue
		}
		if kept == nil {
			s.expect(b.next(s, sel, []graph.Kind{kind}))
			continue
		}
		next, ok := kept.Load(kind)
		if !ok {
			next, _ = kept.LoadOrStore(kind, b.next(s, sel, []graph.Kind{kind}))
		}
		s.expect(next.([]graph.AdjacentQuery))
	}
}

// expect notes questions for the next look-up of nodes.
func (s *session) expect(next []graph.AdjacentQuery) {
	s.mu.Lock()
	defer s.mu.Unlock()
	for _, q := range next {
		if !slices.ContainsFunc(s.ahead, func(other graph.AdjacentQuery) bool { return other.Want == q.Want }) {
			s.ahead = append(s.ahead, q)
		}
	}
}

// next returns the questions that will be asked about nodes of the kinds.
func (b *builder) next(s *session, sel exec.Selection, kinds []graph.Kind) []graph.AdjacentQuery {
	var out []graph.AdjacentQuery
	var met []string
	for _, kind := range kinds {
		for _, f := range sel.On(b.kind(kind).Name) {
			q := b.tieFields[kindField{kind, f.Name}]
			if q == nil {
				continue
			}
			a := b.ask(s, q, f.Args, f.Selection)
			if a.err != nil || a.after != "" || !a.read || slices.Contains(met, a.key) {
				continue
			}
			met = append(met, a.key)
			query := a.query
			query.Want = a.next
			out = append(out, query)
		}
	}
	return out
}

// plan works out what is read of the pages of a question in one place of the
// document, and what is asked next.
func (b *builder) plan(s *session, a *asked, sel exec.Selection) {
	if s.want == nil {
		return
	}
	want := *s.want
	a.next = &want
	f := a.field
	name := b.farName(f.far) + "Tie"
	for _, part := range sel.On(name + "Connection") {
		switch part.Name {
		case "nodes":
			a.read = true
			want.Next = append(want.Next, b.next(s, part.Selection, f.far)...)
		case "edges":
			a.read = true
			for _, e := range part.On(name + "Edge") {
				if e.Name == "node" {
					want.Next = append(want.Next, b.next(s, e.Selection, f.far)...)
				}
			}
		case "pageInfo":
			a.read = true
		}
	}
}
