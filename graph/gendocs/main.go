// Command gendocs writes docs/kinds.md and docs/ties.md from the vocabulary
// tables of package graph. Its argument is the folder to write them to.
package main

import (
	"fmt"
	"os"
	"path/filepath"
)

// pages are the files it writes.
var pages = []struct {
	name string
	text func() string
}{
	{"kinds.md", kindsPage},
	{"ties.md", tiesPage},
}

func main() {
	if len(os.Args) != 2 {
		fmt.Fprintln(os.Stderr, "usage: gendocs FOLDER")
		os.Exit(2)
	}
	for _, page := range pages {
		//nolint:gosec // documentation is for everyone to read
		if err := os.WriteFile(filepath.Join(os.Args[1], page.name), []byte(page.text()), 0o644); err != nil {
			fmt.Fprintln(os.Stderr, "gendocs:", err)
			os.Exit(1)
		}
	}
}
