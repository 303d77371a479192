// Ratio gives the share of a part in a whole, where both vary over worlds.
//
// Invariant: 0 ≤ part ≤ whole in each world; worlds without a whole say nothing.
// Source: Cochran 1977, Sampling Techniques, 6.3 (the ratio estimator).
// Cost: O(1) a world and for the interval.

package estimate

import "math"

// Ratio adds up two numbers of the worlds, of which the one is a part of the other. The
// zero Ratio is that of no worlds.
type Ratio struct {
	part, whole, squares, cross, wholes float64
	// worlds with a whole, with a part, with less than the whole.
	worlds, some, less float64
}

// Add takes note of a world of some weight, 1 if it was drawn, with 0 ≤ part ≤ whole.
func (r *Ratio) Add(part, whole, weight float64) {
	if whole == 0 {
		return
	}
	r.part += weight * part
	r.whole += weight * whole
	r.squares += weight * part * part
	r.cross += weight * part * whole
	r.wholes += weight * whole * whole
	r.worlds += weight
	if part > 0 {
		r.some += weight
	}
	if part < whole {
		r.less += weight
	}
}

// Merge adds the worlds of another worker.
func (r *Ratio) Merge(o Ratio) {
	r.part += o.part
	r.whole += o.whole
	r.squares += o.squares
	r.cross += o.cross
	r.wholes += o.wholes
	r.worlds += o.worlds
	r.some += o.some
	r.less += o.less
}

// Amount is the share of the parts in the wholes, R = Σ part / Σ whole, 0 without any. As
// a ratio of means its standard error over the n worlds with a whole is that of its linear
// part,
//
//	√(Σ (part − R·whole)² / (n (n − 1))) / mean(whole)
//
// and its interval that of [Student95], never narrower than Wilson's for the share of
// those worlds that have a part, and for the share of those that have less than the whole.
// Where all worlds had the same share, one that was not drawn may still have any: it has at
// most the chance that zero of n leaves open.
func (r *Ratio) Amount(exact bool) Amount {
	switch {
	case r.whole == 0 && exact:
		return Amount{}
	case r.whole == 0:
		return Amount{High: 1}
	case exact:
		return Exact(r.part / r.whole)
	}
	share, n := r.part/r.whole, r.worlds
	rest := max(0, r.squares-2*share*r.cross+share*share*r.wholes)
	if rest <= 1e-12*r.wholes {
		unseen := Wilson(0, int(n)).High
		return Amount{Value: share, Low: share - unseen*share, High: share + unseen*(1-share)}.Rounded()
	}
	a := Amount{Value: share, SE: math.Sqrt(rest/n/max(1, n-1)) / (r.whole / n)}
	half := Student95(n-1) * a.SE
	some, less := Wilson(int(r.some), int(n)), Wilson(int(r.less), int(n))
	high, low := some.High, less.High // of the share, and of the rest of it
	if r.some > 0 {
		high = share * some.High / some.P
	}
	if r.less > 0 {
		low = (1 - share) * less.High / less.P
	}
	a.Low, a.High = max(0, min(share-half, 1-low)), min(1, max(share+half, high))
	return a.Rounded()
}
