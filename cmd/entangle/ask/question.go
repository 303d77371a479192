package ask

import (
	"bytes"
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"log/slog"
	"math"

	"github.com/spf13/cobra"
	"github.com/spf13/pflag"

	"entangle/cmd/entangle/usage"
	"entangle/graph"
	"entangle/queries"
	"entangle/queries/worlds"
	"entangle/schema"
	"entangle/schema/exec"
)

// questionFlags are shared by the commands that ask a question.
type questionFlags struct {
	store                WithStore
	asOf, gap, clearance string
	evidenceUntil        string
	halfLives            []string
	minConfidence        float64
	distantYears         int
	json, wide           bool
}

func (f *questionFlags) addQuestion(h Host, c *cobra.Command) {
	c.Flags().StringVar(&f.asOf, "as-of", "", "the `DATE` of the question, such as 2020-08-24 (needed)")
	leaveOut(c.Flags(), "as-of") // the title has it
	f.addReading(h, c)
}

// addReading adds the flags of a question that names its days itself.
func (f *questionFlags) addReading(h Host, c *cobra.Command) {
	where := pflag.NewFlagSet("", pflag.ContinueOnError)
	f.store = h.AddStore(where)
	where.VisitAll(func(flag *pflag.Flag) { leaveOut(where, flag.Name) })
	c.Flags().AddFlagSet(where)
	c.Flags().StringVar(&f.gap, "gap", "fading", "the `POLICY` for ties whose dates leave open whether they hold on the day: fading (they do, the less surely the older their evidence is), contiguous (they do), strict (they do not) or extend:DAYS")
	c.Flags().StringArrayVar(&f.halfLives, "half-life", nil, "under fading a tie of this type keeps half of its confidence after so many years without evidence: `TYPE=YEARS`, such as MEMBER_OF=10, KIN_OF=endless or, for a type of post, HOLDS:ministry=1.5; may be given again")
	c.Flags().StringVar(&f.evidenceUntil, "evidence-until", "", "leave out ties all of whose sources are dated after this `DATE`, and later observations")
	c.Flags().Float64Var(&f.minConfidence, "min-confidence", 0, "leave out ties with a smaller confidence on the day: a `NUMBER`, 0–1")
	c.Flags().IntVar(&f.distantYears, "distant-years", queries.DefaultDistantYears, "count the ties that have no evidence within this `NUMBER` of years of the day")
	c.Flags().StringVar(&f.clearance, "clearance", "red", "the strictest `TLP` marking to read: clear, green, amber, amber+strict, red")
	c.Flags().BoolVar(&f.wide, "wide", false, "do not limit the width of lines: print whole names and every figure with its interval")
	c.Flags().BoolVar(&f.json, "json", false, "print the answer of the GraphQL field as JSON")
}

// question is a GraphQL field that is asked by a document.
type question struct {
	document, field string
	variables       map[string]any
	// days: the question names its days itself, there is no --as-of.
	days bool
	// find finds in the store what the variables need.
	find []finding
	// nodes are those that it is asked of, where no flag names them.
	nodes []string
	// keep, where not nil, keeps the answer beside the data that it is about.
	keep func(ctx context.Context, s graph.Annotated, answer json.RawMessage) error
}

// finding finds in a view of the store what the variables of a question need.
type finding func(ctx context.Context, r graph.Reader) error

// inquire asks the store that the flags name and prints what the field answers: by
// show, or whole for --json.
func inquire[A any](h Host, c *cobra.Command, f questionFlags, q question, show func(w *page, answer *A) error) error {
	raw, err := ask(h, c, f, q)
	if err != nil {
		return err
	}
	if f.json {
		return printJSON(h.Stdout, raw)
	}
	answer := new(A)
	if err := json.Unmarshal(raw, answer); err != nil {
		return err
	}
	p := &page{w: h.Stdout, wide: f.wide}
	only, err := printMissing(p, raw)
	if err != nil {
		return err
	}
	if !only {
		if err := show(p, answer); err != nil {
			return err
		}
	}
	leaveOut(c.Flags(), howMuchOf(c)...)
	return askedWith(p, c.Flags(), q.nodes, raw)
}

// ask returns the object that the field answers.
func ask(h Host, c *cobra.Command, f questionFlags, q question) (json.RawMessage, error) {
	if err := finiteFlags(c.Flags()); err != nil {
		return nil, err
	}
	switch {
	case q.days:
	case f.asOf == "":
		return nil, usage.Error{Err: errors.New("--as-of is needed: the date of the question, such as 2020-08-24")}
	default:
		q.variables["asOf"] = f.asOf
	}
	if err := f.picture(q.variables); err != nil {
		return nil, err
	}
	var raw json.RawMessage
	err := f.store(c.Context(), f.clearance, func(ctx context.Context, s graph.Store, clearance graph.Marking) error {
		beside, ok := s.(graph.Annotated)
		if q.keep != nil && !ok {
			return errNoRuns()
		}
		if err := q.ready(ctx, s, clearance); err != nil {
			return err
		}
		var err error
		if raw, err = answerOf(ctx, h, s, clearance, q); err != nil || q.keep == nil {
			return err
		}
		return q.keep(ctx, beside, raw)
	})
	if err == nil {
		return raw, nil
	}
	said := inFlags(c.Flags(), err.Error())
	if _, ok := errors.AsType[usage.Error](err); ok {
		return nil, usage.Error{Err: errors.New(said)}
	}
	return nil, flagError{said, err}
}

// picture puts what says which picture is asked of among the variables.
func (f *questionFlags) picture(v map[string]any) error {
	v["gap"], v["minConfidence"], v["distantYears"] = f.gap, f.minConfidence, f.distantYears
	if f.evidenceUntil != "" {
		v["evidenceUntil"] = f.evidenceUntil
	}
	if len(f.halfLives) == 0 {
		return nil
	}
	rows := make([]graph.HalfLife, len(f.halfLives))
	given := make([]map[string]any, len(rows))
	var err error
	for i, text := range f.halfLives {
		if rows[i], err = graph.ParseHalfLife(text); err != nil {
			return usage.Error{Err: fmt.Errorf("--half-life: %w", err)}
		}
		given[i] = map[string]any{"type": rows[i].Type}
		if rows[i].Post != "" {
			given[i]["post"] = rows[i].Post
		}
		if rows[i].Years != graph.Endless {
			given[i]["years"] = rows[i].Years
		}
	}
	if _, err := graph.NewHalfLives(rows...); err != nil {
		return usage.Error{Err: fmt.Errorf("--half-life: %w", err)}
	}
	v["halfLives"] = given
	return nil
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

func answerOf(ctx context.Context, h Host, s graph.Store, clearance graph.Marking, q question) (json.RawMessage, error) {
	moved, end := h.Progress("worlds")
	defer end()
	most := 0
	if q.keep != nil { // all of the answer, however long
		most = math.MaxInt32
	}
	sc, err := schema.New(schema.Config{
		MaxPage: most,
		// The command line is the caller's own machine: no bound on the cost.
		Store: s, Limits: exec.Limits{Cost: math.MaxInt32, ResponseBytes: 1 << 30}, MaxSamples: worlds.MaxSamples, MaxSearch: worlds.MaxSamples,
		Log:      slog.New(slog.NewTextHandler(h.Stderr, nil)),
		Progress: moved,
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
		return nil, usage.Error{Err: errors.New(problems[0].Message)}
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
		err = usage.Error{Err: err}
	}
	return nil, err
}

// printJSON prints an object indented.
func printJSON(w io.Writer, raw json.RawMessage) error {
	var out bytes.Buffer
	if err := json.Indent(&out, raw, "", "  "); err != nil {
		return err
	}
	_, err := fmt.Fprintln(w, out.String())
	return err
}
