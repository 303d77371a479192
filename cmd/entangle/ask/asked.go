package ask

import (
	"encoding/base64"
	"encoding/json"
	"fmt"
	"maps"
	"reflect"
	"regexp"
	"slices"
	"strconv"
	"strings"

	"github.com/spf13/cobra"
	"github.com/spf13/pflag"

	"entangle/graph"
	"entangle/queries/worlds"
)

// untold is the annotation of a flag that the line "asked with" leaves out.
const untold = "entangle_untold"

// howMuch are the flags that say how much of an answer is printed, or for which
// institutions: the answer itself shows that.
var howMuch = []string{"first", "explain", "evidence", "ties", "verbose", "distances", "network", "institution", "json", "wide"}

// howMuchOf are those of a command. A plain command asks for what its flags say and prints
// all of it: there --institution is a part of the question.
func howMuchOf(c *cobra.Command) []string {
	if c.Annotations[Plain] == "" {
		return howMuch
	}
	return slices.DeleteFunc(slices.Clone(howMuch), func(name string) bool { return name == "institution" })
}

// leaveOut keeps flags out of the line "asked with": those that the title of the answer
// has, that say where the data is, or how much of the answer is printed.
func leaveOut(flags *pflag.FlagSet, names ...string) {
	for _, name := range names {
		if f := flags.Lookup(name); f != nil {
			f.Annotations = map[string][]string{untold: {"true"}}
		}
	}
}

// askedWith lists whatever of the question differs from its default: flags, the nodes
// that it was asked about, and every parameter of the model in the answer. It finds flags
// and parameters by itself, so a new one needs no line here.
func askedWith(p *page, flags *pflag.FlagSet, nodes []string, raw json.RawMessage) error {
	parts := changedFlags(flags)
	if len(nodes) > 0 {
		parts = append(parts, "only "+strings.Join(once(nodes), ", "))
	}
	var answer struct {
		Basis, To struct{ Model modelAnswer }
		First     struct{ Model modelAnswer }
	}
	if err := json.Unmarshal(raw, &answer); err != nil {
		return err
	}
	model := answer.Basis.Model
	switch {
	case answer.First.Model != nil: // each purge of a comparison tells its own
		model = nil
	case answer.To.Model != nil:
		model = answer.To.Model
	}
	changed, err := model.changed()
	if err != nil {
		return err
	}
	if parts = append(parts, changed...); len(parts) > 0 {
		fmt.Fprintf(p, "asked with: %s\n", strings.Join(parts, ", "))
	}
	return nil
}

// statedDefault finds in the help of a flag what happens without the flag.
var statedDefault = regexp.MustCompile(`\(default: (.*)\)$`)

// changedFlags writes each flag whose value is not its default.
func changedFlags(flags *pflag.FlagSet) (parts []string) {
	flags.VisitAll(func(f *pflag.Flag) {
		stated := statedDefault.FindStringSubmatch(f.Usage)
		if !f.Changed || f.Annotations[untold] != nil || stated == nil && f.Value.String() == f.DefValue {
			return
		}
		text := f.Value.String()
		if list, ok := f.Value.(pflag.SliceValue); ok {
			text = strings.Join(once(list.GetSlice()), " and ")
		}
		switch {
		case stated != nil:
			text += " (default " + stated[1] + ")"
		case f.DefValue != "" && f.DefValue != "[]":
			text += " (default " + f.DefValue + ")"
		}
		parts = append(parts, f.Name+" "+text)
	})
	return parts
}

// once leaves out what stands in a list before.
func once(list []string) (out []string) {
	for _, text := range list {
		if !slices.Contains(out, text) {
			out = append(out, text)
		}
	}
	return out
}

// modelAnswer is a PurgeModel: the parameters by their names in GraphQL.
type modelAnswer map[string]json.RawMessage

// changed writes each parameter that is not its default, in the order of
// worlds.Params. The field of a parameter has its name with a capital.
func (m modelAnswer) changed() (parts []string, err error) {
	if m == nil {
		return nil, nil
	}
	defaults := reflect.ValueOf(worlds.DefaultParams())
	for i := range defaults.NumField() {
		field := defaults.Type().Field(i).Name
		name := strings.ToLower(field[:1]) + field[1:]
		text, ok := m[name]
		if !ok {
			return nil, fmt.Errorf("the answer does not tell its parameter %s", name)
		}
		var some []string
		switch value := defaults.Field(i).Interface().(type) {
		case worlds.Requirements:
			some, err = changedRows(name, text, requirementTable(value))
		case map[string]int:
			some, err = changedRows(name, text, priorTable(value))
		case []graph.ID:
			some, err = changedNodes(name, text)
		default:
			some, err = changedScalar(name, text, defaults.Field(i))
		}
		if err != nil {
			return nil, fmt.Errorf("parameter %s of the answer: %w", name, err)
		}
		parts = append(parts, some...)
	}
	return parts, nil
}

// changedNodes writes a list of nodes that is empty by default.
func changedNodes(name string, text json.RawMessage) ([]string, error) {
	var nodes []string
	if err := json.Unmarshal(text, &nodes); err != nil || len(nodes) == 0 {
		return nil, err
	}
	for i, node := range nodes {
		nodes[i] = idOf(node)
	}
	return []string{fmt.Sprintf("%s %s (default none)", name, strings.Join(nodes, " and "))}, nil
}

func changedScalar(name string, text json.RawMessage, standard reflect.Value) ([]string, error) {
	value := reflect.New(standard.Type())
	if err := json.Unmarshal(text, value.Interface()); err != nil {
		return nil, err
	}
	if value.Elem().Equal(standard) {
		return nil, nil
	}
	return []string{fmt.Sprintf("%s %v (default %v)", name, value.Elem(), standard)}, nil
}

// paramRow is a row of a parameter that is a table: what a kind of institution needs of
// a support, or a prior size.
type paramRow struct {
	Support, Type, Institution string
	Need, Floor                float64
	Size                       int
}

// about names the institution or type that the row is about.
func (r paramRow) about() string {
	of := r.Type + idOf(r.Institution)
	if of == "" {
		of = "all others"
	}
	return strings.TrimSpace(r.Support + " of " + of)
}

// idOf is the id of a node behind a global id of GraphQL, which nobody can read.
func idOf(global string) string {
	text, err := base64.RawURLEncoding.DecodeString(global)
	if _, id, ok := strings.Cut(string(text), ":"); err == nil && ok {
		return id
	}
	return global
}

func (r paramRow) value() string {
	if r.Support == "" {
		return strconv.Itoa(r.Size)
	}
	return fmt.Sprintf("%g floor %g", r.Need, r.Floor)
}

// changedRows writes the rows that differ from those of the default.
func changedRows(name string, text json.RawMessage, defaults map[string]string) (parts []string, err error) {
	var rows []paramRow
	if err := json.Unmarshal(text, &rows); err != nil {
		return nil, err
	}
	for _, r := range rows {
		switch standard, ok := defaults[r.about()]; {
		case !ok:
			parts = append(parts, fmt.Sprintf("%s %s %s", name, r.about(), r.value()))
		case standard != r.value():
			parts = append(parts, fmt.Sprintf("%s %s %s (default %s)", name, r.about(), r.value(), standard))
		}
	}
	return parts, nil
}

// requirementTable has the default requirements by what they are about.
func requirementTable(all worlds.Requirements) map[string]string {
	table := map[string]string{}
	add := func(typ string, needs worlds.Needs) {
		for support, n := range needs {
			r := paramRow{Support: support.String(), Type: typ, Need: n.Need, Floor: n.Floor}
			table[r.about()] = r.value()
		}
	}
	add("", all.Default)
	for _, typ := range slices.Sorted(maps.Keys(all.ByType)) {
		add(typ, all.ByType[typ])
	}
	return table
}

// priorTable has the default sizes likewise.
func priorTable(sizes map[string]int) map[string]string {
	table := map[string]string{}
	for typ, size := range sizes {
		r := paramRow{Type: typ, Size: size}
		table[r.about()] = r.value()
	}
	return table
}
