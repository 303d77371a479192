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

// command is one question at the command line.
type command struct {
	// question is its name in queries.QuestionDefaults and as a field of GraphQL.
	question string
	// document is the GraphQL document that is sent.
	document string
	make     func(h Host) *cobra.Command
}

// commands is the one list of the questions that the command line asks, in the order
// of the help.
func commands() []command {
	return []command{
		{"purge", schema.PurgeDocument, purgeCommand},
		{"compare", compareDocument, compareCommand},
		{"entanglement", entanglementDocument, entanglementCommand},
		{"attribution", attributionDocument, attributionCommand},
		{"verify", verifyDocument, verifyCommand},
		{"sensitivity", sensitivityDocument, sensitivityCommand},
		{"frontier", frontierDocument, frontierCommand},
		{"stage", stageDocument, stageCommand},
		{"insure", insureDocument, insureCommand},
		{"worstCase", worstCaseDocument, worstCaseCommand},
		{"brokers", brokersDocument, brokersCommand},
		{"exposure", exposureDocument, exposureCommand},
		{"changes", changesDocument, changesCommand},
		{"paths", pathsDocument, pathsCommand},
	}
}

// Commands returns the commands that ask a question, in the order of the help.
func Commands(h Host) []*cobra.Command {
	list := commands()
	out := make([]*cobra.Command, len(list))
	for i, c := range list {
		out[i] = c.make(h)
	}
	return out
}
