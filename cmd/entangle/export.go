package main

import (
	"context"
	"errors"
	"fmt"
	"os"
	"path/filepath"

	"github.com/spf13/cobra"
	"github.com/spf13/pflag"

	"entangle/cmd/entangle/usage"
	"entangle/graph"
	"entangle/loaders/native"
)

type exportOptions struct {
	storeFlags
	clearance string
}

const exportHelp = `Write what the store holds as the pair nodes.csv and ties.csv into a folder. The
pair is lossless: loading it into an empty store gives the same content, also of
what cites a source that somebody has deleted from a Neo4j (column gone). Files that
are there already are not overwritten.

Cells are written as they are: open the files with a program that does not run
formulas, or import every column as text.

For a bulk import into a Neo4j there is entangle export neo4j-admin DIR.

EXAMPLES
  entangle export ./dump
  entangle export --sample --clearance green ./sample

EXIT STATUS
  0  written
  1  the store or the folder could not be used
  2  the command was called wrongly`

func (a *app) exportCommand() *cobra.Command {
	o := &exportOptions{}
	c := &cobra.Command{
		Use: "export DIR", Short: "Write the store's content as CSV", Long: exportHelp, Args: usage.SomeArgs(1, 1, "one folder"),
		RunE: func(c *cobra.Command, args []string) error { return a.runExport(c, o, args[0]) },
	}
	o.add(c.Flags())
	c.AddCommand(a.exportAdminCommand())
	return c
}

func (o *exportOptions) add(flags *pflag.FlagSet) {
	o.addSample(flags)
	flags.StringVar(&o.clearance, "clearance", "red", "the strictest `TLP` marking to write: clear, green, amber, amber+strict, red")
}

func (a *app) runExport(c *cobra.Command, o *exportOptions, dir string) error {
	return a.withStore(c.Context(), c.Flags(), o.storeFlags, o.clearance, func(ctx context.Context, s graph.Store, clearance graph.Marking) error {
		v, err := s.View(ctx, clearance)
		if err != nil {
			return err
		}
		return errors.Join(a.export(ctx, v, dir), v.Close())
	})
}

func (a *app) export(ctx context.Context, v graph.View, dir string) error {
	counts, err := v.Counts(ctx)
	if err != nil {
		return err
	}
	if err := os.MkdirAll(dir, 0o750); err != nil {
		return err
	}
	nodes, err := createNew(filepath.Join(dir, "nodes.csv"))
	if err != nil {
		return err
	}
	ties, err := createNew(filepath.Join(dir, "ties.csv"))
	if err != nil {
		return errors.Join(err, nodes.Close(), os.Remove(nodes.Name()))
	}
	n, t := counts.Total()
	bar := a.slowBar()
	lines := &lineCounter{bar: bar, total: int64(n + t + 2)}
	err = native.Write(ctx, v, lines.writer(nodes), lines.writer(ties))
	bar.end()
	if err = errors.Join(err, nodes.Close(), ties.Close()); err != nil {
		return errors.Join(err, os.Remove(nodes.Name()), os.Remove(ties.Name()))
	}
	_, err = fmt.Fprintf(a.stdout, "%s in %s\n%s in %s\n", usage.Many(n, "node"), nodes.Name(), usage.Many(t, "tie"), ties.Name())
	return err
}

// createNew makes a file that only the user can read: it may hold what is marked
// red.
func createNew(path string) (*os.File, error) {
	f, err := os.OpenFile(path, os.O_WRONLY|os.O_CREATE|os.O_EXCL, 0o600) //nolint:gosec // the user names the folder
	if errors.Is(err, os.ErrExist) {
		return nil, fmt.Errorf("%s is there already: name another folder", path)
	}
	return f, err
}
