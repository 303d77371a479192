package storetest

import (
	"errors"
	"math/rand/v2"
	"slices"
	"testing"

	"github.com/google/go-cmp/cmp"

	"entangle/graph"
)

// TestApplyFixture loads the drawn graph and reads it all back.
func (suite) TestApplyFixture(t *testing.T, c *Case) {
	m := NewModel()
	want := mustApply(t, m, Fixture())
	got := mustApply(t, c.Store, Fixture())
	got.Version, want.Version = "", ""
	if diff := cmp.Diff(want, got); diff != "" {
		t.Errorf("applied (-want +got):\n%s", diff)
	}
	v := mustView(t, c.Store, graph.Red)
	compareAnswers(t, interview(t.Context(), v, m), interview(t.Context(), mustView(t, m, graph.Red), m))
}

// TestApplyTwice: a reload adds nothing, changes nothing and keeps the version,
// also under another load's name.
func (suite) TestApplyTwice(t *testing.T, c *Case) {
	first := mustApply(t, c.Store, Fixture())
	if first.NodesCreated != len(Fixture().Nodes) || first.TiesCreated != len(Fixture().Ties) {
		t.Errorf("first load: %+v", first)
	}
	again := Fixture()
	for _, load := range []graph.ID{again.Load.ID, "load-later"} {
		again.Load.ID = load
		second := mustApply(t, c.Store, again)
		want := graph.Applied{Version: first.Version, NodesSame: first.NodesCreated, TiesSame: first.TiesCreated}
		if diff := cmp.Diff(want, second); diff != "" {
			t.Errorf("second load as %s (-want +got):\n%s", load, diff)
		}
	}
	loads := must[[]graph.Load](t)(mustView(t, c.Store, graph.Red).Loads(t.Context()))
	if diff := cmp.Diff([]graph.Load{Fixture().Load}, loads); diff != "" {
		t.Errorf("loads (-want +got):\n%s", diff)
	}
}

// TestApplyVersions: the version changes exactly when the data does.
func (suite) TestApplyVersions(t *testing.T, c *Case) {
	seen := []graph.Version{mustVersion(t, c.Store)}
	step := func(name string, changes bool, b graph.Batch) {
		t.Helper()
		a := mustApply(t, c.Store, b)
		now := mustVersion(t, c.Store)
		if a.Version != now || a.Changed() != changes {
			t.Errorf("%s: applied %+v, version is %q", name, a, now)
		}
		if slices.Contains(seen, now) == changes {
			t.Errorf("%s: version %q, before %q", name, now, seen)
		}
		if v := mustView(t, c.Store, graph.Red); v.Version() != now {
			t.Errorf("%s: a view says version %q, the store %q", name, v.Version(), now)
		}
		seen = append(seen, now)
	}
	step("empty batch", false, graph.Batch{Load: graph.Load{ID: "l"}})
	step("fixture", true, Fixture())
	step("fixture again", false, Fixture())
	step("a part of it", false, graph.Batch{Ties: Fixture().Ties[:3]})
	step("a new type", true, graph.Batch{Nodes: []graph.Node{node(graph.Group, "g-salt", "Salt League", typed("company"))}})
	step("fewer types", false, graph.Batch{Nodes: []graph.Node{node(graph.Group, "g-salt", "Salt League")}})
	tie := Fixture().Ties[0].Normal()
	tie.Note = "checked"
	step("a note", true, graph.Batch{Ties: []graph.Tie{tie}})
	if _, err := c.Store.Apply(t.Context(), graph.Batch{Ties: []graph.Tie{{Type: graph.Holds, From: "x", To: "y"}}}); !errors.Is(err, graph.ErrInvalid) {
		t.Errorf("bad batch: %v, want ErrInvalid", err)
	}
	if now := mustVersion(t, c.Store); now != seen[len(seen)-1] {
		t.Errorf("a refused batch changed the version to %q", now)
	}
}

// badBatches are refused whole. Each is the fixture with something wrong in it.
func badBatches() map[string]graph.Batch {
	bad := map[string]graph.Batch{}
	with := func(name string, change func(*graph.Batch)) {
		b := Fixture()
		change(&b)
		bad[name] = b
	}
	tie := func(t graph.Tie) func(*graph.Batch) { return func(b *graph.Batch) { b.Ties = append(b.Ties, t) } }
	with("missing ends", tie(claim(graph.Holds, "nobody", "nowhere", "")))
	with("ends of a wrong kind", tie(claim(graph.Holds, "g-reed", "o-chief", "")))
	with("self tie", tie(claim(graph.AlliedWith, "g-reed", "g-reed", "")))
	with("unknown source of a tie", tie(claim(graph.MemberOf, "p-boro", "g-reed", "", source(graph.Citation{Source: "s-none"}))))
	with("a node cited as a source", tie(claim(graph.MemberOf, "p-boro", "g-reed", "", source(graph.Citation{Source: "p-adan"}))))
	with("ends before it starts", tie(claim(graph.MemberOf, "p-boro", "g-reed", "2010/2009")))
	with("confidence outside 0 to 1", tie(claim(graph.MemberOf, "p-boro", "g-reed", "", sure(1.5))))
	with("property of another type", tie(claim(graph.MemberOf, "p-boro", "g-reed", "", tieProp("seats", "3"))))
	with("unknown source of a node", func(b *graph.Batch) { b.Nodes[5].Citations = []graph.Citation{{Source: "s-none"}} })
	with("two kinds for an id", func(b *graph.Batch) { b.Nodes = append(b.Nodes, node(graph.Group, "p-adan", "Adan")) })
	with("node without a name", func(b *graph.Batch) { b.Nodes[3].Names = nil })
	with("number that is none", func(b *graph.Batch) { b.Nodes[4].Props["strength"] = []string{"many"} })
	with("many things at once", func(b *graph.Batch) {
		b.Nodes[3].Names = nil
		b.Nodes[4].Props = graph.Props{"colour": {"red"}}
		b.Ties[1].To, b.Ties[2].Weight = "nowhere", graph.KnownShare(7)
	})
	return bad
}

// TestApplyAtomic: one bad record and nothing is applied; the error lists every
// problem as Batch.Validate finds them.
func (suite) TestApplyAtomic(t *testing.T, c *Case) {
	for name, b := range badBatches() {
		want := b.Normal().Validate(func(graph.ID) graph.Kind { return 0 })
		_, err := c.Store.Apply(t.Context(), b)
		bad, ok := errors.AsType[*graph.BatchError](err)
		if !ok || !errors.Is(err, graph.ErrInvalid) {
			t.Errorf("%s: error is %v, want a *BatchError", name, err)
			continue
		}
		if diff := cmp.Diff(want, bad.Problems); diff != "" {
			t.Errorf("%s: problems (-want +got):\n%s", name, diff)
		}
		counts := must[graph.Counts](t)(mustView(t, c.Store, graph.Red).Counts(t.Context()))
		if nodes, ties := counts.Total(); nodes+ties > 0 {
			t.Errorf("%s: %d nodes and %d ties are there", name, nodes, ties)
		}
	}
	mustApply(t, c.Store, Fixture())
}

// TestApplyAgainstStored: a batch is checked against what the store has.
func (suite) TestApplyAgainstStored(t *testing.T, c *Case) {
	m := fixture(t, c)
	accepted := graph.Batch{Ties: []graph.Tie{claim(graph.MemberOf, "p-boro", "g-salt", "2001", source(graph.Citation{Source: "s-open"}))}}
	mustApply(t, c.Store, accepted)
	mustApply(t, m, accepted)
	for name, b := range map[string]graph.Batch{
		"kind":   {Nodes: []graph.Node{node(graph.Person, "g-reed", "Reed")}},
		"ends":   {Ties: []graph.Tie{claim(graph.MemberOf, "g-reed", "p-adan", "")}},
		"source": {Ties: []graph.Tie{claim(graph.MemberOf, "p-adan", "g-salt", "", source(graph.Citation{Source: "g-reed"}))}},
	} {
		_, want := m.Apply(t.Context(), b)
		_, err := c.Store.Apply(t.Context(), b)
		if err == nil || err.Error() != want.Error() {
			t.Errorf("%s: error %v, want %v", name, err, want)
		}
	}
	compareAnswers(t, interview(t.Context(), mustView(t, c.Store, graph.Red), m), interview(t.Context(), mustView(t, m, graph.Red), m))
}

// TestMergeNode: what arrives for a known node is merged as MergeNode says, and
// a stricter marking reaches the ties that lead to it.
func (suite) TestMergeNode(t *testing.T, c *Case) {
	m := fixture(t, c)
	b := graph.Batch{Load: graph.Load{ID: "load-2", Dataset: "second"}, Nodes: []graph.Node{
		node(graph.Person, "p-adan", "Adan Kesh", named("Abu Reed", "", graph.NomDeGuerre), typed("official"), prop("born", "1961-03-09"), prop("gender", "male"),
			alias("registry:p1", "new:1"), marked(graph.Green), cites(graph.Citation{Source: "s-paper"})),
		node(graph.Person, "p-new", "Newly Come"),
		node(graph.Person, "p-new", "Newly Come", typed("late")), // twice in one batch
		node(graph.Person, "p-hush", "Sela Hush"),                // CLEAR does not lift RED
	}}
	b.Nodes = append(b.Nodes, graph.Node{ID: "g-reed", Kind: graph.Group, Names: []graph.Name{{Text: "Reed Front", Kind: graph.PrimaryName}}, Props: graph.Props{"strength": nil}})
	want, got := mustApply(t, m, b), mustApply(t, c.Store, b)
	got.Version, want.Version = "", ""
	if diff := cmp.Diff(want, got); diff != "" {
		t.Errorf("applied (-want +got):\n%s", diff)
	}
	for _, clearance := range []graph.Marking{graph.Clear, graph.Green, graph.Red} {
		v := mustView(t, c.Store, clearance)
		compareAnswers(t, interview(t.Context(), v, m), interview(t.Context(), mustView(t, m, clearance), m))
	}
}

// TestMergeTie: a tie is replaced by its id: the corrected confidence, dates and
// ends count, what the new one lacks is gone.
func (suite) TestMergeTie(t *testing.T, c *Case) {
	m := fixture(t, c)
	old := Fixture().Ties[9].Normal() // p-adan holds o-minister
	corrected := old
	corrected.Confidence, corrected.Grade = graph.Stated(0.2), graph.Grade{}
	moved := claim(graph.Holds, "p-boro", "o-quiet", "2016", weight(0.5))
	moved.ID = Fixture().Ties[10].Normal().ID
	marked := Fixture().Ties[14].Normal()
	marked.Marking = graph.Green
	unmarked := Fixture().Ties[15].Normal()
	unmarked.Marking = graph.Clear // a tie's marking is replaced with it
	twice := claim(graph.MemberOf, "p-boro", "g-salt", "2016")
	second := twice.Normal()
	second.Note = "the later one counts"
	b := graph.Batch{Load: graph.Load{ID: "load-2"}, Ties: []graph.Tie{corrected, moved, marked, unmarked, twice, second}}
	want, got := mustApply(t, m, b), mustApply(t, c.Store, b)
	got.Version, want.Version = "", ""
	if diff := cmp.Diff(want, got); diff != "" {
		t.Errorf("applied (-want +got):\n%s", diff)
	}
	stored := must[map[graph.ID]graph.Tie](t)(mustView(t, c.Store, graph.Red).TiesByID(t.Context(), []graph.ID{old.ID}))[old.ID]
	if stored.Confidence != graph.Stated(0.2) || stored.Load != "load-2" || stored.Grade != (graph.Grade{}) {
		t.Errorf("corrected tie is %+v", stored)
	}
	for _, clearance := range []graph.Marking{graph.Clear, graph.Green, graph.Red} {
		v := mustView(t, c.Store, clearance)
		compareAnswers(t, interview(t.Context(), v, m), interview(t.Context(), mustView(t, m, clearance), m))
	}
}

// TestApplyOrder: the order in which batches are loaded does not show.
func (suite) TestApplyOrder(t *testing.T, c *Case) {
	m := modelOf(t, Fixture())
	want := interview(t.Context(), mustView(t, m, graph.Amber), m)
	for seed := range uint64(3) {
		rng := rand.New(rand.NewPCG(seed, 1))
		s := c.Fresh(t)
		b := Fixture()
		rng.Shuffle(len(b.Ties), func(i, j int) { b.Ties[i], b.Ties[j] = b.Ties[j], b.Ties[i] })
		sources, rest := b.Nodes[:3], slices.Clone(b.Nodes[3:])
		rng.Shuffle(len(rest), func(i, j int) { rest[i], rest[j] = rest[j], rest[i] })
		for _, part := range []graph.Batch{{Nodes: sources}, {Nodes: rest[:7]}, {Nodes: rest[7:], Ties: b.Ties[:9]}, {Ties: b.Ties[9:20]}, {Ties: b.Ties[20:]}} {
			part.Load = b.Load
			mustApply(t, s, part)
		}
		compareAnswers(t, interview(t.Context(), mustView(t, s, graph.Amber), m), want)
	}
}
