package queries

import (
	"cmp"
	"context"
	"errors"
	"fmt"
	"slices"
	"strings"

	"entangle/graph"
	"entangle/graph/projection"
	"entangle/queries/estimate"
	"entangle/queries/worlds"
)

// SensitivityInput asks which parameters of the model an answer depends on.
type SensitivityInput struct {
	Scenario
	// Institution is the one asked about; empty asks for the number of institutions
	// fractured but for the targets' own.
	Institution graph.ID
	// Factors are the parameters varied and their ranges, DefaultFactors where empty.
	Factors []Factor
	// Trajectories and Levels are those of Design: DefaultTrajectories and
	// DefaultLevels where 0.
	Trajectories, Levels int
	// Draw: by default ManySamples worlds. Auto samples unless no coin matters to any run:
	// exact runs beside sampled runs would differ by sampling error.
	worlds.Draw
}

// SensitivityReport is the answer.
type SensitivityReport struct {
	// Basis is that of the purge with the parameters as given; Converged and
	// Circling speak of every run.
	Basis   Basis
	Targets []Ref
	// Institution is nil where the number of institutions was asked for.
	Institution *Ref
	// OwnInstitutions are those that are counted as the targets' own with the parameters as
	// given, by id. Where ownShare is varied each run has its own.
	OwnInstitutions []Ref
	// Given is the output with the parameters as given, OwnFractured the expected number of
	// the targets' own that fracture then.
	Given, OwnFractured estimate.Amount
	// Effects by parameter, the largest MuStar first: changes of the probability that the
	// institution fractures, or of the mean number fractured, over the whole range.
	Effects []Effect
	// Runs is the number of purges simulated for them, r(D + 1), all in the same worlds.
	Runs, Trajectories, Levels int
}

// needsFactor is the factor that multiplies every requirement.
const needsFactor = "needs"

// DefaultFactors are the numeric parameters with ranges around their defaults. The ranges
// are conventions like the defaults; docs/questions.md lists them.
func DefaultFactors() []Factor {
	list := []Factor{{needsFactor, 0.8, 1.2}}
	for _, p := range worlds.Parameters() {
		if p.Vary != nil {
			list = append(list, Factor{p.Name, p.Vary[0], p.Vary[1]})
		}
	}
	slices.SortFunc(list, func(a, b Factor) int { return cmp.Compare(a.Name, b.Name) })
	return list
}

// factorNames are those of everything that a number sets, sorted.
func factorNames() []string {
	names := []string{needsFactor}
	for _, p := range worlds.Parameters() {
		if !p.Switch() {
			names = append(names, p.Name)
		}
	}
	slices.Sort(names)
	return names
}

// set writes a factor into the parameters: needs scales each need and floor, to 1 at most.
func (f Factor) set(p *worlds.Params, v float64) {
	if f.Name == needsFactor {
		p.Requirements = scaledNeeds(p.Requirements, v)
		return
	}
	for _, row := range worlds.Parameters() {
		if row.Name == f.Name {
			row.Set(p, v)
		}
	}
}

// scaledNeeds multiplies every need and floor.
func scaledNeeds(r worlds.Requirements, v float64) worlds.Requirements {
	needs := func(n worlds.Needs) worlds.Needs {
		out := make(worlds.Needs, len(n))
		for s, r := range n {
			out[s] = worlds.Requirement{Need: min(1, r.Need*v), Floor: min(1, r.Floor*v)}
		}
		return out
	}
	out := worlds.Requirements{Default: needs(r.Default), ByType: map[string]worlds.Needs{}, ByInstitution: map[graph.ID]worlds.Needs{}}
	for typ, n := range r.ByType {
		out.ByType[typ] = needs(n)
	}
	for id, n := range r.ByInstitution {
		out.ByInstitution[id] = needs(n)
	}
	return out
}

// withFactors returns the parameters with factors at the values.
func withFactors(p worlds.Params, factors []Factor, x []float64) worlds.Params {
	for i, f := range factors {
		f.set(&p, x[i])
	}
	return p
}

// Sensitivity answers which parameters an answer depends on, by the method of Morris. Every
// run uses the worlds of the seed (common random numbers): what a coin lets happen with
// some chance it also lets happen with a higher chance. So effects are due to the
// parameters and not to the draw. It fails with ErrInput or ErrUnknown for what cannot be
// asked and with ctx.Err() when the context ends. The cost is that of r(D + 1) purges.
func Sensitivity(ctx context.Context, s *projection.Snapshot, in SensitivityInput) (*SensitivityReport, error) {
	body, err := in.ready(s)
	if err != nil {
		return nil, err
	}
	d := Design{Factors: in.Factors, Trajectories: in.Trajectories, Levels: in.Levels, Seed: in.Seed}
	if err := d.check(); err != nil {
		return nil, err
	}
	if in.Method == worlds.Auto {
		if in.Method, err = in.certainty(ctx, s, d); err != nil {
			return nil, err
		}
	}
	done := 0
	draw := in.Draw
	if in.Progress != nil {
		draw.Progress = func(n, _ int) { in.Progress(done*in.Samples+n, (d.Runs()+1)*in.Samples) }
	}
	seen := worlds.Settled{Converged: true} // in every run
	ask := func(ctx context.Context, m *worlds.Model, l *ledger) (*output, *worlds.Course, error) {
		o, c, err := outputOf(ctx, m, body, l, &draw)
		if err != nil {
			return nil, nil, err
		}
		done++
		seen.Also(c.Settled)
		return o, c, nil
	}
	m, targets, err := (&Scenario{Targets: in.Targets, Params: in.Params}).model(s)
	if err != nil {
		return nil, err
	}
	l := ledgerOf(s, &m.Params, targets)
	given, c, err := ask(ctx, m, &l)
	if err != nil {
		return nil, err
	}
	high := 1.0
	if body == none {
		high = float64(total(l.state))
	}
	r := &SensitivityReport{
		Basis: basisOf(c, m), Targets: refsOf(s, targets), Given: given.y.Amount(c.Exact(), 0, high),
		OwnInstitutions: l.owned, OwnFractured: given.own.Amount(c.Exact(), 0, float64(total(l.theirs))),
		Runs: d.Runs(), Trajectories: d.Trajectories, Levels: d.Levels,
	}
	if body != none {
		r.Institution = new(bodyRef(s, body))
	}
	r.Effects, err = Morris(ctx, d, func(ctx context.Context, x []float64) (float64, error) {
		m, _, err := (&Scenario{Targets: in.Targets, Params: withFactors(in.Params, in.Factors, x)}).model(s)
		if err != nil {
			return 0, err
		}
		l := ledgerOf(s, &m.Params, targets)
		o, _, err := ask(ctx, m, &l)
		if err != nil {
			return 0, err
		}
		return o.y.Mean(), nil
	})
	if err != nil {
		return nil, err
	}
	r.Basis.Also(seen)
	r.missing(m, &in)
	return r, nil
}

var errChance = errors.New("a coin matters")

// certainty is Exact if no coin matters to any run, otherwise Sampled.
func (in *SensitivityInput) certainty(ctx context.Context, s *projection.Snapshot, d Design) (worlds.Method, error) {
	look := func(p worlds.Params) error {
		m, _, err := (&Scenario{Targets: in.Targets, Params: p}).model(s)
		if err == nil && m.Coins() > 0 {
			err = errChance
		}
		return err
	}
	err := look(in.Params)
	if err == nil {
		_, err = Morris(ctx, d, func(_ context.Context, x []float64) (float64, error) {
			return 0, look(withFactors(in.Params, in.Factors, x))
		})
	}
	switch {
	case errors.Is(err, errChance):
		return worlds.Sampled, nil
	case err != nil:
		return "", err
	}
	return worlds.Exact, nil
}

// ready checks the question, puts the defaults in, and returns the number of the
// institution among institutions, none where the number of them is asked for.
func (in *SensitivityInput) ready(s *projection.Snapshot) (body int32, err error) {
	if err := in.Check(ManySamples); err != nil {
		return 0, err
	}
	if len(in.Factors) == 0 {
		in.Factors = DefaultFactors()
	}
	if in.Trajectories == 0 {
		in.Trajectories = DefaultTrajectories
	}
	if in.Levels == 0 {
		in.Levels = DefaultLevels
	}
	for _, f := range in.Factors {
		if !slices.Contains(factorNames(), f.Name) {
			return 0, fmt.Errorf("%w: parameter %q is not varied; these are: %s", worlds.ErrInput, f.Name, strings.Join(factorNames(), ", "))
		}
		for _, v := range []float64{f.Low, f.High} {
			if f.Name == needsFactor && !(v >= 0) {
				return 0, fmt.Errorf("%w: %s %g is negative", worlds.ErrInput, f.Name, v)
			}
			if err := withFactors(in.Params, []Factor{f}, []float64{v}).Verify(s); err != nil {
				return 0, err
			}
		}
	}
	return judged(s, in.Institution, in.Targets)
}

// output is what is asked for over the worlds, and the number of the targets' own that fracture.
type output struct{ y, own estimate.Moments }

// outputOf simulates one purge and adds up what is asked for over the worlds.
func outputOf(ctx context.Context, m *worlds.Model, body int32, l *ledger, d *worlds.Draw) (*output, *worlds.Course, error) {
	hire := func() *output { return new(output) }
	return worlds.Together(ctx, worlds.NewPurges(m), d, hire, func(o *output, s *worlds.Seen) {
		y := measured(s, body, l.state)
		for lane, weight := range s.Worlds(everyWorld) {
			o.y.Add(float64(y[lane]), weight)
		}
		own := s.Damage(l.theirs)
		for lane, weight := range s.Worlds(everyWorld) {
			o.own.Add(float64(own[lane]), weight)
		}
	}, func(into, from *output) {
		into.y.Merge(from.y)
		into.own.Merge(from.own)
	})
}
