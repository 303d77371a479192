package ask

import (
	"math"
	"regexp"
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

// flagError is an error that names flags in place of arguments.
type flagError struct {
	text string
	err  error
}

func (e flagError) Error() string { return e.text }

func (e flagError) Unwrap() error { return e.err }

// inFlags gives a message about an argument of a GraphQL field the name of the
// flag that it came from. Nodes are named by no flag but as they are.
func inFlags(flags *pflag.FlagSet, message string) string {
	head, rest, ok := strings.Cut(strings.TrimPrefix(message, "Variable $"), ": ")
	if !ok {
		return message
	}
	if head == "nodes" {
		return inWords(rest)
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
			return "--" + flag + ": " + inWords(rest)
		}
	}
	return message
}

// inWords takes the types of the schema out of a message: who writes a command has not read it.
func inWords(message string) string {
	for _, w := range schemaWords {
		message = w.schema.ReplaceAllString(message, w.command)
	}
	return message
}

var schemaWords = []struct {
	schema  *regexp.Regexp
	command string
}{
	{regexp.MustCompile(`^at \[\d+\]: `), ""}, // each of a list is a flag of its own
	{regexp.MustCompile(`(?s)^enum \w+ has no such value, only (.*?): (.*)$`), "$2 is not one of $1"},
	{regexp.MustCompile(`(?s)\w+ cannot represent non 32-bit signed integer value: (.*)$`), "$1 is beyond any number that is taken"},
	{regexp.MustCompile(`(?s)\w+ cannot represent non-integer value: (-?\d+)$`), "$1 is beyond any number that is taken"},
	{regexp.MustCompile(`(?s)\w+ cannot represent non-integer value: (.*)$`), "$1 is not a whole number"},
	{regexp.MustCompile(`(?s)\w+ cannot represent (?:a )?non[ -](\w+) value: (.*)$`), "$2 is not a $1 value"},
	{regexp.MustCompile(`^field (\w+) is not defined by (\w+)`), "$2 has no field $1"},
	{regexp.MustCompile(`^(?:Date|GapPolicy): (?:invalid query: )?`), ""},
}
