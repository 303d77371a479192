package neo4jstore

import (
	"context"
	"hash/maphash"
	"slices"
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

// censusOf returns the census of a state, nil where there is none.
func (s *Store) censusOf(bookmark string) *census {
	c := s.takeCensus()
	if !c.of(bookmark) {
		return nil
	}
	return c
}

func (s *Store) takeCensus() *census {
	s.mu.Lock()
	defer s.mu.Unlock()
	return s.census
}

func (s *Store) setCensus(c *census) {
	s.mu.Lock()
	defer s.mu.Unlock()
	s.census = c
}

// present leaves out ids of nodes that are known not to be there in a state.
func (s *Store) present(bookmark string, ids []graph.ID) []graph.ID {
	c := s.censusOf(bookmark)
	if c == nil {
		return ids
	}
	return slices.DeleteFunc(slices.Clone(ids), func(id graph.ID) bool { return c.node(id) == 0 })
}

// isEmpty reports whether the database has nothing but what this store keeps for
// itself.
func (s *Store) isEmpty(ctx context.Context) (bool, error) {
	rows, _, err := s.read(ctx, "empty", nil, nil)
	return err == nil && len(rows) == 1 && rows[0].Values[0] == true, err
}
