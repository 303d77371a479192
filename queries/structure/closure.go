// The maximum closures of a project selection, one for each price of what they cost.
//
// Invariant: the arcs of the network that are cut are those of the projects left out and
// of the things paid for; as the price falls the sets only grow, so that a set between two
// others of the hull is found at the price at which those two are worth the same.
// Source: Picard 1976, Management Science 22:1268 (closure as a minimum cut); Gallo,
// Grigoriadis, Tarjan 1989, SIAM J. Comput. 18:30 (nested sets); Eisner, Severance 1976,
// J. ACM 23:619 (by the hull); Dinic 1970, Soviet Math. Doklady 11:1277 (flow).
// Cost: fewer than 2h minimum cuts for h sets; one takes O(V² A) at worst on V = 2 +
// projects + things and A = projects + things + needs.

package structure

import (
	"context"
	"fmt"
	"math"
)

// MaxClosureSum bounds the sum of the benefits and that of the costs of a
// [ClosureProblem], so that their products stay whole numbers of 64 bits.
const MaxClosureSum = 1 << 30

// ClosureProblem is a choice of projects, each with a benefit, that need things, each with
// a cost that is paid once by whichever projects need it.
type ClosureProblem struct {
	benefit, cost []int64
	needs         [][]int32 // by project
}

// Closure is a set of projects with all that they need.
type Closure struct {
	Projects      []int32 // ascending
	Benefit, Cost int64   // sums over the projects and over the things needed
}

// NewClosureProblem states a choice of projects by their benefits, of things by their
// costs and of what each project needs, as places in cost. The slices are not copied and
// must not change.
//
// It fails with ErrOption for a negative number, for needs of more or fewer projects than
// have a benefit and for sums above [MaxClosureSum], and with ErrNode for a need that is no
// place in cost.
func NewClosureProblem(benefit, cost []int64, needs [][]int32) (*ClosureProblem, error) {
	if len(needs) != len(benefit) {
		return nil, fmt.Errorf("%w: needs of %d projects, benefits of %d", ErrOption, len(needs), len(benefit))
	}
	if err := summable("benefit", benefit); err != nil {
		return nil, err
	}
	if err := summable("cost", cost); err != nil {
		return nil, err
	}
	for i, list := range needs {
		for _, t := range list {
			if t < 0 || int(t) >= len(cost) {
				return nil, fmt.Errorf("%w: project %d needs %d of %d things", ErrNode, i, t, len(cost))
			}
		}
	}
	return &ClosureProblem{benefit: benefit, cost: cost, needs: needs}, nil
}

func summable(what string, list []int64) error {
	sum := int64(0)
	for i, v := range list {
		if v < 0 || v > MaxClosureSum-sum {
			return fmt.Errorf("%w: %s %d at place %d; none is negative and they sum to at most %d", ErrOption, what, v, i, MaxClosureSum)
		}
		sum += v
	}
	return nil
}

// Needs are the things that a project needs. Do not write to them; nil outside the
// projects.
func (p *ClosureProblem) Needs(project int32) []int32 {
	if project < 0 || int(project) >= len(p.needs) {
		return nil
	}
	return p.needs[project]
}

// Parametric returns the closures that maximise benefit − price · cost at some price, by
// growing cost: the vertices of the upper hull of all (cost, benefit). Each contains the
// one before it. The first costs nothing and has all that is free; the last has all
// projects. It fails with ctx's error.
func (p *ClosureProblem) Parametric(ctx context.Context) ([]Closure, error) {
	free, err := p.Max(ctx, 0, 1) // at a price above every benefit
	if err != nil {
		return nil, err
	}
	whole, err := p.Max(ctx, 1, 0)
	if err != nil || whole.Cost == free.Cost {
		return []Closure{free}, err
	}
	between, err := p.between(ctx, free, whole)
	if err != nil {
		return nil, err
	}
	return append(append([]Closure{free}, between...), whole), nil
}

// between returns the vertices between two, by the price at which those two are worth the
// same.
func (p *ClosureProblem) between(ctx context.Context, a, b Closure) ([]Closure, error) {
	gain, pay := b.Benefit-a.Benefit, b.Cost-a.Cost
	d := gcd(gain, pay)
	gain, pay = gain/d, pay/d
	m, err := p.Max(ctx, pay, gain)
	if err != nil || m.value(pay, gain) <= a.value(pay, gain) {
		return nil, err
	}
	low, err := p.between(ctx, a, m)
	if err != nil {
		return nil, err
	}
	high, err := p.between(ctx, m, b)
	return append(append(low, m), high...), err
}

func (c Closure) value(benefit, cost int64) int64 { return benefit*c.Benefit - cost*c.Cost }

func gcd(a, b int64) int64 {
	for b != 0 {
		a, b = b, a%b
	}
	return a
}

// Max returns the closure that maximises benefit·B − cost·C, B and C being the sums of its
// benefits and costs: the largest of several. Benefit 0 stands for a price without bound:
// all that is free.
//
// It fails with ErrOption for a factor that is negative or above [MaxClosureSum], or with
// ctx's error.
func (p *ClosureProblem) Max(ctx context.Context, benefit, cost int64) (Closure, error) {
	if benefit < 0 || cost < 0 || benefit > MaxClosureSum || cost > MaxClosureSum {
		return Closure{}, fmt.Errorf("%w: factors %d and %d are not from 0 to %d", ErrOption, benefit, cost, MaxClosureSum)
	}
	if err := ctx.Err(); err != nil {
		return Closure{}, err
	}
	n, things := len(p.benefit), len(p.cost)
	net := newFlow(2 + n + things)
	source, sink := int32(0), int32(1)
	for i, b := range p.benefit {
		net.arc(source, int32(2+i), b*benefit)
		for _, t := range p.needs[i] {
			net.arc(int32(2+i), int32(2+n)+t, math.MaxInt64)
		}
	}
	for t, c := range p.cost {
		net.arc(int32(2+n+t), sink, c*cost)
	}
	if err := net.fill(ctx, source, sink); err != nil {
		return Closure{}, err
	}
	// What cannot reach the sink is in the largest best set.
	cut := net.reaches(sink)
	var projects []int32
	for i := range p.benefit {
		if !cut[2+i] {
			projects = append(projects, int32(i))
		}
	}
	return p.sum(projects), nil
}

// Of returns some projects, each once, with all that they need. It fails with ErrNode for
// a project that is not there.
func (p *ClosureProblem) Of(projects []int32) (Closure, error) {
	for _, i := range projects {
		if i < 0 || int(i) >= len(p.benefit) {
			return Closure{}, fmt.Errorf("%w: project %d of %d", ErrNode, i, len(p.benefit))
		}
	}
	return p.sum(projects), nil
}

func (p *ClosureProblem) sum(projects []int32) Closure {
	c := Closure{Projects: projects}
	paid := make([]bool, len(p.cost))
	for _, i := range projects {
		c.Benefit += p.benefit[i]
		for _, t := range p.needs[i] {
			if !paid[t] {
				paid[t] = true
				c.Cost += p.cost[t]
			}
		}
	}
	return c
}

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
		f.first[i] = -1
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
// what room is left. Its value must be less than the largest int64. It fails with ctx's
// error.
func (f *flow) fill(ctx context.Context, source, sink int32) error {
	for f.layer(source, sink) {
		if err := ctx.Err(); err != nil {
			return err
		}
		copy(f.at, f.first)
		for f.push(source, sink, math.MaxInt64) > 0 {
		}
	}
	return nil
}

// layer numbers the nodes by their distance from the source.
func (f *flow) layer(source, sink int32) bool {
	for i := range f.level {
		f.level[i] = -1
	}
	f.level[source] = 0
	for queue := []int32{source}; len(queue) > 0; queue = queue[1:] {
		for a := f.first[queue[0]]; a != -1; a = f.next[a] {
			if f.room[a] > 0 && f.level[f.to[a]] == -1 {
				f.level[f.to[a]] = f.level[queue[0]] + 1
				queue = append(queue, f.to[a])
			}
		}
	}
	return f.level[sink] != -1
}

// push sends flow along the layers; a path has at most as many nodes as there are
// layers.
func (f *flow) push(node, sink int32, most int64) int64 {
	if node == sink {
		return most
	}
	for ; f.at[node] != -1; f.at[node] = f.next[f.at[node]] {
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
		for a := f.first[queue[0]]; a != -1; a = f.next[a] {
			if from := f.to[a]; f.room[a^1] > 0 && !seen[from] {
				seen[from] = true
				queue = append(queue, from)
			}
		}
	}
	return seen
}
