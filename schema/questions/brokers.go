package questions

import (
	"context"
	"fmt"

	"github.com/graphql-go/graphql"

	"entangle/graph"
	"entangle/queries"
	"entangle/schema/typed"
)

// brokerKinds are the kinds that brokers are asked of.
var brokerKinds = []graph.Kind{graph.Person, graph.Group, graph.Institution, graph.Post}

// brokersQuestion is the root field that asks who is a single point.
func (b *builder) brokersQuestion() Question {
	args := typed.Args(b.pictureArgs(), graphql.FieldConfigArgument{
		"nodes": {
			Type:        graphql.NewList(typed.Required(graphql.String)),
			Description: "Persons, groups, posts and institutions to list even if little depends on them, as ids, keys, aliases or whole names; where left out, all on which something depends.",
		},
		"stateOnly": {Type: graphql.Boolean, DefaultValue: false, Description: "Leaves out the lines of command that run through groups."},
		"first":     {Type: graphql.Int, DefaultValue: queries.DefaultFirst, Description: fmt.Sprintf("The most of each list to return, 0 to %d.", b.cfg.MaxPage)},
		"evidence":  {Type: graphql.Int, DefaultValue: queries.DefaultEvidence, Description: fmt.Sprintf("The largest number of nodes and ties for each row, 0 to %d.", maxEvidence)},
	})
	return askedBy(b, "brokers",
		"Who is a single point of failure: whose loss alone separates the network of persons, groups, posts and institutions, or cuts units off from everybody above them. "+
			"Counted on the record as it stands, every claim whole; not the model of a purge.",
		b.newBrokersReport(), args,
		func(ctx context.Context, req Request, args map[string]any) (in queries.BrokersInput, err error) {
			in.StateOnly, _ = args["stateOnly"].(bool)
			if in.First, err = typed.First(args, queries.DefaultFirst, b.cfg.MaxPage); err != nil {
				return in, err
			}
			if in.Evidence, err = whole(args, "evidence", queries.DefaultEvidence, 0, maxEvidence); err != nil {
				return in, err
			}
			if args["nodes"] != nil {
				in.Nodes, err = req.Refs(ctx, "nodes", brokerKinds, texts(args["nodes"]))
			}
			return in, err
		})
}

func (b *builder) newBrokersReport() *graphql.Object {
	type report = *queries.BrokersReport
	number := func(help string, get func(report) int) *graphql.Field {
		return typed.Field(typed.Required(graphql.Int), help, func(r report) any { return get(r) })
	}
	chain := b.newCommandChain()
	return graphql.NewObject(graphql.ObjectConfig{
		Name:        "BrokersReport",
		Description: "Who is a single point of failure. Counts are those of the whole lists.",
		Fields: graphql.Fields{
			"network":      typed.Field(typed.Required(b.report.network), "The network of persons, groups, posts and institutions as it is.", func(r report) any { return r.Network }),
			"bridgeCount":  number("How many bridges there are: a bridge separates its two ends when it goes. Ties between the same two nodes are one.", func(r report) int { return r.Bridges }),
			"pointCount":   number("How many articulation points there are.", func(r report) int { return r.PointCount }),
			"points":       typed.Field(typed.List(b.newCutPoint()), "The articulation points, those that cut most off first.", func(r report) any { return r.Points }),
			"brokerCount":  number("How many nodes have two contacts or more.", func(r report) int { return r.BrokerCount }),
			"brokers":      typed.Field(typed.List(newBroker(b)), "Those of them with the largest effective size, then the least constraint, first.", func(r report) any { return r.Brokers }),
			"units":        typed.Field(typed.Required(chain), "Command over institutions.", func(r report) any { return r.Units }),
			"posts":        typed.Field(typed.Required(chain), "Posts over those that report to them.", func(r report) any { return r.Posts }),
			"lineCount":    number("How many institutions have somebody above them.", func(r report) int { return r.LineCount }),
			"oneLineCount": number("How many of them have one line only.", func(r report) int { return r.OneLine }),
			"lines":        typed.Field(typed.List(b.newCommandLines()), "The institutions with somebody above them: those with the fewest lines first, then those with most below them.", func(r report) any { return r.Lines }),

			"stateOnly":  typed.Field(typed.Required(graphql.Boolean), "Whether lines of command through groups are left out.", func(r report) any { return r.StateOnly }),
			"optimality": typed.Field(typed.Required(b.plans.optimality), "Always EXACT: the figures are counts and not estimates.", func(r report) any { return r.Optimality }),
			"nodes":      namedField(b, func(r report) []queries.Ref { return r.Nodes }),
			"basis":      typed.Field(typed.Required(b.report.basis.record), "What the answer rests on.", func(r report) any { return r.Basis }),
		},
	})
}

func (b *builder) newCutPoint() *graphql.Object {
	type point = queries.CutPoint
	return graphql.NewObject(graphql.ObjectConfig{
		Name:        "CutPoint",
		Description: "A node and what its loss does to the network.",
		Fields: graphql.Fields{
			"node":     entityField(b, b.Entity, "The node.", func(p point) graph.ID { return p.Node.ID }),
			"cutOff":   typed.Field(typed.Required(graphql.Int), "How many nodes are separated from the largest piece of its component.", func(p point) any { return p.CutOff }),
			"pieces":   typed.Field(typed.List(graphql.Int), "The sizes of the pieces, the largest first; empty if its loss separates nothing.", func(p point) any { return p.Pieces }),
			"residual": typed.Field(typed.Required(graphql.Float), "Borgatti's F among the nodes that are left.", func(p point) any { return p.Residual }),
			"gone":     refsField(b, "The first of those that are separated, by kind and key.", func(p point) []queries.Ref { return p.Gone }),
			"ties":     typed.Field(typed.List(b.report.step), "The ties that join them to the node, the surest first.", func(p point) any { return p.Ties }),
		},
	})
}

func newBroker(b *builder) *graphql.Object {
	type broker = queries.Broker
	return graphql.NewObject(graphql.ObjectConfig{
		Name:        "Broker",
		Description: "A node with Burt's measures of its contacts. A node whose contacts are not tied to each other is a broker between them.",
		Fields: graphql.Fields{
			"node":          entityField(b, b.Entity, "The node.", func(r broker) graph.ID { return r.Node.ID }),
			"degree":        typed.Field(typed.Required(graphql.Int), "How many contacts it has.", func(r broker) any { return r.Degree }),
			"effectiveSize": typed.Field(typed.Required(graphql.Float), "Its contacts less the mean number of ties that a contact has to the others.", func(r broker) any { return r.EffectiveSize }),
			"efficiency":    typed.Field(typed.Required(graphql.Float), "Effective size over degree, 0–1.", func(r broker) any { return r.Efficiency }),
			"constraint":    typed.Field(typed.Required(graphql.Float), "Burt's constraint: low where contacts are not tied to each other.", func(r broker) any { return r.Constraint }),
		},
	})
}

func (b *builder) newCommandChain() *graphql.Object {
	type (
		chain = queries.Chain
		point = queries.CommandPoint
	)
	points := graphql.NewObject(graphql.ObjectConfig{
		Name:        "CommandPoint",
		Description: "A node and those who are cut off without it.",
		Fields: graphql.Fields{
			"node":     entityField(b, b.Entity, "The node.", func(p point) graph.ID { return p.Node.ID }),
			"superior": maybeEntity(b, "Its immediate dominator: the nearest other node that every line from an apex to it passes. Null for an apex, and if no such node exists.", func(p point) *queries.Ref { return p.Superior }),
			"cutOff":   typed.Field(typed.Required(graphql.Int), "How many others lose every line to an apex if it goes: posts in the chain of posts, institutions and groups in the chain of units.", func(p point) any { return p.CutOff }),
			"gone":     refsField(b, "The first of them, by kind and key.", func(p point) []queries.Ref { return p.Gone }),
			"ties":     typed.Field(typed.List(b.report.step), "The ties that put the node above them, the surest first.", func(p point) any { return p.Ties }),
		},
	})
	return graphql.NewObject(graphql.ObjectConfig{
		Name:        "CommandChain",
		Description: "Who stands above whom. In the chain of units, a post through which one institution commands another stands between the two.",
		Fields: graphql.Fields{
			"nodes":      typed.Field(typed.Required(graphql.Int), "How many stand above or below another.", func(c chain) any { return c.Nodes }),
			"arcs":       typed.Field(typed.Required(graphql.Int), "How many pairs there are in which one is directly above the other.", func(c chain) any { return c.Arcs }),
			"apexCount":  typed.Field(typed.Required(graphql.Int), "How many apexes there are: nodes with nobody above them, except nodes that they are above themselves.", func(c chain) any { return c.ApexCount }),
			"apexes":     refsField(b, "The first of these, by kind and key.", func(c chain) []queries.Ref { return c.Apexes }),
			"pointCount": typed.Field(typed.Required(graphql.Int), "How many cut somebody off from every apex.", func(c chain) any { return c.PointCount }),
			"points":     typed.Field(typed.List(points), "These, those that cut most off first.", func(c chain) any { return c.Points }),
		},
	})
}

func (b *builder) newCommandLines() *graphql.Object {
	type lines = queries.CommandLines
	return graphql.NewObject(graphql.ObjectConfig{
		Name:        "CommandLines",
		Description: "How an institution depends on those above it.",
		Fields: graphql.Fields{
			"institution": entityField(b, b.Kinds[graph.Institution], "The institution.", func(l lines) graph.ID { return l.Institution.ID }),
			"apex":        typed.Field(typed.Required(graphql.Boolean), "Nobody is above it.", func(l lines) any { return l.Apex }),
			"lines":       typed.Field(typed.Required(graphql.Int), "How many lines lead from apexes to it that share no node, not even an apex.", func(l lines) any { return l.Lines }),
			"cut":         refsField(b, "A smallest set of nodes whose loss leaves no line; with one line, the node nearest to the institution.", func(l lines) []queries.Ref { return l.Cut }),
			"uncuttable":  typed.Field(typed.Required(graphql.Boolean), "An apex stands directly above it, so no node between them can be lost.", func(l lines) any { return l.Uncuttable }),
			"between":     refsField(b, "The smallest set of nodes below the apexes that all lines pass, except lines straight from an apex.", func(l lines) []queries.Ref { return l.Between }),
			"below":       typed.Field(typed.Required(graphql.Int), "How many institutions and groups it cuts off itself.", func(l lines) any { return l.Below }),
		},
	})
}

// maybeEntity is a node of a report, null where there is none.
func maybeEntity[S any](b *builder, help string, ref func(S) *queries.Ref) *graphql.Field {
	return &graphql.Field{
		Type: b.Entity, Description: help,
		Resolve: inRequest(b, func(ctx context.Context, req Request, src S, _ map[string]any) (any, error) {
			if r := ref(src); r != nil {
				return req.Node(ctx, r.ID), nil
			}
			return nil, nil
		}),
	}
}
