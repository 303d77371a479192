package main

import (
	"context"
	"errors"
	"fmt"
	"strings"

	"github.com/spf13/cobra"

	"entangle/cmd/entangle/usage"
	"entangle/graph"
	"entangle/graph/neo4jstore"
)

const exportAdminHelp = `Write what the store holds into a folder as files that neo4j-admin imports: the
quickest way of a first big load into a Neo4j, whose server must not be running.
The command prints the line to run. Files that are there already are not overwritten.

entangle opens the imported database as it is; it adds the constraint and the
indexes, which an import does not bring.

EXAMPLES
  entangle export neo4j-admin ./import
  entangle export neo4j-admin --sample ./import

EXIT STATUS
  0  written
  1  the store or the folder could not be used
  2  the command was called wrongly`

func (a *app) exportAdminCommand() *cobra.Command {
	o := &exportOptions{}
	c := &cobra.Command{
		Use: "neo4j-admin DIR", Short: "Write files for neo4j-admin database import", Long: exportAdminHelp, Args: usage.SomeArgs(1, 1, "one folder"),
		RunE: func(c *cobra.Command, args []string) error { return a.runExportAdmin(c, o, args[0]) },
	}
	o.add(c.Flags())
	return c
}

func (a *app) runExportAdmin(c *cobra.Command, o *exportOptions, dir string) error {
	return a.withStore(c.Context(), c.Flags(), o.storeFlags, o.clearance, func(ctx context.Context, s graph.Store, clearance graph.Marking) error {
		v, err := s.View(ctx, clearance)
		if err != nil {
			return err
		}
		wrote, err := neo4jstore.WriteAdminImport(ctx, v, dir)
		err = errors.Join(err, v.Close())
		if err != nil {
			return err
		}
		_, err = fmt.Fprintf(a.stdout, "%s and %s in %s. Where the server's neo4j-admin is, run\n\n  cd %s && neo4j-admin database import full neo4j @%s\n",
			usage.Many(wrote.Nodes, "node"), usage.Many(wrote.Ties, "tie"), dir, shellWord(dir), wrote.Arguments)
		return err
	})
}

// shellWord quotes a text so that a shell takes it as one word.
func shellWord(s string) string {
	plain := func(r rune) bool {
		return r >= 'a' && r <= 'z' || r >= 'A' && r <= 'Z' || r >= '0' && r <= '9' || strings.ContainsRune("/._-", r)
	}
	if s != "" && strings.IndexFunc(s, func(r rune) bool { return !plain(r) }) < 0 && !strings.HasPrefix(s, "-") {
		return s
	}
	return "'" + strings.ReplaceAll(s, "'", `'\''`) + "'"
}
