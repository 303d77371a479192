package schema

import (
	"context"
	"encoding/json"
	"strings"
	"sync"

	"github.com/graphql-go/graphql"

	"entangle/graph"
	"entangle/schema/exec"
	"entangle/schema/typed"
)

// problemList is a lazy page of what the store holds and does not serve.
type problemList struct {
	store graph.Inspected // nil where nobody but us writes to the store
	query graph.ProblemQuery
	scope scope

	once sync.Once
	read graph.Problems
	err  error
}

// problemEdge is an item of the page.
type problemEdge struct {
	problem graph.Problem
	scope   scope
}

type ruleCount struct {
	rule  graph.Rule
	count int
}

// problems reads the page once, whichever of its parts is asked for first. With a
// limit of 0 the store would tell all.
func (l *problemList) problems(ctx context.Context) (graph.Problems, error) {
	l.once.Do(func() {
		if l.store == nil {
			return
		}
		q := l.query
		q.Limit = max(1, q.Limit)
		l.read, l.err = l.store.Problems(ctx, q)
		if l.query.Limit == 0 {
			l.read.Page, l.read.More = nil, len(l.read.Page) > 0
		}
	})
	return l.read, l.err
}

func (e problemEdge) cursor() string {
	place, err := json.Marshal(e.problem)
	if err != nil {
		return "" // cannot be: it is made of texts
	}
	return e.scope.seal(place)
}

func (s scope) parseProblem(cursor string) (*graph.Problem, error) {
	place, err := s.open(cursor)
	if err != nil {
		return nil, err
	}
	p := new(graph.Problem)
	if json.Unmarshal(place, p) != nil {
		return nil, typed.BadInput("after: %.80q is not a cursor", cursor)
	}
	return p, nil
}

func (l *problemList) edges(ctx context.Context) ([]problemEdge, error) {
	read, err := l.problems(ctx)
	edges := make([]problemEdge, len(read.Page))
	for i, p := range read.Page {
		edges[i] = problemEdge{p, l.scope}
	}
	return edges, err
}

func (l *problemList) info(ctx context.Context) (any, error) {
	edges, err := l.edges(ctx)
	if err != nil {
		return nil, err
	}
	p := pageInfo{hasNext: l.read.More, hasPrevious: l.query.After != nil}
	if len(edges) > 0 {
		p.start, p.end = edges[0], edges[len(edges)-1]
	}
	return p, nil
}

func (l *problemList) total(ctx context.Context) (any, error) {
	read, err := l.problems(ctx)
	total := 0
	for rule, n := range read.Counts {
		if l.query.Rule == "" || l.query.Rule == rule {
			total += n
		}
	}
	return total, err
}

func (l *problemList) byRule(ctx context.Context) (any, error) {
	read, err := l.problems(ctx)
	var out []ruleCount
	for _, row := range graph.Rules() {
		out = append(out, ruleCount{row.Rule, read.Counts[row.Rule]})
	}
	return out, err
}

// problemsField is the root field about what is not served. Ids and values of any
// marking may stand in a problem, since what is wrong may be the marking itself.
func (b *builder) problemsField() graphql.Fields {
	rule := newProblemRule()
	args := b.pageArgs(b.cfg.Page)
	args["rule"] = &graphql.ArgumentConfig{Type: rule, Description: "The rule that they break; all where left out."}
	return graphql.Fields{
		"problems": &graphql.Field{
			Type: b.problemConnection(rule),
			Description: "What the store holds and does not serve, since it breaks a rule: others wrote it past entangle. Empty where nobody else writes to the store." +
				" Only for those who may see everything, with code FORBIDDEN and null for others. Read of the present state, whichever the rest of the answer is of.",
			Args: args,
			Resolve: withSession(func(_ context.Context, s *session, _ any, args map[string]any) (any, error) {
				if s.clearance < graph.Red {
					return nil, exec.Errorf(exec.CodeForbidden, "problems: only for a clearance of %s, yours is %s: what is wrong may be marked, or be the marking itself", graph.Red, s.clearance)
				}
				return b.newProblemList(args)
			}),
		},
	}
}

func (b *builder) newProblemList(args map[string]any) (*problemList, error) {
	first, after, err := b.pageOf(args, b.cfg.Page)
	if err != nil {
		return nil, err
	}
	same, err := canonical(args, "first", "after")
	if err != nil {
		return nil, err
	}
	l := &problemList{scope: newScope("problems", same)}
	l.store, _ = b.cfg.Store.(graph.Inspected)
	l.query.Limit = first
	l.query.Rule, _ = args["rule"].(graph.Rule)
	if after != "" {
		l.query.After, err = l.scope.parseProblem(after)
	}
	return l, err
}

func newProblemRule() *graphql.Enum {
	var values []typed.Value
	for _, row := range graph.Rules() {
		values = append(values, typed.Value{Name: ruleName(row.Rule), Go: row.Rule, Help: row.Help})
	}
	return typed.Enum("ProblemRule", "What a problem breaks.", values)
}

// ruleName is that of a rule in GraphQL: ID_MISSING for id-missing.
func ruleName(rule graph.Rule) string {
	return strings.ToUpper(strings.ReplaceAll(string(rule), "-", "_"))
}

func (b *builder) problemConnection(rule *graphql.Enum) *graphql.Object {
	count := graphql.NewObject(graphql.ObjectConfig{
		Name:        "ProblemRuleCount",
		Description: "Number of problems that break a rule.",
		Fields: graphql.Fields{
			"rule":  typed.Field(typed.Required(rule), "The rule.", func(c ruleCount) any { return c.rule }),
			"count": typed.Field(typed.Required(graphql.Int), "How many.", func(c ruleCount) any { return c.count }),
		},
	})
	return connect(b, connection[*problemList, problemEdge]{
		name: "Problem", what: "problems, by rule, then by item and field", item: newProblem(rule),
		edges: func(p graphql.ResolveParams, l *problemList) (any, error) { return l.edges(p.Context) },
		nodes: func(p graphql.ResolveParams, l *problemList) (any, error) {
			read, err := l.problems(p.Context)
			return read.Page, err
		},
		pageInfo:   func(p graphql.ResolveParams, l *problemList) (any, error) { return l.info(p.Context) },
		totalCount: func(p graphql.ResolveParams, l *problemList) (any, error) { return l.total(p.Context) },
		cursor:     problemEdge.cursor,
		node:       func(_ graphql.ResolveParams, e problemEdge) (any, error) { return e.problem, nil },
		fields: graphql.Fields{
			"byRule": &graphql.Field{
				Type: typed.List(count), Description: "How many break each rule, every rule listed, whichever the page is of.",
				Resolve: typed.Resolve(func(p graphql.ResolveParams, l *problemList) (any, error) { return l.byRule(p.Context) }),
			},
		},
	})
}

func newProblem(rule *graphql.Enum) *graphql.Object {
	text := func(help string, of func(graph.Problem) string) *graphql.Field {
		return typed.Field(typed.Required(graphql.String), help, func(p graph.Problem) any { return of(p) })
	}
	return graphql.NewObject(graphql.ObjectConfig{
		Name:        "Problem",
		Description: "One thing that breaks a rule. Texts of more than 200 bytes are cut and end with an ellipsis.",
		Fields: graphql.Fields{
			"rule":    typed.Field(typed.Required(rule), "The rule.", func(p graph.Problem) any { return p.Rule }),
			"item":    text("The node or tie by its key, or by what the store calls it where it has none.", func(p graph.Problem) string { return p.Item }),
			"element": text("What the store calls the node or tie: its elementId in a Neo4j.", func(p graph.Problem) string { return p.Element }),
			"field":   text("The property, or what else of it is wrong.", func(p graph.Problem) string { return p.Field }),
			"value":   text("What stands there.", func(p graph.Problem) string { return p.Value }),
			"reason":  text("What is wrong with it.", func(p graph.Problem) string { return p.Reason }),
		},
	})
}
