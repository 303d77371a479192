package storetest

import (
	"fmt"
	"slices"
	"strconv"

	"pgregory.net/rapid"

	"entangle/graph"
)

// The pools that random data draws from: few enough that things meet, odd
// enough to break what quotes, folds or compares carelessly.
var (
	poolTexts = []string{
		"alpha", "Alpha", "al", "ALPHA beta", "100%", "a_b", `it's "so"`, `back\slash`, "NEAR(a b)", "e\u0301", "\u00e9", "straße", "الف باء", "ألف", "😀 x", "a\nb", "a\tb*", "-- x;",
	}
	poolNames = []string{
		"Adan al-Kesh", "ADAN EL KESH", "Adan", "Kesh, Adan", "عدن الكش", "Abd al-Nahr", "Abdulnahr", "Míra Továl", "mira toval", "Ö", "O Li", "Li", "Lina O'Li",
		"100% Party", `The "Quoted" OR NOT`, "a*b", "برج ٣", "برج 3", "North Quay", "Northquay", "Quay of the North",
	}
	poolDates  = []string{"2014", "2014-06", "2014-06-13", "201X", "2014?", "2013-24", "2012-XX", "..", "2010-02-28", "-0044", "Y12000", "2014-06-12~"}
	poolNumber = []string{"0", "1", "5", "100", "9007199254740993", "-7"}
	poolFloats = []string{"0", "0.1", "0.25", "0.30000000000000004", "1", "-1e-07", "12.5", "1e+21", "90"}
	poolTypes  = []string{"armed_group", "party", "office", "حزب", "x'y"}
	poolDays   = []graph.Day{graph.DayOf(2009, 12, 31), graph.DayOf(2012, 6, 1), graph.DayOf(2014, 6, 13), graph.DayOf(2014, 12, 31), graph.DayOf(2020, 1, 1), graph.DayOf(1900, 1, 1)}
	poolShares = []float64{0, 0.1, 0.3, 0.5, 0.9, 1}
	poolLoads  = []graph.ID{"load-1", "load-2", "load-3"}
)

// randomIDs are the nodes of random data, three of each kind.
func randomIDs(kind graph.Kind) []graph.ID {
	ids := make([]graph.ID, 3)
	for i := range ids {
		ids[i] = graph.ID(fmt.Sprintf("%s'%d", kind, i))
	}
	return ids
}

func allRandomIDs() []graph.ID {
	var ids []graph.ID
	for _, k := range graph.Kinds() {
		ids = append(ids, randomIDs(k.Kind)...)
	}
	return ids
}

func pick[T any](t *rapid.T, label string, from []T) T { return rapid.SampledFrom(from).Draw(t, label) }

func some[T comparable](t *rapid.T, label string, from []T, limit int) []T {
	return rapid.SliceOfNDistinct(rapid.SampledFrom(from), 0, limit, rapid.ID[T]).Draw(t, label)
}

func chance(t *rapid.T, label string, percent int) bool {
	return rapid.IntRange(1, 100).Draw(t, label) <= percent
}

func randomValue(t *rapid.T, spec graph.PropSpec) string {
	if len(spec.Enum) > 0 {
		return pick(t, spec.Name, spec.Enum)
	}
	pool := poolTexts
	switch spec.Type {
	case graph.IntProp:
		pool = poolNumber
	case graph.FloatProp:
		pool = poolFloats
	case graph.BoolProp:
		pool = []string{"true", "false"}
	case graph.DateProp:
		pool = poolDates
	case graph.StringProp:
	}
	fit := slices.DeleteFunc(slices.Clone(pool), func(v string) bool {
		canonical, err := spec.Check(v)
		return err != nil || canonical != v
	})
	return pick(t, spec.Name, fit)
}

func randomProps(t *rapid.T, specs []graph.PropSpec) graph.Props {
	props := graph.Props{}
	for _, spec := range specs {
		if !chance(t, "has "+spec.Name, 40) {
			continue
		}
		props[spec.Name] = []string{randomValue(t, spec)}
		if spec.List && chance(t, "more", 50) {
			props[spec.Name] = append(props[spec.Name], randomValue(t, spec))
		}
	}
	return props
}

func randomCitations(t *rapid.T) []graph.Citation {
	var list []graph.Citation
	for _, id := range some(t, "sources", randomIDs(graph.Source), 2) {
		list = append(list, graph.Citation{Source: id, Page: pick(t, "page", []string{"", "3", "iv"}), Quote: pick(t, "quote", poolTexts)})
	}
	return list
}

// randomMarking is CLEAR for most.
func randomMarking(t *rapid.T) graph.Marking {
	return pick(t, "marking", []graph.Marking{0, 0, 0, 0, graph.Green, graph.Amber, graph.AmberStrict, graph.Red})
}

func randomNode(t *rapid.T, kind graph.Kind, id graph.ID) graph.Node {
	n := graph.Node{ID: id, Kind: kind, Marking: randomMarking(t), Types: some(t, "types", poolTypes, 2), Props: randomProps(t, kind.Info().Props)}
	for _, text := range rapid.SliceOfN(rapid.SampledFrom(poolNames), 1, 3).Draw(t, "names") {
		n.Names = append(n.Names, graph.Name{Text: text, Lang: pick(t, "lang", []string{"", "ar"}), Kind: pick(t, "kind", graph.NameKinds())})
	}
	n.Aliases = some(t, "aliases", []string{"x:1", "x:2", "y:1", string(randomIDs(graph.Person)[0])}, 2)
	if kind != graph.Source {
		n.Citations = randomCitations(t)
	}
	return n
}

func randomDate(t *rapid.T, label string) graph.Date {
	if !chance(t, label, 60) {
		return graph.Date{}
	}
	d, err := graph.ParseDate(pick(t, label, poolDates))
	if err != nil {
		panic(err)
	}
	return d
}

func randomTie(t *rapid.T) graph.Tie {
	row := pick(t, "type", graph.TieTypes())
	ends := pick(t, "ends", row.Ends)
	tie := graph.Tie{
		Type: row.Type, From: pick(t, "from", randomIDs(ends.From)), To: pick(t, "to", randomIDs(ends.To)),
		Span:       graph.Span{Start: randomDate(t, "start"), End: randomDate(t, "end"), First: randomDate(t, "first"), Last: randomDate(t, "last")},
		Confidence: graph.Stated(pick(t, "confidence", poolShares)),
		Props:      randomProps(t, row.Props),
		Citations:  randomCitations(t),
		Marking:    randomMarking(t),
		Status:     pick(t, "status", []graph.Status{graph.Accepted, graph.Accepted, graph.Conflict, graph.Rejected}),
	}
	if chance(t, "weighted", 60) {
		tie.Weight = graph.KnownShare(pick(t, "weight", poolShares))
	}
	if chance(t, "graded", 50) {
		tie.Grade = graph.Grade{Reliability: pick(t, "letter", []byte("ABF\x00")), Credibility: pick(t, "digit", []byte("126"))}
	}
	if chance(t, "own id", 20) { // an id that comes again replaces the tie
		tie.ID = graph.ID("own-" + strconv.Itoa(rapid.IntRange(0, 5).Draw(t, "id")))
	}
	tie.ConflictSet = pick(t, "set", []string{"", "", "c'1"})
	tie.Derived = chance(t, "derived", 20)
	if tie.Derived {
		tie.DerivedBy = pick(t, "rule", poolTexts)
	}
	tie.Note = pick(t, "note", []string{"", "n\x01ote", "ن"})
	return tie
}

// wholeBatch has every node of random data, so that any tie is valid with it.
func wholeBatch(t *rapid.T) graph.Batch {
	b := graph.Batch{Load: graph.Load{ID: "load-0", Dataset: "random", Format: "rapid"}}
	for _, row := range graph.Kinds() {
		for _, id := range randomIDs(row.Kind) {
			b.Nodes = append(b.Nodes, randomNode(t, row.Kind, id))
		}
	}
	b.Ties = validTies(rapid.SliceOfN(rapid.Custom(randomTie), 10, 60).Draw(t, "ties"))
	return b
}

// someBatch has a few nodes and ties and may be invalid.
func someBatch(t *rapid.T) graph.Batch {
	b := graph.Batch{Load: graph.Load{ID: pick(t, "load", poolLoads), Dataset: pick(t, "dataset", poolTexts), Format: "rapid"}}
	for range rapid.IntRange(0, 6).Draw(t, "nodes") {
		kind := pick(t, "kind", graph.Kinds()).Kind
		id := pick(t, "id", randomIDs(kind))
		if chance(t, "wrong kind", 1) {
			id = pick(t, "id", allRandomIDs())
		}
		b.Nodes = append(b.Nodes, randomNode(t, kind, id))
	}
	b.Ties = rapid.SliceOfN(rapid.Custom(randomTie), 0, 8).Draw(t, "ties")
	if !chance(t, "leave bad ties", 10) {
		b.Ties = validTies(b.Ties)
	}
	return b
}

// validTies leaves out ties that no store takes: self ties and dates that end
// before they begin.
func validTies(ties []graph.Tie) []graph.Tie {
	return slices.DeleteFunc(ties, func(t graph.Tie) bool {
		return len(graph.ValidateTie(t, t.Type.Info().Ends[0].From, t.Type.Info().Ends[0].To)) > 0
	})
}
