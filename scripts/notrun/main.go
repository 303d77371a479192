// Command notrun reads the events of go test -json and prints what go test prints
// without them: a line for each package, and what a failed test said. At the end it lists
// the tests that were skipped, with their reasons, so that nothing is left out in silence.
//
//	go test -json ./... | go run ./scripts/notrun
//
// It ends with 1 if a package failed, and if a test was skipped in CI: there everything
// has to run but what says that it is left out, such as data sets that may not be shared.
package main

import (
	"bufio"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"maps"
	"os"
	"slices"
	"strings"
)

func main() {
	ok, err := report(os.Stdin, os.Stdout, os.Getenv("CI") != "")
	if err != nil {
		fmt.Fprintln(os.Stderr, "notrun:", err)
	}
	if !ok || err != nil {
		os.Exit(1)
	}
}

// event is one line of go test -json (go doc test2json).
type event struct{ Action, Package, Test, Output string }

// test is a test of a package; its name is empty where a line speaks for the package.
type test struct{ pkg, name string }

// skip is a test that did not run.
type skip struct {
	test
	reason string
}

// leftOut is in the reason of a skip that is meant to be, in CI too.
const leftOut = "left out"

// run is what was read so far.
type run struct {
	out    io.Writer
	said   map[test][]string // by tests that have not ended
	skips  []skip
	failed bool
}

// report writes what in tells to out; it is false where something failed, or was skipped
// in CI.
func report(in io.Reader, out io.Writer, ci bool) (bool, error) {
	r := run{out: out, said: map[test][]string{}}
	lines := bufio.NewReader(in)
	for {
		line, err := lines.ReadString('\n')
		if err != nil && !errors.Is(err, io.EOF) {
			return false, err
		}
		r.line(line)
		if err != nil {
			break
		}
	}
	bad := r.list(ci)
	return !r.failed && !bad, nil
}

func (r *run) line(line string) {
	var e event
	if json.Unmarshal([]byte(line), &e) != nil { // of the go command itself
		fmt.Fprint(r.out, line)
		return
	}
	t := test{e.Package, e.Test}
	switch e.Action {
	case "output", "build-output":
		switch {
		case t.name != "":
			r.said[t] = append(r.said[t], e.Output)
		case e.Output != "PASS\n" && !strings.HasPrefix(e.Output, "=== "):
			fmt.Fprint(r.out, e.Output)
		}
	case "fail", "build-fail":
		r.failed = true
		r.tell(t)
	case "skip":
		if t.name != "" {
			r.skips = append(r.skips, skip{t, reasonOf(r.said[t])})
		}
		delete(r.said, t)
	case "pass":
		delete(r.said, t)
	}
}

// tell writes what a failed test said; of a failed package what all of its tests said that
// did not come to an end.
func (r *run) tell(t test) {
	for _, of := range slices.SortedFunc(maps.Keys(r.said), func(a, b test) int { return strings.Compare(a.name, b.name) }) {
		if of.pkg != t.pkg || t.name != "" && of.name != t.name {
			continue
		}
		for _, line := range r.said[of] {
			if !strings.HasPrefix(line, "=== ") {
				fmt.Fprint(r.out, line)
			}
		}
		delete(r.said, of)
	}
}

// reasonOf finds the text of t.Skip: the last line that has a place before it.
func reasonOf(said []string) string {
	for _, line := range slices.Backward(said) {
		if _, reason, ok := strings.Cut(line, ".go:"); ok {
			_, reason, _ = strings.Cut(reason, ": ")
			return strings.TrimSpace(reason)
		}
	}
	return "no reason is given"
}

// list writes what was not run, each reason once; it is true where CI must not take that.
func (r *run) list(ci bool) (bad bool) {
	if len(r.skips) == 0 {
		fmt.Fprintln(r.out, "not run: nothing, every test ran")
		return false
	}
	tests := map[string][]string{}
	for _, s := range r.skips {
		tests[s.reason] = append(tests[s.reason], s.pkg+" "+s.name)
	}
	for _, reason := range slices.Sorted(maps.Keys(tests)) {
		names := tests[reason]
		slices.Sort(names)
		more := ""
		if len(names) > 3 {
			names, more = names[:3], fmt.Sprintf(" and %d more", len(names)-3)
		}
		fmt.Fprintf(r.out, "not run: %s%s: %s\n", strings.Join(names, ", "), more, reason)
		bad = bad || ci && !strings.Contains(reason, leftOut)
	}
	if bad {
		fmt.Fprintln(r.out, "not run: CI is set, where all of it has to run")
	}
	return bad
}
