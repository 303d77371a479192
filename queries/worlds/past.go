// What earlier stages of a purge took, and what was made good since.
//
// Invariant: what is made good was lost or rallied; it stays gone, and is missed no longer.

package worlds

// past is what earlier stages of a purge took in a block of worlds and what was made good
// since. Who was lost stays lost, but is no longer missed: posts have been filled, units and
// streams have come to others. How fast that goes depends on the class of the place where
// somebody is missed.
type past struct {
	class []uint8 // by node
	// lost and rallied are, by class and node, the worlds in which a person was lost or a
	// group struck, and in which a group rallied, so long ago that it is made good at
	// places of that class.
	lost, rallied [][]uint64
	list          []int32 // nodes with a mask
}

// After is the same model after earlier stages of the purge. Losses calls add with what
// they took in a block of worlds, by its number, once for each class of places at which it is
// made good: class is by node, and below classes. In the worlds of lost a node was lost or
// struck, in those of rallied it rallied. O(1); O(nodes × classes) memory a worker.
func (m *Model) After(class []uint8, classes int, losses func(block int64, add func(class int, node int32, lost, rallied uint64))) *Model {
	other := *m
	other.before = func(b *block, number int64) {
		if b.past == nil {
			b.past = newPast(class, classes)
		}
		losses(number, b.past.add)
	}
	return &other
}

// newPast returns a past in which nothing was lost. Class is by node, and below classes.
// O(nodes × classes) memory.
func newPast(class []uint8, classes int) *past {
	p := &past{class: class, lost: make([][]uint64, classes), rallied: make([][]uint64, classes)}
	for c := range classes {
		p.lost[c], p.rallied[c] = make([]uint64, len(class)), make([]uint64, len(class))
	}
	return p
}

// of returns the worlds in which the loss of a person or group, and the rally of a
// group, are made good at a place.
func (p *past) of(node, at int32) (lost, rallied uint64) {
	if p == nil {
		return 0, 0
	}
	c := p.class[at]
	return p.lost[c][node], p.rallied[c][node]
}

// add notes that a loss of a node is made good at the places of a class: in the worlds of lost
// it was lost or struck, in those of rallied it rallied.
func (p *past) add(class int, node int32, lost, rallied uint64) {
	p.lost[class][node] |= lost
	p.rallied[class][node] |= rallied
	p.list = append(p.list, node)
}

// clear forgets everything.
func (p *past) clear() {
	for _, node := range p.list {
		for c := range p.lost {
			p.lost[c][node], p.rallied[c][node] = 0, 0
		}
	}
	p.list = p.list[:0]
}
