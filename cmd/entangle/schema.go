package main

import (
	"fmt"

	"github.com/spf13/cobra"

	"entangle/cmd/entangle/usage"
	"entangle/schema"
)

func (a *app) schemaCommand() *cobra.Command {
	return &cobra.Command{
		Use: "schema", Short: "Print the GraphQL schema", Args: usage.NoArgs(""),
		Long: "Print the GraphQL schema in SDL.\n\nEXAMPLES\n  entangle schema > schema.graphql\n\nEXIT STATUS\n  0  printed\n  1  could not be written",
		RunE: func(*cobra.Command, []string) error {
			_, err := fmt.Fprint(a.stdout, schema.SDL)
			return err
		},
	}
}
