package ask

import (
	"context"
	"encoding/json"
	"fmt"
	"io"
	"strconv"
	"strings"
	"unicode"

	"github.com/spf13/cobra"

	"entangle/cmd/entangle/usage"
	"entangle/graph"
)

const problemsHelp = `List what a store holds and entangle does not serve, since it breaks a rule: a person
without an id, a date 2013-13, a tie between the wrong kinds. Only a store that others
write to, a Neo4j, can hold such things. What is corrected there is served by the next
request.

The first table counts what breaks each rule. The second tells what is wrong where.
--json names each node and relationship by its elementId too.

The command shows ids and values of any marking.

EXAMPLES
  entangle problems --store bolt://localhost:7687
  entangle problems --store bolt://localhost:7687 --rule date --first 0
  entangle problems --sample --json

EXIT STATUS
  0  told, whether there are problems or not
  1  the store could not be used
  2  the command was called wrongly`

type problemsFlags struct {
	store      WithStore
	rule       string
	first      int
	json, wide bool
}

// ProblemsCommand returns the command that lists what a store does not serve.
func ProblemsCommand(h Host) *cobra.Command {
	f := &problemsFlags{}
	c := &cobra.Command{
		Use: "problems", Short: "List what the store holds and does not serve", Long: problemsHelp, Args: usage.NoArgs("; the store is named by --store"),
		RunE: func(c *cobra.Command, _ []string) error { return f.run(c.Context(), h) },
	}
	f.store = h.AddStore(c.Flags())
	c.Flags().StringVar(&f.rule, "rule", "", "list only what breaks the `RULE`: "+strings.Join(ruleNames(), ", "))
	c.Flags().IntVar(&f.first, "first", 20, "list the first `NUMBER` of them, 0 for all")
	c.Flags().BoolVar(&f.wide, "wide", false, "do not limit the width of lines")
	c.Flags().BoolVar(&f.json, "json", false, "print the problems as JSON")
	return c
}

func ruleNames() []string {
	var names []string
	for _, row := range graph.Rules() {
		names = append(names, string(row.Rule))
	}
	return names
}

// query is what the flags ask for. A rule may be spelled as in GraphQL.
func (f *problemsFlags) query() (q graph.ProblemQuery, err error) {
	if f.rule != "" {
		if q.Rule, err = graph.ParseRule(strings.ToLower(strings.ReplaceAll(f.rule, "_", "-"))); err != nil {
			return q, usage.Error{Err: fmt.Errorf("--rule %q: one of %s", graph.Problem{Value: f.rule}.Shown().Value, strings.Join(ruleNames(), ", "))}
		}
	}
	if q.Limit = f.first; f.first < 0 {
		return q, usage.Error{Err: fmt.Errorf("--first %d: at least 1, or 0 for all", f.first)}
	}
	return q, nil
}

func (f *problemsFlags) run(ctx context.Context, h Host) error {
	q, err := f.query()
	if err != nil {
		return err
	}
	return f.store(ctx, graph.Red.String(), func(ctx context.Context, s graph.Store, _ graph.Marking) error {
		var found graph.Problems
		inspected, ok := s.(graph.Inspected)
		if ok {
			if found, err = inspected.Problems(ctx, q); err != nil {
				return err
			}
		}
		if f.json {
			return printProblemsJSON(h.Stdout, found)
		}
		p := &page{w: h.Stdout, wide: f.wide}
		if !ok {
			_, err := fmt.Fprintln(p, "no problems: nobody but entangle writes to this store")
			return err
		}
		return printProblems(p, q, found)
	})
}

// problemsJSON is the answer of --json.
type problemsJSON struct {
	TotalCount int             `json:"totalCount"` // of all rules
	ByRule     []ruleCountJSON `json:"byRule"`     // the rules that something breaks
	More       bool            `json:"more"`       // --first left some out
	Nodes      []problemJSON   `json:"nodes"`
}

type ruleCountJSON struct {
	Rule  graph.Rule `json:"rule"`
	Count int        `json:"count"`
}

type problemJSON struct {
	Rule    graph.Rule `json:"rule"`
	Item    string     `json:"item"`
	Element string     `json:"element"`
	Field   string     `json:"field"`
	Value   string     `json:"value"`
	Reason  string     `json:"reason"`
}

func countsOf(found graph.Problems) (rows []ruleCountJSON, total int) {
	rows = []ruleCountJSON{}
	for _, row := range graph.Rules() {
		if n := found.Counts[row.Rule]; n > 0 {
			rows = append(rows, ruleCountJSON{row.Rule, n})
			total += n
		}
	}
	return rows, total
}

func printProblemsJSON(w io.Writer, found graph.Problems) error {
	out := problemsJSON{More: found.More, Nodes: []problemJSON{}}
	out.ByRule, out.TotalCount = countsOf(found)
	for _, p := range found.Page {
		out.Nodes = append(out.Nodes, problemJSON(p))
	}
	enc := json.NewEncoder(w)
	enc.SetIndent("", "  ")
	enc.SetEscapeHTML(false)
	return enc.Encode(out)
}

func printProblems(p *page, q graph.ProblemQuery, found graph.Problems) error {
	counts, total := countsOf(found)
	if total == 0 {
		_, err := fmt.Fprintln(p, "no problems: everything that the store holds is served")
		return err
	}
	fmt.Fprintf(p, "%s; what has one is not served\n\n", usage.Many(total, "problem"))
	t := newTable(p, figure("RULE"), figure("COUNT"), told("WHAT IT SAYS"))
	for _, row := range graph.Rules() {
		for _, c := range counts {
			if c.Rule == row.Rule {
				t.row(string(c.Rule), strconv.Itoa(c.Count), row.Help)
			}
		}
	}
	if err := t.print(); err != nil {
		return err
	}
	fmt.Fprintln(p)
	t = newTable(p, figure("RULE"), called("ITEM"), figure("FIELD"), called("VALUE"), told("WHY"))
	for _, problem := range found.Page {
		t.row(string(problem.Rule), printable(problem.Item), printable(problem.Field), printable(problem.Value), printable(problem.Reason))
	}
	if len(found.Page) > 0 {
		if err := t.print(); err != nil {
			return err
		}
	}
	of := total
	if q.Rule != "" {
		of = found.Counts[q.Rule]
	}
	if found.More {
		fmt.Fprintf(p, "\n%d of %d listed: --first 0 lists all\n", len(found.Page), of)
	}
	if q.Rule != "" && of == 0 {
		fmt.Fprintf(p, "nothing breaks the rule %s\n", q.Rule)
	}
	return nil
}

// printable quotes a text of others that could do something to a terminal.
func printable(text string) string {
	if strings.ContainsFunc(text, func(r rune) bool { return !unicode.IsPrint(r) }) {
		return strconv.QuoteToGraphic(text)
	}
	return text
}
