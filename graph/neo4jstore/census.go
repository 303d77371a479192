package neo4jstore

import (
	"context"
	"hash/maphash"
	"slices"
	"sync"

	"github.com/neo4j/neo4j-go-driver/v5/neo4j"

	"entangle/graph"
)

// maxCensus bounds the ids of a census: about 100 MB of memory.
const maxCensus = 4_000_000

// census knows the ids of all nodes and ties that the database has in one state, so
// that what is new need not be looked up. It begins with an empty database and grows
// with what this store writes; a commit of anyone else ends it. Ids are kept as
// hashes: a collision makes a new id look known, which costs a look-up. It also knows
// where in the database a node is, so that ties to it need no index; such a place is
// good as long as the census is, since nobody has removed a node meanwhile.
type census struct {
	seed maphash.Seed

	mu       sync.Mutex
	bookmark string
	nodes    map[uint64]counted
	ties     map[uint64]struct{}
	loads    map[graph.ID]graph.Load // those of which it knows that they are saved
}

// counted is what a census knows of a node.
type counted struct {
	kind    graph.Kind
	marking graph.Marking // the lowest of those with one hash
	place   int64         // Neo4j's own id of the node, nowhere where it is not known
}

const nowhere int64 = -1

func newCensus(bookmark string) *census {
	return &census{seed: maphash.MakeSeed(), bookmark: bookmark, nodes: map[uint64]counted{}, ties: map[uint64]struct{}{}, loads: map[graph.ID]graph.Load{}}
}

func (c *census) hash(id graph.ID) uint64 { return maphash.String(c.seed, string(id)) }

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
	return c.nodes[c.hash(id)].kind
}

// marking returns the marking of a node that is there.
func (c *census) marking(id graph.ID) graph.Marking {
	c.mu.Lock()
	defer c.mu.Unlock()
	return c.nodes[c.hash(id)].marking
}

// saved reports whether a load is known to be there, as it is.
func (c *census) saved(l graph.Load) bool {
	if c == nil {
		return false
	}
	c.mu.Lock()
	defer c.mu.Unlock()
	return c.loads[l.ID] == l
}

// place returns where a node that is there is, nowhere where it is not known.
func (c *census) place(id graph.ID) int64 {
	c.mu.Lock()
	defer c.mu.Unlock()
	if n, ok := c.nodes[c.hash(id)]; ok {
		return n.place
	}
	return nowhere
}

// tie reports whether a tie may be there.
func (c *census) tie(id graph.ID) bool {
	c.mu.Lock()
	defer c.mu.Unlock()
	_, ok := c.ties[c.hash(id)]
	return ok
}

// add takes a node in. Of two with one hash the places are not told apart.
func (c *census) add(id graph.ID, kind graph.Kind, marking graph.Marking, place int64) {
	h := c.hash(id)
	if other, clash := c.nodes[h]; clash {
		place, marking = nowhere, min(marking, other.marking)
	}
	c.nodes[h] = counted{kind, marking, place}
}

// mark takes the marking in that a node has now. Where two may have one hash the lower stays.
func (c *census) mark(id graph.ID, marking graph.Marking) {
	h := c.hash(id)
	if n := c.nodes[h]; n.place != nowhere || marking < n.marking {
		n.marking = marking
		c.nodes[h] = n
	}
}

// placeOf reads Neo4j's own id of a node.
func placeOf(value any) int64 {
	if place, ok := value.(int64); ok {
		return place
	}
	return nowhere
}

// grow adds what a batch brought, where its new nodes are and how its nodes are marked now; false where the census
// has become too large.
func (c *census) grow(b graph.Batch, places map[graph.ID]int64, markings map[graph.ID]graph.Marking, bookmark string) bool {
	c.mu.Lock()
	defer c.mu.Unlock()
	for _, n := range b.Nodes {
		if at, ok := places[n.ID]; ok {
			c.add(n.ID, n.Kind, markings[n.ID], at)
			delete(places, n.ID) // a batch may have a node twice
		} else if _, ok := c.nodes[c.hash(n.ID)]; !ok {
			c.add(n.ID, n.Kind, markings[n.ID], nowhere)
		}
		c.mark(n.ID, markings[n.ID])
	}
	for _, t := range b.Ties {
		c.ties[c.hash(t.ID)] = struct{}{}
	}
	c.loads[b.Load.ID] = b.Load
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

// countingPays is how many ids are read in the time in which one is looked up.
const countingPays = 16

// count begins a census of a database that is not empty, in the state that this
// store has just left, once as many ids were looked up as make it worth its while.
func (s *Store) count(ctx context.Context, bookmark string, looked int) error {
	s.looked += looked
	rows, _, err := s.read(ctx, "stock", nil, nil)
	if err != nil || len(rows) != 1 {
		return err
	}
	stock, _ := rows[0].Values[0].(int64)
	if int64(s.looked)*countingPays < stock || stock > maxCensus {
		return nil
	}
	s.looked = 0
	c := newCensus(bookmark)
	whole := true
	after, err := s.transact(ctx, neo4j.AccessModeRead, func(r runner) error {
		whole = true
		err := r.stream(ctx, "census_nodes", nil, map[string]any{"kinds": kindNames(nil)}, func(row *neo4j.Record) {
			id, kind := kindOf(row)
			c.add(id, kind, markingOf(row.Values[3]), placeOf(row.Values[2]))
			whole = whole && kind != 0 // what is no node of ours has the id
		})
		if err != nil {
			return err
		}
		return r.stream(ctx, "census_ties", parts{"TYPES": anyOf(typeNames(nil))}, nil, func(row *neo4j.Record) {
			if id, ok := row.Values[0].(string); ok {
				c.ties[c.hash(graph.ID(id))] = struct{}{}
			}
		})
	})
	if err == nil && whole && after == bookmark {
		s.setCensus(c)
	}
	return err
}

// isEmpty reports whether the database has nothing but what this store keeps for itself, and
// where it stands.
func (s *Store) isEmpty(ctx context.Context) (empty bool, bookmark string, err error) {
	rows, bookmark, err := s.read(ctx, "empty", nil, nil)
	return err == nil && len(rows) == 1 && rows[0].Values[0] == true, bookmark, err
}
