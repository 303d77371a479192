package neo4jstore

import (
	"time"

	"entangle/graph"
	"entangle/graph/memory"
)

// state is what was read of one state of the database under one clearance. Views of that
// state share it. As soon as anyone commits, the bookmark that a view begins with is
// another, and so is its state.
type state struct {
	*memory.Memory
	bookmark string
	version  graph.Version
	hidden   map[graph.ID]bool // sources that the clearance does not cover
	born     time.Time         // when it was last known that nobody has committed since
}

// serves reports whether a view may have the state without asking where the database stands:
// where staleness is allowed, as long as nothing of it is older. What is read meanwhile is kept
// with it whoever commits.
func (m *state) serves(staleness time.Duration) bool {
	return m != nil && staleness > 0 && time.Since(m.born) < staleness
}

func newState(bookmark string, version graph.Version, hidden map[graph.ID]bool, size int) *state {
	return &state{Memory: memory.New(size), bookmark: bookmark, version: version, hidden: hidden, born: time.Now()}
}

// pageOf names what a query asks of each node and reads of the answer; false where it is
// not kept.
func pageOf(q graph.AdjacentQuery) (string, bool) {
	what, ok := memory.Query(q)
	if !ok {
		return "", false
	}
	return what + " ties: " + tiesWanted(q.Want).name() + " nodes: " + nodesWanted(q.Want).name(), true
}
