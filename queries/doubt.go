package queries

// Which ties of a picture are in doubt for a purge, and where each of them stands.

// doubtful lists the uncertain ties that some world asks for.
func (m *model) doubtful() []int32 {
	asked := asking{}
	newPurges(m).list(asked)
	var ties []int32
	// Of alternatives all are worth checking where one is: that another holds says that it
	// does not.
	sets := map[int32]bool{}
	for t := range m.s.Ties() {
		if tie := m.s.Tie(t); tie.Conflict != 0 && asked[tie.Key] {
			sets[tie.Conflict] = true
		}
	}
	for t := range m.s.Ties() {
		tie := m.s.Tie(t)
		if p := probability(m.s, m.alternatives, t); p == 0 || p == 1 {
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
	return all
}

func (a asking) latent(l *latent, _ uint64) uint64 {
	a[l.key] = true
	return all
}

// stands returns the worlds in which a tie stands; none where every world is gone
// through and no world asks for it. Alternatives of what is asked for are asked for.
func (s *seen) stands(t int32) uint64 {
	e, ok := s.coins.(enumerated)
	if !ok || s.m.s.Tie(t).Conflict != 0 {
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
