package queries

import (
	"fmt"

	"entangle/queries/worlds"
)

const (
	// none stands for no node and no tie.
	none = int32(-1)
	// everyWorld is the mask of all worlds of a block.
	everyWorld = ^uint64(0)
)

// maxSearched is the number of coins up to which a search goes through every world: no more
// worlds than it would draw.
const maxSearched = 10

// whole fails where a strike at groups is limited, for a question that cannot ask so.
func whole(p *worlds.Params, question string) error {
	if len(p.Within) == 0 && p.FromWeight == 0 {
		return nil
	}
	return fmt.Errorf("%w: within and fromWeight limit a strike; %s strikes groups whole", worlds.ErrInput, question)
}

// fracturedIn returns the worlds in which an institution fractured, by its number.
func fracturedIn(s *worlds.Seen, institution int32) uint64 {
	for body, mask := range s.Fractured() {
		if body == institution {
			return mask
		}
	}
	return 0
}

// measured is, in each world of a block, whether an institution fractured, 1 or 0, or for none
// what those weigh that did.
func measured(s *worlds.Seen, institution int32, of worlds.Damage) *[worlds.BlockSize]int64 {
	if institution == none {
		return s.Damage(of)
	}
	v, mask := new([worlds.BlockSize]int64), fracturedIn(s, institution)
	for lane := range v {
		v[lane] = int64(mask >> lane & 1)
	}
	return v
}
