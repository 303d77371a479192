package neo4jstore

import (
	"context"
	"errors"
	"fmt"
	"maps"
	"slices"

	"github.com/neo4j/neo4j-go-driver/v5/neo4j"

	"entangle/graph"
)

var _ graph.Annotated = (*Store)(nil)

// marksOf are the properties in which a run keeps what it says of a node: the
// probability, the ends of its interval, and whether the node is the target's own.
func marksOf(run string, m graph.Mark) map[string]any {
	at := graph.ResultPrefix + run
	own := any(nil)
	if m.Own {
		own = true
	}
	return map[string]any{at + "_fractured": m.P, at + "_low": m.Low, at + "_high": m.High, at + "_own": own}
}

// noMarks removes the properties of a run by SET n += $none.
func noMarks(run string) map[string]any {
	none := marksOf(run, graph.Mark{})
	for name := range none {
		none[name] = nil
	}
	return none
}

// WriteRun keeps a run and its marks in one transaction.
func (s *Store) WriteRun(ctx context.Context, run graph.Run, marks []graph.Mark) error {
	if err := graph.CheckRun(run.Name); err != nil {
		return err
	}
	rows := make([]map[string]any, len(marks))
	for i, m := range marks {
		rows[i] = map[string]any{"id": string(m.Node), "props": marksOf(run.Name, m)}
	}
	about := maps.Clone(run.About)
	if about == nil {
		about = map[string]any{}
	}
	about[propID], about["marks"] = run.Name, len(marks)
	return s.annotate(ctx, func(r runner) error {
		now, err := r.run(ctx, "tip", nil, nil)
		if err != nil {
			return err
		}
		if len(now) != 1 || !slices.Contains(versionsOf(now[0].Values[1]), run.Of) { // that of some clearance
			return fmt.Errorf("%w: the answer is about %s, which no clearance sees any more: ask again", graph.ErrMoved, run.Of)
		}
		if _, err := r.removeRun(ctx, run.Name); err != nil {
			return err
		}
		marked := 0
		err = chunks(ctx, r, "write_marks", nil, "rows", rows, nil, func(row *neo4j.Record) { marked += sum([]*neo4j.Record{row}) })
		if err != nil {
			return err
		}
		if marked != len(rows) {
			return fmt.Errorf("%w: %d of %d nodes were found", graph.ErrMoved, marked, len(rows))
		}
		_, err = r.run(ctx, "save_run", nil, map[string]any{"about": about})
		return err
	})
}

// Runs lists the runs.
func (s *Store) Runs(ctx context.Context) ([]graph.Run, error) {
	if err := s.migrated(ctx); err != nil {
		return nil, err
	}
	rows, _, err := s.read(ctx, "runs", nil, nil)
	if err != nil {
		return nil, err
	}
	runs := make([]graph.Run, 0, len(rows))
	for _, row := range rows {
		name, _ := row.Values[0].(string)
		about, _ := row.Values[1].(map[string]any)
		delete(about, propID)
		runs = append(runs, graph.Run{Name: name, About: about})
	}
	return runs, nil
}

// RemoveRun removes a run and its marks in one transaction.
func (s *Store) RemoveRun(ctx context.Context, name string) (removed int, err error) {
	if err := graph.CheckRun(name); err != nil {
		return 0, err
	}
	err = s.annotate(ctx, func(r runner) (err error) {
		removed, err = r.removeRun(ctx, name)
		return err
	})
	return removed, err
}

func (r runner) removeRun(ctx context.Context, name string) (int, error) {
	rows, err := r.run(ctx, "remove_marks", nil, map[string]any{"none": noMarks(name)})
	if err != nil {
		return 0, err
	}
	if _, err := r.run(ctx, "remove_run", nil, map[string]any{"name": name}); err != nil {
		return 0, err
	}
	return sum(rows), nil
}

// sum adds rows of one number.
func sum(rows []*neo4j.Record) (total int) {
	for _, row := range rows {
		n, _ := row.Values[0].(int64)
		total += int(n)
	}
	return total
}

// annotate runs work that writes beside the data, under the lock of all writers. What it
// leaves is as settled as what it found.
func (s *Store) annotate(ctx context.Context, work func(r runner) error) error {
	if err := s.migrated(ctx); err != nil {
		return err
	}
	unlock, err := s.lock(ctx)
	if err != nil {
		return err
	}
	defer unlock()
	_, err = s.commitOwn(ctx, s.conf.TxTimeout, work)
	if errors.Is(err, errNoSchema) {
		s.unready()
		return fmt.Errorf("%w: somebody emptied the database", graph.ErrMoved)
	}
	return err
}
