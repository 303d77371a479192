package main

import (
	"bytes"
	"context"
	"encoding/json"
	"errors"
	"fmt"

	"github.com/spf13/cobra"

	"entangle/graph"
	"entangle/queries"
	"entangle/schema"
	"entangle/schema/exec"
)

// questionFlags are shared by the commands that ask a question.
type questionFlags struct {
	storeFlags
	asOf, gap, clearance string
	json                 bool
}

func (f *questionFlags) addQuestion(c *cobra.Command) {
	f.addSample(c.Flags())
	c.Flags().StringVar(&f.asOf, "as-of", "", "the `DATE` of the question, such as 2020-08-24 (needed)")
	c.Flags().StringVar(&f.gap, "gap", "contiguous", "which ties stand where the data is silent: contiguous, strict, extend:`DAYS`")
	c.Flags().StringVar(&f.clearance, "clearance", "red", "the strictest `TLP` marking to read")
	c.Flags().BoolVar(&f.json, "json", false, "print the object that the GraphQL field answers")
}

// ask runs a document and returns one field of its data.
func (a *app) ask(c *cobra.Command, f questionFlags, document, field string, variables map[string]any) (json.RawMessage, error) {
	clearance, err := graph.ParseMarking(f.clearance)
	if err != nil {
		return nil, usageError{err}
	}
	if f.asOf == "" {
		return nil, usageError{errors.New("--as-of is needed: the date of the question, such as 2020-08-24")}
	}
	variables["asOf"], variables["gap"] = f.asOf, f.gap
	vars, err := json.Marshal(variables)
	if err != nil {
		return nil, err
	}
	ctx := c.Context()
	s, done, err := a.open(ctx, f.storeFlags, c.Flags().Changed("store"), false)
	if err != nil {
		return nil, err
	}
	raw, err := fieldOf(ctx, s, exec.Request{Query: document, Variables: vars}, clearance, field)
	return raw, errors.Join(err, done())
}

func fieldOf(ctx context.Context, s graph.Store, req exec.Request, clearance graph.Marking, field string) (json.RawMessage, error) {
	// The command line is the caller's own machine: no bound on the cost.
	sc, err := schema.New(schema.Config{Store: s, Limits: exec.Limits{Cost: 1 << 30, ResponseBytes: 1 << 30}, MaxSamples: queries.MaxSamples})
	if err != nil {
		return nil, err
	}
	prepared, problems := sc.Prepare(ctx, req)
	if len(problems) > 0 {
		return nil, usageError{errors.New(problems[0].Message)}
	}
	var out bytes.Buffer
	if _, err := sc.Execute(ctx, prepared, clearance, &out); err != nil {
		return nil, err
	}
	if err := ctx.Err(); err != nil {
		return nil, err
	}
	var answer struct {
		Data   map[string]json.RawMessage
		Errors []struct{ Message string }
	}
	if err := json.Unmarshal(out.Bytes(), &answer); err != nil {
		return nil, err
	}
	if len(answer.Errors) > 0 {
		return nil, errors.New(answer.Errors[0].Message)
	}
	return answer.Data[field], nil
}

// printJSON prints an object indented.
func (a *app) printJSON(raw json.RawMessage) error {
	var out bytes.Buffer
	if err := json.Indent(&out, raw, "", "  "); err != nil {
		return err
	}
	_, err := fmt.Fprintln(a.stdout, out.String())
	return err
}

type purgeOptions struct {
	questionFlags
	groups, persons, posts []string
	model                  string
	method                 string
	samples, seed          int
	explain, first         int
}

const purgeHelp = `Ask which institutions a purge would fracture.

Targets are named by key, alias or whole name; --group, --person and --post may be
repeated and mixed. The answer is conditional on the model stated in docs/model.md
and on the parameters it echoes; intervals cover sampling error only.

EXAMPLES
  entangle purge --sample --group "Badr Organization" --as-of 2020-08-24
  entangle purge --group "Kata'ib Hizballah" --group "Asa'ib Ahl al-Haq" --as-of 2020-08-24 --samples 20000
  entangle purge --sample --group badr-organization --as-of 2020-08-24 --model '{"rally":false}' --json

EXIT STATUS
  0    answered
  1    the store or a target could not be found, or the question failed
  2    the command was called wrongly
  130  stopped by a signal`

func (a *app) purgeCommand() *cobra.Command {
	o := &purgeOptions{}
	c := &cobra.Command{
		Use: "purge", Short: "Which institutions would a purge fracture?", Long: purgeHelp,
		RunE: func(c *cobra.Command, _ []string) error { return a.runPurge(c, o) },
	}
	o.addQuestion(c)
	f := c.Flags()
	f.StringArrayVar(&o.groups, "group", nil, "a group to strike, by `NAME` or id; may be repeated")
	f.StringArrayVar(&o.persons, "person", nil, "a person to strike, by `NAME` or id")
	f.StringArrayVar(&o.posts, "post", nil, "a post whose holders are struck, by `NAME` or id")
	f.StringVar(&o.model, "model", "", "parameters that differ from the defaults, as the `JSON` of PurgeModelInput")
	f.StringVar(&o.method, "method", "AUTO", "how the answer is reached: `AUTO`, EXACT or SAMPLED")
	f.IntVar(&o.samples, "samples", queries.DefaultSamples, "the number of worlds drawn")
	f.IntVar(&o.seed, "seed", 1, "the seed of the draws")
	f.IntVar(&o.explain, "explain", 5, "for how many institutions, the worst first, the reasons are shown")
	f.IntVar(&o.first, "first", 20, "how many institutions are listed")
	return c
}

func (a *app) runPurge(c *cobra.Command, o *purgeOptions) error {
	targets := append(append(append([]string{}, o.groups...), o.persons...), o.posts...)
	if len(targets) == 0 {
		return usageError{errors.New("purge: name a target with --group, --person or --post")}
	}
	variables := map[string]any{
		"targets": targets, "method": o.method, "samples": o.samples, "seed": o.seed, "explain": o.explain, "first": o.first,
	}
	if o.model != "" {
		if !json.Valid([]byte(o.model)) {
			return usageError{fmt.Errorf("--model %s: not JSON", o.model)}
		}
		variables["model"] = json.RawMessage(o.model)
	}
	raw, err := a.ask(c, o.questionFlags, schema.PurgeDocument, "purge", variables)
	if err != nil {
		return err
	}
	if o.json {
		return a.printJSON(raw)
	}
	return printPurge(a.stdout, raw)
}
