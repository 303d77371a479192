package usage_test

import (
	"errors"
	"testing"

	"github.com/google/go-cmp/cmp"
	"github.com/spf13/cobra"

	"entangle/cmd/entangle/usage"
)

func said(err error) string {
	if err == nil {
		return ""
	}
	return err.Error()
}

// TestArguments: how many a command takes, at both bounds and beside them, and what is
// said of others.
func TestArguments(t *testing.T) {
	none, one, two, three := []string(nil), []string{"a"}, []string{"a", "b"}, []string{"a", "b", "c"}
	for name, tt := range map[string]struct {
		check cobra.PositionalArgs
		args  []string
		want  string
	}{
		"none":             {usage.NoArgs("; write --to a"), none, ""},
		"one too many":     {usage.NoArgs("; write --to a"), two, `"a": no argument is taken here; write --to a`},
		"below the least":  {usage.SomeArgs(1, 2, "a place and a name"), none, "a place and a name wanted, got 0 arguments"},
		"the least":        {usage.SomeArgs(1, 2, "a place and a name"), one, ""},
		"the most":         {usage.SomeArgs(1, 2, "a place and a name"), two, ""},
		"above the most":   {usage.SomeArgs(1, 2, "a place and a name"), three, "a place and a name wanted, got 3 arguments"},
		"without a bound":  {usage.SomeArgs(1, 0, "files"), three, ""},
		"unbounded, none":  {usage.SomeArgs(1, 0, "files"), none, "files wanted, got 0 arguments"},
		"as many as three": {usage.SomeArgs(3, 3, "three"), three, ""},
	} {
		err := tt.check(&cobra.Command{}, tt.args)
		if diff := cmp.Diff(tt.want, said(err)); diff != "" {
			t.Errorf("%s (-want +got):\n%s", name, diff)
		}
		if _, ok := errors.AsType[usage.Error](err); err != nil && !ok {
			t.Errorf("%s: %v is no usage error", name, err)
		}
	}
}

func tree() *cobra.Command {
	root := &cobra.Command{Use: "tool", SuggestionsMinimumDistance: 2}
	root.Flags().Int("count", 1, "")
	root.Flags().Float64("share", 1, "")
	root.Flags().Bool("dry", false, "")
	root.Flags().Duration("wait", 0, "")
	root.Flags().Uint64("seed", 1, "")
	root.AddCommand(&cobra.Command{Use: "load", Run: func(*cobra.Command, []string) {}}, &cobra.Command{Use: "lead", Run: func(*cobra.Command, []string) {}})
	return root
}

func TestUnknownCommand(t *testing.T) {
	for word, want := range map[string]string{
		"":       "",
		"laad":   `"laad": no such command; did you mean load or lead?`,
		"remove": `"remove": no such command`,
	} {
		var args []string
		if word != "" {
			args = []string{word}
		}
		err := usage.UnknownCommand(tree(), args)
		if diff := cmp.Diff(want, said(err)); diff != "" {
			t.Errorf("%q (-want +got):\n%s", word, diff)
		}
	}
}

// TestFlagErrors: a value that a flag cannot take is told in plain words, and a flag of a
// command that is none tells of the command.
func TestFlagErrors(t *testing.T) {
	for name, tt := range map[string]struct {
		args []string // of a command that is there, or of the root
		sub  bool
		want string
	}{
		"a number":      {args: []string{"--count", "x"}, want: `--count "x": not a whole number`},
		"a large one":   {args: []string{"--count", "99999999999999999999"}, want: "--count 99999999999999999999: beyond any number that is taken"},
		"a time":        {args: []string{"--wait", "soon"}, want: `--wait "soon": not a time such as 30s or 5m`},
		"one from 0":    {args: []string{"--seed", "-1"}, want: "--seed -1: beyond any number that is taken"},
		"a float":       {args: []string{"--share", "1.x"}, want: `--share "1.x": not a number`},
		"a truth":       {args: []string{"--dry=maybe"}, want: `--dry "maybe": not true or false`},
		"no such flag":  {args: []string{"--speed"}, want: "unknown flag: --speed"},
		"no command":    {args: []string{"laad", "--speed"}, want: `"laad": no such command; did you mean load or lead?`},
		"of a command":  {args: []string{"file", "--speed"}, sub: true, want: "unknown flag: --speed"},
		"of it, a kind": {args: []string{"file", "--limit", "x"}, sub: true, want: `--limit "x": not a whole number`},
	} {
		c := tree()
		if tt.sub {
			sub := &cobra.Command{Use: "put"}
			sub.Flags().Int("limit", 1, "")
			c.AddCommand(sub)
			c = sub
		}
		err := c.ParseFlags(tt.args)
		if err == nil {
			t.Fatalf("%s: %q is taken", name, tt.args)
		}
		err = usage.FlagError(c, err)
		if diff := cmp.Diff(tt.want, said(err)); diff != "" {
			t.Errorf("%s (-want +got):\n%s", name, diff)
		}
		if wrong, ok := errors.AsType[usage.Error](err); !ok || wrong.Unwrap() == nil || wrong.Unwrap().Error() != tt.want {
			t.Errorf("%s: %v is no usage error that says what is wrong", name, err)
		}
	}
}
