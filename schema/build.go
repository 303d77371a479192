package schema

import (
	"maps"

	"github.com/graphql-go/graphql"

	"entangle/graph"
	"entangle/schema/questions"
)

// builder makes the types of one schema. Each is made once and found again by
// what it stands for.
type builder struct {
	vocabulary
	cfg Config

	// Leaves and small objects that many types use.
	enums    enums
	date     *graphql.Object
	name     *graphql.Object
	citation *graphql.Object
	load     *graphql.Object
	pageInfo *graphql.Object

	node      *graphql.Interface
	entity    *graphql.Interface
	objects   map[graph.Kind]*graphql.Object
	tie       *graphql.Object
	questions []questions.Question

	operators map[string]*graphql.InputObject
	wheres    map[string]*whereInput
	filters   map[string]*graphql.InputObject
	tieWheres map[string]*tieWhereInput
	connected map[string]*graphql.Object
	tieFields map[kindField]*tieQuestion
}

// kindField names a field of a kind.
type kindField struct {
	kind graph.Kind
	name string
}

// tieQuestion is a field over ties, as it is read.
type tieQuestion struct {
	field *tieField
	where *tieWhereInput
}

func newBuilder(v vocabulary, cfg Config) (*builder, error) {
	if err := v.check(); err != nil {
		return nil, err
	}
	b := &builder{
		vocabulary: v,
		cfg:        cfg,
		enums:      newEnums(v),
		date:       newPartialDate(),
		pageInfo:   newPageInfo(),
		load:       newLoad(),
		name:       newName(),
		objects:    map[graph.Kind]*graphql.Object{},
		operators:  newOperators(),
		wheres:     map[string]*whereInput{},
		filters:    map[string]*graphql.InputObject{},
		tieWheres:  map[string]*tieWhereInput{},
		connected:  map[string]*graphql.Object{},
		tieFields:  map[kindField]*tieQuestion{},
	}
	b.operators["marking"] = b.markingOperators()
	b.node = b.newNode()
	b.citation = b.newCitation()
	b.entity = b.newEntity()
	for _, row := range v.kinds {
		b.objects[row.Kind] = b.newKind(row)
	}
	b.tie = b.newTie()
	b.questions = b.newQuestions()
	return b, nil
}

// schema assembles the types under the root fields.
func (b *builder) schema() (graphql.Schema, error) {
	types := []graphql.Type{b.tie}
	for _, row := range b.kinds {
		types = append(types, b.objects[row.Kind])
	}
	return graphql.NewSchema(graphql.SchemaConfig{
		Query: graphql.NewObject(graphql.ObjectConfig{
			Name:        "Query",
			Description: "What can be asked of the graph.",
			Fields:      b.rootFields(),
		}),
		Types: types,
	})
}

// rootFields are the root fields: those of the graph, one line for each family, and
// the questions.
func (b *builder) rootFields() graphql.Fields {
	fields := graphql.Fields{}
	for _, family := range []func() graphql.Fields{
		b.nodeFields,
		b.listFields,
		b.tieListField,
		b.searchField,
		b.vocabularyField,
		b.statsFields,
		b.problemsField,
	} {
		maps.Copy(fields, family())
	}
	for _, q := range b.questions {
		fields[q.Name] = q.Field
	}
	return fields
}

// farType is the output type of nodes of the kinds: the kind's own where there
// is one, Entity where there are several.
func (b *builder) farType(kinds []graph.Kind) graphql.Output {
	if len(kinds) == 1 {
		return b.objects[kinds[0]]
	}
	return b.entity
}

// farName is the name that such a type has in the names of others.
func (b *builder) farName(kinds []graph.Kind) string {
	if len(kinds) == 1 {
		return b.kind(kinds[0]).Name
	}
	return "Entity"
}
