package structure_test

import (
	"context"
	"fmt"

	"entangle/queries/structure"
)

// Two triangles hang together by one tie. Without an end of it, six of ten pairs of the
// rest are cut off from each other; with the removed node counted as a piece of its own,
// eleven of fifteen.
func ExampleFragmentationOf() {
	edges := [][2]int32{{0, 1}, {1, 2}, {2, 0}, {2, 3}, {3, 4}, {4, 5}, {5, 3}}
	g, err := structure.New(6, edges, structure.Undirected)
	if err != nil {
		fmt.Println(err)
		return
	}
	removed, err := structure.NewMask(6, 2)
	if err != nil {
		fmt.Println(err)
		return
	}
	for _, mask := range []structure.Mask{{}, removed} {
		f, err := structure.FragmentationOf(context.Background(), g, mask)
		if err != nil {
			fmt.Println(err)
			return
		}
		fmt.Printf("%d nodes in components of %v: F %.2f of the left, %.2f of all\n", f.Nodes, f.Sizes, f.F.Residual, f.F.Original)
	}
	// Output:
	// 6 nodes in components of [6]: F 0.00 of the left, 0.00 of all
	// 5 nodes in components of [3 2]: F 0.60 of the left, 0.73 of all
}

// Cut points and bridges are the nodes and ties whose loss takes the network apart.
func ExampleCutsOf() {
	g, err := structure.New(5, [][2]int32{{0, 1}, {1, 2}, {2, 0}, {2, 3}, {3, 4}}, structure.Undirected)
	if err != nil {
		fmt.Println(err)
		return
	}
	cuts, err := structure.CutsOf(context.Background(), g, structure.Mask{})
	if err != nil {
		fmt.Println(err)
		return
	}
	fmt.Println("nodes", cuts.Articulation, "ties", cuts.Bridges)
	// Output:
	// nodes [2 3] ties [[2 3] [3 4]]
}
