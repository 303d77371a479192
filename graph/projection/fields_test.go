package projection_test

import (
	"context"
	"errors"
	"fmt"
	"iter"
	"math"
	"testing"
	"testing/synctest"
	"time"

	"github.com/google/go-cmp/cmp"
	"github.com/google/go-cmp/cmp/cmpopts"

	"entangle/graph"
	"entangle/graph/projection"
)

// TestTieFields: each field of a tie has a value of its own and is read as what it is;
// without it, as nothing.
func TestTieFields(t *testing.T) {
	b := graph.Batch{Nodes: []graph.Node{
		node("g", graph.Group), node("i", graph.Institution), node("u", graph.Institution), node("p", graph.Person), node("q", graph.Person),
		node("o", graph.Post), node("r1", graph.Source), node("r2", graph.Source),
	}}
	day, certain := graph.DayOf(2020, 1, 1), graph.Span{Start: date(t, "2000"), End: date(t, "2030")}
	full := graph.Tie{
		ID: "full", Type: graph.Holds, From: "q", To: "o", Span: certain, Confidence: graph.Stated(0.3), Weight: graph.KnownShare(1.0 / 3),
		Props: graph.Props{"acting": {"true"}}, Citations: []graph.Citation{{Source: "r2"}, {Source: "r1"}},
	}
	bare := graph.Tie{ID: "bare", Type: graph.Holds, From: "p", To: "o", Confidence: graph.Confidence{Value: 1, Rule: graph.RuleDefault}}
	b.Ties = []graph.Tie{full, bare}
	s := build(t, b, projection.Options{AsOf: day})
	source, _ := s.Index("r2")
	person, _ := s.Index("p")
	other, _ := s.Index("q")
	post, _ := s.Index("o")
	want := []projection.Tie{
		{From: person, To: post, Type: graph.Holds, Probability: projection.Certain, Stated: projection.Certain, Weight: projection.Unknown, Source: projection.Unknown, Possible: true, Defaulted: true, Undated: true, Ageless: true, Untimed: true},
		{From: other, To: post, Type: graph.Holds, Probability: 1288490189, Stated: 1288490189, Weight: 333333, Source: source, Acting: true, Untimed: true}, // 0.3·2³² = 1288490188.8
	}
	for i, id := range []graph.ID{"bare", "full"} {
		if s.TieID(int32(i)) != id {
			t.Fatalf("tie %d is %s", i, s.TieID(int32(i)))
		}
		if diff := cmp.Diff(want[i], *s.Tie(int32(i)), cmpopts.IgnoreFields(projection.Tie{}, "Key")); diff != "" {
			t.Errorf("%s (-want +got):\n%s", id, diff)
		}
	}
	// FNV-1a of the id, which coins are drawn by: another key would change every answer.
	if got := s.Tie(0).Key; got != 0x9a7a059baa52c9cd {
		t.Errorf("key %x", got)
	}
	if s.Defaulted() != 1 || s.PossibleTies() != 1 || s.UndatedTies() != 1 || s.DistantTies() != 0 {
		t.Errorf("%d defaulted, %d possible, %d undated, %d distant", s.Defaulted(), s.PossibleTies(), s.UndatedTies(), s.DistantTies())
	}
	for text, form := range map[string]projection.Form{
		"": projection.NoForm, "command": projection.Command, "staffing": projection.Staffing, "portfolio": projection.Portfolio, "de_facto": projection.DeFacto,
		"diverts": projection.NoForm, "operates": projection.NoForm,
	} {
		tie := graph.Tie{Type: graph.Controls, From: "g", To: "i", Confidence: graph.Stated(1), Props: graph.Props{}.Set("form", text)}
		s := build(t, graph.Batch{Nodes: b.Nodes, Ties: []graph.Tie{tie}}, projection.Options{})
		if got := s.Tie(0); got.Form != form || got.Class != projection.NoClass {
			t.Errorf("form %q is read as %d, class %d", text, got.Form, got.Class)
		}
	}
	diverts := graph.Tie{Type: graph.Controls, From: "g", To: "r", Confidence: graph.Stated(1), Props: graph.Props{}.Set("form", "diverts")}
	s = build(t, graph.Batch{Nodes: []graph.Node{node("g", graph.Group), node("r", graph.RevenueStream)}, Ties: []graph.Tie{diverts}}, projection.Options{})
	if got := s.Tie(0); got.Form != projection.Diverts {
		t.Errorf("a stream that is diverted is read as of form %d", got.Form)
	}
	for text, class := range map[string]projection.Class{
		"": projection.NoClass, "command": projection.CommandClass, "administrative": projection.AdministrativeClass, "informal": projection.InformalClass,
	} {
		tie := graph.Tie{Type: graph.PartOf, From: "u", To: "i", Confidence: graph.Stated(1), Props: graph.Props{}.Set("class", text)}
		s := build(t, graph.Batch{Nodes: b.Nodes, Ties: []graph.Tie{tie}}, projection.Options{})
		if got := s.Tie(0); got.Class != class || got.Form != projection.NoForm {
			t.Errorf("class %q is read as %d, form %d", text, got.Class, got.Form)
		}
	}
}

// TestHashIsKept: a report names its picture by the hash, so that the same picture has it
// in later versions of the program too, also one whose content is hashed in several parts.
// If the content that is hashed changes on purpose, these change with it.
func TestHashIsKept(t *testing.T) {
	var b graph.Batch
	for i := range 2000 {
		n := node(fmt.Sprintf("p%04d", i), graph.Person)
		b.Nodes = append(b.Nodes, n)
	}
	g := node("g", graph.Group)
	g.Types = []string{"party"}
	i := node("i", graph.Institution)
	i.Types, i.Props = []string{"ministry", "court"}, graph.Props{"strength": {"12"}, "authorisedPosts": {"7"}, "echelon": {"brigade"}, "placeholder": {"true"}}
	o := node("o", graph.Post)
	o.Props = graph.Props{"weight": {"0.25"}, "seats": {"3"}}
	b.Nodes = append(b.Nodes, g, i, o)
	b.Ties = []graph.Tie{
		{ID: "t1", Type: graph.Holds, From: "p0001", To: "o", Confidence: graph.Stated(0.5), Props: graph.Props{"acting": {"true"}}},
		{ID: "t2", Type: graph.Controls, From: "g", To: "i", Confidence: graph.Stated(1), Weight: graph.KnownShare(0.6), Props: graph.Props{"form": {"staffing"}}},
	}
	options := projection.Options{AsOf: graph.DayOf(2020, 8, 24), MinConfidence: 0.1, Gap: graph.GapPolicy{Mode: graph.Contiguous}}
	if got, want := build(t, b, options).Hash(), "7cae6a8520c4b8b41c356b3af6c01c4c"; got != want {
		t.Errorf("a large picture: %s, want %s", got, want)
	}
	b.Nodes = b.Nodes[1:]
	b.Nodes = append(b.Nodes[:1:1], b.Nodes[len(b.Nodes)-3:]...)
	if got, want := build(t, b, options).Hash(), "bd39fb15fd4227ead64ea691a3f0e356"; got != want {
		t.Errorf("a small picture: %s, want %s", got, want)
	}
}

// TestKindsOfNodes: a node of each kind is found by its id, and its kind by its number.
func TestKindsOfNodes(t *testing.T) {
	var b graph.Batch
	for _, row := range graph.Kinds() {
		b.Nodes = append(b.Nodes, node("n-"+row.Name, row.Kind))
	}
	s := build(t, b, projection.Options{})
	for _, row := range graph.Kinds() {
		i, ok := s.Index(graph.ID("n-" + row.Name))
		lo, hi := s.Range(row.Kind)
		if !ok || s.Kind(i) != row.Kind || lo != i || hi != i+1 || s.Recorded(i) {
			t.Errorf("%s: node %d of kind %s, %d to %d", row.Name, i, s.Kind(i), lo, hi)
		}
	}
	if got := s.Kind(s.Len()); got != 0 {
		t.Errorf("past the last node: %s", got)
	}
	for _, id := range []graph.ID{"", "m", "n-Person ", "z"} {
		if i, ok := s.Index(id); ok {
			t.Errorf("%q is node %d", id, i)
		}
	}
}

// TestSeatsAtTheBound: the most seats that a post can have are kept.
func TestSeatsAtTheBound(t *testing.T) {
	o := node("o", graph.Post)
	o.Props = graph.Props{"seats": {"2147483647"}}
	s := build(t, graph.Batch{Nodes: []graph.Node{o}}, projection.Options{})
	if got := s.Seat(0).Seats; got != math.MaxInt32 {
		t.Errorf("%d seats", got)
	}
}

// TestOfType: the ties of a type are a range; a type that nobody has is none.
func TestOfType(t *testing.T) {
	b := graph.Batch{Nodes: []graph.Node{node("g", graph.Group), node("h", graph.Group), node("p", graph.Person), node("q", graph.Person)}}
	for i, ends := range [][2]graph.ID{{"p", "g"}, {"q", "g"}, {"p", "h"}} {
		b.Ties = append(b.Ties, graph.Tie{ID: graph.ID(fmt.Sprint("m", i)), Type: graph.MemberOf, From: ends[0], To: ends[1], Confidence: graph.Stated(1)})
	}
	b.Ties = append(b.Ties, graph.Tie{ID: "k", Type: graph.KinOf, From: "p", To: "q", Confidence: graph.Stated(1)})
	s := build(t, b, projection.Options{})
	for typ, want := range map[graph.TieType]int32{graph.MemberOf: 3, graph.KinOf: 1, graph.Holds: 0} {
		lo, hi := s.OfType(typ)
		if hi-lo != want {
			t.Errorf("%s: %d to %d, want %d ties", typ, lo, hi, want)
		}
		for tie := lo; tie < hi; tie++ {
			if s.Tie(tie).Type != typ {
				t.Errorf("tie %d is a %s, want %s", tie, s.Tie(tie).Type, typ)
			}
		}
	}
}

// TestDefaultDistantYears: none, and fewer than none, are the default.
func TestDefaultDistantYears(t *testing.T) {
	for years, want := range map[int]int{-1: projection.DefaultDistantYears, 0: projection.DefaultDistantYears, 1: 1} {
		if got := build(t, graph.Batch{}, projection.Options{DistantYears: years}).Options().DistantYears; got != want {
			t.Errorf("%d years are %d, want %d", years, got, want)
		}
	}
}

// sized is a view of so many ties.
type sized struct {
	slow
	ties int
}

func (v *sized) Nodes(context.Context, graph.NodeQuery) iter.Seq2[graph.Node, error] {
	return func(yield func(graph.Node, error) bool) {
		for _, id := range []string{"g", "h"} {
			if !yield(node(id, graph.Group), nil) {
				return
			}
		}
	}
}

func (v *sized) Ties(context.Context, graph.TieQuery) iter.Seq2[graph.Tie, error] {
	return func(yield func(graph.Tie, error) bool) {
		for i := range v.ties {
			if !yield(graph.Tie{ID: graph.ID(fmt.Sprint("t", i)), Type: graph.AlliedWith, From: "g", To: "h", Confidence: graph.Stated(1)}, nil) {
				return
			}
		}
	}
}

// TestLargest: of the pictures of a clearance that are done the one with the most ties, of
// equal ones the one that was not asked for last.
func TestLargest(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		c := projection.NewCache(projection.CacheConfig{Limit: 5})
		if c.Largest(graph.Clear) != nil {
			t.Error("a picture of nothing")
		}
		get := func(clearance graph.Marking, day graph.Day, ties int) *projection.Snapshot {
			s, _, err := c.Get(t.Context(), &sized{slow: slow{version: "1"}, ties: ties}, clearance, projection.Options{AsOf: day}, 0)
			if err != nil {
				t.Fatal(err)
			}
			return s
		}
		get(graph.Clear, 1, 1)
		large := get(graph.Clear, 2, 3)
		get(graph.Clear, 3, 2)
		red := get(graph.Red, 4, 9)
		ctx, stop := context.WithCancel(t.Context())
		go func() { // one that is not done
			_, _, _ = c.Get(ctx, &slow{version: "1", gate: make(chan struct{})}, graph.Clear, projection.Options{AsOf: 5}, 0)
		}()
		synctest.Wait()
		if got := c.Largest(graph.Clear); got != large {
			t.Errorf("the largest of all has %d ties", got.Ties())
		}
		if got := c.Largest(graph.Red); got != red {
			t.Errorf("the largest of another clearance has %d ties", got.Ties())
		}
		if c.Largest(graph.Green) != nil {
			t.Error("a picture of a clearance that nobody asked for")
		}
		stop()
	})
}

// TestLeastLimit: a cache keeps one picture at the least.
func TestLeastLimit(t *testing.T) {
	for _, limit := range []int{-1, 0, 1} {
		c, v := projection.NewCache(projection.CacheConfig{Limit: limit}), &slow{version: "1"}
		for _, day := range []graph.Day{1, 1, 2, 2, 1} {
			if _, _, err := c.Get(t.Context(), v, graph.Clear, projection.Options{AsOf: day}, 0); err != nil {
				t.Fatal(err)
			}
		}
		if n := v.builds.Load(); n != 3 {
			t.Errorf("limit %d: %d builds, want 3", limit, n)
		}
	}
}

// TestCacheOpens: views that the cache opens are closed, and what fails in it is told.
func TestCacheOpens(t *testing.T) {
	gone := errors.New("the store is gone")
	for name, tt := range map[string]struct {
		open, close error
		want        error
	}{"nothing fails": {}, "opening": {open: gone, want: gone}, "closing": {close: gone, want: gone}} {
		closed := 0
		c := projection.NewCache(projection.CacheConfig{Limit: 2, Open: func(_ context.Context, clearance graph.Marking) (graph.View, error) {
			if clearance != graph.Amber {
				t.Errorf("%s: a view of %s", name, clearance)
			}
			return &closing{slow: slow{version: "2"}, err: tt.close, closed: &closed}, tt.open
		}})
		_, _, err := c.Get(t.Context(), movedView{&slow{version: "1"}}, graph.Amber, projection.Options{}, 0)
		if !errors.Is(err, tt.want) {
			t.Errorf("%s: %v, want %v", name, err, tt.want)
		}
		if want := 1; closed != want && tt.open == nil {
			t.Errorf("%s: closed %d times", name, closed)
		}
	}
	// Without a way to open one, the caller is told at once.
	c := projection.NewCache(projection.CacheConfig{Limit: 2})
	if _, _, err := c.Get(t.Context(), movedView{&slow{version: "1"}}, graph.Amber, projection.Options{}, 0); !errors.Is(err, projection.ErrMoved) {
		t.Errorf("without a way to open: %v", err)
	}
}

type closing struct {
	slow
	err    error
	closed *int
}

func (v *closing) Close() error {
	*v.closed++
	return v.err
}

// movedView is a view during which somebody always commits.
type movedView struct{ *slow }

func (movedView) Isolation() string { return "read committed" }
func (movedView) Moved() bool       { return true }

// TestRecentOfSeveral: of the pictures that are young enough the one that was the store's
// last is given, and a picture of another day never.
func TestRecentOfSeveral(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		c := projection.NewCache(projection.CacheConfig{Limit: 9, Clock: time.Now})
		get := func(version graph.Version, day graph.Day, staleness time.Duration) graph.Version {
			s, _, err := c.Get(t.Context(), &slow{version: version}, graph.Clear, projection.Options{AsOf: day}, staleness)
			if err != nil {
				t.Fatal(err)
			}
			return s.Version()
		}
		for _, version := range []graph.Version{"1", "2", "3"} {
			get(version, 1, 0)
			time.Sleep(10 * time.Second)
		}
		if got := get("4", 1, 10*time.Second); got != "3" { // exactly so old
			t.Errorf("the youngest: version %s, want 3", got)
		}
		if got := get("1", 1, 0); got != "1" {
			t.Errorf("the first again: version %s", got)
		}
		time.Sleep(time.Second)
		get("2", 1, 0) // was the store's later than 3 was
		if got := get("5", 1, time.Hour); got != "2" {
			t.Errorf("what was the store's last: version %s, want 2", got)
		}
		if got := get("6", 2, time.Hour); got != "6" {
			t.Errorf("of another day: version %s, want 6", got)
		}
		time.Sleep(10*time.Second + 1)
		if got := get("7", 1, 10*time.Second); got != "7" {
			t.Errorf("a nanosecond too old: version %s, want 7", got)
		}
	})
}
