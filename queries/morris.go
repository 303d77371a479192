// Screening of parameters by elementary effects.
//
// Invariant: consecutive points of a trajectory differ in one parameter, by the same step.
// Source: Morris 1991, Technometrics 33:161; the mean of absolute effects (μ*): Campolongo,
// Cariboni, Saltelli 2007, Environ. Model. Softw. 22:1509.
// Cost: r(D + 1) runs for r trajectories and D parameters.

package queries

import (
	"cmp"
	"context"
	"fmt"
	"math"
	"math/rand/v2"
	"slices"

	"entangle/queries/estimate"
	"entangle/queries/worlds"
)

// Factor is an input that is varied over a range.
type Factor struct {
	Name      string
	Low, High float64
}

// Design says how inputs are varied.
type Design struct {
	Factors []Factor
	// Trajectories is the number of elementary effects of each factor, 2 or more.
	Trajectories int
	// Levels is the number of values a factor takes, evenly spaced from Low to High:
	// an even number, 2 or more.
	Levels int
	Seed   uint64
}

// Effect says how an output changes with one factor. Effects are scaled to the whole range
// of the factor, as if the output were linear in it.
type Effect struct {
	Factor
	// Mu is the mean of the elementary effects; MuStar that of their sizes, in which
	// rises and falls do not cancel out.
	//
	// Intervals cover the choice of trajectories. They are Student's t over those drawn,
	// never narrower than Wilson's interval for the share of them with more than the least
	// effect. Where all had the same effect both bounds equal it; they say nothing of parts
	// of the grid that no trajectory visited.
	Mu, MuStar estimate.Amount
	// Sigma is the standard deviation of the effects (over r − 1): 0 where the output is
	// linear in the factor and no other factor changes what it does. Its standard error
	// is that of the jackknife (Tukey 1958, Ann. Math. Stat. 29:614), its interval
	// Student's t with that.
	Sigma estimate.Amount
}

// Runs is the number of evaluations: r(D + 1).
func (d *Design) Runs() int { return d.Trajectories * (len(d.Factors) + 1) }

func (d *Design) check() error {
	switch {
	case len(d.Factors) == 0:
		return fmt.Errorf("%w: no parameter is varied", worlds.ErrInput)
	case d.Trajectories < 2 || d.Trajectories > MaxTrajectories:
		return fmt.Errorf("%w: %d trajectories (2 to %d)", worlds.ErrInput, d.Trajectories, MaxTrajectories)
	case d.Levels < 2 || d.Levels > maxLevels || d.Levels%2 != 0:
		return fmt.Errorf("%w: %d levels (an even number, 2 to %d)", worlds.ErrInput, d.Levels, maxLevels)
	}
	seen := map[string]bool{}
	for _, f := range d.Factors {
		switch {
		case !(f.Low < f.High) || math.IsInf(f.High-f.Low, 0):
			return fmt.Errorf("%w: %s from %g to %g: the range is empty", worlds.ErrInput, f.Name, f.Low, f.High)
		case seen[f.Name]:
			return fmt.Errorf("%w: %s is varied twice", worlds.ErrInput, f.Name)
		}
		seen[f.Name] = true
	}
	return nil
}

// MaxTrajectories and maxLevels bound a design.
const (
	MaxTrajectories = 1000
	maxLevels       = 64
)

// Morris screens the inputs of a function by elementary effects (Morris 1991,
// Technometrics 33:161; the mean of sizes is that of Campolongo, Cariboni, Saltelli
// 2007, Environmental Modelling & Software 22:1509). Each trajectory begins at a
// random point of the grid and moves one factor after the other, in random order, by
//
//	Δ = p / (2(p − 1))
//
// of its range, up or down. f is called r(D + 1) times, one after the other, with
// the values of the factors in their order; it must not keep them. Equal designs
// call it with equal values. The effects come with the largest MuStar first, then by
// name. It fails with ErrInput for a design that cannot be, with f's error and with
// ctx.Err().
func Morris(ctx context.Context, d Design, f func(ctx context.Context, x []float64) (float64, error)) ([]Effect, error) {
	if err := d.check(); err != nil {
		return nil, err
	}
	r := rand.New(rand.NewPCG(d.Seed, 0x6d6f72726973)) //nolint:gosec // a design has to be repeatable
	size := len(d.Factors)
	found := make([][]float64, size)
	start, up, x := make([]int, size), make([]bool, size), make([]float64, size)
	half := d.Levels / 2
	put := func(i, level int) {
		q := float64(level) / float64(d.Levels-1)
		x[i] = d.Factors[i].Low*(1-q) + d.Factors[i].High*q
	}
	for range d.Trajectories {
		for i := range size {
			start[i], up[i] = r.IntN(half), r.IntN(2) == 0
			if !up[i] {
				start[i] += half
			}
			put(i, start[i])
		}
		last, err := f(ctx, x)
		if err != nil {
			return nil, err
		}
		for _, i := range r.Perm(size) {
			if err := ctx.Err(); err != nil {
				return nil, err
			}
			step := half
			if !up[i] {
				step = -half
			}
			put(i, start[i]+step)
			y, err := f(ctx, x)
			if err != nil {
				return nil, err
			}
			found[i] = append(found[i], (y-last)*float64(d.Levels-1)/float64(step))
			last = y
		}
	}
	effects := make([]Effect, size)
	for i, list := range found {
		effects[i] = effectOf(d.Factors[i], list)
	}
	slices.SortStableFunc(effects, func(a, b Effect) int {
		return cmp.Or(-cmp.Compare(a.MuStar.Value, b.MuStar.Value), cmp.Compare(a.Name, b.Name))
	})
	return effects, nil
}

func effectOf(f Factor, list []float64) Effect {
	var signed, sizes estimate.Moments
	for _, v := range list {
		signed.Add(estimate.Round(v), 1)
		sizes.Add(estimate.Round(math.Abs(v)), 1)
	}
	return Effect{Factor: f, Mu: meanEffect(&signed, math.Inf(-1)), MuStar: meanEffect(&sizes, 0), Sigma: deviation(list)}
}

// meanEffect is a mean over trajectories, of which none is less than low.
func meanEffect(m *estimate.Moments, low float64) estimate.Amount {
	if m.Constant() {
		return estimate.Exact(m.Mean())
	}
	return m.Amount(false, low, math.Inf(1)).Rounded()
}

// deviation is the standard deviation of numbers.
func deviation(list []float64) estimate.Amount {
	n := float64(len(list))
	mean, squares := 0.0, 0.0
	for _, v := range list {
		mean += v / n
	}
	for _, v := range list {
		squares += (v - mean) * (v - mean)
	}
	var without estimate.Moments // one of the numbers left out
	for _, v := range list {
		rest := 0.0
		if n > 2 {
			rest = math.Sqrt(max(0, squares-(v-mean)*(v-mean)*n/(n-1)) / (n - 2))
		}
		without.Add(rest, 1)
	}
	sigma := math.Sqrt(squares / (n - 1))
	if sigma < 1e-9 {
		return estimate.Amount{}
	}
	a := estimate.Amount{Value: sigma, SE: math.Sqrt((n - 1) * without.Variance())}
	if n == 2 { // nothing can be left out: one difference tells no more than that there is one
		a.SE = sigma
	}
	half := estimate.Student95(n-1) * a.SE
	a.Low, a.High = max(0, sigma-half), sigma+half
	return a.Rounded()
}
