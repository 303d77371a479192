package ask_test

import (
	"bytes"
	"context"
	"encoding/json"
	"fmt"
	"strings"
	"testing"
	"unicode/utf8"

	"github.com/spf13/pflag"

	"entangle/cmd/entangle/ask"
	"entangle/graph"
)

// inspected is a store that others write to, as far as the command asks it.
type inspected struct {
	graph.Store
	problems []graph.Problem
}

func (s inspected) Problems(_ context.Context, q graph.ProblemQuery) (graph.Problems, error) {
	return q.Of(graph.OrderProblems(s.problems))
}

func (s inspected) ProblemCounts() (map[graph.Rule]int, bool) {
	return graph.CountProblems(s.problems), true
}

// told runs the command on a store with the problems and returns what it prints.
func told(t *testing.T, problems []graph.Problem, args ...string) string {
	t.Helper()
	var out bytes.Buffer
	h := ask.Host{Stdout: &out, Stderr: &out, AddStore: func(*pflag.FlagSet) ask.WithStore {
		return func(ctx context.Context, clearance string, run func(context.Context, graph.Store, graph.Marking) error) error {
			if clearance != "RED" {
				t.Errorf("asked with clearance %s", clearance)
			}
			return run(ctx, inspected{problems: problems}, graph.Red)
		}
	}}
	c := ask.ProblemsCommand(h)
	c.SetArgs(args)
	if err := c.ExecuteContext(t.Context()); err != nil {
		t.Fatal(err)
	}
	return out.String()
}

// TestProblemsAreListed: the text counts all by rule and lists as many as are asked for, of
// the rule that is asked for, within the width of a page; nothing in it moves a cursor.
func TestProblemsAreListed(t *testing.T) {
	t.Parallel()
	problems := []graph.Problem{
		{Rule: graph.RuleDate, Item: "node p-1", Field: "born", Value: "2013-13", Reason: "month outside 01 to 12"},
		{Rule: graph.RuleDate, Item: "node p-2", Field: "born", Value: "a\x1b[2Jb", Reason: "not a number"},
		{Rule: graph.RuleText, Item: "node " + strings.Repeat("ش", 1<<19), Field: "id", Value: strings.Repeat("x", 300), Reason: strings.Repeat("word ", 40)},
	}
	const counts = "3 problems; what has one is not served\n\nRULE  COUNT  WHAT IT SAYS\n" +
		"date  2      A date is not an EDTF date, or is one that cannot stand there.\n" +
		"text  1      A text is too long, empty, not UTF-8, or has a character that it cannot have.\n\n"
	for _, tt := range []struct {
		args        []string
		begin, last string
		lines       int // 0: not counted
	}{
		{nil, counts, "", 0},
		{[]string{"--first", "1"}, counts + "RULE  ITEM      FIELD  VALUE    WHY\ndate  node p-1  born   2013-13  month outside 01 to 12\n", "1 of 3 listed: --first 0 lists all\n", 10},
		{[]string{"--rule", "date", "--first", "1"}, counts, "1 of 2 listed: --first 0 lists all\n", 10},
		{[]string{"--rule", "DATE_ORDER"}, counts, "nothing breaks the rule date-order\n", 7},
	} {
		got := told(t, problems, tt.args...)
		if !strings.HasPrefix(got, tt.begin) || !strings.HasSuffix(got, tt.last) || tt.lines > 0 && strings.Count(got, "\n") != tt.lines {
			t.Errorf("%q prints\n%s", tt.args, got)
		}
		for line := range strings.Lines(got) {
			if n := utf8.RuneCountInString(line); n > 101 || strings.Contains(line, "\x1b") {
				t.Errorf("%d columns: %q", n, line)
			}
		}
	}
	if got := told(t, nil); got != "no problems: everything that the store holds is served\n" {
		t.Errorf("without problems it prints %q", got)
	}
}

// TestProblemsAsJSON: the same as data.
func TestProblemsAsJSON(t *testing.T) {
	t.Parallel()
	var problems []graph.Problem
	for i := range 5 {
		problems = append(problems, graph.Problem{Rule: graph.RuleDate, Item: fmt.Sprintf("node %d", i), Element: fmt.Sprintf("4:%d", i), Field: "born", Value: "<x>", Reason: "why"})
	}
	var got struct {
		TotalCount int
		ByRule     []struct {
			Rule  string
			Count int
		}
		More  bool
		Nodes []graph.Problem
	}
	if err := json.Unmarshal([]byte(told(t, problems, "--json", "--first", "2")), &got); err != nil {
		t.Fatal(err)
	}
	if got.TotalCount != 5 || len(got.ByRule) != 1 || got.ByRule[0].Rule != "date" || got.ByRule[0].Count != 5 || !got.More || len(got.Nodes) != 2 || got.Nodes[1] != problems[1] {
		t.Errorf("%+v", got)
	}
}
