package main

import (
	"os"
	"path/filepath"

	"github.com/spf13/cobra"
)

const validateHelp = `Check files as load would, without a store of yours: every row is read and
validated, ends of ties are looked for in the files themselves and, with
--store, in that store. Nothing is written.

EXAMPLES
  entangle validate nodes.csv ties.csv
  entangle validate --store entangle.db more-ties.csv

EXIT STATUS
  0  every row would load
  1  the files could not be read
  2  the command was called wrongly
  3  some records would be rejected`

func (a *app) validateCommand() *cobra.Command {
	o := &loadOptions{dryRun: true}
	c := &cobra.Command{
		Use: "validate FILE|DIR...", Short: "Check files without loading them", Long: validateHelp, Args: cobra.MinimumNArgs(1),
		RunE: func(c *cobra.Command, args []string) error { return a.runValidate(c, o, args) },
	}
	c.Flags().StringVar(&o.store, "store", "", "a store in which ends of ties may be: a `FILE` (default: none)")
	o.addFormat(c)
	return c
}

func (a *app) runValidate(c *cobra.Command, o *loadOptions, args []string) error {
	if o.store != "" {
		return a.runLoad(c, o, args)
	}
	dir, err := os.MkdirTemp("", "entangle-validate-")
	if err != nil {
		return err
	}
	defer os.RemoveAll(dir)
	o.store = filepath.Join(dir, "empty.db")
	return a.runLoad(c, o, args)
}
