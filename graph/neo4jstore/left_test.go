package neo4jstore_test

import (
	"errors"
	"io"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"syscall"
	"testing"
	"time"
)

// leftVariable names the variable that makes TestInterruptedRunLeavesNoServer start a
// server in the folder it gives and wait to be struck down.
const leftVariable = "ENTANGLE_TEST_NEO4J_LEFT"

// TestInterruptedRunLeavesNoServer: however a test process ends, its server and the
// server's folder are gone seconds later. The process is this test binary once more.
func TestInterruptedRunLeavesNoServer(t *testing.T) {
	if dir := os.Getenv(leftVariable); dir != "" {
		if _, err := script([]string{"NEO4J_AUTH=none", "NEO4J_HEAP=256m", "NEO4J_PAGECACHE=16m"}, "start", "--scratch", dir); err != nil {
			t.Fatal(err)
		}
		_, _ = io.Copy(io.Discard, os.Stdin) // should nobody strike, it ends with its input
		return
	}
	needServer(t)
	t.Parallel() // with others that have a server of their own
	signal := func(s syscall.Signal) func(*exec.Cmd) error {
		return func(cmd *exec.Cmd) error { return cmd.Process.Signal(s) }
	}
	for _, tt := range []struct {
		name   string
		child  []string
		sign   string // what is there when the process is struck down, by a file of the folder; else the server's process
		strike func(*exec.Cmd) error
	}{
		{name: "killed", sign: "neo4j.address", strike: signal(syscall.SIGKILL)},
		{name: "interrupted while it starts one", strike: signal(syscall.SIGINT)},
		{name: "past its time limit", child: []string{"-test.timeout=5s"}, strike: (*exec.Cmd).Wait},
		{name: "its parent killed", child: []string{"sh"}, strike: signal(syscall.SIGKILL)},
	} {
		t.Run(tt.name, func(t *testing.T) { struckDown(t, tt.child, tt.sign, tt.strike) })
	}
}

func struckDown(t *testing.T, child []string, sign string, strike func(*exec.Cmd) error) {
	t.Helper()
	parent, err := filepath.EvalSymlinks(t.TempDir())
	if err != nil {
		t.Fatal(err)
	}
	dir := filepath.Join(parent, "neo4j")
	self, err := os.Executable()
	if err != nil {
		t.Fatal(err)
	}
	args := []string{self, "-test.run=^TestInterruptedRunLeavesNoServer$"}
	if len(child) > 0 && child[0] == "sh" {
		args = append([]string{"sh", "-c", `"$@"; exit`, "sh"}, args...)
	} else {
		args = append(args, child...)
	}
	cmd := exec.CommandContext(t.Context(), args[0], args[1:]...)
	cmd.Env = append(os.Environ(), leftVariable+"="+dir)
	stdin, err := cmd.StdinPipe()
	if err != nil {
		t.Fatal(err)
	}
	defer func() { _ = stdin.Close() }()
	t.Cleanup(func() {
		if t.Failed() {
			_, _ = script(nil, "stop", dir)
		}
	})
	if err := cmd.Start(); err != nil {
		t.Fatal(err)
	}
	timed := len(child) > 0 && child[0] != "sh" // it ends by itself, at any time
	for start := time.Now(); !timed && !there(t, dir, sign); time.Sleep(20 * time.Millisecond) {
		if time.Since(start) > 3*time.Minute {
			t.Fatalf("no server in %s after 3 minutes", dir)
		}
	}
	var exit *exec.ExitError
	if err := strike(cmd); err != nil && !errors.As(err, &exit) {
		t.Fatal(err)
	}
	_ = cmd.Wait()
	if cmd.ProcessState.Success() {
		t.Error("the process ended well: it was not struck down")
	}
	struck := time.Now()
	for {
		left := commandsWith(t, dir)
		_, err := os.Stat(dir)
		if len(left) == 0 && errors.Is(err, os.ErrNotExist) {
			break
		}
		if time.Since(struck) > 2*time.Minute {
			t.Fatalf("2 minutes later the folder is there (%v), and run:\n%s", err == nil, strings.Join(left, "\n"))
		}
		time.Sleep(50 * time.Millisecond)
	}
	t.Logf("nothing was left %.1f s later", time.Since(struck).Seconds())
}

// there reports whether the folder has the file, or where none is named, a server process.
func there(t *testing.T, dir, file string) bool {
	t.Helper()
	if file != "" {
		_, err := os.Stat(filepath.Join(dir, file))
		return err == nil
	}
	return strings.Contains(strings.Join(commandsWith(t, dir), "\n"), "--home-dir="+dir)
}

// commandsWith lists the command lines of all processes that have text in it.
func commandsWith(t *testing.T, text string) (found []string) {
	t.Helper()
	files, err := filepath.Glob("/proc/[0-9]*/cmdline")
	if err != nil {
		t.Fatal(err)
	}
	var lines []string
	for _, file := range files {
		line, _ := os.ReadFile(file) // it may have ended
		lines = append(lines, strings.ReplaceAll(string(line), "\x00", " "))
	}
	if len(files) == 0 { // no Linux
		out, err := exec.CommandContext(t.Context(), "ps", "-A", "-ww", "-o", "args=").Output()
		if err != nil {
			t.Fatal(err)
		}
		lines = strings.Split(string(out), "\n")
	}
	for _, line := range lines {
		if strings.Contains(line, text) {
			found = append(found, line)
		}
	}
	return found
}
