package sqlitestore_test

import (
	"bufio"
	"context"
	"errors"
	"fmt"
	"io"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"go.uber.org/goleak"

	"entangle/graph"
	"entangle/graph/sqlitestore"
)

// The test binary runs itself as the second process: with this variable set it
// loads batches into the file it names instead of running tests.
const childFile = "ENTANGLE_TEST_SQLITE_CHILD"

// With this one set it waits to be killed when it has applied its last batch.
const childWaits = "ENTANGLE_TEST_SQLITE_WAITS"

func TestMain(m *testing.M) {
	if path := os.Getenv(childFile); path != "" {
		if err := loadBatches(path, os.Stdout); err != nil {
			fmt.Fprintln(os.Stderr, err)
			os.Exit(1)
		}
		return
	}
	goleak.VerifyTestMain(m)
}

const (
	childBatches = 12
	childPeople  = 200 // of each batch
)

// childBatch is batch number k: a group and its members, so that a batch that
// is there in part shows.
func childBatch(k int) graph.Batch {
	id := graph.ID(fmt.Sprintf("group-%d", k))
	b := graph.Batch{Load: graph.Load{ID: graph.ID(fmt.Sprintf("load-%d", k)), Dataset: "child"}}
	b.Nodes = append(b.Nodes, graph.Node{ID: id, Kind: graph.Group, Names: []graph.Name{{Text: fmt.Sprintf("Group %d", k)}}})
	for i := range childPeople {
		p := graph.ID(fmt.Sprintf("person-%d-%d", k, i))
		b.Nodes = append(b.Nodes, graph.Node{ID: p, Kind: graph.Person, Names: []graph.Name{{Text: "Person"}}})
		b.Ties = append(b.Ties, graph.Tie{Type: graph.MemberOf, From: p, To: id})
	}
	return b
}

// loadBatches applies all batches and writes a line after each.
func loadBatches(path string, out io.Writer) error {
	ctx := context.Background()
	s, err := sqlitestore.Open(ctx, path)
	if err != nil {
		return err
	}
	for k := range childBatches {
		if _, err := s.Apply(ctx, childBatch(k)); err != nil {
			return errors.Join(err, s.Close())
		}
		if _, err := fmt.Fprintln(out, k); err != nil {
			return errors.Join(err, s.Close())
		}
	}
	if os.Getenv(childWaits) != "" {
		time.Sleep(time.Minute)
	}
	return s.Close()
}

// child starts the second process and gives its output line by line.
func child(t *testing.T, path string, env ...string) (*exec.Cmd, *bufio.Scanner) {
	t.Helper()
	self, err := os.Executable()
	if err != nil {
		t.Fatal(err)
	}
	cmd := exec.CommandContext(t.Context(), self)
	cmd.Env = append(append(os.Environ(), childFile+"="+path), env...)
	cmd.Stderr = os.Stderr
	out, err := cmd.StdoutPipe()
	if err != nil {
		t.Fatal(err)
	}
	if err := cmd.Start(); err != nil {
		t.Fatal(err)
	}
	return cmd, bufio.NewScanner(out)
}

// wholeBatches counts the batches that are in the store, and fails on one that
// is there in part.
func wholeBatches(t *testing.T, s graph.Store) int {
	t.Helper()
	v, err := s.View(t.Context(), graph.Red)
	if err != nil {
		t.Fatal(err)
	}
	defer func() { _ = v.Close() }()
	whole := 0
	for k := range childBatches {
		id := graph.ID(fmt.Sprintf("group-%d", k))
		members, err := v.CountAdjacent(t.Context(), graph.AdjacentQuery{Nodes: []graph.ID{id}, Type: graph.MemberOf, Dir: graph.Back})
		if err != nil {
			t.Fatal(err)
		}
		prefix := fmt.Sprintf("person-%d-", k)
		people, err := v.CountNodes(t.Context(), graph.NodeQuery{Where: graph.Cond{Op: graph.StartsWith, Field: "id", Values: []string{prefix}}})
		if err != nil {
			t.Fatal(err)
		}
		switch {
		case people == childPeople && members[id] == childPeople:
			whole++
		case people != 0 || members[id] != 0:
			t.Errorf("batch %d is there in part: %d people, %d memberships", k, people, members[id])
		}
	}
	return whole
}

// TestSecondProcess: another process loads while this one reads; views keep
// their state, the version and new views follow.
func TestSecondProcess(t *testing.T) {
	path := filepath.Join(t.TempDir(), "graph.db")
	s := open(t, path)
	empty, err := s.View(t.Context(), graph.Red)
	if err != nil {
		t.Fatal(err)
	}
	defer func() { _ = empty.Close() }()
	cmd, lines := child(t, path)
	for n := 1; lines.Scan(); n++ {
		version, err := s.Version(t.Context())
		if err != nil || version == empty.Version() {
			t.Errorf("after batch %d the version is %q (%v), as before the load", n, version, err)
		}
		if whole := wholeBatches(t, s); whole < n {
			t.Errorf("after batch %d this process sees %d", n, whole)
		}
	}
	if err := cmd.Wait(); err != nil {
		t.Fatalf("second process: %v", err)
	}
	if n, err := empty.CountNodes(t.Context(), graph.NodeQuery{}); n != 0 || err != nil {
		t.Errorf("the view opened before sees %d nodes (%v), want 0", n, err)
	}
	if whole := wholeBatches(t, s); whole != childBatches {
		t.Errorf("%d batches at the end, want %d", whole, childBatches)
	}
	// Both processes write: the merge here meets what the other wrote.
	if a, err := s.Apply(t.Context(), childBatch(0)); err != nil || a.Changed() {
		t.Errorf("the other's batch again: %+v, %v", a, err)
	}
}

// TestTwoWriters: two processes load the same batches at the same time; one
// waits for the other, and nothing is doubled.
func TestTwoWriters(t *testing.T) {
	path := filepath.Join(t.TempDir(), "graph.db")
	first, firstLines := child(t, path)
	second, secondLines := child(t, path)
	for firstLines.Scan() || secondLines.Scan() {
	}
	if err := errors.Join(first.Wait(), second.Wait()); err != nil {
		t.Fatal(err)
	}
	if whole := wholeBatches(t, open(t, path)); whole != childBatches {
		t.Errorf("%d batches, want %d", whole, childBatches)
	}
}

// TestKilled: the loading process is killed at some point, in the midst of its work;
// every batch is there as a whole or not at all, those it reported are there, and a
// reload completes. The process that would be done too soon waits for the kill.
func TestKilled(t *testing.T) {
	for _, kill := range []struct {
		after int
		wait  time.Duration
	}{{0, 20 * time.Millisecond}, {1, 0}, {4, 5 * time.Millisecond}, {8, 2 * time.Millisecond}} {
		path := filepath.Join(t.TempDir(), "graph.db")
		cmd, lines := child(t, path, childWaits+"=1")
		reported := 0
		for reported < kill.after && lines.Scan() {
			reported++
		}
		time.Sleep(kill.wait)
		if err := cmd.Process.Kill(); err != nil {
			t.Fatal(err)
		}
		for lines.Scan() { // what it said before it died
			reported++
		}
		exit, ok := errors.AsType[*exec.ExitError](cmd.Wait())
		if !ok || exit.Exited() || reported < kill.after {
			t.Errorf("the process was not killed: %v, after %d batches", exit, reported)
		}
		s := open(t, path)
		if whole := wholeBatches(t, s); whole < reported {
			t.Errorf("killed after %d reported batches, %d are there", reported, whole)
		}
		for k := range childBatches {
			if _, err := s.Apply(t.Context(), childBatch(k)); err != nil {
				t.Fatalf("reload: %v", err)
			}
		}
		if whole := wholeBatches(t, s); whole != childBatches {
			t.Errorf("%d batches after the reload, want %d", whole, childBatches)
		}
	}
}

// TestLockedByOther: a writer that waits too long says the store is not
// available; readers go on.
func TestLockedByOther(t *testing.T) {
	path := filepath.Join(t.TempDir(), "graph.db")
	s := open(t, path, sqlitestore.WithWait(50*time.Millisecond))
	unlock := lock(t, path)
	_, err := s.Apply(t.Context(), childBatch(0))
	if !errors.Is(err, graph.ErrUnavailable) || !strings.Contains(err.Error(), path) {
		t.Errorf("apply while another writes: %v, want ErrUnavailable naming %s", err, path)
	}
	if whole := wholeBatches(t, s); whole != 0 {
		t.Errorf("%d batches", whole)
	}
	unlock()
	if _, err := s.Apply(t.Context(), childBatch(0)); err != nil {
		t.Errorf("apply when the other is done: %v", err)
	}
}
