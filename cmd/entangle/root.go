package main

import (
	"strings"

	"github.com/spf13/cobra"
	"github.com/spf13/pflag"
)

const rootHelp = `entangle models the ties between armed groups and the institutions of a state
as dated, sourced, graded claims, and answers which institutions a purge of a
group would fracture, how sure that is and through which ties.

Every flag can also be given by the environment: --listen by ENTANGLE_LISTEN,
--as-of by ENTANGLE_AS_OF. A flag on the command line comes first.

EXAMPLES
  entangle serve --sample
  entangle purge --sample --group "Badr Organization" --as-of 2020-08-24

EXIT STATUS
  0  done
  1  failed
  2  called wrongly; each command tells of further ones`

func (a *app) rootCommand() *cobra.Command {
	root := &cobra.Command{
		Use: "entangle", Short: "Which institutions would a purge fracture?", Long: rootHelp,
		SilenceUsage: true, SilenceErrors: true, Args: unknownCommand, Version: thisBuild().String(),
		PersistentPreRunE: func(c *cobra.Command, _ []string) error { return a.fromEnv(c.Flags()) },
		RunE:              func(c *cobra.Command, _ []string) error { return c.Help() },
	}
	root.SetOut(a.stdout)
	root.SetErr(a.stderr)
	root.SetIn(a.stdin)
	root.CompletionOptions.DisableDefaultCmd = true // ours has the house's form of help
	root.SetVersionTemplate("{{.Name}} {{.Version}}\n")
	root.SetFlagErrorFunc(flagError)
	root.SuggestionsMinimumDistance = 2
	root.AddCommand(
		a.serveCommand(),
		a.loadCommand(),
		a.validateCommand(),
		a.exportCommand(),
		a.copyCommand(),
		a.purgeCommand(),
		a.compareCommand(),
		a.entanglementCommand(),
		a.attributionCommand(),
		a.verifyCommand(),
		a.sensitivityCommand(),
		a.frontierCommand(),
		a.stageCommand(),
		a.insureCommand(),
		a.worstCaseCommand(),
		a.brokersCommand(),
		a.exposureCommand(),
		a.changesCommand(),
		a.pathsCommand(),
		a.queryCommand(),
		a.schemaCommand(),
		a.completionCommand(),
		a.manCommand(),
		a.versionCommand(),
	)
	return root
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
			err = usageError{badValue(name, f, value)}
		}
	})
	return err
}

func envName(flag string) string {
	return "ENTANGLE_" + strings.ToUpper(strings.ReplaceAll(flag, "-", "_"))
}
