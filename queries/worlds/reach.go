// Which institutions, persons and groups a purge can reach in any world.
//
// Invariant: what is not listed stands in every world. Of what is listed some may do so as well.
// Source: over-approximation (abstract interpretation: Cousot, Cousot 1977, POPL, 238).
// Cost: one block of worlds, in which everything happens.

package worlds

// Reach lists the institutions, by number among institutions and in no order, that some world
// may assess: one that is not listed stands whole in every world.
func (m *Model) Reach() []int32 {
	b := newBlock(m)
	b.everything = true
	b.aim(m, 0)
	b.run(falling{})
	out := make([]int32, len(b.scored.list))
	for i, sc := range b.scored.list {
		out[i] = sc.body
	}
	return out
}

// Struck lists the nodes of the persons and groups that the purge strikes in wave 0 by any
// claim, however unsure, and that are there on the day of the snapshot; ascending.
func (m *Model) Struck() []int32 {
	b := newBlock(m)
	b.everything = true
	b.reset(newListing())
	b.strike()
	var out []int32
	for node := range m.Snapshot.Len() {
		if b.lost(node) != 0 && m.Snapshot.There(node) {
			out = append(out, node)
		}
	}
	return out
}

// Grounded reports of institutions, by their nodes, whether some support of theirs has data in some world. Of one without nothing can be said, whatever is struck.
func (m *Model) Grounded(bodies ...int32) []bool {
	b := newBlock(m)
	b.everything = true
	b.reset(falling{})
	out := make([]bool, len(bodies))
	for i, body := range bodies {
		b.assess(body, recheck{AllLanes, everySupport})
		for _, support := range b.scored.of[body-m.firstBody].support {
			out[i] = out[i] || support.known != 0
		}
	}
	return out
}
