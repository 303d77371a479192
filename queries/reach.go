package queries

// reaching finds out which institutions a purge can take anything from. One block
// serves for models of one snapshot that differ in their targets only.
type reaching struct{ b *block }

// of lists the institutions, by number, that a world may look at: one that is not
// listed stands whole in every world. Of those listed some may do so as well.
func (r *reaching) of(m *model) []int32 {
	if r.b == nil {
		r.b = newBlock(m)
		r.b.everything = true
	}
	r.b.turn(m, 0)
	r.b.run(&listing{chances: map[coinKey]uint64{}})
	out := make([]int32, len(r.b.scored.list))
	for i, sc := range r.b.scored.list {
		out[i] = sc.body
	}
	return out
}
