package schema

import (
	"context"
	"errors"
	"fmt"
	"maps"
	"math"
	"strings"
	"time"

	"github.com/graphql-go/graphql"

	"entangle/graph"
	"entangle/graph/projection"
	"entangle/queries"
	"entangle/schema/exec"
)

// maxStaleness bounds the age that a question may allow: a week, in seconds.
const maxStaleness = 7 * 24 * 60 * 60

// maxRefs bounds the nodes that a question names.
const maxRefs = 100

// pictureArgs are the arguments that say which picture of the data a question
// is asked of.
func pictureArgs() graphql.FieldConfigArgument {
	return graphql.FieldConfigArgument{
		"asOf":          {Type: required(dateScalar), Description: "The day."},
		"gap":           {Type: gapScalar, Description: "Which ties stand where the data is silent: contiguous (default), strict or extend:DAYS."},
		"staleness":     {Type: graphql.Int, Description: "Seconds: a state of the data that was the store's at most so long ago will do, and the answer does not wait for a newer one. Left out, the server's bound; 0 asks for the present state."},
		"minConfidence": {Type: graphql.Float, Description: "Leaves out ties that are less sure, 0–1, instead of drawing them."},
		"distantYears":  {Type: graphql.Int, DefaultValue: projection.DefaultDistantYears, Description: fmt.Sprintf("Ties without evidence within so many years of the day are counted as distant, 1 to %d. It leaves nothing out.", projection.MaxDistantYears)},
	}
}

// picture returns the snapshot that these arguments ask for.
func (b *builder) picture(ctx context.Context, s *session, args map[string]any) (*projection.Snapshot, error) {
	ties, err := tieSelection("", args)
	if err != nil {
		return nil, err
	}
	staleness := b.cfg.Staleness
	if args["staleness"] != nil {
		seconds, err := whole(args, "staleness", 0, 0, maxStaleness)
		if err != nil {
			return nil, err
		}
		staleness = time.Duration(seconds) * time.Second
	}
	years, err := whole(args, "distantYears", projection.DefaultDistantYears, 1, projection.MaxDistantYears)
	if err != nil {
		return nil, err
	}
	s.pictured.Store(true)
	snap, err := b.cfg.Snapshots.Get(ctx, s.view, s.clearance, projection.Options{
		AsOf: ties.AsOf.Day, Gap: ties.AsOf.Gap, MinConfidence: ties.MinConfidence, DistantYears: years,
	}, staleness)
	if errors.Is(err, projection.ErrMoved) {
		return nil, exec.Errorf(CodeUnavailable, "%w", err)
	}
	return snap, err
}

// drawArgs are the arguments that say how a probability is worked out.
func (b *builder) drawArgs() graphql.FieldConfigArgument {
	return graphql.FieldConfigArgument{
		"method":  {Type: b.enums.method, DefaultValue: queries.Auto, Description: "How the answer is reached."},
		"samples": {Type: graphql.Int, DefaultValue: min(queries.DefaultSamples, b.cfg.MaxSamples), Description: fmt.Sprintf("Number of worlds drawn, 1 to %d.", b.cfg.MaxSamples)},
		"seed":    {Type: graphql.Int, DefaultValue: queries.DefaultSeed, Description: "Seed of the draws, 0 or more: the same seed gives the same answer to the last bit."},
	}
}

// draw reads these arguments.
func (b *builder) draw(args map[string]any) (method queries.Method, samples int, seed uint64, err error) {
	method = queries.Auto
	if m, ok := args["method"].(queries.Method); ok {
		method = m
	}
	if samples, err = whole(args, "samples", min(queries.DefaultSamples, b.cfg.MaxSamples), 1, b.cfg.MaxSamples); err != nil {
		return "", 0, 0, err
	}
	n, err := whole(args, "seed", queries.DefaultSeed, 0, math.MaxInt32)
	return method, samples, uint64(n), err
}

// whole reads a whole number between two bounds; null is as if left out.
func whole(args map[string]any, name string, standard, low, high int) (int, error) {
	n, ok := args[name].(int)
	if !ok {
		return standard, nil
	}
	if n < low || n > high {
		return 0, badInput("%s: %d is outside %d to %d", name, n, low, high)
	}
	return n, nil
}

// merged joins sets of arguments.
func merged(sets ...graphql.FieldConfigArgument) graphql.FieldConfigArgument {
	out := graphql.FieldConfigArgument{}
	for _, set := range sets {
		maps.Copy(out, set)
	}
	return out
}

// texts reads a list of strings.
func texts(v any) []string {
	list, _ := v.([]any)
	out := make([]string, len(list))
	for i, item := range list {
		out[i], _ = item.(string)
	}
	return out
}

// ResolveRefs finds the nodes that references name: a key, an alias, a global
// id, or a whole name, letters folded, that only one node of the kinds has. It
// fails with graph.ErrNotFound where nothing has the name and with graph.ErrQuery
// where several have. A global id is not looked up.
func ResolveRefs(ctx context.Context, r graph.Reader, kinds []graph.Kind, refs []string) ([]graph.ID, error) {
	switch {
	case len(refs) == 0:
		return nil, fmt.Errorf("%w: nothing is named; name 1 to %d nodes", graph.ErrQuery, maxRefs)
	case len(refs) > maxRefs:
		return nil, fmt.Errorf("%w: %d nodes are named; name 1 to %d", graph.ErrQuery, len(refs), maxRefs)
	}
	for _, ref := range refs {
		if len(ref) > searchText {
			return nil, fmt.Errorf("%w: %.40q… has %d bytes; a key, alias or name has at most %d", graph.ErrQuery, ref, len(ref), searchText)
		}
	}
	known, err := r.Resolve(ctx, refs)
	if err != nil {
		return nil, err
	}
	out := make([]graph.ID, len(refs))
	for i, ref := range refs {
		id, ok := known[ref]
		if !ok {
			if _, id, err = ParseGlobalID(ref); err != nil {
				if id, err = refByName(ctx, r, kinds, ref); err != nil {
					return nil, err
				}
			}
		}
		out[i] = id
	}
	return out, nil
}

// refsIn finds the nodes that an argument names: its errors name it.
func (s *session) refsIn(ctx context.Context, arg string, kinds []graph.Kind, names []string) ([]graph.ID, error) {
	ids, err := ResolveRefs(ctx, s.view, kinds, names)
	if err != nil {
		return nil, fmt.Errorf("%s: %w", arg, err)
	}
	return ids, nil
}

// once puts a row of a list that was given into a table: a second row for the same
// is refused, since nobody could say which was meant.
func once[K comparable, V any](table map[K]V, key K, value V, arg, of string) error {
	if _, ok := table[key]; ok {
		return badInput("%s: %s is there twice; keep one", arg, of)
	}
	table[key] = value
	return nil
}

func refByName(ctx context.Context, r graph.Reader, kinds []graph.Kind, name string) (graph.ID, error) {
	hits, err := r.Search(ctx, graph.SearchQuery{Text: name, Kinds: kinds, Limit: 6})
	if err != nil {
		return "", err
	}
	var whole, near []string
	var id graph.ID
	for _, h := range hits {
		shown := fmt.Sprintf("%s (%s %s)", h.Name, h.Kind, h.Node)
		near = append(near, shown)
		if h.Rank == 0 {
			whole, id = append(whole, shown), h.Node
		}
	}
	switch {
	case len(whole) == 1:
		return id, nil
	case len(whole) > 1:
		return "", fmt.Errorf("%w: %.80q is the name of several: %s; give the key of one", graph.ErrQuery, name, strings.Join(whole, ", "))
	}
	if err := otherKind(ctx, r, kinds, name); err != nil {
		return "", err
	}
	if len(near) > 0 {
		return "", fmt.Errorf("%w: %.80q; near it: %s", graph.ErrNotFound, name, strings.Join(near, ", "))
	}
	return "", fmt.Errorf("%w: %.80q: nothing has that key, alias or name", graph.ErrNotFound, name)
}

// otherKind is an error where a name that nothing of the kinds has is the whole
// name of a node of another kind.
func otherKind(ctx context.Context, r graph.Reader, kinds []graph.Kind, name string) error {
	if len(kinds) == 0 {
		return nil
	}
	hits, err := r.Search(ctx, graph.SearchQuery{Text: name, Limit: 1})
	if err != nil || len(hits) == 0 || hits[0].Rank != 0 {
		return err
	}
	wanted := make([]string, len(kinds))
	for i, k := range kinds {
		wanted[i] = k.String()
	}
	return fmt.Errorf("%w: no %s is named %.80q; that is %s (%s)",
		graph.ErrNotFound, strings.Join(wanted, ", "), name, hits[0].Node, hits[0].Kind)
}
