package projection

import (
	"context"
	"errors"
	"fmt"
	"slices"
	"sync"
	"time"

	"entangle/graph"
)

// attempts bounds how often a picture is taken anew because the data changed.
const attempts = 3

// CacheConfig says what a cache keeps and how it comes by views of its own. The
// zero value keeps one snapshot and takes pictures of the callers' views only.
type CacheConfig struct {
	Limit int // snapshots kept, at least one
	// Open opens a view of the store that all callers' views are of: for another
	// attempt where the data changed, and for building beside the callers. Nil
	// does without either.
	Open func(ctx context.Context, clearance graph.Marking) (graph.View, error)
	// Settle has the store take in what others have written (graph.Adopting), after which the
	// version of a view tells whether a picture is that of the present state. Nil for a store
	// whose version tells so at any time.
	Settle func(ctx context.Context) error
	// Clock tells how old a snapshot is. Nil allows no age.
	Clock func() time.Time
}

// Cache shares snapshots between requests: one for each version, date, gap
// policy, confidence floor and clearance. Make it with NewCache.
type Cache struct {
	conf CacheConfig

	mu       sync.Mutex
	entries  []*entry // the least recently used first
	building map[picture]bool
}

// picture is what a caller asks for, whatever the version.
type picture struct {
	clearance graph.Marking
	options   Options
}

type key struct {
	version graph.Version
	picture
}

type entry struct {
	key     key
	current time.Time // when the version was last known to be the store's
	done    chan struct{}
	snap    *Snapshot
	err     error
}

// ready reports whether the snapshot is there.
func (e *entry) ready() bool {
	select {
	case <-e.done:
		return e.err == nil
	default:
		return false
	}
}

// NewCache returns an empty cache.
func NewCache(conf CacheConfig) *Cache {
	conf.Limit = max(conf.Limit, 1)
	return &Cache{conf: conf, building: map[picture]bool{}}
}

func (c *Cache) now() time.Time {
	if c.conf.Clock == nil {
		return time.Time{}
	}
	return c.conf.Clock()
}

// Largest returns, of the snapshots kept for a clearance, that with the most ties, nil where
// there is none. It takes no picture.
func (c *Cache) Largest(clearance graph.Marking) (largest *Snapshot) {
	c.mu.Lock()
	defer c.mu.Unlock()
	for _, e := range c.entries {
		if e.key.clearance == clearance && e.ready() && (largest == nil || e.snap.Ties() > largest.Ties()) {
			largest = e.snap
		}
	}
	return largest
}

// Get returns the snapshot of what a view sees, building it beside other
// callers who wait for the same one. A failed build is not kept. A caller whose
// context ends stops waiting; the build it started ends with it and another
// caller builds anew.
//
// Where the data changes under a build it is tried again, from views of the
// cache's own, so that the version of the snapshot may be later than the view's;
// after the third attempt Get fails with ErrMoved.
//
// A caller who allows staleness is given, at once, a snapshot of a state that was
// the store's at most so long ago, where there is one; that of the present state is
// then built beside the callers. The age is how long ago the state of the snapshot was
// last known to be the store's: 0 for the present state.
func (c *Cache) Get(ctx context.Context, view graph.View, clearance graph.Marking, opts Options, staleness time.Duration) (s *Snapshot, age time.Duration, err error) {
	k := key{view.Version(), picture{clearance, opts.normal()}}
	if s, age := c.recent(ctx, k, staleness); s != nil {
		return s, age, nil
	}
	if c.conf.Settle != nil {
		s, err = c.present(ctx, k.picture, attempts)
	} else if s, err = c.get(ctx, k, c.now(), view); errors.Is(err, ErrMoved) && c.conf.Open != nil {
		s, err = c.present(ctx, k.picture, attempts-1)
	}
	if errors.Is(err, ErrMoved) {
		err = fmt.Errorf("%w, in each of %d attempts: try again, or allow staleness", err, attempts)
	}
	return s, 0, err
}

// present gets a snapshot of the present state from views of the cache's own, so many at
// the most while the data changes.
func (c *Cache) present(ctx context.Context, p picture, attempts int) (s *Snapshot, err error) {
	for range attempts {
		if s, err = c.reopened(ctx, p); !errors.Is(err, ErrMoved) {
			break
		}
	}
	return s, err
}

func (c *Cache) reopened(ctx context.Context, p picture) (*Snapshot, error) {
	now := c.now()
	if c.conf.Settle != nil {
		if err := c.conf.Settle(ctx); err != nil {
			return nil, err
		}
	}
	view, err := c.conf.Open(ctx, p.clearance)
	if err != nil {
		return nil, err
	}
	s, err := c.get(ctx, key{view.Version(), p}, now, view)
	return s, errors.Join(err, view.Close())
}

// recent returns a snapshot that is not known to be of the present state, but recent enough,
// and how old it may be.
func (c *Cache) recent(ctx context.Context, k key, staleness time.Duration) (*Snapshot, time.Duration) {
	c.mu.Lock()
	defer c.mu.Unlock()
	now := c.now()
	var found *entry
	var place int
	for i, e := range c.entries {
		switch {
		case e.key == k && c.conf.Settle == nil:
			e.current = now
			if e.ready() {
				return nil, 0 // nothing older is wanted
			}
		case e.key.picture != k.picture || !e.ready() || now.Sub(e.current) > staleness:
		case found == nil || e.current.After(found.current):
			found, place = e, i
		}
	}
	if staleness <= 0 || c.conf.Clock == nil || found == nil {
		return nil, 0
	}
	c.entries = append(slices.Delete(c.entries, place, place+1), found)
	age := now.Sub(found.current)
	// Where the version does not tell, it is enough to look again half of the time before the
	// snapshot is too old.
	wanted := found.key != k || age > staleness/2
	if wanted && c.conf.Open != nil && !c.building[k.picture] {
		c.building[k.picture] = true
		go c.refresh(context.WithoutCancel(ctx), k.picture)
	}
	return found.snap, age
}

// refresh brings a picture up to date beside the callers. What fails is tried
// again by whoever asks next, and told to who does not allow staleness.
func (c *Cache) refresh(ctx context.Context, p picture) {
	_, _ = c.present(ctx, p, attempts)
	c.mu.Lock()
	defer c.mu.Unlock()
	delete(c.building, p)
}

// get returns the snapshot of a view, built once. Its version was the store's at the time.
func (c *Cache) get(ctx context.Context, k key, at time.Time, view graph.View) (*Snapshot, error) {
	for {
		e, mine := c.claim(k, at)
		if mine {
			return c.build(ctx, e, view)
		}
		select {
		case <-ctx.Done():
			return nil, ctx.Err()
		case <-e.done:
		}
		switch {
		case e.err == nil:
			return e.snap, nil
		case errors.Is(e.err, ErrMoved): // it would be so for this view
			return nil, e.err
		}
		// The builder failed, perhaps by its own deadline: try for ourselves.
	}
}

// build fills an entry. Those who wait are let go even where Build panics.
func (c *Cache) build(ctx context.Context, e *entry, view graph.View) (*Snapshot, error) {
	e.err = errPanicked
	defer func() { c.settle(e) }()
	e.snap, e.err = Build(ctx, view, e.key.options)
	if e.snap != nil {
		e.snap.clearance = e.key.clearance
	}
	return e.snap, e.err
}

var errPanicked = errors.New("projection: the build did not finish")

func (c *Cache) claim(k key, at time.Time) (e *entry, mine bool) {
	c.mu.Lock()
	defer c.mu.Unlock()
	for i, e := range c.entries {
		if e.key == k {
			c.entries = append(slices.Delete(c.entries, i, i+1), e)
			if at.After(e.current) {
				e.current = at
			}
			return e, false
		}
	}
	e = &entry{key: k, current: at, done: make(chan struct{})}
	c.entries = append(c.entries, e)
	if len(c.entries) > c.conf.Limit {
		c.entries = slices.Delete(c.entries, 0, 1)
	}
	return e, true
}

func (c *Cache) settle(e *entry) {
	c.mu.Lock()
	defer c.mu.Unlock()
	if e.err != nil {
		c.entries = slices.DeleteFunc(c.entries, func(other *entry) bool { return other == e })
	}
	close(e.done)
}
