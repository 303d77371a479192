package neo4jstore

import (
	"hash/maphash"
	"sync"

	"entangle/graph"
)

// maxCensus bounds the ids of a census: about 100 MB of memory.
const maxCensus = 4_000_000

// census knows the ids of all nodes and ties that the database has in one state, so
// that what is new need not be looked up. It begins with an empty database and grows
// with what this store writes; a commit of anyone else ends it. Ids are kept as
// hashes: a collision makes a new id look known, which costs a look-up.
type census struct {
	seed maphash.Seed

	mu       sync.Mutex
	bookmark string
	nodes    map[uint64]graph.Kind
	ties     map[uint64]struct{}
}

func newCensus(bookmark string) *census {
	return &census{seed: maphash.MakeSeed(), bookmark: bookmark, nodes: map[uint64]graph.Kind{}, ties: map[uint64]struct{}{}}
}

// of reports whether the census is that of the state.
func (c *census) of(bookmark string) bool {
	if c == nil {
		return false
	}
	c.mu.Lock()
	defer c.mu.Unlock()
	return c.bookmark == bookmark
}

// node returns the kind of a node that may be there, 0 for one that is not.
func (c *census) node(id graph.ID) graph.Kind {
	c.mu.Lock()
	defer c.mu.Unlock()
	return c.nodes[maphash.String(c.seed, string(id))]
}

// tie reports whether a tie may be there.
func (c *census) tie(id graph.ID) bool {
	c.mu.Lock()
	defer c.mu.Unlock()
	_, ok := c.ties[maphash.String(c.seed, string(id))]
	return ok
}

// grow adds what a batch brought; false where it has become too large.
func (c *census) grow(b graph.Batch, bookmark string) bool {
	c.mu.Lock()
	defer c.mu.Unlock()
	for _, n := range b.Nodes {
		c.nodes[maphash.String(c.seed, string(n.ID))] = n.Kind
	}
	for _, t := range b.Ties {
		c.ties[maphash.String(c.seed, string(t.ID))] = struct{}{}
	}
	c.bookmark = bookmark
	return len(c.nodes)+len(c.ties) <= maxCensus
}

// absent tells which of the ids may be there in a state; all of them without a
// census of it.
func (s *Store) present(bookmark string, ids []graph.ID) []graph.ID {
	s.mu.Lock()
	c := s.census
	s.mu.Unlock()
	if !c.of(bookmark) {
		return ids
	}
	var some []graph.ID
	for _, id := range ids {
		if c.node(id) != 0 {
			some = append(some, id)
		}
	}
	return some
}
