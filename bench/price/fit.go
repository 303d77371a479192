package main

import (
	"errors"
	"fmt"
	"io"
	"math"
	"strconv"

	"entangle/queries"
)

const (
	// within is how far a measured time may be from its price, as a factor.
	within = 4
	// counted is from how many units on it is looked at: ten milliseconds.
	counted = 100
	// better is by how much a larger a has to make the fit better to be taken.
	better = 1.1
)

var errOff = errors.New("some price is more than a factor of four off: put the numbers that were fitted into queries.Questions")

// fit finds the numbers with the least factor by which any time over ten milliseconds is off
// its price. A shorter time counts where its price is over four times that.
func fit(list []measured) (a, b, off float64) {
	off = math.Inf(1)
	worst := func(a, b, bound float64) float64 {
		most := 1.0
		for _, m := range list {
			price, units := a+b*m.factor, m.units
			if units < counted {
				if price < within*counted {
					continue
				}
				units = counted
			}
			if most = max(most, price/units, units/price); most >= bound {
				break
			}
		}
		return most
	}
	const steps, decades = 40, 12
	for i := -1; i < 6*steps; i++ {
		base := 0.0
		if i >= 0 {
			base = math.Pow(10, float64(i)/steps-1)
		}
		found, at := off, 0.0
		for j := range decades * steps {
			rate := math.Pow(10, float64(j)/steps-8)
			if w := worst(base, rate, found); w < found {
				found, at = w, rate
			}
		}
		if found*better < off {
			a, b, off = base, at, found
		}
	}
	return a, b, off
}

// table prints what was fitted and measured.
func table(w io.Writer, list []measured) error {
	fmt.Fprint(w, "| question | a, fitted | b, fitted | off | a, in the table | b, in the table |\n|---|---|---|---|---|---|\n")
	for _, row := range queries.Questions() {
		var of []measured
		for _, m := range list {
			if m.row.Name == row.Name {
				of = append(of, m)
			}
		}
		if of == nil {
			continue
		}
		a, b, off := fit(of)
		fmt.Fprintf(w, "| `%s` | %s | %s | %.1f | %s | %s |\n", row.Name, short(a), short(b), off, short(row.Base), short(row.Rate))
	}
	fmt.Fprint(w, "\n| question | of | asked | worlds × runs | ms of processor | price, ms | measured ÷ price |\n|---|---|---|---|---|---|---|\n")
	off := false
	for _, m := range list {
		ratio, note := m.units/m.cost.Units, ""
		if m.units > counted && (ratio > within || ratio < 1.0/within) {
			off, note = true, " **off**"
		}
		fmt.Fprintf(w, "| `%s` | %s | %s | %s | %s | %s | %.2f%s |\n", m.row.Name, m.place, m.name, short(m.cost.Drawn+m.cost.Exact),
			short(m.units/10), short(m.cost.Units/10), ratio, note)
	}
	if off {
		return errOff
	}
	return nil
}

// short writes a number with two digits that count.
func short(x float64) string {
	if x == 0 {
		return "0"
	}
	digits := max(0, 1-int(math.Floor(math.Log10(math.Abs(x)))))
	return strconv.FormatFloat(math.Round(x*math.Pow(10, float64(digits)))/math.Pow(10, float64(digits)), 'f', -1, 64)
}
