package main

import (
	"fmt"
	"go/ast"
	"go/parser"
	"go/token"
	"io/fs"
	"net"
	"os"
	"os/exec"
	"path/filepath"
	"regexp"
	"strconv"
	"strings"
	"testing"
	"time"
)

const operationsPage = "../../docs/operations.md"

// TestOperations follows docs/operations.md: its blocks run as they stand there, in their
// order, in one shell. Other are the ports, and that each Neo4j ends with this process.
func TestOperations(t *testing.T) {
	neo4jNeeded(t)
	t.Parallel()
	dir := t.TempDir()
	blocks := shBlocks(t, "")
	const newest = "--version newest"
	equal := 5
	if err := neo4jScript(nil, "needs", "--version", "newest").Run(); err != nil {
		equal--
		t.Run("newest", func(t *testing.T) { t.Skip("left out: the newest Neo4j needs Java 21 or newer") })
	}
	var script []string
	for _, block := range blocks {
		if equal == 5 || !strings.Contains(block, newest) {
			script = append(script, block)
		}
	}
	if len(blocks) < 9 || !strings.Contains(blocks[len(blocks)-1], newest) {
		t.Fatalf("%d blocks, the last is %q: has the form of the page changed?", len(blocks), blocks[len(blocks)-1])
	}
	said := runPage(t, dir, strings.Join(script, "\n"))

	copies := regexp.MustCompile(`(?m)nodes: (\d+) copied, (\d+) there already.*\nequal: 1024 nodes and 1307 ties in both, content (\w+)$`).FindAllStringSubmatch(said, -1)
	if len(copies) != equal {
		t.Fatalf("%d copies were found equal, want %d:\n%s", len(copies), equal, said)
	}
	for i, m := range copies {
		there := "0" // a copy into what is empty; the later ones compare with the backup
		if i >= 3 {
			there = "1024"
		}
		if m[2] != there || m[3] != copies[0][3] {
			t.Errorf("copy %d: %q, want %s nodes there already and content %s", i+1, m[0], there, copies[0][3])
		}
	}
	if n := strings.Count(said, `{"status":"ready"}`); n != 4 {
		t.Errorf("ready %d times, want 4:\n%s", n, said)
	}
	checkMetrics(t, filepath.Join(dir, "metrics.txt"))
}

// checkMetrics: the metrics that the page names are there.
func checkMetrics(t *testing.T, file string) {
	t.Helper()
	there, err := os.ReadFile(file)
	if err != nil {
		t.Fatal(err)
	}
	named := regexp.MustCompile("(?m)^\\| `((?:entangle|process)_\\w+)` \\|(.*)$").FindAllStringSubmatch(page(t), -1)
	if len(named) < 5 {
		t.Errorf("the page names %d metrics", len(named))
	}
	for _, m := range named {
		if !strings.Contains(string(there), "# TYPE "+m[1]+" ") && !strings.Contains(m[2], "Absent before") {
			t.Errorf("%s is no metric", m[1])
		}
	}
}

func page(t *testing.T) string {
	t.Helper()
	text, err := os.ReadFile(operationsPage)
	if err != nil {
		t.Fatal(err)
	}
	return string(text)
}

// shBlocks returns the blocks of the page that are marked sh, all or those below a heading.
func shBlocks(t *testing.T, heading string) []string {
	t.Helper()
	text := page(t)
	if heading != "" {
		_, after, found := strings.Cut(text, "\n"+heading+"\n")
		if !found {
			t.Fatalf("the page has no heading %s", heading)
		}
		text, _, _ = strings.Cut(after, "\n#")
	}
	var blocks []string
	for _, m := range regexp.MustCompile("(?s)\n```sh\n(.*?)\n```\n").FindAllStringSubmatch(text, -1) {
		blocks = append(blocks, m[1])
	}
	return blocks
}

// runPage runs a part of the page in a folder that has of a clone what the page needs, and
// returns what was printed.
func runPage(t *testing.T, dir, script string) string {
	t.Helper()
	ports := map[string]string{}
	script = regexp.MustCompile(`\b(7687|7688|7689|8080)\b`).ReplaceAllStringFunc(script, func(port string) string {
		if ports[port] == "" {
			ports[port] = freePort(t)
		}
		return ports[port]
	})
	data, err := filepath.Abs("../../data")
	if err != nil {
		t.Fatal(err)
	}
	start := neo4jScript(nil, "start")
	wrapper := fmt.Sprintf("#!/usr/bin/env bash\n[[ $1 != start ]] || set -- %s \"${@:2}\"\nexec '%s' \"$@\"\n", strings.Join(start.Args[1:], " "), start.Path)
	for _, err := range []error{
		os.Symlink(data, filepath.Join(dir, "data")),
		os.Mkdir(filepath.Join(dir, "scripts"), 0o755),
		os.WriteFile(filepath.Join(dir, "scripts", "neo4j"), []byte(wrapper), 0o755),
	} {
		if err != nil {
			t.Fatal(err)
		}
	}
	t.Cleanup(func() {
		homes, _ := filepath.Glob(filepath.Join(dir, ".neo4j", "*"))
		for _, home := range homes {
			_ = neo4jScript(nil, "stop", home).Run()
		}
	})
	var out lockedBuffer
	cmd := exec.CommandContext(t.Context(), "bash", "-euo", "pipefail", "-c", "trap 'kill $(jobs -p) 2>/dev/null || :' EXIT\n"+script)
	cmd.Dir, cmd.Env, cmd.Stdout, cmd.Stderr, cmd.WaitDelay = dir, start.Env, &out, &out, 20*time.Second
	if err := cmd.Run(); err != nil {
		t.Fatalf("%v\n%s", err, out.String())
	}
	return out.String()
}

// neo4jNeeded leaves a test out under -short, and where no Neo4j can be started, except in CI.
func neo4jNeeded(t *testing.T) {
	t.Helper()
	if testing.Short() {
		t.Skip("long: make check runs it")
	}
	if out, err := neo4jScript(nil, "needs").CombinedOutput(); err != nil && os.Getenv("CI") == "" {
		lines := strings.Split(strings.TrimSpace(string(out)), "\n")
		t.Skip("no Neo4j: " + lines[len(lines)-1])
	}
}

// neo4jScript is a call of scripts/neo4j. A server that it starts is a small one, and ends
// with this process and with the go command that runs it.
func neo4jScript(env []string, args ...string) *exec.Cmd {
	path, err := filepath.Abs("../../scripts/neo4j")
	if err != nil {
		panic(err) // there is no working directory
	}
	if args[0] == "start" {
		life := []string{"start", "--with-parent", strconv.Itoa(os.Getpid())}
		if parent := os.Getppid(); parent > 1 { // 0 and 1 do not end
			life = append(life, "--with-parent", strconv.Itoa(parent))
		}
		args = append(life, args[1:]...)
	}
	cmd := exec.Command(path, args...)
	for _, line := range os.Environ() {
		if !strings.HasPrefix(line, "ENTANGLE_") && (!strings.HasPrefix(line, "NEO4J_") || strings.HasPrefix(line, "NEO4J_START_TIMEOUT=")) {
			cmd.Env = append(cmd.Env, line)
		}
	}
	cmd.Env = append(cmd.Env, "NEO4J_HEAP=512m", "NEO4J_PAGECACHE=32m", "JAVA_TOOL_OPTIONS=-XX:TieredStopAtLevel=1")
	cmd.Env = append(cmd.Env, env...)
	return cmd
}

// startNeo4j starts a server in a folder and returns its address.
func startNeo4j(t *testing.T, dir string, env []string, args ...string) string {
	t.Helper()
	cmd := neo4jScript(env, append(append([]string{"start"}, args...), dir)...)
	var errs lockedBuffer
	cmd.Stderr = &errs
	out, err := cmd.Output()
	if err != nil {
		t.Fatalf("%v\n%s", err, errs.String())
	}
	t.Cleanup(func() { _ = neo4jScript(nil, "stop", dir).Run() })
	lines := strings.Split(strings.TrimSpace(string(out)), "\n")
	return lines[len(lines)-1]
}

// freePort returns a port of this machine that nobody listens at.
func freePort(t *testing.T) string {
	t.Helper()
	l, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	defer func() { _ = l.Close() }()
	_, port, err := net.SplitHostPort(l.Addr().String())
	if err != nil {
		t.Fatal(err)
	}
	return port
}

var (
	goVerb    = regexp.MustCompile(`%[-+# 0]*[0-9.]*[a-zA-Z]`)
	shellName = regexp.MustCompile(`\$\{[^}]*\}|\$\w+`)
	dots      = regexp.MustCompile(`…(\.…)+`)
)

// TestMessagesAreTheProgram: every message of the page's tables is a text of the program, or
// a part of one, with … for what is filled in.
func TestMessagesAreTheProgram(t *testing.T) {
	_, tables, found := strings.Cut(page(t), "\n## What each message means\n")
	if !found {
		t.Fatal("the page has no section of messages")
	}
	texts := programTexts(t)
	messages := 0
	for line := range strings.Lines(tables) {
		cells := strings.Split(line, " | ")
		if !strings.HasPrefix(line, "| `") || len(cells) < 2 {
			continue
		}
		for _, m := range regexp.MustCompile("`([^`]+)`").FindAllStringSubmatch(cells[0], -1) {
			messages++
			if message := strings.Trim(m[1], "… "); !strings.Contains(texts, message) {
				t.Errorf("no text of the program has %q", m[1])
			}
		}
	}
	if messages < 40 {
		t.Errorf("the page has %d messages", messages)
	}
}

// programTexts joins the texts in the Go files, tests left out, and those of scripts/neo4j.
func programTexts(t *testing.T) string {
	t.Helper()
	var b strings.Builder
	for _, dir := range []string{"../../cmd", "../../server", "../../schema", "../../graph", "../../loaders"} {
		err := filepath.WalkDir(dir, func(path string, _ fs.DirEntry, err error) error {
			if err != nil || filepath.Ext(path) != ".go" || strings.HasSuffix(path, "_test.go") {
				return err
			}
			file, err := parser.ParseFile(token.NewFileSet(), path, nil, parser.SkipObjectResolution)
			if err != nil {
				return err
			}
			ast.Inspect(file, func(n ast.Node) bool {
				if lit, ok := n.(*ast.BasicLit); ok && lit.Kind == token.STRING {
					text, _ := strconv.Unquote(lit.Value)
					b.WriteString(dots.ReplaceAllString(goVerb.ReplaceAllString(text, "…"), "…") + "\n")
				}
				return true
			})
			return nil
		})
		if err != nil {
			t.Fatal(err)
		}
	}
	script, err := os.ReadFile("../../scripts/neo4j")
	if err != nil {
		t.Fatal(err)
	}
	b.WriteString(shellName.ReplaceAllString(string(script), "…"))
	return b.String()
}
