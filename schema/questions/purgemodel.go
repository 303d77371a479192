package questions

import (
	"cmp"
	"context"
	"fmt"
	"maps"
	"reflect"
	"slices"

	"github.com/graphql-go/graphql"

	"entangle/graph"
	"entangle/queries/worlds"
	"entangle/schema/typed"
)

// parameterType is the type of a parameter that is one number or switch.
func parameterType(p worlds.Parameter) graphql.Type {
	switch p.Of(new(worlds.Params)).(type) {
	case *bool:
		return graphql.Boolean
	case *int:
		return graphql.Int
	default:
		return graphql.Float
	}
}

const (
	withinHelp = "Institutions to which the strike at groups is limited, with their parts: their members lose only posts there and are not lost themselves, and what they control elsewhere stays. The groups provoke as if they were struck whole. Everywhere where it is empty."

	needHelp  = "The institution is fractured if it retains a smaller share, 0–1."
	floorHelp = "It is collapsed if it retains a smaller share, 0 to need."
	whichHelp = " The requirement of an institution is that for itself, then for the first of its types that has one, then that for all."
)

// newModelInput makes the input type of the parameters.
func (b *builder) newModelInput() *graphql.InputObject {
	requirement := graphql.NewInputObject(graphql.InputObjectConfig{
		Name:        "RequirementInput",
		Description: "How much of a support institutions need: for one institution, for a type, or for all where neither is given." + whichHelp,
		Fields: graphql.InputObjectConfigFieldMap{
			"support":     {Type: typed.Required(b.support), Description: "The support."},
			"need":        {Type: typed.Required(graphql.Float), Description: needHelp},
			"floor":       {Type: typed.Required(graphql.Float), Description: floorHelp},
			"type":        {Type: graphql.String, Description: "A type of institution."},
			"institution": {Type: graphql.ID, Description: "One institution, as an id, key, alias or whole name."},
		},
	})
	prior := graphql.NewInputObject(graphql.InputObjectConfig{
		Name:        "PriorInput",
		Description: "A size that is used where the data gives none.",
		Fields: graphql.InputObjectConfigFieldMap{
			"type": {Type: graphql.String, Description: "A type or echelon of institution; the rest where left out."},
			"size": {Type: typed.Required(graphql.Int), Description: "The size, 1 or more."},
		},
	})
	fields := graphql.InputObjectConfigFieldMap{
		"within":       {Type: graphql.NewList(typed.Required(graphql.ID)), Description: withinHelp + " Ids, keys, aliases or whole names."},
		"requirements": {Type: graphql.NewList(typed.Required(requirement)), Description: "What institutions need, where it differs from the defaults."},
		"leadingPosts": {Type: graphql.NewList(typed.Required(prior)), Description: "Prior numbers of posts that run a body, where they differ from the defaults."},
		"headcount":    {Type: graphql.NewList(typed.Required(prior)), Description: "Prior strengths, where they differ from the defaults."},
	}
	for _, p := range worlds.Parameters() {
		fields[p.Name] = &graphql.InputObjectFieldConfig{Type: parameterType(p), Description: p.Help}
	}
	return graphql.NewInputObject(graphql.InputObjectConfig{
		Name: "PurgeModelInput", Description: "Parameters of the model; what is left out keeps its default.", Fields: fields,
	})
}

// readModel changes the parameters that were given. Their ranges are checked by
// the question itself.
func (b *builder) readModel(ctx context.Context, req Request, params *worlds.Params, given any) error {
	in, _ := given.(map[string]any)
	for _, p := range worlds.Parameters() {
		switch x := in[p.Name].(type) {
		case bool:
			*p.Of(params).(*bool) = x
		case int:
			*p.Of(params).(*int) = x
		case float64:
			*p.Of(params).(*float64) = x
		}
	}
	for _, priors := range []struct {
		name  string
		table map[string]int
	}{{"leadingPosts", params.LeadingPosts}, {"headcount", params.Headcount}} {
		given := map[string]int{}
		list, _ := in[priors.name].([]any)
		for _, item := range list {
			prior := item.(map[string]any)
			typ, _ := prior["type"].(string)
			if err := once(given, typ, prior["size"].(int), "model."+priors.name, fmt.Sprintf("type %q", typ)); err != nil {
				return err
			}
		}
		maps.Copy(priors.table, given)
	}
	if names, ok := in["within"].([]any); ok && len(names) > 0 {
		ids, err := req.Refs(ctx, "model.within", []graph.Kind{graph.Institution}, texts(names))
		if err != nil {
			return err
		}
		params.Within = ids
	}
	needs := map[requirementRow]bool{}
	list, _ := in["requirements"].([]any)
	for _, item := range list {
		if err := readRequirement(ctx, req, &params.Requirements, item.(map[string]any), needs); err != nil {
			return err
		}
	}
	return nil
}

// readRequirement changes a requirement; given are those that were changed before.
func readRequirement(ctx context.Context, req Request, all *worlds.Requirements, in map[string]any, given map[requirementRow]bool) error {
	typ, ofType := in["type"].(string)
	name, ofOne := in["institution"].(string)
	need := worlds.Requirement{Need: in["need"].(float64), Floor: in["floor"].(float64)}
	support := in["support"].(worlds.Support)
	switch {
	case ofType && ofOne:
		return typed.BadInput("model.requirements: a requirement is for a type or for an institution, not for both")
	case ofType:
		typ, err := institutionType("model.requirements", typ)
		if err != nil {
			return err
		}
		all.ByType = withNeed(all.ByType, typ, support, need)
		return once(given, requirementRow{typ: typ, support: support}, true, "model.requirements", fmt.Sprintf("%s of type %q", support, typ))
	case ofOne:
		ids, err := req.Refs(ctx, "model.requirements", []graph.Kind{graph.Institution}, []string{name})
		if err != nil {
			return err
		}
		all.ByInstitution = withNeed(all.ByInstitution, ids[0], support, need)
		return once(given, requirementRow{institution: ids[0], support: support}, true, "model.requirements", fmt.Sprintf("%s of %q", support, name))
	default:
		all.Default[support] = need
		return once(given, requirementRow{support: support}, true, "model.requirements", fmt.Sprintf("%s of all", support))
	}
}

func withNeed[K comparable](table map[K]worlds.Needs, of K, support worlds.Support, need worlds.Requirement) map[K]worlds.Needs {
	if table == nil {
		table = map[K]worlds.Needs{}
	}
	if table[of] == nil {
		table[of] = worlds.Needs{}
	}
	table[of][support] = need
	return table
}

// requirementRow and priorRow are entries of the parameters' tables.
type requirementRow struct {
	typ         string
	institution graph.ID
	support     worlds.Support
	worlds.Requirement
}

type priorRow struct {
	typ  string
	size int
}

func requirementRows(all worlds.Requirements) []requirementRow {
	var out []requirementRow
	add := func(row requirementRow, needs worlds.Needs) {
		for _, support := range slices.Sorted(maps.Keys(needs)) {
			row.support, row.Requirement = support, needs[support]
			out = append(out, row)
		}
	}
	add(requirementRow{}, all.Default)
	for _, typ := range slices.Sorted(maps.Keys(all.ByType)) {
		add(requirementRow{typ: typ}, all.ByType[typ])
	}
	for _, id := range slices.Sorted(maps.Keys(all.ByInstitution)) {
		add(requirementRow{institution: id}, all.ByInstitution[id])
	}
	return out
}

func priorRows(table map[string]int) []priorRow {
	var out []priorRow
	for typ, size := range table {
		out = append(out, priorRow{typ, size})
	}
	slices.SortFunc(out, func(a, b priorRow) int { return cmp.Compare(a.typ, b.typ) })
	return out
}

// newModel makes the type that echoes the parameters.
func (b *builder) newModel() *graphql.Object {
	requirement := graphql.NewObject(graphql.ObjectConfig{
		Name:        "RequirementRule",
		Description: "How much of a support institutions need: of one institution, of a type, or of all where neither is given." + whichHelp,
		Fields: graphql.Fields{
			"support":     typed.Field(typed.Required(b.support), "The support.", func(r requirementRow) any { return r.support }),
			"need":        typed.Field(typed.Required(graphql.Float), needHelp, func(r requirementRow) any { return r.Need }),
			"floor":       typed.Field(typed.Required(graphql.Float), floorHelp, func(r requirementRow) any { return r.Floor }),
			"type":        typed.Field(graphql.String, "The type of institution.", func(r requirementRow) any { return typed.TextOrNull(r.typ) }),
			"institution": typed.Field(graphql.ID, "The institution.", func(r requirementRow) any { return b.institutionOrNull(r.institution) }),
		},
	})
	prior := graphql.NewObject(graphql.ObjectConfig{
		Name:        "Prior",
		Description: "A size that is used where the data gives none.",
		Fields: graphql.Fields{
			"type": typed.Field(graphql.String, "The type or echelon of institution; null for the rest.", func(p priorRow) any { return typed.TextOrNull(p.typ) }),
			"size": typed.Field(typed.Required(graphql.Int), "The size.", func(p priorRow) any { return p.size }),
		},
	})
	fields := graphql.Fields{
		"within": typed.Field(typed.List(graphql.ID), withinHelp, func(p worlds.Params) any {
			ids := []any{}
			for _, id := range p.Within {
				ids = append(ids, b.institutionOrNull(id))
			}
			return ids
		}),
		"requirements": typed.Field(typed.List(requirement), "What institutions need.", func(p worlds.Params) any { return requirementRows(p.Requirements) }),
		"leadingPosts": typed.Field(typed.List(prior), "Prior numbers of posts that run a body.", func(p worlds.Params) any { return priorRows(p.LeadingPosts) }),
		"headcount":    typed.Field(typed.List(prior), "Prior strengths.", func(p worlds.Params) any { return priorRows(p.Headcount) }),
	}
	for _, p := range worlds.Parameters() {
		fields[p.Name] = typed.Field(typed.Required(parameterType(p)), p.Help, func(params worlds.Params) any {
			return reflect.ValueOf(p.Of(&params)).Elem().Interface()
		})
	}
	return graphql.NewObject(graphql.ObjectConfig{
		Name: "PurgeModel", Description: "The parameters of the model behind an answer.", Fields: fields,
	})
}

// institutionOrNull is the global id of an institution, null for none.
func (b *builder) institutionOrNull(id graph.ID) any {
	if id == "" {
		return nil
	}
	return b.ID(graph.Institution, id)
}
