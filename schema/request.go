package schema

import (
	"context"
	"errors"
	"fmt"
	"time"

	"entangle/graph"
	"entangle/graph/projection"
	"entangle/schema/exec"
	"entangle/schema/questions"
)

// request is a session as the questions see it.
type request struct {
	*session
	snapshots *projection.Cache
}

func (r request) Node(ctx context.Context, id graph.ID) thunk { return r.node(ctx, id) }

func (r request) Tie(ctx context.Context, id graph.ID) thunk { return r.tie(ctx, id) }

func (r request) Refs(ctx context.Context, arg string, kinds []graph.Kind, names []string) ([]graph.ID, error) {
	ids, err := ResolveRefs(ctx, r.view, kinds, names)
	if err != nil {
		return nil, fmt.Errorf("%s: %w", arg, err)
	}
	return ids, nil
}

func (r request) Snapshot(ctx context.Context, of projection.Options, staleness time.Duration) (*projection.Snapshot, error) {
	r.pictured.Store(true)
	snap, age, err := r.snapshots.Get(ctx, r.view, r.clearance, of, staleness)
	r.aged(age)
	if errors.Is(err, projection.ErrMoved) {
		return nil, exec.Errorf(exec.CodeUnavailable, "%w", err)
	}
	return snap, err
}

// newQuestions makes the questions over the types of the graph.
func (b *builder) newQuestions() []questions.Question {
	return questions.New(questions.Config{
		Graph: questions.Graph{
			Date: dateScalar, Gap: gapScalar, PartialDate: b.date,
			Entity: b.entity, Kinds: b.objects, Tie: b.tie, TieType: b.enums.tieType,
			ID: GlobalID,
			Request: func(ctx context.Context) (questions.Request, error) {
				s, err := sessionOf(ctx)
				return request{s, b.cfg.Snapshots}, err
			},
		},
		MaxPage: b.cfg.MaxPage, Staleness: b.cfg.Staleness, MaxSamples: b.cfg.MaxSamples, MaxSearch: b.cfg.MaxSearch,
		Workers: b.cfg.Workers, Progress: b.cfg.Progress,
	})
}
