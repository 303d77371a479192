package projection_test

import (
	"context"
	"errors"
	"fmt"
	"iter"
	"math"
	"math/rand/v2"
	"slices"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
	"pgregory.net/rapid"

	"entangle/graph"
	"entangle/graph/projection"
)

func node(id string, kind graph.Kind) graph.Node {
	return graph.Node{ID: graph.ID(id), Kind: kind, Names: []graph.Name{{Text: id}}}
}

func date(tb testing.TB, text string) graph.Date {
	tb.Helper()
	d, err := graph.ParseDate(text)
	if err != nil {
		tb.Fatal(err)
	}
	return d
}

func build(tb testing.TB, b graph.Batch, o projection.Options) *projection.Snapshot {
	tb.Helper()
	s, err := projection.FromBatch(b, o)
	if err != nil {
		tb.Fatal(err)
	}
	return s
}

// batches draws a batch of persons, groups and places joined at random, parallel
// ties, alternatives and all sorts of dates included.
var batches = rapid.Custom(func(t *rapid.T) graph.Batch {
	var b graph.Batch
	ids := map[graph.Kind][]graph.ID{}
	dates := []string{"", "..", "2015", "2016-04", "2016-04-09", "2018?", "201X"}
	for _, kind := range []graph.Kind{graph.Person, graph.Group, graph.Institution, graph.Post, graph.Place, graph.RevenueStream, graph.Source} {
		most := map[graph.Kind]int{graph.Person: 4, graph.Group: 4, graph.Institution: 3, graph.Post: 3, graph.Place: 2, graph.RevenueStream: 1, graph.Source: 3}[kind]
		for i := range rapid.IntRange(0, most).Draw(t, kind.String()) {
			n := node(fmt.Sprint(kind, i), kind)
			switch kind {
			case graph.Institution:
				n.Types = rapid.SampledFrom([][]string{nil, {"ministry"}, {"unit", "office"}}).Draw(t, "types")
			case graph.Post:
				n.Types = rapid.SampledFrom([][]string{nil, nil, {"legislature"}}).Draw(t, "types")
			case graph.Source:
				n.Props = n.Props.Set("date", rapid.SampledFrom([]string{"", "2014", "2016-04-09", "2017-02"}).Draw(t, "date"))
				n.Props = n.Props.Set("describesDate", rapid.SampledFrom([]string{"", "false", "true"}).Draw(t, "describes"))
			default:
			}
			b.Nodes = append(b.Nodes, n)
			ids[kind] = append(ids[kind], n.ID)
		}
	}
	for i := range rapid.IntRange(0, 25).Draw(t, "ties") {
		info := rapid.SampledFrom(graph.TieTypes()).Draw(t, "type")
		e := rapid.SampledFrom(info.Ends).Draw(t, "ends")
		if len(ids[e.From]) == 0 || len(ids[e.To]) == 0 {
			continue
		}
		tie := graph.Tie{
			ID: graph.ID(fmt.Sprintf("t%02d", i)), Type: info.Type,
			From: rapid.SampledFrom(ids[e.From]).Draw(t, "from"), To: rapid.SampledFrom(ids[e.To]).Draw(t, "to"),
			Confidence:  graph.Stated(float64(rapid.IntRange(0, 10).Draw(t, "confidence")) / 10),
			ConflictSet: rapid.SampledFrom([]string{"", "", "", "a", "b", "c"}).Draw(t, "set"),
		}
		tie.Span.Start, _ = graph.ParseDate(rapid.SampledFrom(dates).Draw(t, "start"))
		tie.Span.End, _ = graph.ParseDate(rapid.SampledFrom(dates).Draw(t, "end"))
		tie.Span.First, _ = graph.ParseDate(rapid.SampledFrom([]string{"", "", "2013-07-01"}).Draw(t, "first"))
		tie.Span.Last, _ = graph.ParseDate(rapid.SampledFrom(append([]string{""}, dates[2:]...)).Draw(t, "last"))
		for _, source := range ids[graph.Source] {
			if rapid.Bool().Draw(t, "cited") {
				tie.Citations = append(tie.Citations, graph.Citation{Source: source})
			}
		}
		if tie.From != tie.To && len(graph.ValidateTie(tie, e.From, e.To)) == 0 {
			b.Ties = append(b.Ties, tie)
		}
	}
	return b
})

var allOptions = rapid.Custom(func(t *rapid.T) projection.Options {
	return projection.Options{
		AsOf: graph.DayOf(rapid.IntRange(2009, 2020).Draw(t, "year"), rapid.IntRange(1, 12).Draw(t, "month"), 9),
		Gap: rapid.SampledFrom([]graph.GapPolicy{
			{}, {Mode: graph.Contiguous}, {Mode: graph.Strict}, {Mode: graph.Extend, Days: 0}, {Mode: graph.Extend, Days: 400},
		}).Draw(t, "gap"),
		MinConfidence: rapid.SampledFrom([]float64{0, 0, 0.5}).Draw(t, "confidence"),
		EvidenceUntil: rapid.SampledFrom([]projection.Until{{}, {}, projection.UntilDay(graph.DayOf(2015, 3, 1)), projection.UntilDay(graph.DayOf(2016, 12, 31))}).Draw(t, "until"),
		HalfLives:     halfLives(t, rapid.SampledFrom([]string{"", "", "HOLDS=3", "HOLDS:office=0.5 MEMBER_OF=0 PART_OF=endless"}).Draw(t, "half-lives")),
	}
})

// halfLives reads half-lives that differ from the tables, blanks between them.
func halfLives(t interface{ Fatal(args ...any) }, text string) graph.HalfLives {
	var rows []graph.HalfLife
	for word := range strings.FieldsSeq(text) {
		row, err := graph.ParseHalfLife(word)
		if err != nil {
			t.Fatal(err)
		}
		rows = append(rows, row)
	}
	h, err := graph.NewHalfLives(rows...)
	if err != nil {
		t.Fatal(err)
	}
	return h
}

// TestListsAreThoseOfAScan: ties stand in a picture if and only if the gap policy
// says so and they hold in some world, and each list of a node has those that a scan finds.
func TestListsAreThoseOfAScan(t *testing.T) {
	rapid.Check(t, func(rt *rapid.T) {
		b, o := batches.Draw(rt, "batch"), allOptions.Draw(rt, "options")
		s, err := projection.FromBatch(b, o)
		if err != nil {
			rt.Fatal(err)
		}
		var want, possible int
		out, in, confidence := map[string][]string{}, map[string][]string{}, map[graph.ID]float64{}
		key := func(typ graph.TieType, id graph.ID) string { return typ.String() + " " + string(id) }
		for _, tie := range b.Normal().Ties {
			claim := scanned(b, tie, o)
			if claim.confidence == 0 || claim.confidence < o.MinConfidence {
				continue
			}
			want++
			if claim.possible {
				possible++
			}
			confidence[tie.ID] = claim.confidence
			out[key(tie.Type, tie.From)] = append(out[key(tie.Type, tie.From)], string(tie.ID))
			in[key(tie.Type, tie.To)] = append(in[key(tie.Type, tie.To)], string(tie.ID))
		}
		if int(s.Ties()) != want || s.PossibleTies() != possible || int(s.Len()) != len(b.Nodes) {
			rt.Fatalf("%d nodes, %d ties, %d possible: want %d, %d, %d", s.Len(), s.Ties(), s.PossibleTies(), len(b.Nodes), want, possible)
		}
		for i := range s.Ties() {
			if got := float64(s.Tie(i).Probability) / float64(projection.Certain); math.Abs(got-confidence[s.TieID(i)]) > 1e-9 {
				rt.Fatalf("%s stands with %g, want %g", s.TieID(i), got, confidence[s.TieID(i)])
			}
		}
		for _, n := range b.Nodes {
			i, ok := s.Index(n.ID)
			if !ok || s.ID(i) != n.ID || s.Kind(i) != n.Kind || s.Name(i) != n.Name() {
				rt.Fatalf("node %s: index %d, %t", n.ID, i, ok)
			}
			if lo, hi := s.Range(n.Kind); i < lo || i >= hi {
				rt.Fatalf("node %s at %d, outside its kind's range %d to %d", n.ID, i, lo, hi)
			}
			for _, info := range graph.TieTypes() {
				var gotOut, gotIn []string
				for _, tie := range s.Out(info.Type, i) {
					if s.Tie(tie).From != i || s.Tie(tie).Type != info.Type {
						rt.Fatalf("tie %s does not leave %s", s.TieID(tie), n.ID)
					}
					gotOut = append(gotOut, string(s.TieID(tie)))
				}
				sorted := func(a, b int32) int { return int(s.Tie(a).From - s.Tie(b).From) }
				if list := s.In(info.Type, i); !slices.IsSortedFunc(list, sorted) {
					rt.Fatalf("the ties that arrive at %s are not sorted by where they leave", n.ID)
				}
				for _, tie := range s.In(info.Type, i) {
					if s.Tie(tie).To != i {
						rt.Fatalf("tie %s does not arrive at %s", s.TieID(tie), n.ID)
					}
					gotIn = append(gotIn, string(s.TieID(tie)))
				}
				for _, lists := range [][2][]string{{out[key(info.Type, n.ID)], gotOut}, {in[key(info.Type, n.ID)], gotIn}} {
					slices.Sort(lists[1])
					slices.Sort(lists[0])
					if diff := cmp.Diff(lists[0], lists[1]); diff != "" {
						rt.Fatalf("%s of %s (-scan +list):\n%s", info.Name, n.ID, diff)
					}
				}
			}
		}
	})
}

// shuffled gives a batch in another order.
func shuffled(b graph.Batch, seed uint64) graph.Batch {
	r := rand.New(rand.NewPCG(seed, 1))
	b.Nodes, b.Ties = slices.Clone(b.Nodes), slices.Clone(b.Ties)
	r.Shuffle(len(b.Nodes), func(i, j int) { b.Nodes[i], b.Nodes[j] = b.Nodes[j], b.Nodes[i] })
	r.Shuffle(len(b.Ties), func(i, j int) { b.Ties[i], b.Ties[j] = b.Ties[j], b.Ties[i] })
	return b
}

func TestHashIsThatOfTheContent(t *testing.T) {
	rapid.Check(t, func(rt *rapid.T) {
		b, o := batches.Draw(rt, "batch"), allOptions.Draw(rt, "options")
		a, err := projection.FromBatch(b, o)
		if err != nil {
			rt.Fatal(err)
		}
		c, err := projection.FromBatch(shuffled(b, rapid.Uint64().Draw(rt, "order")), o)
		if err != nil {
			rt.Fatal(err)
		}
		if a.Hash() != c.Hash() {
			rt.Fatalf("another order gives another hash: %s, %s", a.Hash(), c.Hash())
		}
	})
}

func TestHashChangesWithAnything(t *testing.T) {
	base := func() (graph.Batch, projection.Options) {
		b := graph.Batch{Nodes: []graph.Node{
			node("g", graph.Group), node("i", graph.Institution), node("p", graph.Person), node("s", graph.Post), node("u", graph.Institution), node("r", graph.Source),
		}}
		b.Ties = []graph.Tie{
			{ID: "t1", Type: graph.Holds, From: "p", To: "s", Confidence: graph.Stated(0.5)},
			{ID: "t2", Type: graph.Controls, From: "g", To: "i", Confidence: graph.Stated(1)},
			{ID: "t3", Type: graph.PartOf, From: "u", To: "i", Confidence: graph.Stated(1)},
		}
		return b, projection.Options{AsOf: graph.DayOf(2020, 1, 1)}
	}
	hash := func(change func(b *graph.Batch, o *projection.Options)) string {
		b, o := base()
		change(&b, &o)
		return build(t, b, o).Hash()
	}
	seen := map[string]string{hash(func(*graph.Batch, *projection.Options) {}): "nothing"}
	for name, change := range map[string]func(b *graph.Batch, o *projection.Options){
		"day":         func(_ *graph.Batch, o *projection.Options) { o.AsOf++ },
		"gap":         func(_ *graph.Batch, o *projection.Options) { o.Gap.Mode, o.Gap.Days = graph.Extend, 90 },
		"floor":       func(_ *graph.Batch, o *projection.Options) { o.MinConfidence = 0.1 },
		"node":        func(b *graph.Batch, _ *projection.Options) { b.Nodes = append(b.Nodes, node("h", graph.Group)) },
		"name":        func(b *graph.Batch, _ *projection.Options) { b.Nodes[0].Names[0].Text = "another" },
		"group type":  func(b *graph.Batch, _ *projection.Options) { b.Nodes[0].Types = []string{"party"} },
		"body type":   func(b *graph.Batch, _ *projection.Options) { b.Nodes[1].Types = []string{"ministry"} },
		"two types":   func(b *graph.Batch, _ *projection.Options) { b.Nodes[1].Types = []string{"ministry", "court"} },
		"strength":    func(b *graph.Batch, _ *projection.Options) { b.Nodes[1].Props = graph.Props{"strength": {"5"}} },
		"posts":       func(b *graph.Batch, _ *projection.Options) { b.Nodes[1].Props = graph.Props{"authorisedPosts": {"5"}} },
		"echelon":     func(b *graph.Batch, _ *projection.Options) { b.Nodes[1].Props = graph.Props{"echelon": {"brigade"}} },
		"placeholder": func(b *graph.Batch, _ *projection.Options) { b.Nodes[1].Props = graph.Props{"placeholder": {"true"}} },
		"post weight": func(b *graph.Batch, _ *projection.Options) { b.Nodes[3].Props = graph.Props{"weight": {"0.5"}} },
		"seats":       func(b *graph.Batch, _ *projection.Options) { b.Nodes[3].Props = graph.Props{"seats": {"5"}} },
		"tie gone":    func(b *graph.Batch, _ *projection.Options) { b.Ties = b.Ties[:2] },
		"tie id":      func(b *graph.Batch, _ *projection.Options) { b.Ties[0].ID = "t9" },
		"confidence":  func(b *graph.Batch, _ *projection.Options) { b.Ties[0].Confidence.Value = 0.5000001 },
		"rule":        func(b *graph.Batch, _ *projection.Options) { b.Ties[0].Confidence.Rule = graph.RuleDefault },
		"weight":      func(b *graph.Batch, _ *projection.Options) { b.Ties[0].Weight = graph.KnownShare(0) },
		"end":         func(b *graph.Batch, _ *projection.Options) { b.Ties[1].From, b.Ties[1].To = "g", "u" },
		"certainty": func(b *graph.Batch, _ *projection.Options) {
			b.Ties[0].Span.Start, b.Ties[0].Span.End = graph.Open, graph.Open
		},
		"acting": func(b *graph.Batch, _ *projection.Options) { b.Ties[0].Props = graph.Props{"acting": {"true"}} },
		"form":   func(b *graph.Batch, _ *projection.Options) { b.Ties[1].Props = graph.Props{"form": {"staffing"}} },
		"class":  func(b *graph.Batch, _ *projection.Options) { b.Ties[2].Props = graph.Props{"class": {"command"}} },
		"source": func(b *graph.Batch, _ *projection.Options) { b.Ties[2].Citations = []graph.Citation{{Source: "r"}} },
		"alternatives": func(b *graph.Batch, _ *projection.Options) {
			b.Ties[0].ConflictSet, b.Ties[1].ConflictSet = "a", "a"
		},
	} {
		h := hash(change)
		if other, ok := seen[h]; ok {
			t.Errorf("a change of %s gives the hash of %s", name, other)
		}
		seen[h] = name
	}
}

// TestConflictSets: sets of at least two standing claims are numbered from 1 in
// the order of their names; a claim that stands alone is no alternative.
func TestConflictSets(t *testing.T) {
	b := graph.Batch{Nodes: []graph.Node{node("g", graph.Group), node("h", graph.Group), node("p", graph.Person), node("q", graph.Person)}}
	add := func(id string, from, to graph.ID, set, end string) {
		tie := graph.Tie{ID: graph.ID(id), Type: graph.MemberOf, From: from, To: to, ConflictSet: set, Confidence: graph.Stated(0.5)}
		tie.Span.End = date(t, end)
		b.Ties = append(b.Ties, tie)
	}
	add("1", "p", "g", "zebra", "..")
	add("2", "p", "h", "zebra", "..")
	add("3", "q", "g", "apple", "..")
	add("4", "q", "h", "apple", "..")
	add("5", "p", "h", "lone", "..")
	add("6", "p", "g", "lone", "2010")
	add("7", "q", "g", "", "..")
	s := build(t, b, projection.Options{AsOf: graph.DayOf(2020, 1, 1)})
	got := map[string]int32{}
	for i := range s.Ties() {
		got[string(s.TieID(i))] = s.Tie(i).Conflict
	}
	want := map[string]int32{"1": 2, "2": 2, "3": 1, "4": 1, "5": 0, "7": 0}
	if diff := cmp.Diff(want, got); diff != "" || s.ConflictSets() != 2 {
		t.Errorf("%d sets (-want +got):\n%s", s.ConflictSets(), diff)
	}
}

// TestFromBatchMerges: what a store would have after applying the batch.
func TestFromBatchMerges(t *testing.T) {
	n := node("g", graph.Group)
	n.Types = []string{"party"}
	b := graph.Batch{
		Nodes: []graph.Node{node("g", graph.Group), node("p", graph.Person), n},
		Ties: []graph.Tie{
			{Type: graph.MemberOf, From: "p", To: "g", Confidence: graph.Stated(0.1)},
			{Type: graph.MemberOf, From: "p", To: "g", Confidence: graph.Stated(0.9)},
		},
	}
	s := build(t, b, projection.Options{})
	if s.Len() != 2 || s.Ties() != 1 {
		t.Fatalf("%d nodes and %d ties, want 2 and 1", s.Len(), s.Ties())
	}
	g, _ := s.Index("g")
	if got := s.Types(g); !slices.Equal(got, []string{"party"}) {
		t.Errorf("types %v, want those of both records", got)
	}
	if got := float64(s.Tie(0).Probability) / float64(projection.Certain); got < 0.899 || got > 0.901 {
		t.Errorf("confidence %g, want that of the last record", got)
	}
	b.Ties[0].To = "nobody"
	if _, err := projection.FromBatch(b, projection.Options{}); !errors.Is(err, graph.ErrInvalid) {
		t.Errorf("a tie to nobody: %v, want ErrInvalid", err)
	}
}

func TestFiguresOfNodes(t *testing.T) {
	i := node("i", graph.Institution)
	i.Types = []string{"ministry"}
	i.Props = graph.Props{"strength": {"12"}, "authorisedPosts": {"7"}, "echelon": {"brigade"}, "placeholder": {"true"}}
	p := node("p", graph.Post)
	p.Props = graph.Props{"weight": {"0.25"}, "seats": {"3"}}
	s := build(t, graph.Batch{Nodes: []graph.Node{i, node("j", graph.Institution), p, node("q", graph.Post)}}, projection.Options{})
	at := func(id graph.ID) int32 {
		n, ok := s.Index(id)
		if !ok {
			t.Fatalf("no %s", id)
		}
		return n
	}
	if diff := cmp.Diff(projection.Body{Types: []string{"ministry"}, Echelon: "brigade", Strength: 12, Posts: 7, Placeholder: true}, *s.Body(at("i"))); diff != "" {
		t.Error(diff)
	}
	if diff := cmp.Diff(projection.Body{Strength: projection.Unknown, Posts: projection.Unknown}, *s.Body(at("j"))); diff != "" {
		t.Error(diff)
	}
	if got := [2]projection.Seat{*s.Seat(at("p")), *s.Seat(at("q"))}; got != [2]projection.Seat{{Weight: 250_000, Seats: 3}, {Weight: projection.Million, Seats: 1}} {
		t.Errorf("seats %v", got)
	}
	if _, ok := s.Index("nobody"); ok {
		t.Error("found a node that is not there")
	}
}

// failing is a source whose streams end with an error.
type failing struct{ nodes, ties error }

func (failing) Version() graph.Version { return "1" }
func (f failing) Nodes(context.Context, graph.NodeQuery) iter.Seq2[graph.Node, error] {
	return func(yield func(graph.Node, error) bool) {
		if yield(node("g", graph.Group), nil) && f.nodes != nil {
			yield(graph.Node{}, f.nodes)
		}
	}
}

func (f failing) Ties(context.Context, graph.TieQuery) iter.Seq2[graph.Tie, error] {
	return func(yield func(graph.Tie, error) bool) {
		if f.ties != nil {
			yield(graph.Tie{}, f.ties)
		}
	}
}

func TestBuildPassesErrorsOn(t *testing.T) {
	for _, f := range []failing{{nodes: graph.ErrUnavailable}, {ties: graph.ErrUnavailable}} {
		if s, err := projection.Build(t.Context(), f, projection.Options{}); !errors.Is(err, graph.ErrUnavailable) || s != nil {
			t.Errorf("got %v, %v", s, err)
		}
	}
	// A tie whose end the reader does not show is left out.
	s, err := projection.Build(t.Context(), hiddenEnd{}, projection.Options{})
	if err != nil || s.Ties() != 0 {
		t.Errorf("a tie to a hidden node: %v, %d ties", err, s.Ties())
	}
}

type hiddenEnd struct{ failing }

func (hiddenEnd) Ties(context.Context, graph.TieQuery) iter.Seq2[graph.Tie, error] {
	return func(yield func(graph.Tie, error) bool) {
		yield(graph.Tie{ID: "t", Type: graph.AlliedWith, From: "g", To: "unseen", Confidence: graph.Stated(1)}, nil)
	}
}
