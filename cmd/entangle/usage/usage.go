// Package usage has the errors of how the program was called, the checks of arguments and
// flags, and the words for numbers of things, that all its commands share.
package usage

import (
	"errors"
	"fmt"
	"regexp"
	"slices"
	"strings"

	"github.com/spf13/cobra"
	"github.com/spf13/pflag"
)

// Error is an error of how the program was called: the user mends the command line,
// not the data.
type Error struct{ Err error }

func (e Error) Error() string { return e.Err.Error() }

// Unwrap returns what is wrong.
func (e Error) Unwrap() error { return e.Err }

// NoArgs refuses arguments; hint tells what to write instead.
func NoArgs(hint string) cobra.PositionalArgs {
	return func(_ *cobra.Command, args []string) error {
		if len(args) == 0 {
			return nil
		}
		return Error{fmt.Errorf("%q: no argument is taken here%s", args[0], hint)}
	}
}

// SomeArgs wants at least low and at most high arguments, any number where high
// is 0.
func SomeArgs(low, high int, what string) cobra.PositionalArgs {
	return func(_ *cobra.Command, args []string) error {
		if len(args) >= low && (high == 0 || len(args) <= high) {
			return nil
		}
		return Error{fmt.Errorf("%s wanted, got %s", what, Many(len(args), "argument"))}
	}
}

// UnknownCommand refuses a word that is no command, and names those that are like it.
func UnknownCommand(c *cobra.Command, args []string) error {
	if len(args) == 0 {
		return nil
	}
	text := fmt.Sprintf("%q: no such command", args[0])
	if near := c.SuggestionsFor(args[0]); len(near) > 0 {
		text += "; did you mean " + strings.Join(near, " or ") + "?"
	}
	return Error{errors.New(text)}
}

// FlagError says in plain words what is wrong with a flag.
func FlagError(c *cobra.Command, err error) error {
	if !c.HasParent() && c.Flags().NArg() > 0 { // a flag of a command that there is not
		return UnknownCommand(c, c.Flags().Args())
	}
	if bad, ok := errors.AsType[*pflag.InvalidValueError](err); ok {
		return BadValue("--"+bad.GetFlag().Name, bad.GetFlag(), bad.GetValue())
	}
	return Error{err}
}

var whole = regexp.MustCompile(`^[-+]?[0-9]+$`)

// kinds says in words what a flag takes, by the name that pflag has for it.
var kinds = map[string]string{
	"int": "a whole number", "uint64": "a whole number from 0", "float64": "a number", "bool": "true or false",
	"duration": "a time such as 30s or 5m",
}

// BadValue is the Error of a value that a flag, called by name, cannot take.
func BadValue(name string, f *pflag.Flag, value string) error {
	if whole.MatchString(value) && slices.Contains([]string{"int", "uint64", "float64"}, f.Value.Type()) {
		return Error{fmt.Errorf("%s %s: beyond any number that is taken", name, value)}
	}
	what, known := kinds[f.Value.Type()]
	if !known {
		what = "a " + f.Value.Type()
	}
	return Error{fmt.Errorf("%s %q: not %s", name, value, what)}
}
