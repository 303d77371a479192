package storetest

import (
	"context"
	"errors"
	"fmt"
	"strconv"
	"sync"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"entangle/graph"
)

// TestIsolationKeepsState: a view answers from the state at its opening,
// whatever is committed meanwhile.
func (suite) TestIsolationKeepsState(t *testing.T, c *Case) {
	m := fixture(t, c)
	v := mustView(t, c.Store, graph.Red)
	if i, ok := v.(graph.Isolated); ok {
		t.Fatalf("the view says it is %q: leave the category isolation out", i.Isolation())
	}
	want := interview(t.Context(), mustView(t, m, graph.Red), m)
	version := v.Version()
	change := graph.Batch{
		Load:  graph.Load{ID: "load-2"},
		Nodes: []graph.Node{node(graph.Person, "p-adan", "Adan", marked(graph.Red)), node(graph.Person, "p-new", "Adan New")},
		Ties:  []graph.Tie{claim(graph.MemberOf, "p-new", "g-reed", "2015")},
	}
	mustApply(t, c.Store, change)
	compareAnswers(t, interview(t.Context(), v, m), want)
	if v.Version() != version || mustVersion(t, c.Store) == version {
		t.Errorf("version of the view %q, before %q, of the store %q", v.Version(), version, mustVersion(t, c.Store))
	}
	mustApply(t, m, change)
	compareAnswers(t, interview(t.Context(), mustView(t, c.Store, graph.Red), m), interview(t.Context(), mustView(t, m, graph.Red), m))
}

// TestIsolationOfStream: a commit in the middle of a stream does not show in it.
func (suite) TestIsolationOfStream(t *testing.T, c *Case) {
	fixture(t, c)
	v := mustView(t, c.Store, graph.Red)
	count := 0
	for _, err := range v.Ties(t.Context(), graph.TieQuery{Where: all}) {
		if err != nil {
			t.Fatal(err)
		}
		tie := claim(graph.MemberOf, "p-boro", "g-salt", strconv.Itoa(1900+count))
		mustApply(t, c.Store, graph.Batch{Ties: []graph.Tie{tie}})
		count++
	}
	if want := len(Fixture().Ties); count != want {
		t.Errorf("the stream had %d ties, want %d", count, want)
	}
}

// TestReopenKeeps: data and version outlive the store that wrote them.
func (suite) TestReopenKeeps(t *testing.T, c *Case) {
	m := fixture(t, c)
	version := mustVersion(t, c.Store)
	r, ok := c.Store.(Reopener)
	if !ok {
		t.Fatal("the store under test is no Reopener: leave the category reopen out, with the reason")
	}
	c.Store = r.Reopen(t)
	if now := mustVersion(t, c.Store); now != version {
		t.Errorf("version %q after reopening, %q before", now, version)
	}
	compareAnswers(t, interview(t.Context(), mustView(t, c.Store, graph.Amber), m), interview(t.Context(), mustView(t, m, graph.Amber), m))
	if a := mustApply(t, c.Store, Fixture()); a.Changed() {
		t.Errorf("reload after reopening changed %+v", a)
	}
}

// everyRead calls every read once and returns the errors by name.
func everyRead(ctx context.Context, v graph.Reader) map[string]error {
	errs := map[string]error{}
	_, errs["NodesByID"] = v.NodesByID(ctx, []graph.ID{"p-adan"})
	_, errs["TiesByID"] = v.TiesByID(ctx, []graph.ID{"t"})
	_, errs["Resolve"] = v.Resolve(ctx, []string{"registry:17"})
	_, errs["Nodes"] = collect(v.Nodes(ctx, graph.NodeQuery{}))
	_, errs["CountNodes"] = v.CountNodes(ctx, graph.NodeQuery{})
	_, errs["Ties"] = collect(v.Ties(ctx, graph.TieQuery{}))
	_, errs["Adjacent"] = v.Adjacent(ctx, graph.AdjacentQuery{Nodes: []graph.ID{"p-adan"}, Type: graph.Holds})
	_, errs["CountTies"] = v.CountTies(ctx, graph.TieQuery{})
	_, errs["CountAdjacent"] = v.CountAdjacent(ctx, graph.AdjacentQuery{Nodes: []graph.ID{"p-adan"}, Type: graph.Holds})
	_, errs["Search"] = v.Search(ctx, graph.SearchQuery{Text: "adan"})
	_, errs["Counts"] = v.Counts(ctx)
	_, errs["Loads"] = v.Loads(ctx)
	return errs
}

func wantErrors(t *testing.T, errs map[string]error, want error) {
	t.Helper()
	for name, err := range errs {
		if !errors.Is(err, want) {
			t.Errorf("%s: error is %v, want %v", name, err, want)
		}
	}
}

// TestCancelBefore: a cancelled context is the error of every call, and does no
// harm to the view.
func (suite) TestCancelBefore(t *testing.T, c *Case) {
	fixture(t, c)
	ctx, cancel := context.WithCancel(t.Context())
	v := must[graph.View](t)(c.Store.View(ctx, graph.Red))
	defer func() { _ = v.Close() }()
	cancel()
	wantErrors(t, everyRead(ctx, v), context.Canceled)
	if _, err := c.Store.View(ctx, graph.Red); !errors.Is(err, context.Canceled) {
		t.Errorf("view: %v, want context.Canceled", err)
	}
	if _, err := c.Store.Version(ctx); !errors.Is(err, context.Canceled) {
		t.Errorf("version: %v, want context.Canceled", err)
	}
	b := graph.Batch{Nodes: []graph.Node{node(graph.Person, "p-never", "Never")}}
	if _, err := c.Store.Apply(ctx, b); !errors.Is(err, context.Canceled) {
		t.Errorf("apply: %v, want context.Canceled", err)
	}
	for name, err := range everyRead(t.Context(), v) { // the view was opened under a context that is gone
		if err != nil {
			t.Errorf("%s after the cancelled calls: %v", name, err)
		}
	}
	if n := must[map[graph.ID]graph.Node](t)(mustView(t, c.Store, graph.Red).NodesByID(t.Context(), []graph.ID{"p-never"})); len(n) > 0 {
		t.Error("the cancelled batch is there")
	}
}

// TestCancelApply: a batch whose context ends while it is applied is there as a
// whole or not at all, and a store that refused it takes it later.
func (suite) TestCancelApply(t *testing.T, c *Case) {
	for i, wait := range []time.Duration{0, time.Millisecond, 5 * time.Millisecond, 20 * time.Millisecond, 60 * time.Millisecond} {
		b := crowd(fmt.Sprintf("c%d-", i), 3000)
		ctx, cancel := context.WithTimeout(t.Context(), wait)
		a, err := c.Store.Apply(ctx, b)
		cancel()
		if err != nil && !errors.Is(err, context.DeadlineExceeded) {
			t.Fatalf("after %v: %v", wait, err)
		}
		v := must[graph.View](t)(c.Store.View(t.Context(), graph.Red))
		there := must[map[graph.ID]graph.Node](t)(v.NodesByID(t.Context(), ids(b.Nodes, nodeID)))
		ties := must[map[graph.ID]graph.Tie](t)(v.TiesByID(t.Context(), ids(b.Normal().Ties, tieID)))
		_ = v.Close()
		want, wantTies := len(b.Nodes), len(b.Ties)
		if err != nil {
			want, wantTies = 0, 0
		}
		if len(there) != want || len(ties) != wantTies {
			t.Errorf("after %v (%v): %d nodes and %d ties are there, want %d and %d; applied %+v", wait, err, len(there), len(ties), want, wantTies, a)
		}
	}
	mustApply(t, c.Store, crowd("c0-", 3000))
}

// crowd is a batch of n people in a chain of kin.
func crowd(prefix string, n int) graph.Batch {
	b := graph.Batch{Load: graph.Load{ID: graph.ID("load-" + prefix)}}
	for i := range n {
		id := graph.ID(fmt.Sprintf("%s%05d", prefix, i))
		b.Nodes = append(b.Nodes, node(graph.Person, id, "Person "+string(id)))
		if i > 0 {
			b.Ties = append(b.Ties, claim(graph.KinOf, b.Nodes[i-1].ID, id, ""))
		}
	}
	return b
}

// TestCancelStream: a stream whose context ends says so and ends.
func (suite) TestCancelStream(t *testing.T, c *Case) {
	mustApply(t, c.Store, crowd("s-", 8000))
	v := mustView(t, c.Store, graph.Red)
	ctx, cancel := context.WithCancel(t.Context())
	defer cancel()
	var last error
	after := 0
	for _, err := range v.Nodes(ctx, graph.NodeQuery{}) {
		if last != nil {
			t.Fatal("the stream goes on behind its error")
		}
		cancel()
		last = err
		after++
	}
	if !errors.Is(last, context.Canceled) || after > 7000 {
		t.Errorf("the stream ended after %d nodes with %v, want context.Canceled well before the end", after, last)
	}
}

// TestCloseView: a closed view answers ErrClosed; closing it again does no harm.
func (suite) TestCloseView(t *testing.T, c *Case) {
	fixture(t, c)
	v := mustView(t, c.Store, graph.Red)
	for range 2 {
		if err := v.Close(); err != nil && !errors.Is(err, graph.ErrClosed) {
			t.Errorf("close: %v", err)
		}
		wantErrors(t, everyRead(t.Context(), v), graph.ErrClosed)
	}
	wantErrors(t, map[string]error{"other view": everyRead(t.Context(), mustView(t, c.Store, graph.Red))["Nodes"]}, nil)
}

// TestCloseStore: a closed store, and views it left open, answer ErrClosed.
func (suite) TestCloseStore(t *testing.T, c *Case) {
	fixture(t, c)
	v := must[graph.View](t)(c.Store.View(t.Context(), graph.Red))
	if err := c.Store.Close(); err != nil {
		t.Fatalf("close: %v", err)
	}
	errs := everyRead(t.Context(), v)
	_, errs["View"] = c.Store.View(t.Context(), graph.Red)
	_, errs["Version"] = c.Store.Version(t.Context())
	_, errs["Apply"] = c.Store.Apply(t.Context(), Fixture())
	wantErrors(t, errs, graph.ErrClosed)
	if err := v.Close(); err != nil && !errors.Is(err, graph.ErrClosed) {
		t.Errorf("close of a view behind the store: %v", err)
	}
}

// TestConcurrentUse: readers and writers at the same time. Every batch adds one
// person and one membership; a view must see as many of the one as of the other,
// and never fewer than a view before it.
func (suite) TestConcurrentUse(t *testing.T, c *Case) {
	const writers, batches, readers = 3, 15, 4
	mustApply(t, c.Store, graph.Batch{Nodes: []graph.Node{node(graph.Group, "g", "G")}})
	var writing, reading sync.WaitGroup
	done := make(chan struct{})
	for w := range writers {
		writing.Go(func() {
			for i := range batches {
				id := graph.ID(fmt.Sprintf("p-%d-%d", w, i))
				b := graph.Batch{Nodes: []graph.Node{node(graph.Person, id, "Person")}, Ties: []graph.Tie{claim(graph.MemberOf, id, "g", "")}}
				if _, err := c.Store.Apply(t.Context(), b); err != nil {
					t.Errorf("apply: %v", err)
				}
			}
		})
	}
	for range readers {
		reading.Go(func() {
			before := 0
			for {
				select {
				case <-done:
					return
				default:
				}
				now, err := consistent(t.Context(), c.Store)
				if err != nil || now < before {
					t.Errorf("a view sees %d people after %d: %v", now, before, err)
					return
				}
				before = now
			}
		})
	}
	writing.Wait()
	close(done)
	reading.Wait()
	if n, err := consistent(t.Context(), c.Store); err != nil || n != writers*batches {
		t.Errorf("%d people at the end (%v), want %d", n, err, writers*batches)
	}
}

// consistent reads one view in several ways and returns how many people it has.
func consistent(ctx context.Context, s graph.Store) (int, error) {
	v, err := s.View(ctx, graph.Clear)
	if err != nil {
		return 0, err
	}
	defer func() { _ = v.Close() }()
	counts, err := v.Counts(ctx)
	if err != nil {
		return 0, err
	}
	members, err := v.CountAdjacent(ctx, graph.AdjacentQuery{Nodes: []graph.ID{"g"}, Type: graph.MemberOf, Dir: graph.Back})
	if err != nil {
		return 0, err
	}
	list, err := collect(v.Nodes(ctx, graph.NodeQuery{Kinds: []graph.Kind{graph.Person}}))
	if err != nil {
		return 0, err
	}
	people, ties := counts.Nodes[graph.Person], counts.Ties[graph.MemberOf]
	if _, loose := v.(graph.Isolated); !loose && (people != ties || people != members["g"] || people != len(list)) {
		return people, fmt.Errorf("one view sees %d people, %d memberships, %d members, %d listed", people, ties, members["g"], len(list))
	}
	return people, nil
}

// TestConcurrentView: one view serves many goroutines.
func (suite) TestConcurrentView(t *testing.T, c *Case) {
	m := fixture(t, c)
	v := mustView(t, c.Store, graph.Amber)
	want := interview(t.Context(), mustView(t, m, graph.Amber), m)
	var wg sync.WaitGroup
	for range 4 {
		wg.Go(func() {
			if diff := diffAnswers(interview(t.Context(), v, m), want); diff != "" {
				t.Error(diff)
			}
		})
	}
	wg.Wait()
}

// TestTextRoundTrip: every text comes back byte for byte, whatever it holds.
func (suite) TestTextRoundTrip(t *testing.T, c *Case) {
	texts := []string{
		"plain", "e\u0301 and \u00e9", "عَدَن\u200c\u200f ٣", "😀\U0001F1EE", "\u202eright\u202c to left", "a\nb\r\nc\td", "\x01\x1f\x7f", `"quoted" 'single' \ backslash \u0000 \n`, "$param {json: [1]}",
		"'; DROP TABLE node; --", "MATCH (n) DETACH DELETE n //", "`tick`", "%_*?", "\ufeffbom", "\ufffd", "\ue000", "trailing ", " leading", "ß SS ſ İ ı", "null", "true", "1e3", "a\u2028b",
	}
	m := NewModel()
	b := graph.Batch{Load: graph.Load{ID: "load'\"1", Dataset: texts[7], Format: texts[3]}}
	b.Nodes = append(b.Nodes, node(graph.Source, "src", "Source"), node(graph.Group, "grp", "Group"))
	for i, text := range texts {
		id := graph.ID(fmt.Sprintf("%s#%d", text, i))
		cite := graph.Citation{Source: "src", Page: text, Quote: text}
		n := node(graph.Person, id, text, alias("x:"+text), prop("summary", text), prop("gender", "g "+text), cites(cite))
		n.Names[0].Lang, n.Names[0].Script = "zh-classical", "Hant"
		n.Names = append(n.Names, graph.Name{Text: "other " + text, Kind: "former-2_x"})
		n.Props["summary"] = []string{n.Props.Text("summary")}
		b.Nodes = append(b.Nodes, n)
		tie := claim(graph.MemberOf, id, "grp", "", source(cite), sure(0.1+0.2), weight(1.0/3), func(t *graph.Tie) {
			t.ID, t.Note, t.ConflictSet, t.Derived, t.DerivedBy, t.Confidence.Rule = "t#"+id, text, text, true, text, text
		})
		b.Ties = append(b.Ties, tie)
	}
	// Property values are in canonical form: blanks around them are refused.
	for i := range b.Nodes {
		for name, v := range b.Nodes[i].Props {
			spec, _ := graph.Spec(b.Nodes[i].Kind.Info().Props, name)
			if canonical, err := spec.Check(v[0]); err == nil {
				b.Nodes[i].Props[name] = []string{canonical}
			}
		}
	}
	mustApply(t, m, b)
	mustApply(t, c.Store, b)
	v, ref := mustView(t, c.Store, graph.Clear), mustView(t, m, graph.Clear)
	compareAnswers(t, interview(t.Context(), v, m), interview(t.Context(), ref, m))
	for _, text := range texts {
		for _, op := range []graph.Op{graph.Eq, graph.Contains, graph.StartsWith, graph.EndsWith} {
			for _, field := range []string{"name", "summary", "id"} {
				compareNodes(t, v, ref, graph.NodeQuery{Where: graph.Cond{Op: op, Field: field, Values: []string{text}}})
			}
		}
	}
	if a := mustApply(t, c.Store, b); a.Changed() {
		t.Errorf("the same texts again changed %+v", a)
	}
}

// TestTextLong: texts up to the limit of the contract.
func (suite) TestTextLong(t *testing.T, c *Case) {
	long := make([]rune, graph.MaxText/2)
	for i := range long {
		long[i] = rune('ء' + i%20)
	}
	n := node(graph.Event, "long", "Long", prop("summary", string(long)))
	for range 20 { // together more than an index takes
		n.Names = append(n.Names, graph.Name{Text: string(long[:graph.MaxName/2])})
	}
	mustApply(t, c.Store, graph.Batch{Nodes: []graph.Node{n}})
	got := must[map[graph.ID]graph.Node](t)(mustView(t, c.Store, graph.Clear).NodesByID(t.Context(), []graph.ID{"long"}))["long"]
	if diff := cmp.Diff(n, got, same); diff != "" {
		t.Errorf("%d bytes came back as %d", len(string(long)), len(got.Props.Text("summary")))
	}
}
