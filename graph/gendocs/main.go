// Command gendocs writes docs/kinds.md and docs/ties.md from the vocabulary
// tables of package graph. Its argument is the folder to write them to.
package main

import (
	"errors"
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
	if err := run(os.Args[1:]); err != nil {
		fmt.Fprintln(os.Stderr, "gendocs:", err)
		os.Exit(1) //nolint:forbidigo // this is main
	}
}

func run(args []string) error {
	if len(args) != 1 {
		return errors.New("name one folder to write the pages to")
	}
	for _, page := range pages {
		path := filepath.Join(args[0], page.name)
		if err := os.WriteFile(path, []byte(page.text()), 0o644); err != nil { //nolint:gosec // for everyone to read
			return err
		}
	}
	return nil
}
