package schema_test

import (
	"context"
	"fmt"
	"iter"
	"sync"
	"testing"

	"github.com/google/go-cmp/cmp"

	"entangle/graph"
)

// countingStore counts the calls of its views by method.
type countingStore struct {
	graph.Store
	mu           sync.Mutex
	calls        map[string]int
	open, closed int
}

type countingView struct {
	graph.View
	store *countingStore
}

func (s *countingStore) count(method string) {
	s.mu.Lock()
	defer s.mu.Unlock()
	if s.calls == nil {
		s.calls = map[string]int{}
	}
	s.calls[method]++
}

// take returns the calls since it was last asked.
func (s *countingStore) take() map[string]int {
	s.mu.Lock()
	defer s.mu.Unlock()
	calls := s.calls
	s.calls = nil
	return calls
}

func (s *countingStore) View(ctx context.Context, clearance graph.Marking) (graph.View, error) {
	v, err := s.Store.View(ctx, clearance)
	if err != nil {
		return nil, err
	}
	s.open++
	return &countingView{View: v, store: s}, nil
}

func (v *countingView) Close() error {
	v.store.closed++
	return v.View.Close()
}

func (v *countingView) NodesByID(ctx context.Context, ids []graph.ID) (map[graph.ID]graph.Node, error) {
	v.store.count("NodesByID")
	return v.View.NodesByID(ctx, ids)
}

func (v *countingView) TiesByID(ctx context.Context, ids []graph.ID) (map[graph.ID]graph.Tie, error) {
	v.store.count("TiesByID")
	return v.View.TiesByID(ctx, ids)
}

func (v *countingView) Resolve(ctx context.Context, refs []string) (map[string]graph.ID, error) {
	v.store.count("Resolve")
	return v.View.Resolve(ctx, refs)
}

func (v *countingView) Nodes(ctx context.Context, q graph.NodeQuery) iter.Seq2[graph.Node, error] {
	v.store.count("Nodes")
	return v.View.Nodes(ctx, q)
}

func (v *countingView) CountNodes(ctx context.Context, q graph.NodeQuery) (int, error) {
	v.store.count("CountNodes")
	return v.View.CountNodes(ctx, q)
}

func (v *countingView) Ties(ctx context.Context, q graph.TieQuery) iter.Seq2[graph.Tie, error] {
	v.store.count("Ties")
	return v.View.Ties(ctx, q)
}

func (v *countingView) CountTies(ctx context.Context, q graph.TieQuery) (int, error) {
	v.store.count("CountTies")
	return v.View.CountTies(ctx, q)
}

func (v *countingView) Adjacent(ctx context.Context, q graph.AdjacentQuery) (map[graph.ID]graph.AdjacentPage, error) {
	v.store.count("Adjacent")
	return v.View.Adjacent(ctx, q)
}

func (v *countingView) CountAdjacent(ctx context.Context, q graph.AdjacentQuery) (map[graph.ID]int, error) {
	v.store.count("CountAdjacent")
	return v.View.CountAdjacent(ctx, q)
}

func (v *countingView) Search(ctx context.Context, q graph.SearchQuery) ([]graph.Hit, error) {
	v.store.count("Search")
	return v.View.Search(ctx, q)
}

func (v *countingView) Counts(ctx context.Context) (graph.Counts, error) {
	v.store.count("Counts")
	return v.View.Counts(ctx)
}

func (v *countingView) Loads(ctx context.Context) ([]graph.Load, error) {
	v.store.count("Loads")
	return v.View.Loads(ctx)
}

// wide is n institutions with 2 posts each, held by 2 persons each who belong to
// a group, all from one source.
func wide(n int) graph.Batch {
	b := graph.Batch{Load: graph.Load{ID: "load-wide", Dataset: "wide"}}
	add := func(kind graph.Kind, id string) graph.ID {
		b.Nodes = append(b.Nodes, node(kind, graph.ID(id), id))
		b.Nodes[len(b.Nodes)-1].Load = "load-wide"
		return graph.ID(id)
	}
	tie := func(typ graph.TieType, from, to graph.ID) {
		t := graph.Tie{Type: typ, From: from, To: to, Load: "load-wide", Citations: []graph.Citation{{Source: "source"}}}
		b.Ties = append(b.Ties, t.Normal())
	}
	add(graph.Source, "source")
	for i := range n {
		body, party := add(graph.Institution, fmt.Sprintf("body-%03d", i)), add(graph.Group, fmt.Sprintf("party-%03d", i))
		for j := range 2 {
			post := add(graph.Post, fmt.Sprintf("post-%03d-%d", i, j))
			tie(graph.PostIn, post, body)
			for k := range 2 {
				person := add(graph.Person, fmt.Sprintf("person-%03d-%d-%d", i, j, k))
				tie(graph.Holds, person, post)
				tie(graph.MemberOf, person, party)
			}
		}
	}
	return b
}

// TestStoreCalls: the calls of the store depend on the levels of the document,
// never on how many objects a level has.
func TestStoreCalls(t *testing.T) {
	for name, tt := range map[string]struct {
		query string
		want  map[string]int
	}{
		"four levels": {
			`{ institutions(first: 50) { nodes { name posts(first: 4) { nodes { name holders(first: 2) { nodes { name memberOf(first: 2) { nodes { name } } } } } } } } }`,
			map[string]int{"Nodes": 1, "Adjacent": 3, "NodesByID": 3},
		},
		"edges, nodes and page info are one reading": {
			`{ institutions(first: 50) { edges { node { posts(first: 4) { edges { cursor tie { key } node { key } } nodes { key } pageInfo { endCursor hasNextPage } } } } pageInfo { hasNextPage } nodes { key } } }`,
			map[string]int{"Nodes": 1, "Adjacent": 1, "NodesByID": 1},
		},
		"counts only": {
			`{ institutions(first: 50) { totalCount nodes { posts { totalCount } } } }`,
			map[string]int{"Nodes": 1, "CountNodes": 1, "CountAdjacent": 1},
		},
		"ties are counted, not read":  {`{ ties(types: [HOLDS]) { totalCount } }`, map[string]int{"CountTies": 1}},
		"nothing asked, nothing read": {`{ institutions { __typename } }`, nil},
		"the same question under two names": {
			`{ institutions(first: 50) { nodes { a: posts(first: 4) { nodes { key } } b: posts(first: 4) { pageInfo { hasNextPage } } } } }`,
			map[string]int{"Nodes": 1, "Adjacent": 1, "NodesByID": 1},
		},
		"two questions, one look-up of nodes": {
			`{ people(first: 100) { nodes { holds(first: 3) { nodes { key } } memberOf(first: 3) { nodes { key } } } } }`,
			map[string]int{"Nodes": 1, "Adjacent": 2, "NodesByID": 1},
		},
		"sources and loads": {
			`{ people(first: 100) { nodes { load { dataset } holds(first: 3) { edges { tie { load { dataset } citations { source { name } } from { name } to { name } } } } } } }`,
			map[string]int{"Nodes": 1, "Adjacent": 1, "NodesByID": 2, "Loads": 1},
		},
		"nodes by id": {
			`{ a: node(id: "UGVyc29uOnBlcnNvbi0wMDAtMC0w") { id } b: node(id: "UGVyc29uOnBlcnNvbi0wMDAtMC0x") { id } }`,
			map[string]int{"NodesByID": 1},
		},
		"search": {
			`{ search(text: "party", first: 100) { name node { name } } }`,
			map[string]int{"Search": 1, "NodesByID": 1},
		},
	} {
		t.Run(name, func(t *testing.T) {
			for _, n := range []int{2, 50} {
				store := &countingStore{Store: loaded(t, stores["model"], wide(n))}
				s := newSchema(t, store)
				data[any](t, s, tt.query, "")
				if diff := cmp.Diff(tt.want, store.take()); diff != "" {
					t.Errorf("%d institutions: calls of the store (-want +got)\n%s", n, diff)
				}
				if store.open != 1 || store.closed != 1 {
					t.Errorf("%d views opened, %d closed", store.open, store.closed)
				}
			}
		})
	}
}
