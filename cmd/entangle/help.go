package main

import (
	"github.com/spf13/cobra"

	"entangle/cmd/entangle/usage"
)

// helpCommand stands in for that of cobra, which tells of an unknown command with status 0.
func (a *app) helpCommand() *cobra.Command {
	return &cobra.Command{
		Use: "help [COMMAND]", Short: "Print the help of a command",
		Long: `Print the help of a command, or of the program where none is named. entangle COMMAND
--help prints the same.

EXAMPLES
  entangle help purge

EXIT STATUS
  0  printed
  1  could not be written
  2  there is no such command`,
		Args: usage.SomeArgs(0, 1, "one command"),
		ValidArgsFunction: func(c *cobra.Command, args []string, _ string) (names []string, _ cobra.ShellCompDirective) {
			for _, sub := range c.Root().Commands() {
				if len(args) == 0 && sub.IsAvailableCommand() {
					names = append(names, cobra.CompletionWithDesc(sub.Name(), sub.Short))
				}
			}
			return names, cobra.ShellCompDirectiveNoFileComp
		},
		RunE: func(c *cobra.Command, args []string) error {
			about, unknown, err := c.Root().Find(args)
			if err != nil || len(unknown) > 0 {
				return usage.UnknownCommand(c.Root(), args)
			}
			about.InitDefaultHelpFlag()
			about.InitDefaultVersionFlag()
			return about.Help()
		},
	}
}
