package main

import (
	"fmt"
	"runtime"
	"runtime/debug"

	"github.com/spf13/cobra"

	"entangle/cmd/entangle/usage"
)

// version is set at build time: -ldflags "-X main.version=1.2.3".
var version = "dev"

func (a *app) versionCommand() *cobra.Command {
	return &cobra.Command{
		Use: "version", Short: "Print the version", Args: usage.NoArgs(""),
		Long: "Print the version of the program and of the Go it was built with.\n\nEXAMPLES\n  entangle version\n\nEXIT STATUS\n  0  printed",
		RunE: func(*cobra.Command, []string) error {
			fmt.Fprintf(a.stdout, "entangle %s (%s, %s/%s)\n", versionText(), runtime.Version(), runtime.GOOS, runtime.GOARCH)
			return nil
		},
	}
}

// versionText adds the revision where the build knows it.
func versionText() string {
	info, ok := debug.ReadBuildInfo()
	if !ok {
		return version
	}
	for _, s := range info.Settings {
		if s.Key == "vcs.revision" && len(s.Value) >= 12 {
			return version + "+" + s.Value[:12]
		}
	}
	return version
}
