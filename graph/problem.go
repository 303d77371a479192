package graph

import (
	"cmp"
	"context"
	"fmt"
	"slices"
	"sort"
	"strings"
)

// Rule names what a problem breaks. The names stay from version to version:
// programs count and filter by them.
type Rule string

// The rules, in the order of their names.
const (
	RuleDate          Rule = "date"
	RuleDateOrder     Rule = "date-order"
	RuleDuplicateID   Rule = "duplicate-id"
	RuleEndMissing    Rule = "end-missing"
	RuleEnds          Rule = "ends"
	RuleForm          Rule = "form"
	RuleIDMissing     Rule = "id-missing"
	RuleKind          Rule = "kind"
	RuleList          Rule = "list"
	RuleNameMissing   Rule = "name-missing"
	RuleNumber        Rule = "number"
	RuleProperty      Rule = "property"
	RuleSourceMissing Rule = "source-missing"
	RuleText          Rule = "text"
	RuleTieType       Rule = "tie-type"
	RuleType          Rule = "type"
	RuleWord          Rule = "word"
)

// RuleInfo is a row of the table of rules.
type RuleInfo struct {
	Rule Rule
	// Help says in a sentence what is wrong where the rule is broken.
	Help string
}

var rules = []RuleInfo{
	{RuleDate, "A date is not an EDTF date, or is one that cannot stand there."},
	{RuleDateOrder, "A tie ends before it starts, or was last seen before it was first seen."},
	{RuleDuplicateID, "Another node or tie has the id."},
	{RuleEndMissing, "A tie leads to a node that is not there."},
	{RuleEnds, "A tie of this type cannot join these two nodes."},
	{RuleForm, "A value is not in its canonical form."},
	{RuleIDMissing, "A node has no id."},
	{RuleKind, "A node has not exactly one kind, or has two in two places."},
	{RuleList, "A list is meant where there is something else, or one value where there are several."},
	{RuleNameMissing, "A node has no name, or a blank one."},
	{RuleNumber, "A value is not a number, or is outside its range."},
	{RuleProperty, "The kind of node or type of tie has no such property."},
	{RuleSourceMissing, "A citation names no source, or one that is not there."},
	{RuleText, "A text is too long, empty, not UTF-8, or has a character that it cannot have."},
	{RuleTieType, "The vocabulary has no such type of tie."},
	{RuleType, "A value is stored as something else than the vocabulary says, such as a number for a text."},
	{RuleWord, "A value is not one of the words that may stand there."},
}

// Rules returns the table of rules, in the order of their names.
func Rules() []RuleInfo { return slices.Clone(rules) }

// ParseRule reads the name of a rule; an unknown one is ErrQuery with those that
// there are.
func ParseRule(name string) (Rule, error) {
	names := make([]string, len(rules))
	for i, row := range rules {
		if string(row.Rule) == name {
			return row.Rule, nil
		}
		names[i] = string(row.Rule)
	}
	return "", fmt.Errorf("%w: no rule %q (one of %s)", ErrQuery, shorten(name), strings.Join(names, ", "))
}

// Problem is one thing wrong with a batch, a record or what a store holds: where,
// which value, why.
type Problem struct {
	Rule Rule
	// Item is the id of the node or tie, or its place in the batch.
	Item string
	// Element is what the store itself calls the node or tie, such as Neo4j's
	// elementId; empty in a batch.
	Element string
	Field   string
	Value   string
	Reason  string
}

func (p Problem) String() string {
	p = p.Shown()
	return fmt.Sprintf("%s: %s %q: %s", p.Item, p.Field, p.Value, p.Reason)
}

// maxShown bounds a text of a problem that is told, in bytes.
const maxShown = 200

// Shown returns the problem as it is told to somebody: long texts end with an
// ellipsis after at most 200 bytes.
func (p Problem) Shown() Problem {
	for _, text := range []*string{&p.Item, &p.Element, &p.Field, &p.Value, &p.Reason} {
		*text = shorten(*text)
	}
	return p
}

// shorten cuts a long text at a rune boundary and puts an ellipsis there.
func shorten(text string) string {
	if len(text) <= maxShown+len("…") { // so that what is shortened stays as it is
		return text
	}
	return strings.ToValidUTF8(text[:maxShown], "") + "…"
}

// Compare orders problems by rule, item, field and the rest.
func (p Problem) Compare(q Problem) int {
	return cmp.Or(cmp.Compare(p.Rule, q.Rule), cmp.Compare(p.Item, q.Item), cmp.Compare(p.Field, q.Field),
		cmp.Compare(p.Element, q.Element), cmp.Compare(p.Value, q.Value), cmp.Compare(p.Reason, q.Reason))
}

// OrderProblems returns the problems as they are told, each once, in the order of
// Compare.
func OrderProblems(list []Problem) []Problem {
	out := make([]Problem, len(list))
	for i, p := range list {
		out[i] = p.Shown()
	}
	slices.SortFunc(out, Problem.Compare)
	return slices.Compact(out)
}

// CountProblems counts problems by rule.
func CountProblems(list []Problem) map[Rule]int {
	counts := map[Rule]int{}
	for _, p := range list {
		counts[p.Rule]++
	}
	return counts
}

// ProblemQuery asks for problems.
type ProblemQuery struct {
	// Rule that they break; empty for every rule.
	Rule Rule
	// After continues behind a problem of an earlier page, nil from the beginning.
	After *Problem
	// Limit is the most to return, 0 for all.
	Limit int
}

// Problems is a page of problems, and how many there are.
type Problems struct {
	// Page are those asked for, in the order of Problem.Compare; More says that
	// others follow.
	Page []Problem
	More bool
	// Counts are how many there are by rule, whatever was asked for.
	Counts map[Rule]int
}

// Of selects from all problems, which OrderProblems has ordered. A rule that there
// is not is ErrQuery.
func (q ProblemQuery) Of(all []Problem) (Problems, error) {
	out := Problems{Counts: CountProblems(all)}
	if q.Rule != "" {
		if _, err := ParseRule(string(q.Rule)); err != nil {
			return Problems{}, err
		}
		all = slices.DeleteFunc(slices.Clone(all), func(p Problem) bool { return p.Rule != q.Rule })
	}
	if q.After != nil {
		first := sort.Search(len(all), func(i int) bool { return all[i].Compare(*q.After) > 0 })
		all = all[first:]
	}
	if out.More = q.Limit > 0 && len(all) > q.Limit; out.More {
		all = all[:q.Limit]
	}
	out.Page = slices.Clone(all)
	return out, nil
}

// Inspected is implemented by a store that others can write to by means of their
// own: it may hold what breaks a rule, and does not serve that.
type Inspected interface {
	// Problems looks through the store for what it holds in the terms of the
	// vocabulary and does not serve. It changes nothing. What it tells may reveal
	// ids and values of any marking.
	Problems(ctx context.Context, q ProblemQuery) (Problems, error)

	// ProblemCounts are how many there were by rule when the store was last looked
	// through, false where it was not yet. It reads nothing.
	ProblemCounts() (counts map[Rule]int, known bool)
}
