package schema

import (
	"maps"
	"strings"

	"github.com/graphql-go/graphql"

	"entangle/schema/exec"
	"entangle/schema/typed"
)

// pageInfo is where a page stands in its list.
type pageInfo struct {
	hasNext, hasPrevious bool
	start, end           placed // nil on an empty page
}

// placed is an item of a list.
type placed interface{ cursor() string }

func cursorOf(p placed) any {
	if p == nil {
		return nil
	}
	return p.cursor()
}

func newPageInfo() *graphql.Object {
	return graphql.NewObject(graphql.ObjectConfig{
		Name:        "PageInfo",
		Description: "Where a page stands in its list.",
		Fields: graphql.Fields{
			"hasNextPage":     typed.Field(typed.Required(graphql.Boolean), "More follow.", func(p pageInfo) any { return p.hasNext }),
			"hasPreviousPage": typed.Field(typed.Required(graphql.Boolean), "Some come before: the page was asked for with after.", func(p pageInfo) any { return p.hasPrevious }),
			"startCursor":     typed.Field(graphql.String, "Cursor of the first item.", func(p pageInfo) any { return cursorOf(p.start) }),
			"endCursor":       typed.Field(graphql.String, "Cursor of the last item: the next page is after it.", func(p pageInfo) any { return cursorOf(p.end) }),
		},
	})
}

// connection describes a connection type; its source is a C, that of its edges
// an E. Every part is read when it is asked for.
type connection[C, E any] struct {
	name, what string
	item       graphql.Output
	edges      func(graphql.ResolveParams, C) (any, error) // a list of E
	nodes      func(graphql.ResolveParams, C) (any, error)
	pageInfo   func(graphql.ResolveParams, C) (any, error)
	totalCount func(graphql.ResolveParams, C) (any, error)
	cursor     func(E) string
	node       func(graphql.ResolveParams, E) (any, error)
	// levels are in place of the functions of the same names, where all objects of a
	// level are read at once.
	levels struct{ edges, nodes, pageInfo, totalCount, node exec.Level }
	// edgeFields are the fields of an edge besides cursor and node, fields those of
	// the connection besides what every one has.
	edgeFields, fields graphql.Fields
}

// connect makes the connection type and its edge type, once for each name.
func connect[C, E any](b *builder, c connection[C, E]) *graphql.Object {
	name := c.name + "Connection"
	if made := b.connected[name]; made != nil {
		return made
	}
	edge := graphql.NewObject(graphql.ObjectConfig{
		Name:        c.name + "Edge",
		Description: "An item of a " + name + ".",
		Fields: graphql.FieldsThunk(func() graphql.Fields {
			fields := graphql.Fields{
				"cursor": typed.Field(typed.Required(graphql.String), "The item's place in the list.", func(e E) any { return c.cursor(e) }),
				"node":   &graphql.Field{Type: typed.Required(c.item), Description: "The item.", Resolve: byLevel(c.levels.node, c.node)},
			}
			maps.Copy(fields, c.edgeFields)
			return fields
		}),
	})
	object := graphql.NewObject(graphql.ObjectConfig{
		Name:        name,
		Description: "A page of " + c.what + ".",
		Fields: graphql.FieldsThunk(func() graphql.Fields {
			fields := graphql.Fields{
				"edges":      &graphql.Field{Type: typed.List(edge), Description: "The items with their places in the list.", Resolve: byLevel(c.levels.edges, c.edges)},
				"nodes":      &graphql.Field{Type: typed.List(c.item), Description: "The items themselves.", Resolve: byLevel(c.levels.nodes, c.nodes)},
				"pageInfo":   &graphql.Field{Type: typed.Required(b.pageInfo), Description: "Where the page stands in the list.", Resolve: byLevel(c.levels.pageInfo, c.pageInfo)},
				"totalCount": &graphql.Field{Type: typed.Required(graphql.Int), Description: "How many there are on all pages; counted only when asked for.", Resolve: byLevel(c.levels.totalCount, c.totalCount)},
			}
			maps.Copy(fields, c.fields)
			return fields
		}),
	})
	b.connected[name] = object
	return object
}

// byLevel is the resolver of a field: of a level where it can be.
func byLevel[S any](level exec.Level, resolve func(graphql.ResolveParams, S) (any, error)) graphql.FieldResolveFn {
	if level == nil {
		return typed.Resolve(resolve)
	}
	return func(graphql.ResolveParams) (any, error) { return level, nil }
}

// pageArgs are the arguments of every connection.
func (b *builder) pageArgs(first int) graphql.FieldConfigArgument {
	return graphql.FieldConfigArgument{
		"first": typed.FirstArg(first, b.cfg.MaxPage),
		"after": {Type: graphql.String, Description: "Cursor of the item behind which the page begins."},
	}
}

// pageOf reads these arguments.
func (b *builder) pageOf(args map[string]any, standard int) (first int, after string, err error) {
	if first, err = typed.First(args, standard, b.cfg.MaxPage); err != nil {
		return 0, "", err
	}
	after, given := args["after"].(string)
	if given && strings.TrimSpace(after) == "" {
		return 0, "", typed.BadInput("after: an empty cursor; leave it out for the first page")
	}
	return first, after, nil
}
