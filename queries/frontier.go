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
	"entangle/queries/structure"
	"entangle/queries/worlds"
)

// FrontierInput asks how far a purge can go. Start from DefaultFrontier.
type FrontierInput struct {
	// Groups that may be purged; empty for every group of the type armed_group.
	Groups []graph.ID
	// Benefit of purging a group, 1 where not given, above 0 up to 1000. The data does not
	// say what a purge is good for: the benefit is the caller's judgement.
	Benefit map[graph.ID]float64
	// Weights of the institutions.
	Weights Weights
	// Tolerance: a purge fractures nothing if no institution with a weight above 0
	// fractures with a greater probability.
	Tolerance float64
	// Threshold: a group alone hits an institution if it fractures it with a
	// greater probability.
	Threshold float64
	Params    worlds.Params
	// Beam is the number of sets that a heuristic search keeps of each size.
	Beam int
	// Search is the number of worlds in which sets are searched for.
	Search int
	// Draw: the worlds in which the result is estimated, by default DefaultSamples. Their
	// seed is derived from that of the search.
	worlds.Draw
}

// maxSimulated is the number of groups up to which every set is simulated, whatever the
// model.
const maxSimulated = 12

const (
	maxCandidates = 200
	// maxPoints bounds the points of a curve that are estimated again.
	maxPoints = 64
	// ArmedType is the type of the groups that a frontier is made of where none is named.
	ArmedType = "armed_group"
)

// FrontierReport is the answer.
type FrontierReport struct {
	// Basis of the estimates; the search drew SearchSamples worlds with SearchSeed,
	// 0 where it went through every world.
	Basis         Basis
	SearchSeed    uint64
	SearchSamples int
	// Tolerance, Threshold, Beam and Weights are those of the question.
	Tolerance, Threshold float64
	Beam                 int
	Weights              Weights
	// OwnInstitutions are those that are counted as some group's own, by id, the same for
	// every purge. What weighs and is damage is of the others.
	OwnInstitutions []Ref
	// Groups that may be purged, by id.
	Groups []FrontierGroup
	// Safe is the purge with the largest benefit that fractures nothing, and of
	// several the one with the smallest expected weight.
	Safe FrontierPoint
	// SafeBound: in the worlds of the search no purge that fractures nothing has a
	// larger benefit. It is that of Safe where SafeOptimality is EXACT.
	SafeBound      float64
	SafeOptimality Optimality
	// Any are the best purges at every price of a fractured institution under the ANY rule:
	// an institution breaks if one of the groups alone hits it. Each contains the one
	// before. They are exact for that rule. Expected is what the purge does in the model,
	// where the losses of groups add up.
	Any []FrontierPoint
	// Curve is the Pareto frontier of all sets whose outcome is known: the purges to which
	// no other has at least the benefit with less expected weight, in the order of benefit.
	Curve           []FrontierPoint
	CurveOptimality Optimality
	// Omitted is the number of unsupported points that were left out because Curve has too
	// many.
	Omitted int
	// Sets is the number of purges that were simulated. Of up to MaxExhaustive groups the
	// outcome of all other sets follows from these.
	Sets int
}

// FrontierGroup is one group that may be purged.
type FrontierGroup struct {
	Ref
	Benefit float64
	// Expected weight fractured by its purge alone, in the worlds of the search, and
	// OwnExpected of what is some group's own.
	Expected, OwnExpected estimate.Amount
	// Hits are the institutions that it hits alone, the likeliest first.
	Hits []Risk
	// Free: in no world of the search does its purge take anything from a support of an
	// institution.
	Free bool
}

// FrontierPoint is one purge.
type FrontierPoint struct {
	Groups  []Ref
	Benefit float64
	// Any is the weight of the institutions that some group of it hits alone.
	Any float64
	// Searched is the expected weight of what it fractures in the worlds of the search. It
	// was chosen by these worlds, so Searched is biased and has no interval. Expected is the
	// estimate, in worlds that the search did not use.
	// OwnExpected is that of what is some group's own, which is no damage.
	Searched              float64
	Expected, OwnExpected estimate.Amount
	// Risks are the institutions that it fractures in some world, the likeliest
	// first.
	Risks []Risk
	// Verdict says whether it fractures nothing, by the interval of the institution of a
	// weight above 0 that is the likeliest to break, whether some world showed that or not.
	Verdict Verdict
	// Supported: it is the best at some price of fractured weight, and so on the convex hull
	// of the curve. An unsupported point lies in a gap that no price finds.
	Supported bool
	// Price is the benefit gained for each unit of weight over the point before it on the
	// hull. Nil for the first and for unsupported points.
	Price *float64
}

// Verdict says whether a figure stays within a limit, by its interval.
type Verdict string

// The verdicts.
const (
	Within  Verdict = "WITHIN"  // the upper end of the interval is within the bound
	Unclear Verdict = "UNCLEAR" // the bound lies inside the interval
	Beyond  Verdict = "BEYOND"  // the lower end of the interval is above the bound
)

// verdictOn judges an interval.
func verdictOn(low, high, bound float64) Verdict {
	switch {
	case low > bound:
		return Beyond
	case high > bound:
		return Unclear
	}
	return Within
}

// and is the verdict on two figures that both have to stay within a limit.
func (v Verdict) and(o Verdict) Verdict {
	for _, worst := range []Verdict{Beyond, Unclear} {
		if v == worst || o == worst {
			return worst
		}
	}
	return Within
}

// verdict says whether the probabilities that a purge fractures institutions of a weight
// above 0 stay within the tolerance. An institution that was fractured in none of the
// worlds drawn counts with the upper bound for zero of n, unless no world can take anything
// from it.
func (f *frontier) verdict(risks []Risk, m *worlds.Model, t *toll, c *worlds.Course) Verdict {
	out := Within
	for _, r := range risks {
		if r.Weight > 0 && !r.Own {
			out = out.and(verdictOn(r.Fractured.Low, r.Fractured.High, f.in.Tolerance))
		}
	}
	if c.Certain() || estimate.Wilson(0, int(t.total)).High <= f.in.Tolerance {
		return out
	}
	if slices.ContainsFunc(m.Reach(), func(body int32) bool { return f.counts.state[body] > 0 && t.bodies[body] == 0 }) {
		out = out.and(Unclear)
	}
	return out
}

// Frontier answers how far a purge can go: the largest purge that fractures nothing, and
// what every further benefit costs in institutions. It fails with ErrInput or ErrUnknown
// for a question that cannot be asked and with ctx.Err() when the context ends.
//
// Up to MaxExhaustive groups the outcome of every set is known in the worlds of the search.
// Up to 12 groups each set is simulated. Beyond, the outcome follows from the purge of each
// group alone (see subsets.tabulate). A beam search simulates about 2·Beam·k² sets of k
// groups instead if there are more groups, if allies may side with the state, or if a purge
// is cut at the cap of waves.
func Frontier(ctx context.Context, s *projection.Snapshot, in FrontierInput) (*FrontierReport, error) {
	f, err := newFrontier(s, in)
	if err != nil {
		return nil, err
	}
	if len(f.groups) == 0 {
		return f.unplanned(ctx, s)
	}
	if err := f.alone(ctx); err != nil {
		return nil, err
	}
	if err := f.explore(ctx); err != nil {
		return nil, err
	}
	return f.report(ctx)
}

// frontier is the state of one question while it is answered. Groups are numbered as in
// groups; a set lists such numbers, ascending.
type frontier struct {
	in     FrontierInput
	m      *worlds.Model
	groups []int32
	// candidates are the groups asked about, missing those of them that are not on record: a
	// plan leaves these out.
	candidates []int32
	missing    Missing
	counts     ledger
	benefit    []int64 // in thousandths
	search     worlds.Draw
	fresh      worlds.Draw

	solo    []*toll // of each group alone
	closure *structure.ClosureProblem
	free    []int32
	costly  []int32

	seen worlds.Settled // in all runs

	points   map[string]*purged // by key of the set, without the free groups
	tabled   int                // purges that it took to know every set
	complete bool               // no set that might be safe was left out
	every    bool               // what every set does is known
	limit    int64              // no safe set has a larger benefit
}

// purged is a set of groups and what its purge does in the worlds of the search.
type purged struct {
	set     []int32
	benefit int64
	cost    float64
	worst   float64 // the greatest probability of an institution
}

func newFrontier(s *projection.Snapshot, in FrontierInput) (*frontier, error) {
	if err := in.Check(DefaultSamples); err != nil {
		return nil, err
	}
	if err := in.verify(s); err != nil {
		return nil, err
	}
	groups, err := in.candidates(s)
	if err != nil {
		return nil, err
	}
	f := &frontier{in: in, candidates: groups, points: map[string]*purged{}, complete: true, seen: worlds.Settled{Converged: true}}
	if f.counts, err = in.Weights.ledger(s, &in.Params, groups); err != nil {
		return nil, err
	}
	f.groups = f.missing.present(s, groups)
	if err := f.benefits(s); err != nil {
		return nil, err
	}
	if len(f.groups) == 0 {
		return f, nil
	}
	f.m = worlds.NewModel(s, in.Params, aimed(f.groups)...)
	f.search, f.fresh, err = in.ForSearch(f.m, maxSearched, in.Search)
	return f, err
}

func (in *FrontierInput) verify(s *projection.Snapshot) error {
	for i, v := range []float64{in.Threshold, in.Tolerance} {
		if !(v >= 0 && v < 1) {
			return fmt.Errorf("%w: %s %g is outside 0 to 1, 1 left out", worlds.ErrInput, [2]string{"threshold", "tolerance"}[i], v)
		}
	}
	switch {
	case in.Beam < 1 || in.Beam > MaxBeam:
		return fmt.Errorf("%w: beam %d (1 to %d)", worlds.ErrInput, in.Beam, MaxBeam)
	case in.Search < 1 || in.Search > worlds.MaxSamples:
		return fmt.Errorf("%w: %d worlds of the search (1 to %d)", worlds.ErrInput, in.Search, worlds.MaxSamples)
	}
	if err := in.Params.Verify(s); err != nil {
		return err
	}
	return whole(&in.Params, "a frontier")
}

// candidates are the groups that may be purged, by id.
func (in *FrontierInput) candidates(s *projection.Snapshot) ([]int32, error) {
	var groups []int32
	for _, id := range in.Groups {
		node, ok := s.Index(id)
		switch {
		case !ok:
			return nil, fmt.Errorf("%w: group %q", worlds.ErrUnknown, id)
		case s.Kind(node) != graph.Group:
			return nil, fmt.Errorf("%w: %q is a %s; a frontier is made of groups", worlds.ErrInput, id, s.Kind(node))
		}
		groups = append(groups, node)
	}
	if len(in.Groups) == 0 {
		lo, hi := s.Range(graph.Group)
		for g := lo; g < hi; g++ {
			if slices.Contains(s.Types(g), ArmedType) {
				groups = append(groups, g)
			}
		}
	}
	slices.Sort(groups)
	groups = slices.Compact(groups)
	if lo, hi := s.Range(graph.Group); lo == hi { // no group is on record
		return nil, nil
	}
	if len(groups) == 0 || len(groups) > maxCandidates {
		return nil, fmt.Errorf("%w: %d groups may be purged; 1 to %d can be: name them", worlds.ErrInput, len(groups), maxCandidates)
	}
	return groups, nil
}

func (f *frontier) benefits(s *projection.Snapshot) error {
	for id, v := range f.in.Benefit {
		node, ok := s.Index(id)
		switch {
		case !ok:
			return fmt.Errorf("%w: benefit of %q", worlds.ErrUnknown, id)
		case !slices.Contains(f.candidates, node):
			return fmt.Errorf("%w: benefit of %q, which is not among the groups that may be purged", worlds.ErrInput, id)
		case !(v >= 1.0/thousand && v <= maxWeight):
			return fmt.Errorf("%w: benefit %g of %q is outside 0.001 to %d; leave a group out that is not to be purged", worlds.ErrInput, v, id, maxWeight)
		}
	}
	for _, g := range f.groups {
		b := 1.0
		if v, ok := f.in.Benefit[s.ID(g)]; ok {
			b = v
		}
		f.benefit = append(f.benefit, int64(math.Round(b*thousand)))
	}
	return nil
}

// struck are the nodes of a set of groups.
func (f *frontier) struck(set []int32) []int32 {
	nodes := make([]int32, len(set))
	for i, g := range set {
		nodes[i] = f.groups[g]
	}
	return nodes
}

// model strikes a set of groups.
func (f *frontier) model(set []int32) *worlds.Model { return f.m.Aimed(aimed(f.struck(set))...) }

// tolls simulates sets of groups.
func (f *frontier) tolls(ctx context.Context, d *worlds.Draw, sets [][]int32) ([]*toll, *worlds.Course, error) {
	p := &worlds.Purges{Widest: []*worlds.Model{f.m}}
	for _, set := range sets {
		p.Cases = append(p.Cases, f.model(set))
	}
	list, c, err := tolls(ctx, p, d, &f.counts)
	if err == nil {
		f.seen.Also(c.Settled)
	}
	return list, c, err
}

// alone purges each group by itself: what it hits, and which groups are free.
func (f *frontier) alone(ctx context.Context) (err error) {
	sets := make([][]int32, len(f.groups))
	for g := range sets {
		sets[g] = []int32{int32(g)}
	}
	if f.solo, _, err = f.tolls(ctx, &f.search, sets); err != nil {
		return err
	}
	needs := make([][]int32, len(f.groups)) // the institutions that a group hits
	for g, t := range f.solo {
		for body, n := range t.bodies {
			if estimate.Round(n/t.total) > f.in.Threshold {
				needs[g] = append(needs[g], body)
			}
		}
		slices.Sort(needs[g])
		// Where an ally may side with the state, a group that breaks nothing alone may change
		// what others break.
		t.touches = t.touches || !f.in.Params.Monotone()
		if t.touches {
			f.costly = append(f.costly, int32(g))
		} else {
			f.free = append(f.free, int32(g))
		}
	}
	f.closure, err = structure.NewClosureProblem(f.benefit, f.counts.state, needs)
	return err
}

// key names a set without its free groups.
func (f *frontier) key(set []int32) string {
	b := make([]byte, 0, len(set))
	for _, g := range set {
		if f.solo[g].touches {
			b = append(b, byte(g))
		}
	}
	return string(b)
}

// whole is a set with the free groups. These cost nothing together with others either,
// since the losses of a purge are the union of the losses of its targets.
func (f *frontier) whole(set []int32) []int32 {
	out := slices.Concat(f.free, set)
	slices.Sort(out)
	return slices.Compact(out)
}

// visit simulates the sets that were not simulated yet, with the free groups.
func (f *frontier) visit(ctx context.Context, sets [][]int32) ([]*purged, error) {
	out := make([]*purged, len(sets))
	var todo [][]int32
	for i, set := range sets {
		key := f.key(set)
		if f.points[key] == nil {
			p := &purged{set: f.whole(set)}
			for _, g := range p.set {
				p.benefit += f.benefit[g]
			}
			f.points[key] = p
			todo = append(todo, p.set)
		}
		out[i] = f.points[key]
	}
	const batch = 256
	for chunk := range slices.Chunk(todo, batch) {
		list, _, err := f.tolls(ctx, &f.search, chunk)
		if err != nil {
			return nil, err
		}
		for i, t := range list {
			p := f.points[f.key(chunk[i])]
			p.cost = t.mean()
			p.worst = t.worst(&f.counts)
		}
	}
	return out, nil
}

func (f *frontier) safe(p *purged) bool { return p.worst <= f.in.Tolerance }

// better orders sets by benefit, then expected weight, then groups.
func better(a, b *purged) int {
	return cmp.Or(-cmp.Compare(a.benefit, b.benefit), cmp.Compare(a.cost, b.cost), slices.Compare(a.set, b.set))
}
