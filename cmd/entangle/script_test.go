package main

import (
	"database/sql"
	"encoding/json"
	"errors"
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"strconv"
	"strings"
	"testing"

	"github.com/rogpeppe/go-internal/testscript"

	"entangle/loaders/loadertest"
)

// TestMain makes the test binary the command entangle where it is called by
// that name: scripts and tests run the program itself.
//
// The race detector sleeps for a second at the end of every program, in case another
// goroutine is still about to report; these programs have ended theirs by then.
func TestMain(m *testing.M) {
	_ = os.Setenv("GORACE", strings.TrimSpace(os.Getenv("GORACE")+" atexit_sleep_ms=0"))
	testscript.Main(m, map[string]func(){"entangle": main})
}

// Scripts have $IRAQ, the folder of the sample, and the commands
//
//	exits STATUS COMMAND…   run a command that must end with this exit status
//	json FILE PATH [VALUE]  the JSON has the path, not null, with the value; a
//	                        path is names and indices with dots between, and
//	                        len for a length
//	sql FILE STATEMENT      change a store behind the program's back
func TestScripts(t *testing.T) { runScripts(t, "testdata/script", nil) }

func runScripts(t *testing.T, dir string, env map[string]string) {
	t.Helper()
	iraq, err := filepath.Abs("../../data/iraq")
	if err != nil {
		t.Fatal(err)
	}
	testscript.Run(t, testscript.Params{
		Dir: dir, RequireExplicitExec: true, RequireUniqueNames: true,
		Cmds: map[string]func(ts *testscript.TestScript, neg bool, args []string){"exits": exits, "json": jsonHas, "sql": runSQL},
		Setup: func(e *testscript.Env) error {
			e.Setenv("IRAQ", iraq)
			e.Setenv("GORACE", os.Getenv("GORACE"))
			for name, value := range env {
				e.Setenv(name, value)
			}
			return nil
		},
	})
}

func exits(ts *testscript.TestScript, neg bool, args []string) {
	if neg || len(args) < 2 {
		ts.Fatalf("usage: exits STATUS COMMAND…")
	}
	status := 0
	if err := ts.Exec(args[1], args[2:]...); err != nil {
		exit, ok := errors.AsType[*exec.ExitError](err)
		if !ok {
			ts.Check(err)
		}
		status = exit.ExitCode()
	}
	if strconv.Itoa(status) != args[0] {
		ts.Fatalf("exit status %d, want %s", status, args[0])
	}
}

func runSQL(ts *testscript.TestScript, neg bool, args []string) {
	if neg || len(args) != 2 {
		ts.Fatalf("usage: sql FILE STATEMENT")
	}
	db, err := sql.Open("sqlite", ts.MkAbs(args[0]))
	ts.Check(err)
	_, err = db.Exec(args[1])
	ts.Check(errors.Join(err, db.Close()))
}

func jsonHas(ts *testscript.TestScript, neg bool, args []string) {
	if len(args) < 2 || len(args) > 3 {
		ts.Fatalf("usage: json FILE PATH [VALUE]")
	}
	var doc any
	if err := json.Unmarshal([]byte(ts.ReadFile(args[0])), &doc); err != nil {
		ts.Fatalf("%s: not JSON: %v", args[0], err)
	}
	got, ok := at(doc, strings.Split(args[1], "."))
	if len(args) == 3 {
		ok = ok && fmt.Sprint(got) == args[2]
	}
	if ok == neg {
		ts.Fatalf("%s is %v", args[1], got)
	}
}

// at returns what a path leads to, false where that is nothing or null.
func at(doc any, path []string) (any, bool) {
	for _, step := range path {
		switch d := doc.(type) {
		case map[string]any:
			doc = d[step]
		case []any:
			if step == "len" {
				doc = len(d)
				continue
			}
			i, err := strconv.Atoi(step)
			if err != nil || i < 0 || i >= len(d) {
				return nil, false
			}
			doc = d[i]
		default:
			return nil, false
		}
	}
	return doc, doc != nil
}

// TestRealData loads data sets whose licences do not let them be shipped; it
// runs where they are.
func TestRealData(t *testing.T) {
	runScripts(t, "testdata/realdata", map[string]string{"DATA": loadertest.Data(t, "")})
}
