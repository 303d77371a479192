package main

import (
	"bytes"
	"context"
	"encoding/json"
	"fmt"
	"io"
	"os"
	"os/exec"
	"path/filepath"
	"slices"
	"sync"
	"time"
)

// verdict is what the tests said to a change.
type verdict string

const (
	noticed  verdict = "noticed"
	survived verdict = "survived"
	broken   verdict = "does not compile"
)

const (
	// Tests with a change may take as long as leisure times those without.
	leisure = 5
	// A process that takes more is ended, which counts as noticed.
	mostMemory = 4 << 30
)

// judge runs the tests of one package with changes.
type judge struct {
	options
	root, scratch string
	pkg           pkg
	timeout       time.Duration
}

// judgePackage draws changes until enough of them are judged.
func (j *judge) judgePackage(ctx context.Context, known equivalents, w io.Writer) (report, error) {
	start := time.Now()
	r := report{pkg: j.pkg.path}
	changes, err := changesOf(j.pkg)
	if err != nil {
		return r, err
	}
	r.stale = known.stale(j.pkg, changes)
	if err := j.measure(ctx); err != nil {
		return r, err
	}
	todo := shuffled(changes, j.seed)
	for r.judged < j.n && len(todo) > 0 {
		// Those of a round are all that are still wanted, so that what is judged does
		// not depend on which of them is done first.
		var round []change
		for len(todo) > 0 && len(round) < j.n-r.judged {
			c := todo[0]
			todo = todo[1:]
			if _, ok := known[c.key()]; ok {
				r.left++
				continue
			}
			round = append(round, c)
		}
		verdicts, err := j.all(ctx, round, w)
		if err != nil {
			return r, err
		}
		for i, v := range verdicts {
			if v == broken {
				r.broken++
				continue
			}
			if r.judged++; v == survived {
				r.survivors = append(r.survivors, round[i])
			}
		}
	}
	slices.SortFunc(r.survivors, func(a, b change) int {
		return bytes.Compare(fmt.Appendf(nil, "%s %9d", a.file, a.from), fmt.Appendf(nil, "%s %9d", b.file, b.from))
	})
	r.took = time.Since(start)
	return r, nil
}

// measure runs the tests as they are: they have to pass, and say how long they take.
func (j *judge) measure(ctx context.Context) error {
	j.timeout = 20 * time.Minute
	if v, said, err := j.test(ctx, ""); err != nil {
		return err
	} else if v != survived {
		return fmt.Errorf("the tests do not pass as they are:\n%s", said)
	}
	start := time.Now()
	if _, _, err := j.test(ctx, "", "-count=1"); err != nil {
		return err
	}
	j.timeout = max(j.patience, leisure*time.Since(start))
	return nil
}

// all judges changes, some of them at a time.
func (j *judge) all(ctx context.Context, changes []change, w io.Writer) ([]verdict, error) {
	var (
		group    sync.WaitGroup
		printing sync.Mutex
		verdicts = make([]verdict, len(changes))
		errs     = make([]error, len(changes))
		places   = make(chan struct{}, j.parallel)
	)
	for i, c := range changes {
		places <- struct{}{}
		group.Go(func() {
			defer func() { <-places }()
			verdicts[i], errs[i] = j.one(ctx, c)
			if j.verbose {
				printing.Lock()
				defer printing.Unlock()
				fmt.Fprintf(w, "%s: %s:%d %s: %s → %s\n", verdicts[i], c.file, c.line, c.kind, c.minus, c.plus)
			}
		})
	}
	group.Wait()
	for _, err := range errs {
		if err != nil {
			return nil, err
		}
	}
	return verdicts, nil
}

// one judges one change: the compiler reads the changed file instead of the file.
func (j *judge) one(ctx context.Context, c change) (verdict, error) {
	file := filepath.Join(j.root, filepath.FromSlash(c.file))
	src, err := os.ReadFile(file) //nolint:gosec // a file of the module
	if err != nil {
		return "", err
	}
	dir, err := os.MkdirTemp(j.scratch, "change")
	if err != nil {
		return "", err
	}
	defer os.RemoveAll(dir)
	changed, overlay := filepath.Join(dir, "changed.go"), filepath.Join(dir, "overlay.json")
	list, err := json.Marshal(map[string]map[string]string{"Replace": {file: changed}})
	if err != nil {
		return "", err
	}
	if err := os.WriteFile(changed, c.apply(src), 0o600); err != nil {
		return "", err
	}
	if err := os.WriteFile(overlay, list, 0o600); err != nil {
		return "", err
	}
	v, _, err := j.test(ctx, overlay)
	return v, err
}

// test runs the tests of the package one after another until some of them fail, with an
// overlay unless it is "", and returns what they said besides.
func (j *judge) test(ctx context.Context, overlay string, more ...string) (verdict, []byte, error) {
	for _, r := range j.pkg.tests {
		if v, said, err := j.testOne(ctx, r, overlay, more); v != survived || err != nil {
			return v, said, err
		}
	}
	return survived, nil, nil
}

func (j *judge) testOne(ctx context.Context, r testRun, overlay string, more []string) (verdict, []byte, error) {
	args := []string{
		"test", "-tags", j.tags, "-vet=off", "-failfast", "-ldflags=-s -w", "-p", "1",
		"-timeout", j.timeout.String(), "-short",
	}
	if overlay != "" {
		args = append(args, "-overlay", overlay)
	}
	args = append(slices.Concat(args, more, r.args), "./"+r.path)
	cmd := exec.CommandContext(ctx, "go", args...) //nolint:gosec // the go command, with arguments of ours
	cmd.Dir = j.root
	// rapid would leave what failed in testdata, where the next run reads it.
	cmd.Env = append(os.Environ(), "RAPID_NOFAILFILE=true")
	if os.Getenv("RAPID_SEED") == "" {
		cmd.Env = append(cmd.Env, "RAPID_SEED=1")
	}
	var said bytes.Buffer
	cmd.Stdout, cmd.Stderr = &said, &said
	cmd.WaitDelay = 10 * time.Second
	if err := cmd.Start(); err != nil {
		return "", nil, err
	}
	watching, stop := context.WithCancel(ctx)
	go endGreedy(watching, cmd.Process.Pid)
	err := cmd.Wait()
	stop()
	switch {
	case ctx.Err() != nil:
		return "", nil, ctx.Err()
	case err == nil:
		return survived, said.Bytes(), nil
	case bytes.Contains(said.Bytes(), []byte("[build failed]")), bytes.Contains(said.Bytes(), []byte("[setup failed]")):
		return broken, said.Bytes(), nil
	default:
		return noticed, said.Bytes(), nil
	}
}
