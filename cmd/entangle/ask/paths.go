package ask

import (
	_ "embed"
	"fmt"

	"github.com/spf13/cobra"

	"entangle/cmd/entangle/usage"
	"entangle/queries"
)

//go:embed paths.graphql
var pathsDocument string

type pathsOptions struct {
	questionFlags
	drawFlags
	types   []string
	maxHops int
	first   int
}

const pathsHelp = `Ask how two nodes are connected: the likeliest paths between them, tie by tie with
dates, grades and sources, and the probability that at least one path exists. Ties are
followed in both directions.

EXAMPLES
  entangle paths --sample --as-of 2020-08-24 "Badr Organization" "Ministry of Interior"
  entangle paths --as-of 2020-08-24 --type MEMBER_OF --type HOLDS --type POST_IN FROM TO

EXIT STATUS
  0  answered, also where there is no path or nothing of what was asked about is on record
  1  the store or a node could not be found, or the question failed
  2  the command was called wrongly`

func pathsCommand(h Host) *cobra.Command {
	o := &pathsOptions{}
	c := &cobra.Command{
		Use: "paths FROM TO", Short: "By which ties are two nodes connected?", Long: pathsHelp, Args: usage.SomeArgs(2, 2, "two nodes"),
		RunE: func(c *cobra.Command, args []string) error { return runPaths(h, c, o, args[0], args[1]) },
	}
	o.addQuestion(h, c)
	f := c.Flags()
	f.StringArrayVar(&o.types, "type", nil, "a `TYPE` of tie to follow, such as MEMBER_OF; may be repeated (default: all)")
	f.IntVar(&o.maxHops, "max-hops", queries.DefaultHops, "the largest `NUMBER` of ties in a path")
	f.IntVar(&o.first, "first", queries.DefaultPaths, "how many paths are listed: a `NUMBER`")
	o.addDraw(f, queries.DefaultSamples)
	return c
}

func runPaths(h Host, c *cobra.Command, o *pathsOptions, from, to string) error {
	variables, err := o.variables()
	if err != nil {
		return err
	}
	variables["from"], variables["to"], variables["maxHops"], variables["first"] = from, to, o.maxHops, o.first
	if len(o.types) > 0 {
		variables["types"] = o.types
	}
	return inquire(h, c, o.questionFlags, question{document: pathsDocument, field: "paths", variables: variables}, printPaths)
}

type pathsAnswer struct {
	From, To  nodeAnswer
	Paths     []pathAnswer
	Connected estimateAnswer
	Basis     basisAnswer
}

func printPaths(w *page, p *pathsAnswer) error {
	fmt.Fprintf(w, "From %s to %s as of %s\n", p.From.Name, p.To.Name, p.Basis.AsOf)
	if len(p.Paths) == 0 {
		fmt.Fprintln(w, "\nno path of that length (--max-hops)")
	}
	var sources sourceList
	for i, path := range p.Paths {
		fmt.Fprintf(w, "\n%d. confidence %.2g\n", i+1, path.Confidence)
		for _, s := range path.Steps {
			fmt.Fprintf(w, "   %s\n", s.text(&sources))
		}
	}
	fmt.Fprintf(w, "\nconnected with probability %s (%s)\n", percent(p.Connected.P), p.Connected.interval())
	sources.print(w)
	return p.Basis.print(w)
}
