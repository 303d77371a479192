package main

import (
	"bufio"
	"bytes"
	"encoding/json"
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"testing"
	"time"

	"entangle/graph"
	"entangle/graph/sqlitestore"
	"entangle/loaders"
)

// manyPersons is a file that takes some seconds to load.
func manyPersons(t *testing.T, rows int) string {
	t.Helper()
	path := filepath.Join(t.TempDir(), "persons.csv")
	f, err := os.Create(path)
	if err != nil {
		t.Fatal(err)
	}
	w := bufio.NewWriter(f)
	fmt.Fprintln(w, ":ID,:LABEL,name")
	for i := range rows {
		fmt.Fprintf(w, "p-%d,Person,Person number %d\n", i, i)
	}
	if err := w.Flush(); err != nil {
		t.Fatal(err)
	}
	if err := f.Close(); err != nil {
		t.Fatal(err)
	}
	return path
}

func countPersons(t *testing.T, store string) int {
	t.Helper()
	s, err := sqlitestore.Open(t.Context(), store)
	if err != nil {
		t.Fatal(err)
	}
	defer s.Close()
	v, err := s.View(t.Context(), graph.Red)
	if err != nil {
		t.Fatal(err)
	}
	defer v.Close()
	n, err := v.CountNodes(t.Context(), graph.NodeQuery{Kinds: []graph.Kind{graph.Person}})
	if err != nil {
		t.Fatal(err)
	}
	return n
}

// loading starts a load of a file.
func loading(t *testing.T, store, path string) (cmd *exec.Cmd, out, errs *bytes.Buffer) {
	t.Helper()
	out, errs = &bytes.Buffer{}, &bytes.Buffer{}
	cmd = exec.CommandContext(t.Context(), "entangle", "load", "--json", "--store", store, path)
	cmd.Stdout, cmd.Stderr = out, errs
	if err := cmd.Start(); err != nil {
		t.Fatal(err)
	}
	return cmd, out, errs
}

func reportOf(t *testing.T, out *bytes.Buffer) (r loaders.Report) {
	t.Helper()
	if err := json.Unmarshal(out.Bytes(), &r); err != nil {
		t.Fatalf("%v: %s", err, out)
	}
	return r
}

// TestLoadIsStopped: a load that a signal stops says how far it came, ends with
// status 130, and what was applied stays; the same load goes on.
func TestLoadIsStopped(t *testing.T) {
	// A file that is loaded before the signal comes is too short.
	for rows := 20_000; rows <= 320_000; rows *= 2 {
		if stopLoad(t, rows) {
			return
		}
	}
	t.Error("every load was done before it could be stopped")
}

func stopLoad(t *testing.T, rows int) bool {
	t.Helper()
	path, store := manyPersons(t, rows), filepath.Join(t.TempDir(), "entangle.db")
	cmd, out, errs := loading(t, store, path)
	for start := time.Now(); ; time.Sleep(5 * time.Millisecond) {
		if _, err := os.Stat(store); err == nil && countPersons(t, store) > 0 {
			break
		}
		if time.Since(start) > time.Minute {
			t.Fatal("nothing was loaded in a minute")
		}
	}
	if err := cmd.Process.Signal(os.Interrupt); err != nil {
		t.Fatal(err)
	}
	_ = cmd.Wait()
	report, stays := reportOf(t, out), countPersons(t, store)
	if stays == rows && report.Stopped == "" {
		return false
	}
	if got := cmd.ProcessState.ExitCode(); got != exitStopped || errs.String() != "entangle: stopped\n" {
		t.Fatalf("exit status %d, stderr %q", got, errs)
	}
	if report.Stopped == "" || stays == 0 || report.Nodes.Created != stays {
		t.Errorf("%d persons are there; the report says %q, nodes %v", stays, report.Stopped, report.Nodes)
	}
	if f := report.Files[0]; f.Rows.In+f.NotApplied < stays || f.Rows.In != f.Rows.Accepted {
		t.Errorf("rows %+v, %d not applied", f.Rows, f.NotApplied)
	}
	cmd, out, errs = loading(t, store, path)
	if err := cmd.Wait(); err != nil {
		t.Fatalf("%v: %s", err, errs)
	}
	if again := reportOf(t, out); again.Nodes.Same != stays || again.Nodes.Created != rows-stays {
		t.Errorf("the second load: nodes %v, %d were there", again.Nodes, stays)
	}
	return true
}
