package main

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"io/fs"
	"math"
	"os"
	"regexp"

	"github.com/spf13/cobra"

	"entangle/cmd/entangle/usage"
	"entangle/graph"
	"entangle/schema"
	"entangle/schema/exec"
)

type queryOptions struct {
	storeFlags
	variables, operation, clearance string
}

const queryHelp = `Run a GraphQL document against the store and print the response. The document is
the argument itself if it begins with {, query, fragment or #. Otherwise the argument names
a file; - stands for standard input.

EXAMPLES
  entangle query --sample '{ people(first: 3) { nodes { name } } }'
  entangle query --sample question.graphql
  echo '{ people(first: 3) { nodes { name } } }' | entangle query -

EXIT STATUS
  0  answered without errors
  1  the response has errors, or the store could not be opened
  2  the command was called wrongly`

func (a *app) queryCommand() *cobra.Command {
	o := &queryOptions{}
	c := &cobra.Command{
		Use: "query DOCUMENT|FILE|-", Short: "Run a GraphQL document", Long: queryHelp, Args: usage.SomeArgs(1, 1, "one document"),
		RunE: func(c *cobra.Command, args []string) error { return a.runQuery(c, o, args[0]) },
	}
	o.addSample(c.Flags())
	c.Flags().StringVar(&o.variables, "variables", "", "the variables as a JSON `OBJECT`")
	c.Flags().StringVar(&o.operation, "operation", "", "the `NAME` of the operation, if the document has several")
	c.Flags().StringVar(&o.clearance, "clearance", "red", "the strictest `TLP` marking to read: clear, green, amber, amber+strict, red")
	return c
}

func (a *app) runQuery(c *cobra.Command, o *queryOptions, arg string) error {
	text, err := a.readDocument(arg)
	if err != nil {
		return err
	}
	if o.variables != "" && !json.Valid([]byte(o.variables)) {
		return usage.Error{Err: fmt.Errorf("--variables %s: not JSON", o.variables)}
	}
	req := exec.Request{Query: text, OperationName: o.operation, Variables: json.RawMessage(o.variables)}
	return a.withStore(c.Context(), c.Flags(), o.storeFlags, o.clearance, func(ctx context.Context, s graph.Store, clearance graph.Marking) error {
		return answer(ctx, s, req, clearance, a.stdout)
	})
}

// document is how the text of a GraphQL document that asks begins. "query" alone may be
// the name of a file.
var document = regexp.MustCompile(`^\s*([{#]|(query|fragment)(\s|\(|\{))`)

// readDocument returns the document that an argument is or names.
func (a *app) readDocument(arg string) (string, error) {
	switch {
	case arg == "-":
		b, err := io.ReadAll(a.stdin)
		return string(b), err
	case document.MatchString(arg):
		return arg, nil
	}
	b, err := os.ReadFile(arg) //nolint:gosec // the user names the file
	if errors.Is(err, fs.ErrNotExist) {
		return "", fmt.Errorf("%s: no such file; name a file that has the document, or write the document itself: '{ … }' or 'query { … }'", arg)
	}
	return string(b), err
}

// answer writes the response to a document; errors in it are an error.
func answer(ctx context.Context, s graph.Store, req exec.Request, clearance graph.Marking, w io.Writer) error {
	// The caller's own machine: no bound on the cost.
	sc, err := schema.New(schema.Config{Store: s, Introspection: true, Limits: exec.Limits{Cost: math.MaxInt32}})
	if err != nil {
		return err
	}
	prepared, problems := sc.Prepare(ctx, req)
	if len(problems) > 0 {
		if err := exec.WriteErrors(w, problems); err != nil {
			return err
		}
		fmt.Fprintln(w)
		return fmt.Errorf("the document cannot be run: %s", problems[0].Message)
	}
	result, err := sc.Execute(ctx, prepared, clearance, w)
	if err != nil {
		return err
	}
	fmt.Fprintln(w)
	if len(result.Errors) > 0 {
		return fmt.Errorf("the answer has errors: %s", result.Errors[0].Message)
	}
	return nil
}
