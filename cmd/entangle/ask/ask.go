// Package ask holds the commands that ask a question: each reads its flags, asks the
// GraphQL field of the question by a document, and prints the answer as a table or as
// JSON. The program hands in stores, streams and progress as a Host.
package ask

import (
	"context"
	"io"

	"github.com/spf13/cobra"
	"github.com/spf13/pflag"

	"entangle/graph"
	"entangle/queries"
	"entangle/schema"
)

// Host is what the commands take from the program that has them.
type Host struct {
	// Stdout takes the answer, Stderr what is logged beside it.
	Stdout, Stderr io.Writer
	// AddStore adds the flags that name a store to those of a command, and returns
	// what opens the store that they name.
	AddStore func(flags *pflag.FlagSet) WithStore
	// Progress begins to show the progress of work that may take long. moved reports
	// how much of it is done, and may be called concurrently; end removes the display.
	Progress func(what string) (moved func(done, total int), end func())
}

// WithStore opens a store, runs a function that only reads in it with the clearance
// that the text names, and closes it again.
type WithStore func(ctx context.Context, clearance string, run func(ctx context.Context, s graph.Store, clearance graph.Marking) error) error

// command is a question that has a command of its own.
type command struct {
	// document is what is asked.
	document string
	make     func(h Host) *cobra.Command
}

// commands are those of their own, by the name of the question in queries.Questions.
func commands() map[string]command {
	return map[string]command{
		"purge":        {schema.PurgeDocument, purgeCommand},
		"compare":      {compareDocument, compareCommand},
		"entanglement": {entanglementDocument, entanglementCommand},
		"attribution":  {attributionDocument, attributionCommand},
		"verify":       {verifyDocument, verifyCommand},
		"sensitivity":  {sensitivityDocument, sensitivityCommand},
		"frontier":     {frontierDocument, frontierCommand},
		"stage":        {stageDocument, stageCommand},
		"insure":       {insureDocument, insureCommand},
		"worstCase":    {worstCaseDocument, worstCaseCommand},
		"brokers":      {brokersDocument, brokersCommand},
		"footholds":    {footholdsDocument, footholdsCommand},
		"exposure":     {exposureDocument, exposureCommand},
		"changes":      {changesDocument, changesCommand},
		"paths":        {pathsDocument, pathsCommand},
	}
}

// Commands returns the commands that ask a question, one for each of the table, in its
// order, which is that of the help.
func Commands(h Host) []*cobra.Command {
	own := commands()
	table := queries.Questions()
	out := make([]*cobra.Command, len(table))
	for i, row := range table {
		if c, ok := own[row.Name]; ok {
			out[i] = c.make(h)
		} else {
			out[i] = plainCommand(h, row)
		}
	}
	return out
}
