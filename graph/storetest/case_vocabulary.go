package storetest

import (
	"fmt"
	"testing"

	"github.com/google/go-cmp/cmp"

	"entangle/graph"
)

// TestApplyVocabulary: a store keeps what the vocabulary has. One node of each kind with
// every property, and one tie for each pair of kinds that a type joins with every property
// and every value of an enumeration, come back as they were.
func (suite) TestApplyVocabulary(t *testing.T, c *Case) {
	b := graph.Batch{Load: graph.Load{ID: "load-vocabulary"}}
	for _, row := range graph.Kinds() {
		n := node(row.Kind, graph.ID("v-"+row.Plural), "A "+row.Name)
		n.Props, n.Types = everyProp(t, row.Props), row.Types
		b.Nodes = append(b.Nodes, n, node(row.Kind, graph.ID("w-"+row.Plural), "Another "+row.Name))
	}
	for _, row := range graph.TieTypes() {
		for _, ends := range row.Ends {
			b.Ties = append(b.Ties, graph.Tie{
				Type: row.Type, From: graph.ID("v-" + ends.From.Info().Plural), To: graph.ID("w-" + ends.To.Info().Plural),
				Confidence: graph.Stated(0.5), Props: everyProp(t, row.Props),
			})
		}
		for _, spec := range row.Props {
			for i, word := range spec.Enum {
				tie := b.Ties[len(b.Ties)-1]
				tie.ID = graph.ID(fmt.Sprintf("enum-%s-%s-%d", row.Name, spec.Name, i))
				tie.Props = graph.Props{}.Set(spec.Name, word)
				b.Ties = append(b.Ties, tie)
			}
		}
	}
	mustApply(t, c.Store, b)
	v := mustView(t, c.Store, graph.Red)
	for _, want := range b.Normal().Nodes {
		got := must[map[graph.ID]graph.Node](t)(v.NodesByID(t.Context(), []graph.ID{want.ID}))[want.ID]
		want.Load = b.Load.ID
		if diff := cmp.Diff(want, got, same); diff != "" {
			t.Errorf("%s (-want +got):\n%s", want.ID, diff)
		}
	}
	for _, want := range b.Normal().Ties {
		got := must[map[graph.ID]graph.Tie](t)(v.TiesByID(t.Context(), []graph.ID{want.ID}))[want.ID]
		want.Load = b.Load.ID
		if diff := cmp.Diff(want, got, same); diff != "" {
			t.Errorf("%s %s %s (-want +got):\n%s", want.From, want.Type, want.To, diff)
		}
	}
}

// everyProp gives each property the first value of a pool that it takes.
func everyProp(t *testing.T, specs []graph.PropSpec) graph.Props {
	t.Helper()
	props := graph.Props{}
	for _, spec := range specs {
		found := false
		for _, value := range append(append([]string{}, spec.Enum...), "7", "0.5", "true", "2020-05-07", "words") {
			if canonical, err := spec.Check(value); err == nil && canonical == value {
				props, found = props.Set(spec.Name, value), true
				break
			}
		}
		if !found {
			t.Errorf("no value for the property %s", spec.Name)
		}
	}
	return props
}
