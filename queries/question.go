package queries

import (
	"context"
	"fmt"

	"entangle/graph/projection"
	"entangle/queries/worlds"
)

// Question is a row of the table of questions: what its doors have in common. The fields
// of GraphQL, the commands, the text cases, the tables of the documents, the prices and the
// tests of all questions range over the table.
type Question struct {
	// Name is that of the field of GraphQL, Command that at the command line and in
	// text cases.
	Name, Command string
	// Asks says what is asked, as a question of a few words.
	Asks string
	// Estimated says how the numbers of the answer come about, with the sources: the
	// question's row in the table of statistics of docs/model.md.
	Estimated string
	// Time and Memory say what it costs, in the letters of docs/model.md.
	Time, Memory string
	// Base and Rate are a and b of its price, see Cost; bench/price fits and checks them.
	Base, Rate float64

	// Days is the number of pictures that it is asked of: one, or two, the earlier first.
	Days int
	// Tenures: its pictures are taken with projection.Options.Tenures.
	Tenures bool
	// Default returns the input that asks what is asked where nothing else is said. Whom
	// the question is about has to be put in where it cannot be asked of all.
	Default func() any
	// Ask asks an input of the type that Default returns. The report is a pointer, of
	// the type that Report returns.
	Ask func(ctx context.Context, pictures []*projection.Snapshot, in any) (any, error)
	// Report returns an empty report.
	Report func() any

	work func(in any, of Size) worlds.Work
}

// QuestionNamed finds the question that a field of GraphQL asks.
func QuestionNamed(name string) (Question, bool) {
	for _, q := range Questions() {
		if q.Name == name {
			return q, true
		}
	}
	return Question{}, false
}

// ofOne completes a row with how it is asked of one picture.
func ofOne[In, Report any](q Question, standard func() In, ask func(context.Context, *projection.Snapshot, In) (*Report, error)) Question {
	q.Days = 1
	return rowOf(q, standard, func(ctx context.Context, of []*projection.Snapshot, in In) (*Report, error) {
		return ask(ctx, of[0], in)
	})
}

// ofTwo completes a row with how it is asked of two pictures.
func ofTwo[In, Report any](q Question, standard func() In, ask func(ctx context.Context, before, after *projection.Snapshot, in In) (*Report, error)) Question {
	q.Days = 2
	return rowOf(q, standard, func(ctx context.Context, of []*projection.Snapshot, in In) (*Report, error) {
		return ask(ctx, of[0], of[1], in)
	})
}

func rowOf[In, Report any](q Question, standard func() In, ask func(context.Context, []*projection.Snapshot, In) (*Report, error)) Question {
	q.Default = func() any { return standard() }
	q.Report = func() any { return new(Report) }
	q.work = workOf[In]
	q.Ask = func(ctx context.Context, pictures []*projection.Snapshot, in any) (any, error) {
		typed, ok := in.(In)
		if !ok || len(pictures) != q.Days {
			return nil, fmt.Errorf("%w: %s is asked a %T of %d pictures, not a %T of %d", worlds.ErrInput, q.Name, typed, q.Days, in, len(pictures))
		}
		report, err := ask(ctx, pictures, typed)
		if err != nil {
			return nil, err
		}
		return report, nil
	}
	return q
}
