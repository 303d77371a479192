package ask

import (
	"math"
	"strings"

	"github.com/spf13/pflag"

	"entangle/cmd/entangle/usage"
)

func finite(v float64) bool { return !math.IsNaN(v) && !math.IsInf(v, 0) }

// finiteFlags refuses a flag that is no number one could count with: "NaN" and "Inf"
// are numbers to the parser of flags, and to no argument of a field.
func finiteFlags(flags *pflag.FlagSet) (err error) {
	flags.VisitAll(func(f *pflag.Flag) {
		if f.Value.Type() != "float64" || err != nil {
			return
		}
		if v, _ := flags.GetFloat64(f.Name); !finite(v) {
			err = usage.BadValue("--"+f.Name, f, f.Value.String())
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
