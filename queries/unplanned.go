package queries

import (
	"context"

	"entangle/graph/projection"
	"entangle/queries/estimate"
	"entangle/queries/worlds"
)

// A plan of which no candidate is on record is answered as any other question of which
// nothing is on record: it plans nothing, says who is missing, and knows no figure.

// unplanned is the basis of such an answer: that of the purge of nobody. Exactly no world
// is drawn, so that no method is refused.
func unplanned(ctx context.Context, s *projection.Snapshot, p worlds.Params, d worlds.Draw, missing Missing) (Basis, error) {
	m := worlds.NewModel(s, p)
	d.Progress = nil
	nothing := func(struct{}, struct{}) {}
	_, c, err := worlds.Together(ctx, worlds.NewPurges(m), &d, func() struct{} { return struct{}{} }, func(struct{}, *worlds.Seen) {}, nothing)
	if err != nil {
		return Basis{}, err
	}
	b := basisOf(c, m)
	b.Missing = missing
	b.Missing.NoRecord = true
	widenUnseen(&b.Drawn)
	return b, nil
}

// unknown is an amount of which nothing is known, between 0 and most.
func unknown(most float64) estimate.Amount { return estimate.Amount{High: most} }

func (f *frontier) unplanned(ctx context.Context, s *projection.Snapshot) (*FrontierReport, error) {
	r := &FrontierReport{
		Tolerance: f.in.Tolerance, Threshold: f.in.Threshold, Beam: f.in.Beam, Weights: f.in.Weights, OwnInstitutions: f.counts.owned, SearchSeed: f.in.Seed,
		Safe:           FrontierPoint{Expected: unknown(most(f.counts.state)), OwnExpected: unknown(most(f.counts.state)), Verdict: Unclear},
		SafeOptimality: HeuristicSearch, CurveOptimality: HeuristicSearch,
	}
	var err error
	r.Basis, err = unplanned(ctx, s, f.in.Params, f.in.Draw, f.missing)
	return r, err
}

func (g *staging) unplanned(ctx context.Context, s *projection.Snapshot) (*StageReport, error) {
	nothing := unknown(most(g.counts.state))
	r := &StageReport{
		Targets: namedRefs(s, g.in.Targets), Recovery: g.in.Recovery, RecoveryByType: g.in.RecoveryByType, Limit: g.in.Limit,
		Budget: g.in.Budget, Weights: g.in.Weights, OwnInstitutions: g.counts.owned, SearchSeed: g.in.Seed, Optimality: HeuristicSearch,
		Peak: nothing, AsGiven: nothing, AtOnce: nothing, OwnAtOnce: nothing,
	}
	if g.in.Limit != nil {
		r.Verdict = Unclear
	}
	var err error
	r.Basis, err = unplanned(ctx, s, g.in.Params, g.in.Draw, g.missing)
	return r, err
}

func (n *insuring) unplanned(ctx context.Context, s *projection.Snapshot) (*InsureReport, error) {
	nothing := unknown(most(n.counts.state))
	r := &InsureReport{
		Targets: namedRefs(s, n.in.Targets), Limit: n.in.Limit, Level: n.in.Level, Size: n.in.Size, Kinds: n.kinds(), Weights: n.in.Weights, OwnInstitutions: n.counts.owned,
		SearchSeed: n.in.Seed, Optimality: HeuristicSearch, Tail: nothing, Expected: nothing, OwnExpected: nothing, Verdict: Unclear,
	}
	var err error
	r.Basis, err = unplanned(ctx, s, n.in.Params, n.in.Draw, n.missing)
	return r, err
}
