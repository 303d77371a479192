package schema

import (
	"context"
	"fmt"
	"reflect"

	"github.com/graphql-go/graphql"

	"entangle/graph"
	"entangle/schema/exec"
	"entangle/schema/typed"
)

// asked is what a tie field asks for in one place of a document, worked out once for
// all the objects of a level, and once for all requests where no variable is in it. It
// is not changed after that.
type asked struct {
	field *tieField
	query graph.AdjacentQuery
	first int
	after string
	same  string // the arguments that a cursor is bound to
	key   string // names what is asked in a request
	err   error

	read bool           // pages are read, not only counted
	next *graph.Want    // what is read of a page, and what will be asked next; nil where not known
	args map[string]any // keeps the map alive that askedKey names
}

// askedKey names a field with the arguments of one place in the document: the
// door hands the same map to all objects of a field.
type askedKey struct {
	field *tieField
	args  uintptr
}

// reading is what the lists of a level have in common.
type reading struct {
	session *session
	asked   *asked
	ties    *adjacency
}

// tieList is a lazy page of a node's ties.
type tieList struct {
	*reading
	parent graph.ID
	place  exec.Place // among the pages, once noted
	noted  bool
	sealed *scope // once it was asked for
}

func (l *tieList) scope() scope {
	if l.sealed == nil {
		l.sealed = new(newScope(l.asked.field.name, string(l.parent), l.asked.same))
	}
	return *l.sealed
}

// note announces that the page will be read.
func (l *tieList) note() {
	if !l.noted {
		l.noted, l.place = true, l.ties.pages.Note(l.parent)
	}
}

// page returns the page, which was noted.
func (l *tieList) page(ctx context.Context) (graph.AdjacentPage, error) {
	p, _, err := l.ties.pages.Get(ctx, l.place)
	if len(p.Ties) > l.asked.first {
		p.Ties, p.More = p.Ties[:l.asked.first], true
	}
	return p, err
}

// tieEdge is an item of the page.
type tieEdge struct {
	list *tieList
	tie  *graph.Tie
	node *graph.Node // at the other end, nil where it did not come along
}

func (l *tieList) edge(p graph.AdjacentPage, i int) tieEdge {
	e := tieEdge{list: l, tie: &p.Ties[i]}
	if i < len(p.Far) {
		e.node = p.Far[i]
	}
	return e
}

func (e *tieEdge) cursor() string {
	return e.list.scope().tieCursor(graph.TieCursor{Start: e.tie.Span.Bounds().StartEarliest, ID: e.tie.ID})
}

// far returns the node at the other end, or the thunk of it.
func (e *tieEdge) far(ctx context.Context) any {
	if e.node != nil {
		return e.node
	}
	return e.list.session.node(ctx, e.tie.Other(e.list.parent))
}

// tieField makes the field that leads from a kind over a type of tie.
func (b *builder) tieField(of graph.Kind, f tieField) *graphql.Field {
	where := b.tieWhere(f.info, f.far)
	question := &tieQuestion{field: &f, where: where}
	b.tieFields[kindField{of, f.name}] = question
	args := typed.Args(b.pageArgs(b.cfg.TiePage), b.tieArgs())
	args["where"] = &graphql.ArgumentConfig{Type: where.object, Description: "Conditions on the ties and on the nodes they lead to."}
	return &graphql.Field{
		Type:        typed.Required(b.tieConnection(f.far)),
		Description: f.help(),
		Args:        args,
		Resolve: func(p graphql.ResolveParams) (any, error) {
			s, err := sessionOf(p.Context)
			if err != nil {
				return nil, err
			}
			a := b.ask(s, question, p.Args, exec.Selected(p.Context))
			if a.err != nil {
				return nil, a.err
			}
			return exec.Level(func(_ context.Context, sources, out []any) (func() error, error) {
				return nil, s.lists(a, sources, out)
			}), nil
		},
	}
}

// lists makes the list of each node.
func (s *session) lists(a *asked, sources, out []any) error {
	common := &reading{session: s, asked: a}
	if a.after == "" {
		common.ties = s.adjacent(a, a.key)
	}
	lists := s.scratch.lists.take(len(sources))
	for i, source := range sources {
		n, ok := source.(*graph.Node)
		if !ok {
			return fmt.Errorf("schema: field %s got a %T", a.field.name, source)
		}
		l := &lists[i]
		l.reading, l.parent = common, n.ID
		out[i] = l
		if a.after == "" {
			continue
		}
		// A cursor is bound to one parent, so it cannot be shared by a level.
		place, err := l.scope().parseTie(a.after)
		if err != nil {
			out[i] = &exec.Failure{Err: typed.Shown(err)}
			continue
		}
		own := *a
		own.query.After = place
		l.reading = &reading{session: s, asked: &own, ties: s.adjacent(&own, a.field.name+string(n.ID)+a.after+a.same)}
	}
	return nil
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

// ask works out what a field asks for in one place of the document, with what comes
// below it.
func (b *builder) ask(s *session, q *tieQuestion, args map[string]any, sel exec.Selection) *asked {
	kept := sel.Kept(true)
	if s.want == nil {
		kept = nil // it depends on what the document reads
	}
	if kept != nil {
		if a, ok := kept.Load(q); ok {
			return a.(*asked)
		}
	}
	key := askedKey{field: q.field, args: reflect.ValueOf(args).Pointer()}
	s.mu.Lock()
	a := s.asked[key]
	s.mu.Unlock()
	if a != nil {
		return a
	}
	a = &asked{field: q.field, args: args}
	if a.err = typed.Shown(b.read(a, q.where, args)); a.err == nil {
		b.plan(s, a, sel)
	}
	if kept != nil {
		kept.Store(q, a)
		return a
	}
	s.mu.Lock()
	defer s.mu.Unlock()
	if s.asked == nil {
		s.asked = map[askedKey]*asked{}
	}
	s.asked[key] = a
	return a
}

func (b *builder) read(a *asked, where *tieWhereInput, args map[string]any) (err error) {
	f := a.field
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
	a.key, err = canonical(args)
	a.key = f.name + a.key
	return err
}

// ofPages makes a part of the pages of a level: all pages are announced before the first
// is read.
func ofPages(part func(context.Context, *tieList, graph.AdjacentPage) any) exec.Level {
	return func(ctx context.Context, sources, out []any) (func() error, error) {
		for i, source := range sources {
			l, ok := source.(*tieList)
			if !ok {
				return nil, fmt.Errorf("schema: a part of a page of ties got a %T", source)
			}
			if i == 0 {
				l.ties.pages.Expect(len(sources))
			}
			l.note()
		}
		return func() error {
			for i, source := range sources {
				l := source.(*tieList)
				p, err := l.page(ctx)
				if err != nil {
					out[i] = &exec.Failure{Err: err}
					continue
				}
				out[i] = part(ctx, l, p)
			}
			return nil
		}, nil
	}
}

func edgesOf(_ context.Context, l *tieList, p graph.AdjacentPage) any {
	out, edges := l.session.scratch.list(len(p.Ties)), l.session.scratch.edges.take(len(p.Ties))
	for i := range *out {
		edges[i] = l.edge(p, i)
		(*out)[i] = &edges[i]
	}
	return out
}

func farOf(ctx context.Context, l *tieList, p graph.AdjacentPage) any {
	out := l.session.scratch.list(len(p.Ties))
	for i := range *out {
		e := l.edge(p, i)
		(*out)[i] = e.far(ctx)
	}
	return out
}

func infoOf(_ context.Context, l *tieList, p graph.AdjacentPage) any {
	info := pageInfo{hasNext: p.More, hasPrevious: l.asked.after != ""}
	if n := len(p.Ties); n > 0 {
		first, last := l.edge(p, 0), l.edge(p, n-1)
		info.start, info.end = &first, &last
	}
	return info
}

// countsOf counts the ties of the lists of a level.
func countsOf(ctx context.Context, sources, out []any) (func() error, error) {
	places := make([]exec.Place, len(sources))
	for i, source := range sources {
		l, ok := source.(*tieList)
		if !ok {
			return nil, fmt.Errorf("schema: the count of ties got a %T", source)
		}
		places[i] = l.ties.counts().Note(l.parent)
	}
	return func() error {
		for i, source := range sources {
			n, _, err := source.(*tieList).ties.counts().Get(ctx, places[i])
			if out[i] = n; err != nil {
				out[i] = &exec.Failure{Err: err}
			}
		}
		return nil
	}, nil
}

// farOfEdges are the nodes that edges lead to.
func farOfEdges(ctx context.Context, sources, out []any) (func() error, error) {
	for i, source := range sources {
		e, ok := source.(*tieEdge)
		if !ok {
			return nil, fmt.Errorf("schema: the node of an edge got a %T", source)
		}
		out[i] = e.far(ctx)
	}
	return nil, nil //nolint:nilnil // nothing is left to do
}

// tieConnection makes the connection type of ties that lead to the kinds.
func (b *builder) tieConnection(far []graph.Kind) *graphql.Object {
	name := b.farName(far)
	c := connection[*tieList, *tieEdge]{
		name: name + "Tie", what: "ties that lead to nodes of the type " + name + ", ordered by their first possible start", item: b.farType(far),
		cursor: (*tieEdge).cursor,
		edgeFields: graphql.Fields{
			"tie": typed.Field(typed.Required(b.tie), "The tie that leads there, with its dates, confidence and sources.", func(e *tieEdge) any { return e.tie }),
		},
	}
	c.levels.edges, c.levels.nodes, c.levels.pageInfo = ofPages(edgesOf), ofPages(farOf), ofPages(infoOf)
	c.levels.totalCount, c.levels.node = countsOf, farOfEdges
	return connect(b, c)
}
