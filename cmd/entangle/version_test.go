package main

import (
	"os"
	"os/exec"
	"path/filepath"
	"runtime"
	"runtime/debug"
	"strings"
	"testing"
)

func TestBuildOf(t *testing.T) {
	t.Parallel()
	settings := []debug.BuildSetting{
		{Key: "vcs", Value: "git"},
		{Key: "vcs.revision", Value: "18d89a1c2b3d4e5f60718293a4b5c6d7e8f90a1b"},
		{Key: "vcs.time", Value: "2026-11-30T10:38:44Z"},
		{Key: "vcs.modified", Value: "true"},
	}
	system := runtime.Version() + ", " + runtime.GOOS + "/" + runtime.GOARCH
	for name, tt := range map[string]struct {
		stamp string
		info  *debug.BuildInfo
		want  string
	}{
		"nothing is known": {want: "dev (" + system + ")"},
		"a test":           {info: &debug.BuildInfo{Main: debug.Module{Version: "(devel)"}}, want: "dev (" + system + ")"},
		"go install": {
			info: &debug.BuildInfo{Main: debug.Module{Version: "v1.2.3"}, Settings: settings[:3]},
			want: "v1.2.3 (commit 18d89a1c2b3d, 2026-11-30T10:38:44Z, " + system + ")",
		},
		"make build": {
			stamp: "v1.2.3-4-g18d89a1-dirty",
			info:  &debug.BuildInfo{Main: debug.Module{Version: "v1.2.4-0.20261130"}, Settings: settings},
			want:  "v1.2.3-4-g18d89a1-dirty (commit 18d89a1c2b3d with changes, 2026-11-30T10:38:44Z, " + system + ")",
		},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			if got := buildOf(tt.stamp, tt.info).String(); got != tt.want {
				t.Errorf("got  %s\nwant %s", got, tt.want)
			}
		})
	}
}

// TestBuildIsStamped: the binary of `make build` tells what git describe says. A wrong
// name after -X would be ignored by the linker without a word.
func TestBuildIsStamped(t *testing.T) {
	if testing.Short() {
		t.Skip("long: links the program; make check runs it")
	}
	t.Parallel()
	root, err := filepath.Abs("../..")
	if err != nil {
		t.Fatal(err)
	}
	want := "dev"
	if _, err := os.Stat(filepath.Join(root, ".git")); err == nil {
		want = run(t, root, "git", "describe", "--tags", "--always", "--dirty")
	}
	binary := filepath.Join(t.TempDir(), "entangle")
	run(t, root, "make", "--silent", "--no-print-directory", "build", "BINARY="+binary, "TRIM=")
	for _, arg := range []string{"version", "--version"} {
		got := run(t, root, binary, arg)
		if !strings.HasPrefix(got, "entangle "+want+" (") {
			t.Errorf("entangle %s prints %q; git says %s", arg, got, want)
		}
	}
}

func run(t *testing.T, dir, name string, args ...string) string {
	t.Helper()
	cmd := exec.CommandContext(t.Context(), name, args...)
	cmd.Dir, cmd.Stderr = dir, t.Output()
	out, err := cmd.Output()
	if err != nil {
		t.Fatalf("%s %s: %v", name, strings.Join(args, " "), err)
	}
	return strings.TrimSpace(string(out))
}
