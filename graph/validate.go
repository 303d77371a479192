package graph

import (
	"fmt"
	"slices"
	"strconv"
	"strings"
	"unicode/utf8"
)

// MaxText bounds every single text of a node or tie, in bytes.
const MaxText = 64 << 10

// MaxName bounds a name, in bytes: what an index on names takes, and more than any name has.
const MaxName = 4 << 10

// ValidateNode returns what is wrong with a node, nothing where it is valid.
func ValidateNode(n Node) []Problem {
	c := check{item: "node " + string(n.ID)}
	c.id("id", n.ID)
	if !n.Kind.Valid() {
		c.bad(RuleKind, "kind", n.Kind.String(), "no such kind")
		return c.problems
	}
	if len(n.Names) == 0 {
		c.bad(RuleNameMissing, "names", "", "a node needs a name")
	}
	for _, name := range n.Names {
		c.name(name)
	}
	for _, t := range n.Types {
		c.text("types", t)
		if t == "" || strings.ContainsAny(t, " \t;") {
			c.bad(RuleText, "types", t, "a type is one word")
		}
	}
	for _, a := range n.Aliases {
		c.text("aliases", a)
		if a == "" {
			c.bad(RuleText, "aliases", a, "an alias cannot be empty")
		}
	}
	c.marking(n.Marking)
	c.props(n.Kind.Info().Props, n.Props)
	c.citations(n.Citations)
	return c.problems
}

// ValidateTie returns what is wrong with a tie. from and to are the kinds of
// its ends, 0 where the end does not exist.
func ValidateTie(t Tie, from, to Kind) []Problem {
	c := check{item: "tie " + string(t.ID)}
	if t.ID != "" { // Normal derives a missing one
		c.id("id", t.ID)
	}
	if !t.Type.Valid() {
		c.bad(RuleTieType, "type", t.Type.String(), "no such tie type")
		return c.problems
	}
	if !from.Valid() {
		c.bad(RuleEndMissing, "from", string(t.From), "no such node")
	}
	if !to.Valid() {
		c.bad(RuleEndMissing, "to", string(t.To), "no such node")
	}
	if from.Valid() && to.Valid() && !t.Type.Joins(from, to) {
		c.bad(RuleEnds, "type", t.Type.String(), fmt.Sprintf("cannot join %s to %s (joins %s)", from, to, endsText(t.Type)))
	}
	if t.From == t.To {
		c.bad(RuleEnds, "to", string(t.To), "a tie cannot join a node to itself")
	}
	if v := t.Confidence.Value; !(v >= 0 && v <= 1) {
		c.bad(RuleNumber, "confidence", strconv.FormatFloat(v, 'g', -1, 64), "outside 0 to 1")
	}
	if v := t.Weight; v.Known && !(v.Value >= 0 && v.Value <= 1) {
		c.bad(RuleNumber, "weight", strconv.FormatFloat(v.Value, 'g', -1, 64), "outside 0 to 1")
	}
	if int(t.Status) >= len(statuses) {
		c.bad(RuleWord, "status", t.Status.String(), "no such status")
	}
	if g, err := ParseGrade(t.Grade.String()); err != nil || g != t.Grade {
		c.bad(RuleWord, "grade", strconv.QuoteToASCII(t.Grade.String()), "not an Admiralty grade")
	}
	c.marking(t.Marking)
	c.span(t.Span)
	c.props(t.Type.Info().Props, t.Props)
	c.citations(t.Citations)
	c.text("confidence", t.Confidence.Rule)
	c.text("conflictSet", t.ConflictSet)
	c.text("derivedBy", t.DerivedBy)
	c.text("note", t.Note)
	return c.problems
}

// Validate returns what is wrong with the batch. kindOf tells the kind of a
// node that is not in the batch, 0 where the store has none.
func (b Batch) Validate(kindOf func(ID) Kind) []Problem {
	var problems []Problem
	here := make(map[ID]Kind, len(b.Nodes))
	for i, n := range b.Nodes {
		first := len(problems)
		problems = append(problems, ValidateNode(n)...)
		place(problems[first:], nodeItem(n, i))
		if k, ok := here[n.ID]; ok && k != n.Kind {
			problems = append(problems, Problem{Rule: RuleKind, Item: "node " + string(n.ID), Field: "kind", Value: n.Kind.String(), Reason: "the batch also has it as " + k.String()})
		}
		if k := kindOf(n.ID); k.Valid() && k != n.Kind {
			problems = append(problems, Problem{Rule: RuleKind, Item: "node " + string(n.ID), Field: "kind", Value: n.Kind.String(), Reason: "the store has it as " + k.String()})
		}
		here[n.ID] = n.Kind
	}
	find := func(id ID) Kind {
		if k, ok := here[id]; ok {
			return k
		}
		return kindOf(id)
	}
	gone := make(map[ID]bool, len(b.Gone))
	for _, id := range b.Gone {
		gone[id] = true
	}
	cited := func(item string, list []Citation) {
		for _, c := range list {
			if k := find(c.Source); c.Source != "" && k != Source && (k.Valid() || !gone[c.Source]) {
				problems = append(problems, Problem{Rule: RuleSourceMissing, Item: item, Field: "source", Value: string(c.Source), Reason: "no such source"})
			}
		}
	}
	for i, t := range b.Ties {
		first := len(problems)
		problems = append(problems, ValidateTie(t, find(t.From), find(t.To))...)
		cited("tie "+string(t.ID), t.Citations)
		if t.ID == "" {
			place(problems[first:], fmt.Sprintf("tie number %d", i+1))
		}
	}
	for i, n := range b.Nodes {
		cited(nodeItem(n, i), n.Citations)
	}
	return problems
}

func nodeItem(n Node, i int) string {
	if n.ID == "" {
		return fmt.Sprintf("node number %d", i+1)
	}
	return "node " + string(n.ID)
}

// place says where in the batch a thing without an id stands.
func place(problems []Problem, item string) {
	for i := range problems {
		problems[i].Item = item
	}
}

type check struct {
	item     string
	problems []Problem
}

func (c *check) bad(rule Rule, field, value, reason string) {
	c.problems = append(c.problems, Problem{Rule: rule, Item: c.item, Field: field, Value: shorten(value), Reason: reason})
}

func (c *check) id(field string, id ID) {
	switch {
	case id == "":
		c.bad(RuleIDMissing, field, "", "an id cannot be empty")
	case len(id) > 512:
		c.bad(RuleText, field, string(id), "an id has at most 512 bytes")
	}
	c.text(field, string(id))
}

// text checks what every text has to be, and reports whether it is.
func (c *check) text(field, s string) bool {
	before := len(c.problems)
	switch {
	case len(s) > MaxText:
		c.bad(RuleText, field, s, fmt.Sprintf("longer than %d bytes", MaxText))
	case !utf8.ValidString(s):
		c.bad(RuleText, field, strconv.QuoteToASCII(s), "not UTF-8")
	case strings.ContainsRune(s, 0):
		c.bad(RuleText, field, strconv.QuoteToASCII(s), "has a NUL character")
	}
	return len(c.problems) == before
}

func (c *check) props(specs []PropSpec, props Props) {
	for _, name := range props.Names() {
		values := props[name]
		spec, ok := Spec(specs, name)
		if !ok {
			c.bad(RuleProperty, name, strings.Join(values, ";"), "no such property here")
			continue
		}
		if len(values) > 1 && !spec.List {
			c.bad(RuleList, name, strings.Join(values, ";"), "takes one value")
		}
		for _, v := range values {
			c.text(name, v)
			if v == "" {
				c.bad(RuleText, name, v, "empty: leave the property out")
			} else if canonical, err := spec.Check(v); err != nil {
				c.bad(spec.rule(), name, v, err.Error())
			} else if canonical != v {
				c.bad(RuleForm, name, v, fmt.Sprintf("not in canonical form, which is %q", canonical))
			}
		}
	}
}

func (c *check) citations(list []Citation) {
	for _, ci := range list {
		if ci.Source == "" {
			c.bad(RuleSourceMissing, "source", "", "a citation names its source")
		}
		c.text("source", string(ci.Source))
		c.text("page", ci.Page)
		c.text("quote", ci.Quote)
	}
}

func (c *check) marking(m Marking) {
	if int(m) >= len(markings) {
		c.bad(RuleWord, "marking", m.String(), "no such marking")
	}
}

func (c *check) span(s Span) {
	for _, end := range []struct {
		field string
		date  Date
	}{{"start", s.Start}, {"end", s.End}, {"first", s.First}, {"last", s.Last}} {
		if d, err := ParseDate(end.date.Text); err != nil {
			c.bad(RuleDate, end.field, end.date.Text, err.Error())
		} else if d != end.date {
			c.bad(RuleDate, end.field, end.date.Text, "its bounds are not those of its text: take the date from ParseDate")
		}
	}
	if s.Start.Known() && s.End.Known() && s.End.Latest < s.Start.Earliest {
		c.bad(RuleDateOrder, "end", s.End.Text, "before the start "+s.Start.Text)
	}
	if s.First.Known() && s.Last.Known() && s.Last.Latest < s.First.Earliest {
		c.bad(RuleDateOrder, "last", s.Last.Text, "before the first observation "+s.First.Text)
	}
	if s.First.Open() {
		c.bad(RuleDate, "first", s.First.Text, "an observation cannot be open")
	}
	if s.Last.Open() {
		c.bad(RuleDate, "last", s.Last.Text, "an observation cannot be open")
	}
}

func endsText(t TieType) string {
	var parts []string
	for _, e := range t.Info().Ends {
		parts = append(parts, e.From.String()+"→"+e.To.String())
	}
	slices.Sort(parts)
	return strings.Join(parts, ", ")
}
