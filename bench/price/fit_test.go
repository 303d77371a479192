package main

import (
	"errors"
	"math"
	"strings"
	"testing"

	"entangle/queries"
)

// TestFit: what was made by two numbers gives them back, or is as near to them.
func TestFit(t *testing.T) {
	var list []measured
	for _, factor := range []float64{1, 10, 100, 1000, 10_000} {
		list = append(list, measured{factor: factor, units: 200 + 3*factor})
	}
	a, b, off := fit(list)
	if math.Abs(a/200-1) > 0.2 || math.Abs(b/3-1) > 0.2 || off > 1.1 {
		t.Errorf("a %g, b %g, off %g; want 200, 3 and 1", a, b, off)
	}
	// Without anything that is there once, a is nothing.
	for i := range list {
		list[i].units = 3 * list[i].factor
	}
	if a, b, _ := fit(list); a != 0 || math.Abs(b/3-1) > 0.1 {
		t.Errorf("a %g, b %g; want 0 and 3", a, b)
	}
}

// TestTableSaysWhatIsOff: a time over ten milliseconds that is more than four times its price
// fails, or less than a quarter of it; a shorter one does not.
func TestTableSaysWhatIsOff(t *testing.T) {
	row, _ := queries.QuestionNamed("purge")
	for _, tt := range []struct {
		units, price float64
		off          bool
	}{{399, 100, false}, {401, 100, true}, {401, 1600, false}, {399, 1600, true}, {99, 1600, false}, {99, 1, false}} {
		var out strings.Builder
		err := table(&out, []measured{{row: row, place: "here", name: "so", factor: 1, units: tt.units, cost: queries.Cost{Units: tt.price}}})
		if errors.Is(err, errOff) != tt.off || strings.Contains(out.String(), "**off**") != tt.off {
			t.Errorf("%g units of a price of %g: %v\n%s", tt.units, tt.price, err, out.String())
		}
	}
}
