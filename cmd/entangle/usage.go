package main

import (
	"errors"
	"fmt"
	"math"
	"strings"

	"github.com/spf13/cobra"
	"github.com/spf13/pflag"
)

// usageError is an error of how the program was called.
type usageError struct{ error }

// noArgs refuses arguments; hint tells what to write instead.
func noArgs(hint string) cobra.PositionalArgs {
	return func(_ *cobra.Command, args []string) error {
		if len(args) == 0 {
			return nil
		}
		return usageError{fmt.Errorf("%q: no argument is taken here%s", args[0], hint)}
	}
}

// someArgs wants at least low and at most high arguments, any number where high
// is 0.
func someArgs(low, high int, what string) cobra.PositionalArgs {
	return func(_ *cobra.Command, args []string) error {
		if len(args) >= low && (high == 0 || len(args) <= high) {
			return nil
		}
		return usageError{fmt.Errorf("%s wanted, got %d arguments", what, len(args))}
	}
}

// unknownCommand is the error of a word that is no command.
func unknownCommand(c *cobra.Command, args []string) error {
	if len(args) == 0 {
		return nil
	}
	text := fmt.Sprintf("%q: no such command", args[0])
	if near := c.SuggestionsFor(args[0]); len(near) > 0 {
		text += "; did you mean " + strings.Join(near, " or ") + "?"
	}
	return usageError{errors.New(text)}
}

// flagError says in plain words what is wrong with a flag.
func flagError(c *cobra.Command, err error) error {
	if !c.HasParent() && c.Flags().NArg() > 0 { // a flag of a command that there is not
		return unknownCommand(c, c.Flags().Args())
	}
	if bad, ok := errors.AsType[*pflag.InvalidValueError](err); ok {
		return usageError{badValue("--"+bad.GetFlag().Name, bad.GetFlag(), bad.GetValue())}
	}
	return usageError{err}
}

func badValue(name string, f *pflag.Flag, value string) error {
	what := map[string]string{"int": "a whole number", "float64": "a number", "bool": "true or false"}[f.Value.Type()]
	return fmt.Errorf("%s %q: not %s", name, value, what)
}

func finite(v float64) bool { return !math.IsNaN(v) && !math.IsInf(v, 0) }

// finiteFlags refuses a flag that is no number one could count with: "NaN" and "Inf"
// are numbers to the parser of flags, and to no argument of a field.
func finiteFlags(flags *pflag.FlagSet) (err error) {
	flags.VisitAll(func(f *pflag.Flag) {
		if f.Value.Type() != "float64" || err != nil {
			return
		}
		if v, _ := flags.GetFloat64(f.Name); !finite(v) {
			err = usageError{badValue("--"+f.Name, f, f.Value.String())}
		}
	})
	return err
}

// inFlags gives a message about an argument of a GraphQL field the name of the
// flag that it came from.
func inFlags(flags *pflag.FlagSet, message string) string {
	head, rest, ok := strings.Cut(strings.TrimPrefix(message, "Variable $"), ": ")
	if !ok {
		return message
	}
	var name strings.Builder
	for _, r := range head {
		if r >= 'A' && r <= 'Z' {
			name.WriteByte('-')
		}
		name.WriteString(strings.ToLower(string(r)))
	}
	// What an argument lists is given one by one.
	for _, flag := range []string{name.String(), strings.TrimSuffix(name.String(), "s")} {
		if flags.Lookup(flag) != nil {
			return "--" + flag + ": " + rest
		}
	}
	return message
}
