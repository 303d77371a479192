package main

import (
	"fmt"
	"slices"
	"strings"

	"github.com/spf13/cobra"

	"entangle/cmd/entangle/usage"
)

var shells = []string{"bash", "zsh", "fish", "powershell"}

func (a *app) completionCommand() *cobra.Command {
	return &cobra.Command{
		Use: "completion SHELL", Short: "Print the completion script of a shell", ValidArgs: shells,
		Long: `Print the script by which bash, zsh, fish or PowerShell completes the commands
and flags of entangle. The shell reads it when it starts.

EXAMPLES
  entangle completion bash > ~/.local/share/bash-completion/completions/entangle
  entangle completion zsh > "${fpath[1]}/_entangle"
  entangle completion fish > ~/.config/fish/completions/entangle.fish
  entangle completion powershell >> $PROFILE

EXIT STATUS
  0  printed
  1  could not be written
  2  called wrongly`,
		Args: func(_ *cobra.Command, args []string) error {
			if len(args) == 1 && slices.Contains(shells, args[0]) {
				return nil
			}
			return usage.Error{Err: fmt.Errorf("%q: one shell is wanted, of %s", strings.Join(args, " "), strings.Join(shells, ", "))}
		},
		RunE: func(c *cobra.Command, args []string) error {
			switch root := c.Root(); args[0] {
			case "bash":
				return root.GenBashCompletionV2(a.stdout, true)
			case "zsh":
				return root.GenZshCompletion(a.stdout)
			case "fish":
				return root.GenFishCompletion(a.stdout, true)
			default:
				return root.GenPowerShellCompletionWithDesc(a.stdout)
			}
		},
	}
}
