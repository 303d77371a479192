package main

import (
	"context"
	"math"
	"math/rand/v2"
	"slices"

	"entangle/queries"
	"entangle/queries/estimate"
)

// The answers about counts and about the screening of a function.
type (
	counted  struct{ Count, Of int }
	interval struct{ Low, High float64 }
	split    struct{ B, C int } // worlds in which only the first, only the second fractured
	test     struct {
		P     float64
		Exact bool
	}
	screening struct {
		Names  []string
		Bounds [][2]float64
		Levels int
		X      [][]float64 // where the function was called, trajectory by trajectory
		Y      []float64
	}
	effect struct {
		Name              string
		Mu, MuStar, Sigma float64
	}
)

func ofStatistics(ctx context.Context, d *document, _ int) error {
	r := rand.New(rand.NewPCG(d.Seed, 2)) //nolint:gosec // repeatable by design, no secret
	for _, c := range []counted{{0, 10}, {7, 50}, {10, 10}, {1, 4096}, {4095, 4096}, {0, 1}} {
		if err := wilson(d, c); err != nil {
			return err
		}
	}
	for range 40 {
		n := 1 + r.IntN(5000)
		if err := wilson(d, counted{r.IntN(n + 1), n}); err != nil {
			return err
		}
	}
	for b := range 25 {
		for _, c := range []int{0, r.IntN(25), r.IntN(200)} {
			t := estimate.McNemar(b, c)
			if err := add(d, "McNemar", "", split{b, c}, test{t.P, t.Exact}); err != nil {
				return err
			}
		}
	}
	for _, freedom := range []float64{1, 2, 5, 12, 30, 31, 45.5, 63, 127, 1023, 4095, float64(1 + r.IntN(100_000))} {
		if err := add(d, "Student", "", freedom, estimate.Student95(freedom)); err != nil {
			return err
		}
	}
	return ishigami(ctx, d)
}

func wilson(d *document, c counted) error {
	e := estimate.Wilson(c.Count, c.Of)
	return add(d, "Wilson", "", c, interval{e.Low, e.High})
}

// ishigami screens Ishigami and Homma's function (1990), sin x₁ + 7 sin² x₂ + 0.1 x₃⁴ sin x₁,
// and writes down where it was called.
func ishigami(ctx context.Context, d *document) error {
	design := queries.Design{Trajectories: 50, Levels: 4, Seed: d.Seed}
	in := screening{Levels: design.Levels}
	for _, name := range []string{"x1", "x2", "x3"} {
		design.Factors = append(design.Factors, queries.Factor{Name: name, Low: -math.Pi, High: math.Pi})
		in.Names, in.Bounds = append(in.Names, name), append(in.Bounds, [2]float64{-math.Pi, math.Pi})
	}
	found, err := queries.Morris(ctx, design, func(_ context.Context, x []float64) (float64, error) {
		y := math.Sin(x[0]) + 7*math.Pow(math.Sin(x[1]), 2) + 0.1*math.Pow(x[2], 4)*math.Sin(x[0])
		in.X, in.Y = append(in.X, slices.Clone(x)), append(in.Y, y)
		return y, nil
	})
	if err != nil {
		return err
	}
	var effects []effect
	for _, e := range found {
		effects = append(effects, effect{e.Name, e.Mu.Value, e.MuStar.Value, e.Sigma.Value})
	}
	return add(d, "Morris", "", in, effects)
}
