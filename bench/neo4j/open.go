package main

import (
	"bufio"
	"context"
	"errors"
	"fmt"
	"io"
	"net/http"
	"os/exec"
	"regexp"
	"syscall"
	"time"
)

type openOptions struct {
	binary, store string
	times         int
}

var servedAt = regexp.MustCompile(`http://[0-9.:]+`)

// opening measures how long "entangle serve" takes until /readyz says that the store can be
// asked.
func opening(ctx context.Context, o openOptions, w io.Writer) error {
	for range o.times {
		took, err := open(ctx, o)
		if err != nil {
			return err
		}
		fmt.Fprintf(w, "ready after %6.2f s\n", took.Seconds())
	}
	return nil
}

func open(ctx context.Context, o openOptions) (took time.Duration, err error) {
	cmd := exec.CommandContext(ctx, o.binary, "serve", "--store", o.store, "--listen", "127.0.0.1:0", "--page=false", "--log-level", "error") //nolint:gosec // the user names the program
	cmd.Cancel = func() error { return cmd.Process.Signal(syscall.SIGTERM) }
	out, err := cmd.StdoutPipe()
	if err != nil {
		return 0, err
	}
	began := time.Now()
	if err := cmd.Start(); err != nil {
		return 0, err
	}
	defer func() {
		err = errors.Join(err, cmd.Process.Signal(syscall.SIGTERM), cmd.Wait())
	}()
	lines := bufio.NewScanner(out)
	for lines.Scan() {
		if base := servedAt.FindString(lines.Text()); base != "" {
			go func() { // what it prints further has to go somewhere
				_, _ = io.Copy(io.Discard, out)
			}()
			if err := ready(ctx, base); err != nil {
				return 0, err
			}
			return time.Since(began), nil
		}
	}
	return 0, errors.Join(errors.New("it printed no address"), lines.Err())
}

// ready waits until the service can be asked.
func ready(ctx context.Context, base string) error {
	for {
		req, err := http.NewRequestWithContext(ctx, http.MethodGet, base+"/readyz", nil)
		if err != nil {
			return err
		}
		resp, err := http.DefaultClient.Do(req)
		if err == nil {
			err = resp.Body.Close()
			if resp.StatusCode == http.StatusOK {
				return err
			}
		}
		if ctx.Err() != nil {
			return ctx.Err()
		}
		time.Sleep(10 * time.Millisecond)
	}
}
