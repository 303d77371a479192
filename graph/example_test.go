package graph_test

import (
	"fmt"

	"entangle/graph"
)

// What a source leaves open stays open: on a day the claim holds for certain, possibly,
// or not.
func ExampleSpan_At() {
	span, err := graph.ParseInterval("2018-05/2020")
	if err != nil {
		fmt.Println(err)
		return
	}
	for _, text := range []string{"2018-05-15", "2019-06-01", "2020-08-24", "2021-01-01"} {
		day, err := graph.ParseDay(text)
		if err != nil {
			fmt.Println(err)
			return
		}
		fmt.Println(text, span.At(day))
	}
	// Output:
	// 2018-05-15 POSSIBLE
	// 2019-06-01 CERTAIN
	// 2020-08-24 POSSIBLE
	// 2021-01-01 NO
}

// A date keeps its text and the first and last day that it may mean.
func ExampleParseDate() {
	for _, text := range []string{"201X", "2003-04?", "..", "24.8.2020"} {
		date, err := graph.ParseDate(text)
		if err != nil {
			fmt.Println(err)
			continue
		}
		if date.Open() {
			fmt.Println(date, "has no end")
			continue
		}
		fmt.Printf("%s is a day from %s to %s\n", date, date.Earliest, date.Latest)
	}
	// Output:
	// 201X is a day from 2010-01-01 to 2019-12-31
	// 2003-04? is a day from 2003-04-01 to 2003-04-30
	// .. has no end
	// not a date: "24.8.2020": not a year, month or day (EDTF level 1, such as 2014, 2014-06, 2014-06-13, 201X, 2014?)
}

// The table of tie types says what may be joined.
func ExampleTieType_Joins() {
	fmt.Println(graph.MemberOf.Joins(graph.Person, graph.Group))
	fmt.Println(graph.MemberOf.Joins(graph.Group, graph.Person))
	// Output:
	// true
	// false
}
