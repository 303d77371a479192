package neo4jstore

import (
	"context"
	"log/slog"
	"time"
)

// watch looks at the schema from time to time, until the context ends.
func (s *Store) watch(ctx context.Context) {
	ticks := time.NewTicker(s.conf.WatchInterval)
	defer ticks.Stop()
	for {
		select {
		case <-ctx.Done():
			return
		case <-ticks.C:
			s.look(ctx)
		}
	}
}

// look holds the schema against what it should be. A writer that is at work comes first: it
// is looked at the next time.
func (s *Store) look(ctx context.Context) {
	s.mu.Lock()
	ready, known := s.ready, len(s.drift)
	s.mu.Unlock()
	if !ready {
		return
	}
	select {
	case s.writer <- struct{}{}:
	default:
		return
	}
	defer func() { <-s.writer }()
	if err := s.remake(ctx); err != nil {
		if ctx.Err() == nil {
			s.conf.Log.WarnContext(ctx, "the constraints and indexes could not be looked at", slog.Any("error", err))
		}
		return
	}
	if drift := s.Drift(); len(drift) != known {
		s.tellDrift(ctx, drift)
	}
}

// remake makes what is missing of the schema, but for what is put off, and tells it. The caller
// has the right to write.
func (s *Store) remake(ctx context.Context) error {
	s.mu.Lock()
	later := s.unfinished
	s.mu.Unlock()
	made, err := s.makeSchema(ctx, later)
	s.tellSchema(ctx, made)
	return err
}

func (s *Store) tellSchema(ctx context.Context, made []object) {
	if len(made) == 0 {
		return
	}
	statements := make([]string, len(made))
	for i, o := range made {
		statements[i] = o.text()
	}
	s.conf.Log.WarnContext(ctx, "constraints and indexes were missing and were made anew", slog.Any("statements", statements))
}

func (s *Store) tellDrift(ctx context.Context, drift []Drift) {
	for _, d := range drift {
		s.conf.Log.WarnContext(ctx, "what the database holds forbids a constraint or an index: answers are the same, only slower", slog.String("name", d.Name), slog.String("reason", d.Reason), slog.String("statement", d.Statement))
	}
}
