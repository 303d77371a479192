package queries

import (
	"cmp"
	"context"
	"maps"
	"slices"

	"entangle/graph/projection"
	"entangle/queries/estimate"
	"entangle/queries/worlds"
)

// defaultsWorlds bounds the worlds drawn for how much rests on default confidences.
const defaultsWorlds = 1024

// Defaults says how much of an answer rests on ties whose confidence nobody stated
// and no grade gives. The purge is simulated with them and without them in the same
// worlds.
type Defaults struct {
	// Ties of the snapshot with the default confidence.
	Ties int
	// Method, and the number of worlds drawn, 0 where every one was gone through.
	Method  worlds.Method
	Samples int
	// Share of the fractures, counted in pairs of an institution and a world, that
	// do not come about without those ties; 0 where nothing fractures. What is the targets'
	// own does not count. A sampled one is
	// a ratio of means: its standard error is that of its linear part (Cochran 1977,
	// Sampling Techniques, 6.3), its interval Student's t over the worlds in which
	// something fractures, never narrower than Wilson's for the share of them in which
	// some, or not every, fracture rests on the ties.
	Share estimate.Amount
	// Institutions that fracture in some world, the one that rests on them most
	// first, then by id.
	Institutions []Resting
}

// Resting is how much of one institution's fractures rests on those ties.
type Resting struct {
	Ref
	// Fractured with them, Without them, and Resting: with them and not without.
	Fractured, Without, Resting estimate.Estimate
}

// defaults simulates the purge without the ties of default confidence.
func (in *PurgeInput) defaults(ctx context.Context, m *worlds.Model, targets []int32, l *ledger) (*Defaults, error) {
	out := &Defaults{Ties: m.Snapshot.Defaulted(), Method: in.Method}
	if out.Ties == 0 {
		return out, nil
	}
	sure := worlds.NewModel(m.Snapshot.Without(func(t *projection.Tie) bool { return t.Defaulted }), in.Params, aimed(targets)...)
	draw := in.Draw
	draw.Samples, draw.Progress = min(draw.Samples, defaultsWorlds), nil
	if draw.Method == worlds.Exact {
		draw.Method = worlds.Auto // without them other coins may matter, and more of them
	}
	p := worlds.NewPurges(m, sure)
	sum, c, err := worlds.Together(ctx, p, &draw, func() *comparing { return newComparing(l) }, (*comparing).visit, (*comparing).merge)
	if err != nil {
		return nil, err
	}
	out.Method, out.Samples = c.Method, c.Samples
	for _, body := range slices.Sorted(maps.Keys(sum.bodies)) {
		d := sum.bodies[body]
		if d.both+d.first == 0 {
			continue
		}
		out.Institutions = append(out.Institutions, Resting{
			Ref:       bodyRef(m.Snapshot, body),
			Fractured: estimate.Probability(c.Exact(), d.both+d.first, sum.total),
			Without:   estimate.Probability(c.Exact(), d.both+d.second, sum.total),
			Resting:   estimate.Probability(c.Exact(), d.first, sum.total),
		})
	}
	out.Share = sum.ratio.Amount(c.Exact())
	slices.SortFunc(out.Institutions, func(a, b Resting) int {
		return cmp.Or(-cmp.Compare(a.Resting.P, b.Resting.P), cmp.Compare(a.ID, b.ID))
	})
	return out, nil
}
