package server_test

import (
	"encoding/json"
	"os"
	"os/exec"
	"path/filepath"
	"testing"
)

// auditsInSuite is how many server audits graphql-http 1.23.1 has.
const auditsInSuite = 61

// TestGraphQLOverHTTPAudits runs the audit suite of the draft, from npm, against the
// server. The suite's verdicts are "ok", "notice" (a MAY is not kept), "warn" (a SHOULD)
// and "error" (a MUST); here all have to be "ok".
func TestGraphQLOverHTTPAudits(t *testing.T) {
	if testing.Short() {
		t.Skip("long: make check runs it")
	}
	needs(t, "node", "npm")
	dir := t.TempDir()
	if err := os.CopyFS(dir, os.DirFS("audit")); err != nil {
		t.Fatal(err)
	}
	npm := exec.CommandContext(t.Context(), "npm", "ci", "--prefer-offline", "--no-progress")
	npm.Dir = dir
	if out, err := npm.CombinedOutput(); err != nil {
		t.Fatalf("npm ci: %v\n%s", err, out)
	}
	web := open(t, config(t))
	node := exec.CommandContext(t.Context(), "node", filepath.Join(dir, "audit.mjs"), web.URL+"/graphql")
	node.Dir, node.Stderr = dir, t.Output()
	out, err := node.Output()
	if err != nil {
		t.Fatalf("node audit.mjs: %v", err)
	}
	var results []struct{ ID, Name, Status, Reason string }
	if err := json.Unmarshal(out, &results); err != nil {
		t.Fatalf("%v in %q", err, out)
	}
	if len(results) != auditsInSuite {
		t.Errorf("%d audits ran, want %d", len(results), auditsInSuite)
	}
	for _, r := range results {
		if r.Status != "ok" {
			t.Errorf("%s %s %s: %s", r.Status, r.ID, r.Name, r.Reason)
		}
	}
}

// needs leaves the test out where a program is missing, except in CI: there it fails.
func needs(t *testing.T, programs ...string) {
	t.Helper()
	for _, name := range programs {
		if _, err := exec.LookPath(name); err == nil {
			continue
		}
		if os.Getenv("CI") != "" {
			t.Fatalf("%s is missing: `make deps-test` installs what the tests need", name)
		}
		t.Skipf("%s is missing: `make deps-test` says how to get it", name)
	}
}
