package schema_test

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"slices"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"entangle/graph"
	"entangle/schema/exec"
)

// inspected is a store that others write to: it holds problems.
type inspected struct {
	graph.Store
	problems []graph.Problem
	reads    int
	err      error
}

func (s *inspected) Problems(_ context.Context, q graph.ProblemQuery) (graph.Problems, error) {
	s.reads++
	if s.err != nil {
		return graph.Problems{}, s.err
	}
	return q.Of(graph.OrderProblems(s.problems))
}

func (s *inspected) ProblemCounts() (map[graph.Rule]int, bool) {
	return graph.CountProblems(s.problems), true
}

// troubled is a store with 7 problems, one of them of an id of a MB.
func troubled(t *testing.T) *inspected {
	t.Helper()
	s := &inspected{Store: loaded(t, stores["model"], fixture(t))}
	for i := range 6 {
		rule := []graph.Rule{graph.RuleDate, graph.RuleIDMissing}[i%2]
		s.problems = append(s.problems, graph.Problem{Rule: rule, Item: fmt.Sprintf("node %d", i), Element: fmt.Sprintf("4:%d", i), Field: "born", Value: "a\x00b", Reason: "why"})
	}
	s.problems = append(s.problems, graph.Problem{Rule: graph.RuleText, Item: "node " + strings.Repeat("ش", 1<<19), Field: "id", Value: strings.Repeat("ش", 1<<19), Reason: "long"})
	return s
}

type problemPage struct {
	Problems *struct {
		TotalCount int
		ByRule     []struct {
			Rule  string
			Count int
		}
		Edges []struct {
			Cursor string
			Node   graph.Problem
		}
		Nodes    []graph.Problem
		PageInfo struct {
			HasNextPage, HasPreviousPage bool
			StartCursor, EndCursor       *string
		}
	}
}

const problemQuery = `query($first: Int, $after: String, $rule: ProblemRule) { problems(first: $first, after: $after, rule: $rule) {
	totalCount byRule { rule count } edges { cursor node { rule item element field value reason } } nodes { rule item element field value reason }
	pageInfo { hasNextPage hasPreviousPage startCursor endCursor } } }`

// TestProblemPages: pages of any size, of all problems and of those that break a rule,
// are the whole list; each is counted by rule, is one read of the store, and is short.
func TestProblemPages(t *testing.T) {
	store := troubled(t)
	s := newSchema(t, store)
	all := graph.OrderProblems(store.problems)
	for i, p := range all { // as GraphQL names the rules
		all[i].Rule = graph.Rule(strings.ToUpper(strings.ReplaceAll(string(p.Rule), "-", "_")))
	}
	for _, rule := range []graph.Rule{"", "DATE", "ID_MISSING", "TEXT", "WORD"} {
		want := slices.DeleteFunc(slices.Clone(all), func(p graph.Problem) bool { return rule != "" && p.Rule != rule })
		for _, size := range []int{1, 2, 7, 100} {
			var got []graph.Problem
			after := ""
			for more := true; more; {
				variables := map[string]any{"first": size}
				if rule != "" {
					variables["rule"] = rule
				}
				if after != "" {
					variables["after"] = after
				}
				raw, err := json.Marshal(variables)
				if err != nil {
					t.Fatal(err)
				}
				store.reads = 0
				p := data[problemPage](t, s, problemQuery, string(raw)).Problems
				if store.reads != 1 || p.TotalCount != len(want) || p.PageInfo.HasPreviousPage != (after != "") || len(p.Nodes) > size {
					t.Errorf("rule %q by %d: %d reads, total %d, %d nodes, %+v", rule, size, store.reads, p.TotalCount, len(p.Nodes), p.PageInfo)
				}
				for _, c := range p.ByRule {
					if n := len(slices.DeleteFunc(slices.Clone(all), func(p graph.Problem) bool { return string(p.Rule) != c.Rule })); c.Count != n {
						t.Errorf("%s: %d, want %d", c.Rule, c.Count, n)
					}
				}
				if len(p.ByRule) != len(graph.Rules()) {
					t.Errorf("%d rules are counted", len(p.ByRule))
				}
				for i, e := range p.Edges {
					if e.Node != p.Nodes[i] || len(e.Cursor) > 2500 {
						t.Errorf("edge %+v beside node %+v", e, p.Nodes[i])
					}
				}
				got = append(got, p.Nodes...)
				if more = p.PageInfo.HasNextPage; more {
					after = *p.PageInfo.EndCursor
				}
			}
			if diff := cmp.Diff(want, got, cmp.Transformer("none", func(l []graph.Problem) []graph.Problem { return append([]graph.Problem{}, l...) })); diff != "" {
				t.Errorf("rule %q by %d (-want +got):\n%s", rule, size, diff)
			}
		}
	}
	none := data[problemPage](t, s, `{ problems(first: 0) { totalCount edges { cursor } pageInfo { hasNextPage hasPreviousPage startCursor } } }`, "").Problems
	if none.TotalCount != 7 || len(none.Edges) > 0 || !none.PageInfo.HasNextPage || none.PageInfo.StartCursor != nil {
		t.Errorf("a page of none: %+v", none)
	}
}

// TestProblemsAreForTheHighestClearance: nobody else is told, the store is not even
// asked, and the rest of the answer is given.
func TestProblemsAreForTheHighestClearance(t *testing.T) {
	store := troubled(t)
	s := newSchema(t, store)
	for m := graph.Clear; m <= graph.Red; m++ {
		store.reads = 0
		a := ask(t, s, m, `{ problems { totalCount nodes { item } } stats { nodes } }`, "")
		if m == graph.Red {
			if len(a.Errors) > 0 || !strings.Contains(string(a.Data), `"totalCount":7`) {
				t.Errorf("%s: %s %v", m, a.Data, a.Errors)
			}
			continue
		}
		if len(a.Errors) != 1 || a.Errors[0].Code() != exec.CodeForbidden || store.reads > 0 || !strings.HasPrefix(string(a.Data), `{"problems":null,"stats":{"nodes":`) {
			t.Errorf("%s: %s %v, %d reads", m, a.Data, a.Errors, store.reads)
		}
	}
}

// TestProblemRefusals: cursors of other lists and unknown rules are refused; a store
// that cannot be reached says so, and what else fails is masked.
func TestProblemRefusals(t *testing.T) {
	store := troubled(t)
	s := newSchema(t, store)
	dates := data[problemPage](t, s, `{ problems(first: 1, rule: DATE) { pageInfo { endCursor } } }`, "").Problems
	people := data[struct{ People connection }](t, s, `{ people(first: 1) { pageInfo { endCursor } } }`, "").People
	for name, tt := range map[string]struct {
		query string
		err   error
		code  exec.Code
		text  string
	}{
		"a cursor of another rule": {fmt.Sprintf(`{ problems(after: %q) { totalCount } }`, *dates.PageInfo.EndCursor), nil, exec.CodeBadInput, "another list"},
		"a cursor of people":       {fmt.Sprintf(`{ problems(after: %q) { totalCount } }`, *people.PageInfo.EndCursor), nil, exec.CodeBadInput, "another list"},
		"half a cursor":            {fmt.Sprintf(`{ problems(rule: DATE, after: %q) { totalCount } }`, (*dates.PageInfo.EndCursor)[:20]), nil, exec.CodeBadInput, "is not a cursor"},
		"no cursor":                {`{ problems(after: "x") { totalCount } }`, nil, exec.CodeBadInput, "is not a cursor"},
		"less than none":           {`{ problems(first: -1) { totalCount } }`, nil, exec.CodeBadInput, "negative"},
		"no rule":                  {`{ problems(rule: SPELLING) { totalCount } }`, nil, exec.CodeValidation, "SPELLING"},
		"no store":                 {`{ problems { totalCount } }`, fmt.Errorf("bolt://secret: %w", graph.ErrUnavailable), exec.CodeUnavailable, "cannot be reached"},
		"no disk":                  {`{ problems { pageInfo { endCursor } } }`, errors.New("secret"), exec.CodeInternal, ""},
		"no disk, nodes":           {`{ problems { nodes { item } } }`, errors.New("secret"), exec.CodeInternal, ""},
		"no disk, rules":           {`{ problems { byRule { count } } }`, errors.New("secret"), exec.CodeInternal, ""},
	} {
		t.Run(name, func(t *testing.T) {
			store.err = tt.err
			a := ask(t, s, graph.Red, tt.query, "")
			if len(a.Errors) != 1 || a.Errors[0].Code() != tt.code || !strings.Contains(a.Errors[0].Message, tt.text) || strings.Contains(a.Errors[0].Message, "secret") {
				t.Errorf("%v %s", a.Errors, a.Data)
			}
		})
	}
}
