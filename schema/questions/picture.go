package questions

import (
	"context"
	"fmt"
	"time"

	"github.com/graphql-go/graphql"

	"entangle/graph"
	"entangle/graph/projection"
	"entangle/queries"
	"entangle/queries/worlds"
	"entangle/schema/typed"
)

// maxStaleness bounds the age that a question may allow: a week, in seconds.
const maxStaleness = 7 * 24 * 60 * 60

// pictureArgs are the arguments that say which picture of the data a question
// is asked of.
func (b *builder) pictureArgs() graphql.FieldConfigArgument {
	return graphql.FieldConfigArgument{
		"asOf":          {Type: typed.Required(b.Date), Description: "The day."},
		"gap":           {Type: b.Gap, Description: "Which ties stand on the day if their dates leave it open: fading (default: they do, with a confidence that halves with the time to their nearest evidence), contiguous, strict or extend:DAYS."},
		"evidenceUntil": {Type: b.Date, Description: "Leaves out ties all of whose sources are dated after this day, and later observations: what nobody knew by then."},
		"halfLives":     {Type: graphql.NewList(typed.Required(b.halfLifeInput)), Description: "After how many years without evidence a tie keeps half of its confidence, where it differs from the tables. Only the gap policy fading reads it."},
		"staleness":     {Type: graphql.Int, Description: "In seconds: how old the state of the data may be. The answer then does not wait for a newer state. Without it the server's bound applies; 0 asks for the present state."},
		"minConfidence": {Type: graphql.Float, Description: "Leaves out ties with a smaller confidence on the day, 0–1, instead of drawing them."},
		"distantYears":  {Type: graphql.Int, DefaultValue: projection.DefaultDistantYears, Description: fmt.Sprintf("Ties without evidence within so many years of the day are counted as distant, 1 to %d. They still count.", projection.MaxDistantYears)},
	}
}

// picture returns the snapshot that these arguments of a question ask for.
func (b *builder) picture(ctx context.Context, req Request, args map[string]any, row queries.Question) (*projection.Snapshot, error) {
	of := projection.Options{AsOf: args["asOf"].(graph.Day), Tenures: row.Tenures}
	of.Gap, _ = args["gap"].(graph.GapPolicy)
	if day, ok := args["evidenceUntil"].(graph.Day); ok {
		of.EvidenceUntil = projection.UntilDay(day)
	}
	var err error
	if of.HalfLives, err = halfLivesArg(args["halfLives"]); err != nil {
		return nil, err
	}
	if of.MinConfidence, err = shareArg(args, "minConfidence", 0); err != nil {
		return nil, err
	}
	if of.DistantYears, err = whole(args, "distantYears", projection.DefaultDistantYears, 1, projection.MaxDistantYears); err != nil {
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
	return req.Snapshot(ctx, of, staleness)
}

// drawArgs are the arguments that say how a probability is worked out.
func (b *builder) drawArgs() graphql.FieldConfigArgument {
	return graphql.FieldConfigArgument{
		"method":  {Type: b.method, DefaultValue: worlds.Auto, Description: "How the answer is reached."},
		"samples": {Type: graphql.Int, DefaultValue: min(queries.DefaultSamples, b.cfg.MaxSamples), Description: fmt.Sprintf("Number of worlds drawn, 1 to %d.", b.cfg.MaxSamples)},
		"seed":    {Type: graphql.Int, DefaultValue: queries.DefaultSeed, Description: "Seed of the draws, 0 or more: the same seed gives the same answer to the last bit."},
	}
}

// whole reads a whole number between two bounds; null is as if left out.
func whole(args map[string]any, name string, standard, low, high int) (int, error) {
	n, ok := args[name].(int)
	if !ok {
		return standard, nil
	}
	if n < low || n > high {
		return 0, typed.BadInput("%s: %d is outside %d to %d", name, n, low, high)
	}
	return n, nil
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

// once puts a row of a list that was given into a table: a second row for the same
// is refused, since nobody could say which was meant.
func once[K comparable, V any](table map[K]V, key K, value V, arg, of string) error {
	if _, ok := table[key]; ok {
		return typed.BadInput("%s: %s is there twice; keep one", arg, of)
	}
	table[key] = value
	return nil
}
