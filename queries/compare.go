package queries

import (
	"cmp"
	"context"
	"fmt"
	"maps"
	"math"
	"reflect"
	"slices"

	"entangle/graph"
	"entangle/graph/projection"
	"entangle/queries/estimate"
	"entangle/queries/worlds"
)

// Scenario is a purge under a model.
type Scenario struct {
	// Targets are groups, persons or posts.
	Targets []graph.ID
	Params  worlds.Params
}

// CompareInput asks how two purges differ: in their targets, their parameters or
// both.
type CompareInput struct {
	First, Second Scenario
	// Draw: DefaultSamples worlds where it does not say.
	worlds.Draw
}

// CompareReport is the answer. Both purges were simulated in the same worlds, so
// that what differs is due to the purges and not to the draw.
type CompareReport struct {
	// Basis has the parameters of the first purge; Second.Params has the others.
	Basis         Basis
	First, Second Compared
	// Same: both strike the same of what is there on the day, under the same parameters.
	// Then nothing differs, exactly.
	Same bool
	// OwnInstitutions are those that are counted as the targets' own, by id: those of either
	// purge, the same in both. Of what fractures Fractured and None count the others, and
	// OwnFractured these.
	OwnInstitutions []Ref
	// Institutions that fracture in some world of either, the largest difference
	// first, then the likelier, then by id; the targets' own last.
	Institutions []Comparison
	// Fractured is the mean difference, second less first, of the number of
	// institutions fractured in a world, OwnFractured that of the targets' own.
	Fractured, OwnFractured estimate.Amount
	// None is the difference of the probabilities that nothing fractures.
	None estimate.Amount
}

// Compared is one of the two purges.
type Compared struct {
	Targets []Ref
	Params  worlds.Params
	// NoRecord: none of its targets is on record on the day. Its figures, and those that
	// compare with it, are as wide as possible.
	NoRecord bool
	// Fractured is the spread of the number of institutions fractured in a world,
	// OwnFractured that of the targets' own.
	Fractured, OwnFractured estimate.Spread
	// None is the probability that nothing fractures.
	None estimate.Estimate
	// Stakes is what the groups have that either purge is aimed at, and what this one takes.
	Stakes []worlds.Stake
	// Circling is that of Basis, of this purge.
	Circling *estimate.Estimate `json:",omitempty"`
}

// Comparison is how the two purges differ for one institution.
type Comparison struct {
	Ref
	Types []string
	// Own says that it is counted as the targets' own.
	Own           bool `json:",omitempty"`
	First, Second estimate.Estimate
	// OnlyFirst and OnlySecond: it is fractured in one of the two and not in the
	// other; their counts are the discordant worlds b and c.
	OnlyFirst, OnlySecond estimate.Estimate
	// Difference is second less first; see PairedDifference.
	Difference estimate.Amount
	// Test is nil for an exact answer, and where both purges are the same. Tests of several institutions are not
	// corrected for their number.
	Test *estimate.Test
}

// Compare answers how two purges differ. It fails with ErrInput or ErrUnknown for
// purges that cannot be asked about and with ctx.Err() when the context ends. The
// cost is that of both purges.
func Compare(ctx context.Context, s *projection.Snapshot, in CompareInput) (*CompareReport, error) {
	if err := in.Check(DefaultSamples); err != nil {
		return nil, err
	}
	var cases []*worlds.Model
	var targets [][]int32
	for i, sc := range []*Scenario{&in.First, &in.Second} {
		m, struck, err := sc.model(s)
		if err != nil {
			return nil, fmt.Errorf("%s purge: %w", [2]string{"first", "second"}[i], err)
		}
		cases, targets = append(cases, m), append(targets, struck)
	}
	l, p := ledgerOfEither(s, cases, targets), worlds.NewPurges(cases...)
	p.Stakes = true
	sum, c, err := worlds.Together(ctx, p, &in.Draw, func() *comparing { return newComparing(&l) }, (*comparing).visit, (*comparing).merge)
	if err != nil {
		return nil, err
	}
	r := sum.report(c, cases, targets)
	r.First.Stakes, r.Second.Stakes = c.Stakes[0], c.Stakes[1]
	r.ungrounded(cases)
	r.missing(s, &in)
	return r, nil
}

// model checks the scenario and prepares it.
func (sc *Scenario) model(s *projection.Snapshot) (m *worlds.Model, targets []int32, err error) {
	if err := sc.Params.Verify(s); err != nil {
		return nil, nil, err
	}
	if targets, err = targetsOf(s, sc.Targets); err != nil {
		return nil, nil, err
	}
	return worlds.NewModel(s, sc.Params, aimed(targets)...), targets, nil
}

// comparing counts the worlds of two purges.
type comparing struct {
	bodies map[int32]*discordance
	total  float64
	ledger *ledger
	number estimate.Moments // difference of the numbers fractured
	sides  [2]map[int]float64
	// ownNumber and ownSides are those of the targets' own.
	ownNumber estimate.Moments
	ownSides  [2]map[int]float64
	// circling counts the worlds in which groups change sides for ever.
	circling [2]float64
	// none counts the worlds in which only the first purge, or only the second, fractures
	// nothing.
	onlyNone [2]float64

	ratio estimate.Ratio // of what only the first fractures to what it fractures

	// Of the current block: what the first purge fractured, and how much of that the second
	// does not.
	first      map[int32]uint64
	count, own [worlds.BlockSize]int64
	alone      [worlds.BlockSize]int64
}

// discordance is the weight of the worlds in which an institution fractures.
type discordance struct{ both, first, second float64 }

func newComparing(l *ledger) *comparing {
	return &comparing{
		bodies: map[int32]*discordance{}, first: map[int32]uint64{}, ledger: l,
		sides: [2]map[int]float64{{}, {}}, ownSides: [2]map[int]float64{{}, {}},
	}
}

func (x *comparing) visit(s *worlds.Seen) {
	count := *s.Damage(x.ledger.state)
	own := *s.Damage(x.ledger.theirs)
	x.circling[s.Case] += s.Weigh(s.Circling())
	for lane, weight := range s.Worlds(everyWorld) {
		x.sides[s.Case][int(count[lane])] += weight
		x.ownSides[s.Case][int(own[lane])] += weight
	}
	if s.Case == 0 {
		clear(x.first)
		x.alone, x.count, x.own = [worlds.BlockSize]int64{}, count, own
		maps.Insert(x.first, s.Fractured())
		return
	}
	for body, mask := range s.Fractured() {
		x.add(body, x.first[body], mask, s)
		delete(x.first, body)
	}
	for body, mask := range x.first {
		x.add(body, mask, 0, s)
	}
	for lane, weight := range s.Worlds(everyWorld) {
		first, second := x.count[lane], count[lane]
		x.total += weight
		x.number.Add(float64(second-first), weight)
		x.ownNumber.Add(float64(own[lane]-x.own[lane]), weight)
		x.ratio.Add(float64(x.alone[lane]), float64(first), weight)
		switch {
		case first == 0 && second > 0:
			x.onlyNone[0] += weight
		case second == 0 && first > 0:
			x.onlyNone[1] += weight
		}
	}
}

func (x *comparing) add(body int32, first, second uint64, s *worlds.Seen) {
	d := x.bodies[body]
	if d == nil {
		d = &discordance{}
		x.bodies[body] = d
	}
	d.both += s.Weigh(first & second)
	d.first += s.Weigh(first &^ second)
	if x.ledger.state[body] > 0 {
		for lane := range s.Worlds(first &^ second) {
			x.alone[lane]++
		}
	}
	d.second += s.Weigh(second &^ first)
}

func (x *comparing) merge(o *comparing) {
	for body, d := range o.bodies {
		if mine := x.bodies[body]; mine != nil {
			mine.both += d.both
			mine.first += d.first
			mine.second += d.second
		} else {
			x.bodies[body] = d
		}
	}
	x.total += o.total
	x.number.Merge(o.number)
	x.ownNumber.Merge(o.ownNumber)
	x.ratio.Merge(o.ratio)
	for side, numbers := range o.sides {
		for n, w := range numbers {
			x.sides[side][n] += w
		}
		for n, w := range o.ownSides[side] {
			x.ownSides[side][n] += w
		}
		x.onlyNone[side] += o.onlyNone[side]
		x.circling[side] += o.circling[side]
	}
}

func (x *comparing) report(c *worlds.Course, cases []*worlds.Model, targets [][]int32) *CompareReport {
	s, exact := cases[0].Snapshot, c.Exact()
	same := samePurge(cases, targets)
	sure := exact || same // of what differs
	most, ownMost := total(x.ledger.state), total(x.ledger.theirs)
	r := &CompareReport{
		Basis: basisOf(c, cases[0]), Same: same, OwnInstitutions: x.ledger.owned,
		Fractured:    x.number.Amount(sure, -float64(most), float64(most)),
		OwnFractured: x.ownNumber.Amount(sure, -float64(ownMost), float64(ownMost)),
		None:         differenceOf(sure, x.onlyNone[0], x.onlyNone[1], x.total),
	}
	for i, side := range []*Compared{&r.First, &r.Second} {
		*side = Compared{
			Targets: refsOf(s, targets[i]), Params: cases[i].Params,
			Fractured: estimate.SpreadOf(x.sides[i], exact, int(most)), OwnFractured: estimate.SpreadOf(x.ownSides[i], exact, int(ownMost)), None: estimate.Probability(exact, x.sides[i][0], x.total),
		}
		if x.circling[i] > 0 {
			side.Circling = new(estimate.Probability(exact, x.circling[i], x.total))
		}
	}
	for body, d := range x.bodies {
		node := bodyOf(s, body)
		o := Comparison{
			Ref: s.Ref(node), Types: s.Body(node).Types, Own: x.ledger.isOwn[body],
			First: estimate.Probability(exact, d.both+d.first, x.total), Second: estimate.Probability(exact, d.both+d.second, x.total),
			OnlyFirst: estimate.Probability(sure, d.first, x.total), OnlySecond: estimate.Probability(sure, d.second, x.total),
			Difference: differenceOf(sure, d.first, d.second, x.total),
		}
		if !sure {
			o.Test = new(estimate.McNemar(int(d.first), int(d.second)))
		}
		r.Institutions = append(r.Institutions, o)
	}
	slices.SortFunc(r.Institutions, func(a, b Comparison) int {
		return cmp.Or(
			-cmp.Compare(math.Abs(a.Difference.Value), math.Abs(b.Difference.Value)),
			-cmp.Compare(max(a.First.P, a.Second.P), max(b.First.P, b.Second.P)), cmp.Compare(a.ID, b.ID),
		)
	})
	ownLast(r.Institutions, func(c Comparison) bool { return c.Own })
	return r
}

// samePurge says that both purges strike the same of what is there, under the same parameters.
func samePurge(cases []*worlds.Model, targets [][]int32) bool {
	there := func(nodes []int32) []int32 {
		return slices.DeleteFunc(slices.Clone(nodes), func(node int32) bool { return !cases[0].Snapshot.There(node) })
	}
	first := there(targets[0])
	return len(first) > 0 && slices.Equal(first, there(targets[1])) && reflect.DeepEqual(cases[0].Params, cases[1].Params)
}

// differenceOf two probabilities by the weights of the worlds that have only one of
// them.
func differenceOf(exact bool, first, second, total float64) estimate.Amount {
	if exact {
		return estimate.Exact((second - first) / total)
	}
	return estimate.PairedDifference(int(first), int(second), int(total))
}
