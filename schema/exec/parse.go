package exec

import (
	"crypto/sha256"
	"errors"
	"fmt"
	"regexp"
	"strings"
	"sync"

	"github.com/vektah/gqlparser/v2/ast"
	"github.com/vektah/gqlparser/v2/gqlerror"
	"github.com/vektah/gqlparser/v2/parser"
	"github.com/vektah/gqlparser/v2/validator/core"
	"github.com/vektah/gqlparser/v2/validator/rules"
)

// document is a parsed and validated document. It is shared by requests; what they keep with it is all that is written later.
type document struct {
	key           [sha256.Size]byte
	source        string
	ast           *ast.QueryDocument
	fragments     map[string]*ast.FragmentDefinition
	introspection bool     // it asks for __schema or __type
	fields        []string // names of all fields it has, sorted
	varying       bool     // variables decide which fields are asked for

	mu    sync.Mutex
	plans map[*ast.OperationDefinition]*plan
	kept  sync.Map // of the door's user
	costs sync.Map // *ast.Field to keptCost
}

// document returns the cached or newly validated document for a text.
func (d *Door) document(query string, introspection bool) (*document, []*Error) {
	if len(query) > d.limits.DocumentBytes {
		return nil, []*Error{scan(query, d.limits)}
	}
	key := sha256.Sum256([]byte(query))
	doc := d.cache.get(key)
	if doc == nil {
		var errs []*Error
		if doc, errs = d.parse(query, introspection); errs != nil {
			return nil, errs
		}
		doc.key = key
		d.cache.put(doc)
	}
	if doc.introspection && !introspection {
		return nil, []*Error{introspectionOff()}
	}
	return doc, nil
}

func introspectionOff() *Error {
	return newError(CodeForbidden, "introspection is switched off: __schema and __type are not served")
}

func (d *Door) parse(query string, introspection bool) (*document, []*Error) {
	if err := scan(query, d.limits); err != nil {
		return nil, []*Error{err}
	}
	tree, err := parser.ParseQueryWithTokenLimit(&ast.Source{Input: query}, d.limits.Tokens+1)
	if err != nil {
		return nil, []*Error{parseError(err)}
	}
	if len(tree.Operations) == 0 {
		return nil, []*Error{newError(CodeParse, "the document has no operation")}
	}
	doc := &document{source: query, ast: tree, fragments: make(map[string]*ast.FragmentDefinition, len(tree.Fragments))}
	for _, f := range tree.Fragments {
		if _, ok := doc.fragments[f.Name]; !ok {
			doc.fragments[f.Name] = f
		}
	}
	if err := d.measure(doc); err != nil {
		return nil, []*Error{err}
	}
	if doc.introspection && !introspection {
		return nil, []*Error{introspectionOff()}
	}
	for _, op := range tree.Operations {
		if op.Operation == ast.Subscription {
			return nil, []*Error{newError(CodeValidation, "subscriptions are not served", at(op.Position))}
		}
	}
	if errs := d.validate(doc, introspection); errs != nil {
		return nil, errs
	}
	doc.varying = doc.varies()
	return doc, nil
}

func parseError(err error) *Error {
	ge, ok := errors.AsType[*gqlerror.Error](err)
	if !ok {
		return newError(CodeParse, "Syntax Error: "+err.Error())
	}
	e := newError(CodeParse, "Syntax Error: "+ge.Message)
	for _, l := range ge.Locations {
		e.Locations = append(e.Locations, Location(l))
	}
	return e
}

func at(pos *ast.Position) Location {
	if pos == nil {
		return Location{Line: 1, Column: 1}
	}
	return Location{Line: pos.Line, Column: pos.Column}
}

// ruleSet lists the rules of gqlparser that are run. OverlappingFieldsCanBeMerged is replaced by mergeable;
// SingleFieldSubscriptions has nothing to do. Suggestions name parts of the schema, so they go with introspection.
func ruleSet(suggest bool) []core.Rule {
	set := []core.Rule{
		rules.FragmentsOnCompositeTypesRule, rules.KnownDirectivesRule, rules.KnownFragmentNamesRule,
		rules.KnownRootTypeRule, rules.LoneAnonymousOperationRule, rules.MaxIntrospectionDepth, rules.NoFragmentCyclesRule,
		rules.NoUndefinedVariablesRule, rules.NoUnusedFragmentsRule, rules.NoUnusedVariablesRule,
		rules.PossibleFragmentSpreadsRule, rules.ProvidedRequiredArgumentsRule, rules.UniqueArgumentNamesRule,
		rules.UniqueDirectivesPerLocationRule, rules.UniqueFragmentNamesRule, rules.UniqueInputFieldNamesRule,
		rules.UniqueOperationNamesRule, rules.UniqueVariableNamesRule, rules.VariablesAreInputTypesRule,
		rules.VariablesInAllowedPositionRule,
	}
	if suggest {
		return append(set, rules.FieldsOnCorrectTypeRule, rules.KnownArgumentNamesRule, rules.KnownTypeNamesRule,
			rules.ScalarLeafsRule, rules.ValuesOfCorrectTypeRule)
	}
	return append(set, rules.FieldsOnCorrectTypeRuleWithoutSuggestions, rules.KnownArgumentNamesRuleWithoutSuggestions,
		rules.KnownTypeNamesRuleWithoutSuggestions, rules.ScalarLeafsRuleWithoutSuggestions,
		rules.ValuesOfCorrectTypeRuleWithoutSuggestions)
}

// stopWalk is panicked to leave gqlparser's walker, which has no other way out.
type stopWalk struct{}

// validate runs the rules of gqlparser, then those of ours that need a document which is otherwise valid.
func (d *Door) validate(doc *document, suggest bool) []*Error {
	if errs := d.walk(doc, suggest); errs != nil {
		return errs
	}
	if errs := d.literals(doc); errs != nil {
		return errs
	}
	return d.mergeable(doc)
}

func (d *Door) walk(doc *document, suggest bool) (errs []*Error) {
	defer func() {
		if r := recover(); r != nil {
			if _, ok := r.(stopWalk); !ok {
				panic(r)
			}
		}
	}()
	events := &core.Events{}
	// The walker enters every fragment anew from each definition that reaches it; the budget bounds the product.
	work := 0
	step := func() {
		if work++; work > d.limits.ValidationWork {
			errs = []*Error{limitError("the document takes more than %d steps to validate", d.limits.ValidationWork)}
			panic(stopWalk{})
		}
	}
	events.OnField(func(*core.Walker, *ast.Field) { step() })
	events.OnValue(func(*core.Walker, *ast.Value) { step() })
	events.OnFragmentSpread(func(*core.Walker, *ast.FragmentSpread) { step() })
	events.OnInlineFragment(func(*core.Walker, *ast.InlineFragment) { step() })
	for _, rule := range ruleSet(suggest) {
		rule.RuleFunc(events, func(options ...core.ErrorOption) {
			ge := &gqlerror.Error{}
			for _, o := range options {
				o(ge)
			}
			e := newError(CodeValidation, d.enumError(ge.Message, suggest))
			for _, l := range ge.Locations {
				e.Locations = append(e.Locations, Location(l))
			}
			if errs = append(errs, e); len(errs) >= d.limits.Errors {
				panic(stopWalk{})
			}
		})
	}
	core.Walk(d.ast, doc.ast, events)
	return errs
}

// ofEnum is gqlparser's message for a value that an enum does not have. It writes the type of
// the place, with the marks of lists and of what has to be there.
var ofEnum = regexp.MustCompile(`^Value (".*") does not exist in "\[*(\w+)[]!]*" enum\.(.*)$`)

// enumError adds the values that an enum has to the message, where parts of the schema may be
// named.
func (d *Door) enumError(message string, suggest bool) string {
	m := ofEnum.FindStringSubmatch(message)
	if m == nil {
		return message
	}
	message = fmt.Sprintf("Value %s does not exist in %q enum", m[1], m[2])
	if def := d.ast.Types[m[2]]; suggest && def != nil && len(def.EnumValues) > 0 {
		var names []string
		for _, v := range def.EnumValues {
			names = append(names, v.Name)
		}
		message += ", only " + strings.Join(names, ", ")
	}
	return message + "." + m[3]
}

// literals checks the values that gqlparser lets pass: the range of Int and Float, custom scalars, input objects.
func (d *Door) literals(doc *document) []*Error {
	var errs []*Error
	c := &coercion{check: true}
	one := func(v *ast.Value, expected *ast.Type, what string) {
		if expected == nil || len(errs) >= d.limits.Errors {
			return
		}
		t := d.types.ref(expected)
		if t == nil {
			return
		}
		if _, err := c.literal(v, t); err != nil {
			pos := v.Position
			if ie, ok := errors.AsType[*inputError](err); ok && ie.pos != nil {
				pos = ie.pos
			}
			errs = append(errs, newError(CodeValidation, what+": "+err.Error(), at(pos)))
		}
	}
	args := func(list ast.ArgumentList) {
		for _, a := range list {
			one(a.Value, a.Value.ExpectedType, fmt.Sprintf("argument %q", a.Name))
		}
	}
	directives := func(list ast.DirectiveList) {
		for _, dir := range list {
			args(dir.Arguments)
		}
	}
	var set func(ast.SelectionSet)
	set = func(sels ast.SelectionSet) {
		for _, sel := range sels {
			switch sel := sel.(type) {
			case *ast.Field:
				args(sel.Arguments)
				directives(sel.Directives)
				set(sel.SelectionSet)
			case *ast.InlineFragment:
				directives(sel.Directives)
				set(sel.SelectionSet)
			case *ast.FragmentSpread:
				directives(sel.Directives)
			}
		}
	}
	for _, op := range doc.ast.Operations {
		for _, v := range op.VariableDefinitions {
			if v.DefaultValue != nil {
				one(v.DefaultValue, v.Type, fmt.Sprintf("default of $%s", v.Variable))
			}
		}
		directives(op.Directives)
		set(op.SelectionSet)
	}
	for _, f := range doc.ast.Fragments {
		directives(f.Directives)
		set(f.SelectionSet)
	}
	return errs
}
