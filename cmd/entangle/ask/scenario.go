package ask

import (
	"context"
	"errors"
	"fmt"
	"strings"

	"github.com/spf13/pflag"

	"entangle/cmd/entangle/usage"
	"entangle/graph"
	"entangle/queries"
)

// targetFlags name what a purge strikes.
type targetFlags struct {
	prefix                                  string
	groups, persons, posts, streams, bodies []string
}

func (t *targetFlags) add(f *pflag.FlagSet, prefix, of string) {
	t.prefix = prefix
	f.StringArrayVar(&t.groups, prefix+"group", nil, "a group to strike"+of+", by `NAME` or id; may be repeated")
	f.StringArrayVar(&t.persons, prefix+"person", nil, "a person to strike"+of+", by `NAME` or id; may be repeated")
	f.StringArrayVar(&t.posts, prefix+"post", nil, "a post whose holders are struck"+of+", by `NAME` or id; may be repeated")
	f.StringArrayVar(&t.streams, prefix+"stream", nil, "a revenue stream that is cut"+of+", by `NAME` or id; may be repeated")
	f.StringArrayVar(&t.bodies, prefix+"disband", nil, "an institution that is disbanded"+of+", by `NAME` or id; may be repeated")
	leaveOut(f, prefix+"group", prefix+"person", prefix+"post", prefix+"stream", prefix+"disband") // the title has them
}

func (t *targetFlags) none() bool {
	return len(t.groups)+len(t.persons)+len(t.posts)+len(t.streams)+len(t.bodies) == 0
}

// find returns the keys of the targets.
func (t *targetFlags) find(ctx context.Context, r graph.Reader) ([]string, error) {
	var targets []string
	for _, named := range []struct {
		flag string
		kind graph.Kind
		refs []string
	}{
		{"group", graph.Group, t.groups},
		{"person", graph.Person, t.persons},
		{"post", graph.Post, t.posts},
		{"stream", graph.RevenueStream, t.streams},
		{"disband", graph.Institution, t.bodies},
	} {
		nodes, err := resolve(ctx, r, "--"+t.prefix+named.flag, named.kind, named.refs)
		if err != nil {
			return nil, err
		}
		targets = append(targets, keys(nodes)...)
	}
	return targets, nil
}

// into finds them for a variable.
func (t *targetFlags) into(v map[string]any, name string) finding {
	return func(ctx context.Context, r graph.Reader) (err error) {
		v[name], err = t.find(ctx, r)
		return err
	}
}

// named finds the nodes of a kind that a flag names for a variable, which is left out
// where it names none.
func named(v map[string]any, name string, kind graph.Kind, refs []string) finding {
	return func(ctx context.Context, r graph.Reader) error {
		nodes, err := resolve(ctx, r, flagOf("", kind), kind, refs)
		if len(nodes) > 0 {
			v[name] = keys(nodes)
		}
		return err
	}
}

// inQuestion finds the institution in question, if there is one.
func inQuestion(v map[string]any, ref string) finding {
	return func(ctx context.Context, r graph.Reader) error {
		if ref == "" {
			return nil
		}
		nodes, err := resolve(ctx, r, flagOf("", graph.Institution), graph.Institution, []string{ref})
		if err == nil {
			v["institution"] = keys(nodes)[0]
		}
		return err
	}
}

// drawFlags say how a probability is worked out.
type drawFlags struct {
	modelFlags
	method        string
	samples, seed int
}

func (d *drawFlags) add(f *pflag.FlagSet, samples int) {
	d.modelFlags.add(f, "", "")
	d.addDraw(f, samples)
}

func (d *drawFlags) addDraw(f *pflag.FlagSet, samples int) {
	f.StringVar(&d.method, "method", "AUTO", "the `METHOD` of the answer: AUTO, EXACT or SAMPLED")
	f.IntVar(&d.samples, "samples", samples, "draw this `NUMBER` of worlds")
	f.IntVar(&d.seed, "seed", queries.DefaultSeed, "the seed of the draws: a `NUMBER`")
}

// variables are the arguments of a field.
func (d *drawFlags) variables() (map[string]any, error) {
	v := map[string]any{"method": d.method, "samples": d.samples, "seed": d.seed}
	return v, d.put(v, "model")
}

// errNothingStruck says how targets are named.
func errNothingStruck() error {
	return usage.Error{Err: errors.New("nothing to strike: name it with --group, --person, --post, --stream or --disband")}
}

type amountAnswer struct{ Value, SE, Low, High float64 }

// signed writes a difference in percentage points.
func signed(v float64) string {
	switch {
	case v == 0:
		return "0"
	case v > -0.0005 && v < 0.0005:
		return fmt.Sprintf("%+.2f", v*100)
	}
	return fmt.Sprintf("%+.1f", v*100)
}

// points writes a difference of probabilities with its interval.
func (a amountAnswer) points() string {
	if a.Low == a.High {
		return signed(a.Value) + " (exact)"
	}
	return fmt.Sprintf("%s (%s to %s)", signed(a.Value), signed(a.Low), signed(a.High))
}

// of writes a probability, or a number of institutions, with its interval.
func (a amountAnswer) of(number bool) string {
	text := percent
	if number {
		text = func(v float64) string { return fmt.Sprintf("%.2f", v) }
	}
	if a.Low == a.High {
		return text(a.Value) + " exact"
	}
	return a.with(text)
}

// signed is with for an amount that may be negative.
func (a amountAnswer) signed(text func(float64) string) string {
	if a.Low == a.High {
		return text(a.Value)
	}
	return fmt.Sprintf("%s (%s to %s)", text(a.Value), text(a.Low), text(a.High))
}

// with writes an amount with its interval, an exact one alone.
func (a amountAnswer) with(text func(float64) string) string {
	if a.Low == a.High {
		return text(a.Value)
	}
	return fmt.Sprintf("%s (%s–%s)", text(a.Value), text(a.Low), text(a.High))
}

// probability writes a p-value.
func probability(p float64) string {
	if p < 0.001 {
		return "<0.001"
	}
	return fmt.Sprintf("%.3f", p)
}

func nodeNames(nodes []nodeAnswer) string {
	names := make([]string, len(nodes))
	for i, n := range nodes {
		names[i] = n.Name
	}
	return strings.Join(names, ", ")
}
