package main

import (
	"bytes"
	"flag"
	"fmt"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"
)

var update = flag.Bool("update", false, "write the examples of README.md anew")

// Every command in a console block of the README prints what the README says.
// A block is written as
//
//	```console
//	$ entangle …
//	output
//	```
func TestReadmeExamples(t *testing.T) {
	path, err := filepath.Abs("../../README.md")
	if err != nil {
		t.Fatal(err)
	}
	text, err := os.ReadFile(path)
	if err != nil {
		t.Fatal(err)
	}
	const open, shut = "```console\n", "```\n"
	var out strings.Builder
	examples := 0
	rest := string(text)
	for {
		before, block, found := strings.Cut(rest, open)
		out.WriteString(before)
		if !found {
			break
		}
		body, after, found := strings.Cut(block, shut)
		if !found {
			t.Fatal("a console block does not end")
		}
		command, _, _ := strings.Cut(body, "\n")
		examples++
		out.WriteString(open + command + "\n" + runExample(t, command) + shut)
		rest = after
	}
	if examples < 2 {
		t.Errorf("%d examples in the README, want at least 2", examples)
	}
	if *update {
		if err := os.WriteFile(path, []byte(out.String()), 0o644); err != nil {
			t.Fatal(err)
		}
		return
	}
	if diff := cmp.Diff(string(text), out.String()); diff != "" {
		t.Errorf("README.md does not print what the commands do; go test ./cmd/entangle -run Readme -update writes it (-README +now):\n%s", diff)
	}
}

func runExample(t *testing.T, command string) string {
	t.Helper()
	args, ok := strings.CutPrefix(command, "$ entangle ")
	if !ok {
		t.Fatalf("%q is no example: it begins with “$ entangle ”", command)
	}
	words, err := splitWords(args)
	if err != nil {
		t.Fatalf("%s: %v", command, err)
	}
	var stdout, stderr bytes.Buffer
	a := &app{
		stdin: strings.NewReader(""), stdout: &stdout, stderr: &stderr, now: time.Now,
		env: func(string) (string, bool) { return "", false },
	}
	if code := a.run(t.Context(), words); code != exitOK {
		t.Fatalf("%s: exit status %d: %s", command, code, stderr.String())
	}
	return stdout.String()
}

// splitWords splits a command line at blanks outside double quotes.
func splitWords(line string) ([]string, error) {
	var words []string
	quoted := false
	for i, part := range strings.Split(line, `"`) {
		if quoted = i%2 == 1; quoted {
			words = append(words, part)
			continue
		}
		words = append(words, strings.Fields(part)...)
	}
	if quoted {
		return nil, fmt.Errorf("an open quote")
	}
	return words, nil
}
