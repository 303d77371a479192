package queries

import (
	"context"
	"slices"

	"entangle/queries/estimate"
	"entangle/queries/structure"
	"entangle/queries/worlds"
)

// report estimates the sets that were found, in worlds that the search did not use.
func (f *frontier) report(ctx context.Context) (*FrontierReport, error) {
	best, curve := f.best(), f.undominated()
	supported, prices := hull(curve)
	r := &FrontierReport{
		Tolerance: f.in.Tolerance, Threshold: f.in.Threshold, Beam: f.in.Beam, Weights: f.in.Weights, OwnInstitutions: f.counts.owned,
		SearchSeed: f.search.Seed, SearchSamples: f.search.Samples, Sets: f.sets(),
		SafeOptimality: HeuristicSearch, CurveOptimality: HeuristicSearch,
	}
	if f.search.Method == worlds.Exact {
		r.SearchSamples = 0
	}
	if f.every {
		f.complete, f.limit = true, best.benefit
	}
	r.SafeBound = float64(f.limit) / thousand
	r.Groups = f.alones()

	anySets, err := f.closure.Parametric(ctx)
	if err != nil {
		return nil, err
	}
	kept := thinned(curve, supported)
	r.Omitted = len(curve) - len(kept)
	sets := [][]int32{best.set}
	for _, c := range anySets {
		sets = append(sets, c.Projects)
	}
	for _, i := range kept {
		sets = append(sets, curve[i].set)
	}
	list, course, err := f.tolls(ctx, &f.fresh, sets)
	if err != nil {
		return nil, err
	}
	r.Basis = basisOf(course, f.m)
	r.Basis.Missing = f.missing
	points := make([]FrontierPoint, len(sets))
	for i, set := range sets {
		if points[i], err = f.point(set, list[i], course); err != nil {
			return nil, err
		}
	}
	r.Safe, r.Any, r.Curve = points[0], points[1:1+len(anySets)], points[1+len(anySets):]
	r.Safe.Searched = best.cost
	if err := f.searched(ctx, anySets, r.Any); err != nil {
		return nil, err
	}
	// A purge that was cut at the cap of waves may break more than its figures say.
	r.Basis.Converged, r.Basis.Circling = f.seen.Converged, f.seen.Circling
	if f.every && f.seen.Converged {
		r.CurveOptimality = ExactSearch
	}
	if f.complete && f.seen.Converged {
		r.SafeOptimality = ExactSearch
	}
	for i := range r.Any {
		r.Any[i].Supported = true
		if i > 0 {
			gain, pay := r.Any[i].Benefit-r.Any[i-1].Benefit, r.Any[i].Any-r.Any[i-1].Any
			r.Any[i].Price = new(gain / pay)
		}
	}
	for n, i := range kept {
		r.Curve[n].Searched, r.Curve[n].Supported, r.Curve[n].Price = curve[i].cost, supported[i], prices[i]
		if slices.Equal(curve[i].set, best.set) {
			r.Safe.Supported, r.Safe.Price = supported[i], prices[i]
		}
	}
	return r, nil
}

// sets is the number of purges that were simulated.
func (f *frontier) sets() int {
	if f.tabled > 0 {
		return f.tabled + len(f.groups)
	}
	return len(f.points) + len(f.groups)
}

// thinned chooses the points of a curve to show, the supported ones first.
func thinned(curve []*purged, supported []bool) []int {
	var kept, rest []int
	for i := range curve {
		if supported[i] {
			kept = append(kept, i)
		} else {
			rest = append(rest, i)
		}
	}
	kept = kept[:min(len(kept), maxPoints)]
	room := min(len(rest), maxPoints-len(kept))
	for n := range room { // spread over the curve
		kept = append(kept, rest[n*len(rest)/room])
	}
	slices.Sort(kept)
	return kept
}

// searched is what the sets of the ANY rule do in the worlds of the search.
func (f *frontier) searched(ctx context.Context, sets []structure.Closure, points []FrontierPoint) error {
	all := make([][]int32, len(sets))
	for i, c := range sets {
		all[i] = c.Projects
	}
	list, err := f.visit(ctx, all)
	if err != nil {
		return err
	}
	for i, p := range list {
		points[i].Searched = p.cost
	}
	return nil
}

func (f *frontier) point(set []int32, t *toll, course *worlds.Course) (FrontierPoint, error) {
	c, err := f.closure.Of(set)
	if err != nil {
		return FrontierPoint{}, err
	}
	point := FrontierPoint{
		Benefit: float64(c.Benefit) / thousand, Any: float64(c.Cost) / thousand,
		Expected: t.expected(course.Exact(), &f.counts), OwnExpected: t.ownExpected(course.Exact(), &f.counts),
		Risks: t.risks(f.m, course.Exact(), &f.counts),
	}
	if len(set) == 0 { // nobody is struck, nothing happens in any world
		point.Expected, point.OwnExpected, point.Risks = estimate.Exact(0), estimate.Exact(0), nil
	}
	point.Groups, point.Verdict = refsOf(f.m.Snapshot, f.struck(set)), f.verdict(point.Risks, f.model(set), t, course)
	return point, nil
}

func (f *frontier) alones() []FrontierGroup {
	var out []FrontierGroup
	exact := f.search.Method == worlds.Exact
	for g, t := range f.solo {
		group := FrontierGroup{
			Ref: f.m.Snapshot.Ref(f.groups[g]), Benefit: float64(f.benefit[g]) / thousand, Free: !t.touches,
			Expected: t.expected(exact, &f.counts), OwnExpected: t.ownExpected(exact, &f.counts),
		}
		for _, r := range t.risks(f.m, exact, &f.counts) {
			body, _ := f.m.Snapshot.Index(r.ID)
			if _, hit := slices.BinarySearch(f.closure.Needs(int32(g)), body-bodyOf(f.m.Snapshot, 0)); hit {
				group.Hits = append(group.Hits, r)
			}
		}
		out = append(out, group)
	}
	return out
}
