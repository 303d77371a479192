package native

import (
	"cmp"
	"context"
	"iter"
	"slices"
	"strconv"
	"strings"
	"unicode"

	"entangle/graph"
	"entangle/loaders"
)

// Format reads nodes.csv and ties.csv.
type Format struct{}

// Properties describes the format.
func (Format) Properties() loaders.Properties {
	return loaders.Properties{
		Name: "native", Title: "nodes.csv and ties.csv with neo4j-admin headers", Extensions: []string{"csv", "tsv"},
		Docs: "The pair of files that export writes: nodes with :ID and :LABEL, ties with :START_ID, :END_ID and :TYPE. It carries everything a store holds.",
	}
}

// Detect looks for the special columns in the first line.
func (Format) Detect(head []byte) loaders.Match {
	roles := map[string]bool{}
	for _, name := range loaders.HeaderOf(head) {
		if m := headerPattern.FindStringSubmatch(name); m != nil {
			roles[m[2]] = true
		}
	}
	switch {
	case roles[roleStart] || roles[roleEnd]:
		return loaders.Match{Score: 90, Part: "ties", Rank: 1}
	case roles[roleID] || roles[roleLabel]:
		return loaders.Match{Score: 90, Part: "nodes"}
	}
	return loaders.Match{}
}

// Read reads one of the two files; the header tells which.
func (Format) Read(ctx context.Context, in loaders.Content) iter.Seq2[loaders.Record, error] {
	return func(yield func(loaders.Record, error) bool) {
		file, err := in.Open()
		if err != nil {
			yield(loaders.Record{}, err)
			return
		}
		defer file.Close()
		table, err := loaders.NewTable(file)
		if err != nil {
			yield(loaders.Record{}, err)
			return
		}
		ties := slices.ContainsFunc(table.Header, func(c loaders.Cell) bool { return strings.Contains(c.Text, ":"+roleStart) })
		fixed, props, need, collection, parse := nodeColumns, graph.PropsOf(nil), []string{":ID", ":LABEL"}, "nodes", line.node
		if ties {
			fixed, props, need, collection, parse = tieColumns, graph.TiePropsOf(nil), []string{":START_ID", ":END_ID", ":TYPE"}, "ties", line.tie
		}
		plan, err := newPlan(table, fixed, props, in.Denied)
		if err == nil && !plan.has(need...) {
			err = &loaders.Fault{Place: loaders.Place{Line: 1}, Reason: "the header lacks one of " + strings.Join(need, ", ")}
		}
		if err != nil {
			yield(loaders.Record{}, err)
			return
		}
		if !yield(loaders.Record{Notes: plan.notes}, nil) {
			return
		}
		for row, err := range table.Rows(ctx) {
			if err != nil {
				yield(loaders.Record{}, err)
				return
			}
			if !yield(plan.record(row, collection, parse), nil) {
				return
			}
		}
	}
}

func (p *plan) record(row loaders.Row, collection string, parse func(line)) loaders.Record {
	rec := loaders.Record{Row: row.Number, Line: row.Line, Collection: collection}
	if row.Bad != nil {
		rec.Rejects = []loaders.Reject{*row.Bad}
		return rec
	}
	l := line{plan: p, row: row, rec: &rec}
	rec.Locate = l.locate
	if row.Extra > 0 {
		rec.Repaired(loaders.Place{Line: row.Line}, "", "empty-cells-past-the-header")
	}
	parse(l)
	return rec
}

// locate finds the column behind a field that validation names.
func (l line) locate(field string) loaders.Place {
	other := map[string]string{
		"kind": ":LABEL", "names": "name", "source": "sources", "quote": "quotes", "from": ":START_ID", "to": ":END_ID", "type": ":TYPE", "first/last": "first",
	}
	switch {
	case strings.HasPrefix(field, "name") && field != "names": // what stands beside a name is a part of a cell
		place := l.place("names")
		place.Value = ""
		return place
	case field == "id" && l.header[":ID"] != "":
		return l.place(":ID")
	}
	return l.place(cmp.Or(other[field], field))
}

// node reads a row of nodes.csv.
func (l line) node() {
	n := graph.Node{ID: l.ref(":ID"), Marking: l.marking(), Citations: l.citations()}
	var extra []string
	n.Kind, extra = l.label()
	n.Names = l.names()
	n.Types = append(nonEmpty(l.list("types")), extra...)
	n.Aliases = nonEmpty(l.list("ids"))
	if n.Kind.Valid() {
		n.Props = l.propsOf(n.Kind.Info().Props, "a "+n.Kind.String())
	}
	l.rec.Nodes = []graph.Node{n}
}

// label reads :LABEL: one label is the kind; others become types.
func (l line) label() (kind graph.Kind, types []string) {
	for _, label := range nonEmpty(l.list(":LABEL")) {
		k, err := graph.ParseKind(label)
		switch {
		case err != nil:
			types = append(types, snake(label))
		case kind.Valid():
			l.bad(":LABEL", loaders.CodeVocabulary, "two labels are kinds: a node has one")
		default:
			kind = k
		}
	}
	if !kind.Valid() {
		_, err := graph.ParseKind(l.get(":LABEL"))
		l.bad(":LABEL", loaders.CodeVocabulary, err.Error())
		return 0, nil
	}
	if len(types) > 0 {
		l.rec.Repaired(l.place(":LABEL"), kind.String()+" of types "+strings.Join(types, ", "), "label-to-type")
	}
	return kind, types
}

// snake writes a label as a type: ArmedGroup becomes armed_group.
func snake(label string) string {
	var b strings.Builder
	lower := false
	for _, r := range label {
		switch {
		case unicode.IsUpper(r):
			if lower {
				b.WriteByte('_')
			}
			b.WriteRune(unicode.ToLower(r))
			lower = false
		case unicode.IsSpace(r), r == '-':
			b.WriteByte('_')
			lower = false
		default:
			b.WriteRune(r)
			lower = true
		}
	}
	return b.String()
}

func (l line) names() []graph.Name {
	var full []graph.Name
	for _, text := range l.list("names") {
		parts := strings.SplitN(text, ":", 4)
		if len(parts) != 4 {
			l.bad("names", loaders.CodeValue, "a name in full is kind:lang:script:text")
			return nil
		}
		full = append(full, graph.Name{Kind: graph.NameKind(parts[0]), Lang: parts[1], Script: parts[2], Text: parts[3]})
	}
	primary := l.get("name")
	if len(full) > 0 && (primary == "" || primary == full[0].Text) && l.get("name_native") == "" && l.get("aliases") == "" {
		return full
	}
	var names []graph.Name
	if primary != "" {
		names = append(names, loaders.NameOf(primary, graph.PrimaryName))
	}
	if native := l.get("name_native"); native != "" {
		names = append(names, loaders.NameOf(native, graph.NativeName))
	}
	for _, alias := range nonEmpty(l.list("aliases")) {
		names = append(names, loaders.NameOf(alias, graph.AliasName))
	}
	return append(names, full...)
}

// tie reads a row of ties.csv.
func (l line) tie() {
	t := loaders.Tie{FromField: "from", ToField: "to"}
	t.ID, t.From, t.To = graph.ID(l.get("id")), l.ref(":START_ID"), l.ref(":END_ID")
	for _, key := range []string{":START_ID", ":END_ID"} {
		if l.get(key) == "" {
			l.bad(key, loaders.CodeValue, "the end of a tie cannot be empty")
		}
	}
	var err error
	if t.Type, err = graph.ParseTieType(l.get(":TYPE")); err != nil {
		l.bad(":TYPE", loaders.CodeVocabulary, "no such tie type (one of "+tieNames()+")")
	} else {
		t.Props = l.propsOf(t.Type.Info().Props, "a "+t.Type.String()+" tie")
	}
	t.Span = graph.Span{
		Start: l.date("start", l.get("start")), End: l.date("end", l.get("end")),
		First: l.date("first", l.get("first")), Last: l.date("last", l.get("last")),
	}
	if l.get("confidence") != "" {
		t.Confidence = graph.Stated(l.float("confidence"))
		if rule := l.get("confidenceRule"); rule != "" {
			t.Confidence.Rule = rule
		}
	}
	if l.get("weight") != "" {
		t.Weight = graph.KnownShare(l.float("weight"))
	}
	if t.Grade, err = graph.ParseGrade(l.get("grade")); err != nil {
		l.bad("grade", loaders.CodeValue, err.Error())
	}
	if t.Status, err = graph.ParseStatus(l.get("status")); err != nil {
		l.bad("status", loaders.CodeValue, err.Error())
	}
	if derived := l.get("derived"); derived != "" {
		t.Derived = l.value(graph.PropSpec{Name: "derived", Type: graph.BoolProp}, derived) == "true"
	}
	t.Marking, t.Citations = l.marking(), l.citations()
	t.ConflictSet, t.DerivedBy, t.Note = l.get("conflictSet"), l.get("derivedBy"), l.get("note")
	l.rec.Ties = []loaders.Tie{t}
}

func (l line) float(key string) float64 {
	f, err := strconv.ParseFloat(strings.TrimSpace(l.get(key)), 64)
	if err != nil {
		l.bad(key, loaders.CodeValue, "not a number")
	}
	return f
}

func tieNames() string {
	var names []string
	for _, row := range graph.TieTypes() {
		names = append(names, row.Name)
	}
	return strings.Join(names, ", ")
}
