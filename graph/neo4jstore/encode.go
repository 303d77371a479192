package neo4jstore

import (
	"crypto/sha256"
	"encoding/hex"
	"strconv"
	"strings"
	"unicode/utf8"

	"github.com/neo4j/neo4j-go-driver/v5/neo4j/dbtype"

	"entangle/graph"
	"entangle/graph/fold"
)

// Properties of a node, besides those of its kind. Lists run beside each other:
// the first element of a name list belongs to name, the next to otherNames. Those
// that begin with an underscore are computed from the others.
const (
	labelEntity = "Entity"
	labelLong   = "EntangleLong"

	propID          = "id"
	propName        = "name"
	propOtherNames  = "otherNames"
	propNameLangs   = "nameLangs"
	propNameScripts = "nameScripts"
	propNameKinds   = "nameKinds"
	propTypes       = "types"
	propAliases     = "aliases"
	propSources     = "sources"
	propPages       = "pages"
	propQuotes      = "quotes"
	propMarking     = "marking"
	propLoad        = "load"

	// The folded key of the primary name, for the order of lists: as much of it
	// as an index takes, and the rest.
	propKey     = "_key"
	propKeyRest = "_keyRest"
	// The folded keys of all names, one a line; in the second property where
	// they are too long for an index.
	propKeys     = "_keys"
	propKeysLong = "_keysLong"
	// Digests of the aliases.
	propDigests = "_aliases"
	// The texts that the computed properties were computed from.
	propStamp = "_stamp"
	// A date property has two DATEs beside it: _bornEarliest, _bornLatest.
	earliest, latest = "Earliest", "Latest"
	// The POINT of what has a latitude and a longitude.
	propPoint        = "_point"
	propLat, propLon = "lat", "lon"
)

// Properties of a tie, besides those of its type and those it shares with nodes.
const (
	propStart       = "start"
	propEnd         = "end"
	propFirst       = "firstSeen"
	propLast        = "lastSeen"
	propConfidence  = "confidence"
	propRule        = "confidenceRule"
	propWeight      = "weight"
	propGrade       = "grade"
	propStatus      = "status"
	propConflictSet = "conflictSet"
	propDerived     = "derived"
	propDerivedBy   = "derivedBy"
	propNote        = "note"

	// The four dates and the bounds in one text, and the bounds computed from them, as
	// DATEs. All but the first bound are absent where they say no more than the others:
	// see encodeBounds.
	propSpan          = "_span"
	propStartEarliest = "_startEarliest"
	propStartLatest   = "_startLatest"
	propEndEarliest   = "_endEarliest"
	propEndLatest     = "_endLatest"
	propEvidence      = "_evidence"

	// The id of a relationship that was set apart, since another had it (schema.go).
	propDouble = "_double"
)

// Limits of the indexes: a range index takes 8 kB, a text index 32 kB.
const (
	maxKeyRunes  = 500
	maxKeysBytes = 30_000
)

// splitKey cuts a folded key behind its first maxKeyRunes letters, so that the
// two parts compare as the whole does.
func splitKey(key string) (head, rest string) {
	n := 0
	for i := range key {
		if n == maxKeyRunes {
			return key[:i], key[i:]
		}
		n++
	}
	return key, ""
}

// digest stands for an alias in the index: 16 letters.
func digest(alias string) string {
	sum := sha256.Sum256([]byte(alias))
	return hex.EncodeToString(sum[:8])
}

// dateBound names the DATEs beside a date property.
func dateBound(name, which string) string { return "_" + name + which }

// orNil makes an absent property of an empty text.
func orNil(s string) any {
	if s == "" {
		return nil
	}
	return s
}

func listOrNil(list []string) any {
	if len(list) == 0 {
		return nil
	}
	return list
}

// columnOrNil returns a list beside another, absent where it says nothing.
func columnOrNil[T any](of []T, text func(T) string) any {
	list := make([]string, len(of))
	said := false
	for i, v := range of {
		list[i] = text(v)
		said = said || list[i] != ""
	}
	if !said {
		return nil
	}
	return list
}

// nameKinds returns the list of the kinds of names, absent where it says what goes
// without saying: the first is the primary name, the others are just names.
func nameKinds(names []graph.Name) any {
	list := make([]string, len(names))
	unsaid := true
	for i, n := range names {
		list[i] = string(n.Kind)
		unsaid = unsaid && n.Kind == unsaidKind(i)
	}
	if unsaid {
		return nil
	}
	return list
}

func unsaidKind(i int) graph.NameKind {
	if i == 0 {
		return graph.PrimaryName
	}
	return ""
}

// encodeNode returns the properties of a node: all that the vocabulary gives its
// kind, nil for those it has not, so that an update removes them.
func encodeNode(n graph.Node) map[string]any {
	p := map[string]any{
		propID:          string(n.ID),
		propName:        n.Name(),
		propOtherNames:  nil,
		propNameLangs:   columnOrNil(n.Names, func(n graph.Name) string { return n.Lang }),
		propNameScripts: columnOrNil(n.Names, func(n graph.Name) string { return n.Script }),
		propNameKinds:   nameKinds(n.Names),
		propTypes:       listOrNil(n.Types),
		propAliases:     listOrNil(n.Aliases),
		propLoad:        orNil(string(n.Load)),
	}
	if len(n.Names) > 1 {
		p[propOtherNames] = columnOrNil(n.Names[1:], func(n graph.Name) string { return n.Text })
	}
	encodeMarking(p, n.Marking)
	encodeCitations(p, n.Citations)
	encodeProps(p, n.Kind.Info().Props, n.Props)
	computeNode(p, n)
	return p
}

// computeNode sets the properties that are computed from others.
func computeNode(p map[string]any, n graph.Node) {
	keys := make([]string, len(n.Names))
	for i, name := range n.Names {
		keys[i] = fold.Key(name.Text)
	}
	all := strings.Join(keys, "\n")
	head, rest := "", ""
	if len(keys) > 0 {
		head, rest = splitKey(keys[0])
	}
	p[propKey], p[propKeyRest] = head, orNil(rest)
	p[propKeys], p[propKeysLong] = all, nil
	if len(all) > maxKeysBytes {
		p[propKeys], p[propKeysLong] = nil, all
	}
	p[propDigests] = nil
	if len(n.Aliases) > 0 {
		digests := make([]string, len(n.Aliases))
		for i, a := range n.Aliases {
			digests[i] = digest(a)
		}
		p[propDigests] = strings.Join(digests, " ")
	}
	encodePoint(p, n)
	p[propStamp] = stampOf(n)
}

// stampOf joins the texts that computed properties depend on, and the bounds of dates, as
// unsettled_nodes.cypher does.
func stampOf(n graph.Node) string {
	return stamp(n, func(text string) string { return text + joinedDays(daysOfText(text)) })
}

// stampOfTexts is the stamp of layouts before 5.
func stampOfTexts(n graph.Node) string {
	return stamp(n, func(text string) string { return text })
}

func stamp(n graph.Node, date func(text string) string) string {
	var b strings.Builder
	for i, name := range n.Names {
		if i > 0 {
			b.WriteByte('\n')
		}
		b.WriteString(name.Text)
	}
	for _, a := range n.Aliases {
		b.WriteString("\n=" + a)
	}
	for _, spec := range n.Kind.Info().Props {
		if spec.Type == graph.DateProp {
			b.WriteString("\n" + date(n.Props.Text(spec.Name)))
		}
	}
	return b.String()
}

func encodeMarking(p map[string]any, m graph.Marking) {
	p[propMarking] = nil
	if m != graph.Clear {
		p[propMarking] = m.String()
	}
}

func encodeCitations(p map[string]any, list []graph.Citation) {
	p[propSources] = columnOrNil(list, func(c graph.Citation) string { return string(c.Source) })
	p[propPages] = columnOrNil(list, func(c graph.Citation) string { return c.Page })
	p[propQuotes] = columnOrNil(list, func(c graph.Citation) string { return c.Quote })
}

func encodeProps(p map[string]any, specs []graph.PropSpec, props graph.Props) {
	for _, spec := range specs {
		values := props[spec.Name]
		p[spec.Name] = nil
		if spec.Type == graph.DateProp {
			p[dateBound(spec.Name, earliest)], p[dateBound(spec.Name, latest)] = nil, nil
		}
		switch {
		case len(values) == 0:
		case spec.List:
			p[spec.Name] = values
		default:
			encodeValue(p, spec, values[0])
		}
	}
}

// encodeValue stores one value so that a Cypher query finds a number where it
// expects one. The text of a canonical value comes back byte for byte.
func encodeValue(p map[string]any, spec graph.PropSpec, text string) {
	p[spec.Name] = text
	switch spec.Type {
	case graph.IntProp:
		if n, err := strconv.ParseInt(text, 10, 64); err == nil {
			p[spec.Name] = n
		}
	case graph.FloatProp:
		if f, err := strconv.ParseFloat(text, 64); err == nil {
			p[spec.Name] = f
		}
	case graph.BoolProp:
		p[spec.Name] = text == "true"
	case graph.DateProp:
		p[dateBound(spec.Name, earliest)], p[dateBound(spec.Name, latest)] = daysOfText(text)
	case graph.StringProp:
	}
}

// encodeTie returns the properties of a tie, nil for those it has not.
func encodeTie(t graph.Tie) map[string]any {
	p := map[string]any{
		propID:          string(t.ID),
		propStart:       orNil(t.Span.Start.Text),
		propEnd:         orNil(t.Span.End.Text),
		propFirst:       orNil(t.Span.First.Text),
		propLast:        orNil(t.Span.Last.Text),
		propConfidence:  t.Confidence.Value,
		propRule:        orNil(t.Confidence.Rule),
		propWeight:      nil,
		propGrade:       orNil(t.Grade.String()),
		propStatus:      nil,
		propConflictSet: orNil(t.ConflictSet),
		propDerived:     nil,
		propDerivedBy:   orNil(t.DerivedBy),
		propNote:        orNil(t.Note),
		propLoad:        orNil(string(t.Load)),
	}
	if t.Weight.Known {
		p[propWeight] = t.Weight.Value
	}
	if t.Derived {
		p[propDerived] = true
	}
	if t.Status != graph.Accepted {
		p[propStatus] = t.Status.String()
	}
	encodeMarking(p, t.Marking)
	encodeCitations(p, t.Citations)
	encodeProps(p, t.Type.Info().Props, t.Props)
	encodeBounds(p, t.Span)
	return p
}

// encodeBounds sets what is computed from the dates of a tie. Every property costs
// when it is written, so only the first bound, which also tells that the tie is
// settled, is always there; boundOf in where.go says what the absence of another
// means. The text of the dates is absent where whole days are all there is: then
// the bounds tell whether someone has changed them (unsettled_ties.cypher).
func encodeBounds(p map[string]any, s graph.Span) {
	b := s.Bounds()
	p[propStartEarliest] = nativeDay(b.StartEarliest)
	startLatest, endEarliest := b.StartEarliest, b.EndLatest
	if b.StartEarliest == graph.MinDay {
		startLatest = b.EndLatest
	}
	if b.EndLatest == graph.MaxDay {
		endEarliest = b.StartEarliest
	}
	p[propStartLatest] = dayOrNil(b.StartLatest, startLatest)
	p[propEndEarliest] = dayOrNil(b.EndEarliest, endEarliest)
	p[propEndLatest] = dayOrNil(b.EndLatest, graph.MaxDay)
	p[propEvidence] = dayOrNil(b.Evidence, b.StartEarliest)
	p[propSpan] = nil
	if s.First.Text != "" || s.Last.Text != "" || !wholeDay(s.Start) || !wholeDay(s.End) {
		p[propSpan] = spanText(s) + boundsText(p)
	}
}

// dayOrNil makes an absent property of a day that goes without saying.
func dayOrNil(d, unsaid graph.Day) any {
	if d == unsaid {
		return nil
	}
	return nativeDay(d)
}

// wholeDay reports a date that is one day, written as such, or unknown.
func wholeDay(d graph.Date) bool {
	return d.Unknown() || d.Known() && d.Earliest == d.Latest && d.Text == d.Earliest.String()
}

// boundNames are the computed bounds in the order in which they are joined.
var boundNames = []string{propStartEarliest, propStartLatest, propEndEarliest, propEndLatest, propEvidence}

// boundsText joins the bounds of a tie, so that somebody who changes one is found out.
func boundsText(p map[string]any) string {
	list := make([]string, len(boundNames))
	for i, name := range boundNames {
		if day, ok := p[name].(dbtype.Date); ok {
			list[i] = isoDay(day)
		}
	}
	return "|" + strings.Join(list, ",")
}

// joinedBounds is boundsText in a statement, of the tie in variable r.
func joinedBounds(r cypher) cypher {
	list := make([]cypher, len(boundNames))
	for i, name := range boundNames {
		at := r + "." + word(name)
		list[i] = "CASE WHEN " + at + " IS :: DATE THEN coalesce(toString(" + at + "), '') ELSE '?' END"
	}
	return "'|' + " + join(list, " + ',' + ")
}

// spanText joins the dates of a span, as unsettled_ties.cypher does.
func spanText(s graph.Span) string {
	return s.Start.Text + "/" + s.End.Text + "/" + s.First.Text + "/" + s.Last.Text
}

// valid leaves out what cannot be stored anywhere, so that asking for it finds
// nothing instead of failing.
func valid[T ~string](list []T) []string {
	out := make([]string, 0, len(list))
	for _, v := range list {
		if utf8.ValidString(string(v)) {
			out = append(out, string(v))
		}
	}
	return out
}

// validText makes a place in a list of any text: what is no UTF-8 is cut off
// where that begins, which leaves it where it was in the order but for texts that
// no store has.
func validText(s string) string {
	for i, r := range s {
		if r == utf8.RuneError {
			if _, size := utf8.DecodeRuneInString(s[i:]); size == 1 {
				return s[:i]
			}
		}
	}
	return s
}
