package projection

import (
	"context"
	"errors"
	"sync"

	"entangle/graph"
)

// Cache shares snapshots between requests: one for each version, date, gap
// policy, confidence floor and clearance. The zero value is not usable; see
// NewCache.
type Cache struct {
	mu      sync.Mutex
	limit   int
	entries []*entry // the least recently used first
}

type key struct {
	version   graph.Version
	clearance graph.Marking
	options   Options
}

type entry struct {
	key  key
	done chan struct{}
	snap *Snapshot
	err  error
}

// NewCache returns a cache of at most limit snapshots (at least one).
func NewCache(limit int) *Cache { return &Cache{limit: max(limit, 1)} }

// Get returns the snapshot of what a view sees, building it beside other
// callers who wait for the same one. A failed build is not kept. A caller whose
// context ends stops waiting; the build it started ends with it and another
// caller builds anew.
func (c *Cache) Get(ctx context.Context, view graph.View, clearance graph.Marking, opts Options) (*Snapshot, error) {
	k := key{version: view.Version(), clearance: clearance, options: opts}
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
		if e.err == nil {
			return e.snap, nil
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
			c.entries = append(append(c.entries[:i:i], c.entries[i+1:]...), e)
			return e, false
		}
	}
	e = &entry{key: k, done: make(chan struct{})}
	c.entries = append(c.entries, e)
	if len(c.entries) > c.limit {
		c.entries = c.entries[1:]
	}
	return e, true
}

func (c *Cache) settle(e *entry) {
	c.mu.Lock()
	defer c.mu.Unlock()
	if e.err != nil {
		for i, other := range c.entries {
			if other == e {
				c.entries = append(c.entries[:i:i], c.entries[i+1:]...)
				break
			}
		}
	}
	close(e.done)
}
