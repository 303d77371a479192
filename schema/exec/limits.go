package exec

import "cmp"

// Limits bounds what one request may ask for. A zero field means its default, see DefaultLimits.
type Limits struct {
	DocumentBytes  int // length of the query text in bytes
	Tokens         int // lexical tokens, comments included
	BracketDepth   int // nesting of (), [] and {} in the text
	NameLength     int // bytes of one name or number
	Directives     int // uses of @ in the text
	Operations     int // operation definitions in one document
	Fragments      int // fragment definitions in one document
	Aliases        int // aliased fields in the text
	RootFields     int // fields of one operation's root, fragments expanded
	FieldDepth     int // nesting of fields, fragments expanded; introspection is exempt
	ExpandedFields int // selections after every fragment spread is expanded
	ValidationWork int // nodes the validator may visit, and fields the merge rule may compare

	VariablesBytes int // length of the variables as JSON
	VariablesDepth int // nesting of the variables' JSON
	VariableValues int // list items and object members in the variables

	// Cost bounds the objects that one operation may ask for at the most, by its page sizes, with what Options.FieldCost
	// adds for fields that take work.
	Cost     int
	Objects  int // objects that one answer may have in fact: execution stops there
	PageSize int // multiplier of a field with first or last when neither is given
	ListSize int // multiplier of a list without first or last

	Errors             int   // request errors reported before validation stops
	FieldErrors        int   // field errors reported; the rest is counted in extensions.errorsOmitted
	IntrospectionNodes int   // objects that introspection may yield in one response
	ResponseBytes      int64 // length of data as JSON
	CacheBytes         int   // estimated memory of the documents kept
}

// DefaultLimits returns limits that an analyst's nested Relay queries and the standard introspection query stay under.
func DefaultLimits() Limits {
	return Limits{
		DocumentBytes:  64 << 10,
		Tokens:         5_000,
		BracketDepth:   50,
		NameLength:     128,
		Directives:     50,
		Operations:     10,
		Fragments:      50,
		Aliases:        50,
		RootFields:     20,
		FieldDepth:     20,
		ExpandedFields: 5_000,
		ValidationWork: 50_000,

		VariablesBytes: 512 << 10,
		VariablesDepth: 64,
		VariableValues: 50_000,

		Cost:     1_000_000,
		Objects:  200_000,
		PageSize: 50,
		ListSize: 10,

		Errors:             10,
		FieldErrors:        100,
		IntrospectionNodes: 100_000,
		ResponseBytes:      64 << 20,
		CacheBytes:         32 << 20,
	}
}

// withDefaults fills every zero field from DefaultLimits.
func (l Limits) withDefaults() Limits {
	d := DefaultLimits()
	for _, p := range []struct {
		v *int
		d int
	}{
		{&l.DocumentBytes, d.DocumentBytes},
		{&l.Tokens, d.Tokens},
		{&l.BracketDepth, d.BracketDepth},
		{&l.NameLength, d.NameLength},
		{&l.Directives, d.Directives},
		{&l.Operations, d.Operations},
		{&l.Fragments, d.Fragments},
		{&l.Aliases, d.Aliases},
		{&l.RootFields, d.RootFields},
		{&l.FieldDepth, d.FieldDepth},
		{&l.ExpandedFields, d.ExpandedFields},
		{&l.ValidationWork, d.ValidationWork},
		{&l.VariablesBytes, d.VariablesBytes},
		{&l.VariablesDepth, d.VariablesDepth},
		{&l.VariableValues, d.VariableValues},
		{&l.Cost, d.Cost},
		{&l.Objects, d.Objects},
		{&l.PageSize, d.PageSize},
		{&l.ListSize, d.ListSize},
		{&l.Errors, d.Errors},
		{&l.FieldErrors, d.FieldErrors},
		{&l.IntrospectionNodes, d.IntrospectionNodes},
		{&l.CacheBytes, d.CacheBytes},
	} {
		*p.v = cmp.Or(*p.v, p.d)
	}
	l.ResponseBytes = cmp.Or(l.ResponseBytes, d.ResponseBytes)
	return l
}
