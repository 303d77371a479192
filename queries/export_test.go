package queries

import (
	"context"
	"math"

	"entangle/graph"
	"entangle/graph/projection"
	"entangle/queries/worlds"
)

// TabledSet is what a table says of a set of groups.
type TabledSet struct {
	Groups   []graph.ID
	Expected float64
	Safe     bool
}

// FrontierTable lets a test see the table of a frontier, however few its groups are, swept
// so many cells at a time. It returns the method of the search too, and nothing where some
// purge was cut at the cap of waves.
func FrontierTable(ctx context.Context, s *projection.Snapshot, in FrontierInput, cells int) ([]TabledSet, worlds.Method, error) {
	f, err := newFrontier(s, in)
	if err != nil {
		return nil, "", err
	}
	if err := f.alone(ctx); err != nil {
		return nil, "", err
	}
	sets, err := f.harmless(ctx)
	if err != nil {
		return nil, "", err
	}
	sets.Cells = cells
	t, err := f.tabulated(ctx, sets)
	if t == nil || err != nil || !f.seen.Converged {
		return nil, "", err
	}
	var out []TabledSet
	for set := range t.cost {
		entry := TabledSet{Expected: t.cost[set], Safe: !t.unsafe[set]}
		for _, g := range f.setOf(uint32(set)) {
			entry.Groups = append(entry.Groups, s.ID(f.groups[g]))
		}
		out = append(out, entry)
	}
	return out, f.search.Method, nil
}

// Ledger lets a test see what the fracture of each institution weighs where these are the
// candidates, of whatever kind.
func Ledger(s *projection.Snapshot, p worlds.Params, candidates ...graph.ID) (state, own map[graph.ID]int64) {
	l := ledgerOf(s, &p, indexed(s, candidates))
	state, own = map[graph.ID]int64{}, map[graph.ID]int64{}
	for body := range int32(bodies(s)) {
		id := s.ID(bodyOf(s, body))
		state[id], own[id] = l.state[body], l.theirs[body]
	}
	return state, own
}

// PulledAndPushed lets a test see a purge of which every wave of defection is worked out
// from those who may leave, and one of which each is from those who were lost.
func PulledAndPushed(ctx context.Context, s *projection.Snapshot, in PurgeInput) (pulled, pushed *PurgeReport, err error) {
	targets, err := in.check(s)
	if err != nil {
		return nil, nil, err
	}
	in.Method = worlds.Sampled
	l := ledgerOf(s, &in.Params, targets)
	ask := func(crowd int) *PurgeReport {
		m := worlds.NewModel(s, in.Params, aimed(targets)...)
		m.Crowd = crowd
		p, failed := m.Purge(ctx, &in.Draw, l.state, l.theirs)
		if failed != nil {
			err = failed
			return nil
		}
		return &PurgeReport{Targets: refsOf(s, targets), Basis: basisOf(&p.Course, m), Purged: p.Purged}
	}
	return ask(0), ask(math.MaxInt32), err
}
