package main

import (
	"fmt"
	"strings"

	"github.com/spf13/cobra"
	"github.com/spf13/pflag"
)

const rootHelp = `entangle models the ties between armed groups and the institutions of a state
as dated, sourced, graded claims, and answers which institutions a purge of a
group would fracture, how sure that is and through which ties.

Every flag can also be given by the environment: --listen by ENTANGLE_LISTEN,
--as-of by ENTANGLE_AS_OF.`

func (a *app) rootCommand() *cobra.Command {
	root := &cobra.Command{
		Use: "entangle", Short: "Which institutions would a purge fracture?", Long: rootHelp,
		SilenceUsage: true, SilenceErrors: true, Args: cobra.NoArgs,
		PersistentPreRunE: func(c *cobra.Command, _ []string) error { return a.fromEnv(c.Flags()) },
		RunE:              func(c *cobra.Command, _ []string) error { return c.Help() },
	}
	root.SetOut(a.stdout)
	root.SetErr(a.stderr)
	root.SetIn(a.stdin)
	root.CompletionOptions.DisableDefaultCmd = true
	root.SetFlagErrorFunc(func(_ *cobra.Command, err error) error { return usageError{err} })
	root.AddCommand(
		a.serveCommand(),
		a.loadCommand(),
		a.validateCommand(),
		a.exportCommand(),
		a.purgeCommand(),
		a.exposureCommand(),
		a.pathsCommand(),
		a.queryCommand(),
		a.schemaCommand(),
		a.versionCommand(),
	)
	for _, c := range root.Commands() {
		wrapArgs(c)
		for _, sub := range c.Commands() {
			wrapArgs(sub)
		}
	}
	return root
}

// wrapArgs makes errors of the arguments usage errors.
func wrapArgs(c *cobra.Command) {
	check := c.Args
	if check == nil {
		check = cobra.NoArgs
	}
	c.Args = func(c *cobra.Command, args []string) error {
		if err := check(c, args); err != nil {
			return usageError{fmt.Errorf("%s: %w", c.CommandPath(), err)}
		}
		return nil
	}
}

// fromEnv sets the flags that were not given from ENTANGLE_NAME.
func (a *app) fromEnv(flags *pflag.FlagSet) (err error) {
	flags.VisitAll(func(f *pflag.Flag) {
		name := envName(f.Name)
		value, ok := a.env(name)
		if !ok || f.Changed || err != nil || f.Name == "help" {
			return
		}
		if e := flags.Set(f.Name, value); e != nil {
			err = usageError{fmt.Errorf("%s: %w", name, e)}
		}
	})
	return err
}

func envName(flag string) string {
	return "ENTANGLE_" + strings.ToUpper(strings.ReplaceAll(flag, "-", "_"))
}
