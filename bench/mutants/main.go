// Command mutants asks whether the tests would notice a mistake. It changes one small
// thing in the source of a package, such as < to <=, runs the package's tests, and
// prints the changes with which every test still passes. No file of the working tree
// is changed: the compiler is told to read the changed file from elsewhere.
//
//	mutants [-packages PATTERNS] [-n 40] [-seed 1] [-min 90] [-v]
//
// What is changed, how the sample is drawn and how equivalents are listed stands in
// README.md beside this file.
package main

import (
	"context"
	"errors"
	"flag"
	"fmt"
	"io"
	"os"
	"os/signal"
	"path/filepath"
	"strings"
	"time"
)

func main() {
	ctx, stop := signal.NotifyContext(context.Background(), os.Interrupt)
	err := run(ctx, os.Args[1:], os.Stdout)
	stop()
	switch {
	case errors.Is(err, flag.ErrHelp):
	case err != nil:
		fmt.Fprintln(os.Stderr, "mutants:", err)
		os.Exit(1)
	}
}

// options is what the command line says.
type options struct {
	packages    string // patterns of the go command, separated by commas or blanks
	n           int    // changes per package that are judged
	seed        uint64
	least       int // percent of the changes that have to be noticed
	parallel    int
	tags        string
	equivalents string // file
	tests       string // file
	patience    time.Duration
	verbose     bool
}

func parse(args []string) (options, error) {
	var o options
	flags := flag.NewFlagSet("mutants", flag.ContinueOnError)
	flags.StringVar(&o.packages, "packages", "./...", "packages, as `patterns` of the go command with commas between them")
	flags.IntVar(&o.n, "n", 40, "changes that are judged in each package")
	flags.Uint64Var(&o.seed, "seed", 1, "another seed draws another sample")
	flags.IntVar(&o.least, "min", 90, "`percent` of the changes that have to be noticed in each package")
	flags.IntVar(&o.parallel, "parallel", 2, "changes that are judged at a time")
	flags.StringVar(&o.tags, "tags", "nomsgpack", "build `tags`")
	flags.StringVar(&o.equivalents, "equivalent", "bench/mutants/equivalent.txt", "`file` of the changes that change nothing")
	flags.StringVar(&o.tests, "tests", "bench/mutants/tests.txt", "`file` that says whose tests stand elsewhere")
	flags.DurationVar(&o.patience, "patience", time.Minute, "`time` that tests may take in any case, before a change is taken for one that never ends")
	flags.BoolVar(&o.verbose, "v", false, "print every change that is judged, as it is judged")
	if err := flags.Parse(args); err != nil {
		return o, err
	}
	switch {
	case flags.NArg() > 0:
		return o, fmt.Errorf("argument %q is not known: packages are given by -packages", flags.Arg(0))
	case o.n < 1:
		return o, fmt.Errorf("-n %d: at least 1 change has to be judged", o.n)
	case o.least < 0 || o.least > 100:
		return o, fmt.Errorf("-min %d is not a percentage", o.least)
	case o.parallel < 1:
		return o, fmt.Errorf("-parallel %d: at least 1", o.parallel)
	}
	return o, nil
}

func run(ctx context.Context, args []string, w io.Writer) error {
	o, err := parse(args)
	if err != nil {
		return err
	}
	root, err := moduleRoot(ctx)
	if err != nil {
		return err
	}
	known, err := readEquivalents(from(root, o.equivalents))
	if err != nil {
		return err
	}
	elsewhere, err := readTestRuns(from(root, o.tests))
	if err != nil {
		return err
	}
	packages, err := listPackages(ctx, root, o, elsewhere)
	if err != nil {
		return err
	}
	scratch, err := os.MkdirTemp("", "mutants")
	if err != nil {
		return err
	}
	defer os.RemoveAll(scratch)

	var short, failed []string
	for _, p := range packages {
		j := judge{options: o, root: root, scratch: scratch, pkg: p}
		r, err := j.judgePackage(ctx, known, w)
		switch {
		case ctx.Err() != nil:
			return ctx.Err()
		case err != nil: // the others are judged all the same
			fmt.Fprintf(w, "%s: %v\n", p.path, err)
			failed = append(failed, p.path)
			continue
		}
		r.print(w)
		if !r.enough(o.least) {
			short = append(short, p.path)
		}
	}
	return errors.Join(complain("could not be judged", failed),
		complain(fmt.Sprintf("noticed less than %d %%", o.least), short))
}

// from returns the path of a file that is named from the module's root.
func from(root, name string) string {
	if filepath.IsAbs(name) {
		return name
	}
	return filepath.Join(root, name)
}

func complain(what string, packages []string) error {
	if len(packages) == 0 {
		return nil
	}
	return fmt.Errorf("%s: %s", what, strings.Join(packages, ", "))
}

// report is what came out for one package.
type report struct {
	pkg       string
	judged    int
	survivors []change // in the order of the source
	left      int      // drawn, and listed as equivalent
	broken    int      // drawn, and not compiled
	stale     []string // entries of the list that name no change of the package
	took      time.Duration
}

func (r report) enough(least int) bool {
	return (r.judged-len(r.survivors))*100 >= least*r.judged
}

func (r report) print(w io.Writer) {
	for _, c := range r.survivors {
		fmt.Fprintf(w, "\n%s:%d %s\n- %s\n+ %s\n", c.file, c.line, c.fn, c.minus, c.plus)
	}
	for _, s := range r.stale {
		fmt.Fprintf(w, "\nlisted as equivalent, and no such change is found any more:\n%s\n", s)
	}
	share := "nothing to change"
	if r.judged > 0 {
		noticed := r.judged - len(r.survivors)
		share = fmt.Sprintf("%d of %d noticed (%d %%)", noticed, r.judged, noticed*100/r.judged)
	}
	fmt.Fprintf(w, "%s: %s; drawn besides: %d equivalent, %d that do not compile; %s\n",
		r.pkg, share, r.left, r.broken, r.took.Round(time.Second))
}
