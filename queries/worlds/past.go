// What earlier stages of a purge took, and what was made good since.
//
// Invariant: what is made good was lost or rallied; it stays gone, and is missed no longer.

package worlds

// Past is what earlier stages of a purge took, in a block of worlds, and what was
// made good since. Who was lost is gone, but no longer missed: posts are filled
// again, held units and streams have come over to others. How fast differs by where
// something is missed: by its class.
type Past struct {
	class []uint8 // by node
	// lost and rallied: by class and node, the worlds in which a person was lost, a
	// group was struck or rallied so long ago that it is made good at places of that
	// class.
	lost, rallied [][]uint64
	list          []int32 // nodes with a mask
}

func NewPast(class []uint8, classes int) *Past {
	p := &Past{class: class, lost: make([][]uint64, classes), rallied: make([][]uint64, classes)}
	for c := range classes {
		p.lost[c], p.rallied[c] = make([]uint64, len(class)), make([]uint64, len(class))
	}
	return p
}

// of returns the worlds in which the loss of a person or group, and the rally of a
// group, are made good at a place.
func (p *Past) of(node, at int32) (lost, rallied uint64) {
	if p == nil {
		return 0, 0
	}
	c := p.class[at]
	return p.lost[c][node], p.rallied[c][node]
}

// Add notes a loss as made good at the places of a class.
func (p *Past) Add(class int, node int32, lost, rallied uint64) {
	p.lost[class][node] |= lost
	p.rallied[class][node] |= rallied
	p.list = append(p.list, node)
}

func (p *Past) clear() {
	for _, node := range p.list {
		for c := range p.lost {
			p.lost[c][node], p.rallied[c][node] = 0, 0
		}
	}
	p.list = p.list[:0]
}
