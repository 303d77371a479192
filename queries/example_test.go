package queries_test

import (
	"context"
	"fmt"
	"testing"

	"entangle/graph"
	"entangle/graph/projection"
	"entangle/queries"
	"entangle/queries/querytest"
	"entangle/queries/worlds"
)

// The data of the worked example of docs/model.md: three posts, one group, one
// brigade.
const exampleData = `
	group g
	person a
	person b
	person c
	post minister weight=1
	post deputy weight=0.6
	post director weight=0.4
	institution ministry "Ministry" types=ministry authorisedPosts=6
	institution brigade "Brigade" types=unit echelon=brigade strength=2500
	a HOLDS minister
	b HOLDS deputy
	c HOLDS director
	minister POST_IN ministry
	deputy POST_IN ministry
	director POST_IN ministry
	brigade PART_OF ministry class=command
	b MEMBER_OF g conf=0.8
	g CONTROLS ministry form=staffing weight=0.4 conf=0.5
	g CONTROLS brigade form=command weight=0.4 conf=0.9`

func exampleSnapshot() (*projection.Snapshot, error) {
	batch, err := querytest.Batch(exampleData)
	if err != nil {
		return nil, err
	}
	return projection.FromBatch(batch, projection.Options{AsOf: graph.DayOf(2020, 8, 24)})
}

func workedExample(t *testing.T) *projection.Snapshot {
	t.Helper()
	s, err := exampleSnapshot()
	if err != nil {
		t.Fatal(err)
	}
	return s
}

func ExamplePurge() {
	s, err := exampleSnapshot()
	if err != nil {
		fmt.Println(err)
		return
	}
	report, err := queries.Purge(context.Background(), s, queries.PurgeInput{
		Targets: []graph.ID{"g"},
		Params:  worlds.DefaultParams(),
	})
	if err != nil {
		fmt.Println(err)
		return
	}
	fmt.Println(report.Basis.Method, "over", report.Basis.Coins, "coins")
	for _, o := range report.Institutions {
		fmt.Printf("%s: fractured %.2f (collapsed %.2f), strained %.2f, intact %.2f\n", o.Name, o.Fractured.P, o.Collapsed.P, o.Strained.P, o.Intact.P)
		for _, sup := range o.Supports {
			fmt.Printf("  %s keeps %.3f, needs %.2f\n", sup.Support, sup.Mean, sup.Requirement.Need)
		}
	}
	// Output:
	// EXACT over 3 coins
	// Ministry: fractured 0.98 (collapsed 0.72), strained 0.01, intact 0.01
	//   STAFF keeps 0.720, needs 0.75
	//   FORCE keeps 0.640, needs 0.70
	// Brigade: fractured 0.00 (collapsed 0.00), strained 0.98, intact 0.02
	//   COMMAND keeps 0.600, needs 0.50
	//   PROVISION keeps 0.755, needs 0.60
}
