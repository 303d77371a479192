package graph_test

import (
	"errors"
	"fmt"
	"maps"
	"slices"
	"strings"
	"testing"
	"unicode/utf8"

	"github.com/google/go-cmp/cmp"
	"pgregory.net/rapid"

	"entangle/graph"
)

// TestRules: every rule is read by its name and says what it is, and what is no rule
// is refused with those that there are.
func TestRules(t *testing.T) {
	t.Parallel()
	var names []string
	for _, row := range graph.Rules() {
		names = append(names, string(row.Rule))
		if got, err := graph.ParseRule(string(row.Rule)); err != nil || got != row.Rule {
			t.Errorf("%s is read as %q, %v", row.Rule, got, err)
		}
		if !strings.HasSuffix(row.Help, ".") {
			t.Errorf("%s: the help %q is no sentence", row.Rule, row.Help)
		}
	}
	if !slices.IsSorted(names) || len(slices.Compact(slices.Clone(names))) != len(names) {
		t.Errorf("the rules are not in the order of their names, each once: %v", names)
	}
	for _, name := range []string{"", "dates", "DATE"} {
		if _, err := graph.ParseRule(name); !errors.Is(err, graph.ErrQuery) || !strings.Contains(err.Error(), "one of date, date-order, ") {
			t.Errorf("rule %q: %v", name, err)
		}
	}
}

// TestProblemsAreShort: whatever is told of a problem is short and ends between two
// letters, and is not shortened again.
func TestProblemsAreShort(t *testing.T) {
	t.Parallel()
	long := strings.Repeat("ش", 1<<19) // an id of a MB
	for _, cut := range []string{long, "a" + long, "\xff" + long} {
		p := graph.Problem{Rule: graph.RuleText, Item: "node " + cut, Element: cut, Field: cut, Value: cut, Reason: "bad: " + cut}
		shown := p.Shown()
		for _, text := range []string{shown.Item, shown.Element, shown.Field, shown.Value, shown.Reason} {
			if len(text) > 203 || len(text) < 200 || !utf8.ValidString(text) || !strings.HasSuffix(text, "ش…") {
				t.Errorf("%d bytes, %q", len(text), text)
			}
		}
		if shown.Shown() != shown {
			t.Errorf("%+v is shortened again", shown)
		}
		if n := len(p.String()); n > 1500 {
			t.Errorf("as text it has %d bytes", n)
		}
	}
	short := graph.Problem{Rule: graph.RuleText, Item: strings.Repeat("x", 200), Value: "…"}
	if short.Shown() != short {
		t.Errorf("%+v was changed", short.Shown())
	}
}

// TestProblemPages: pages of any size, one after another, are all problems that break
// the rule, each once and in order, and every page counts them all.
func TestProblemPages(t *testing.T) {
	t.Parallel()
	problem := rapid.Custom(func(t *rapid.T) graph.Problem {
		word := rapid.SampledFrom([]string{"", "a", "b", strings.Repeat("c", 300) + "x", strings.Repeat("c", 300) + "y"})
		return graph.Problem{
			Rule: rapid.SampledFrom(graph.Rules()[:3]).Draw(t, "rule").Rule,
			Item: word.Draw(t, "item"), Element: word.Draw(t, "element"), Field: word.Draw(t, "field"), Value: word.Draw(t, "value"), Reason: word.Draw(t, "reason"),
		}
	})
	rapid.Check(t, func(t *rapid.T) {
		list := rapid.SliceOf(problem).Draw(t, "problems")
		all := graph.OrderProblems(list)
		distinct := map[graph.Problem]bool{}
		for _, p := range list {
			distinct[p.Shown()] = true
		}
		if !slices.IsSortedFunc(all, graph.Problem.Compare) || len(all) != len(distinct) {
			t.Fatalf("%d problems of %d that differ, or not in order: %v", len(all), len(distinct), all)
		}
		q := graph.ProblemQuery{
			Rule:  rapid.SampledFrom([]graph.Rule{"", graph.RuleDate, graph.RuleWord}).Draw(t, "which"),
			Limit: rapid.IntRange(0, 3).Draw(t, "limit"),
		}
		want := slices.DeleteFunc(slices.Clone(all), func(p graph.Problem) bool { return q.Rule != "" && p.Rule != q.Rule })
		var got []graph.Problem
		for {
			page, err := q.Of(all)
			if err != nil {
				t.Fatal(err)
			}
			if !maps.Equal(page.Counts, graph.CountProblems(all)) || q.Limit > 0 && len(page.Page) > q.Limit {
				t.Fatalf("the page %+v", page)
			}
			got = append(got, page.Page...)
			if !page.More {
				break
			}
			q.After = &page.Page[len(page.Page)-1]
		}
		if !slices.Equal(got, want) {
			t.Fatal(cmp.Diff(want, got))
		}
	})
	if _, err := (graph.ProblemQuery{Rule: "none"}).Of(nil); !errors.Is(err, graph.ErrQuery) {
		t.Errorf("a rule that there is not: %v", err)
	}
}

// TestManyProblemsInAnError: an error about a batch whose ids are long stays short.
func TestManyProblemsInAnError(t *testing.T) {
	t.Parallel()
	var err graph.BatchError
	for i := range 9 {
		err.Problems = append(err.Problems, graph.Problem{Item: fmt.Sprintf("node %d%s", i, strings.Repeat("x", 1<<20)), Field: "id"})
	}
	if text := err.Error(); len(text) > 2000 || !strings.HasSuffix(text, "and 4 more") {
		t.Errorf("%d bytes: %.300s", len(text), text)
	}
}
