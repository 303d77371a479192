// The first cause of every loss in one world.
//
// Invariant: the cause of a loss was itself lost in an earlier wave, or in wave 0 before it.

package worlds

// none stands for no tie and no node.
const none = int32(-1)

// cause is what first caused a loss: the tie by which it came and the node from which it came;
// none and none for a target.
type cause struct{ tie, from int32 }

// trace notes the first cause of every loss in one world.
type trace struct {
	world uint64 // one bit
	first map[int32]traced
	// within is by which tie a group came to be struck within limits.
	within map[int32]cause
}

// traced is the first cause of a loss and its wave.
type traced struct {
	cause
	wave int
}

// note notes the cause of a loss in the worlds of a mask, unless one was noted before.
func (t *trace) note(node int32, mask uint64, wave int, why cause) {
	if mask&t.world == 0 {
		return
	}
	if _, ok := t.first[node]; !ok {
		t.first[node] = traced{cause: why, wave: wave}
	}
}
