package main

import (
	"bytes"
	"errors"
	"flag"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"
	"unicode/utf8"

	"github.com/google/go-cmp/cmp"
)

var update = flag.Bool("update", false, "write the examples of README.md, docs/model.md and docs/questions.md anew")

// Every command in a console block of the README, and of the pages of the model and of
// the other questions, prints what the page says. A block is written as
//
//	```console
//	$ entangle …
//	output
//	```
func TestReadmeExamples(t *testing.T) {
	for page, least := range map[string]int{"README.md": 2, "docs/model.md": 1, "docs/questions.md": 13} {
		t.Run(page, func(t *testing.T) {
			if testing.Short() && page == "docs/questions.md" {
				t.Skip("long: make check runs it")
			}
			checkExamples(t, page, least)
		})
	}
}

func checkExamples(t *testing.T, page string, least int) {
	t.Helper()
	path, err := filepath.Abs(filepath.Join("..", "..", filepath.FromSlash(page)))
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
		answer := runExample(t, command)
		checkWidth(t, command, answer)
		out.WriteString(open + command + "\n" + answer + shut)
		rest = after
	}
	if examples < least {
		t.Errorf("%d examples in %s, want at least %d", examples, page, least)
	}
	if *update {
		if err := os.WriteFile(path, []byte(out.String()), 0o644); err != nil {
			t.Fatal(err)
		}
		return
	}
	if diff := cmp.Diff(string(text), out.String()); diff != "" {
		t.Errorf("%s does not print what the commands do; go test ./cmd/entangle -run Readme -update writes it (-page +now):\n%s", page, diff)
	}
}

// checkWidth: an answer fits 100 columns, but for an address that cannot be broken.
func checkWidth(t *testing.T, command, answer string) {
	t.Helper()
	for line := range strings.Lines(answer) {
		line = strings.TrimSuffix(line, "\n")
		if n := utf8.RuneCountInString(line); n > 100 && !strings.HasPrefix(strings.TrimSpace(line), "<http") {
			t.Errorf("%s: %d columns: %s", command, n, line)
		}
	}
}

// TestReadmeBeginsWithWhatMatters: the first example that a reader sees begins with what of the
// state breaks, the interior ministry in it, and has the target's own apart and below.
func TestReadmeBeginsWithWhatMatters(t *testing.T) {
	text, err := os.ReadFile(filepath.Join("..", "..", "README.md"))
	if err != nil {
		t.Fatal(err)
	}
	before, block, _ := strings.Cut(string(text), "```console\n")
	answer, _, _ := strings.Cut(block, "```")
	state, _, apart := strings.Cut(answer, "\nThe target's own:\n")
	if !apart || !strings.Contains(state, "\nMinistry of Interior ") || strings.Count(state, "\n") > 16 {
		t.Errorf("the interior ministry is not within a screen, above the target's own:\n%s", state)
	}
	if !strings.Contains(before, "make build") {
		t.Error("the README calls entangle before it says how to get it")
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

// splitWords splits a command line at blanks outside quotes, double or single.
func splitWords(line string) ([]string, error) {
	var words []string
	var word strings.Builder
	quote, began := rune(0), false
	for _, r := range line + " " {
		switch {
		case quote == 0 && (r == '"' || r == '\''):
			quote, began = r, true
		case r == quote:
			quote = 0
		case quote == 0 && r == ' ':
			if began {
				words = append(words, word.String())
			}
			word.Reset()
			began = false
		default:
			word.WriteRune(r)
			began = true
		}
	}
	if quote != 0 {
		return nil, errors.New("an open quote")
	}
	return words, nil
}
