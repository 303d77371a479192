package querytest

import (
	"reflect"

	"entangle/graph"
	"entangle/queries"
	"entangle/queries/worlds"
)

// About is what a test puts into the input of any question of the table: whom it is about
// and how its worlds are drawn. What a question does not have is left out; what is the zero
// value here stays as it is there.
type About struct {
	Targets, With []graph.ID // of the purge, and of the second of two
	Nodes, Groups []graph.ID
	Institution   graph.ID
	From, To      graph.ID
	Office        graph.ID
	Draw          worlds.Draw
	// Params are the model where they are given.
	Params worlds.Params
	// Search, Budget, Trajectories and Size are those of the questions that have them.
	Search, Budget, Trajectories, Size int
}

// Fill returns the default input of a question, filled.
func (a About) Fill(row queries.Question) any {
	in := reflect.New(reflect.TypeOf(row.Default())).Elem()
	in.Set(reflect.ValueOf(row.Default()))
	a.fill(in)
	return in.Interface()
}

func (a About) fill(in reflect.Value) {
	from := reflect.ValueOf(a)
	for i := range in.NumField() {
		field, name := in.Field(i), in.Type().Field(i).Name
		if field.Type() == reflect.TypeFor[queries.Scenario]() {
			part := a
			if name == "Second" && a.With != nil {
				part.Targets = a.With
			}
			part.fill(field)
			continue
		}
		if v := from.FieldByName(name); v.IsValid() && v.Type() == field.Type() && !v.IsZero() {
			field.Set(v)
		}
	}
}

// Draws says whether a question has worlds that are drawn.
func Draws(row queries.Question) bool {
	_, ok := reflect.TypeOf(row.Default()).FieldByName("Draw")
	return ok
}
