package querytest

import (
	"context"
	"slices"
	"strings"

	"entangle/graph"
	"entangle/queries"
	"entangle/queries/estimate"
	"entangle/queries/worlds"
)

// purge asks which institutions a purge would fracture.
type purge struct {
	scenario
	explain      int
	institutions []graph.ID
}

func (q *purge) keys() map[string]any {
	return joined(q.purgeKeys(), map[string]any{"institutions": &q.institutions, "explain": &q.explain})
}

func (q *purge) ask(ctx context.Context, take picture) (*answer, error) {
	s, err := take(q.options)
	if err != nil {
		return nil, err
	}
	r, err := queries.Purge(ctx, s, queries.PurgeInput{
		Targets: q.targets, Params: q.params, Draw: q.draw, Explain: q.explain, Institutions: q.institutions, Network: true, Defaults: true,
	})
	if err != nil {
		return nil, err
	}
	a := newAnswer()
	a.missing(&r.Basis.Picture)
	a.set("touched", names(r.Institutions[:r.Touched], func(o queries.Outcome) string { return idOf(o.Ref) }))
	a.set("unseen", names(r.Institutions[r.Touched:], func(o queries.Outcome) string { return idOf(o.Ref) }))
	for i := range r.Institutions {
		a.rows[idOf(r.Institutions[i].Ref)] = row{outcome(&r.Institutions[i]), noData}
	}
	for what, list := range map[string][]queries.Likely{"struck": r.Struck, "rallied": r.Rallied, "lost": r.Lost} {
		a.rows[what] = chances(list)
	}
	for _, x := range r.Defaults.Institutions {
		f := a.rows[idOf(x.Ref)].figures
		f["resting"], f["without"] = x.Resting.P, x.Without.P
	}
	a.stakes("stake", r.Stakes)
	a.add("before", network(&r.Network.Before))
	a.add("after", network(&r.Network.After))
	a.ranked("own", names(r.OwnInstitutions, idOf))
	a.add("answer", basis(&r.Basis, spread(&r.Fractured, &r.OwnFractured), map[string]any{"none": r.None.P, "removed": r.Network.Removed, "resting": r.Defaults.Share.Value}))
	return a, nil
}

// spread are the two counts of what fractures in a world.
func spread(state, own *estimate.Spread) map[string]any {
	return map[string]any{
		"mean": state.Mean, "low": state.Low, "high": state.High, "q05": state.Q05, "q95": state.Q95,
		"ownMean": own.Mean, "ownLow": own.Low, "ownHigh": own.High,
	}
}

// network puts in the bare network.
func network(n *queries.NetworkState) map[string]any {
	return map[string]any{
		"nodes": n.Nodes, "components": n.Components, "largest": n.Largest, "residual": n.Residual, "original": n.Original,
		"dfResidual": n.Distance.Residual.Value, "dfOriginal": n.Distance.Original.Value,
	}
}

// stakes puts in what a purge takes from groups.
func (a *answer) stakes(what string, list []queries.Stake) {
	for _, s := range list {
		f := map[string]any{}
		for name, loss := range map[string]*queries.Loss{"members": s.Members, "posts": s.Posts, "strength": s.Strength, "streams": s.Streams, "diverted": s.Diverted} {
			f[name], f[name+".lost"] = 0.0, 0.0
			if loss != nil {
				f[name], f[name+".lost"] = loss.Before.Value, loss.Lost.Value
			}
		}
		a.add(what+" "+idOf(s.Ref), f)
	}
}

// chances are those of a list, 0 for what is not in it.
func chances(list []queries.Likely) row {
	r := row{figures: map[string]any{}, silent: func(string) (any, bool) { return 0, true }}
	for _, l := range list {
		r.figures[idOf(l.Ref)] = l.Chance.P
	}
	return r
}

func outcome(o *queries.Outcome) map[string]any {
	f := map[string]any{
		"intact": o.Intact.P, "strained": o.Strained.P, "collapsed": o.Collapsed.P,
		"fractured": o.Fractured.P, // or worse
		"low":       o.Fractured.Low, "high": o.Fractured.High,
		"collapsed.high": o.Collapsed.High, "strained.high": o.Strained.High, "intact.low": o.Intact.Low,
		"coverage": o.Coverage, "wave": "never", "nodata": o.NoData, "own": o.Own,
	}
	if o.Least != nil {
		f["least"] = o.Least.P
	}
	if o.Wave != nil {
		f["wave"] = o.Wave.Mode
	}
	for _, s := range o.Supports {
		name := s.Support.String()
		f[name], f[name+".data"], f[name+".below"], f[name+".records"] = s.Mean, s.Data.P, s.Below.P, s.Records.Value
		f[name+".se"], f[name+".low"], f[name+".high"] = s.SE, s.Low, s.High
		f[name+".need"], f[name+".floor"] = s.Requirement.Need, s.Requirement.Floor
	}
	return f
}

// noData is for a support that the answer does not list.
func noData(key string) (any, bool) {
	_, err := worlds.ParseSupport(key)
	return "no-data", err == nil
}

// compare asks how two purges differ. What is set of the second is set with.KEY;
// where neither its targets nor its model is, they are those of the first.
type compare struct {
	scenario
	with     scenario
	ownModel bool
}

func (q *compare) keys() map[string]any {
	return joined(q.purgeKeys(), map[string]any{"with": func(key, value string) error {
		q.ownModel = q.ownModel || key != "targets"
		return put(joined(q.with.targetKeys(), q.with.modelKeys()), key, value)
	}})
}

func (q *compare) ask(ctx context.Context, take picture) (*answer, error) {
	s, err := take(q.options)
	if err != nil {
		return nil, err
	}
	in := queries.CompareInput{
		First:  queries.Scenario{Targets: q.targets, Params: q.params},
		Second: queries.Scenario{Targets: q.targets, Params: q.params}, Draw: q.draw,
	}
	if len(q.with.targets) > 0 {
		in.Second.Targets = q.with.targets
	}
	if q.ownModel {
		in.Second.Params = q.with.params
	}
	r, err := queries.Compare(ctx, s, in)
	if err != nil {
		return nil, err
	}
	a := newAnswer()
	a.missing(&r.Basis.Picture)
	a.ranked("differ", names(r.Institutions, func(c queries.Comparison) string { return idOf(c.Ref) }))
	for _, c := range r.Institutions {
		f := map[string]any{
			"first": c.First.P, "second": c.Second.P, "onlyFirst": c.OnlyFirst.P, "onlySecond": c.OnlySecond.P,
			"difference": c.Difference.Value, "se": c.Difference.SE, "test": "none", "own": c.Own,
		}
		if c.Test != nil {
			f["test"] = c.Test.P
		}
		a.add(idOf(c.Ref), f)
	}
	for name, c := range map[string]queries.Compared{"first": r.First, "second": r.Second} {
		circling := 0.0
		if c.Circling != nil {
			circling = c.Circling.P
		}
		a.stakes(name+" stake", c.Stakes)
		a.add(name, joined(spread(&c.Fractured, &c.OwnFractured), map[string]any{"none": c.None.P, "targets": group(c.Targets), "circling": circling}))
	}
	a.ranked("own", names(r.OwnInstitutions, idOf))
	a.add("answer", basis(&r.Basis, map[string]any{"mean": r.Fractured.Value, "ownMean": r.OwnFractured.Value, "none": r.None.Value}))
	return a, nil
}

// entanglement asks for every pair of a group and an institution.
type entanglement struct {
	scenario
	in queries.EntanglementInput
}

func (q *entanglement) keys() map[string]any {
	return joined(q.pictureKeys(), q.modelKeys(), q.drawKeys(), map[string]any{"groups": &q.in.Groups, "minP": &q.in.MinP})
}

func (q *entanglement) ask(ctx context.Context, take picture) (*answer, error) {
	s, err := take(q.options)
	if err != nil {
		return nil, err
	}
	q.in.Params, q.in.Draw = q.params, q.draw
	r, err := queries.EntanglementOf(ctx, s, q.in)
	if err != nil {
		return nil, err
	}
	a := newAnswer()
	a.missing(&r.Basis.Picture)
	a.ranked("groups", names(r.Groups, func(g queries.GroupEntanglement) string { return idOf(g.Ref) }))
	for _, g := range r.Groups {
		a.add(idOf(g.Ref), joined(spread(&g.Fractured, &g.OwnFractured), map[string]any{"own": group(g.OwnInstitutions), "none": g.None.P, "institutions": g.Institutions}))
	}
	a.ranked("pairs", names(r.Pairs, func(p queries.Entangled) string { return idOf(p.Group) + "+" + idOf(p.Institution) }))
	for _, p := range r.Pairs {
		a.add(idOf(p.Group)+" "+idOf(p.Institution), map[string]any{"fractured": p.Fractured.P, "own": p.Own})
	}
	a.add("answer", basis(&r.Basis, map[string]any{"omitted": r.Omitted}))
	return a, nil
}

// attribution asks which of several targets makes the damage.
type attribution struct {
	scenario
	in queries.AttributionInput
}

func (q *attribution) keys() map[string]any {
	return joined(q.purgeKeys(), map[string]any{"institution": &q.in.Institution, "threshold": &q.in.Threshold})
}

func (q *attribution) ask(ctx context.Context, take picture) (*answer, error) {
	s, err := take(q.options)
	if err != nil {
		return nil, err
	}
	q.in.Targets, q.in.Params, q.in.Draw = q.targets, q.params, q.draw
	r, err := queries.Attribute(ctx, s, q.in)
	if err != nil {
		return nil, err
	}
	a := newAnswer()
	a.missing(&r.Basis.Picture)
	a.ranked("ranked", names(r.Shares, func(x queries.Attributed) string { return idOf(x.Ref) }))
	for _, x := range r.Shares {
		a.add(idOf(x.Ref), map[string]any{"solo": x.Solo.Value, "lastOut": x.LastOut.Value, "shapley": x.Shapley.Value})
	}
	for _, x := range r.Sufficient {
		sets := names(x.Sets, func(set queries.SufficientSet) string { return group(set.Targets) })
		a.add(idOf(x.Ref), map[string]any{"fractured": x.Fractured.P, "sufficient": strings.Join(sets, ","), "own": x.Own, "close": slices.ContainsFunc(x.Sets, func(set queries.SufficientSet) bool { return set.Close })})
	}
	a.ranked("own", names(r.OwnInstitutions, idOf))
	a.add("answer", basis(&r.Basis, map[string]any{"whole": r.Whole.Value, "ownMean": r.OwnFractured.Value, "subsets": r.Subsets, "orders": r.Orders, "threshold": r.Threshold}))
	return a, nil
}
