package queries_test

import (
	"context"
	"encoding/json"
	"errors"
	"flag"
	"fmt"
	"math"
	"os"
	"reflect"
	"slices"
	"strings"
	"sync/atomic"
	"testing"

	"github.com/google/go-cmp/cmp"

	"entangle/graph"
	"entangle/graph/projection"
	"entangle/queries"
	"entangle/queries/querytest"
	"entangle/queries/worlds"
)

var update = flag.Bool("update", false, "write the golden files anew")

// TestDefaults: what a question takes where nobody says is changed on purpose alone.
// go test ./queries -run TestDefaults -update writes it anew.
func TestDefaults(t *testing.T) {
	const file = "testdata/defaults.json"
	all := map[string]any{"model": worlds.DefaultParams()}
	for _, row := range queries.Questions() {
		all[row.Name] = fields(reflect.ValueOf(row.Default()))
	}
	got, err := json.MarshalIndent(all, "", "  ")
	if err != nil {
		t.Fatal(err)
	}
	got = append(got, '\n')
	if *update {
		if err := os.WriteFile(file, got, 0o644); err != nil {
			t.Fatal(err)
		}
	}
	want, err := os.ReadFile(file)
	if err != nil {
		t.Fatal(err)
	}
	if diff := cmp.Diff(string(want), string(got)); diff != "" {
		t.Errorf("%s differs (-file +now):\n%s", file, diff)
	}
}

// fields is an input without what JSON cannot write.
func fields(v reflect.Value) any {
	if p, ok := reflect.TypeAssert[worlds.Params](v); ok && reflect.DeepEqual(p, worlds.DefaultParams()) {
		return "the model's"
	}
	if v.Kind() != reflect.Struct {
		return v.Interface()
	}
	out := map[string]any{}
	for i := range v.NumField() {
		if f := v.Type().Field(i); f.IsExported() && f.Type.Kind() != reflect.Func {
			out[f.Name] = fields(v.Field(i))
		}
	}
	return out
}

// eachInput calls f with an input of each question that is answered, to be changed, and with
// what asks it as it then is.
func eachInput(t *testing.T, f func(name string, in reflect.Value, ask func() error)) {
	t.Helper()
	days := twoDays(t, fewCoins)
	for _, row := range queries.Questions() {
		about := querytest.About{
			Targets: []graph.ID{"a"}, With: []graph.ID{"b"}, Groups: []graph.ID{"a", "b"}, From: "a", To: "ministry", Office: "s1",
			Draw: worlds.Draw{Method: worlds.Sampled, Samples: 64}, Search: 16, Budget: 16, Trajectories: 2, Size: 1,
		}
		in := reflect.New(reflect.TypeOf(row.Default())).Elem()
		in.Set(reflect.ValueOf(about.Fill(row)))
		ask := func() error {
			_, err := row.Ask(t.Context(), picturesOf(row, days...), in.Interface())
			return err
		}
		if err := ask(); err != nil {
			t.Fatalf("%s: %v", row.Name, err)
		}
		f(row.Name, in, ask)
	}
}

// twoDays takes a picture of a year before, and one of the day that text cases have.
func twoDays(t *testing.T, notation string) []*projection.Snapshot {
	t.Helper()
	return pictures(t, notation, graph.DayOf(2019, 1, 1), graph.DayOf(2020, 1, 1))
}

// TestUnknownNamesAreErrors puts a name that nothing has into each place of each input that
// takes one.
func TestUnknownNamesAreErrors(t *testing.T) {
	eachInput(t, func(name string, in reflect.Value, ask func() error) {
		n := &naming{t: t, ask: ask}
		n.in(name, in)
	})
}

type naming struct {
	t   *testing.T
	ask func() error
}

func (n *naming) in(path string, v reflect.Value) {
	for i := range v.NumField() {
		f, at := v.Field(i), path+"."+v.Type().Field(i).Name
		was := reflect.ValueOf(f.Interface())
		nobody := graph.ID("nobody")
		switch f.Interface().(type) {
		case graph.ID:
			f.SetString(string(nobody))
		case []graph.ID:
			f.Set(reflect.ValueOf([]graph.ID{nobody}))
		case map[graph.ID]float64:
			f.Set(reflect.ValueOf(map[graph.ID]float64{nobody: 1}))
		case map[graph.ID]worlds.Needs:
			f.Set(reflect.ValueOf(map[graph.ID]worlds.Needs{nobody: {}}))
		default:
			if f.Kind() == reflect.Struct {
				n.in(at, f)
			}
			continue
		}
		if err := n.ask(); !errors.Is(err, worlds.ErrUnknown) {
			n.t.Errorf("%s: %v, want %v", at, err, worlds.ErrUnknown)
		}
		f.Set(was)
	}
}

// unbounded are the numbers that may be as large as they like.
var unbounded = []string{"First", "Evidence", "Ties", "Explain", "Limit", "Seed"}

// TestNumbersHaveTheirRange: no number of an input may be negative or none, and none but those
// above may be of any size.
func TestNumbersHaveTheirRange(t *testing.T) {
	eachInput(t, func(name string, in reflect.Value, ask func() error) {
		r := &ranging{t: t, ask: ask}
		r.in(name, in)
	})
}

type ranging struct {
	t   *testing.T
	ask func() error
}

func (r *ranging) in(path string, v reflect.Value) {
	for i := range v.NumField() {
		f, name := v.Field(i), v.Type().Field(i).Name
		at := path + "." + name
		was := reflect.ValueOf(f.Interface())
		values := map[string]any{}
		switch f.Interface().(type) {
		case int:
			if name == "Workers" { // 0 and below are as many as there are processors
				continue
			}
			values["-1"] = -1
			if !slices.Contains(unbounded, name) {
				values["2⁴⁰"] = 1 << 40
			}
		case float64:
			values["-1"], values["NaN"] = -1.0, math.NaN()
			if !slices.Contains(unbounded, name) {
				values["10¹²"] = 1e12
			}
		case map[string]float64:
			values["unit -1"], values["unit NaN"] = map[string]float64{"unit": -1}, map[string]float64{"unit": math.NaN()}
			values["unit 10¹²"] = map[string]float64{"unit": 1e12}
		case map[string]int:
			values["unit -1"], values["unit 2⁴⁰"] = map[string]int{"unit": -1}, map[string]int{"unit": 1 << 40}
		case map[graph.ID]float64:
			of := graph.ID("ministry")
			if name == "Benefit" {
				of = "a"
			}
			for text, x := range map[string]float64{"-1": -1, "NaN": math.NaN(), "10¹²": 1e12} {
				values[string(of)+" "+text] = map[graph.ID]float64{of: x}
			}
		default:
			if f.Kind() == reflect.Struct {
				r.in(at, f)
			}
			continue
		}
		for text, value := range values {
			f.Set(reflect.ValueOf(value))
			if err := r.ask(); !errors.Is(err, worlds.ErrInput) {
				r.t.Errorf("%s %s: %v, want %v", at, text, err, worlds.ErrInput)
			}
		}
		f.Set(was)
	}
}

// countdown is a context that ends when it has been looked at so many times.
type countdown struct {
	context.Context //nolint:containedctx // it is one
	left            atomic.Int64
	looked          atomic.Int64
	done            chan struct{}
	closed          atomic.Bool
}

func newCountdown(parent context.Context, n int64) *countdown {
	c := &countdown{Context: parent, done: make(chan struct{})}
	c.left.Store(n)
	return c
}

func (c *countdown) Err() error {
	c.looked.Add(1)
	if c.left.Add(-1) >= 0 {
		return nil
	}
	if c.closed.CompareAndSwap(false, true) {
		close(c.done)
	}
	return context.Canceled
}

func (c *countdown) Done() <-chan struct{} { return c.done }

// TestNoAnswerInPart: whenever its context ends, a question ends with its error, and never
// with what it had by then.
func TestNoAnswerInPart(t *testing.T) {
	t.Parallel()
	days := twoDays(t, fewCoins)
	for _, row := range queries.Questions() {
		for _, method := range []worlds.Method{worlds.Sampled, worlds.Auto} {
			about := querytest.About{
				Targets: []graph.ID{"a", "b"}, With: []graph.ID{"b"}, Groups: []graph.ID{"a", "b", "c"}, From: "a", To: "ministry", Office: "s1",
				Draw: worlds.Draw{Method: method, Samples: 130, Seed: 4, Workers: 1}, Search: 70, Budget: 16, Trajectories: 2, Size: 1,
			}
			neverInPart(t, row.Name+", "+string(method), func(ctx context.Context) (any, error) {
				return row.Ask(ctx, picturesOf(row, days...), about.Fill(row))
			})
		}
	}
	// Of many groups, where purges are cut at the cap of waves, sets are searched for.
	in := queries.DefaultFrontier()
	in.Params.MaxWaves, in.Search, in.Draw = 0, 64, worlds.Draw{Method: worlds.Sampled, Samples: 64, Workers: 1}
	many := snapshotOf(t, manyGroups(13)+"\n\tinstitution chamber types=office\n\tchamber DEPENDS_ON body weight=0.5")
	neverInPart(t, "a frontier that is searched for", func(ctx context.Context) (any, error) { return queries.Frontier(ctx, many, in) })
	// Of more than three measures sets are grown, one by one.
	insure := queries.DefaultInsure()
	insure.Targets, insure.Size, insure.Search, insure.Draw = []graph.ID{"g1"}, 5, 64, worlds.Draw{Method: worlds.Sampled, Samples: 64, Workers: 1}
	posts := snapshotOf(t, strings.ReplaceAll(manyGroups(6), "MEMBER_OF g{1..6}", "MEMBER_OF g1")+"\n\tinstitution court{1..6}\n\ts{1..6} POST_IN court{1..6}")
	neverInPart(t, "measures that are grown", func(ctx context.Context) (any, error) { return queries.Insure(ctx, posts, insure) })
}

// neverInPart asks with contexts that end sooner and sooner.
func neverInPart(t *testing.T, what string, ask func(ctx context.Context) (any, error)) {
	t.Helper()
	whole := newCountdown(t.Context(), 1<<40)
	if _, err := ask(whole); err != nil {
		t.Fatalf("%s: %v", what, err)
	}
	looked := whole.looked.Load()
	if looked == 0 {
		t.Errorf("%s: its context is never looked at", what)
	}
	for at := range min(looked, 40) {
		at = at * looked / min(looked, 40)
		if r, err := ask(newCountdown(t.Context(), at)); !errors.Is(err, context.Canceled) {
			t.Errorf("%s, ended at look %d of %d: %v", what, at, looked, endedWith(r, err))
		}
	}
}

func endedWith(r any, err error) string {
	if err != nil {
		return err.Error()
	}
	return fmt.Sprintf("answered by a %T", r)
}
