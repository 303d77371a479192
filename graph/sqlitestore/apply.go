package sqlitestore

import (
	"context"

	"entangle/graph"
)

// Apply merges a batch in one transaction; see graph.Store. Of a tie that the
// batch has twice the last counts. A node or tie without a load gets the
// batch's; a tie that differs in nothing but its load is left alone. A writer of
// another process is waited for; after that the error is graph.ErrUnavailable.
func (s *Store) Apply(ctx context.Context, b graph.Batch) (graph.Applied, error) {
	if err := ctx.Err(); err != nil {
		return graph.Applied{}, err
	}
	select {
	case s.turn <- struct{}{}:
		defer func() { <-s.turn }()
	case <-ctx.Done():
		return graph.Applied{}, ctx.Err()
	}
	s.mu.Lock()
	closed := s.closed
	s.mu.Unlock()
	if closed {
		return graph.Applied{}, s.errClosed()
	}
	if err := s.beginWriting(ctx); err != nil {
		return graph.Applied{}, err
	}
	// Inside, the statements run without the context: the driver would start a
	// goroutine for each. The writer asks the context itself.
	w := batchWriter{conn: s.writer, batch: b.Normal(), decoder: newDecoder(s.labels, &state{loads: map[int64]graph.ID{}})}
	applied, err := w.run(ctx)
	if err == nil && applied.Changed() {
		err = s.writer.exec(context.WithoutCancel(ctx), "COMMIT")
	}
	if err != nil || !applied.Changed() {
		// After a failed commit SQLite may have rolled back already.
		rolled := s.writer.exec(context.WithoutCancel(ctx), "ROLLBACK")
		if err == nil {
			err = rolled
		}
	}
	if err != nil {
		return graph.Applied{}, err
	}
	return applied, nil
}
