package neo4jstore

import (
	"context"
	"fmt"
	"sync"
)

// tips collects those who ask where the database stands while an answer is on its
// way: one further question serves them all. An answer is never older than the
// question of whoever gets it.
type tips struct {
	mu      sync.Mutex
	waiting *tipAnswer
	asking  bool
}

type tipAnswer struct {
	done chan struct{} // closed when the rest is there
	at   standing
	err  error
}

// tip returns where the database stands.
func (s *Store) tip(ctx context.Context) (standing, error) {
	s.tips.mu.Lock()
	if s.tips.waiting == nil {
		s.tips.waiting = &tipAnswer{done: make(chan struct{})}
	}
	a, idle := s.tips.waiting, !s.tips.asking
	s.tips.asking = true
	s.tips.mu.Unlock()
	if idle {
		// For others too: it does not end with this context.
		s.goOn(ctx, s.answerTips)
	}
	select {
	case <-a.done:
		return a.at, a.err
	case <-ctx.Done():
		return standing{}, fmt.Errorf("neo4j: %w", ctx.Err())
	}
}

// answerTips asks as long as somebody waits.
func (s *Store) answerTips(ctx context.Context) {
	for {
		s.tips.mu.Lock()
		a := s.tips.waiting
		s.tips.waiting, s.tips.asking = nil, a != nil
		s.tips.mu.Unlock()
		if a == nil {
			return
		}
		a.at, a.err = s.probe(ctx)
		close(a.done)
	}
}
