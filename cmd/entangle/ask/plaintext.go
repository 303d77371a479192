package ask

import (
	"cmp"
	"encoding/json"
	"fmt"
	"maps"
	"reflect"
	"slices"
	"strings"
	"unicode"

	gql "github.com/vektah/gqlparser/v2/ast"

	"entangle/queries"
)

// printPlain prints an answer of which nothing is known but its form: what is one thing as
// a line, a list as a table. Arguments that the answer repeats stand in its last lines.
func printPlain(w *page, row queries.Question, field *gql.FieldDefinition, answer map[string]any) error {
	raw, err := json.Marshal(answer["basis"])
	if err != nil {
		return err
	}
	var basis basisAnswer
	if err := json.Unmarshal(raw, &basis); err != nil {
		return err
	}
	fmt.Fprintf(w, "%s As of %s\n", capital(row.Asks), basis.AsOf)
	var sources sourceList
	var lists []string
	report := reflect.TypeOf(row.Report())
	for _, name := range inOrder(answer, report) {
		_, isList := answer[name].([]any)
		switch {
		case name == "basis" || field.Arguments.ForName(name) != nil:
		case isList:
			lists = append(lists, name)
		case !strings.HasSuffix(name, "Count"):
			fmt.Fprintf(w, "%s: %s\n", spaced(name), plainCell(answer[name]))
		}
	}
	for _, name := range lists {
		items, _ := answer[name].([]any)
		count, counted := answer[singular(name)+"Count"].(float64)
		if !counted {
			count = float64(len(items))
		}
		fmt.Fprintf(w, "\n%s: %d\n", capital(spaced(name)), int(count))
		if err := printItems(w, items, partOf(report, name), &sources); err != nil {
			return err
		}
		moreOf(w, int(count)-len(items))
	}
	sources.print(w)
	return basis.print(w)
}

// inOrder sorts the fields of an answer as its report in Go has them; what the report has
// under another name comes first.
func inOrder(answer map[string]any, report reflect.Type) []string {
	place := func(name string) int {
		if f, ok := fieldCalled(report, name); ok {
			return f.Index[0]
		}
		return -1
	}
	return slices.SortedFunc(maps.Keys(answer), func(a, b string) int {
		return cmp.Or(cmp.Compare(place(a), place(b)), cmp.Compare(a, b))
	})
}

// partOf is the type of the items of a list of a report, nil where it has no such list.
func partOf(report reflect.Type, list string) reflect.Type {
	if f, ok := fieldCalled(report, list); ok && f.Type.Kind() == reflect.Slice {
		return f.Type.Elem()
	}
	return nil
}

func fieldCalled(report reflect.Type, name string) (f reflect.StructField, ok bool) {
	for report != nil && report.Kind() == reflect.Pointer {
		report = report.Elem()
	}
	if report == nil || report.Kind() != reflect.Struct {
		return f, false
	}
	return report.FieldByNameFunc(func(field string) bool { return strings.EqualFold(field, name) })
}

// printItems prints a list as a table: nodes first, then the rest. What rows rest on, tie by
// tie, follows the table.
func printItems(w *page, items []any, of reflect.Type, sources *sourceList) error {
	if len(items) == 0 {
		return nil
	}
	first, _ := items[0].(map[string]any)
	var nodes, figures, ties []string
	for _, name := range inOrder(first, of) {
		switch {
		case name == "ties":
			ties = append(ties, name)
		case slices.ContainsFunc(items, func(item any) bool { return isNodeIn(item, name) }):
			nodes = append(nodes, name)
		default:
			figures = append(figures, name)
		}
	}
	names := slices.Concat(nodes, figures)
	columns := make([]column, len(names))
	for i, name := range names {
		columns[i] = figure(strings.ToUpper(spaced(name)))
		if i < len(nodes) {
			columns[i] = called(columns[i].head)
		} else if _, isList := first[name].([]any); isList {
			columns[i] = told(columns[i].head)
		}
	}
	t := newTable(w, columns...)
	t.indent = "  "
	for _, item := range items {
		of, _ := item.(map[string]any)
		cells := make([]string, len(names))
		for i, name := range names {
			cells[i] = plainCell(of[name])
		}
		t.row(cells...)
	}
	if err := t.print(); err != nil {
		return err
	}
	for _, name := range ties {
		if err := printTiesOf(w, items, name, sources); err != nil {
			return err
		}
	}
	return nil
}

func printTiesOf(w *page, items []any, name string, sources *sourceList) error {
	for _, item := range items {
		of, _ := item.(map[string]any)
		raw, err := json.Marshal(of[name])
		if err != nil {
			return err
		}
		var steps []stepAnswer
		if err := json.Unmarshal(raw, &steps); err != nil {
			return err
		}
		for _, s := range steps {
			fmt.Fprintf(w, "    %s\n", s.text(sources))
		}
	}
	return nil
}

// isNodeIn reports whether an item has a node of that name.
func isNodeIn(item any, name string) bool {
	of, _ := item.(map[string]any)
	node, _ := of[name].(map[string]any)
	return node["kind"] != nil
}

// plainCell writes a value: a node by its name, a probability with its interval.
func plainCell(value any) string {
	switch x := value.(type) {
	case nil:
		return "–"
	case bool:
		if x {
			return "yes"
		}
		return "no"
	case []any:
		cells := make([]string, len(x))
		for i, item := range x {
			cells[i] = plainCell(item)
		}
		return orDash(strings.Join(cells, ", "))
	case map[string]any:
		for _, name := range []string{"name", "edtf"} {
			if text, ok := x[name].(string); ok {
				return text
			}
		}
		for _, name := range []string{"p", "value", "mean"} {
			if part, ok := x[name]; ok {
				return plainCell(part)
			}
		}
		return "…"
	case float64:
		return fmt.Sprintf("%.4g", x)
	case string:
		return orDash(strings.ToLower(strings.ReplaceAll(x, "_", " ")))
	}
	return fmt.Sprint(value)
}

// singular is what an item of a list is called: posts has a post, bodies a body.
func singular(list string) string {
	if of, ok := strings.CutSuffix(list, "ies"); ok {
		return of + "y"
	}
	return strings.TrimSuffix(list, "s")
}

// spaced writes a name of GraphQL in words.
func spaced(name string) string {
	var out strings.Builder
	for _, r := range name {
		if unicode.IsUpper(r) {
			out.WriteByte(' ')
		}
		out.WriteRune(unicode.ToLower(r))
	}
	return out.String()
}

func capital(text string) string { return strings.ToUpper(text[:1]) + text[1:] }
