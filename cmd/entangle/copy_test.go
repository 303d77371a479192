package main

import (
	"bytes"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"testing"
	"time"
)

// TestCopyIsKilled: a copy that is killed leaves whole batches; the same copy
// goes on from there and ends with an equal store.
func TestCopyIsKilled(t *testing.T) {
	if testing.Short() {
		t.Skip("long: make check runs it")
	}
	// A source that is copied before the kill comes is too small.
	for rows := 20_000; rows <= 320_000; rows *= 2 {
		if killCopy(t, rows) {
			return
		}
	}
	t.Error("every copy was done before it could be killed")
}

func killCopy(t *testing.T, rows int) bool {
	t.Helper()
	dir := t.TempDir()
	from, to := filepath.Join(dir, "from.db"), filepath.Join(dir, "to.db")
	load, _, errs := loading(t, from, manyPersons(t, rows))
	if err := load.Wait(); err != nil {
		t.Fatalf("%v: %s", err, errs)
	}
	killed := exec.CommandContext(t.Context(), "entangle", "copy", "--from", from, "--to", to, "--batch", "500")
	if err := killed.Start(); err != nil {
		t.Fatal(err)
	}
	for start := time.Now(); ; time.Sleep(time.Millisecond) {
		if _, err := os.Stat(to); err == nil && countPersons(t, to) > 0 {
			break
		}
		if time.Since(start) > time.Minute {
			t.Fatal("nothing was copied in a minute")
		}
	}
	if err := killed.Process.Kill(); err != nil {
		t.Fatal(err)
	}
	_ = killed.Wait()
	there := countPersons(t, to)
	if there == rows {
		return false
	}
	if there%500 != 0 {
		t.Errorf("%d persons are there: not whole batches", there)
	}
	var out bytes.Buffer
	again := exec.CommandContext(t.Context(), "entangle", "copy", "--from", from, "--to", to)
	again.Stdout, again.Stderr = &out, &out
	if err := again.Run(); err != nil || !strings.Contains(out.String(), "equal: ") {
		t.Fatalf("%v: %s", err, out.String())
	}
	if got := countPersons(t, to); got != rows {
		t.Errorf("%d persons, want %d", got, rows)
	}
	return true
}
