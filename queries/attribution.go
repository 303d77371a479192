package queries

import (
	"cmp"
	"context"
	"fmt"
	"maps"
	"math"
	"math/bits"
	"slices"

	"entangle/graph"
	"entangle/graph/projection"
	"entangle/queries/estimate"
	"entangle/queries/worlds"
)

const (
	// MaxSubsets is the number of targets up to which every subset of them is
	// purged: Shapley values are exact given the worlds, and minimal sufficient
	// sets are found.
	MaxSubsets = 10
	// MaxAttributed is the largest number of targets.
	MaxAttributed = 64
)

// AttributionInput asks how much of the damage of a purge is due to each of its targets.
type AttributionInput struct {
	// Targets are groups, persons or posts, at most MaxAttributed.
	Targets []graph.ID
	Params  worlds.Params
	// Institution whose fracture is attributed; where empty, the number of institutions
	// fractured is, but for the targets' own.
	Institution graph.ID
	// Threshold is the probability from which a set of targets suffices to fracture
	// an institution, above 0 to 1; DefaultSufficient where 0.
	Threshold float64
	// Draw: DefaultSamples worlds where it does not say.
	worlds.Draw
}

// AttributionReport is the answer. The measure v(T) of a set T of targets is the
// probability that the institution fractures, or the expected number of
// institutions fractured, if T alone is purged.
type AttributionReport struct {
	Basis Basis
	// Institution of the measure, nil for the number fractured.
	Institution *Ref
	// OwnInstitutions are those that are counted as some target's own, by id, the same for
	// every set. The number fractured is that of the others.
	OwnInstitutions []Ref
	// Whole is v of all targets. OwnFractured is the expected number of the targets' own that
	// fracture if all are purged.
	Whole, OwnFractured estimate.Amount
	// Shares of the targets, the largest Shapley value first, then by id.
	Shares []Attributed
	// Subsets: every subset was purged. Otherwise Orders orders were drawn, one and its
	// reverse for each block of 64 worlds.
	Subsets bool
	Orders  int
	// Threshold of Sufficient, which is nil where Subsets is false.
	Threshold  float64
	Sufficient []Sufficient
	// FreshSeed is the seed of the worlds, as many again, in which the sets of Sufficient
	// were judged; 0 if they were judged in the worlds of the basis.
	FreshSeed uint64
}

// Attributed is one target's part in the damage. The three figures differ exactly if
// targets are redundant or work together (synergy).
type Attributed struct {
	Ref
	// Solo is v of the target alone.
	Solo estimate.Amount
	// LastOut is how much v falls if the target alone is spared.
	LastOut estimate.Amount
	// Shapley is the mean of what it adds over all orders of the targets (Shapley
	// 1953); these values sum to v of all targets.
	Shapley estimate.Amount
}

// Sufficient are the minimal sets of targets that fracture an institution with at
// least the threshold's probability: none of their parts does.
type Sufficient struct {
	Ref
	// Own says that it is counted as some target's own.
	Own bool `json:",omitempty"`
	// Fractured if all targets are purged.
	Fractured estimate.Estimate
	// Sets, the smallest first.
	Sets []SufficientSet
}

// SufficientSet is one such set. It was chosen in some worlds; a sampled Fractured is
// from others.
type SufficientSet struct {
	Targets   []Ref
	Fractured estimate.Estimate
	// Close: the interval of the probability contains the threshold, or the interval of a
	// subset reaches it. Other worlds might give another result.
	Close bool
}

// Attribute says how much of the damage of a purge is due to each of its targets. It fails
// with ErrInput or ErrUnknown for what cannot be asked and with ctx.Err() when the context
// ends. Up to MaxSubsets targets it costs 2ᵏ purges, beyond about 2k + 2k for the orders
// drawn.
func Attribute(ctx context.Context, s *projection.Snapshot, in AttributionInput) (*AttributionReport, error) {
	targets, body, err := in.check(s)
	if err != nil {
		return nil, err
	}
	m := worlds.NewModel(s, in.Params, aimed(targets)...)
	x := &attributing{m: m, targets: targets, in: &in, body: body, k: len(targets), ledger: ledgerOf(s, &in.Params, targets)}
	by := x.bySubsets
	if x.k > MaxSubsets {
		by = x.byOrders
	}
	r, err := by(ctx)
	if err != nil {
		return nil, err
	}
	r.missing(m, &in)
	return r, nil
}

// check returns the targets and the number of the institution, none for the
// number fractured.
func (in *AttributionInput) check(s *projection.Snapshot) ([]int32, int32, error) {
	if err := in.Check(DefaultSamples); err != nil {
		return nil, none, err
	}
	if err := in.Params.Verify(s); err != nil {
		return nil, none, err
	}
	if in.Threshold == 0 {
		in.Threshold = DefaultSufficient
	}
	if !(in.Threshold > 0 && in.Threshold <= 1) {
		return nil, none, fmt.Errorf("%w: threshold %g is not above 0 to 1", worlds.ErrInput, in.Threshold)
	}
	targets, err := targetsOf(s, in.Targets)
	switch {
	case err != nil:
		return nil, none, err
	case len(targets) > MaxAttributed:
		return nil, none, fmt.Errorf("%w: %d targets; shares are worked out for at most %d", worlds.ErrInput, len(targets), MaxAttributed)
	case len(targets) > MaxSubsets && in.Method == worlds.Exact:
		return nil, none, fmt.Errorf("%w: %d targets; exact shares go to %d", worlds.ErrInput, len(targets), MaxSubsets)
	}
	body, err := judged(s, in.Institution, in.Targets)
	return targets, body, err
}

// institutionOf returns the number among institutions of one that was asked for,
// none for no id.
func institutionOf(s *projection.Snapshot, id graph.ID) (int32, error) {
	if id == "" {
		return none, nil
	}
	node, ok := s.Index(id)
	if !ok {
		return none, fmt.Errorf("%w: institution %q", worlds.ErrUnknown, id)
	}
	if s.Kind(node) != graph.Institution {
		return none, fmt.Errorf("%w: %q is a %s, not an institution", worlds.ErrInput, id, s.Kind(node))
	}
	lo, _ := s.Range(graph.Institution)
	return node - lo, nil
}

// judged is institutionOf for an institution that a purge of the targets is judged by: it is none
// of those that the purge disbands.
func judged(s *projection.Snapshot, id graph.ID, targets []graph.ID) (int32, error) {
	body, err := institutionOf(s, id)
	if err == nil && body != none && slices.Contains(targets, id) {
		return none, fmt.Errorf("%w: institution %q is disbanded by the purge itself; ask about another", worlds.ErrInput, id)
	}
	return body, err
}

type attributing struct {
	m       *worlds.Model
	targets []int32
	in      *AttributionInput
	body    int32 // of the measure, none for the number fractured
	k       int
	ledger  ledger
}

// most is the largest value that the measure can take in a world.
func (x *attributing) most() float64 {
	if x.body != none {
		return 1
	}
	return float64(total(x.ledger.state))
}

// struck are some of the targets, one to a bit.
func (x *attributing) struck(set uint64) (targets []int32) {
	for i, target := range x.targets {
		if set>>i&1 == 1 {
			targets = append(targets, target)
		}
	}
	return targets
}

// subset is the model of some of the targets.
func (x *attributing) subset(set uint64) *worlds.Model { return x.m.Aimed(aimed(x.struck(set))...) }

// measure is v in each world of a block.
func (x *attributing) measure(s *worlds.Seen, v *[worlds.BlockSize]float64) {
	n := measured(s, x.body, x.ledger.state)
	for lane := range v {
		v[lane] = float64(n[lane])
	}
}

// owned adds up what fractures of the targets' own in the worlds of a block.
func (x *attributing) owned(s *worlds.Seen) (m estimate.Moments) {
	n := s.Damage(x.ledger.theirs)
	for lane, weight := range s.Worlds(everyWorld) {
		m.Add(float64(n[lane]), weight)
	}
	return m
}

// subsetTally counts the worlds of every subset. Values of worlds are not whole numbers, so
// the sums of each block are kept separately and added up in the order of blocks: the
// result does not depend on the workers.
type subsetTally struct {
	v      [][worlds.BlockSize]float64 // by subset, of the block at hand
	bodies []map[int32]float64
	blocks map[int64]*blockShares
	total  float64
}

// blockShares are the figures of a block.
type blockShares struct {
	whole, own             estimate.Moments // own: of all targets, what is theirs
	solo, lastOut, shapley []estimate.Moments
}

func (x *attributing) bySubsets(ctx context.Context) (*AttributionReport, error) {
	sets := uint64(1) << x.k
	p := &worlds.Purges{Widest: []*worlds.Model{x.m}}
	for set := range sets {
		p.Cases = append(p.Cases, x.subset(set))
	}
	orders := shapleyWeights(x.k)
	hire := func() *subsetTally {
		t := &subsetTally{v: make([][worlds.BlockSize]float64, sets), bodies: make([]map[int32]float64, sets), blocks: map[int64]*blockShares{}}
		for set := range t.bodies {
			t.bodies[set] = map[int32]float64{}
		}
		return t
	}
	sum, c, err := worlds.Together(ctx, p, &x.in.Draw, hire, func(t *subsetTally, s *worlds.Seen) {
		x.measure(s, &t.v[s.Case])
		t.count(s)
		if s.Case == len(p.Cases)-1 {
			t.blocks[s.Number] = x.shares(t.v, orders, s)
			t.blocks[s.Number].own = x.owned(s) // the last case is that of all targets
		}
	}, (*subsetTally).merge)
	if err != nil {
		return nil, err
	}
	shares := newBlockShares(x.k)
	for n := range int64(len(sum.blocks)) {
		shares.merge(sum.blocks[n])
	}
	r := x.report(basisOf(c, x.m), shares)
	r.Subsets = true
	judge := sum
	if !c.Certain() {
		d := x.in.Draw
		d.Method, d.Seed, d.Progress = worlds.Sampled, worlds.FreshSeed(d.Seed), nil
		var again *worlds.Course
		if judge, again, err = breaking(ctx, p, &d); err != nil {
			return nil, err
		}
		r.Basis.Also(again.Settled)
		r.FreshSeed = d.Seed
	}
	r.Sufficient = x.sufficient(c, sum, judge)
	return r, nil
}

// breaking counts the worlds in which each subset fractures an institution.
func breaking(ctx context.Context, p *worlds.Purges, d *worlds.Draw) (*subsetTally, *worlds.Course, error) {
	hire := func() *subsetTally {
		t := &subsetTally{bodies: make([]map[int32]float64, len(p.Cases))}
		for set := range t.bodies {
			t.bodies[set] = map[int32]float64{}
		}
		return t
	}
	return worlds.Together(ctx, p, d, hire, (*subsetTally).count, (*subsetTally).merge)
}

// count counts the worlds of a block in which institutions fracture.
func (t *subsetTally) count(s *worlds.Seen) {
	for body, mask := range s.Fractured() {
		t.bodies[s.Case][body] += s.Weigh(mask)
	}
	if s.Case == 0 {
		t.total += s.Weigh(everyWorld)
	}
}

// merge adds the worlds of another worker.
func (t *subsetTally) merge(o *subsetTally) {
	t.total += o.total
	for set := range t.bodies {
		for body, w := range o.bodies[set] {
			t.bodies[set][body] += w
		}
	}
	maps.Copy(t.blocks, o.blocks)
}

// shapleyWeights are t!(k − t − 1)!/k! by the size t of the set that a target
// joins.
func shapleyWeights(k int) []float64 {
	weights := make([]float64, k)
	for t := range weights {
		w := 1 / float64(k) // 1 / (k · C(k−1, t))
		for i := range t {
			w *= float64(i+1) / float64(k-1-i)
		}
		weights[t] = w
	}
	return weights
}

func newBlockShares(k int) *blockShares {
	return &blockShares{solo: make([]estimate.Moments, k), lastOut: make([]estimate.Moments, k), shapley: make([]estimate.Moments, k)}
}

func (b *blockShares) merge(o *blockShares) {
	b.whole.Merge(o.whole)
	b.own.Merge(o.own)
	for i := range b.solo {
		b.solo[i].Merge(o.solo[i])
		b.lastOut[i].Merge(o.lastOut[i])
		b.shapley[i].Merge(o.shapley[i])
	}
}

// shares computes the shares in each world of a block from what every subset does there.
func (x *attributing) shares(v [][worlds.BlockSize]float64, orders []float64, s *worlds.Seen) *blockShares {
	b := newBlockShares(x.k)
	whole := uint64(len(v) - 1)
	var phi [worlds.BlockSize]float64
	for lane, weight := range s.Worlds(everyWorld) {
		b.whole.Add(v[whole][lane], weight)
	}
	for i := range x.k {
		bit := uint64(1) << i
		phi = [worlds.BlockSize]float64{}
		for set := range v {
			if uint64(set)&bit != 0 {
				continue
			}
			with, without, weight := &v[uint64(set)|bit], &v[set], orders[bits.OnesCount(uint(set))]
			for lane := range phi {
				phi[lane] += weight * (with[lane] - without[lane])
			}
		}
		for lane, weight := range s.Worlds(everyWorld) {
			b.solo[i].Add(v[bit][lane], weight)
			b.lastOut[i].Add(v[whole][lane]-v[whole&^bit][lane], weight)
			b.shapley[i].Add(phi[lane], weight)
		}
	}
	return b
}

// report puts the shares into the answer.
func (x *attributing) report(basis Basis, b *blockShares) *AttributionReport {
	exact := basis.Method == worlds.Exact
	r := &AttributionReport{Basis: basis, Threshold: x.in.Threshold, OwnInstitutions: x.ledger.owned, Whole: x.amount(&b.whole, exact)}
	r.OwnFractured = b.own.Amount(exact, 0, float64(total(x.ledger.theirs)))
	if x.body != none {
		r.Institution = new(bodyRef(x.m.Snapshot, x.body))
	}
	for i, target := range x.targets {
		r.Shares = append(r.Shares, Attributed{
			Ref: x.m.Snapshot.Ref(target), Solo: x.amount(&b.solo[i], exact), LastOut: x.amount(&b.lastOut[i], exact),
			Shapley: b.shapley[i].Amount(exact, 0, x.most()),
		})
	}
	slices.SortFunc(r.Shares, func(a, b Attributed) int {
		return cmp.Or(-cmp.Compare(estimate.Round(a.Shapley.Value), estimate.Round(b.Shapley.Value)), cmp.Compare(a.ID, b.ID))
	})
	return r
}

// amount of a quantity that is 0 or 1 in a world, as the fracture of an institution is: a
// count, with Wilson's interval.
func (x *attributing) amount(m *estimate.Moments, exact bool) estimate.Amount {
	a := m.Amount(exact, 0, x.most())
	if x.body != none && !exact {
		e := estimate.Wilson(int(math.Round(m.Sum())), int(m.Weight()))
		a.Low, a.High = e.Low, e.High
	}
	return a
}
