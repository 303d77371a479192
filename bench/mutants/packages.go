package main

import (
	"bytes"
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"os/exec"
	"path/filepath"
	"slices"
	"strings"
)

// leftOut are the packages that no pattern with dots reaches: their code is itself
// test code, or a tool. Named without dots they are judged.
var leftOut = []string{"bench", "data", "graph/gendocs", "graph/storetest", "loaders/loadertest", "queries/querytest"}

// pkg is one package to be judged.
type pkg struct {
	path  string   // from the module's root, as in "graph/fold"
	dir   string   // absolute
	files []string // names of the Go files that are compiled, without tests
	tests []testRun
}

func moduleRoot(ctx context.Context) (string, error) {
	out, err := output(ctx, "", "go", "list", "-m", "-f", "{{.Dir}}")
	return strings.TrimSpace(string(out)), err
}

// listPackages returns the packages that have tests, beside them or in the table, in the
// order of their paths.
func listPackages(ctx context.Context, root string, o options, elsewhere map[string][]testRun) ([]pkg, error) {
	patterns := strings.FieldsFunc(o.packages, func(r rune) bool { return r == ',' || r == ' ' })
	out, err := output(ctx, "", "go", append([]string{"list", "-json", "-tags", o.tags}, patterns...)...)
	if err != nil {
		return nil, err
	}
	var packages []pkg
	for d := json.NewDecoder(bytes.NewReader(out)); ; {
		var l struct {
			Dir                                string
			GoFiles, TestGoFiles, XTestGoFiles []string
		}
		if err := d.Decode(&l); errors.Is(err, io.EOF) {
			break
		} else if err != nil {
			return nil, fmt.Errorf("what go list prints: %w", err)
		}
		rel, err := filepath.Rel(root, l.Dir)
		if err != nil {
			return nil, err
		}
		p := pkg{path: filepath.ToSlash(rel), dir: l.Dir, files: l.GoFiles}
		p.tests = elsewhere[p.path]
		if len(p.tests) == 0 && len(l.TestGoFiles)+len(l.XTestGoFiles) > 0 {
			p.tests = []testRun{{path: p.path}}
		}
		named := slices.ContainsFunc(patterns, func(s string) bool { return filepath.Clean(s) == rel })
		if len(p.files) > 0 && len(p.tests) > 0 && (named || !isLeftOut(p.path)) {
			packages = append(packages, p)
		}
	}
	if len(packages) == 0 {
		return nil, fmt.Errorf("-packages %s: no package with tests", o.packages)
	}
	slices.SortFunc(packages, func(a, b pkg) int { return strings.Compare(a.path, b.path) })
	return packages, nil
}

func isLeftOut(path string) bool {
	return slices.ContainsFunc(leftOut, func(s string) bool { return path == s || strings.HasPrefix(path, s+"/") })
}

// output runs a command in a folder and returns what it printed; an error has what it
// said besides.
func output(ctx context.Context, dir, name string, args ...string) ([]byte, error) {
	cmd := exec.CommandContext(ctx, name, args...) //nolint:gosec // the go command, with patterns of the caller
	cmd.Dir = dir
	var said bytes.Buffer
	cmd.Stderr = &said
	out, err := cmd.Output()
	if err != nil {
		return nil, fmt.Errorf("%s %s: %w\n%s", name, strings.Join(args, " "), err, said.Bytes())
	}
	return out, nil
}
