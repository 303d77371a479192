package ask

import (
	"context"
	"fmt"
	"strconv"
	"strings"

	"github.com/spf13/pflag"

	"entangle/cmd/entangle/usage"
	"entangle/graph"
	"entangle/queries"
)

// planFlags are shared by the commands that search for a plan.
type planFlags struct {
	drawFlags
	search             int
	weights, weightsOf []string
}

func (p *planFlags) addPlan(f *pflag.FlagSet) {
	p.add(f, queries.DefaultSamples)
	f.IntVar(&p.search, "search", queries.DefaultSearch, "search in this `NUMBER` of worlds; --samples other worlds, with a seed derived from --seed, give the figures")
	f.StringArrayVar(&p.weights, "weight", nil, "how much the fracture of an institution of a type counts, as `TYPE=WEIGHT`, if it is not 1; may be repeated")
	f.StringArrayVar(&p.weightsOf, "weight-of", nil, "how much the fracture of one institution counts, as `NAME=WEIGHT`; may be repeated")
}

// planVariables are the arguments of a field, and the look-ups of the nodes in them.
func (p *planFlags) planVariables() (map[string]any, []finding, error) {
	v, err := p.variables()
	if err != nil {
		return nil, nil, err
	}
	v["search"] = p.search
	rows := []map[string]any{}
	var find []finding
	for _, list := range []struct {
		flag, key string
		pairs     []string
	}{{"--weight", "type", p.weights}, {"--weight-of", "institution", p.weightsOf}} {
		found, err := pairs(list.flag, list.key, "weight", list.pairs, number)
		if err != nil {
			return nil, nil, err
		}
		if list.key == "institution" {
			find = append(find, inRows(found, list.flag, list.key, graph.Institution))
		}
		rows = append(rows, found...)
	}
	if len(rows) > 0 {
		v["weights"] = rows
	}
	return v, find, nil
}

// inRows finds the nodes that input objects of pairs are about.
func inRows(rows []map[string]any, flag, key string, kind graph.Kind) finding {
	return func(ctx context.Context, r graph.Reader) error {
		for _, row := range rows {
			nodes, err := resolve(ctx, r, flag, kind, []string{row[key].(string)}) //nolint:forcetypeassert // as pairs makes them
			if err != nil {
				return err
			}
			row[key] = keys(nodes)[0]
		}
		return nil
	}
}

// pairs reads flags of the form NAME=VALUE into input objects. A name has one value.
func pairs(flag, key, value string, list []string, read func(string) (any, error)) ([]map[string]any, error) {
	var rows []map[string]any
	values := map[string]string{}
	for _, pair := range list {
		at := strings.LastIndexByte(pair, '=')
		if at <= 0 {
			return nil, usage.Error{Err: fmt.Errorf("%s %q: not of the form NAME=NUMBER", flag, pair)}
		}
		v, err := read(pair[at+1:])
		if err != nil {
			return nil, usage.Error{Err: fmt.Errorf("%s %q: %q is no number", flag, pair, pair[at+1:])}
		}
		if other, ok := values[pair[:at]]; ok {
			return nil, usage.Error{Err: fmt.Errorf("%s %q: it is %s already; say one of them", flag, pair, other)}
		}
		values[pair[:at]] = pair[at+1:]
		rows = append(rows, map[string]any{key: pair[:at], value: v})
	}
	return rows, nil
}

func wholeNumber(text string) (any, error) { return strconv.Atoi(text) }

func number(text string) (any, error) {
	v, err := strconv.ParseFloat(text, 64)
	if err == nil && !finite(v) {
		err = strconv.ErrRange
	}
	return v, err
}

type riskAnswer struct {
	Institution nodeAnswer
	Own         bool
	Weight      float64
	Fractured   estimateAnswer
}

// risks writes the institutions that break most often.
func risks(list []riskAnswer, count int) string {
	if count == 0 {
		return "nothing"
	}
	var out []string
	for _, r := range list {
		own := ""
		if r.Own {
			own = " (own)"
		}
		out = append(out, fmt.Sprintf("%s%s %s", r.Institution.Name, own, r.Fractured.with()))
	}
	if more := count - len(list); more > 0 {
		out = append(out, fmt.Sprintf("%d more", more))
	}
	return strings.Join(out, ", ")
}

// searchAnswer is the part of an answer that describes a search.
type searchAnswer struct {
	SearchSeed               string
	SearchSamples, Simulated int
}

// printSearch prints how the search was done.
func (s *searchAnswer) printSearch(w *page) {
	if s.SearchSamples == 0 {
		fmt.Fprintf(w, "\nsearched in every world, %s simulated", many(s.Simulated, "purge"))
		return
	}
	fmt.Fprintf(w, "\nsearched in %s of seed %s, %s simulated; the figures are from worlds that the search did not see",
		many(s.SearchSamples, "world"), s.SearchSeed, many(s.Simulated, "purge"))
}

// optimality says in words how good a search was.
func optimality(o, better string) string {
	if o == "EXACT" {
		return "exact: " + better + " does not exist in the worlds of the search"
	}
	return "heuristic: " + better + " may exist"
}
