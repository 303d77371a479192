package schema

import (
	"maps"
	"math"
	"slices"

	"github.com/graphql-go/graphql"

	"entangle/graph"
	"entangle/schema/typed"
)

const gapHelp = "Which ties stand on the day if their dates leave it open: fading (default) and contiguous let the same stand, strict or extend:DAYS fewer. Goes with asOf."

// tieArgs are the arguments that say which ties count, wherever ties are
// followed.
func (b *builder) tieArgs() graphql.FieldConfigArgument {
	return graphql.FieldConfigArgument{
		"asOf":          {Type: dateScalar, Description: "Only claims that stand on this day; without it claims of any time."},
		"gap":           {Type: gapScalar, Description: gapHelp},
		"during":        {Type: intervalScalar, Description: "Only claims that may hold on some day of this period."},
		"minConfidence": {Type: graphql.Float, Description: "Leaves out ties with a smaller confidence, 0–1."},
		"status":        {Type: graphql.NewList(typed.Required(b.enums.status)), Description: "Which claims count; ACCEPTED and CONFLICT where left out."},
	}
}

// tieSelection reads these arguments. Null is as if left out.
func tieSelection(path string, args map[string]any) (graph.TieWhere, error) {
	var w graph.TieWhere
	at := func(name string) string {
		if path == "" {
			return name
		}
		return path + "." + name
	}
	if day, ok := args["asOf"].(graph.Day); ok {
		w.AsOf = &graph.AsOf{Day: day}
	}
	if gap, ok := args["gap"].(graph.GapPolicy); ok {
		if w.AsOf == nil {
			return w, typed.BadInput("%s: says what stands on a day, but asOf names no day", at("gap"))
		}
		w.AsOf.Gap = gap
	}
	if p, ok := args["during"].(period); ok {
		w.During = new([2]graph.Day(p))
	}
	if f, ok := args["minConfidence"].(float64); ok {
		if f < 0 || f > 1 || math.IsNaN(f) {
			return w, typed.BadInput("%s: %g is outside 0 to 1", at("minConfidence"), f)
		}
		w.MinConfidence = f
	}
	if list, ok := args["status"].([]any); ok {
		if len(list) == 0 {
			return w, typed.BadInput("%s: an empty list lets no claim through; leave it out for ACCEPTED and CONFLICT", at("status"))
		}
		for _, s := range list {
			w.Statuses = append(w.Statuses, s.(graph.Status))
		}
	}
	return w, nil
}

// tieWhereInput is the input type {node, edge, AND, OR, NOT}: conditions on a
// tie and on the node it leads to.
type tieWhereInput struct {
	object     *graphql.InputObject
	edge, node *whereInput
}

// tieWhere makes the input type for ties of the type that lead to the kinds.
func (b *builder) tieWhere(row graph.TieInfo, far []graph.Kind) *tieWhereInput {
	name := pascal(row.Name) + b.farName(far) + "Where"
	if made := b.tieWheres[name]; made != nil {
		return made
	}
	w := &tieWhereInput{}
	b.tieWheres[name] = w
	w.object = graphql.NewInputObject(graphql.InputObjectConfig{
		Name:        name,
		Description: "Conditions on ties of the type " + row.Name + " and on the nodes they lead to. Several fields must all fit.",
		Fields: graphql.InputObjectConfigFieldMapThunk(func() graphql.InputObjectConfigFieldMap {
			fields := logic(w.object)
			fields["node"] = &graphql.InputObjectFieldConfig{Type: w.node.object, Description: "Conditions on the node at the other end."}
			fields["edge"] = &graphql.InputObjectFieldConfig{Type: w.edge.object, Description: "Conditions on the tie."}
			return fields
		}),
	})
	w.edge = b.edgeWhere([]graph.TieInfo{row})
	w.node = b.nodeWhere(far)
	return w
}

// compile splits what a client gave into a condition on the tie and one on the
// node. OR and NOT cannot be split where they join both.
func (w *tieWhereInput) compile(path string, given any) (edge, node graph.Cond, err error) {
	in, _ := given.(map[string]any)
	var edges, nodes []graph.Cond
	for _, name := range slices.Sorted(maps.Keys(in)) {
		at := path + "." + name
		if in[name] == nil {
			return edge, node, typed.BadInput("%s: null is no condition; leave it out", at)
		}
		e, n, err := w.part(at, name, in[name])
		if err != nil {
			return edge, node, err
		}
		edges, nodes = append(edges, e), append(nodes, n)
	}
	return graph.All(edges...), graph.All(nodes...), nil
}

func (w *tieWhereInput) part(at, name string, given any) (edge, node graph.Cond, err error) {
	switch name {
	case "edge":
		edge, err = w.edge.compile(at, given)
		return edge, node, err
	case "node":
		node, err = w.node.compile(at, given)
		return edge, node, err
	}
	var onEdge, onNode bool
	collect := func(pick func(e, n graph.Cond) graph.Cond) (graph.Cond, error) {
		return joinLogic(name, given, func(i int, v any) (graph.Cond, error) {
			e, n, err := w.compile(place(at, i), v)
			onEdge, onNode = onEdge || e.Op != graph.True, onNode || n.Op != graph.True
			return pick(e, n), err
		})
	}
	if edge, err = collect(func(e, _ graph.Cond) graph.Cond { return e }); err != nil {
		return edge, node, err
	}
	if node, err = collect(func(_, n graph.Cond) graph.Cond { return n }); err != nil {
		return edge, node, err
	}
	switch {
	case name == "AND":
		return edge, node, nil
	case onEdge && onNode:
		return edge, node, typed.BadInput("%s: joins conditions on ties and on nodes; put %s inside edge or inside node, or write it one level up", at, name)
	case onNode:
		return graph.Cond{}, node, nil
	}
	return edge, graph.Cond{}, nil
}
