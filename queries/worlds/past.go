// What earlier stages of a purge took, and what was made good since.
//
// Invariant: what is made good was lost or rallied; it stays gone, and is missed no longer.

package worlds

// Past is what earlier stages of a purge took in a block of worlds and what was made good
// since. Who was lost stays lost, but is no longer missed: posts have been filled, units and
// streams have come to others. How fast that goes depends on the class of the place where
// somebody is missed.
type Past struct {
	class []uint8 // by node
	// lost and rallied are, by class and node, the worlds in which a person was lost or a
	// group struck, and in which a group rallied, so long ago that it is made good at
	// places of that class.
	lost, rallied [][]uint64
	list          []int32 // nodes with a mask
}

// NewPast returns a past in which nothing was lost. Class is by node, and below classes.
// O(nodes × classes) memory.
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

// Add notes that a loss of a node is made good at the places of a class: in the worlds of lost
// it was lost or struck, in those of rallied it rallied.
func (p *Past) Add(class int, node int32, lost, rallied uint64) {
	p.lost[class][node] |= lost
	p.rallied[class][node] |= rallied
	p.list = append(p.list, node)
}

// clear forgets everything.
func (p *Past) clear() {
	for _, node := range p.list {
		for c := range p.lost {
			p.lost[c][node], p.rallied[c][node] = 0, 0
		}
	}
	p.list = p.list[:0]
}
