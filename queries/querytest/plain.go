package querytest

import (
	"context"
	"fmt"
	"reflect"
	"strings"

	"entangle/graph/projection"
	"entangle/queries"
	"entangle/queries/worlds"
)

// plain asks a question of the table by the fields of its input and gives its report field
// by field: a key is a field's name, a list of the report one of ids and rows.
type plain struct {
	scenario
	row      queries.Question
	in       reflect.Value // to be set
	from, to projection.Options
}

func newPlain(row queries.Question) *plain {
	in := reflect.New(reflect.TypeOf(row.Default())).Elem()
	in.Set(reflect.ValueOf(row.Default()))
	return &plain{scenario: newScenario(), row: row, in: in}
}

func (q *plain) keys() map[string]any {
	keys := q.pictureKeys()
	if q.row.Days == 2 {
		delete(keys, "asof")
		keys["from"], keys["to"] = &q.from.AsOf, &q.to.AsOf
	}
	for i := range q.in.NumField() {
		field, v := q.in.Type().Field(i), q.in.Field(i)
		switch p := v.Addr().Interface().(type) {
		case *worlds.Params:
			keys = joined(keys, q.modelKeys())
		case *worlds.Draw:
			keys = joined(keys, q.drawKeys())
		case *queries.Weights:
			keys["weight"] = q.weight
		case *bool:
			keys[key(field.Name)] = []*bool{p}
		default:
			keys[key(field.Name)] = p
		}
	}
	return keys
}

func (q *plain) ask(ctx context.Context, take picture) (*answer, error) {
	for _, field := range q.in.Fields() {
		switch p := field.Addr().Interface().(type) {
		case *worlds.Params:
			*p = q.params
		case *worlds.Draw:
			*p = q.draw
		case *queries.Weights:
			*p = q.weights
		default:
		}
	}
	q.options.Tenures = q.row.Tenures
	options := []projection.Options{q.options}
	if q.row.Days == 2 {
		options = []projection.Options{q.options, q.options}
		options[0].AsOf, options[1].AsOf = q.from.AsOf, q.to.AsOf
	}
	var pictures []*projection.Snapshot
	for _, o := range options {
		s, err := take(o)
		if err != nil {
			return nil, err
		}
		pictures = append(pictures, s)
	}
	report, err := q.row.Ask(ctx, pictures, q.in.Interface())
	if err != nil {
		return nil, err
	}
	return told(reflect.ValueOf(report).Elem()), nil
}

// told is a report: its numbers and words as the row “answer”, each list of parts as a
// list of their ids and a row for each.
func told(report reflect.Value) *answer {
	a := newAnswer()
	whole := map[string]any{}
	for i := range report.NumField() {
		name, v := key(report.Type().Field(i).Name), report.Field(i)
		switch p := v.Addr().Interface().(type) {
		case *queries.RecordBasis:
			a.missing(&p.Picture)
			whole = joined(whole, record(&p.Picture, nil))
		case *queries.DrawBasis:
			a.missing(&p.Picture)
			whole = joined(whole, record(&p.Picture, map[string]any{"method": p.Method, "samples": p.Samples, "coins": p.Coins}))
		case *queries.Basis:
			a.missing(&p.Picture)
			whole = joined(whole, basis(p, nil))
		default:
			if v.Kind() != reflect.Slice {
				whole[name] = figureOf(v)
				continue
			}
			var ids []string
			for j := range v.Len() {
				id, figures := part(v.Index(j))
				ids = append(ids, id)
				a.add(singular(name)+" "+id, figures)
			}
			a.ranked(name, ids)
		}
	}
	a.add("answer", whole)
	return a
}

// part is an item of a list: the node that it embeds, or that is its first, is what it
// is about.
func part(v reflect.Value) (id string, figures map[string]any) {
	if ref, ok := reflect.TypeAssert[queries.Ref](v); ok {
		return idOf(ref), map[string]any{}
	}
	figures = map[string]any{}
	for i := range v.NumField() {
		field, f := v.Type().Field(i), v.Field(i)
		if ref, ok := reflect.TypeAssert[queries.Ref](f); ok && (id == "" || field.Anonymous) {
			id = idOf(ref)
			continue
		}
		figures[key(field.Name)] = figureOf(f)
	}
	return id, figures
}

// figureOf writes a value as one word: nodes by their ids, a step by its ends.
func figureOf(v reflect.Value) any {
	switch x := v.Interface().(type) {
	case queries.Ref:
		return idOf(x)
	case []queries.Ref:
		return group(x)
	case []queries.Step:
		return strings.Join(names(x, func(s queries.Step) string { return fmt.Sprintf("%s+%s", s.From.ID, s.To.ID) }), ",")
	}
	return v.Interface()
}

// singular is what an item of a list is called: posts has a post, bodies a body.
func singular(list string) string {
	if of, ok := strings.CutSuffix(list, "ies"); ok {
		return of + "y"
	}
	return strings.TrimSuffix(list, "s")
}

// key is the key of a field.
func key(field string) string { return strings.ToLower(field[:1]) + field[1:] }
