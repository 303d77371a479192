package schema_test

import (
	"bytes"
	"encoding/json"
	"fmt"
	"slices"
	"strings"
	"sync"
	"testing"

	"github.com/google/go-cmp/cmp"

	"entangle/graph"
	"entangle/schema"
	"entangle/schema/exec"
)

// connection is a page as a client reads it.
type connection struct {
	TotalCount int
	Edges      []struct {
		Cursor string
		Node   struct{ Key string }
	}
	PageInfo struct {
		HasNextPage, HasPreviousPage bool
		StartCursor, EndCursor       *string
	}
}

func (c connection) keys() []string {
	var keys []string
	for _, e := range c.Edges {
		keys = append(keys, e.Node.Key)
	}
	return keys
}

const pageFields = `{ totalCount edges { cursor node { key } } pageInfo { hasNextPage hasPreviousPage startCursor endCursor } }`

// listings are lists that can be paged, as documents with $first and $after.
var listings = map[string]string{
	"by name":          `query($first: Int, $after: String) { it: people(first: $first, after: $after, where: {key: {startsWith: "person"}}) ` + pageFields + ` }`,
	"by name, back":    `query($first: Int, $after: String) { it: people(first: $first, after: $after, sort: NAME_DESC) ` + pageFields + ` }`,
	"by key, back":     `query($first: Int, $after: String) { it: people(first: $first, after: $after, sort: KEY_DESC) ` + pageFields + ` }`,
	"ties":             `query($first: Int, $after: String) { it: ties(first: $first, after: $after, types: [HOLDS, MEMBER_OF]) ` + pageFields + ` }`,
	"ties of a node":   `query($first: Int, $after: String) { entity(ref: "body-000") { ... on Institution { it: posts(first: $first, after: $after) ` + pageFields + ` } } }`,
	"ties of the head": `query($first: Int, $after: String) { groups(first: 1, where: {key: {eq: "party-000"}}) { nodes { it: members(first: $first, after: $after) ` + pageFields + ` } } }`,
}

// page reads one page of a listing.
func page(t *testing.T, s *schema.Schema, query string, first int, after string) connection {
	t.Helper()
	variables := map[string]any{"first": first}
	if after != "" {
		variables["after"] = after
	}
	raw, err := json.Marshal(variables)
	if err != nil {
		t.Fatal(err)
	}
	var found *connection
	var walk func(v any)
	walk = func(v any) {
		switch v := v.(type) {
		case map[string]any:
			if it, ok := v["it"]; ok {
				raw, err := json.Marshal(it)
				if err != nil {
					t.Fatal(err)
				}
				found = new(connection)
				if err := json.Unmarshal(raw, found); err != nil {
					t.Fatal(err)
				}
				return
			}
			for _, child := range v {
				walk(child)
			}
		case []any:
			for _, child := range v {
				walk(child)
			}
		}
	}
	walk(data[any](t, s, query, string(raw)))
	if found == nil {
		t.Fatal("the document has no field it")
	}
	return *found
}

// TestPages: pages of any size, one after another, are the whole list, each item
// once.
func TestPages(t *testing.T) {
	for sort, open := range stores {
		s := newSchema(t, loaded(t, open, wide(4)))
		for name, query := range listings {
			t.Run(sort+"/"+name, func(t *testing.T) {
				whole := page(t, s, query, 1000, "")
				if whole.PageInfo.HasNextPage || whole.PageInfo.HasPreviousPage || len(whole.Edges) < 2 {
					t.Fatalf("the whole list: %+v", whole)
				}
				for _, size := range []int{1, 2, 3, len(whole.Edges)} {
					var keys []string
					after := ""
					for {
						p := page(t, s, query, size, after)
						if got, want := p.PageInfo.HasPreviousPage, after != ""; got != want {
							t.Errorf("hasPreviousPage is %v behind %q", got, after)
						}
						if first, last := p.Edges[0].Cursor, p.Edges[len(p.Edges)-1].Cursor; *p.PageInfo.StartCursor != first || *p.PageInfo.EndCursor != last {
							t.Errorf("cursors %q to %q of a page from %q to %q", *p.PageInfo.StartCursor, *p.PageInfo.EndCursor, first, last)
						}
						keys = append(keys, p.keys()...)
						if !p.PageInfo.HasNextPage {
							break
						}
						after = *p.PageInfo.EndCursor
					}
					if diff := cmp.Diff(whole.keys(), keys); diff != "" {
						t.Errorf("pages of %d (-whole +pages)\n%s", size, diff)
					}
				}
				empty := page(t, s, query, 0, "")
				if n := len(whole.Edges); whole.TotalCount != n || empty.TotalCount != n {
					t.Errorf("counted %d and %d, there are %d", whole.TotalCount, empty.TotalCount, n)
				}
				if len(empty.Edges) > 0 || !empty.PageInfo.HasNextPage || empty.PageInfo.EndCursor != nil {
					t.Errorf("a page of none: %+v", empty)
				}
			})
		}
	}
}

// TestPagesUnderInserts: what is added elsewhere neither repeats nor hides an
// item of the next page.
func TestPagesUnderInserts(t *testing.T) {
	for sort, open := range stores {
		t.Run(sort, func(t *testing.T) {
			store := loaded(t, open, wide(2))
			s := newSchema(t, store)
			query := listings["by key, back"]
			before := page(t, s, query, 1000, "").keys()
			head := page(t, s, query, 3, "")
			added := graph.Batch{Load: graph.Load{ID: "load-2"}, Nodes: []graph.Node{node(graph.Person, "zz-first", "Zz"), node(graph.Person, "aa-last", "Aa")}}
			if _, err := store.Apply(t.Context(), added); err != nil {
				t.Fatal(err)
			}
			rest := page(t, s, query, 1000, *head.PageInfo.EndCursor)
			if diff := cmp.Diff(append(before, "aa-last"), append(head.keys(), rest.keys()...)); diff != "" {
				t.Errorf("(-want +got)\n%s", diff)
			}
		})
	}
}

// TestCursorOfAnotherList: a cursor is good for one list only.
func TestCursorOfAnotherList(t *testing.T) {
	s := newSchema(t, loaded(t, stores["model"], wide(2)))
	cursor := *page(t, s, listings["ties of a node"], 1, "").PageInfo.EndCursor
	person := *page(t, s, listings["by name"], 1, "").PageInfo.EndCursor
	for name, query := range map[string]string{
		"another kind":     fmt.Sprintf(`{ groups(after: %q) { totalCount nodes { key } } }`, person),
		"another filter":   fmt.Sprintf(`{ people(after: %q) { nodes { key } } }`, person),
		"another order":    fmt.Sprintf(`{ people(after: %q, where: {key: {startsWith: "person"}}, sort: KEY_ASC) { nodes { key } } }`, person),
		"a list of ties":   fmt.Sprintf(`{ ties(after: %q) { nodes { key } } }`, person),
		"another parent":   fmt.Sprintf(`{ entity(ref: "body-001") { ... on Institution { posts(after: %q) { nodes { key } } } } }`, cursor),
		"another day":      fmt.Sprintf(`{ entity(ref: "body-000") { ... on Institution { posts(after: %q, asOf: "2020-01-01") { nodes { key } } } } }`, cursor),
		"parents together": fmt.Sprintf(`{ institutions { nodes { posts(after: %q) { nodes { key } } } } }`, cursor),
	} {
		t.Run(name, func(t *testing.T) {
			a := ask(t, s, graph.Red, query, "")
			if len(a.Errors) == 0 || a.Errors[0].Code() != exec.CodeBadInput || !strings.Contains(a.Errors[0].Message, "belongs to another list") {
				t.Errorf("got %v %s", a.Errors, a.Data)
			}
		})
	}
}

// TestConcurrentRequests: requests share a schema but no state.
func TestConcurrentRequests(t *testing.T) {
	for sort, open := range stores {
		t.Run(sort, func(t *testing.T) {
			store := loaded(t, open, wide(5))
			s := newSchema(t, store)
			p, errs := s.Prepare(t.Context(), exec.Request{Query: `{ institutions(first: 5) { nodes { posts(first: 4) { totalCount nodes { name holders(first: 2) { nodes { name } } } } } } }`})
			if errs != nil {
				t.Fatal(errs)
			}
			answers := make([]string, 8)
			var wg sync.WaitGroup
			for i := range answers {
				wg.Go(func() {
					var out bytes.Buffer
					if _, err := s.Execute(t.Context(), p, graph.Clear, &out); err != nil {
						t.Error(err)
					}
					answers[i] = out.String()
				})
			}
			wg.Wait()
			if distinct := slices.Compact(answers); len(distinct) != 1 {
				t.Errorf("%d different answers: %.300q", len(distinct), distinct)
			}
			view, err := store.View(t.Context(), graph.Clear)
			if err != nil {
				t.Fatal(err)
			}
			defer func() { _ = view.Close() }()
			if want := fmt.Sprintf(`"dataVersion":%q`, view.Version()); !strings.Contains(answers[0], want) {
				t.Errorf("the extensions do not tell %s: %.300s", want, answers[0][len(answers[0])-200:])
			}
		})
	}
}
