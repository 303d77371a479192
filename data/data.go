// Package data carries the sourced sample of Iraq, 1979–2022, in the native
// format: nodes.csv and ties.csv with neo4j-admin import headers. iraq/README.md
// says what is in it and how each figure was chosen.
package data

import (
	"embed"
	"io/fs"
)

//go:embed iraq/nodes.csv iraq/ties.csv
var files embed.FS

// Iraq returns the sample: the files nodes.csv and ties.csv at its root.
func Iraq() fs.FS {
	sub, err := fs.Sub(files, "iraq")
	if err != nil {
		panic(err) // the folder is embedded: only a wrong name here gets this far
	}
	return sub
}
