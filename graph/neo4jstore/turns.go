package neo4jstore

import (
	"context"
	"fmt"
	"sync"
)

// turns collects those who ask a question of the server while an answer is on its way: one
// further question serves them all. An answer is never older than the question of whoever gets
// it.
type turns[T any] struct {
	mu      sync.Mutex
	waiting *answer[T]
	asking  bool
}

type answer[T any] struct {
	done chan struct{} // closed when the rest is there
	of   T
	err  error
}

// ask returns the answer that find gives. Finding goes on when the caller leaves: it is for
// others too.
func (q *turns[T]) ask(ctx context.Context, s *Store, find func(ctx context.Context) (T, error)) (of T, err error) {
	q.mu.Lock()
	if q.waiting == nil {
		q.waiting = &answer[T]{done: make(chan struct{})}
	}
	a, idle := q.waiting, !q.asking
	q.asking = true
	q.mu.Unlock()
	if idle {
		s.goOn(ctx, func(ctx context.Context) { q.serve(ctx, find) })
	}
	select {
	case <-a.done:
		return a.of, a.err
	case <-ctx.Done():
		return of, fmt.Errorf("neo4j: %w", ctx.Err())
	}
}

// serve finds answers as long as somebody waits.
func (q *turns[T]) serve(ctx context.Context, find func(ctx context.Context) (T, error)) {
	for {
		q.mu.Lock()
		a := q.waiting
		q.waiting, q.asking = nil, a != nil
		q.mu.Unlock()
		if a == nil {
			return
		}
		a.of, a.err = find(ctx)
		close(a.done)
	}
}
