// Package web holds the page that a browser gets: GraphiQL, built ahead of time so that
// neither building nor running entangle needs Node or the network.
//
// The sources are in graphiql/, what is built from them in dist/; `make web` builds it
// anew. dist/manifest.json names every file by its SHA-256, built files and sources alike,
// and a test holds both against it.
package web

import (
	"embed"
	"io/fs"
)

//go:embed dist
var files embed.FS

// Dist returns the built page: index.html, LICENSES.txt with the licences of all that is
// in it, manifest.json, and assets/, whose file names change with their content.
func Dist() fs.FS {
	dist, err := fs.Sub(files, "dist")
	if err != nil {
		panic(err) // the name is a valid path, there is no other error
	}
	return dist
}
