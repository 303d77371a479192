package main

import (
	"fmt"
	"os"
	"strings"
)

// testRun is one run of go test.
type testRun struct {
	path string   // of the package whose tests run, from the module's root
	args []string // of go test, as in "-run", "^TestWaves"
}

// readTestRuns reads which tests the changes of a package are put to, where those beside
// it with -short are not the right ones. A line names the package that is changed, the
// package whose tests run, and further arguments of go test, with blanks between them:
//
//	queries/worlds queries -skip ^TestPrices
//
// Several lines of one package are several runs, in their order. Empty lines and those
// that begin with # are comments.
func readTestRuns(name string) (map[string][]testRun, error) {
	text, err := os.ReadFile(name) //nolint:gosec // named by the caller
	if err != nil {
		return nil, err
	}
	runs := make(map[string][]testRun)
	n := 0
	for line := range strings.Lines(string(text)) {
		n++
		words := strings.Fields(line)
		if len(words) == 0 || strings.HasPrefix(words[0], "#") {
			continue
		}
		if len(words) < 2 || strings.HasPrefix(words[1], "-") {
			return nil, fmt.Errorf("%s:%d: want PACKAGE TESTS [ARGUMENT...], got %q", name, n, strings.TrimSpace(line))
		}
		runs[words[0]] = append(runs[words[0]], testRun{path: words[1], args: words[2:]})
	}
	return runs, nil
}
