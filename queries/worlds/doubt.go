package worlds

// Which ties of a picture are in doubt for a purge, and where each of them stands.

// Doubtful lists the uncertain ties that some world asks for.
func (m *Model) Doubtful() []int32 {
	asked := asking{}
	NewPurges(m).list(asked)
	var ties []int32
	// Of alternatives all are worth checking where one is: that another holds says that it
	// does not.
	sets := map[int32]bool{}
	for t := range m.Snapshot.Ties() {
		if tie := m.Snapshot.Tie(t); tie.Conflict != 0 && asked[tie.Key] {
			sets[tie.Conflict] = true
		}
	}
	for t := range m.Snapshot.Ties() {
		tie := m.Snapshot.Tie(t)
		if p := ProbabilityOf(m.Snapshot, m.Alternatives, t); p == 0 || p == 1 {
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
	return AllLanes
}

func (a asking) latent(l *latent, _ uint64) uint64 {
	a[l.key] = true
	return AllLanes
}

// Stands returns the worlds in which a tie stands; none where every world is gone
// through and no world asks for it. Alternatives of what is asked for are asked for.
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
