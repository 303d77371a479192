package schema

import (
	"context"
	"sync"

	"github.com/graphql-go/graphql"

	"entangle/graph"
	"entangle/schema/typed"
)

// claimList is a lazy page of the list of ties.
type claimList struct {
	session *session
	query   graph.TieQuery
	first   int
	scope   scope

	once sync.Once
	page []*graph.Tie
	more bool
	err  error
}

// claimEdge is an item of the page.
type claimEdge struct {
	tie   *graph.Tie
	scope scope
}

func (e claimEdge) cursor() string {
	return e.scope.tieCursor(graph.TieCursor{ID: e.tie.ID})
}

// tieListField is the root field that lists ties.
func (b *builder) tieListField() graphql.Fields {
	where := b.edgeWhere(b.ties)
	args := typed.Args(b.pageArgs(b.cfg.Page), b.tieArgs())
	args["types"] = &graphql.ArgumentConfig{Type: graphql.NewList(typed.Required(b.enums.tieType)), Description: "Which types to list; all where left out."}
	args["where"] = &graphql.ArgumentConfig{Type: where.object, Description: "Which ties to list; all where left out."}
	return graphql.Fields{
		"ties": &graphql.Field{
			Type:        typed.Required(b.claimConnection()),
			Description: "Lists ties in the order of their keys. Rejected ties are only listed if status asks for them.",
			Args:        args,
			Resolve: withSession(func(_ context.Context, s *session, _ any, args map[string]any) (any, error) {
				return b.newClaims(s, where, args)
			}),
		},
	}
}

func (b *builder) newClaims(s *session, where *whereInput, args map[string]any) (*claimList, error) {
	first, after, err := b.pageOf(args, b.cfg.Page)
	if err != nil {
		return nil, err
	}
	l := &claimList{session: s, first: first}
	if given, ok := args["types"].([]any); ok {
		if len(given) == 0 {
			return nil, typed.BadInput("types: an empty list names no type; leave it out for all")
		}
		for _, t := range given {
			l.query.Types = append(l.query.Types, t.(graph.TieType))
		}
	}
	if l.query.Where, err = tieSelection("", args); err != nil {
		return nil, err
	}
	if l.query.Where.Cond, err = where.compile("where", args["where"]); err != nil {
		return nil, err
	}
	if err := l.query.Where.Cond.CheckTies(l.query.Types); err != nil {
		return nil, err
	}
	same, err := canonical(args, "first", "after")
	if err != nil {
		return nil, err
	}
	l.scope = newScope("ties", same)
	if after != "" {
		place, err := l.scope.parseTie(after)
		if err != nil {
			return nil, err
		}
		l.query.After = place.ID
	}
	return l, nil
}

func (l *claimList) read(ctx context.Context) ([]*graph.Tie, error) {
	l.once.Do(func() {
		q := l.query
		q.Limit = l.first + 1
		for t, err := range l.session.view.Ties(ctx, q) {
			if err != nil {
				l.err = typed.Shown(err)
				return
			}
			l.page = append(l.page, &t)
		}
		if len(l.page) > l.first {
			l.page, l.more = l.page[:l.first], true
		}
	})
	return l.page, l.err
}

func (l *claimList) edge(t *graph.Tie) claimEdge { return claimEdge{tie: t, scope: l.scope} }

// claimConnection makes the connection type of the list of ties.
func (b *builder) claimConnection() *graphql.Object {
	return connect(b, connection[*claimList, claimEdge]{
		name: tieTypeName, what: "the list of ties", item: b.tie,
		edges: func(p graphql.ResolveParams, l *claimList) (any, error) {
			page, err := l.read(p.Context)
			edges := make([]claimEdge, len(page))
			for i, t := range page {
				edges[i] = l.edge(t)
			}
			return edges, err
		},
		nodes: func(p graphql.ResolveParams, l *claimList) (any, error) { return l.read(p.Context) },
		pageInfo: func(p graphql.ResolveParams, l *claimList) (any, error) {
			page, err := l.read(p.Context)
			if err != nil {
				return nil, err
			}
			info := pageInfo{hasNext: l.more, hasPrevious: l.query.After != ""}
			if len(page) > 0 {
				info.start, info.end = l.edge(page[0]), l.edge(page[len(page)-1])
			}
			return info, nil
		},
		totalCount: func(p graphql.ResolveParams, l *claimList) (any, error) {
			return l.session.view.CountTies(p.Context, l.query)
		},
		cursor: claimEdge.cursor,
		node:   func(_ graphql.ResolveParams, e claimEdge) (any, error) { return e.tie, nil },
	})
}
