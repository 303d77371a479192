package questions

import (
	"context"

	"github.com/graphql-go/graphql"

	"entangle/graph"
	"entangle/queries"
	"entangle/schema/typed"
)

// What is counted as the targets' own, and apart from what breaks of the state: the same
// fields in every report that counts fractures.

// wholeOwn is a page that holds what nearly every target has as its own.
const wholeOwn = 100

// ownFields puts the list of what is counted as own into the fields of a report; whose says
// whose own that is.
func ownFields[S any](b *builder, fields graphql.Fields, whose string, own func(S) []queries.Ref) graphql.Fields {
	standard := min(wholeOwn, b.cfg.MaxPage)
	fields["ownInstitutionCount"] = typed.Field(typed.Required(graphql.Int), "How many institutions are counted as "+whose+" own.", func(s S) any { return len(own(s)) })
	fields["ownInstitutions"] = &graphql.Field{
		Type: typed.List(b.Kinds[graph.Institution]), Description: "The institutions that are counted as " + whose + " own, by key: what is held by a CONTROLS claim of stated confidence 0.5 or more " +
			"and stated weight above ownShare of the model, in another form than portfolio, and what is under the command of these. All others are the state's, and what fractures of them is damage.",
		Args: graphql.FieldConfigArgument{"first": typed.FirstArg(standard, b.cfg.MaxPage)},
		Resolve: inRequest(b, func(ctx context.Context, req Request, src S, args map[string]any) (any, error) {
			first, err := typed.First(args, standard, b.cfg.MaxPage)
			if err != nil {
				return nil, err
			}
			refs := own(src)
			return refNodes(ctx, req, refs[:min(first, len(refs))]), nil
		}),
	}
	return fields
}

// ownMark is the field of one institution in a list of them.
func ownMark[S any](whose string, own func(S) bool) *graphql.Field {
	return typed.Field(typed.Required(graphql.Boolean), "Whether it is counted as "+whose+" own, and not as damage. Those that are come last.", func(s S) any { return own(s) })
}
