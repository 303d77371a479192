package neo4jstore_test

import (
	"bufio"
	"errors"
	"flag"
	"io"
	"net/http"
	"net/url"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"entangle/graph/storetest"
)

var update = flag.Bool("update", false, "write the examples of docs/growing-up.md and docs/cypher.md anew")

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
	program := build(t)
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
		if err := os.WriteFile(page, []byte(got), 0o644); err != nil {
			t.Fatal(err)
		}
		return
	}
	if diff := cmp.Diff(string(raw), got); diff != "" {
		t.Errorf("%s does not print what the commands do; the flag -update writes it (-page +now):\n%s", page, diff)
	}
}

// build builds the program.
func build(t *testing.T) string {
	t.Helper()
	program := filepath.Join(t.TempDir(), "entangle")
	if out, err := exec.CommandContext(t.Context(), "go", "build", "-tags", "nomsgpack", "-o", program, "entangle/cmd/entangle").CombinedOutput(); err != nil {
		t.Fatalf("%v\n%s", err, out)
	}
	return program
}

// environment has the user and password of the server of the tests.
func environment() []string {
	if shared.User == "" {
		return os.Environ()
	}
	return append(os.Environ(), "ENTANGLE_NEO4J_USER="+shared.User, "ENTANGLE_NEO4J_PASSWORD="+shared.Password)
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
	cmd.Env = environment()
	out, err := cmd.Output()
	if err != nil {
		t.Fatalf("%s: %v\n%s", command, err, out)
	}
	return string(out)
}

// TestProblemsWhereOneLooks: a service on a database that others wrote to tells of its
// problems in /readyz, among its metrics and in GraphQL, there only where everything is
// served.
func TestProblemsWhereOneLooks(t *testing.T) {
	s := open(t)
	apply(t, s, storetest.Fixture())
	admin(t, shared, "CREATE (:Person {name: 'No Id'}), (:Person {id: 'x', name: 'X', born: 'once'}), (:Person {id: 'y', name: 'Y', born: date('1971-05-02')})", nil)
	program := build(t)
	for clearance, want := range map[string]string{
		"red":          `{"data":{"problems":{"totalCount":1,"byRule":[`,
		"amber+strict": `{"data":{"problems":null},"errors":[{"message":"problems: only for a clearance of RED`,
	} {
		base := serve(t, program, "--clearance", clearance)
		until(t, "a first sweep has ended", func() bool {
			_, metrics := get(t, base+"/metrics")
			return strings.Contains(metrics, "\nentangle_sweep_age_seconds ")
		})
		if status, body := get(t, base+"/readyz"); status != http.StatusOK || body != `{"status":"ready","problems":"2 problems in what the store holds; what has them is not served: run entangle problems"}`+"\n" {
			t.Errorf("/readyz: %d %s", status, body)
		}
		_, metrics := get(t, base+"/metrics")
		for _, line := range []string{`entangle_problems{rule="date"} 1`, `entangle_problems{rule="id-missing"} 1`, `entangle_problems{rule="word"} 0`} {
			if !strings.Contains(metrics, "\n"+line+"\n") {
				t.Errorf("/metrics lacks %s", line)
			}
		}
		_, answer := get(t, base+"/graphql?query="+url.QueryEscape("{ problems(rule: DATE) { totalCount byRule { rule count } nodes { item value } } }"))
		if !strings.HasPrefix(answer, want) || strings.Contains(answer, `"nodes":[{"item":"node x","value":"once"}]`) != (clearance == "red") {
			t.Errorf("%s: %s", clearance, answer)
		}
	}
}

// serve serves the server of the tests until the test ends, and returns its address.
func serve(t *testing.T, program string, args ...string) string {
	t.Helper()
	cmd := exec.CommandContext(t.Context(), program, append([]string{"serve", "--store", shared.URI, "--listen", "127.0.0.1:0"}, args...)...)
	cmd.Env = environment()
	out, err := cmd.StdoutPipe()
	if err != nil {
		t.Fatal(err)
	}
	if err := cmd.Start(); err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() {
		_ = cmd.Process.Kill()
		_ = cmd.Wait()
	})
	for lines := bufio.NewScanner(out); lines.Scan(); {
		if address, found := strings.CutPrefix(lines.Text(), "entangle serves GraphQL at "); found {
			return strings.TrimSuffix(address, "/graphql")
		}
	}
	t.Fatal("it told no address")
	return ""
}

func get(t *testing.T, address string) (status int, body string) {
	t.Helper()
	req, err := http.NewRequestWithContext(t.Context(), http.MethodGet, address, nil)
	if err != nil {
		t.Fatal(err)
	}
	req.Header.Set("Accept", "application/json")
	resp, err := http.DefaultClient.Do(req)
	if err != nil {
		t.Fatal(err)
	}
	text, err := io.ReadAll(resp.Body)
	if err := errors.Join(err, resp.Body.Close()); err != nil {
		t.Fatal(err)
	}
	return resp.StatusCode, string(text)
}
