package main

import (
	"fmt"
	"os"

	"github.com/spf13/cobra"

	"entangle/cmd/entangle/usage"
)

const validateHelp = `Check files as load would, without changing a store. Every row is read and
validated. The nodes that a tie joins are looked for in the files and, with --store,
in that store. Nothing is written.

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
		Use: "validate FILE|DIR...", Short: "Check files without loading them", Long: validateHelp, Args: usage.SomeArgs(1, 0, "a file or a folder"),
		RunE: func(c *cobra.Command, args []string) error { return a.runValidate(c, o, args) },
	}
	c.Flags().StringVar(&o.store, "store", "", "a store that may have nodes which ties join: a `FILE` (default: none)")
	o.addFormat(c)
	return c
}

func (a *app) runValidate(c *cobra.Command, o *loadOptions, args []string) error {
	if o.store == "" {
		return a.withoutStore(c, o, args)
	}
	if _, err := os.Stat(o.store); !isAddress(o.store) && err != nil {
		return fmt.Errorf("--store: %w", err)
	}
	return a.loadInto(c, o, args)
}
