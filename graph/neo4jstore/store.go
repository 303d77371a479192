package neo4jstore

import (
	"context"
	"errors"
	"fmt"
	"sync"
	"sync/atomic"
	"time"

	"github.com/neo4j/neo4j-go-driver/v5/neo4j"

	"entangle/graph"
)

// Store is a graph.Store on Neo4j.
type Store struct {
	conf Config

	linkMu sync.Mutex
	link   *link

	// bookmarks make reads on a cluster's followers wait for what was seen before.
	bookmarks neo4j.BookmarkManager
	closed    atomic.Bool
	// ending is closed with the store, and ends what runs beside its callers.
	ending chan struct{}
	beside sync.WaitGroup
	// writer is held by the one writer of this process; a channel, so that
	// waiting ends with the context.
	writer chan struct{}

	mu    sync.Mutex
	ready bool
	// unfinished says that a part of the schema was put off.
	unfinished bool
	// drift is what the schema lacks and could not be made.
	drift []Drift
	// settled is the bookmark up to which foreign changes were looked at.
	settled string
	// told are the problems that the log has already.
	told map[string]bool
	// looked counts what was looked up without a census; the writer has it.
	looked int
	// census is that of the last state this store left, nil where there is none.
	census *census
	// states are the last that views of a clearance began with.
	states map[graph.Marking]*state

	tips     turns[standing]
	settles  turns[struct{}]
	commits  commits
	problems looks
	adopter  adopter
}

var (
	_ graph.Store     = (*Store)(nil)
	_ graph.Inspected = (*Store)(nil)
)

// Open connects to a Neo4j and brings its schema up to date. Where no server
// answers it fails with graph.ErrUnavailable, unless the configuration is Lazy:
// then the store answers graph.ErrUnavailable until one does. The caller closes
// the store.
func Open(ctx context.Context, c Config) (*Store, error) {
	c, err := c.normal()
	if err != nil {
		return nil, err
	}
	driver, err := c.driver()
	if err != nil {
		return nil, err
	}
	s := &Store{conf: c, link: &link{driver: driver}, ending: make(chan struct{}), writer: make(chan struct{}, 1), told: map[string]bool{}, states: map[graph.Marking]*state{}, adopter: newAdopter()}
	if c.routed() {
		s.bookmarks = neo4j.NewBookmarkManager(neo4j.BookmarkManagerConfig{})
	}
	if err := s.Ready(ctx); err != nil && (!c.Lazy || !errors.Is(err, graph.ErrUnavailable)) {
		_ = s.Close() //nolint:contextcheck // whoever closes a store has none
		return nil, err
	}
	s.goOn(ctx, s.watch)
	if c.Sweep > 0 {
		s.goOn(ctx, s.takeInBeside)
	}
	return s, nil
}

// Ready reports whether the store can answer now: nil, or the reason why not. It
// brings the schema up to date when the server is there for the first time.
func (s *Store) Ready(ctx context.Context) error {
	_, err := s.Version(ctx)
	return err
}

// Close ends the store and its connections. What runs beside its callers ends first.
func (s *Store) Close() error {
	s.mu.Lock()
	already := s.closed.Swap(true)
	s.mu.Unlock()
	if already {
		return fmt.Errorf("neo4j: %w", graph.ErrClosed)
	}
	close(s.ending)
	s.beside.Wait()
	return s.presentLink().driver.Close(context.Background())
}

// Version returns the version of the data now, as a reading sees it that nothing is hidden
// from.
func (s *Store) Version(ctx context.Context) (graph.Version, error) {
	at, err := s.where(ctx)
	return at.of(graph.Red), err
}

// View opens a reading under a clearance. It asks the server where it stands; what
// views before it read of the same state is at hand.
func (s *Store) View(ctx context.Context, clearance graph.Marking) (graph.View, error) {
	clearance = min(clearance, graph.Red)
	markings := graph.Markings()
	v := &view{store: s, seen: markings[:clearance+1], own: newState("", "", nil, DefaultCacheSize)}
	if v.stale = s.conf.Staleness > 0 && s.conf.CacheSize >= 0; v.stale {
		if err := s.migrated(ctx); err != nil {
			return nil, err
		}
		if v.state = s.stateNow(clearance); v.state.serves(s.conf.Staleness) {
			return v, nil
		}
	}
	asked := time.Now()
	at, err := s.where(ctx)
	if err != nil {
		return nil, err
	}
	s.adopter.at(at.bookmark)
	if v.state = s.renewed(clearance, at.bookmark, asked); v.state == nil {
		var moved bool
		if v.state, moved, err = s.stateOf(ctx, clearance, at, markings[clearance+1:]); err != nil {
			return nil, err
		}
		if moved {
			v.look(ctx)
		}
	}
	if s.conf.CacheSize < 0 { // what a view reads is kept for itself alone
		v.state = newState(at.bookmark, v.state.version, v.state.hidden, DefaultCacheSize)
	}
	return v, nil
}

// askAnew has the next views ask where the database stands, whatever staleness is allowed.
func (s *Store) askAnew() {
	s.mu.Lock()
	defer s.mu.Unlock()
	for clearance, m := range s.states {
		next := *m
		next.born = time.Time{}
		s.states[clearance] = &next
	}
}

func (s *Store) stateNow(clearance graph.Marking) *state {
	s.mu.Lock()
	defer s.mu.Unlock()
	return s.states[clearance]
}

// renewed returns the memory of a clearance where it is that of the bookmark, nil where it is not.
func (s *Store) renewed(clearance graph.Marking, bookmark string, asked time.Time) *state {
	s.mu.Lock()
	defer s.mu.Unlock()
	m := s.states[clearance]
	if m == nil || m.bookmark != bookmark {
		return nil
	}
	if s.conf.Staleness > 0 && asked.After(m.born) { // another, so that none changes beneath a view
		next := *m
		next.born = asked
		m = &next
		s.states[clearance] = m
	}
	return m
}

// stateOf makes the memory of a state. Sources that it hides are read first: where
// someone commits meanwhile it is not clear of which state they are; the memory
// stays with its view, which has moved.
func (s *Store) stateOf(ctx context.Context, clearance graph.Marking, at standing, hidden []string) (m *state, moved bool, err error) {
	after := at.bookmark
	var rows []*neo4j.Record
	if len(hidden) > 0 {
		if rows, after, err = s.read(ctx, "hidden_sources", nil, map[string]any{"hidden": hidden}); err != nil {
			return nil, false, err
		}
	}
	ids := make(map[graph.ID]bool, len(rows))
	for _, r := range rows {
		if id, ok := r.Values[0].(string); ok {
			ids[graph.ID(id)] = true
		}
	}
	if moved = after != at.bookmark; moved {
		return newState(at.bookmark, at.of(clearance), ids, DefaultCacheSize), true, nil
	}
	m = newState(at.bookmark, at.of(clearance), ids, s.conf.CacheSize)
	s.mu.Lock()
	defer s.mu.Unlock()
	if other := s.states[clearance]; other != nil && other.bookmark == at.bookmark {
		return other, false, nil
	}
	s.states[clearance] = m
	return m, false, nil
}

// maxSettles bounds how often a reading starts again while others keep writing.
const maxSettles = 3

// where tells where the database stands, which is migrated.
func (s *Store) where(ctx context.Context) (standing, error) {
	for try := 0; ; try++ {
		if err := s.migrated(ctx); err != nil {
			return standing{}, err
		}
		at, err := s.tip(ctx)
		if !errors.Is(err, errNoSchema) {
			return at, err
		}
		if s.unready(); try == maxSettles { // someone goes on emptying the database
			return standing{}, fmt.Errorf("%w: Neo4j at %s is being emptied: %w", graph.ErrUnavailable, s.conf.URI, err)
		}
	}
}

// goOn runs work that does not end with its caller's context, but with the store. On a closed
// store it runs at once, to find that out.
func (s *Store) goOn(ctx context.Context, work func(ctx context.Context)) {
	ctx, cancel := context.WithCancel(context.WithoutCancel(ctx))
	whole := func() {
		defer cancel()
		go func() {
			select {
			case <-s.ending:
				cancel()
			case <-ctx.Done():
			}
		}()
		work(ctx)
	}
	s.mu.Lock()
	closed := s.closed.Load()
	if !closed {
		s.beside.Go(whole)
	}
	s.mu.Unlock()
	if closed {
		whole()
	}
}

// unready has the schema looked at by the next call.
func (s *Store) unready() {
	s.mu.Lock()
	defer s.mu.Unlock()
	s.ready, s.census = false, nil
}

// check is the beginning of every call.
func (s *Store) check(ctx context.Context) error {
	if s.closed.Load() {
		return fmt.Errorf("neo4j: %w", graph.ErrClosed)
	}
	if err := ctx.Err(); err != nil {
		return fmt.Errorf("neo4j: %w", err)
	}
	return nil
}

// lock waits for the right to write, or for the end of the context.
func (s *Store) lock(ctx context.Context) (unlock func(), err error) {
	if err := s.check(ctx); err != nil {
		return nil, err
	}
	select {
	case s.writer <- struct{}{}:
		return func() { <-s.writer }, nil
	case <-ctx.Done():
		return nil, fmt.Errorf("neo4j: waiting to write: %w", ctx.Err())
	}
}
