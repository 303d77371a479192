package neo4jstore

import (
	"context"
	"slices"

	"github.com/neo4j/neo4j-go-driver/v5/neo4j"

	"entangle/graph"
)

// The node of the schema has a version for each clearance: an opaque text that whatever is
// committed renews for those clearances that observe it (graph.ObservedNode). A bookmark
// tells of every commit, and so it is told to nobody.

// standing is where the database stands.
type standing struct {
	bookmark string
	versions []graph.Version // one for each clearance, the lowest first
}

// of returns the version of a clearance.
func (s standing) of(clearance graph.Marking) graph.Version {
	if int(clearance) >= len(s.versions) {
		return ""
	}
	return s.versions[clearance]
}

// versionsOf reads the versions; nil where not each clearance has one.
func versionsOf(value any) []graph.Version {
	list, _ := value.([]any)
	versions := make([]graph.Version, len(list))
	for i, v := range list {
		text, _ := v.(string)
		versions[i] = graph.Version(text)
	}
	if len(versions) != len(graph.Markings()) || slices.Contains(versions, "") {
		return nil
	}
	return versions
}

// lastMarking is the parameter of statements that write the versions.
func lastMarking() map[string]any { return map[string]any{"last": int64(graph.Red)} }

// moveVersions renews, within a transaction that has the lock, the versions of the clearances
// that observe what it writes: that from which on they do, and all above it. It returns the
// versions that the transaction leaves.
func (r runner) moveVersions(ctx context.Context, observed graph.Marking) ([]graph.Version, error) {
	rows, err := r.run(ctx, "move_versions", nil, with(lastMarking(), map[string]any{"from": int64(observed)}))
	if err != nil {
		return nil, err
	}
	if len(rows) == 0 {
		return nil, errNoSchema
	}
	return versionsOf(rows[0].Values[0]), nil
}

// markingOf reads a stored marking. One that is no marking hides nothing here: what it is on
// is not valid, and a version that moves too often is only slower.
func markingOf(value any) graph.Marking {
	name, _ := value.(string)
	return graph.Marking(max(0, slices.Index(graph.Markings(), name)))
}

// changeNode notes what is written. What was not settled may have been shown or not, so both are
// noted, that it comes and that it goes.
func (m *merge) changeNode(before *storedNode, after *graph.Node) {
	switch {
	case before == nil:
		m.changes.Node(nil, after)
	case before.settled:
		m.changes.Node(&before.Node, after)
	default:
		m.changes.Node(&before.Node, nil)
		m.changes.Node(nil, after)
	}
}

func (m *merge) changeTie(before *storedTie, after *graph.Tie) {
	switch {
	case before == nil:
		m.changes.Tie(nil, after)
	case before.settled:
		m.changes.Tie(&before.Tie, after)
	default:
		m.changes.Tie(&before.Tie, nil)
		m.changes.Tie(nil, after)
	}
}

// observed returns the lowest clearance that observes the changes to nodes and ties. It looks
// up markings that the merge has not read.
func (m *merge) observed(ctx context.Context) (graph.Marking, error) {
	return m.changes.Observed(m.marking, func(ids []graph.ID) (map[graph.ID]graph.Marking, error) {
		found := map[graph.ID]graph.Marking{}
		err := chunks(ctx, m.runner, "stored_kinds", nil, "ids", valid(ids), map[string]any{"kinds": kindNames(nil)}, func(r *neo4j.Record) {
			id, _ := kindOf(r)
			found[id] = markingOf(r.Values[2])
		})
		return found, err
	})
}

// marking tells the marking of a node after the change; false where it was not read.
func (m *merge) marking(id graph.ID) (graph.Marking, bool) {
	if marking, ok := m.markings[id]; ok || m.known == nil {
		return marking, ok
	}
	return m.known.marking(id), true
}

// observedLoad returns the lowest clearance that sees a load: that of the first thing that
// carries it. It reads all nodes and ties, once for each load that says another thing of
// itself than before.
func (m *merge) observedLoad(ctx context.Context, id graph.ID) (graph.Marking, error) {
	rows, err := m.run(ctx, "carriers", parts{"TYPES": anyOf(typeNames(nil))}, map[string]any{"id": string(id)})
	lowest := graph.Nobody
	for _, r := range rows {
		lowest = min(lowest, max(markingOf(r.Values[0]), markingOf(r.Values[1]), markingOf(r.Values[2])))
	}
	return lowest, err
}
