package loaders_test

import (
	"context"
	"fmt"

	"entangle/loaders"
	"entangle/loaders/loadertest"
	"entangle/loaders/native"
)

// Rows in are accepted, repaired or rejected; a reject names its place and its value. The
// store here keeps what it is given in memory.
func ExampleRun() {
	nodes := loaders.Bytes("nodes.csv", []byte(`:ID,:LABEL,name
person/a,Person,Ali
group/b,Group,Badr
person/c,Militiaman,Cem
`))
	ties := loaders.Bytes("ties.csv", []byte(`:START_ID,:END_ID,:TYPE,start
person/a,group/b,MEMBER_OF,2004
`))
	store := loadertest.NewMemory()
	report, err := loaders.Run(context.Background(), store, loaders.NewRegistry(native.Format{}), []loaders.Input{nodes, ties}, loaders.Options{})
	if err != nil {
		fmt.Println(err)
		return
	}
	for _, f := range report.Files {
		fmt.Printf("%s: %d rows in, %d accepted, %d repaired, %d rejected\n", f.Name, f.Rows.In, f.Rows.Accepted, f.Rows.Repaired, f.Rows.Rejected)
		for _, r := range f.Rejects {
			fmt.Printf("line %d, column %d: %q\n", r.Line, r.Column, r.Value)
		}
	}
	// Output:
	// nodes.csv: 3 rows in, 2 accepted, 0 repaired, 1 rejected
	// line 4, column 10: "Militiaman"
	// ties.csv: 1 rows in, 1 accepted, 0 repaired, 0 rejected
}
