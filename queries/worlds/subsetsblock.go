// The gates of a block of worlds: supports that fall short when all groups are purged.
//
// Invariant: a gate is a monotone Boolean function, in each world, of the groups that are purged
// and the institutions that broke. It hangs on no other group and institution than those noted.
// Source: monotone structure functions: Barlow, Proschan 1975, Statistical Theory of Reliability
// and Life Testing.
// Cost: a purge of all groups, one of each, and O(losses × what they touch).

package worlds

import (
	"context"
	"math/bits"
	"slices"
	"sync/atomic"

	"entangle/graph"
)

// tabulator works a table out, one block of worlds after another.
type tabulator struct {
	sets   *Subsets
	plan   *plan
	ended  func() bool  // what is found is of no use any more
	over   *atomic.Bool // some purge was cut at the cap of waves
	b      *block
	below  map[int32][]int32 // by post, the institutions whose lines may pass it
	gateOf []int32           // by institution and support: its gate, or none
	place  []int32           // by institution: its place in its component, or none

	// Of the block:
	coins    coins
	w        *laneWeights
	rows     []loss
	deep     int      // the last wave in which a person or group is lost
	gates    []*gate  // supports that fall short when all groups are purged
	live     []int32  // institutions that fracture then
	whole    []uint64 // by institution: the worlds in which it does
	struck   []uint64 // by group: the worlds in which it is purged
	learners [BlockSize]learner
	groups   []uint32
	state    []uint64 // by input: the worlds in which it is broken
	notified int64    // worlds of the block that progress has
	cells    []uint64
	waves    []int16
	fell     []uint64
	falling  []uint64

	// Of all blocks:
	total  float64
	costs  *sums           // weight in thousandths × worlds
	counts map[int32]*sums // by risky institution: worlds, by the sets of mild groups
}

// loss is a person lost, or a group struck or rallied, by the purge of one group.
type loss struct {
	mask  uint64
	node  int32
	group int16 // its number
	joins bool  // it rallies
}

// gate is a support of an institution that falls under its requirement in some worlds of
// a block when all groups are purged. Its inputs are groups that are purged and institutions
// that broke; its value in a world is whether the support falls short.
type gate struct {
	body   int32
	sup    Support
	under  uint64      // those worlds
	hang   []uint64    // by group: the worlds in which its losses may touch the support
	rows   []int32     // the losses that may, those of groups that rally last
	points []truePoint // of the groups alone, with the minimal ones among them
	// inputs are the institutions that take from it when they break, by number among
	// institutions; at are their places in the component.
	inputs, at []int32
	direct     uint32 // the groups that it hangs on in some world
	// complete says that points and implicants are all there is to the gate: it need not be
	// evaluated by its losses any more.
	complete   bool
	implicants []implicant
}

// implicant is a set of groups and inputs, by their numbers, that together make a support
// fall short in some worlds.
type implicant struct {
	groups, inputs uint32
	in             uint64
}

// truePoint is a set of groups whose losses of persons and groups make a support fall short,
// with the worlds in which they do.
type truePoint struct {
	set uint32
	in  uint64
}

func newTabulator(ctx context.Context, sets *Subsets, plan *plan, over *atomic.Bool) *tabulator {
	n, k := len(sets.Damage), len(sets.Groups)
	t := &tabulator{
		sets: sets, plan: plan, over: over, b: newBlock(sets.m), below: map[int32][]int32{},
		gateOf: make([]int32, n*int(SupportCount)), place: make([]int32, n), whole: make([]uint64, n), struck: make([]uint64, k),
		costs: newSums(1<<k - 1), counts: map[int32]*sums{},
	}
	t.b.done = ctx.Done()
	t.ended = func() bool { return plan.halted() || ctx.Err() != nil }
	for i := range t.gateOf {
		t.gateOf[i] = none
	}
	return t
}

func (t *tabulator) merge(o *tabulator) {
	t.total += o.total
	t.costs.merge(o.costs)
	for body, s := range o.counts {
		t.count(body).merge(s)
	}
}

// count returns the sums of a risky institution.
func (t *tabulator) count(body int32) *sums {
	if t.counts[body] == nil {
		t.counts[body] = newSums(t.sets.Mild)
	}
	return t.counts[body]
}

// advance adds to the progress what part of a block is done.
func (t *tabulator) advance(part float64) {
	now := int64(BlockSize * part)
	t.plan.progress.add(now - t.notified)
	t.notified = now
}

// visit works a block out.
func (t *tabulator) visit(n int64) {
	t.w, t.coins = t.plan.weights(n), t.plan.coins(uint64(n))
	t.total += t.w.sum(allLanes)
	t.notified, t.rows, t.deep = 0, t.rows[:0], 0
	t.purgeAll(n)
	for i := range t.sets.Groups {
		if t.ended() {
			return
		}
		t.b.aim(t.sets.model(1<<i), n)
		t.recordLosses(i)
	}
	t.linkInputs()
	const learning = 0.5 // of the work of a block, or nearly
	for i, g := range t.gates {
		if t.ended() {
			return
		}
		t.learn(g)
		t.advance(learning * float64(i+1) / float64(len(t.gates)))
	}
	sets, swept := 0.0, 0.0
	list := t.components()
	for _, c := range list {
		sets += c.work()
	}
	for _, c := range list {
		t.sweep(c, n, func(part float64) { t.advance(learning + (1-learning)*(swept+part*c.work())/sets) })
		swept += c.work()
	}
	if !t.ended() {
		t.advance(1)
	}
}

// purgeAll purges all groups, and makes a gate of each support that falls short then. What
// does not break then breaks with no set.
func (t *tabulator) purgeAll(n int64) {
	for _, g := range t.gates {
		t.gateOf[int(g.body)*int(SupportCount)+int(g.sup)] = none
		t.whole[g.body] = 0
	}
	t.gates, t.live = t.gates[:0], t.live[:0]
	b := t.b
	b.aim(t.sets.model(1<<len(t.sets.Groups)-1), n)
	b.run(t.coins)
	if b.open&t.w.lanes != 0 {
		t.over.Store(true)
	}
	for _, sc := range b.scored.list {
		if sc.fractured&t.w.lanes == 0 {
			continue
		}
		t.live = append(t.live, sc.body)
		t.whole[sc.body] = sc.fractured & t.w.lanes
		for sup := range SupportCount {
			if under := sc.support[sup].under & t.w.lanes; under != 0 {
				t.gateOf[int(sc.body)*int(SupportCount)+int(sup)] = int32(len(t.gates))
				t.gates = append(t.gates, &gate{body: sc.body, sup: sup, under: under, hang: make([]uint64, len(t.sets.Groups))})
			}
		}
	}
	slices.Sort(t.live)
}

func (t *tabulator) gate(body int32, sup Support) *gate {
	if i := t.gateOf[int(body)*int(SupportCount)+int(sup)]; i != none {
		return t.gates[i]
	}
	return nil
}

// recordLosses purges one group, by its number, and notes its losses and what supports they
// may touch. What they do to institutions is left out: an institution that breaks makes
// nobody leave.
func (t *tabulator) recordLosses(group int) {
	b, from := t.b, len(t.rows)
	b.sided = nil
	b.reset(t.coins)
	b.strike()
	for b.wave = 1; len(b.pending) > 0 && !b.ended(); b.wave++ {
		for _, node := range b.pending {
			mask := b.nodes[node].changed[b.parity]
			if b.snap.Kind(node) == graph.Person {
				t.note(loss{mask: mask, node: node, group: int16(group)})
				continue
			}
			t.note(loss{mask: mask & b.lost(node), node: node, group: int16(group)})
			t.note(loss{mask: mask &^ b.lost(node), node: node, group: int16(group), joins: true})
		}
		t.deep = max(t.deep, b.wave-1)
		if b.wave > b.last {
			b.cut()
			if b.open&t.w.lanes != 0 {
				t.over.Store(true)
			}
			break
		}
		b.respond()
	}
	for i := range t.rows[from:] {
		t.touches(int32(from + i))
	}
}

func (t *tabulator) note(l loss) {
	if l.mask != 0 && (t.b.snap.Kind(l.node) == graph.Group || t.b.bonds.Bears(l.node)) {
		t.rows = append(t.rows, l)
	}
}

// touches notes which supports a loss may touch, and in which worlds: those that a purge
// would assess anew, and the lines of command that may pass a post that the loss vacates.
func (t *tabulator) touches(row int32) {
	b, l := t.b, &t.rows[row]
	if b.snap.Kind(l.node) == graph.Group {
		b.invalidateByGroup(l.node, l.mask)
	} else {
		b.invalidateByPerson(l.node, l.mask)
		for _, held := range b.m.desks.heldBy(l.node) {
			lost := l.mask
			if b.samples {
				lost &= b.holds[held.holder] // drawn by invalidateByPerson
			}
			if lost != 0 {
				for _, body := range t.bodiesBelow(b.m.desks.rows[held.desk].post) {
					t.touch(row, body, Command, lost)
				}
			}
		}
	}
	t.invalidated(func(body int32, sup Support, in uint64) { t.touch(row, body, sup, in) })
}

// invalidated calls f with each support that is to be assessed anew, and clears the list.
func (t *tabulator) invalidated(f func(body int32, sup Support, in uint64)) {
	for _, node := range t.b.dirty {
		body := node - t.b.m.firstBody
		todo := t.b.rechecks[body]
		t.b.rechecks[body] = recheck{}
		for sup := range SupportCount {
			if todo.supports>>sup&1 == 1 {
				f(body, sup, todo.worlds)
			}
		}
	}
	t.b.dirty = t.b.dirty[:0]
}

func (t *tabulator) touch(row, body int32, sup Support, in uint64) {
	g := t.gate(body, sup)
	if g == nil || in&g.under == 0 {
		return
	}
	group := t.rows[row].group
	g.hang[group] |= in & g.under
	g.direct |= 1 << group
	if len(g.rows) == 0 || g.rows[len(g.rows)-1] != row {
		g.rows = append(g.rows, row)
	}
}

// bodiesBelow lists the institutions of the posts that report to a post, however far down,
// and its own.
func (t *tabulator) bodiesBelow(post int32) []int32 {
	if list, ok := t.below[post]; ok {
		return list
	}
	s := t.sets.m.Snapshot
	met, list := map[int32]bool{post: true}, []int32{}
	for queue := []int32{post}; len(queue) > 0; queue = queue[1:] {
		for _, p := range s.Out(graph.PostIn, queue[0]) {
			list = append(list, s.Tie(p).To-t.sets.m.firstBody)
		}
		for _, r := range s.In(graph.ReportsTo, queue[0]) {
			if from := s.Tie(r).From; !met[from] {
				met[from] = true
				queue = append(queue, from)
			}
		}
	}
	slices.Sort(list)
	list = slices.Compact(list)
	t.below[post] = list
	return list
}

// linkInputs makes an institution that may fracture an input of each gate from which it takes
// something when it does.
func (t *tabulator) linkInputs() {
	t.b.reset(t.coins)
	for _, body := range t.live {
		t.b.invalidateByBody(body+t.b.m.firstBody, t.whole[body])
		t.invalidated(func(on int32, sup Support, in uint64) {
			if g := t.gate(on, sup); g != nil && in&g.under != 0 {
				g.inputs = append(g.inputs, body)
			}
		})
	}
	for _, g := range t.gates {
		g.complete = len(g.inputs)+bits.OnesCount32(g.direct) <= maxLearnt && len(g.inputs) <= 32-MaxExhaustive
		for i := range g.inputs {
			g.at = append(g.at, int32(i)) // until it is in a component
		}
		slices.SortStableFunc(g.rows, func(a, b int32) int {
			switch {
			case t.rows[a].joins == t.rows[b].joins:
				return 0
			case t.rows[b].joins:
				return -1
			}
			return 1
		})
	}
}

// evaluate answers a membership query in each of 64 worlds: it returns the worlds in which
// the gate's support falls under its requirement where the groups in struck are purged and
// the inputs are broken in the worlds that state has for them. State is by place (at), nil
// where no input is broken.
func (t *tabulator) evaluate(g *gate, state []uint64) uint64 {
	b := t.b
	b.reset(t.coins)
	for _, i := range g.rows {
		l := &t.rows[i]
		switch mask := l.mask & t.struck[l.group]; {
		case mask == 0:
		case l.joins:
			b.rally(l.node, mask, cause{none, none})
		default:
			b.lose(l.node, mask, cause{none, none})
		}
	}
	for _, node := range b.pending {
		now := &b.nodes[node]
		if b.snap.Kind(node) == graph.Person {
			b.invalidateByPerson(node, now.changed[b.parity])
		}
		now.changed[b.parity] = 0
	}
	b.pending = b.pending[:0]
	if state != nil {
		for i, body := range g.inputs {
			if mask := state[g.at[i]]; mask != 0 {
				node := body + b.m.firstBody
				b.touch(node, &b.nodes[node])
				b.nodes[node].joined = mask
			}
		}
	}
	if g.sup == Command {
		b.lines.update(b)
	}
	for _, node := range b.dirty {
		b.rechecks[node-b.m.firstBody] = recheck{}
	}
	b.dirty = b.dirty[:0]
	b.assess(g.body+b.m.firstBody, recheck{allLanes, only(g.sup)})
	return b.scored.of[g.body].support[g.sup].under & g.under
}
