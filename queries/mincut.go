package queries

import "math"

// closure is the choice of projects (here groups, each with a benefit) that need
// things (here institutions that it hits, each with a cost paid once, by whom ever
// it is hit): the set with the largest benefit less price × cost is one minimum
// cut (Picard 1976, Management Science 22:1268), and the sets grow as the price
// falls (Gallo, Grigoriadis, Tarjan 1989, SIAM J. Comput. 18:30).
type closure struct {
	benefit, cost []int64
	needs         [][]int32 // by project: the things that it needs
}

// maxClosure bounds the sums of benefits and of costs, so that their products
// stay whole numbers of 64 bits.
const maxClosure = 1 << 30

// chosen is one set of projects.
type chosen struct {
	projects      []int32 // ascending
	benefit, cost int64
}

// frontier returns the sets that are the best at some price, by growing cost: the
// vertices of the upper hull of all (cost, benefit). Each contains the one before
// it. The first costs nothing and has all that is free; the last has all projects.
// With h vertices it takes fewer than 2h minimum cuts (Eisner and Severance 1976,
// J. ACM 23:619).
func (c *closure) frontier() []chosen {
	free := c.best(0, 1) // at a price above every benefit
	whole := c.best(1, 0)
	out := []chosen{free}
	if whole.cost > free.cost {
		out = append(out, c.between(free, whole)...)
		out = append(out, whole)
	}
	return out
}

// between returns the vertices between two, by the price at which those two are
// worth the same.
func (c *closure) between(a, b chosen) []chosen {
	gain, pay := b.benefit-a.benefit, b.cost-a.cost
	d := gcd(gain, pay)
	gain, pay = gain/d, pay/d
	m := c.best(pay, gain)
	if value(m, pay, gain) <= value(a, pay, gain) {
		return nil
	}
	out := append(c.between(a, m), m)
	return append(out, c.between(m, b)...)
}

func value(s chosen, benefit, cost int64) int64 { return benefit*s.benefit - cost*s.cost }

func gcd(a, b int64) int64 {
	for b != 0 {
		a, b = b, a%b
	}
	return a
}

// best returns the largest set that maximises benefit·B − cost·C, where the
// factors are whole numbers; benefit 0 stands for a price without bound.
func (c *closure) best(benefit, cost int64) chosen {
	n, things := len(c.benefit), len(c.cost)
	net := newFlow(2 + n + things)
	source, sink := int32(0), int32(1)
	for i, b := range c.benefit {
		if benefit == 0 {
			b = 0
		}
		net.arc(source, int32(2+i), max(b*benefit, 0))
		for _, t := range c.needs[i] {
			net.arc(int32(2+i), int32(2+n)+t, math.MaxInt64)
		}
	}
	for t, w := range c.cost {
		net.arc(int32(2+n+t), sink, w*cost)
	}
	net.fill(source, sink)
	// What cannot reach the sink is in the largest best set.
	cut := net.reaches(sink)
	var s chosen
	for i := range c.benefit {
		if !cut[2+i] {
			s.projects = append(s.projects, int32(i))
		}
	}
	return c.sum(s.projects)
}

// sum returns a set of projects with what it brings and costs.
func (c *closure) sum(projects []int32) chosen {
	s := chosen{projects: projects}
	hit := make([]bool, len(c.cost))
	for _, i := range projects {
		s.benefit += c.benefit[i]
		for _, t := range c.needs[i] {
			if !hit[t] {
				hit[t] = true
				s.cost += c.cost[t]
			}
		}
	}
	return s
}

const (
	noArc   = int32(-1)
	noLevel = int32(-1) // of a node that the source does not reach
)

// flow is a network with whole capacities; arc i and its reverse i^1 stand side by
// side.
type flow struct {
	first []int32 // by node: its first arc, −1 for none
	next  []int32 // by arc
	to    []int32
	room  []int64
	level []int32
	at    []int32
}

func newFlow(n int) *flow {
	f := &flow{first: make([]int32, n), level: make([]int32, n), at: make([]int32, n)}
	for i := range f.first {
		f.first[i] = noArc
	}
	return f
}

func (f *flow) arc(from, to int32, room int64) {
	for _, a := range [2]struct {
		from, to int32
		room     int64
	}{{from, to, room}, {to, from, 0}} {
		f.to = append(f.to, a.to)
		f.room = append(f.room, a.room)
		f.next = append(f.next, f.first[a.from])
		f.first[a.from] = int32(len(f.to) - 1)
	}
}

// fill finds a maximum flow (Dinic 1970, Soviet Math. Doklady 11:1277) and leaves
// what room is left. Its value must be less than the largest int64.
func (f *flow) fill(source, sink int32) {
	for f.layer(source, sink) {
		copy(f.at, f.first)
		for f.push(source, sink, math.MaxInt64) > 0 {
		}
	}
}

// layer numbers the nodes by their distance from the source.
func (f *flow) layer(source, sink int32) bool {
	for i := range f.level {
		f.level[i] = noLevel
	}
	f.level[source] = 0
	for queue := []int32{source}; len(queue) > 0; queue = queue[1:] {
		for a := f.first[queue[0]]; a != noArc; a = f.next[a] {
			if f.room[a] > 0 && f.level[f.to[a]] == noLevel {
				f.level[f.to[a]] = f.level[queue[0]] + 1
				queue = append(queue, f.to[a])
			}
		}
	}
	return f.level[sink] != noLevel
}

// push sends flow along the layers; a path has at most as many nodes as there are
// layers.
func (f *flow) push(node, sink int32, most int64) int64 {
	if node == sink {
		return most
	}
	for ; f.at[node] != noArc; f.at[node] = f.next[f.at[node]] {
		a := f.at[node]
		if f.room[a] == 0 || f.level[f.to[a]] != f.level[node]+1 {
			continue
		}
		if sent := f.push(f.to[a], sink, min(most, f.room[a])); sent > 0 {
			f.room[a] -= sent
			f.room[a^1] += sent // a bounded arc and its flow, or what was taken from an unbounded one
			return sent
		}
	}
	return 0
}

// reaches returns the nodes from which there is room left to the sink.
func (f *flow) reaches(sink int32) []bool {
	seen := make([]bool, len(f.first))
	seen[sink] = true
	for queue := []int32{sink}; len(queue) > 0; queue = queue[1:] {
		for a := f.first[queue[0]]; a != noArc; a = f.next[a] {
			if from := f.to[a]; f.room[a^1] > 0 && !seen[from] {
				seen[from] = true
				queue = append(queue, from)
			}
		}
	}
	return seen
}
