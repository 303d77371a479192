package questions

import (
	"context"
	"errors"
	"time"

	"github.com/graphql-go/graphql"

	"entangle/graph"
	"entangle/graph/projection"
	"entangle/queries"
	"entangle/queries/worlds"
	"entangle/schema/exec"
	"entangle/schema/typed"
)

// Question is a root field that asks a question.
type Question struct {
	queries.Question
	Field *graphql.Field
	// Cost is the price of asking, beside what is asked of the answer. Its arguments
	// are those of the field, nil where they cannot be read: the request is then refused.
	Cost func(ctx context.Context, args map[string]any, of queries.Size) queries.Cost
}

// New makes the fields of the questions.
func New(cfg Config) []Question {
	b := newBuilder(cfg)
	return []Question{
		b.purgeQuestion(),
		b.compareQuestion(),
		b.entanglementQuestion(),
		b.attributionQuestion(),
		b.verifyQuestion(),
		b.sensitivityQuestion(),
		b.frontierQuestion(),
		b.stageQuestion(),
		b.insureQuestion(),
		b.worstCaseQuestion(),
		b.brokersQuestion(),
		b.exposureQuestion(),
		b.footholdsQuestion(),
		b.vacanciesQuestion(),
		b.changesQuestion(),
		b.pathsQuestion(),
	}
}

// Config says what the questions are made from and what bounds them.
type Config struct {
	Graph Graph

	MaxPage    int           // the most items that a list of an answer may be asked for
	Staleness  time.Duration // how old the state of the data may be where a question does not say
	MaxSamples int           // the most worlds that one question may draw; 0 is queries.ServedSamples
	MaxSearch  int           // the most worlds in which a plan may be searched for; 0 is queries.ServedSearch
	Workers    int           // goroutines of one question; 0 is one a processor

	// Progress, where not nil, is told of the worlds that a question has done, from
	// any goroutine.
	Progress func(done, total int)
}

// Graph is what the fields of questions need of those of the graph: the types that
// their answers lead to, and how a request is read.
type Graph struct {
	Date, Gap   *graphql.Scalar                   // a graph.Day, a graph.GapPolicy
	PartialDate *graphql.Object                   // its source is a graph.Date
	Entity      *graphql.Interface                // a node of any kind; its source is what Request.Node returns
	Kinds       map[graph.Kind]*graphql.Object    // the kinds of node, which implement it
	Tie         *graphql.Object                   // its source is what Request.Tie returns
	TieType     *graphql.Enum                     // a graph.TieType
	ID          func(graph.Kind, graph.ID) string // the global id of a node

	// Request finds the request that a context belongs to.
	Request func(context.Context) (Request, error)
}

// Request is what a question reads of the store, under the clearance of who asks.
type Request interface {
	// Node and Tie return the value of a node or tie that an answer names, to be read
	// with others of its level.
	Node(ctx context.Context, id graph.ID) func() (any, error)
	Tie(ctx context.Context, id graph.ID) func() (any, error)
	// Refs finds nodes of the kinds, of any where there are none, by key, alias, global
	// id or whole name. Its errors name the argument.
	Refs(ctx context.Context, arg string, kinds []graph.Kind, names []string) ([]graph.ID, error)
	// Snapshot returns the picture of a state of the data that is at most so old.
	Snapshot(ctx context.Context, of projection.Options, staleness time.Duration) (*projection.Snapshot, error)
}

// builder makes the types of the questions. Those that several use are made once.
type builder struct {
	Graph
	cfg Config

	support, method *graphql.Enum
	report          reportTypes
	modelInput      *graphql.InputObject
	halfLifeInput   *graphql.InputObject
	plans           planTypes
}

func newBuilder(cfg Config) *builder {
	if cfg.MaxSamples <= 0 {
		cfg.MaxSamples = queries.ServedSamples
	}
	if cfg.MaxSearch <= 0 {
		cfg.MaxSearch = queries.ServedSearch
	}
	b := &builder{Graph: cfg.Graph, cfg: cfg, support: newSupport(), method: newMethod()}
	b.report = b.newReportTypes()
	b.modelInput = b.newModelInput()
	b.halfLifeInput = b.newHalfLifeInput()
	b.plans = b.newPlanTypes()
	return b
}

// askedBy makes the field of a question of the table: it reads its arguments, takes the
// picture and asks.
func askedBy[In any](b *builder, name, help string, report *graphql.Object, args graphql.FieldConfigArgument,
	read func(context.Context, Request, map[string]any) (In, error),
) Question {
	row, _ := queries.QuestionNamed(name)
	return Question{
		Question: row,
		Field: &graphql.Field{
			Type: typed.Required(report), Description: help, Args: args,
			Resolve: inRequest(b, func(ctx context.Context, req Request, _ any, args map[string]any) (any, error) {
				in, err := read(ctx, req, args)
				if err != nil {
					return nil, err
				}
				snapshot, err := b.picture(ctx, req, args, row)
				if err != nil {
					return nil, err
				}
				return row.Ask(ctx, []*projection.Snapshot{snapshot}, in)
			}),
		},
		Cost: costOf(row, read),
	}
}

// inRequest makes a resolver that reads the store for a source of type S.
func inRequest[S any](b *builder, resolve func(context.Context, Request, S, map[string]any) (any, error)) graphql.FieldResolveFn {
	return typed.Within(
		func(p graphql.ResolveParams) (Request, error) { return b.Request(p.Context) },
		func(p graphql.ResolveParams, req Request, src S) (any, error) {
			v, err := resolve(p.Context, req, src, p.Args)
			return v, refused(err)
		})
}

// refused gives an error of package queries the code under which a client may see it.
func refused(err error) error {
	switch {
	case errors.Is(err, worlds.ErrInput):
		return exec.Errorf(exec.CodeBadInput, "%w", err)
	case errors.Is(err, worlds.ErrUnknown):
		return exec.Errorf(exec.CodeNotFound, "%w", err)
	}
	return err
}
