// The first cause of every loss in one world.
//
// Invariant: the cause of a loss was itself lost in an earlier wave, or in wave 0 before it.

package worlds

// None stands for no tie and no node.
const None = int32(-1)

// cause is what first made a loss: the tie it came by and the node it came
// from; none and none for a target.
type cause struct{ tie, from int32 }

// trace notes the first cause of every loss in one world.
type trace struct {
	world uint64 // one bit
	first map[int32]traced
}

type traced struct {
	cause
	wave int
}

func (t *trace) note(node int32, mask uint64, wave int, why cause) {
	if mask&t.world == 0 {
		return
	}
	if _, ok := t.first[node]; !ok {
		t.first[node] = traced{cause: why, wave: wave}
	}
}
