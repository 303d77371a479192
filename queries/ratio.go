package queries

import "math"

// ratio adds up two numbers of the worlds, of which the one is a part of the other.
type ratio struct {
	part, whole, squares, cross, wholes float64
	// worlds with a whole, with a part, with less than the whole.
	worlds, some, less float64
}

func (r *ratio) add(part, whole, weight float64) {
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

func (r *ratio) merge(o ratio) {
	r.part += o.part
	r.whole += o.whole
	r.squares += o.squares
	r.cross += o.cross
	r.wholes += o.wholes
	r.worlds += o.worlds
	r.some += o.some
	r.less += o.less
}

// amount is the share of the parts in the wholes, 0 without any; see Defaults.Share.
func (r *ratio) amount(exact bool) Amount {
	switch {
	case r.whole == 0 && exact:
		return Amount{}
	case r.whole == 0:
		return Amount{High: 1}
	case exact:
		return exactAmount(r.part / r.whole)
	}
	share, n := r.part/r.whole, r.worlds
	rest := max(0, r.squares-2*share*r.cross+share*share*r.wholes)
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
	return a.rounded()
}
