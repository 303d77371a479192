package storetest

import (
	"testing"

	"github.com/google/go-cmp/cmp"
	"pgregory.net/rapid"

	"entangle/graph"
)

// versionsOf returns the version of a view of each clearance.
func versionsOf(t *testing.T, s graph.Store) (versions [graph.Red + 1]graph.Version) {
	t.Helper()
	for _, clearance := range clearances {
		v := must[graph.View](t)(s.View(t.Context(), clearance))
		versions[clearance] = v.Version()
		if err := v.Close(); err != nil {
			t.Error(err)
		}
	}
	return versions
}

// movedOf tells for which clearances two versions differ.
func movedOf(before, after [graph.Red + 1]graph.Version) (moved [graph.Red + 1]bool) {
	for i := range moved {
		moved[i] = before[i] != after[i]
	}
	return moved
}

// TestVersionsMove: a commit moves the versions of the clearances that observe it, and no
// other. What each step should move was written down by hand; the model, which compares what
// each clearance shows, says the same.
func (suite) TestVersionsMove(t *testing.T, c *Case) {
	m := NewModel()
	fixture := Fixture()
	now := versionsOf(t, c.Store)
	step := func(name string, lowest graph.Marking, b graph.Batch) {
		t.Helper()
		before, was := now, versionsOf(t, m)
		a := mustApply(t, c.Store, b)
		mustApply(t, m, b)
		now = versionsOf(t, c.Store)
		want := [graph.Red + 1]bool{}
		for clearance := lowest; clearance <= graph.Red; clearance++ {
			want[clearance] = true
		}
		if diff := cmp.Diff(want, movedOf(before, now)); diff != "" {
			t.Errorf("%s: moved (-want +got):\n%s", name, diff)
		}
		if diff := cmp.Diff(want, movedOf(was, versionsOf(t, m))); diff != "" {
			t.Errorf("%s: moved in the model (-want +got):\n%s", name, diff)
		}
		if store := mustVersion(t, c.Store); store != now[graph.Red] || a.Version != store {
			t.Errorf("%s: the store has version %q, applied as %q, a view of all %q", name, store, a.Version, now[graph.Red])
		}
	}
	nodes := func(list ...graph.Node) graph.Batch { return graph.Batch{Load: fixture.Load, Nodes: list} }
	ties := func(list ...graph.Tie) graph.Batch { return graph.Batch{Load: fixture.Load, Ties: list} }
	as := func(m graph.Marking) func(*graph.Tie) { return func(t *graph.Tie) { t.Marking = m } }
	step("the fixture", graph.Clear, fixture)
	step("the same again", graph.Nobody, fixture)
	step("a hidden node", graph.Amber, nodes(node(graph.Person, "p-new", "New", marked(graph.Amber))))
	step("a name of it", graph.Amber, nodes(node(graph.Person, "p-new", "Newer", marked(graph.Amber))))
	step("a tie of it", graph.Amber, ties(claim(graph.MemberOf, "p-new", "g-salt", "2011")))
	step("a hidden tie of nodes that all see", graph.AmberStrict, ties(claim(graph.MemberOf, "p-boro", "g-salt", "2012", as(graph.AmberStrict))))
	step("a tie of a node that is hidden from most", graph.Red, ties(claim(graph.MemberOf, "p-hush", "g-salt", "2012")))
	step("a citation of a hidden source", graph.Amber, nodes(node(graph.Person, "p-boro", "Boro Senn", cites(graph.Citation{Source: "s-hush"}))))
	step("a citation of an open source", graph.Clear, nodes(node(graph.Person, "p-boro", "Boro Senn", cites(graph.Citation{Source: "s-open"}))))

	cited := fixture.Ties[0].Normal() // i-tides PART_OF i-state
	cited.Citations = []graph.Citation{{Source: "s-hush", Page: "9"}}
	step("a tie's citation of a hidden source", graph.Amber, ties(cited))
	step("the same again", graph.Nobody, ties(cited))
	cited.Citations = []graph.Citation{{Source: "s-hush", Page: "9"}, {Source: "s-paper"}}
	step("a tie's citation of an open source", graph.Clear, ties(cited))

	strict := fixture.Ties[15].Normal() // p-mira MEMBER_OF g-reed, AMBER_STRICT
	strict.Note = "checked"
	step("a note on a hidden tie", graph.AmberStrict, ties(strict))
	strict.Marking = graph.Green
	step("a tie's marking that is lowered", graph.Green, ties(strict))
	strict.Marking = graph.Red
	step("a tie's marking that is raised", graph.Green, ties(strict))

	step("a node's marking that is raised", graph.Green, nodes(node(graph.Post, "o-quiet", "Quiet Post", marked(graph.Amber))))
	step("a source's marking that is raised", graph.Clear, nodes(node(graph.Source, "s-paper", "Evening Paper", marked(graph.Red))))
	step("a citation of what was an open source", graph.Red, nodes(node(graph.Person, "p-adan", "Adan al-Kesh", cites(graph.Citation{Source: "s-paper"}))))

	moving := claim(graph.MemberOf, "p-new", "g-reed", "2013")
	moving.ID = "moves"
	step("a tie of a hidden node", graph.Amber, ties(moving))
	moving.From = "p-boro"
	step("that goes to a node that all see", graph.Clear, ties(moving))
}

// TestVersionsOfLoads: what a batch says of its load is observed by those who see something
// that carries the load.
func (suite) TestVersionsOfLoads(t *testing.T, c *Case) {
	fixture(t, c)
	m := modelOf(t, Fixture())
	now := versionsOf(t, c.Store)
	person := func(id graph.ID, m graph.Marking) graph.Node { return node(graph.Person, id, string(id), marked(m)) }
	carrying := person("p-1", graph.Green)
	carrying.Load = "load-named" // no batch has said anything of it yet
	for i, b := range []graph.Batch{
		{Load: graph.Load{ID: "load-hidden", Dataset: "first"}, Nodes: []graph.Node{person("p-2", graph.Amber)}},
		{Load: graph.Load{ID: "load-hidden", Dataset: "second"}, Nodes: []graph.Node{person("p-3", graph.Red)}},
		{Load: graph.Load{ID: "load-hidden", Dataset: "second"}, Nodes: []graph.Node{person("p-4", graph.Red)}},
		{Load: graph.Load{ID: "load-fixture", Dataset: "fixture", Format: "by hand"}, Nodes: []graph.Node{person("p-5", graph.Red)}},
		{Load: graph.Load{ID: "load-other", Dataset: "other"}, Nodes: []graph.Node{carrying}},
		{Load: graph.Load{ID: "load-named", Dataset: "named"}, Nodes: []graph.Node{person("p-6", graph.Red)}},
		{Load: graph.Load{ID: "load-strict", Dataset: "strict"}, Ties: []graph.Tie{claim(graph.MemberOf, "p-2", "g-reed", "2001")}},
		{Load: graph.Load{ID: "load-strict", Dataset: "stricter"}, Nodes: []graph.Node{person("p-7", graph.Red)}},
	} {
		before, was := now, versionsOf(t, m)
		mustApply(t, c.Store, b)
		mustApply(t, m, b)
		now = versionsOf(t, c.Store)
		if diff := cmp.Diff(movedOf(was, versionsOf(t, m)), movedOf(before, now)); diff != "" {
			t.Errorf("batch %d: moved (-want +got):\n%s", i, diff)
		}
		if want := []graph.Marking{graph.Amber, graph.Amber, graph.Red, graph.Clear, graph.Green, graph.Green, graph.Amber, graph.Amber}[i]; !movedOf(before, now)[want] || want > 0 && movedOf(before, now)[want-1] {
			t.Errorf("batch %d: moved %v, want from %s on", i, movedOf(before, now), want)
		}
	}
}

// TestVersionsRefused: a batch that is refused, or changes nothing, moves no version.
func (suite) TestVersionsRefused(t *testing.T, c *Case) {
	fixture(t, c)
	before := versionsOf(t, c.Store)
	if _, err := c.Store.Apply(t.Context(), badBatches()["self tie"]); err == nil {
		t.Error("a bad batch was applied")
	}
	mustApply(t, c.Store, Fixture())
	mustApply(t, c.Store, graph.Batch{Load: graph.Load{ID: "load-empty", Dataset: "nothing"}})
	if diff := cmp.Diff(before, versionsOf(t, c.Store)); diff != "" {
		t.Errorf("versions (-before +after):\n%s", diff)
	}
}

// sameMoves holds what a commit moved against the model.
func sameMoves(t *testing.T, s graph.Store, m *Model, commit func()) {
	t.Helper()
	before, was := versionsOf(t, s), versionsOf(t, m)
	commit()
	if diff := cmp.Diff(movedOf(was, versionsOf(t, m)), movedOf(before, versionsOf(t, s))); diff != "" {
		t.Fatalf("moved (-want +got):\n%s", diff)
	}
}

// TestVersionsRandom plays random stories, in which most is hidden from somebody.
func (suite) TestVersionsRandom(t *testing.T, c *Case) {
	for seed := range 4 {
		tale := rapid.Custom(randomStory).Example(500 + seed)
		s, m := c.Fresh(t), NewModel()
		for _, b := range tale.Batches {
			sameMoves(t, s, m, func() { applyBoth(t, s, m, b) })
		}
	}
}
