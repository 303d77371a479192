package neo4jstore

import (
	"context"
	"log/slog"
	"time"
)

// watch looks at the schema from time to time, as long as the store is open.
func (s *Store) watch(ctx context.Context) {
	ctx, cancel := context.WithCancel(ctx)
	defer cancel()
	ticks := time.NewTicker(s.conf.WatchInterval)
	defer ticks.Stop()
	for {
		select {
		case <-s.ending:
			return
		case <-ticks.C:
		}
		done := make(chan struct{})
		go func() {
			select {
			case <-s.ending:
				cancel()
			case <-done:
			}
		}()
		s.look(ctx)
		close(done)
	}
}

// look holds the schema against what it should be. A writer that is at work comes first: it
// is looked at the next time.
func (s *Store) look(ctx context.Context) {
	s.mu.Lock()
	ready, later, known := s.ready, s.unfinished, len(s.drift)
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
	made, err := s.makeSchema(ctx, later)
	if err != nil {
		if ctx.Err() == nil {
			s.conf.Log.WarnContext(ctx, "the constraints and indexes could not be looked at", slog.Any("error", err))
		}
		return
	}
	s.tellSchema(ctx, made)
	if drift := s.Drift(); len(drift) != known {
		s.tellDrift(ctx, drift)
	}
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
