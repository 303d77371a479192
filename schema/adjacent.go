package schema

import (
	"context"
	"reflect"

	"github.com/graphql-go/graphql"

	"entangle/graph"
	"entangle/schema/exec"
	"entangle/schema/typed"
)

// asked is what the arguments of a tie field ask for, worked out once for all
// the objects of a level.
type asked struct {
	args  map[string]any // keeps the map alive that askedKey names
	query graph.AdjacentQuery
	first int
	after string
	same  string // the arguments that a cursor is bound to
	ties  *adjacency
	err   error

	planned bool        // next holds
	read    bool        // pages are read, not only counted
	next    *graph.Want // what is read of a page, and what will be asked next
}

// askedKey names a field with the arguments of one place in the document: the
// door hands the same map to all objects of a field.
type askedKey struct {
	field *tieField
	args  uintptr
}

// tieList is a lazy page of a node's ties.
type tieList struct {
	field   string
	parent  graph.ID
	session *session
	asked   *asked
	sealed  *scope // once it was asked for
}

func (l *tieList) scope() scope {
	if l.sealed == nil {
		l.sealed = new(newScope(l.field, string(l.parent), l.asked.same))
	}
	return *l.sealed
}

// tieEdge is an item of the page.
type tieEdge struct {
	list *tieList
	tie  *graph.Tie
	node *graph.Node // at the other end, nil where it did not come along
}

func (e tieEdge) cursor() string {
	return e.list.scope().tieCursor(graph.TieCursor{Start: e.tie.Span.Bounds().StartEarliest, ID: e.tie.ID})
}

// far returns the node at the other end, or the thunk of it.
func (e tieEdge) far(ctx context.Context) any {
	if e.node != nil {
		return e.node
	}
	return e.list.session.node(ctx, e.tie.Other(e.list.parent))
}

// tieField makes the field that leads from a kind over a type of tie.
func (b *builder) tieField(of graph.Kind, f tieField) *graphql.Field {
	where := b.tieWhere(f.info, f.far)
	b.tieFields[kindField{of, f.name}] = &tieQuestion{field: &f, where: where}
	args := typed.Args(b.pageArgs(b.cfg.TiePage), b.tieArgs())
	args["where"] = &graphql.ArgumentConfig{Type: where.object, Description: "Conditions on the ties and on the nodes they lead to."}
	return &graphql.Field{
		Type:        typed.Required(b.tieConnection(f.far)),
		Description: f.help(),
		Args:        args,
		Resolve: withSession(func(ctx context.Context, s *session, n *graph.Node, args map[string]any) (any, error) {
			a := b.ask(s, &f, where, args)
			if a.err != nil {
				return nil, a.err
			}
			if !a.planned && s.want != nil {
				b.plan(s, a, &f, exec.Selected(ctx))
			}
			l := &tieList{field: f.name, parent: n.ID, session: s, asked: a}
			if a.after == "" {
				return l, nil
			}
			// A cursor is bound to one parent, so it cannot be shared by a level.
			place, err := l.scope().parseTie(a.after)
			if err != nil {
				return nil, err
			}
			own := *a
			own.query.After = place
			own.ties = s.adjacent(f.name+string(n.ID)+a.after+a.same, own.query)
			l.asked = &own
			return l, nil
		}),
	}
}

// help says what the field is in words made from the table.
func (f tieField) help() string {
	switch {
	case f.info.Symmetric:
		return f.info.Help + " Ties of type " + f.info.Name + ", which have no direction."
	case f.dir == graph.Back:
		return f.info.Help + " Seen from its end: ties of type " + f.info.Name + " that lead here."
	}
	return f.info.Help + " Ties of type " + f.info.Name + " that start here."
}

// ask works out what the arguments ask for, once a level.
func (b *builder) ask(s *session, f *tieField, where *tieWhereInput, args map[string]any) *asked {
	key := askedKey{field: f, args: reflect.ValueOf(args).Pointer()}
	s.mu.Lock()
	a := s.asked[key]
	s.mu.Unlock()
	if a != nil {
		return a
	}
	a = &asked{args: args}
	if a.err = b.read(a, f, where, args); a.err == nil {
		var all string
		if all, a.err = canonical(args); a.err == nil {
			a.ties = s.adjacent(f.name+all, a.query)
		}
	}
	a.err = typed.Shown(a.err)
	s.mu.Lock()
	s.asked[key] = a
	s.mu.Unlock()
	return a
}

func (b *builder) read(a *asked, f *tieField, where *tieWhereInput, args map[string]any) (err error) {
	if a.first, a.after, err = b.pageOf(args, b.cfg.TiePage); err != nil {
		return err
	}
	ties, err := tieSelection("", args)
	if err != nil {
		return err
	}
	edge, node, err := where.compile("where", args["where"])
	if err != nil {
		return err
	}
	if err := edge.CheckTies([]graph.TieType{f.info.Type}); err != nil {
		return err
	}
	if err := node.CheckNodes(f.far); err != nil {
		return err
	}
	if a.same, err = canonical(args, "first", "after"); err != nil {
		return err
	}
	ties.Cond = edge
	// A limit of 0 would be no limit: read one to know whether there are any.
	a.query = graph.AdjacentQuery{Type: f.info.Type, Dir: f.dir, Where: ties, Far: node, Limit: max(a.first, 1)}
	return nil
}

// page returns the thunk of something made from the page.
func (l *tieList) page(ctx context.Context, then func(p graph.AdjacentPage) any) thunk {
	return l.asked.ties.pages.LoadThen(ctx, l.parent, func(p graph.AdjacentPage, _ bool) (any, error) {
		if len(p.Ties) > l.asked.first {
			p.Ties, p.More = p.Ties[:l.asked.first], true
		}
		return then(p), nil
	})
}

func (l *tieList) edge(p graph.AdjacentPage, i int) tieEdge {
	e := tieEdge{list: l, tie: &p.Ties[i]}
	if i < len(p.Far) {
		e.node = p.Far[i]
	}
	return e
}

// tieConnection makes the connection type of ties that lead to the kinds.
func (b *builder) tieConnection(far []graph.Kind) *graphql.Object {
	name := b.farName(far)
	return connect(b, connection[*tieList, tieEdge]{
		name: name + "Tie", what: "ties that lead to nodes of the type " + name + ", ordered by their first possible start", item: b.farType(far),
		edges: func(p graphql.ResolveParams, l *tieList) (any, error) {
			return l.page(p.Context, func(page graph.AdjacentPage) any {
				out := make([]any, len(page.Ties))
				for i := range out {
					out[i] = l.edge(page, i)
				}
				return out
			}), nil
		},
		nodes: func(p graphql.ResolveParams, l *tieList) (any, error) {
			ctx := p.Context // the closure must not keep all of p
			return l.page(ctx, func(page graph.AdjacentPage) any {
				out := make([]any, len(page.Ties))
				for i := range out {
					out[i] = l.edge(page, i).far(ctx)
				}
				return out
			}), nil
		},
		pageInfo: func(p graphql.ResolveParams, l *tieList) (any, error) {
			return l.page(p.Context, func(page graph.AdjacentPage) any {
				info := pageInfo{hasNext: page.More, hasPrevious: l.asked.after != ""}
				if n := len(page.Ties); n > 0 {
					info.start, info.end = l.edge(page, 0).cursor(), l.edge(page, n-1).cursor()
				}
				return info
			}), nil
		},
		totalCount: func(p graphql.ResolveParams, l *tieList) (any, error) {
			return l.asked.ties.count.LoadThen(p.Context, l.parent, func(n int, _ bool) (any, error) { return n, nil }), nil
		},
		cursor: tieEdge.cursor,
		node: func(p graphql.ResolveParams, e tieEdge) (any, error) {
			return e.far(p.Context), nil
		},
		edgeFields: graphql.Fields{
			"tie": typed.Field(typed.Required(b.tie), "The tie that leads there, with its dates, confidence and sources.", func(e tieEdge) any { return e.tie }),
		},
	})
}
