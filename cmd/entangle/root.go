package main

import (
	"context"
	"strings"

	"github.com/spf13/cobra"
	"github.com/spf13/pflag"

	"entangle/cmd/entangle/ask"
	"entangle/cmd/entangle/usage"
	"entangle/graph"
)

const rootHelp = `entangle models the ties between armed groups and the institutions of a state
as dated, sourced, graded claims. It answers which institutions a purge of a group
would fracture, how sure that is and through which ties.

Every flag can also be set by an environment variable: --listen by ENTANGLE_LISTEN,
--as-of by ENTANGLE_AS_OF. A flag on the command line takes precedence.

EXAMPLES
  entangle serve --sample
  entangle purge --sample --group "Badr Organization" --as-of 2020-08-24

EXIT STATUS
  0  done
  1  failed
  2  called wrongly; the help of each command lists further ones`

func (a *app) rootCommand() *cobra.Command {
	root := &cobra.Command{
		Use: "entangle", Short: "Which institutions would a purge fracture?", Long: rootHelp,
		SilenceUsage: true, SilenceErrors: true, Args: usage.UnknownCommand, Version: thisBuild().String(),
		PersistentPreRunE: func(c *cobra.Command, _ []string) error { return a.fromEnv(c.Flags()) },
		RunE:              func(c *cobra.Command, _ []string) error { return c.Help() },
	}
	root.SetOut(a.stdout)
	root.SetErr(a.stderr)
	root.SetIn(a.stdin)
	root.CompletionOptions.DisableDefaultCmd = true // ours has the house's form of help
	root.SetHelpCommand(a.helpCommand())
	root.SetVersionTemplate("{{.Name}} {{.Version}}\n")
	root.SetFlagErrorFunc(usage.FlagError)
	root.SuggestionsMinimumDistance = 2
	root.AddCommand(
		a.serveCommand(),
		a.loadCommand(),
		a.validateCommand(),
		a.exportCommand(),
		a.copyCommand(),
	)
	root.AddCommand(ask.Commands(a.host())...)
	root.AddCommand(
		ask.PersistenceCommand(a.host()),
		ask.ProblemsCommand(a.host()),
		ask.RunsCommand(a.host()),
		a.queryCommand(),
		a.schemaCommand(),
		a.completionCommand(),
		a.manCommand(),
		a.versionCommand(),
	)
	return root
}

// host is what the commands that ask a question have of the program.
func (a *app) host() ask.Host {
	return ask.Host{
		Stdout: a.stdout, Stderr: a.stderr,
		AddStore: func(flags *pflag.FlagSet) ask.WithStore {
			f := &storeFlags{}
			f.addSample(flags)
			return func(ctx context.Context, clearance string, run func(context.Context, graph.Store, graph.Marking) error) error {
				return a.withStore(ctx, flags, *f, clearance, run)
			}
		},
		Progress: func(what string) (moved func(done, total int), end func()) {
			bar := a.slowBar()
			return func(done, total int) { bar.set(what, int64(done), int64(total), false) }, bar.end
		},
	}
}

// fromEnv sets the flags that were not given from ENTANGLE_NAME.
func (a *app) fromEnv(flags *pflag.FlagSet) (err error) {
	flags.VisitAll(func(f *pflag.Flag) {
		name := envName(f.Name)
		value, ok := a.env(name)
		if !ok || f.Changed || err != nil || f.Name == "help" || f.Name == "version" {
			return
		}
		if flags.Set(f.Name, value) != nil {
			err = usage.BadValue(name, f, value)
		}
	})
	return err
}

func envName(flag string) string {
	return "ENTANGLE_" + strings.ToUpper(strings.ReplaceAll(flag, "-", "_"))
}
