// A block simulates 64 worlds of a purge at once, one to a bit of a machine word.
//
// Invariant: while a purge is played masks only grow. What it ends with is in each world the
// least fixed point above the targets, unless the waves were cut at their limit, so that the
// order in which nodes are met changes nothing but what is named as the first cause.
// Source: independent cascades by live edges: Kempe, Kleinberg, Tardos 2003, KDD, 137;
// thresholds: Granovetter 1978, Am. J. Sociol. 83:1420; the fixed point: Tarski 1955, Pacific
// J. Math. 5:285; many searches of a graph in the bits of a word: Then et al. 2014, PVLDB 8:449.
// Cost: O(ties that the purge touches + 64 × institutions it touches) time a block, O(nodes +
// bonds) memory a worker.

package worlds

import (
	"slices"

	"entangle/graph"
	"entangle/graph/projection"
)

// block is the state of 64 worlds of a purge, one to a bit: a mask on a node or tie says in
// which worlds something is so. One worker owns it and runs many blocks of worlds in it;
// reset clears only what was touched.
type block struct {
	m     *Model
	snap  *projection.Snapshot
	coins coins
	bonds *projection.Bonds
	// sample are the coins where they are drawn.
	sample  sampled
	samples bool
	needs   thresholds
	wave    int
	last    int // the wave to stop after

	nodes []nodeState
	// news lists the nodes that changed in the wave before, to which this wave responds;
	// pending lists those that change in this wave. parity is the index in changed of what is
	// pending.
	news, pending []int32
	parity        uint8
	responses     responseQueue
	fetched       uint64   // by fetch; its value means nothing
	order         []uint64 // of inOrder

	// drawn are the coins of bonds, valid for persons whose stamp is coinStamp. repeated says
	// that other purges meet the same coins after this one.
	drawn     []drawnBond
	bondStamp []uint32 // by person
	coinStamp uint32
	repeated  bool
	pulls     pullState

	desks    []deskState
	holds    []uint64 // by holder of a desk: the claim stands
	stamp    uint32   // of this purge
	lines    lineState
	above    []int32 // what parents returned
	dirty    []int32 // institutions to assess anew
	rechecks []recheck
	scored   scores

	// everything makes the run an over-approximation of all worlds. Things that exclude each
	// other all happen: a group is struck and rallies as well, every alternative of a set
	// stands, every institution that is assessed breaks. No world does more, so that a
	// listing meets every coin.
	everything bool
	// trace, where not nil, notes what first caused each loss.
	trace *trace
	// done, where not nil, is closed when the answer is no longer wanted. The run then ends
	// where it is, and what the block holds is of no use.
	done <-chan struct{}
	// past, where not nil, is what went before this purge and was made good.
	past *past
	// limited, where not nil, is what a strike within limits came to.
	limited *limited
	// open are the worlds in which the waves were cut before the fixed point.
	open uint64
	// sided, where not nil, are the groups that side with the state. circling are the worlds
	// in which the sides come to a limit cycle; always, by institution, are those of them in
	// which it fractures in every state of the cycle.
	sided    sides
	circling uint64
	always   map[int32]uint64
}

// nodeState is what became of a node: half a cache line, since nodes are met in no
// order.
type nodeState struct {
	// lost: a person lost or gone, a group struck.
	lost uint64
	// joined: a group that rallied; an institution fractured, as the waves before
	// this one left it.
	joined uint64
	// changed in the wave before and in this one, by parity.
	changed [2]uint64
}

// lost returns the worlds in which a person is lost or a group struck.
func (b *block) lost(node int32) uint64 { return b.nodes[node].lost }

// rallied returns the worlds in which a node is a group that joined.
func (b *block) rallied(node int32) uint64 {
	if b.snap.Kind(node) != graph.Group {
		return 0
	}
	return b.nodes[node].joined
}

// broken returns the worlds in which an institution is fractured, as the waves before
// this one left it.
func (b *block) broken(body int32) uint64 { return b.nodes[body].joined }

// changes notes that a node changes in this wave, in the worlds of a mask.
func (b *block) changes(node int32, state *nodeState, mask uint64) {
	if state.changed[b.parity] == 0 {
		b.pending = append(b.pending, node)
	}
	state.changed[b.parity] |= mask
}

// beginWave makes what was pending the news of the next wave.
func (b *block) beginWave() {
	b.news, b.pending = b.pending, b.news[:0]
	b.parity ^= 1
}

// inOrder sorts nodes, each of which is listed once, so that memory is read in its order. The
// outcome does not depend on the order of nodes; what is named as its first cause does, so
// that nothing is sorted where causes are traced.
func (b *block) inOrder(nodes []int32) {
	if b.trace != nil || !b.samples || slices.IsSorted(nodes) {
		return
	}
	if len(nodes) < len(b.order)/16 {
		slices.Sort(nodes)
		return
	}
	for _, node := range nodes {
		b.order[node/64] |= 1 << (node % 64)
	}
	nodes = nodes[:0]
	for i, word := range b.order {
		if word != 0 {
			each(word, func(bit int) { nodes = append(nodes, int32(i*64+bit)) })
			b.order[i] = 0
		}
	}
}

// memo keeps masks that are worked out at most once a block.
type memo struct {
	mask  []uint64
	stamp []uint32
	now   uint32
}

func newMemo(n int32) memo { return memo{mask: make([]uint64, n), stamp: make([]uint32, n)} }

func (m *memo) forget() { m.now++ }

func newBlock(m *Model) *block {
	n := m.Snapshot.Len()
	_, persons := m.Snapshot.Range(graph.Person)
	_, bodyHi := m.Snapshot.Range(graph.Institution)
	bodies := bodyHi - m.firstBody // the institutions are numbered without gap
	return &block{
		m: m, snap: m.Snapshot, bonds: m.Snapshot.Bonds(), needs: m.needs(0), last: m.Params.MaxWaves,
		bondStamp: make([]uint32, persons),
		nodes:     make([]nodeState, n), order: make([]uint64, (n+63)/64),
		desks: make([]deskState, len(m.desks.rows)-1), holds: make([]uint64, len(m.desks.holders)),
		lines:    newLineState(m.lines, m.Params.Bridge),
		rechecks: make([]recheck, bodies),
		scored:   newScores(bodies),
	}
}

// run simulates the block of worlds of some coins.
func (b *block) run(c coins) {
	b.sided, b.circling, b.always = nil, 0, nil
	b.play(c)
	if b.m.Params.Switchover > 0 && b.m.Params.Rally {
		b.changeSides(c)
	}
}

// play goes through the waves once, to the least fixed point or the last wave allowed.
func (b *block) play(c coins) {
	b.reset(c)
	b.strike()
	b.judge()
	for b.wave = 1; len(b.pending)+len(b.scored.fallen) > 0 || b.wave == 1 && b.limited != nil; b.wave++ {
		if l, lists := c.(*listing); lists && l.full() {
			return // nothing more is listed
		}
		if b.wave > b.last {
			b.cut()
			return
		}
		if b.ended() {
			return
		}
		b.respond()
		b.judge()
	}
}

// ended says whether the answer is no longer wanted.
func (b *block) ended() bool {
	select {
	case <-b.done:
		return true
	default:
		return false
	}
}

// cut notes in which worlds one more wave would change something. The wave is played and taken
// back.
func (b *block) cut() {
	trace, fallen := b.trace, slices.Clone(b.scored.fallen)
	b.trace = nil
	b.respond()
	for _, node := range b.pending {
		state := &b.nodes[node]
		more := state.changed[b.parity]
		b.open |= more
		state.changed[b.parity] = 0
		if b.snap.Kind(node) == graph.Group {
			state.joined &^= more
		} else {
			state.lost &^= more
		}
	}
	b.pending = b.pending[:0]
	for _, body := range fallen {
		b.invalidateByBody(body, b.scored.of[body-b.m.firstBody].fell)
	}
	for _, body := range b.dirty {
		i := body - b.m.firstBody
		todo := b.rechecks[i]
		b.rechecks[i] = recheck{}
		b.open |= b.wouldChange(body, todo)
	}
	b.dirty, b.trace = b.dirty[:0], trace
}

// wouldChange returns the worlds in which an institution would retain something else if it were
// assessed anew.
func (b *block) wouldChange(body int32, todo recheck) (differs uint64) {
	sc, listed := &b.scored.of[body-b.m.firstBody], len(b.scored.list)
	was := *sc
	b.assess(body, todo)
	for sup := range sc.support {
		each(sc.support[sup].less|was.support[sup].less, func(w int) {
			if sc.retained(Support(sup), w) != was.retained(Support(sup), w) {
				differs |= 1 << w
			}
		})
	}
	*sc = was
	b.scored.list = b.scored.list[:listed]
	return differs
}

// reset makes the block ready to play a purge in the worlds of some coins. What was drawn
// for coins of the same block stays.
func (b *block) reset(c coins) {
	b.coins, b.wave, b.open, b.limited = c, 0, 0, nil
	before, sampledBefore := b.sample, b.samples
	if b.sample, b.samples = c.(sampled); !sampledBefore || b.sample != before {
		b.coinStamp++
		b.lines.ties.forget()
	}
	b.news, b.pending = b.news[:0], b.pending[:0]
	b.pulls.on, b.pulls.lost = false, 0
	for _, node := range b.scored.touched {
		b.nodes[node] = nodeState{}
	}
	b.scored.touched = b.scored.touched[:0]
	b.stamp++
	b.lines.forget()
	b.scored.clear()
	if b.trace != nil {
		clear(b.trace.first)
		clear(b.trace.within)
	}
}

// exists returns the worlds in which a claim stands.
func (b *block) exists(t int32) uint64 {
	tie := b.snap.Tie(t)
	if tie.Conflict != 0 && !b.everything {
		return b.alternative(tie.Conflict, t)
	}
	return b.stands(tie)
}

// toss returns the worlds in which a coin of a tie falls.
func (b *block) toss(t *projection.Tie, why purpose, chance uint64) uint64 {
	return b.tossKey(t.Key, why, chance)
}

func (b *block) tossKey(key uint64, why purpose, chance uint64) uint64 {
	if b.samples {
		return b.sample.among(allLanes, key, why, chance)
	}
	switch chance {
	case 0:
		return 0
	case projection.Certain:
		return allLanes
	}
	return b.coins.toss(key, why, chance)
}

// alternative returns the worlds in which a claim of a contradicting set is the one that stands.
func (b *block) alternative(set, t int32) uint64 {
	return alternative(b.snap, set, t, func(tie *projection.Tie, chance uint64) uint64 {
		return b.toss(tie, existence, chance)
	})
}

// alternative chooses at most one claim of a contradicting set in each world: one after another
// with its confidence, given that none before it was chosen. Confidences that sum to more
// than one are scaled to one. It returns the worlds in which t is chosen.
func alternative(s *projection.Snapshot, set, t int32, toss func(tie *projection.Tie, chance uint64) uint64) uint64 {
	scale := 1.0
	if total := s.Claimed(set); total > projection.Certain {
		scale = float64(projection.Certain) / float64(total)
	}
	free, left := allLanes, float64(projection.Certain)
	for _, other := range s.Alternatives(set) {
		tie := s.Tie(other)
		p := float64(tie.Probability) * scale
		conditional := uint64(1)
		if left > 0 {
			conditional = min(chance(p/left), projection.Certain)
		}
		chosen := free & toss(tie, conditional)
		if other == t {
			return chosen
		}
		free &^= chosen
		left -= p
	}
	return 0
}

// lose marks a person as lost, or a group as struck, in the worlds of the mask.
func (b *block) lose(node int32, mask uint64, why cause) {
	state := &b.nodes[node]
	mask &^= state.lost
	if mask == 0 {
		return
	}
	b.touch(node, state)
	state.lost |= mask
	b.changes(node, state, mask)
	b.note(node, mask, why)
}

// rally marks a group as having joined in the worlds of the mask.
func (b *block) rally(group int32, mask uint64, why cause) {
	mask &= b.free(group)
	if mask == 0 {
		return
	}
	state := &b.nodes[group]
	b.touch(group, state)
	state.joined |= mask
	b.changes(group, state, mask)
	b.note(group, mask, why)
}

// free returns the worlds in which a group may still rally.
func (b *block) free(group int32) uint64 {
	if b.m.guarded(group) {
		return 0
	}
	if b.everything {
		return ^b.rallied(group)
	}
	return ^(b.lost(group) | b.rallied(group) | b.sided[group])
}

// touch lists a node whose masks reset has to clear, before the first is set.
func (b *block) touch(node int32, state *nodeState) {
	if state.lost|state.joined == 0 {
		b.scored.touched = append(b.scored.touched, node)
	}
}

// note traces what caused a loss.
func (b *block) note(node int32, mask uint64, why cause) {
	if b.trace != nil {
		b.trace.note(node, mask, b.wave, why)
	}
}

// leaves returns the worlds in which what a group holds by a CONTROLS or INFLUENCES claim
// leaves with it: the claim stands, and the group is struck or, having rallied, walks out with
// it, and the loss was not made good before.
func (b *block) leaves(t int32) uint64 {
	tie := b.snap.Tie(t)
	struck, joined := b.lost(tie.From)|b.takenWithin(tie.From, tie.To), b.rallied(tie.From)
	if struck|joined == 0 {
		return 0
	}
	before, spent := b.past.of(tie.From, tie.To)
	if joined|spent != 0 {
		out := b.toss(tie, walkout, chance(b.m.Params.Walkout))
		joined, spent = joined&out, spent&out
	}
	return b.exists(t) & (struck | joined) &^ (before | spent)
}

// missed returns the worlds in which a person or group that is lost, or struck, is missed at a
// post or institution: the loss was not made good in an earlier stage.
func (b *block) missed(node, at int32) uint64 {
	before, _ := b.past.of(node, at)
	return b.lost(node) &^ before
}

// happens returns the worlds among those of a mask in which a claim stands and a response along
// it comes. Coins are drawn for the worlds of the mask only: the fewer these are, the fewer
// digits it takes to decide them.
func (b *block) happens(among uint64, t int32, why purpose, chance uint64) uint64 {
	tie := b.snap.Tie(t)
	if !b.samples {
		return among & b.exists(t) & b.toss(tie, why, chance)
	}
	return b.existsAmong(b.sample.among(among, tie.Key, why, chance), t)
}

// existsAmong returns the worlds among those of a mask in which a claim stands.
func (b *block) existsAmong(among uint64, t int32) uint64 {
	if among == 0 {
		return 0
	}
	tie := b.snap.Tie(t)
	if !b.samples || tie.Conflict != 0 || b.m.latents != nil {
		return among & b.exists(t)
	}
	return b.sample.among(among, tie.Key, existence, tie.Probability)
}

// supports is a set of supports.
type supports uint8

const everySupport supports = 1<<SupportCount - 1

// only is the set of some supports.
func only(list ...Support) (set supports) {
	for _, s := range list {
		set |= 1 << s
	}
	return set
}

// recheck says what to assess anew of an institution: which supports, in which worlds.
type recheck struct {
	worlds   uint64
	supports supports
}

// invalidate lists supports of an institution to be assessed anew in the worlds of a mask.
func (b *block) invalidate(body int32, set supports, mask uint64) {
	todo := &b.rechecks[body-b.m.firstBody]
	if todo.supports == 0 {
		b.dirty = append(b.dirty, body)
	}
	todo.supports |= set
	todo.worlds |= mask
}
