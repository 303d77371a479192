package main

import (
	"os"
	"regexp"
	"strings"
	"time"

	"github.com/spf13/cobra"
	"github.com/spf13/cobra/doc"

	"entangle/cmd/entangle/usage"
)

func (a *app) manCommand() *cobra.Command {
	return &cobra.Command{
		Use: "man DIR", Short: "Write the manual pages", Args: usage.SomeArgs(1, 1, "one folder"),
		Long: `Write a manual page for the program and each of its commands into the folder DIR,
which is made where it is missing: entangle.1, entangle-purge.1 and so on.

EXAMPLES
  entangle man ~/.local/share/man/man1
  man entangle-purge

EXIT STATUS
  0  written
  1  could not be written
  2  called wrongly`,
		RunE: func(_ *cobra.Command, args []string) error { return a.writeMan(args[0]) },
	}
}

// writeMan makes the pages of a tree of its own, whose help it rewrites.
func (a *app) writeMan(dir string) error {
	if err := os.MkdirAll(dir, 0o755); err != nil { //nolint:gosec // manual pages are for everybody
		return err
	}
	root := a.rootCommand()
	root.DisableAutoGenTag = true
	root.SetHelpCommand(&cobra.Command{Use: "help", Hidden: true})
	root.InitDefaultVersionFlag()
	manTexts(root)
	b := thisBuild()
	// Two builds of one commit write the same pages.
	date, err := time.Parse(time.RFC3339, b.date)
	if err != nil {
		date = a.now()
	}
	return doc.GenManTree(root, &doc.GenManHeader{Source: "entangle " + b.version, Manual: "entangle", Date: &date}, dir)
}

func manTexts(c *cobra.Command) {
	c.Long = manText(c.Long)
	for _, sub := range c.Commands() {
		manTexts(sub)
	}
}

var (
	manHeading = regexp.MustCompile(`^[A-Z][A-Z ]+$`)
	manSpecial = regexp.MustCompile("[\\\\`*_<>\\[\\]#~|]")
)

// manText writes a help text as the Markdown that cobra makes manual pages of: a line in
// capitals is a heading, indented lines stay as they are, and nothing else is markup.
func manText(help string) string {
	var out strings.Builder
	verbatim := false
	for line := range strings.Lines(help) {
		line = strings.TrimRight(line, "\n")
		indented := strings.HasPrefix(line, "  ")
		if indented != verbatim && line != "" {
			out.WriteByte('\n')
			verbatim = indented
		}
		switch {
		case manHeading.MatchString(line):
			out.WriteString("# " + line)
		case indented:
			out.WriteString("  " + line)
		default:
			out.WriteString(manSpecial.ReplaceAllString(line, `\$0`))
		}
		out.WriteByte('\n')
	}
	return out.String()
}
