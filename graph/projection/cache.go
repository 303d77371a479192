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
// A caller who allows staleness is given, at once, a snapshot of an earlier
// version that was the store's at most so long ago, where there is one; that of
// the present version is then built beside the callers.
func (c *Cache) Get(ctx context.Context, view graph.View, clearance graph.Marking, opts Options, staleness time.Duration) (*Snapshot, error) {
	k := key{view.Version(), picture{clearance, opts.normal()}}
	if s := c.recent(ctx, k, staleness); s != nil {
		return s, nil
	}
	s, err := c.get(ctx, k, view)
	if errors.Is(err, ErrMoved) && c.conf.Open != nil {
		s, err = c.own(ctx, k.picture, attempts-1)
	}
	if errors.Is(err, ErrMoved) {
		err = fmt.Errorf("%w, in each of %d attempts: try again, or allow staleness", err, attempts)
	}
	return s, err
}

// own gets a snapshot of the present state from views of the cache's own, so many at
// the most while the data changes.
func (c *Cache) own(ctx context.Context, p picture, attempts int) (s *Snapshot, err error) {
	for range attempts {
		if s, err = c.reopened(ctx, p); !errors.Is(err, ErrMoved) {
			break
		}
	}
	return s, err
}

func (c *Cache) reopened(ctx context.Context, p picture) (*Snapshot, error) {
	view, err := c.conf.Open(ctx, p.clearance)
	if err != nil {
		return nil, err
	}
	s, err := c.get(ctx, key{view.Version(), p}, view)
	return s, errors.Join(err, view.Close())
}

// recent returns a snapshot of an earlier version than k's that is recent enough.
func (c *Cache) recent(ctx context.Context, k key, staleness time.Duration) *Snapshot {
	c.mu.Lock()
	defer c.mu.Unlock()
	now := c.now()
	var found *entry
	var place int
	for i, e := range c.entries {
		switch {
		case e.key == k:
			e.current = now
			if e.ready() {
				return nil // nothing older is wanted
			}
		case e.key.picture != k.picture || !e.ready() || now.Sub(e.current) > staleness:
		case found == nil || e.current.After(found.current):
			found, place = e, i
		}
	}
	if staleness <= 0 || c.conf.Clock == nil || found == nil {
		return nil
	}
	c.entries = append(slices.Delete(c.entries, place, place+1), found)
	if c.conf.Open != nil && !c.building[k.picture] {
		c.building[k.picture] = true
		go c.refresh(context.WithoutCancel(ctx), k.picture)
	}
	return found.snap
}

// refresh brings a picture up to date beside the callers. What fails is tried
// again by whoever asks next, and told to who does not allow staleness.
func (c *Cache) refresh(ctx context.Context, p picture) {
	_, _ = c.own(ctx, p, attempts)
	c.mu.Lock()
	defer c.mu.Unlock()
	delete(c.building, p)
}

// get returns the snapshot of a view, built once.
func (c *Cache) get(ctx context.Context, k key, view graph.View) (*Snapshot, error) {
	for {
		e, mine := c.claim(k)
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

func (c *Cache) claim(k key) (e *entry, mine bool) {
	c.mu.Lock()
	defer c.mu.Unlock()
	for i, e := range c.entries {
		if e.key == k {
			c.entries = append(slices.Delete(c.entries, i, i+1), e)
			return e, false
		}
	}
	e = &entry{key: k, current: c.now(), done: make(chan struct{})}
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
