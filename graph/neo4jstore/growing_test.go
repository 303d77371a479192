package neo4jstore_test

import (
	"flag"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
)

var update = flag.Bool("update", false, "write the examples of docs/growing-up.md anew")

// TestProblemsOfThePage: the section of docs/growing-up.md on what is not served, followed
// word for word: its Cypher is sent, and its commands print what the page says.
func TestProblemsOfThePage(t *testing.T) {
	_ = open(t) // with its schema there
	page := filepath.Join("..", "..", "docs", "growing-up.md")
	raw, err := os.ReadFile(page)
	if err != nil {
		t.Fatal(err)
	}
	const heading = "\n### What is not served\n"
	before, section, found := strings.Cut(string(raw), heading)
	section, after, ends := strings.Cut(section, "\n## ")
	if !found || !ends {
		t.Fatalf("%s has no section %q", page, heading)
	}
	program := filepath.Join(t.TempDir(), "entangle")
	if out, err := exec.CommandContext(t.Context(), "go", "build", "-tags", "nomsgpack", "-o", program, "entangle/cmd/entangle").CombinedOutput(); err != nil {
		t.Fatalf("%v\n%s", err, out)
	}
	var now strings.Builder
	sent, asked := 0, 0
	for {
		text, block, found := strings.Cut(section, "\n```")
		now.WriteString(text)
		if !found {
			break
		}
		body, rest, ended := strings.Cut(block, "\n```\n")
		language, body, _ := strings.Cut(body, "\n")
		if !ended {
			t.Fatal("a block does not end")
		}
		switch language {
		case "cypher":
			sent++
			if rows := admin(t, shared, body, nil); strings.Contains(body, "RETURN") && len(rows) != 1 {
				t.Errorf("%s gives %d rows", body, len(rows))
			}
		case "console":
			asked++
			command, _, _ := strings.Cut(body, "\n")
			body = command + "\n" + strings.TrimSuffix(printed(t, program, command), "\n")
		}
		now.WriteString("\n```" + language + "\n" + body + "\n```\n")
		section = rest
	}
	if sent < 4 || asked < 2 {
		t.Errorf("%d statements and %d commands were found", sent, asked)
	}
	got := before + heading + now.String() + "\n## " + after
	if *update {
		if err := os.WriteFile(page, []byte(got), 0o644); err != nil { //nolint:gosec // a page for everybody
			t.Fatal(err)
		}
		return
	}
	if diff := cmp.Diff(string(raw), got); diff != "" {
		t.Errorf("%s does not print what the commands do; the flag -update writes it (-page +now):\n%s", page, diff)
	}
}

// printed runs a command of the page on the server of the tests.
func printed(t *testing.T, program, command string) string {
	t.Helper()
	args := strings.Fields(command)
	if len(args) < 3 || args[0] != "$" || args[1] != "entangle" {
		t.Fatalf("%q is no command of ours", command)
	}
	args = args[2:]
	for i, arg := range args {
		if arg == "bolt://localhost:7687" {
			args[i] = shared.URI
		}
	}
	cmd := exec.CommandContext(t.Context(), program, args...)
	cmd.Env = append(os.Environ(), "ENTANGLE_NEO4J_USER="+shared.User, "ENTANGLE_NEO4J_PASSWORD="+shared.Password)
	if shared.User == "" {
		cmd.Env = os.Environ()
	}
	out, err := cmd.Output()
	if err != nil {
		t.Fatalf("%s: %v\n%s", command, err, out)
	}
	return string(out)
}
