package queries

import "slices"

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
	r.b.run(falling{})
	out := make([]int32, len(r.b.scored.list))
	for i, sc := range r.b.scored.list {
		out[i] = sc.body
	}
	return out
}

// untouched adds the institutions that were touched in no world: those that can be,
// where worlds were drawn, and those asked for.
func (in *PurgeInput) untouched(m *model, r *PurgeReport, c *crew[*tally]) error {
	t := c.of[0]
	r.Touched = len(r.Institutions)
	var within []int32
	if !c.plan.certain() {
		within = (&reaching{}).of(m)
	}
	slices.Sort(within)
	list := slices.Clone(within)
	for _, id := range in.Institutions {
		body, err := institutionOf(m.s, id)
		if err != nil {
			return err
		}
		if body != none {
			list = append(list, body)
		}
	}
	slices.Sort(list)
	for _, body := range slices.Compact(list) {
		if t.bodies[body] == nil {
			_, can := slices.BinarySearch(within, body)
			r.Institutions = append(r.Institutions, outcome(m, t, &bodyTally{}, body+m.firstBody, !can))
		}
	}
	slices.SortFunc(r.Institutions, worseFirst)
	return nil
}
