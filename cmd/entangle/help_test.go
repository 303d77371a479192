package main

import (
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"testing"

	"entangle/cmd/entangle/ask"
)

// TestHelp: the help of every command has examples and exit statuses, and a
// script of its name tries it.
func TestHelp(t *testing.T) {
	root := (&app{}).rootCommand()
	root.InitDefaultHelpCmd()
	for _, c := range append(root.Commands(), root) {
		for _, section := range []string{"\nEXAMPLES\n  entangle ", "\nEXIT STATUS\n  0 "} {
			if !strings.Contains(c.Long, section) {
				t.Errorf("the help of %s has no section %s", c.CommandPath(), strings.Fields(section)[0])
			}
		}
		if !c.HasParent() {
			continue
		}
		if c.Annotations[ask.Plain] != "" {
			continue // the door tests try it; none of its words are its own
		}
		if _, err := os.Stat(filepath.Join("testdata", "script", c.Name()+".txtar")); err != nil {
			t.Errorf("no script is named after %s: %v", c.CommandPath(), err)
		}
	}
}

// TestExamples runs the examples of the help that need nothing but the sample.
func TestExamples(t *testing.T) {
	if testing.Short() {
		t.Skip("long: make check runs it")
	}
	ran := 0
	root := (&app{}).rootCommand()
	for _, c := range root.Commands() {
		for line := range strings.Lines(c.Long) {
			line = strings.TrimSpace(line)
			if !strings.HasPrefix(line, "entangle ") || !strings.Contains(line, "--sample ") || c.Name() == "serve" || strings.Contains(line, "question.graphql") {
				continue
			}
			ran++
			t.Run(c.Name(), func(t *testing.T) {
				t.Parallel()
				cmd := exec.CommandContext(t.Context(), "sh", "-c", line)
				cmd.Dir = t.TempDir()
				out, err := cmd.CombinedOutput()
				if err != nil {
					t.Errorf("%s: %v\n%s", line, err, out)
				}
				if !strings.Contains(line, "--json") && c.Name() != "query" {
					checkWidth(t, line, string(out))
				}
			})
		}
	}
	if ran < 5 {
		t.Errorf("only %d examples were found", ran)
	}
}
