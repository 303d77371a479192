package queries

import (
	"cmp"
	"context"
	"fmt"
	"slices"

	"entangle/graph"
	"entangle/graph/projection"
	"entangle/queries/estimate"
	"entangle/queries/worlds"
)

// StageInput asks in which order to purge, one target after another. Start from
// DefaultStage.
type StageInput struct {
	// Targets are groups, persons or posts; each is a stage of its own. A post stands for
	// those who hold it on the day, and not for those who take over.
	Targets []graph.ID
	// Recovery is the number of stages after which the losses of a stage are restored: 1
	// before the next stage, 0 never. Whoever was lost stays lost, but posts are filled
	// again, and units and streams have passed to others.
	Recovery int
	// RecoveryByType is the recovery of the posts and holdings of institutions of a type.
	RecoveryByType map[string]int
	// Limit of the expected weight at which the purge is broken off; nil for none.
	Limit   *float64
	Weights Weights
	Params  worlds.Params
	// Budget is the number of purges that the search for an order may simulate.
	Budget int
	// Search is the number of worlds in which an order is searched for.
	Search int
	// Draw: the worlds in which the order is estimated, by default DefaultSamples. Their
	// seed is derived from that of the search. Exact only where nothing is uncertain.
	worlds.Draw
}

const (
	maxStages = 32
	// narrow is the number of partial orders that a search continues when its budget runs
	// out.
	narrow = 8
)

// StageReport is the answer.
type StageReport struct {
	// Basis of the estimates; the search drew SearchSamples worlds with SearchSeed,
	// 0 where nothing is uncertain.
	Basis         Basis
	SearchSeed    uint64
	SearchSamples int
	// Targets in the order given, and what else was asked.
	Targets        []Ref
	Recovery       int
	RecoveryByType map[string]int
	Limit          *float64
	Budget         int
	Weights        Weights
	// OwnInstitutions are those that are counted as some target's own, by id, the same in
	// every stage. What weighs and is compared with the limit is of the others.
	OwnInstitutions []Ref
	// Stages in the order found.
	Stages []StageOutcome
	// Peak is the largest expected weight of a stage, PeakStage its number from 1.
	Peak      estimate.Amount
	PeakStage int
	// Bound: in the worlds of the search no order has a lower peak. It is that of
	// the order found where Optimality is EXACT.
	Bound float64
	// Searched is the peak of the order in the worlds of the search. The order was chosen by
	// these worlds, so Searched is biased and has no interval.
	Searched   float64
	Optimality Optimality
	// AsGiven is the peak of the order in which the targets were given, AtOnce the
	// expected weight of purging them all at once, OwnAtOnce that of what is some target's
	// own.
	AsGiven, AtOnce, OwnAtOnce estimate.Amount
	// OrderMatters is false where nothing ever recovers. Losses then only grow, and the peak
	// of every order is that of the purge of all at once.
	OrderMatters bool
	// Verdict says whether every stage stays within the limit, empty where there is
	// none.
	Verdict Verdict
	// Abort is the number from 1 of the first stage that is over the limit with its
	// whole interval: break off before it. Nil where none is.
	Abort *int
	// Unclear is the number of the first stage before Abort whose interval contains the
	// limit. Nil if there is none.
	Unclear *int
	// Runs is the number of purges that were simulated in the search.
	Runs int
}

// StageOutcome is one stage of an order.
type StageOutcome struct {
	Target Ref
	// Expected weight of what is fractured after the stage was carried out and others have
	// responded, and OwnExpected of what is some target's own.
	Expected, OwnExpected estimate.Amount
	// Risks are the institutions that are fractured then in some world, the
	// likeliest first.
	Risks []Risk
	// Verdict says whether the expected weight is within the limit, empty where there
	// is none.
	Verdict Verdict
}

// Stage answers in which order to purge targets so that as little as possible is broken at
// any one time. Between stages the state recovers; see StageInput. It fails with ErrInput
// or ErrUnknown for a question that cannot be asked and with ctx.Err() when the context
// ends.
//
// The search is a dynamic program (Held and Karp 1962, J. SIAM 10:196). Its state is how
// many stages ago each target was struck; with a recovery of one stage that is a subset of
// the targets. It is exact as long as the purges that it simulates are within the budget.
func Stage(ctx context.Context, s *projection.Snapshot, in StageInput) (*StageReport, error) {
	g, err := newStaging(s, in)
	if err != nil {
		return nil, err
	}
	if len(g.targets) == 0 {
		return g.unplanned(ctx, s)
	}
	w := &stageWorlds{staging: g, draw: g.search}
	if err := w.trace(ctx); err != nil {
		return nil, err
	}
	found, err := w.order(ctx, in.Budget)
	if err != nil {
		return nil, err
	}
	return g.report(ctx, w, found)
}

// staging is the state of one question while it is answered. Stages are numbered as in
// targets.
type staging struct {
	in      StageInput
	m       *worlds.Model
	targets []int32
	missing Missing // of the targets that were asked for; they are no stages
	counts  ledger
	class   []uint8 // by node: its recovery class
	// recovery of each class in stages, 0 for never.
	recovery []int
	// old is the age from which on a stage makes no further difference: all its losses are
	// restored.
	old           uint8
	never         bool // some class never recovers
	open          bool // some run was cut at the cap of waves
	search, fresh worlds.Draw
}

func newStaging(s *projection.Snapshot, in StageInput) (*staging, error) {
	if err := in.Check(DefaultSamples); err != nil {
		return nil, err
	}
	if err := in.verify(s); err != nil {
		return nil, err
	}
	g := &staging{in: in}
	for _, id := range in.Targets {
		one, err := targetsOf(s, []graph.ID{id})
		if err != nil {
			return nil, err
		}
		if slices.Contains(g.targets, one[0]) {
			return nil, fmt.Errorf("%w: target %q is named twice; each is one stage", worlds.ErrInput, id)
		}
		g.targets = append(g.targets, one[0])
	}
	var err error
	if g.counts, err = in.Weights.ledger(s, &in.Params, g.targets); err != nil {
		return nil, err
	}
	g.targets = g.missing.present(s, g.targets)
	if len(g.targets) == 0 {
		return g, nil
	}
	g.m = worlds.NewModel(s, in.Params, aimed(g.targets)...)
	g.classes(s)
	if err := g.draws(); err != nil {
		return nil, err
	}
	return g, nil
}

func (in *StageInput) verify(s *projection.Snapshot) error {
	for typ, n := range in.RecoveryByType {
		if n < 0 || n > MaxRecovery {
			return fmt.Errorf("%w: recovery of type %s after %d stages (0 to %d)", worlds.ErrInput, typ, n, MaxRecovery)
		}
		if err := worlds.BodyType(s, "recovery", typ); err != nil {
			return err
		}
	}
	switch {
	case len(in.Targets) == 0 || len(in.Targets) > maxStages:
		return fmt.Errorf("%w: %d targets; a purge in stages has 1 to %d", worlds.ErrInput, len(in.Targets), maxStages)
	case in.Recovery < 0 || in.Recovery > MaxRecovery:
		return fmt.Errorf("%w: recovery after %d stages (0 to %d)", worlds.ErrInput, in.Recovery, MaxRecovery)
	case !in.Params.Monotone():
		return fmt.Errorf("%w: switchover %g; what stages take adds up only where nobody sides with the state: ask with 0", worlds.ErrInput, in.Params.Switchover)
	case in.Limit != nil && !(*in.Limit >= 0):
		return fmt.Errorf("%w: limit %g is negative", worlds.ErrInput, *in.Limit)
	case in.Budget < 1 || in.Budget > MaxBudget:
		return fmt.Errorf("%w: budget %d (1 to %d)", worlds.ErrInput, in.Budget, MaxBudget)
	case in.Search < 1 || in.Search > worlds.MaxSamples:
		return fmt.Errorf("%w: %d worlds of the search (1 to %d)", worlds.ErrInput, in.Search, worlds.MaxSamples)
	}
	if err := in.Params.Verify(s); err != nil {
		return err
	}
	return whole(&in.Params, "a purge in stages")
}

// draws: worlds are drawn, since the losses of one purge are carried over to the next one
// world by world. Where nothing is uncertain there is one world.
func (g *staging) draws() error {
	var err error
	if g.search, g.fresh, err = g.in.ForSearch(g.m, 0, g.in.Search); err != nil {
		return fmt.Errorf("%w (stages are exact only where nothing is uncertain)", err)
	}
	return nil
}

// classes finds how fast a loss is restored at each post, institution and stream. A post
// recovers like its institution, by the first of the institution's types that has a
// recovery of its own.
func (g *staging) classes(s *projection.Snapshot) {
	of := func(types []string) int {
		for _, typ := range types {
			if n, ok := g.in.RecoveryByType[typ]; ok {
				return n
			}
		}
		return g.in.Recovery
	}
	lo, hi := s.Range(graph.Institution)
	g.recovery = []int{g.in.Recovery}
	for i := lo; i < hi; i++ {
		g.recovery = append(g.recovery, of(s.Body(i).Types))
	}
	slices.Sort(g.recovery)
	g.recovery = slices.Compact(g.recovery)
	number := func(n int) uint8 { return uint8(slices.Index(g.recovery, n)) }
	g.class = make([]uint8, s.Len())
	for i := range g.class {
		g.class[i] = number(g.in.Recovery)
	}
	for i := lo; i < hi; i++ {
		g.class[i] = number(of(s.Body(i).Types))
	}
	posts, end := s.Range(graph.Post)
	for post := posts; post < end; post++ {
		if in := s.Out(graph.PostIn, post); len(in) > 0 {
			g.class[post] = g.class[s.Tie(in[0]).To]
		}
	}
	g.never = g.recovery[0] == 0
	g.old = uint8(slices.Max(g.recovery)) + 1
	if g.old == 1 {
		g.old = 2 // nothing recovers: struck or not is all there is
	}
}

// ages has for each stage how long ago it was: 0 not yet, 1 now, 2 the stage before, up to
// old.
type ages string

func (a ages) with(stage int, age uint8) ages {
	b := []byte(a)
	b[stage] = age
	return ages(b)
}

// next is the time of the stage after.
func (g *staging) next(a ages) ages {
	b := []byte(a)
	for i, age := range b {
		if age > 0 {
			b[i] = min(age+1, g.old)
		}
	}
	return ages(b)
}

// struck reports whether losses of that age are still missed somewhere.
func (g *staging) struck(age uint8) bool { return age > 0 && (g.never || age < g.old) }

// healed reports whether losses of that age are restored at the places of a class.
func (g *staging) healed(age uint8, class int) bool {
	return age > 0 && g.recovery[class] > 0 && int(age) > g.recovery[class]
}

func (g *staging) none() ages { return ages(make([]byte, len(g.targets))) }

// report estimates the order that was found, in worlds that the search did not use.
func (g *staging) report(ctx context.Context, searched *stageWorlds, found *sequence) (*StageReport, error) {
	w := &stageWorlds{staging: g, draw: g.fresh}
	if err := w.trace(ctx); err != nil {
		return nil, err
	}
	given := make([]int, len(g.targets))
	for i := range given {
		given[i] = i
	}
	states := append(g.states(found.order), g.states(given)...)
	list, c, err := w.tolls(ctx, append(states, g.atOnce()))
	if err != nil {
		return nil, err
	}
	r := &StageReport{
		Basis: basisOf(c, g.m), SearchSeed: g.search.Seed, SearchSamples: g.search.Samples,
		Targets: namedRefs(g.m.Snapshot, g.in.Targets), Recovery: g.in.Recovery, RecoveryByType: g.in.RecoveryByType, Limit: g.in.Limit,
		Budget: g.in.Budget, Weights: g.in.Weights, OwnInstitutions: g.counts.owned,
		Bound: found.bound, Searched: found.peak, Optimality: HeuristicSearch, Runs: searched.runs,
		OrderMatters: slices.Max(g.recovery) > 0,
	}
	if c.Exact() {
		r.SearchSamples = 0
	}
	r.Basis.Converged, r.Basis.Missing = !g.open, g.missing
	if found.exact && !g.open {
		r.Optimality, r.Bound = ExactSearch, found.peak
	}
	for i, stage := range found.order {
		st := StageOutcome{
			Target:   g.m.Snapshot.Ref(g.targets[stage]),
			Expected: list[i].expected(c.Exact(), &g.counts), OwnExpected: list[i].ownExpected(c.Exact(), &g.counts),
			Risks: list[i].risks(g.m, c.Exact(), &g.counts),
		}
		if g.in.Limit != nil {
			st.Verdict = verdictOn(st.Expected.Low, st.Expected.High, *g.in.Limit)
			r.judge(st.Verdict, i+1)
		}
		r.Stages = append(r.Stages, st)
		if i == 0 || st.Expected.Value > r.Peak.Value {
			r.Peak, r.PeakStage = st.Expected, i+1
		}
	}
	highest := slices.MaxFunc(list[len(found.order):2*len(found.order)], func(a, b *toll) int { return cmp.Compare(a.mean(), b.mean()) })
	r.AsGiven = highest.expected(c.Exact(), &g.counts)
	r.AtOnce = list[len(list)-1].expected(c.Exact(), &g.counts)
	r.OwnAtOnce = list[len(list)-1].ownExpected(c.Exact(), &g.counts)
	return r, nil
}

// judge notes the verdict on a stage, from 1.
func (r *StageReport) judge(v Verdict, stage int) {
	switch {
	case v == Beyond && r.Abort == nil:
		r.Abort = new(stage)
	case v == Unclear && r.Unclear == nil && r.Abort == nil:
		r.Unclear = new(stage)
	}
	r.Verdict = v.and(r.Verdict)
}

// states are the states right after each stage of an order.
func (g *staging) states(order []int) []ages {
	var out []ages
	at := g.none()
	for _, stage := range order {
		struck := at.with(stage, 1)
		out = append(out, struck)
		at = g.next(struck)
	}
	return out
}

// atOnce is everything struck now.
func (g *staging) atOnce() ages {
	at := g.none()
	for i := range g.targets {
		at = at.with(i, 1)
	}
	return at
}
