package main

import (
	"fmt"
	"slices"
	"strconv"
	"strings"

	"entangle/graph"
)

const generated = "<!-- Written by `go generate ./graph` from %s. Change the table there, not this page. -->\n\n"

// nameKinds lists the known kinds of name.
func nameKinds() string {
	kinds := make([]string, 0, len(graph.NameKinds()))
	for _, k := range graph.NameKinds() {
		kinds = append(kinds, code(string(k)))
	}
	return strings.Join(kinds, ", ")
}

// kindsPage lists every kind of node with its types, properties and ties.
func kindsPage() string {
	var b strings.Builder
	fmt.Fprintf(&b, generated, "graph/kind.go")
	b.WriteString(`# Kinds of node

Every node has an id, at least one name (with language, script and kind of name), a set of types, a set of aliases such as
` + "`wikidata:Q796`" + `, citations, a TLP marking and the properties of its kind. The types listed are those that are known; data may
bring others. A property that is not listed is refused. [ties.md](ties.md) has the ties in full.

A name is a text that is not blank, of at most ` + strconv.Itoa(graph.MaxName) + ` bytes. Beside it there may be

- its kind: ` + nameKinds() + `, or another word of at most 64 small letters, digits,
  ` + "`-` and `_`" + ` that begins with a letter, such as ` + "`former`" + `;
- its language, a BCP 47 tag such as ` + "`ar` or `en-GB`" + `: at most 35 letters, digits, ` + "`-` and `_`" + `;
- its script, an ISO 15924 code such as ` + "`Arab`" + `.

Whatever else stands there is refused by every format and store. In a Neo4j it is a problem of its node, and so is a list of these
that has not one element for each name.

| kind | listed by | is |
|---|---|---|
`)
	for _, k := range graph.Kinds() {
		row(&b, link(k.Name), code(k.Plural), k.Help)
	}
	for _, k := range graph.Kinds() {
		fmt.Fprintf(&b, "\n## %s\n\n%s\n", k.Name, k.Help)
		if len(k.Types) > 0 {
			fmt.Fprintf(&b, "\nTypes: %s.\n", codes(k.Types))
		}
		props(&b, k.Props)
		b.WriteString("\n| field | tie | leads to |\n|---|---|---|\n")
		for _, f := range fields(k.Kind) {
			row(&b, code(f.name), "["+f.tie+"](ties.md#"+anchor(f.tie)+")", names(f.far))
		}
		if len(fields(k.Kind)) == 0 {
			row(&b, "", "none: it is cited by nodes and ties", "")
		}
	}
	return b.String()
}

// tiesPage lists every type of tie with its ends, fields, weight and properties.
func tiesPage() string {
	var b strings.Builder
	fmt.Fprintf(&b, generated, "graph/tietype.go")
	b.WriteString(`# Types of tie

Every tie is a claim: it has a start and an end (EDTF level 1), the first and last day on which it was observed, a confidence
with the rule that gave it, citations, an Admiralty grade, a TLP marking, a status, and the properties of its type. The weight is
a share from 0 to 1 that means what the row says; where the data gives none it is missing, not 0. A property that is not
listed is refused. [kinds.md](kinds.md) has the nodes.

| type | from → to | field at the start | field at the end | weight |
|---|---|---|---|---|
`)
	for _, t := range graph.TieTypes() {
		in := code(t.In)
		if t.Symmetric {
			in = "the same: no direction"
		}
		row(&b, link(t.Name), ends(t), code(t.Out), in, t.Weight)
	}
	for _, t := range graph.TieTypes() {
		fmt.Fprintf(&b, "\n## %s\n\n%s\n\n", t.Name, t.Help)
		for _, e := range t.Ends {
			if t.Symmetric {
				fmt.Fprintf(&b, "- %s – %s: `%s.%s` from either end\n", e.From, e.To, e.From, t.Out)
				continue
			}
			fmt.Fprintf(&b, "- %s → %s: `%s.%s`, `%s.%s`\n", e.From, e.To, e.From, t.Out, e.To, t.In)
		}
		if t.Weight != "" {
			fmt.Fprintf(&b, "\nWeight: %s.\n", t.Weight)
		}
		fmt.Fprintf(&b, "\nHalf-life: %s.\n", halfLife(t))
		props(&b, t.Props)
	}
	return b.String()
}

// halfLife says how claims of a type fade.
func halfLife(t graph.TieInfo) string {
	text := fmt.Sprintf("%g years", t.HalfLife)
	switch {
	case t.HalfLife == graph.Endless:
		text = "endless"
	case t.Type == graph.Holds:
		text += ", and by [type of post](model.md#half-lives)"
	}
	text += ". " + strings.TrimSuffix(t.Ages, ".")
	if t.Structure {
		text += ". Structure: where nobody dated it, it stands"
	}
	return text
}

func props(b *strings.Builder, specs []graph.PropSpec) {
	if len(specs) == 0 {
		return
	}
	b.WriteString("\n| property | value | meaning |\n|---|---|---|\n")
	for _, s := range specs {
		row(b, code(s.Name), values(s), s.Help)
	}
}

// values says in words what a column takes.
func values(s graph.PropSpec) string {
	text := map[graph.PropType]string{
		graph.StringProp: "text", graph.IntProp: "whole number", graph.FloatProp: "number",
		graph.BoolProp: "true or false", graph.DateProp: "date (EDTF level 1)",
	}[s.Type]
	number := s.Type == graph.IntProp || s.Type == graph.FloatProp
	switch {
	case len(s.Enum) > 0 && s.List:
		return "any of " + codes(s.Enum)
	case len(s.Enum) > 0:
		return "one of " + codes(s.Enum)
	case s.Bounded:
		text += fmt.Sprintf(", %g to %g", s.Min, s.Max)
	case number:
		text += fmt.Sprintf(", %g or more", s.Min)
	}
	if s.List {
		text = "list: " + text
	}
	return text
}

type field struct {
	name, tie string
	far       []graph.Kind
}

// fields are the fields that ties give a kind of node.
func fields(k graph.Kind) []field {
	var out []field
	for _, t := range graph.TieTypes() {
		var to, from []graph.Kind
		for _, e := range t.Ends {
			if e.From == k {
				to = append(to, e.To)
			}
			if e.To == k && !t.Symmetric {
				from = append(from, e.From)
			}
		}
		if len(to) > 0 {
			out = append(out, field{t.Out, t.Name, to})
		}
		if len(from) > 0 {
			out = append(out, field{t.In, t.Name, from})
		}
	}
	return out
}

func ends(t graph.TieInfo) string {
	arrow := " → "
	if t.Symmetric {
		arrow = " – "
	}
	var parts []string
	for _, e := range t.Ends {
		parts = append(parts, e.From.String()+arrow+e.To.String())
	}
	return strings.Join(parts, ", ")
}

func names(list []graph.Kind) string {
	var out []string
	for _, k := range list {
		if !slices.Contains(out, k.String()) {
			out = append(out, k.String())
		}
	}
	return strings.Join(out, ", ")
}

func row(b *strings.Builder, cells ...string) {
	for i, c := range cells {
		cells[i] = strings.ReplaceAll(c, "|", `\|`)
	}
	b.WriteString("| " + strings.Join(cells, " | ") + " |\n")
}

func code(s string) string { return "`" + s + "`" }

func codes(list []string) string { return code(strings.Join(list, "`, `")) }

func link(heading string) string { return "[" + heading + "](#" + anchor(heading) + ")" }

// anchor is the fragment that renderers of Markdown give a heading.
func anchor(heading string) string { return strings.ToLower(heading) }
