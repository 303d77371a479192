package neo4jstore

import (
	"context"
	"log/slog"
	"strings"

	"entangle/graph"
)

// Problems lists what the database holds in the terms of the vocabulary and is
// not served: a node without id or name, a date that is none, a tie between the
// wrong kinds. It changes nothing.
func (s *Store) Problems(ctx context.Context) ([]graph.Problem, error) {
	if err := s.migrated(ctx); err != nil {
		return nil, err
	}
	found, err := s.unsettled(ctx)
	return found.problems, err
}

// tell logs problems that the log does not have yet.
func (s *Store) tell(problems []graph.Problem) {
	const most = 20
	s.mu.Lock()
	defer s.mu.Unlock()
	var fresh []string
	for _, p := range problems {
		if text := p.String(); !s.told[text] {
			s.told[text] = true
			fresh = append(fresh, text)
		}
	}
	if len(fresh) == 0 {
		return
	}
	shown := strings.Join(fresh[:min(most, len(fresh))], "; ")
	s.conf.Log.Warn("what the database has is not served", slog.Int("count", len(fresh)), slog.String("problems", shown))
}
