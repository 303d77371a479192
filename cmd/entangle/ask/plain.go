package ask

import (
	"errors"
	"fmt"
	"slices"
	"strconv"
	"strings"
	"unicode"

	"github.com/spf13/cobra"
	"github.com/spf13/pflag"
	"github.com/vektah/gqlparser/v2"
	gql "github.com/vektah/gqlparser/v2/ast"
	"github.com/vektah/gqlparser/v2/parser"

	"entangle/cmd/entangle/usage"
	"entangle/queries"
	"entangle/schema"
)

// A question that has no command of its own is asked by a plain one: the arguments of its
// field are the flags, it asks for the whole answer, and prints its lists as tables.

// Plain marks a command that was made so, among its annotations.
const Plain = "entangle_plain"

// reading are the arguments that every question has and the shared flags stand for.
var reading = []string{"asOf", "gap", "minConfidence", "evidenceUntil", "halfLives", "distantYears", "staleness"}

const plainExit = `
EXIT STATUS
  0  answered, also where nothing of what was asked about is on record
  1  the store or a node could not be found, or the question failed
  2  the command was called wrongly`

func plainCommand(h Host, row queries.Question) *cobra.Command {
	field := queryField(row.Name)
	var f questionFlags
	var model modelFlags
	c := &cobra.Command{
		Use: row.Command, Short: capital(row.Asks), Args: usage.NoArgs(": every argument is a flag"),
		Annotations: map[string]string{Plain: "true"},
		Long: strings.Join(wrapped(field.Description, 88), "\n") + "\n\nEXAMPLES\n  entangle " + row.Command +
			" --sample --as-of 2020-08-24\n  entangle " + row.Command + " --as-of 2020-08-24 --json\n" + plainExit,
	}
	f.addQuestion(h, c)
	for _, arg := range field.Arguments {
		switch {
		case arg.Name == "model":
			model.add(c.Flags(), "", "")
		case !slices.Contains(reading, arg.Name):
			plainFlag(c.Flags(), arg)
		}
	}
	c.RunE = func(c *cobra.Command, _ []string) error {
		v := map[string]any{}
		if err := plainValues(c.Flags(), field, v); err != nil {
			return err
		}
		if field.Arguments.ForName("model") != nil {
			if err := model.put(v, "model"); err != nil {
				return err
			}
		}
		document, err := wholeAnswer(field)
		if err != nil {
			return err
		}
		return inquire(h, c, f, question{document: document, field: row.Name, variables: v}, func(w *page, answer *map[string]any) error {
			return printPlain(w, row, field, *answer)
		})
	}
	return c
}

// queryField reads the definition of a field of Query from the schema, and no more of it:
// commands are made whichever of them is called.
func queryField(name string) *gql.FieldDefinition {
	_, query, _ := strings.Cut(schema.SDL, "\ntype Query {")
	at := strings.Index(query, "\n  "+name+"(")
	head := strings.LastIndex(query[:at], "\n") // the description stands in the line before
	tail := at + strings.Index(query[at:], "\n  )")
	end := tail + 1 + strings.IndexByte(query[tail+1:], '\n')
	doc, err := parser.ParseSchema(&gql.Source{Name: "schema.graphql", Input: "type Query {" + query[head:end] + "\n}"})
	if err != nil {
		panic(fmt.Errorf("the field %s of schema.graphql: %w", name, err)) // it is compiled in, and tested
	}
	return doc.Definitions[0].Fields[0]
}

// flagName is the flag of an argument; what an argument lists is given one by one.
func flagName(arg *gql.ArgumentDefinition) string {
	var out strings.Builder
	for _, r := range arg.Name {
		if unicode.IsUpper(r) {
			out.WriteByte('-')
		}
		out.WriteRune(unicode.ToLower(r))
	}
	if arg.Type.Elem == nil {
		return out.String()
	}
	if one, irregular := strings.CutSuffix(out.String(), "lives"); irregular {
		return one + "life"
	}
	return strings.TrimSuffix(out.String(), "s")
}

func plainFlag(flags *pflag.FlagSet, arg *gql.ArgumentDefinition) {
	name, standard := flagName(arg), ""
	if arg.DefaultValue != nil {
		standard = arg.DefaultValue.Raw
	}
	help := strings.ToLower(arg.Description[:1]) + strings.TrimSuffix(arg.Description[1:], ".")
	switch {
	case arg.Type.Elem != nil:
		flags.StringArray(name, nil, help+"; may be given again: a `NAME`")
	case arg.Type.NamedType == "Int":
		n, _ := strconv.Atoi(standard)
		flags.Int(name, n, help+": a `NUMBER`")
	case arg.Type.NamedType == "Float":
		x, _ := strconv.ParseFloat(standard, 64)
		flags.Float64(name, x, help+": a `NUMBER`")
	case arg.Type.NamedType == "Boolean":
		flags.Bool(name, standard == "true", help)
	default:
		flags.String(name, standard, help+": a `TEXT`")
	}
}

// plainValues reads the flags that were given; what was not is the field's to decide.
func plainValues(flags *pflag.FlagSet, field *gql.FieldDefinition, into map[string]any) error {
	for _, arg := range field.Arguments {
		f := flags.Lookup(flagName(arg))
		if f == nil || slices.Contains(reading, arg.Name) || arg.Name == "model" {
			continue
		}
		if !f.Changed {
			if arg.Type.NonNull && arg.DefaultValue == nil {
				return usage.Error{Err: errors.New("--" + f.Name + " is needed")}
			}
			continue
		}
		var value any
		var err error
		switch f.Value.Type() {
		case "stringArray":
			value, err = flags.GetStringArray(f.Name)
		case "int":
			value, err = flags.GetInt(f.Name)
		case "float64":
			value, err = flags.GetFloat64(f.Name)
		case "bool":
			value, err = flags.GetBool(f.Name)
		default:
			value = f.Value.String()
		}
		if err != nil {
			return err
		}
		into[arg.Name] = value
	}
	return nil
}

// wholeAnswer is a document that asks a field for all that its answer has, by the shared
// fragments where a type has one.
func wholeAnswer(field *gql.FieldDefinition) (string, error) {
	s, err := gqlparser.LoadSchema(&gql.Source{Name: "schema.graphql", Input: schema.SDL})
	if err != nil {
		return "", err
	}
	fragments := map[string]string{}
	for _, m := range fragmentHead.FindAllStringSubmatch(sharedFragments, -1) {
		fragments[m[2]] = m[1]
	}
	var declared, given []string
	for _, arg := range field.Arguments {
		if arg.Name == "staleness" {
			continue // a command takes a picture of its own
		}
		typ := arg.Type.String()
		if arg.DefaultValue != nil {
			typ += " = " + arg.DefaultValue.String()
		}
		declared, given = append(declared, "$"+arg.Name+": "+typ), append(given, arg.Name+": $"+arg.Name)
	}
	return "query(" + strings.Join(declared, ", ") + ") { " + field.Name + "(" + strings.Join(given, ", ") + ")" + wholeType(s, fragments, field.Type) + " }", nil
}

// wholeType selects all fields of a type, of a node what names it.
func wholeType(s *gql.Schema, fragments map[string]string, typ *gql.Type) string {
	of := s.Types[typ.Name()]
	name := of.Name
	if name != "Tie" && (of.Kind == gql.Interface || slices.Contains(of.Interfaces, "Node")) {
		name = "Entity"
	}
	switch {
	case !of.IsCompositeType():
		return ""
	case name == "Tie":
		return " { key }"
	case name == "PartialDate":
		return " { edtf }"
	case fragments[name] != "":
		return " { ..." + fragments[name] + " }"
	}
	var out strings.Builder
	for _, f := range of.Fields {
		if !strings.HasPrefix(f.Name, "__") {
			out.WriteString(" " + f.Name + wholeType(s, fragments, f.Type))
		}
	}
	return " {" + out.String() + " }"
}
