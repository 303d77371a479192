package queries

import (
	"context"
	"math"
	"math/bits"
	"runtime"
	"slices"
	"sync/atomic"

	"entangle/graph"
)

// table is what the purge of every set of the costly groups does in the worlds of the
// search. A set is a mask of their numbers.
type table struct {
	cost   []float64 // expected weight
	unsafe []bool    // some institution fractures more often than the tolerance
	purges int       // simulated, in part of the worlds where that was enough
}

// tabulate works the table out without a purge for each set. A larger purge breaks no
// less: where an institution stands as well, or breaks, in a block of worlds with the
// least and with the largest set of an interval, it does so with all between. So each
// institution's sets are halved, by the groups that it hangs on there, until both ends
// agree. What is left are intervals for each institution and block, which add up to the
// table by a Möbius transform over the subsets. The result is that of purging each set,
// world by world. Nil where that takes more purges than the budget: in a state in which
// everything hangs together and worlds differ, hardly any set tells of another.
func (f *frontier) tabulate(ctx context.Context) (*table, error) {
	if f.search.Method != Exact {
		t, _, err := f.tabulateWorlds(ctx, f.drawnPlan())
		return t, err
	}
	// Every world: again and again with the coins that some world asked for.
	l := &listing{chances: map[coinKey]uint64{}}
	for len(l.order) <= MaxExact {
		known := len(l.order)
		t, halted, err := f.tabulateWorlds(ctx, f.everyPlan(l))
		if err != nil || len(l.order) == known || halted {
			return t, err
		}
	}
	return nil, nil
}

func (f *frontier) tabulateWorlds(ctx context.Context, plan *plan) (t *table, halted bool, err error) {
	var over atomic.Bool
	listed := plan.halt
	plan.halt = func() bool { return over.Load() || listed != nil && listed() }
	crew, err := sweep(ctx, plan, func() *tabulator {
		w := newTabulator(f, plan, &over)
		w.ended = func() bool { return plan.halt() || ctx.Err() != nil }
		return w
	}, (*tabulator).visit)
	if err != nil || plan.halt() {
		return nil, over.Load(), err
	}
	t = &table{}
	total, used := 0.0, int64(0)
	var bodies []int32
	for _, w := range crew {
		total += w.total
		used += w.used
		f.open = f.open || w.open
		for body := range w.parts {
			bodies = append(bodies, body)
		}
	}
	t.purges = int((used + plan.blocks() - 1) / plan.blocks())
	slices.Sort(bodies)
	t.fill(f, slices.Compact(bodies), crew, total)
	return t, false, ctx.Err()
}

// everyPlan goes through the worlds of the coins listed; coins that are not are taken
// down.
func (f *frontier) everyPlan(l *listing) *plan {
	known := len(l.order)
	e := l.enumerate()
	e.more = l
	return &plan{
		exact: true, worlds: 1 << known, workers: 1, progress: f.search.Progress, weight: l.probability,
		coins: func(block uint64) coins { e.block = block; return e },
		halt:  func() bool { return len(l.order) > known },
	}
}

func (f *frontier) drawnPlan() *plan {
	workers := f.search.Workers
	if workers <= 0 {
		workers = runtime.GOMAXPROCS(0)
	}
	return &plan{
		worlds: int64(f.search.Samples), workers: workers, progress: f.search.Progress,
		coins: func(block uint64) coins { return sampledCoins(f.search.Seed, block) },
	}
}

// fill adds up what the workers found.
func (t *table) fill(f *frontier, bodies []int32, crew []*tabulator, total float64) {
	size := 1 << len(f.costly)
	t.cost, t.unsafe = make([]float64, size), make([]bool, size)
	place := make([]uint32, size) // of a set among the sets of the groups that matter
	most := f.in.Tolerance*total + 1e-12
	for _, body := range bodies {
		var sum part
		for _, w := range crew {
			if p := w.parts[body]; p != nil {
				sum.merge(p, size)
			}
		}
		worlds, vars := sum.table()
		weight := float64(f.counts[body]) / thousand / total
		for set := range place {
			if set > 0 {
				low := set & -set
				place[set] = place[set&(set-1)]
				if vars&uint32(low) != 0 {
					place[set] |= 1 << bits.OnesCount32(vars&uint32(low-1))
				}
			}
			n := worlds[place[set]]
			t.cost[set] += weight * n
			t.unsafe[set] = t.unsafe[set] || n > most
		}
	}
}

// part is a function of sets as the sum of what each subset adds: its Möbius transform,
// by mask, in a list where it has many terms.
type part struct {
	sparse map[uint32]float64
	dense  []float64
}

// maxSparse is the number of terms from which on a list is kept.
const maxSparse = 1 << 14

func (p *part) add(set uint32, v float64, size int) {
	if p.dense != nil {
		p.dense[set] += v
		return
	}
	if p.sparse == nil {
		p.sparse = map[uint32]float64{}
	}
	p.sparse[set] += v
	if len(p.sparse) > maxSparse {
		p.dense = make([]float64, size)
		for set, v := range p.sparse {
			p.dense[set] = v
		}
		p.sparse = nil
	}
}

func (p *part) merge(o *part, size int) {
	for set, v := range o.sparse {
		p.add(set, v, size)
	}
	for set, v := range o.dense {
		if v != 0 {
			p.add(uint32(set), v, size)
		}
	}
}

// table is the function by the subsets of the groups it hangs on, and these.
func (p *part) table() (values []float64, vars uint32) {
	if p.dense != nil {
		zeta(p.dense)
		return p.dense, uint32(len(p.dense) - 1)
	}
	for set, v := range p.sparse {
		if v != 0 {
			vars |= set
		}
	}
	values = make([]float64, 1<<bits.OnesCount32(vars))
	for set, v := range p.sparse {
		if v != 0 {
			values[packed(set, vars)] = v
		}
	}
	zeta(values)
	return values, vars
}

// packed is the place of a set among the subsets of vars.
func packed(set, vars uint32) (place uint32) {
	for i := 0; vars != 0; i++ {
		low := vars & -vars
		if set&low != 0 {
			place |= 1 << i
		}
		vars &^= low
	}
	return place
}

// zeta turns what each subset adds into sums over subsets, moebius back.
func zeta(a []float64) {
	for step := 1; step < len(a); step <<= 1 {
		for i := range a {
			if i&step != 0 {
				a[i] += a[i^step]
			}
		}
	}
}

func moebius(a []float64) {
	for step := 1; step < len(a); step <<= 1 {
		for i := range a {
			if i&step != 0 {
				a[i] -= a[i^step]
			}
		}
	}
}

// tabulator works blocks of worlds out.
type tabulator struct {
	f      *frontier
	plan   *plan
	used   int64
	budget int64        // purges in a block
	over   *atomic.Bool // some block took more
	ended  func() bool  // what is found is of no use any more
	blocks blocks
	seen   seen
	total  float64
	open   bool              // some purge was cut at the cap of waves
	parts  map[int32]*part   // by institution
	below  map[int32][]int32 // by post, the institutions whose lines may pass it

	// Of the block:
	spent  int64   // purges
	broken []int32 // institutions that fracture when all groups are purged
	place  []int32 // of an institution in broken, none elsewhere
	hangs  []uint32
	known  map[uint32][]uint64 // by set, the worlds in which each of broken fractures
	cells  []cell
}

// cell is an interval of sets: those that agree with mask on the first so many groups
// of an order.
type cell struct {
	mask   uint32
	fixed  int
	worlds float64
}

// maxKnown bounds the sets that are remembered for the other institutions of a block.
const maxKnown = 1 << 15

func newTabulator(f *frontier, p *plan, over *atomic.Bool) *tabulator {
	n := len(f.counts)
	// Where there are fewer worlds than the search would draw, more purges are as much work.
	budget := int64(math.MaxInt64)
	if f.in.Budget < 1<<MaxExhaustive {
		budget = int64(f.in.Budget) * int64((f.in.Search+worlds-1)/worlds) / p.blocks()
	}
	t := &tabulator{
		f: f, plan: p, over: over, blocks: blocks{}, parts: map[int32]*part{}, below: map[int32][]int32{},
		place: make([]int32, n), hangs: make([]uint32, n),
		budget: budget,
	}
	for i := range t.place {
		t.place[i] = none
	}
	return t
}

func (t *tabulator) visit(n int64) {
	t.seen.number, t.seen.w = n, t.plan.weights(n)
	t.total += t.seen.w.sum(all)
	t.known, t.spent = map[uint32][]uint64{}, 0
	every := uint32(1)<<len(t.f.costly) - 1
	t.simulate(every)
	t.seen.fractured(func(body int32, _ uint64) {
		t.place[body] = int32(len(t.broken))
		t.broken = append(t.broken, body)
	})
	slices.Sort(t.broken)
	for i, body := range t.broken {
		t.place[body] = int32(i)
	}
	t.keep(every)
	for g := range t.f.costly {
		t.simulate(1 << g)
		t.keep(1 << g)
		t.touched(1 << g)
	}
	t.spread()
	for _, body := range t.broken {
		if t.f.counts[body] > 0 && !t.ended() {
			t.intervals(body)
		}
	}
	for _, body := range t.broken {
		t.place[body] = none
	}
	t.broken = t.broken[:0]
	clear(t.hangs)
}

// simulate purges a set in the block.
func (t *tabulator) simulate(set uint32) {
	t.used++
	if t.spent++; t.spent > t.budget {
		t.over.Store(true)
	}
	var groups []int32
	for i, g := range t.f.costly {
		if set>>i&1 == 1 {
			groups = append(groups, g)
		}
	}
	m := t.f.model(groups)
	t.seen.block = t.blocks.of(m)
	t.seen.turn(m, t.seen.number)
	t.seen.run(t.plan.coins(uint64(t.seen.number)))
	t.open = t.open || t.seen.open&t.seen.w.lanes != 0
}

// keep notes what the set that was simulated fractures.
func (t *tabulator) keep(set uint32) []uint64 {
	masks := make([]uint64, len(t.broken))
	t.seen.fractured(func(body int32, mask uint64) {
		if i := t.place[body]; i >= 0 {
			masks[i] = mask
		}
	})
	if len(t.known) < maxKnown {
		t.known[set] = masks
	}
	return masks
}

// fractures returns the worlds in which the purge of a set fractures an institution.
func (t *tabulator) fractures(body int32, set uint32) uint64 {
	if set == 0 {
		return 0
	}
	masks, ok := t.known[set]
	if !ok {
		t.simulate(set)
		masks = t.keep(set)
	}
	return masks[t.place[body]]
}

// touched notes which institutions hang on the group that was simulated: those it takes
// something from, and those whose lines of command may pass a post that it vacates.
func (t *tabulator) touched(group uint32) {
	for _, sc := range t.seen.scored.list {
		t.hangs[sc.body] |= group
	}
	s := t.f.m.s
	for _, node := range t.seen.scored.touched {
		if s.Kind(node) != graph.Person {
			continue
		}
		lo, hi := s.Out(graph.Holds, node)
		for h := lo; h < hi; h++ {
			for _, body := range t.under(s.Tie(h).To) {
				t.hangs[body] |= group
			}
		}
	}
}

// under lists the institutions of the posts that report to a post, however far down,
// and its own.
func (t *tabulator) under(post int32) []int32 {
	if list, ok := t.below[post]; ok {
		return list
	}
	s := t.f.m.s
	met, list := map[int32]bool{post: true}, []int32{}
	for queue := []int32{post}; len(queue) > 0; queue = queue[1:] {
		lo, hi := s.Out(graph.PostIn, queue[0])
		for p := lo; p < hi; p++ {
			list = append(list, s.Tie(p).To-t.f.m.firstBody)
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

// spread lets an institution hang on whatever those hang on that may fracture and that
// it builds on.
func (t *tabulator) spread() {
	if !t.f.m.p.Contagion {
		return
	}
	queue := slices.Clone(t.broken)
	for ; len(queue) > 0; queue = queue[1:] {
		from := queue[0]
		t.f.m.builders(from+t.f.m.firstBody, func(body int32) {
			i := body - t.f.m.firstBody
			if t.hangs[i]|t.hangs[from] == t.hangs[i] {
				return
			}
			t.hangs[i] |= t.hangs[from]
			if t.place[i] >= 0 {
				queue = append(queue, i)
			}
		})
	}
}

// builders calls f with the institutions that a fractured one may fracture.
func (m *model) builders(body int32, f func(body int32)) {
	for _, typ := range []graph.TieType{graph.PartOf, graph.Influences, graph.DependsOn} {
		lo, hi := m.s.Out(typ, body)
		for t := lo; t < hi; t++ {
			if to := m.s.Tie(t).To; m.s.Kind(to) == graph.Institution {
				f(to)
			}
		}
		for _, t := range m.s.In(typ, body) {
			if from := m.s.Tie(t).From; m.s.Kind(from) == graph.Institution {
				f(from)
			}
		}
	}
}

// intervals finds the sets that fracture an institution in the block, and adds them to
// what was found in others.
func (t *tabulator) intervals(body int32) {
	every := uint32(1)<<len(t.f.costly) - 1
	many := t.fractures(body, t.hangs[body])
	if many != t.fractures(body, every) { // it hangs on more: no group is left out
		t.hangs[body], many = every, t.fractures(body, every)
	}
	var order []int
	for g := range t.f.costly {
		if t.hangs[body]>>g&1 == 1 {
			order = append(order, g)
		}
	}
	alone := func(g int) int { return bits.OnesCount64(t.fractures(body, 1<<g)) }
	slices.SortStableFunc(order, func(a, b int) int { return alone(b) - alone(a) })
	t.cells = t.cells[:0]
	t.halve(body, order, 0, 0, t.hangs[body], 0, many)
	depth := 0
	for _, c := range t.cells {
		depth = max(depth, c.fixed)
	}
	values := make([]float64, 1<<depth)
	for _, c := range t.cells {
		for i := int(c.mask); i < len(values); i += 1 << c.fixed {
			values[i] = c.worlds
		}
	}
	moebius(values)
	p := t.parts[body]
	if p == nil {
		p = &part{}
		t.parts[body] = p
	}
	sets := make([]uint32, len(values))
	for i := range values {
		if i > 0 {
			sets[i] = sets[i&(i-1)] | 1<<order[bits.TrailingZeros(uint(i))]
		}
		if values[i] != 0 {
			p.add(sets[i], values[i], int(every)+1)
		}
	}
}

// halve splits the sets between least and largest, of which the groups of the order up
// to depth are the same, until both ends fracture the institution in the same worlds.
func (t *tabulator) halve(body int32, order []int, depth int, least, largest uint32, few, many uint64) {
	if few == many || t.ended() {
		c := cell{fixed: depth, worlds: t.seen.w.sum(few)}
		for i, g := range order[:depth] {
			c.mask |= (least >> g & 1) << i
		}
		t.cells = append(t.cells, c)
		return
	}
	g := uint32(1) << order[depth]
	t.halve(body, order, depth+1, least, largest&^g, few, t.fractures(body, largest&^g))
	t.halve(body, order, depth+1, least|g, largest, t.fractures(body, least|g), many)
}
