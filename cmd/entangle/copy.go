package main

import (
	"context"
	"errors"
	"fmt"

	"github.com/spf13/cobra"

	"entangle/cmd/entangle/usage"
	"entangle/graph"
	"entangle/graph/storecopy"
)

type copyOptions struct {
	from, to  string
	fromNeo4j neo4jFlags
	toNeo4j   neo4jFlags
	batch     int
}

const copyHelp = `Copy everything from one store into another: from the file to a Neo4j, from one
Neo4j to the next, or back into a file. Afterwards both are read side by side: the
copy is done when counts and content are equal. What cites a source that somebody
has deleted from a Neo4j goes over with its citation.

Nodes and ties that the target already has are left alone. So a copy that was
stopped, or lost its server, is finished by running it again. A target with other
data is refused, also if the other data appears while copying: copy into an empty
store.

--neo4j-user and ENTANGLE_NEO4J_PASSWORD name the user of a Neo4j. If both stores
are Neo4j servers with different users, --from-neo4j-user and
ENTANGLE_FROM_NEO4J_PASSWORD name the user of the source.

EXAMPLES
  entangle copy --from entangle.db --to bolt://localhost:7687
  entangle copy --from bolt://localhost:7687 --to backup.db
  entangle copy --from bolt://localhost:7687 --to neo4j+s://xxxxxxxx.databases.neo4j.io

EXIT STATUS
  0    copied, and found equal
  1    a store could not be used, or the copy is not equal
  2    the command was called wrongly
  130  stopped by a signal; what was copied stays`

func (a *app) copyCommand() *cobra.Command {
	o := &copyOptions{}
	c := &cobra.Command{
		Use: "copy --from STORE --to STORE", Short: "Copy a store into another", Long: copyHelp, Args: usage.NoArgs("; the stores are named by --from and --to"),
		RunE: func(c *cobra.Command, _ []string) error { return a.runCopy(c.Context(), o) },
	}
	f := c.Flags()
	f.StringVar(&o.from, "from", "", "the `STORE` to copy: a file, or a Neo4j at bolt://host:port or neo4j://host:port")
	f.StringVar(&o.to, "to", "", "the `STORE` to copy into; a file that does not exist is created")
	f.IntVar(&o.batch, "batch", storecopy.DefaultBatchSize, "write this `NUMBER` of nodes or ties at once")
	o.toNeo4j.add(f, "")
	o.fromNeo4j.add(f, "from-")
	return c
}

func (a *app) runCopy(ctx context.Context, o *copyOptions) error {
	switch {
	case o.from == "" || o.to == "":
		return usage.Error{Err: errors.New("--from and --to are both wanted")}
	case o.from == o.to:
		return usage.Error{Err: fmt.Errorf("--from and --to are both %s", o.from)}
	case o.batch < 1:
		return usage.Error{Err: fmt.Errorf("--batch %d: at least 1", o.batch)}
	}
	from, err := a.openStore(ctx, o.from, o.fromNeo4j.or(o.toNeo4j), false)
	if err != nil {
		return fmt.Errorf("--from: %w", err)
	}
	to, err := a.openStore(ctx, o.to, o.toNeo4j, true)
	if err != nil {
		return errors.Join(fmt.Errorf("--to: %w", err), from.Close())
	}
	return errors.Join(a.copy(ctx, o, from, to), from.Close(), to.Close())
}

func (a *app) copy(ctx context.Context, o *copyOptions, from, to graph.Store) error {
	if err := settled(ctx, from); err != nil {
		return fmt.Errorf("--from: %w", err)
	}
	bar, doing := a.slowBar(), ""
	report, err := storecopy.Copy(ctx, from, to, storecopy.Options{
		BatchSize: o.batch,
		Progress: func(what string, done, total int) {
			if what != doing {
				bar.next()
				doing = what
			}
			bar.set(what, int64(done), int64(total), false)
		},
	})
	bar.end()
	applied := report.Applied
	_, printed := fmt.Fprintf(a.stdout, "nodes: %d copied, %d there already; ties: %d copied, %d there already\n",
		applied.NodesCreated+applied.NodesUpdated, applied.NodesSame, applied.TiesCreated+applied.TiesUpdated, applied.TiesSame)
	if err != nil || printed != nil {
		return errors.Join(err, printed)
	}
	c := report.Content
	_, err = fmt.Fprintf(a.stdout, "equal: %s and %s in both, content %s\n", usage.Many(c.Nodes, "node"), usage.Many(c.Ties, "tie"), c.Hash)
	return err
}
