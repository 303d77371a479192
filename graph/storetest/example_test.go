package storetest_test

import (
	"context"
	"fmt"

	"entangle/graph"
	"entangle/graph/storetest"
)

// The model is what the contract's random stories hold a store against: the same batch,
// the same answers, also to a caller who may not see all. A store's own test calls Run, which finds all cases.
func ExampleNewModel() {
	ctx := context.Background()
	model := storetest.NewModel()
	applied, err := model.Apply(ctx, graph.Batch{
		Load: graph.Load{ID: "load/one"},
		Nodes: []graph.Node{
			{ID: "person/a", Kind: graph.Person, Names: []graph.Name{{Text: "Ali", Kind: graph.PrimaryName}}},
			{ID: "source/s", Kind: graph.Source, Names: []graph.Name{{Text: "S", Kind: graph.PrimaryName}}, Marking: graph.Amber},
		},
	})
	if err != nil {
		fmt.Println(err)
		return
	}
	fmt.Println(applied.NodesCreated, "nodes")
	for _, clearance := range []graph.Marking{graph.Clear, graph.Red} {
		view, err := model.View(ctx, clearance)
		if err != nil {
			fmt.Println(err)
			return
		}
		found, err := view.NodesByID(ctx, []graph.ID{"person/a", "source/s"})
		fmt.Println(clearance, len(found), err)
		if err := view.Close(); err != nil {
			fmt.Println(err)
		}
	}
	// Output:
	// 2 nodes
	// CLEAR 1 <nil>
	// RED 2 <nil>
}
