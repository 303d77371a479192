// What every set of the groups of a component breaks, set by set.
//
// Invariant: a set comes after all that it contains. What these break it breaks too; what its
// institutions break beside is the least fixed point above that.
// Source: sums over subsets by one group after another: Yates 1937, The Design and Analysis of
// Factorial Experiments; the fixed point: Tarski 1955, Pacific J. Math. 5:285.
// Cost: for a component of w institutions and k groups O(k w 2ᵏ) steps on words of 64 worlds, and an
// evaluation of a gate where nothing smaller decides; min(Cells, w 2ᵏ) masks of memory.

package worlds

import (
	"math/bits"
	"slices"
)

// component is a connected component of the institutions that may break one another, with
// the groups that any of them hangs on. Other groups change nothing for it in the block.
type component struct {
	bodies []int32
	groups uint32
	gates  []*gate
	fed    []*gate // those with inputs
}

// work is the cost of a sweep, in steps on a word.
func (c *component) work() float64 {
	return float64(len(c.bodies)) * float64(uint64(1)<<bits.OnesCount32(c.groups))
}

// components finds the components of the institutions that may fracture, by union and find.
// Those in which no institution counts are left out.
func (t *tabulator) components() []*component {
	for i, body := range t.live {
		t.place[body] = int32(i)
	}
	root := make([]int32, len(t.live))
	for i := range root {
		root[i] = int32(i)
	}
	var find func(i int32) int32
	find = func(i int32) int32 {
		if root[i] != i {
			root[i] = find(root[i])
		}
		return root[i]
	}
	for _, g := range t.gates {
		for _, body := range g.inputs {
			root[find(t.place[body])] = find(t.place[g.body])
		}
	}
	of := make([]*component, len(t.live))
	var list []*component
	for i, body := range t.live {
		r := find(int32(i))
		if of[r] == nil {
			of[r] = &component{}
			list = append(list, of[r])
		}
		of[r].bodies = append(of[r].bodies, body)
	}
	for _, g := range t.gates {
		c := of[find(t.place[g.body])]
		c.gates = append(c.gates, g)
		c.groups |= g.direct
		if len(g.inputs) > 0 {
			c.fed = append(c.fed, g)
		}
	}
	return slices.DeleteFunc(list, func(c *component) bool {
		return !slices.ContainsFunc(c.bodies, func(body int32) bool { return t.sets.Damage[body] > 0 })
	})
}

// sweep finds for every set of the groups of a component which of its institutions break,
// and adds it to the sums. A set breaks what the sets with a group less break. A gate is
// evaluated for it only where none of these gives its value.
func (t *tabulator) sweep(c *component, n int64, advance func(part float64)) {
	size, width := bits.OnesCount32(c.groups), len(c.bodies)
	low := size
	for low > 0 && width<<low > t.sets.Cells {
		low--
	}
	s := &sweeping{tabulator: t, c: c, number: n, width: width, low: low}
	s.begin()
	const often = 1 << 12
	for whole := range uint32(1) << size {
		top, set := whole>>low, whole&(1<<low-1)
		switch {
		case whole%often == 0 && whole > 0:
			advance(float64(whole) / float64(uint64(1)<<size))
		case whole%64 == 0 && t.ended():
			return
		}
		if set == 0 {
			s.part(top)
		}
		s.set(whole, set)
	}
	t.costs.add(c.groups, s.cost)
	for i, counts := range s.counts {
		t.count(c.bodies[i]).add(c.groups&t.sets.Mild, counts)
	}
}

// sweeping is the state of a sweep. Sets are packed: their bits are the groups of the
// component alone. The sets that agree on the groups from low on are worked out together.
type sweeping struct {
	*tabulator
	c          *component
	number     int64
	width, low int
	start      []started
	cost       []float64         // by set
	mild       uint32            // the mild groups, packed
	counts     map[int][]float64 // by place of a risky institution: by set of mild groups
	bound      bool              // the cap of waves may be met
	base       []uint64          // then: by set and institution, what breaks before any wave of fractures
}

// started is a true point of a gate of the component: a set whose losses of persons
// and groups break an institution.
type started struct {
	set   uint32
	place int32
	in    uint64
}

// begin packs the sets of the component's gates and makes room.
func (s *sweeping) begin() {
	c := s.c
	for i, body := range c.bodies {
		s.place[body] = int32(i)
	}
	for _, g := range c.gates {
		g.at = g.at[:0]
		for _, body := range g.inputs {
			g.at = append(g.at, s.place[body])
		}
		for _, f := range g.points {
			s.start = append(s.start, started{pack(f.set, c.groups), s.place[g.body], f.in})
		}
		g.direct = pack(g.direct, c.groups)
		for i := range g.implicants {
			g.implicants[i].groups = pack(g.implicants[i].groups, c.groups)
		}
	}
	size := bits.OnesCount32(c.groups)
	s.cost, s.counts = make([]float64, 1<<size), map[int][]float64{}
	s.mild = pack(s.sets.Mild&c.groups, c.groups)
	for i, body := range c.bodies {
		if s.sets.Risky[body] {
			s.counts[i] = make([]float64, 1<<bits.OnesCount32(s.mild))
		}
	}
	s.cells = append(s.cells[:0], make([]uint64, s.width<<s.low)...)
	s.waves = append(s.waves[:0], make([]int16, 1<<s.low)...)
	s.fell = append(s.fell[:0], make([]uint64, s.width)...)
	s.falling = append(s.falling[:0], make([]uint64, s.width)...)
	// In a world each wave of fractures breaks an institution more.
	if s.bound = s.deep+s.width >= s.b.last; s.bound {
		s.base = make([]uint64, len(s.cells))
	}
}

// part begins the sets with the same groups from low on.
func (s *sweeping) part(top uint32) {
	clear(s.cells)
	for _, st := range s.start {
		if st.set>>s.low&^top == 0 {
			s.cells[int(st.set&(1<<s.low-1))*s.width+int(st.place)] |= st.in
		}
	}
	if !s.bound {
		return
	}
	copy(s.base, s.cells)
	for step := s.width; step < len(s.base); step *= 2 {
		for at := 0; at < len(s.base); at += 2 * step {
			without, with := s.base[at:at+step], s.base[at+step:at+2*step]
			for i, mask := range without {
				with[i] |= mask
			}
		}
	}
}

// row is by place in the component: the worlds in which a set breaks an institution.
func (s *sweeping) row(set uint32) []uint64 { return s.cells[int(set)*s.width:][:s.width] }

// set works out what a set breaks, and adds it up: whole is the set, set the part of it
// below low.
func (s *sweeping) set(whole, set uint32) {
	row := s.row(set)
	waves := int16(s.deep)
	for rest := set; rest != 0; rest &= rest - 1 {
		less := set &^ (rest & -rest)
		for i, mask := range s.row(less) {
			row[i] |= mask
		}
		waves = max(waves, s.waves[less])
	}
	if len(s.c.fed) > 0 {
		s.waves[set] = waves + s.contagion(set, whole, row, false)
		if s.bound && int(s.waves[set]) >= s.b.last {
			s.waves[set] = s.recount(set, whole)
		}
	}
	for i, mask := range row {
		if mask == 0 {
			continue
		}
		body := s.c.bodies[i]
		worlds := 0.0
		if s.sets.Damage[body] > 0 {
			worlds = s.w.sum(mask)
			s.cost[whole] += float64(s.sets.Damage[body]) * worlds
		}
		if counts := s.counts[i]; counts != nil && whole&^s.mild == 0 {
			counts[pack(whole, s.mild)] = worlds
		}
	}
}

// contagion adds to what is broken what that breaks, wave by wave, and returns the number of
// waves. Where it recounts it infers nothing from the sets with a group less.
func (s *sweeping) contagion(set, whole uint32, row []uint64, recounting bool) (waves int16) {
	struck := false
	for ; ; waves++ {
		broke := false
		for _, g := range s.c.fed {
			place := s.place[g.body]
			need := g.under &^ row[place]
			if need == 0 || waves > 0 && !s.stirred(g) {
				continue
			}
			if g.complete {
				if more := g.evaluate(whole, row, need); more != 0 {
					s.falling[place] |= more
					broke = true
				}
				continue
			}
			if waves == 0 && !recounting && s.inferred(g, set, row) {
				continue
			}
			if !struck {
				struck = true
				s.strike(whole)
			}
			if more := s.evaluate(g, row) &^ row[place]; more != 0 {
				s.falling[place] |= more
				broke = true
			}
		}
		if !broke {
			return waves
		}
		for i, mask := range s.falling {
			row[i] |= mask
			s.falling[i] = 0
			s.fell[i] = mask
		}
	}
}

// evaluate returns the worlds among those of need in which an implicant of the gate holds.
func (g *gate) evaluate(whole uint32, row []uint64, need uint64) (short uint64) {
	for i := range g.implicants {
		t := &g.implicants[i]
		in := t.in & need
		if in == 0 || t.groups&^whole != 0 {
			continue
		}
		for set := t.inputs; set != 0 && in != 0; set &= set - 1 {
			in &= row[g.at[bits.TrailingZeros32(set)]]
		}
		short |= in
	}
	return short
}

// inferred says whether the gate's value for a set is known without evaluating it: because
// none of its inputs is broken where that matters, or because a set with one group less, on
// which the gate does not hang, broke the same inputs. The row already has that value.
func (s *sweeping) inferred(g *gate, set uint32, row []uint64) bool {
	need, broken := g.under&^row[s.place[g.body]], uint64(0)
	for _, at := range g.at {
		broken |= row[at]
	}
	if broken&need == 0 {
		return true
	}
	for rest := set &^ g.direct; rest != 0; rest &= rest - 1 {
		less, same := s.row(set&^(rest&-rest)), true
		for _, at := range g.at {
			same = same && (row[at]^less[at])&need == 0
		}
		if same {
			return true
		}
	}
	return false
}

// stirred says whether an input of the gate broke in the wave before.
func (s *sweeping) stirred(g *gate) bool {
	for _, at := range g.at {
		if s.fell[at] != 0 {
			return true
		}
	}
	return false
}

// strike purges a set in every world.
func (s *sweeping) strike(whole uint32) {
	clear(s.struck)
	for set := unpack(whole, s.c.groups); set != 0; set &= set - 1 {
		s.struck[bits.TrailingZeros32(set)] = allLanes
	}
}

// recount counts the waves of a set from the first. The number that follows from the sets
// with a group less is only a bound. Where the count too comes to the limit the set is
// purged, to see whether it is cut.
func (s *sweeping) recount(set, whole uint32) int16 {
	row := slices.Clone(s.base[int(set)*s.width:][:s.width])
	waves := int16(s.deep) + s.contagion(set, whole, row, true)
	if int(waves) < s.b.last {
		return waves
	}
	s.b.aim(s.sets.model(unpack(whole, s.c.groups)), s.number)
	s.b.run(s.coins)
	if s.b.open&s.w.lanes != 0 {
		s.over.Store(true)
	}
	return int16(max(0, s.b.wave-2)) // without the last wave, which found nothing to respond to, and the step past it
}
