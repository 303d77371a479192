package queries

import (
	"maps"
	"slices"
)

// Spread describes how a number of institutions varies over the worlds.
type Spread struct {
	Mean float64
	// SE is the standard error of a sampled mean, 0 of an exact one; Low and High
	// bound its 95% interval, as those of an Amount do.
	SE, Low, High float64
	// Quantiles of the number itself.
	Q05, Q50, Q95 int
}

// spreadOf describes a number that varies over the worlds, as number → weight; most
// is the largest that it can be.
func spreadOf(numbers map[int]float64, exact bool, most int) Spread {
	var m moments
	ordered := slices.Sorted(maps.Keys(numbers))
	for _, n := range ordered {
		m.add(float64(n), numbers[n])
	}
	at := func(q float64) int {
		sum := 0.0
		for _, n := range ordered {
			sum += numbers[n]
			if sum >= q*m.weight {
				return n
			}
		}
		return 0
	}
	a := m.amount(exact, 0, float64(most))
	return Spread{Mean: a.Value, SE: a.SE, Low: a.Low, High: a.High, Q05: at(0.05), Q50: at(0.5), Q95: at(0.95)}
}
