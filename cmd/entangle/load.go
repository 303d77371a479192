package main

import (
	"cmp"
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"io/fs"
	"os"
	"path/filepath"
	"strings"

	"github.com/spf13/cobra"

	"entangle/cmd/entangle/usage"
	"entangle/graph"
	"entangle/loaders"
	"entangle/loaders/all"
)

type loadOptions struct {
	storeFlags
	format, dataset string
	json, dryRun    bool
	verbose         bool
}

const loadHelp = `Load records into the store. The format is found from the content; --format
overrides. A folder is loaded file by file, nodes before ties whatever the order.

Every row is accounted for: rows in = accepted + repaired + rejected, each reject
with its file, line, column, value and reason. A bad row does not keep the rest
out. Loading the same file again changes nothing, so a load that was stopped is
finished by running it again.

EXAMPLES
  entangle load data/iraq
  entangle load --dry-run --json units.tsv persons.csv
  entangle load --format popolo ep-popolo-v1.0.json

EXIT STATUS
  0    everything was loaded
  1    the load failed or the store could not be opened
  2    the command was called wrongly
  3    loaded, but some records were rejected
  130  stopped by a signal; what was applied stays`

func (a *app) loadCommand() *cobra.Command {
	o := &loadOptions{}
	c := &cobra.Command{
		Use: "load FILE|DIR...", Short: "Load records into the store", Long: loadHelp, Args: usage.SomeArgs(1, 0, "a file or a folder"),
		RunE: func(c *cobra.Command, args []string) error { return a.runLoad(c, o, args) },
	}
	o.add(c.Flags())
	o.addFormat(c)
	c.Flags().BoolVar(&o.dryRun, "dry-run", false, "read and check everything, apply nothing")
	return c
}

func (o *loadOptions) addFormat(c *cobra.Command) {
	c.Flags().StringVar(&o.format, "format", "", "the `FORMAT` of the files: "+strings.Join(all.Registry().Names(), ", ")+" (default: by content)")
	c.Flags().StringVar(&o.dataset, "dataset", "", "the `NAME` of the data (default: the name of the file or folder)")
	c.Flags().BoolVar(&o.json, "json", false, "print the report as JSON")
	c.Flags().BoolVar(&o.verbose, "verbose", false, "list every reject and repair")
}

func (a *app) runLoad(c *cobra.Command, o *loadOptions, args []string) error {
	if o.dryRun {
		if _, err := os.Stat(o.store); !isAddress(o.store) && errors.Is(err, fs.ErrNotExist) {
			return a.withoutStore(c, o, args)
		}
	}
	return a.loadInto(c, o, args)
}

// withoutStore is a dry run against an empty store that lives as long as the
// command: none is made where the user's would be.
func (a *app) withoutStore(c *cobra.Command, o *loadOptions, args []string) (err error) {
	dir, err := os.MkdirTemp("", "entangle-dry-run-")
	if err != nil {
		return err
	}
	defer func() { err = cmp.Or(err, os.RemoveAll(dir)) }()
	o.store = filepath.Join(dir, "empty.db")
	return a.loadInto(c, o, args)
}

func (a *app) loadInto(c *cobra.Command, o *loadOptions, args []string) error {
	if _, err := all.Registry().Format(o.format); o.format != "" && err != nil {
		return usage.Error{Err: fmt.Errorf("--format: %w", err)}
	}
	for _, arg := range args {
		// Looked at before a store is made.
		if _, err := os.Stat(arg); err != nil {
			return fmt.Errorf("%w: %w", loaders.ErrInput, err)
		}
	}
	o.neo4j.filling = true
	s, done, err := a.open(c.Context(), o.storeFlags, true, true)
	if err != nil {
		return err
	}
	err = a.load(c, o, s, args)
	if e := done(); err == nil {
		err = e
	}
	return err
}

// load runs the load and prints its report, also where it ended early.
func (a *app) load(c *cobra.Command, o *loadOptions, s graph.Store, args []string) error {
	inputs := make([]loaders.Input, len(args))
	for i, arg := range args {
		inputs[i] = loaders.Path(arg)
	}
	bar := &loadProgress{slowBar: a.slowBar()}
	report, err := loaders.Run(c.Context(), s, all.Registry(), inputs, loaders.Options{
		Format: o.format, Dataset: o.dataset, DryRun: o.dryRun, Progress: bar,
	})
	if f, ok := s.(interface{ Finish(context.Context) error }); ok && err == nil {
		err = f.Finish(c.Context())
	}
	bar.end()
	if report != nil {
		err = errors.Join(err, a.printReport(report, o))
	}
	if err != nil {
		return err
	}
	if n := report.Rows().Rejected; n > 0 {
		return fmt.Errorf("%w: %d", errRejected, n)
	}
	return nil
}

func (a *app) printReport(r *loaders.Report, o *loadOptions) error {
	if o.json {
		enc := json.NewEncoder(a.stdout)
		enc.SetIndent("", "  ")
		enc.SetEscapeHTML(false)
		return enc.Encode(r)
	}
	return r.WriteText(a.stdout, loaders.TextOptions{Verbose: o.verbose})
}
