// Which uncertain ties matter to a purge, and in which worlds each of them stands.
//
// Invariant: no world asks whether a tie stands that is not listed.
// Source: over-approximation (abstract interpretation: Cousot, Cousot 1977, POPL, 238): in one
// run every coin falls and what excludes each other happens together.
// Cost: one block of worlds, and O(ties).

package worlds

// Doubtful lists the uncertain ties, neither sure to stand nor sure not to, whose standing
// some world of the purge asks for. Where it asks for one of a set of alternatives all of
// the set are listed. O(a block of worlds + ties).
func (m *Model) Doubtful() []int32 {
	asked := asking{}
	NewPurges(m).list(asked)
	var ties []int32
	// All of a set of alternatives are worth checking where one is: if another stands, it
	// does not.
	sets := map[int32]bool{}
	for t := range m.Snapshot.Ties() {
		if tie := m.Snapshot.Tie(t); tie.Conflict != 0 && asked[tie.Key] {
			sets[tie.Conflict] = true
		}
	}
	for t := range m.Snapshot.Ties() {
		tie := m.Snapshot.Tie(t)
		if p := m.Snapshot.Chance(t); p == 0 || p == 1 {
			continue
		}
		if asked[tie.Key] || tie.Conflict != 0 && sets[tie.Conflict] || m.latents != nil && tie.Source >= 0 && asked[m.latents[tie.Source-m.firstSource].key] {
			ties = append(ties, t)
		}
	}
	return ties
}

// asking notes the ties, and the sources, whose standing a simulation asks for;
// every coin falls in every world.
type asking map[uint64]bool

func (a asking) toss(tie uint64, why purpose, _ uint64) uint64 {
	if why == existence || why == following {
		a[tie] = true
	}
	return allLanes
}

func (a asking) latent(l *latent, _ uint64) uint64 {
	a[l.key] = true
	return allLanes
}

// Stands returns the worlds of the block in which a tie stands. An exact answer goes through
// the coins that some world asks for: of a tie whose coin is none of these it returns no
// world.
func (s *Seen) Stands(t int32) uint64 {
	e, ok := s.coins.(enumerated)
	if !ok || s.m.Snapshot.Tie(t).Conflict != 0 {
		return s.exists(t)
	}
	was := s.coins
	defer func() { s.coins = was }()
	e.missed, e.more = new(bool), nil
	s.coins = e
	mask := s.exists(t)
	if *e.missed {
		return 0
	}
	return mask
}
