package queries

import (
	"cmp"
	"context"
	"fmt"
	"math"
	"slices"

	"entangle/graph"
	"entangle/graph/projection"
	"entangle/queries/estimate"
	"entangle/queries/worlds"
)

// VerifyInput asks which uncertain tie is most worth checking before a purge.
type VerifyInput struct {
	Targets []graph.ID
	Params  worlds.Params
	// Institution whose fracture is asked about; where empty, the number of institutions
	// fractured is, but for the targets' own.
	Institution graph.ID
	// Ties is the largest number of ties listed, DefaultTies where 0.
	Ties int
	// Draw: DefaultSamples worlds where it does not say. A sampled answer draws as
	// many again, see VerifyReport.
	worlds.Draw
}

// VerifyReport is the answer. Y is 1 if the institution fractures and 0 if not; without an
// institution it is the number that fracture but for the targets' own.
//
// A sampled answer finds the ties in one set of worlds and judges them in another. The best
// of many looks better than it is in the worlds in which it came out best.
type VerifyReport struct {
	Basis   Basis
	Targets []Ref
	// Institution in question, nil for the number fractured.
	Institution *Ref
	// OwnInstitutions are those that are counted as some target's own, by id.
	OwnInstitutions []Ref
	// Now is the mean of Y, Variance its variance over the worlds. OwnFractured is the
	// expected number of the targets' own that fracture.
	Now, Variance, OwnFractured estimate.Amount
	// Ties that are most worth checking, by the variance that knowing them takes
	// away, then by id.
	Ties []DoubtfulTie
	// Doubtful is the number of uncertain ties that may matter. Undecided of them cannot be
	// judged: they stood, or did not stand, in fewer than two worlds.
	Doubtful, Undecided int
	// FreshSeed is the seed of the worlds, as many again, in which the ties were judged; 0
	// if they were judged in the worlds of the basis.
	FreshSeed uint64
}

// DoubtfulTie is an uncertain tie, and how the answer would change if one knew about it.
type DoubtfulTie struct {
	Tie        graph.ID
	Type       graph.TieType
	From, To   Ref
	Confidence float64
	// Defaulted: the confidence is the default, nobody stated it.
	Defaulted bool
	// IfTrue and IfFalse are the means of Y over the worlds in which the tie stands
	// and over the others: what the answer would become.
	IfTrue, IfFalse estimate.Amount
	// Importance is IfTrue − IfFalse (Birnbaum 1969). For ties that share their draw with
	// others (alternatives, or ties of one source) it is what learning about the tie says.
	// It is not what making the tie true would do.
	Importance estimate.Amount
	// Shift is the expected change of the answer, 2p(1 − p)·|Importance|, p the share of
	// the worlds in which the tie stands.
	Shift estimate.Amount
	// Explained is the share of the variance that knowing the tie takes away,
	// p(1 − p)·Importance² / Variance, less what chance alone puts there in a sampled
	// answer; 0–1. Its interval is what the bounds of Importance make of it: p and
	// Variance, which come from all worlds, are taken as they were seen.
	Explained estimate.Amount
}

// Verify answers which uncertain ties are most worth checking. It counts, in the
// worlds of the purge itself, those in which a tie stands against those in which
// it does not. It fails with ErrInput or ErrUnknown for what cannot be asked and
// with ctx.Err() when the context ends. The cost is that of two purges and of
// worlds/64 × doubtful ties.
func Verify(ctx context.Context, s *projection.Snapshot, in VerifyInput) (*VerifyReport, error) {
	m, targets, body, err := in.check(s)
	if err != nil {
		return nil, err
	}
	v := &verifying{m: m, body: body, ledger: ledgerOf(s, &in.Params, targets)}
	ties := m.Doubtful()
	found, err := v.observe(ctx, ties, in.Draw)
	if err != nil {
		return nil, err
	}
	r := &VerifyReport{Basis: found.basis, Targets: refsOf(s, targets), Doubtful: len(ties)}
	if r.Basis.Method == worlds.Exact { // what no world asks for does not matter
		r.Doubtful = len(slices.DeleteFunc(slices.Clone(found.ties), func(t standing) bool { return t.true.Weight() == 0 }))
	} else {
		for _, t := range found.ties {
			if !found.decided(&t) {
				r.Undecided++
			}
		}
	}
	best, now := found.best(in.Ties, false), found
	if found.basis.Method == worlds.Sampled {
		d := in.Draw
		d.Method, d.Progress = worlds.Sampled, nil
		d.Seed = worlds.FreshSeed(d.Seed)
		if found, err = v.observe(ctx, best, d); err != nil {
			return nil, err
		}
		best, r.FreshSeed = found.best(in.Ties, true), d.Seed
		r.Basis.Also(found.basis.Settled)
	}
	if body != none {
		r.Institution = new(bodyRef(s, body))
	}
	v.report(r, now, found, best)
	r.missing(m, &in)
	return r, nil
}

func (in *VerifyInput) check(s *projection.Snapshot) (m *worlds.Model, targets []int32, body int32, err error) {
	if err := in.Check(DefaultSamples); err != nil {
		return nil, nil, none, err
	}
	if in.Ties == 0 {
		in.Ties = DefaultTies
	}
	if in.Ties < 0 {
		return nil, nil, none, fmt.Errorf("%w: %d ties to list", worlds.ErrInput, in.Ties)
	}
	if m, targets, err = (&Scenario{Targets: in.Targets, Params: in.Params}).model(s); err != nil {
		return nil, nil, none, err
	}
	body, err = judged(s, in.Institution, in.Targets)
	return m, targets, body, err
}

type verifying struct {
	m    *worlds.Model
	body int32 // in question, none for the number fractured
	// ledger says what is in the number.
	ledger ledger
}

// observed is Y over worlds, and over those in which each tie stands.
type observed struct {
	basis   Basis
	y, own  estimate.Moments // own: of the number of the targets' own
	numbers map[int]float64  // Y → weight
	ties    []standing
}

// standing is Y over the worlds in which a tie stands and over the others.
type standing struct {
	tie         int32
	true, false estimate.Moments
}

func (v *verifying) observe(ctx context.Context, ties []int32, d worlds.Draw) (*observed, error) {
	type counts struct {
		y, own  estimate.Moments
		numbers map[int]float64
		stand   []estimate.Moments
	}
	hire := func() *counts { return &counts{numbers: map[int]float64{}, stand: make([]estimate.Moments, len(ties))} }
	merge := func(into, from *counts) {
		into.y.Merge(from.y)
		into.own.Merge(from.own)
		for number, weight := range from.numbers {
			into.numbers[number] += weight
		}
		for i := range ties {
			into.stand[i].Merge(from.stand[i])
		}
	}
	sum, c, err := worlds.Together(ctx, worlds.NewPurges(v.m), &d, hire, func(n *counts, s *worlds.Seen) {
		y := v.values(s)
		for lane, weight := range s.Worlds(everyWorld) {
			n.y.Add(y.of[lane], weight)
			n.numbers[int(y.of[lane])] += weight
		}
		own := s.Damage(v.ledger.theirs)
		for lane, weight := range s.Worlds(everyWorld) {
			n.own.Add(float64(own[lane]), weight)
		}
		for i, t := range ties {
			if i%256 == 0 && ctx.Err() != nil {
				return
			}
			y.over(s.Stands(t), s, &n.stand[i])
		}
	}, merge)
	if err != nil {
		return nil, err
	}
	o := &observed{basis: basisOf(c, v.m), y: sum.y, own: sum.own, numbers: sum.numbers, ties: make([]standing, len(ties))}
	for i, t := range ties {
		o.ties[i] = standing{tie: t, true: sum.stand[i], false: sum.y.Without(sum.stand[i])}
	}
	return o, nil
}

// values is Y in each world of a block.
type values struct {
	of   [worlds.BlockSize]float64
	some uint64 // the worlds in which it is not 0
}

func (v *verifying) values(s *worlds.Seen) *values {
	y := new(values)
	for lane, n := range measured(s, v.body, v.ledger.state) {
		if n != 0 {
			y.of[lane] = float64(n)
			y.some |= 1 << lane
		}
	}
	return y
}

// over adds the worlds of a mask up.
func (y *values) over(mask uint64, s *worlds.Seen, m *estimate.Moments) {
	sum, squares := 0.0, 0.0
	for lane, weight := range s.Worlds(mask & y.some) {
		x := weight * y.of[lane]
		sum += x
		squares += x * y.of[lane]
	}
	m.AddSums(s.Weigh(mask), sum, squares)
}

// importance is the difference of the means with its squared standard error.
func (t *standing) importance(exact bool) (i, se2 float64) {
	i = t.true.Mean() - t.false.Mean()
	if !exact {
		se2 = t.true.SE2() + t.false.SE2()
	}
	return i, se2
}

// taken is the variance that knowing the tie takes away, without the part that
// chance alone puts there.
func (o *observed) taken(t *standing) float64 {
	i, se2 := t.importance(o.basis.Method == worlds.Exact)
	p := t.true.Weight() / o.y.Weight()
	return p * (1 - p) * max(0, i*i-se2)
}

// best lists the ties that take most variance away, with those that take none only
// where asked for.
func (o *observed) best(limit int, none bool) []int32 {
	type judged struct {
		tie   int32
		taken float64
	}
	var list []judged
	for i := range o.ties {
		t := &o.ties[i]
		if o.decided(t) {
			if taken := o.taken(t); taken > 1e-15 || none {
				list = append(list, judged{t.tie, taken})
			}
		}
	}
	slices.SortFunc(list, func(a, b judged) int {
		return cmp.Or(-cmp.Compare(a.taken, b.taken), cmp.Compare(a.tie, b.tie))
	})
	ties := make([]int32, 0, min(limit, len(list)))
	for _, j := range list[:min(limit, len(list))] {
		ties = append(ties, j.tie)
	}
	return ties
}

func (o *observed) decided(t *standing) bool {
	if o.basis.Method == worlds.Exact {
		return t.true.Weight() > 0 && t.false.Weight() > 1e-15
	}
	return t.true.Weight() >= 2 && t.false.Weight() >= 2
}

// report takes Y from the worlds of the purge and the ties from those observed.
func (v *verifying) report(r *VerifyReport, now, o *observed, best []int32) {
	s, exact := v.m.Snapshot, o.basis.Method == worlds.Exact
	most := 1.0
	if v.body == none {
		most = float64(total(v.ledger.state))
	}
	r.OwnInstitutions, r.OwnFractured = v.ledger.owned, now.own.Amount(exact, 0, float64(total(v.ledger.theirs)))
	r.Now, r.Variance = v.mean(&now.y, most, exact), estimate.VarianceOf(now.numbers, exact, most)
	place := map[int32]*standing{}
	for i := range o.ties {
		place[o.ties[i].tie] = &o.ties[i]
	}
	for _, t := range best {
		st, tie := place[t], s.Tie(t)
		i, se2 := st.importance(exact)
		p := st.true.Weight() / o.y.Weight()
		d := DoubtfulTie{
			Tie: s.TieID(t), Type: tie.Type, From: s.Ref(tie.From), To: s.Ref(tie.To),
			Confidence: estimate.Round(float64(tie.Probability) / float64(projection.Certain)), Defaulted: tie.Defaulted,
			IfTrue: v.mean(&st.true, most, exact).Rounded(), IfFalse: v.mean(&st.false, most, exact).Rounded(),
			Importance: v.interval(st, i, math.Sqrt(se2), most, exact),
		}
		size := d.Importance.Abs()
		d.Shift = shift(size, p, o.y.Weight(), exact)
		if y := o.y.Variance(); y > 0 {
			part := func(i float64) float64 { return min(1, p*(1-p)*i*i/y) }
			e := estimate.Amount{Value: min(1, o.taken(st)/y), SE: 2 * p * (1 - p) * size.Value * size.SE / y, Low: part(size.Low), High: part(size.High)}
			e.Low, e.High = min(e.Low, e.Value), max(e.High, e.Value)
			d.Explained = e.Rounded()
		}
		r.Ties = append(r.Ties, d)
	}
}

// shift is 2p(1 − p) times the size of an importance, with p as seen in so many worlds. Its
// interval combines those of the two (Zou, Donner 2008).
func shift(size estimate.Amount, p, worlds float64, exact bool) estimate.Amount {
	a := size.Times(2 * p * (1 - p))
	if exact {
		return a.Rounded()
	}
	se := 2 * math.Abs(1-2*p) * size.Value * math.Sqrt(p*(1-p)/worlds)
	a.Low = max(0, a.Value-math.Hypot(a.Value-a.Low, estimate.Z95*se))
	a.High = a.Value + math.Hypot(a.High-a.Value, estimate.Z95*se)
	a.SE = math.Hypot(a.SE, se)
	return a.Rounded()
}

// mean of Y with its interval: Wilson's for whether an institution fractures, also where
// all worlds that were seen agree.
func (v *verifying) mean(y *estimate.Moments, most float64, exact bool) estimate.Amount {
	a := y.Amount(exact, 0, most)
	if v.body != none && !exact {
		e := estimate.Wilson(int(y.Sum()), int(y.Weight()))
		a.Low, a.High = e.Low, e.High
	}
	return a
}

// interval of an importance. For an institution it adds one world of each outcome to both
// sides (Agresti, Caffo 2000, American Statistician 54:280), so that it keeps a width where
// a side is small. For a number it combines the intervals of the two means (Zou, Donner
// 2008, Statistics in Medicine 27:1693).
func (v *verifying) interval(t *standing, i, se, most float64, exact bool) estimate.Amount {
	if exact {
		return estimate.Exact(i)
	}
	one, other := t.true.Amount(false, 0, most), t.false.Amount(false, 0, most)
	a := estimate.Amount{
		Value: i, SE: se,
		Low:  max(-most, i-math.Hypot(one.Value-one.Low, other.High-other.Value)),
		High: min(most, i+math.Hypot(one.High-one.Value, other.Value-other.Low)),
	}
	if v.body != none {
		n1, n0 := t.true.Weight()+2, t.false.Weight()+2
		p1, p0 := (t.true.Sum()+1)/n1, (t.false.Sum()+1)/n0
		half := estimate.Z95 * math.Sqrt(p1*(1-p1)/n1+p0*(1-p0)/n0)
		a.Low, a.High = max(-1, p1-p0-half), min(1, p1-p0+half)
	}
	return a
}
