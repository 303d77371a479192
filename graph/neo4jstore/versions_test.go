package neo4jstore_test

import (
	"testing"

	"github.com/google/go-cmp/cmp"

	"entangle/graph"
	"entangle/graph/storetest"
)

// versionsOf returns the version of a view of each clearance.
func versionsOf(t *testing.T, s graph.Store) (versions [graph.Red + 1]graph.Version) {
	t.Helper()
	for clearance := range versions {
		versions[clearance] = unsettled(t, s, graph.Marking(clearance)).Version()
	}
	return versions
}

// swept has a store look at everything, whoever has committed.
func swept(t *testing.T, s graph.Store) {
	t.Helper()
	bump(t)
	settle(t, s)
}

// moves applies a batch and tells from which clearance on the versions moved.
func moves(t *testing.T, reader, writer graph.Store, b graph.Batch) graph.Marking {
	t.Helper()
	before := versionsOf(t, reader)
	a := apply(t, writer, b)
	after := versionsOf(t, reader)
	lowest := graph.Nobody
	for clearance := range before {
		switch moved := before[clearance] != after[clearance]; {
		case moved:
			lowest = min(lowest, graph.Marking(clearance))
		case lowest != graph.Nobody:
			t.Errorf("%s moved, and %s did not", lowest, graph.Marking(clearance))
		}
	}
	if a.Version != after[graph.Red] {
		t.Errorf("applied as %q, the reader has %q", a.Version, after[graph.Red])
	}
	return lowest
}

// TestVersionsOfAnotherProcess: a store that knows nothing of what the database has writes to
// it, and another reads: only those who observe the change see that there was one. What the
// batch does not bring is looked up, such as the end that a tie is moved away from.
func TestVersionsOfAnotherProcess(t *testing.T) {
	reader := open(t)
	b := storetest.Fixture()
	moving := graph.Tie{ID: "moves", Type: graph.MemberOf, From: "p-hush", To: "g-dune"} // p-hush is RED
	b.Ties = append(b.Ties, moving)
	apply(t, reader, b)
	writer := opened(t, false)
	load := func(ties ...graph.Tie) graph.Batch { return graph.Batch{Load: b.Load, Ties: ties} }
	moving.To = "g-salt"
	if got := moves(t, reader, writer, load(moving)); got != graph.Red {
		t.Errorf("a tie of a RED node moved the versions from %s on", got)
	}
	cited := b.Ties[0].Normal()
	cited.Citations = []graph.Citation{{Source: "s-hush"}} // AMBER
	if got := moves(t, reader, writer, load(cited)); got != graph.Amber {
		t.Errorf("a citation of an AMBER source moved the versions from %s on", got)
	}
	cited.Citations = []graph.Citation{{Source: "s-open"}, {Source: "s-hush"}}
	if got := moves(t, reader, writer, load(cited)); got != graph.Clear {
		t.Errorf("a citation of a CLEAR source moved the versions from %s on", got)
	}
	hidden := graph.Node{ID: "p-x", Kind: graph.Person, Names: []graph.Name{{Text: "X"}}, Marking: graph.Red}
	said := graph.Load{ID: b.Load.ID, Dataset: "said anew"}
	if got := moves(t, reader, writer, graph.Batch{Load: said, Nodes: []graph.Node{hidden}}); got != graph.Clear {
		t.Errorf("what is said of a load that all see moved the versions from %s on", got)
	}
	moving.From = "p-boro"
	if got := moves(t, reader, writer, graph.Batch{Load: said, Ties: []graph.Tie{moving}}); got != graph.Clear {
		t.Errorf("a tie that went to a CLEAR node moved the versions from %s on", got)
	}
	if got := moves(t, reader, writer, graph.Batch{Load: said, Ties: []graph.Tie{moving}}); got != graph.Nobody {
		t.Errorf("the same again moved the versions from %s on", got)
	}
}

// TestUnrelatedCommit: what others write that is none of ours moves no version; what is adopted
// moves them.
func TestUnrelatedCommit(t *testing.T) {
	s := open(t)
	apply(t, s, small())
	swept(t, s)
	before := versionsOf(t, s)
	swept(t, s)
	if diff := cmp.Diff(before, versionsOf(t, s)); diff != "" {
		t.Errorf("versions (-before +after):\n%s", diff)
	}
	admin(t, shared, "CREATE (:Group {id: 'g-late', name: 'Late'})", nil)
	swept(t, s)
	after := versionsOf(t, s)
	for clearance := range before {
		if before[clearance] == after[clearance] {
			t.Errorf("what was adopted did not move the version of %s", graph.Marking(clearance))
		}
	}
}

// TestVersionsAreMade: a database that has no versions, or not one for each clearance, gets
// those that it lacks, beneath an open store too, and keeps those that it has.
func TestVersionsAreMade(t *testing.T) {
	s := open(t)
	apply(t, s, small())
	first := versionsOf(t, s)
	admin(t, shared, "MATCH (m:EntangleMeta) SET m.versions = m.versions[..2]", nil)
	again := versionsOf(t, s)
	admin(t, shared, "MATCH (m:EntangleMeta) REMOVE m.versions", nil)
	for clearance, v := range versionsOf(t, opened(t, false)) {
		kept := clearance < 2
		if again[clearance] == "" || kept != (again[clearance] == first[clearance]) || v == "" || v == again[clearance] {
			t.Errorf("%s: version %q, of two left %q, of none %q", graph.Marking(clearance), first[clearance], again[clearance], v)
		}
	}
}
