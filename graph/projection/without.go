package projection

// Without returns the picture without the ties that drop names. Nodes and sets of
// alternatives keep their numbers, ties are numbered anew; a tie that stays keeps its
// key, and so its coins.
func (s *Snapshot) Without(drop func(t *Tie) bool) *Snapshot {
	out := &Snapshot{
		version: s.version, clearance: s.clearance, options: s.options,
		ids: s.ids, names: s.names, ranges: s.ranges,
		bodies: s.bodies, seats: s.seats, types: s.types, absent: s.absent, tenures: s.tenures, conflicts: s.conflicts, omitted: s.omitted, late: s.late,
	}
	for i := range s.ties {
		if t := &s.ties[i]; !drop(t) {
			out.add(t, s.tieIDs[i])
		}
	}
	b := builder{s: out}
	b.index()
	b.digest()
	return out
}
