package main

import (
	"fmt"
	"runtime"
	"runtime/debug"
	"strings"

	"github.com/spf13/cobra"

	"entangle/cmd/entangle/usage"
)

// version is what git describe says of the commit: -ldflags "-X main.version=…", as
// `make build`, the Dockerfile and `make release` give it. Empty in other builds, where
// the Go command writes a version of its own into the binary.
var version string

func (a *app) versionCommand() *cobra.Command {
	return &cobra.Command{
		Use: "version", Short: "Print the version", Args: usage.NoArgs(""),
		Long: `Print the version of the program, the commit it was built from with its date,
the Go it was built with, and the system it is for. What the build did not know is
left out. entangle --version prints the same.

EXAMPLES
  entangle version

EXIT STATUS
  0  printed
  1  could not be written`,
		RunE: func(*cobra.Command, []string) error {
			_, err := fmt.Fprintln(a.stdout, "entangle", thisBuild())
			return err
		},
	}
}

// build is what is known of how a binary came to be; each field but the version may be
// empty.
type build struct {
	version  string // v1.2.3, v1.2.3-4-g0123abc, a pseudo-version of Go, or dev
	commit   string // twelve digits
	date     string // of the commit, RFC 3339
	modified bool   // the files differed from the commit
}

// thisBuild tells of the running binary.
func thisBuild() build {
	info, _ := debug.ReadBuildInfo()
	return buildOf(version, info)
}

// buildOf prefers the stamp to the version that the Go command found. info may be nil.
func buildOf(stamp string, info *debug.BuildInfo) build {
	b := build{version: stamp}
	if info != nil {
		for _, s := range info.Settings {
			switch s.Key {
			case "vcs.revision":
				b.commit = s.Value[:min(12, len(s.Value))]
			case "vcs.time":
				b.date = s.Value
			case "vcs.modified":
				b.modified = s.Value == "true"
			}
		}
		if b.version == "" && info.Main.Version != "(devel)" {
			b.version = info.Main.Version
		}
	}
	if b.version == "" {
		b.version = "dev"
	}
	return b
}

func (b build) String() string {
	var parts []string
	if b.commit != "" {
		commit := "commit " + b.commit
		if b.modified {
			commit += " with changes"
		}
		parts = append(parts, commit)
	}
	if b.date != "" {
		parts = append(parts, b.date)
	}
	parts = append(parts, runtime.Version(), runtime.GOOS+"/"+runtime.GOARCH)
	return fmt.Sprintf("%s (%s)", b.version, strings.Join(parts, ", "))
}
