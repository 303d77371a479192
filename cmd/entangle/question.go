package main

import (
	"bytes"
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"log/slog"

	"github.com/spf13/cobra"

	"entangle/graph"
	"entangle/graph/projection"
	"entangle/queries"
	"entangle/schema"
	"entangle/schema/exec"
)

// questionFlags are shared by the commands that ask a question.
type questionFlags struct {
	storeFlags
	asOf, gap, clearance string
	minConfidence        float64
	distantYears         int
	json                 bool
}

func (f *questionFlags) addQuestion(c *cobra.Command) {
	c.Flags().StringVar(&f.asOf, "as-of", "", "the `DATE` of the question, such as 2020-08-24 (needed)")
	f.addReading(c)
}

// addReading adds the flags of a question that names its days itself.
func (f *questionFlags) addReading(c *cobra.Command) {
	f.addSample(c.Flags())
	c.Flags().StringVar(&f.gap, "gap", "contiguous", "the `POLICY` for ties where the data is silent: contiguous, strict or extend:DAYS")
	c.Flags().Float64Var(&f.minConfidence, "min-confidence", 0, "leave out ties that are less sure: a `NUMBER`, 0–1")
	c.Flags().IntVar(&f.distantYears, "distant-years", projection.DefaultDistantYears, "count ties without evidence within a `NUMBER` of years of the day")
	c.Flags().StringVar(&f.clearance, "clearance", "red", "the strictest `TLP` marking to read: clear, green, amber, amber+strict, red")
	c.Flags().BoolVar(&f.json, "json", false, "print the object that the GraphQL field answers")
}

// question is a GraphQL field that is asked by a document.
type question struct {
	document, field string
	variables       map[string]any
	// days: the question names its days itself, there is no --as-of.
	days bool
	// find finds in the store what the variables need.
	find []finding
}

// finding finds in a view of the store what the variables of a question need.
type finding func(ctx context.Context, r graph.Reader) error

// inquire asks the store that the flags name and prints what the field answers: by
// show, or whole for --json.
func inquire[A any](a *app, c *cobra.Command, f questionFlags, q question, show func(w io.Writer, answer *A) error) error {
	raw, err := a.ask(c, f, q)
	if err != nil {
		return err
	}
	if f.json {
		return a.printJSON(raw)
	}
	answer := new(A)
	if err := json.Unmarshal(raw, answer); err != nil {
		return err
	}
	if only, err := printMissing(a.stdout, raw); only || err != nil {
		return err
	}
	return show(a.stdout, answer)
}

// ask returns the object that the field answers.
func (a *app) ask(c *cobra.Command, f questionFlags, q question) (json.RawMessage, error) {
	if err := finiteFlags(c.Flags()); err != nil {
		return nil, err
	}
	switch {
	case q.days:
	case f.asOf == "":
		return nil, usageError{errors.New("--as-of is needed: the date of the question, such as 2020-08-24")}
	default:
		q.variables["asOf"] = f.asOf
	}
	q.variables["gap"], q.variables["minConfidence"], q.variables["distantYears"] = f.gap, f.minConfidence, f.distantYears
	var raw json.RawMessage
	err := a.withStore(c.Context(), c.Flags(), f.storeFlags, f.clearance, func(ctx context.Context, s graph.Store, clearance graph.Marking) error {
		if err := q.ready(ctx, s, clearance); err != nil {
			return err
		}
		var err error
		raw, err = a.answerOf(ctx, s, clearance, q)
		return err
	})
	if _, ok := errors.AsType[usageError](err); ok {
		err = usageError{errors.New(inFlags(c.Flags(), err.Error()))}
	}
	return raw, err
}

// ready finds on a view of the store what the variables need.
func (q question) ready(ctx context.Context, s graph.Store, clearance graph.Marking) error {
	steps := q.find
	for _, m := range models(q.variables) {
		steps = append(steps, m.find)
	}
	if len(steps) == 0 {
		return nil
	}
	v, err := s.View(ctx, clearance)
	for i := 0; err == nil && i < len(steps); i++ {
		err = steps[i](ctx, v)
	}
	if v == nil {
		return err
	}
	return errors.Join(err, v.Close())
}

func (a *app) answerOf(ctx context.Context, s graph.Store, clearance graph.Marking, q question) (json.RawMessage, error) {
	bar := a.slowBar()
	defer bar.end()
	sc, err := schema.New(schema.Config{
		// The command line is the caller's own machine: no bound on the cost.
		Store: s, Limits: exec.Limits{Cost: 1 << 30, ResponseBytes: 1 << 30}, MaxSamples: queries.MaxSamples, MaxSearch: queries.MaxSamples,
		Log:      slog.New(slog.NewTextHandler(a.stderr, nil)),
		Progress: func(done, total int) { bar.set("worlds", int64(done), int64(total), false) },
	})
	if err != nil {
		return nil, err
	}
	vars, err := json.Marshal(q.variables)
	if err != nil {
		return nil, err
	}
	prepared, problems := sc.Prepare(ctx, exec.Request{Query: withFragments(q.document), Variables: vars})
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
	return fieldOf(out.Bytes(), q.field)
}

// fieldOf takes a field out of a response; an error in the response is an error.
func fieldOf(response []byte, field string) (json.RawMessage, error) {
	var answer struct {
		Data   map[string]json.RawMessage
		Errors []struct {
			Message    string
			Extensions struct{ Code exec.Code }
		}
	}
	if err := json.Unmarshal(response, &answer); err != nil {
		return nil, err
	}
	if len(answer.Errors) == 0 {
		return answer.Data[field], nil
	}
	err := errors.New(answer.Errors[0].Message)
	if answer.Errors[0].Extensions.Code == exec.CodeBadInput {
		err = usageError{err}
	}
	return nil, err
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
