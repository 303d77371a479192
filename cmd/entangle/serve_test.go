package main

import (
	"bufio"
	"bytes"
	"database/sql"
	"encoding/json"
	"fmt"
	"io"
	"net/http"
	"os"
	"os/exec"
	"path/filepath"
	"regexp"
	"slices"
	"strings"
	"syscall"
	"testing"
	"time"
)

// served is a process that serves.
type served struct {
	cmd     *exec.Cmd
	base    string // http://host:port
	example string // the body of the query that it prints
	errs    *bytes.Buffer
}

var (
	addressLine = regexp.MustCompile(`^entangle serves GraphQL at (http://[0-9.:]+)/graphql$`)
	curlLine    = regexp.MustCompile(`^curl -s (http://[0-9.:]+/graphql) -H 'Content-Type: application/json' -d '(.*)'$`)
)

// serve starts the command and reads what it prints, up to the query where there is one.
func serve(t *testing.T, args ...string) *served {
	t.Helper()
	cmd := exec.CommandContext(t.Context(), "entangle", append([]string{"serve", "--listen", "127.0.0.1:0"}, args...)...)
	return startServing(t, cmd, slices.Contains(args, "--sample")) // of other data no query is printed
}

func startServing(t *testing.T, cmd *exec.Cmd, sample bool) *served {
	t.Helper()
	s := &served{cmd: cmd, errs: &bytes.Buffer{}}
	s.cmd.Stderr = s.errs
	out, err := s.cmd.StdoutPipe()
	if err != nil {
		t.Fatal(err)
	}
	if err := s.cmd.Start(); err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { _ = s.cmd.Process.Kill() })
	lines := bufio.NewScanner(out)
	for (s.base == "" || sample && s.example == "") && lines.Scan() {
		if m := addressLine.FindStringSubmatch(lines.Text()); m != nil {
			s.base = m[1]
		}
		if m := curlLine.FindStringSubmatch(lines.Text()); m != nil {
			if m[1] != s.base+"/graphql" {
				t.Errorf("the query goes to %s, the service is at %s", m[1], s.base)
			}
			s.example = strings.ReplaceAll(m[2], `'\''`, "'") // as a shell reads it
		}
	}
	if s.base == "" || sample && s.example == "" {
		t.Fatalf("no address or no query was printed; stderr: %s", s.errs)
	}
	return s
}

func (s *served) get(t *testing.T, path string) (int, string) {
	t.Helper()
	res, err := http.Get(s.base + path)
	if err != nil {
		t.Fatal(err)
	}
	return read(t, res)
}

func (s *served) post(t *testing.T, body string, data any) {
	t.Helper()
	res, err := http.Post(s.base+"/graphql", "application/json", strings.NewReader(body))
	if err != nil {
		t.Fatal(err)
	}
	status, text := read(t, res)
	var answer struct {
		Data   json.RawMessage
		Errors []struct{ Message string }
	}
	if err := json.Unmarshal([]byte(text), &answer); err != nil || status != http.StatusOK || len(answer.Errors) > 0 {
		t.Fatalf("status %d, %v: %s", status, err, text)
	}
	if err := json.Unmarshal(answer.Data, data); err != nil {
		t.Fatal(err)
	}
}

func read(t *testing.T, res *http.Response) (int, string) {
	t.Helper()
	defer res.Body.Close()
	body, err := io.ReadAll(res.Body)
	if err != nil {
		t.Fatal(err)
	}
	return res.StatusCode, string(body)
}

// stop ends the process as an init system does.
func (s *served) stop(t *testing.T) {
	t.Helper()
	if err := s.cmd.Process.Signal(syscall.SIGTERM); err != nil {
		t.Fatal(err)
	}
	done := make(chan error, 1)
	go func() { done <- s.cmd.Wait() }()
	select {
	case err := <-done:
		if err != nil {
			t.Errorf("%v: %s", err, s.errs)
		}
	case <-time.After(30 * time.Second):
		t.Error("it did not end within 30 seconds")
	}
}

// TestServeSample: the query that the command prints names institutions, the
// likeliest to fracture first, with intervals and sources.
func TestServeSample(t *testing.T) {
	s := serve(t, "--sample")
	var data struct {
		Purge struct {
			Institutions []struct {
				Institution struct{ Name string }
				Fractured   struct{ P, Low, High float64 }
				Why         *struct {
					Failed []struct {
						Causes []struct {
							Path []struct {
								Tie struct {
									Grade     string
									Citations []struct{ Source struct{ Name, URL string } }
								}
							}
						}
					}
				}
			}
			Basis struct {
				Samples  int
				Snapshot string
			}
		}
	}
	s.post(t, s.example, &data)
	list := data.Purge.Institutions
	if len(list) < 5 || data.Purge.Basis.Samples == 0 || data.Purge.Basis.Snapshot == "" {
		t.Fatalf("%d institutions, basis %+v", len(list), data.Purge.Basis)
	}
	sources := 0
	for i, o := range list {
		f := o.Fractured
		if i > 0 && f.P > list[i-1].Fractured.P {
			t.Errorf("%s is less likely than %s, which comes after it", list[i-1].Institution.Name, o.Institution.Name)
		}
		if f.P <= 0 || f.Low > f.P || f.High < f.P || f.Low == f.High {
			t.Errorf("%s: %+v", o.Institution.Name, f)
		}
		if o.Why == nil {
			t.Errorf("%s: no reason", o.Institution.Name)
			continue
		}
		for _, failed := range o.Why.Failed {
			for _, c := range failed.Causes {
				for _, step := range c.Path {
					for _, cite := range step.Tie.Citations {
						if cite.Source.Name != "" && step.Tie.Grade != "" {
							sources++
						}
					}
				}
			}
		}
	}
	if sources < len(list) {
		t.Errorf("%d sources for %d institutions", sources, len(list))
	}
	for path, want := range map[string]string{"/healthz": "", "/readyz": "", "/metrics": "entangle_", "/": "<html"} {
		if status, body := s.get(t, path); status != http.StatusOK || !strings.Contains(body, want) {
			t.Errorf("%s: status %d: %.200s", path, status, body)
		}
	}
	s.stop(t)
}

// TestServeBounds: a question may draw as many worlds as the service allows, and draws no
// more where it does not say.
func TestServeBounds(t *testing.T) {
	s := serve(t, "--sample", "--max-samples", "100", "--max-search", "50")
	const plan = `{"query": "{ frontier(asOf: \"2020-08-24\", groups: [\"Badr Organization\"]%s) { basis { samples } searchSamples } }"}`
	var data struct {
		Frontier struct {
			Basis         struct{ Samples int }
			SearchSamples int
		}
	}
	s.post(t, fmt.Sprintf(plan, ""), &data)
	if data.Frontier.Basis.Samples > 100 || data.Frontier.SearchSamples > 50 {
		t.Errorf("%+v: more than the service allows", data.Frontier)
	}
	for args, want := range map[string]string{", samples: 101": "samples: 101 is outside 1 to 100", ", search: 51": "search: 51 is outside 1 to 50"} {
		res, err := http.Post(s.base+"/graphql", "application/json", strings.NewReader(fmt.Sprintf(plan, args)))
		if err != nil {
			t.Fatal(err)
		}
		if _, text := read(t, res); !strings.Contains(text, want) {
			t.Errorf("%s: %s, want %q", args, text, want)
		}
	}
	s.stop(t)
}

// TestLoadWhileServed: what another process loads into the store is in the next
// answer.
func TestLoadWhileServed(t *testing.T) {
	dir := t.TempDir()
	store, file := filepath.Join(dir, "entangle.db"), filepath.Join(dir, "nodes.csv")
	if err := os.WriteFile(file, []byte(":ID,:LABEL,name\np-new,Person,Newcomer of the Test\n"), 0o600); err != nil {
		t.Fatal(err)
	}
	s := serve(t, "--sample", "--store", store)
	count := func() int {
		var data struct{ People struct{ TotalCount int } }
		s.post(t, `{"query": "{ people { totalCount } }"}`, &data)
		return data.People.TotalCount
	}
	before := count()
	if out, err := exec.CommandContext(t.Context(), "entangle", "load", "--store", store, file).CombinedOutput(); err != nil {
		t.Fatalf("%v: %s", err, out)
	}
	if after := count(); before == 0 || after != before+1 {
		t.Errorf("%d persons before the load, %d after it", before, after)
	}
	s.stop(t)
	if _, err := os.Stat(store); err != nil {
		t.Errorf("the named store is gone: %v", err)
	}
}

// TestServeBrokenRow: a store of which a row cannot be read answers with errors and no
// part of a list or of a question, and what went wrong is in the log, not in the answer.
func TestServeBrokenRow(t *testing.T) {
	path := filepath.Join(t.TempDir(), "graph.db")
	if out, err := exec.CommandContext(t.Context(), "entangle", "load", "--store", path, "../../data/iraq").CombinedOutput(); err != nil {
		t.Fatalf("%v: %s", err, out)
	}
	db, err := sql.Open("sqlite", path)
	if err != nil {
		t.Fatal(err)
	}
	const spoil = `UPDATE node SET names = '[broken' WHERE id IN (SELECT id FROM node WHERE kind = 'Person' ORDER BY id LIMIT 1 OFFSET 70)`
	if _, err := db.ExecContext(t.Context(), spoil); err != nil {
		t.Fatal(err)
	}
	if err := db.Close(); err != nil {
		t.Fatal(err)
	}
	s := serve(t, "--store", path)
	for name, body := range map[string]string{
		"a list":     `{"query":"{ people(first: 100) { edges { node { name } } } }"}`,
		"a question": `{"query":"{ exposure(asOf: \"2020-08-24\") { pairCount } }"}`,
	} {
		res, err := http.Post(s.base+"/graphql", "application/json", strings.NewReader(body))
		if err != nil {
			t.Fatal(err)
		}
		_, text := read(t, res)
		var answer struct {
			Data   map[string]any
			Errors []struct{ Extensions struct{ Code string } }
		}
		if err := json.Unmarshal([]byte(text), &answer); err != nil || len(answer.Errors) == 0 || answer.Errors[0].Extensions.Code != "INTERNAL" {
			t.Errorf("%s: %v: %s", name, err, text)
		}
		for field, value := range answer.Data {
			if value != nil {
				t.Errorf("%s: %s is answered in part: %s", name, field, text)
			}
		}
		if strings.Contains(text, "not a list") {
			t.Errorf("%s: the answer tells of the inside: %s", name, text)
		}
	}
	s.stop(t)
	if log := s.errs.String(); strings.Count(log, "not a list as this program writes it") < 2 || !strings.Contains(log, "level=ERROR") {
		t.Errorf("the log: %s", log)
	}
}
