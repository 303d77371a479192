package storetest

import (
	"context"
	"fmt"
	"iter"
	"reflect"
	"slices"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
	"github.com/google/go-cmp/cmp/cmpopts"

	"entangle/graph"
	"entangle/graph/fold"
)

// same ignores the difference between an empty list or map and none.
var same = cmpopts.EquateEmpty()

// all selects ties of every status.
var all = graph.TieWhere{Statuses: []graph.Status{graph.Accepted, graph.Conflict, graph.Rejected}}

func mustApply(t *testing.T, s graph.Store, b graph.Batch) graph.Applied {
	t.Helper()
	a, err := s.Apply(t.Context(), b)
	if err != nil {
		t.Fatalf("apply: %v", err)
	}
	return a
}

func mustView(t *testing.T, s graph.Store, clearance graph.Marking) graph.View {
	t.Helper()
	v, err := s.View(t.Context(), clearance)
	if err != nil {
		t.Fatalf("view: %v", err)
	}
	t.Cleanup(func() { _ = v.Close() })
	return v
}

func mustVersion(t *testing.T, s graph.Store) graph.Version {
	t.Helper()
	v, err := s.Version(t.Context())
	if err != nil {
		t.Fatalf("version: %v", err)
	}
	return v
}

func collect[T any](stream iter.Seq2[T, error]) ([]T, error) {
	var list []T
	for v, err := range stream {
		if err != nil {
			return list, err
		}
		list = append(list, v)
	}
	return list, nil
}

func must[T any](t *testing.T) func(T, error) T {
	t.Helper()
	return func(v T, err error) T {
		t.Helper()
		if err != nil {
			t.Fatal(err)
		}
		return v
	}
}

func ids[T any](list []T, id func(T) graph.ID) []graph.ID {
	out := make([]graph.ID, len(list))
	for i, v := range list {
		out[i] = id(v)
	}
	return out
}

func nodeID(n graph.Node) graph.ID { return n.ID }
func tieID(t graph.Tie) graph.ID   { return t.ID }

// answer is what a reading said to one question: a value or an error.
type answer struct {
	Question string
	Value    any
	Err      string
}

func record[T any](question string, v T, err error) answer {
	if err != nil {
		return answer{Question: question, Err: err.Error()}
	}
	return answer{Question: question, Value: v}
}

// interview asks a reader everything that the contract lets it tell, and
// collects the answers in a fixed order. Two readers of equal data, whatever
// their store, answer equally.
func interview(ctx context.Context, r graph.Reader, about *Model) []answer {
	nodes, ties := about.contents()
	nodeIDs := append(ids(nodes, nodeID), "no such node")
	tieIDs := append(ids(ties, tieID), "no such tie")
	var out []answer
	add := func(a answer) { out = append(out, a) }

	counts, err := r.Counts(ctx)
	add(record("counts", counts, err))
	loads, err := r.Loads(ctx)
	add(record("loads", loads, err))
	byID, err := r.NodesByID(ctx, nodeIDs)
	add(record("nodes by id", byID, err))
	tiesByID, err := r.TiesByID(ctx, tieIDs)
	add(record("ties by id", tiesByID, err))
	resolved, err := r.Resolve(ctx, references(nodes))
	add(record("resolve", resolved, err))
	everything, err := collect(r.Ties(ctx, graph.TieQuery{Where: all}))
	add(record("ties", everything, err))
	for _, q := range interviewNodes(nodes) {
		list, err := collect(r.Nodes(ctx, q))
		add(record("nodes "+show(q), list, err))
		n, err := r.CountNodes(ctx, q)
		add(record("count of nodes "+show(q), n, err))
	}
	for _, row := range graph.TieTypes() {
		list, err := collect(r.Ties(ctx, graph.TieQuery{Types: []graph.TieType{row.Type}}))
		add(record("ties of "+row.Name, list, err))
		n, err := r.CountTies(ctx, graph.TieQuery{Types: []graph.TieType{row.Type}})
		add(record("count of ties of "+row.Name, n, err))
		for _, dir := range []graph.Dir{graph.Out, graph.Back} {
			q := graph.AdjacentQuery{Nodes: nodeIDs, Type: row.Type, Dir: dir, Where: all, Limit: 2}
			pages, err := r.Adjacent(ctx, q)
			add(record(fmt.Sprintf("adjacent %s %d", row.Name, dir), pages, err))
			counted, err := r.CountAdjacent(ctx, q)
			add(record(fmt.Sprintf("count of adjacent %s %d", row.Name, dir), counted, err))
		}
	}
	for _, text := range searchTexts(nodes) {
		hits, err := r.Search(ctx, graph.SearchQuery{Text: text, Limit: 100})
		add(record("search "+text, hits, err))
	}
	return out
}

// interviewNodes asks for each kind, in each order, and by ties and citations.
func interviewNodes(nodes []graph.Node) []graph.NodeQuery {
	queries := []graph.NodeQuery{{}, {Order: graph.OrderName}, {Order: graph.OrderName, Desc: true}, {Desc: true, Limit: 3}}
	for _, row := range graph.Kinds() {
		queries = append(queries, graph.NodeQuery{Kinds: []graph.Kind{row.Kind}, Order: graph.OrderName})
	}
	for i, row := range graph.TieTypes() {
		hop := &graph.Hop{Type: row.Type, Dir: graph.Dir(i % 2), Tie: all}
		queries = append(queries, graph.NodeQuery{Where: graph.Cond{Op: graph.Some, Hop: hop}})
	}
	for _, n := range nodes {
		if n.Kind != graph.Source {
			continue
		}
		cited := graph.Cond{Op: graph.Includes, Field: "source", Values: []string{string(n.ID)}}
		for _, typ := range []graph.TieType{graph.Holds, graph.MemberOf, graph.Backs} {
			hop := &graph.Hop{Type: typ, Dir: graph.Back, Tie: graph.TieWhere{Cond: cited}}
			queries = append(queries, graph.NodeQuery{Where: graph.Cond{Op: graph.None, Hop: hop}})
		}
	}
	return queries
}

func references(nodes []graph.Node) []string {
	refs := []string{"no:such", ""}
	for _, n := range nodes {
		refs = append(refs, string(n.ID))
		refs = append(refs, n.Aliases...)
	}
	slices.Sort(refs)
	return slices.Compact(refs)
}

// searchTexts are some of the names, of their words and of the words'
// beginnings and ends: a name gives one, so that a graph gives not too many.
func searchTexts(nodes []graph.Node) []string {
	var texts []string
	for _, n := range nodes {
		for _, name := range n.Names {
			texts = append(texts, searchText(name.Text, len(texts)%5))
		}
	}
	slices.Sort(texts)
	return slices.Compact(texts)
}

func searchText(name string, shape int) string {
	words := fold.Words(name)
	if len(words) == 0 || shape == 0 {
		return name
	}
	letters := []rune(words[len(words)-1])
	switch shape {
	case 1:
		return string(letters)
	case 2:
		return string(letters[:1])
	case 3:
		return string(letters[:min(2, len(letters))])
	}
	return string(letters[len(letters)/2:])
}

// difference is cmp.Diff, which takes a hundred times longer than to see that
// there is none.
func difference[T any](want, got T) string {
	if reflect.DeepEqual(want, got) {
		return ""
	}
	return cmp.Diff(want, got, same)
}

// compareAnswers fails the test at the first questions answered differently.
func compareAnswers(t *testing.T, got, want []answer) {
	t.Helper()
	if diff := diffAnswers(got, want); diff != "" {
		t.Error(diff)
	}
}

func diffAnswers(got, want []answer) string {
	var b strings.Builder
	shown := 0
	for i, w := range want {
		if shown == 3 {
			break
		}
		if diff := difference(w, got[i]); diff != "" {
			fmt.Fprintf(&b, "%s (-want +got):\n%s", w.Question, diff)
			shown++
		}
	}
	return b.String()
}

// modelOf applies batches to a model.
func modelOf(t *testing.T, batches ...graph.Batch) *Model {
	t.Helper()
	m := NewModel()
	for _, b := range batches {
		mustApply(t, m, b)
	}
	return m
}

// fixture loads the drawn graph into the case's store and into a model.
func fixture(t *testing.T, c *Case) *Model {
	t.Helper()
	mustApply(t, c.Store, Fixture())
	return modelOf(t, Fixture())
}
