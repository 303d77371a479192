package schema

import (
	"context"
	"sync"

	"github.com/graphql-go/graphql"

	"entangle/graph"
	"entangle/graph/fold"
	"entangle/schema/typed"
)

// nodeList is a lazy page of a list of nodes.
type nodeList struct {
	session *session
	query   graph.NodeQuery
	first   int
	scope   scope
	after   bool

	once sync.Once
	page []*graph.Node
	more bool
	err  error
}

// nodeEdge is an item of the page.
type nodeEdge struct {
	node  *graph.Node
	scope scope
	order graph.NodeOrder
}

func (e nodeEdge) cursor() string {
	c := graph.NodeCursor{ID: e.node.ID}
	if e.order == graph.OrderName {
		c.Key = fold.Key(e.node.Name())
	}
	return e.scope.nodeCursor(c)
}

// read reads the page once, whichever of its parts is asked for first.
func (l *nodeList) read(ctx context.Context) ([]*graph.Node, error) {
	l.once.Do(func() {
		q := l.query
		q.Limit = l.first + 1
		for n, err := range l.session.view.Nodes(ctx, q) {
			if err != nil {
				l.err = typed.Shown(err)
				return
			}
			l.page = append(l.page, &n)
		}
		if len(l.page) > l.first {
			l.page, l.more = l.page[:l.first], true
		}
	})
	return l.page, l.err
}

func (l *nodeList) edge(n *graph.Node) nodeEdge {
	return nodeEdge{node: n, scope: l.scope, order: l.query.Order}
}

func (l *nodeList) info(ctx context.Context) (any, error) {
	page, err := l.read(ctx)
	if err != nil {
		return nil, err
	}
	p := pageInfo{hasNext: l.more, hasPrevious: l.after}
	if len(page) > 0 {
		p.start, p.end = l.edge(page[0]), l.edge(page[len(page)-1])
	}
	return p, nil
}

// listFields are the root fields that list the kinds.
func (b *builder) listFields() graphql.Fields {
	fields := graphql.Fields{}
	for _, row := range b.kinds {
		fields[row.Plural] = b.listField(row)
	}
	return fields
}

func (b *builder) listField(row graph.KindInfo) *graphql.Field {
	where := b.nodeWhere([]graph.Kind{row.Kind})
	args := b.pageArgs(b.cfg.Page)
	args["where"] = &graphql.ArgumentConfig{Type: where.object, Description: "Which to list; all where left out."}
	args["sort"] = &graphql.ArgumentConfig{
		Type: b.enums.nodeSort, DefaultValue: nodeSort{Order: graph.OrderName}, Description: "Their order.",
	}
	return &graphql.Field{
		Type:        typed.Required(b.nodeConnection(row)),
		Description: "Lists nodes of the kind " + row.Name + ". " + row.Help,
		Args:        args,
		Resolve: withSession(func(_ context.Context, s *session, _ any, args map[string]any) (any, error) {
			return b.newList(s, row, where, args)
		}),
	}
}

func (b *builder) newList(s *session, row graph.KindInfo, where *whereInput, args map[string]any) (*nodeList, error) {
	first, after, err := b.pageOf(args, b.cfg.Page)
	if err != nil {
		return nil, err
	}
	cond, err := where.compile("where", args["where"])
	if err != nil {
		return nil, err
	}
	if err := cond.CheckNodes([]graph.Kind{row.Kind}); err != nil {
		return nil, err
	}
	sort, _ := args["sort"].(nodeSort)
	same, err := canonical(args, "first", "after")
	if err != nil {
		return nil, err
	}
	l := &nodeList{session: s, first: first, after: after != "", scope: newScope(row.Plural, same)}
	l.query = graph.NodeQuery{Kinds: []graph.Kind{row.Kind}, Where: cond, Order: sort.Order, Desc: sort.Desc}
	if after != "" {
		if l.query.After, err = l.scope.parseNode(after); err != nil {
			return nil, err
		}
	}
	return l, nil
}

// nodeConnection makes the connection type of the list of a kind.
func (b *builder) nodeConnection(row graph.KindInfo) *graphql.Object {
	return connect(b, connection[*nodeList, nodeEdge]{
		name: row.Name, what: "the list of " + row.Plural, item: b.objects[row.Kind],
		edges: func(p graphql.ResolveParams, l *nodeList) (any, error) {
			page, err := l.read(p.Context)
			edges := make([]nodeEdge, len(page))
			for i, n := range page {
				edges[i] = l.edge(n)
			}
			return edges, err
		},
		nodes:    func(p graphql.ResolveParams, l *nodeList) (any, error) { return l.read(p.Context) },
		pageInfo: func(p graphql.ResolveParams, l *nodeList) (any, error) { return l.info(p.Context) },
		totalCount: func(p graphql.ResolveParams, l *nodeList) (any, error) {
			return l.session.view.CountNodes(p.Context, l.query)
		},
		cursor: nodeEdge.cursor,
		node:   func(_ graphql.ResolveParams, e nodeEdge) (any, error) { return e.node, nil },
	})
}
