package main

import (
	"context"
	"errors"
	"fmt"
	"io"
	"os"
	"time"

	"golang.org/x/term"

	"entangle/cmd/entangle/usage"
)

// app is the program as a value: everything it takes from the world, so that a
// test can run it.
type app struct {
	stdin          io.Reader
	stdout, stderr io.Writer
	env            func(string) (string, bool)
	now            func() time.Time
	// terminal says that stderr is one: progress bars are drawn.
	terminal bool
}

// The exit statuses.
const (
	exitOK       = 0
	exitFailed   = 1
	exitUsage    = 2
	exitRejected = 3
	exitStopped  = 130
)

// errRejected ends a load that left records out.
var errRejected = errors.New("some records were rejected")

// run parses the arguments, runs the command and returns the exit status.
func (a *app) run(ctx context.Context, args []string) int {
	running := *a
	out := &noted{w: a.stdout}
	running.stdout = out
	root := running.rootCommand() //nolint:contextcheck // the commands have it from ExecuteContextC
	root.SetArgs(args)
	called, err := root.ExecuteContextC(ctx)
	if err == nil {
		err = out.failed()
	}
	switch {
	case err == nil:
		return exitOK
	case errors.Is(err, context.Canceled) && ctx.Err() != nil:
		fmt.Fprintln(a.stderr, "entangle: stopped")
		return exitStopped
	case errors.Is(err, errRejected):
		return exitRejected
	}
	fmt.Fprintln(a.stderr, "entangle:", err)
	if _, wrong := errors.AsType[usage.Error](err); wrong {
		fmt.Fprintf(a.stderr, "Run '%s --help' for how it is called.\n", called.CommandPath())
		return exitUsage
	}
	return exitFailed
}

func isTerminal(f *os.File) bool { return term.IsTerminal(int(f.Fd())) }
