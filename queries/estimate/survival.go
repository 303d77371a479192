// Kaplan–Meier: how long something lasts, where some of it was last seen still lasting.
//
// Invariant: the curve falls from 1 and only at ends; what was only seen lasting counts among
// those at risk until then. Lower ≤ Median ≤ Upper.
// Source: Kaplan, Meier 1958, JASA 53:457; Greenwood 1926; Brookmeyer, Crowley 1982,
// Biometrics 38:29, for the interval of the median.
// Cost: O(n log n).

package estimate

import (
	"cmp"
	"math"
	"slices"
)

// Lasted is how long one thing lasted, in any unit: until its end, or until it was last
// seen lasting.
type Lasted struct {
	Time  float64
	Ended bool
}

// SurvivalStep is where the curve falls.
type SurvivalStep struct {
	Time          float64
	AtRisk, Ended int
	// Share that lasts longer, with Greenwood's standard error.
	Share, SE float64
}

// Survival is the estimate of Kaplan and Meier.
type Survival struct {
	// Lasted are all, Ended those of them that were seen to end.
	Lasted, Ended int
	Steps         []SurvivalStep
	// Median is the first time at which no more than half last on, +Inf where the curve
	// does not fall so far. Lower and Upper bound it: the first times at which the lower
	// and the upper limit of the curve, 95% on the logarithm of the share, are at a half.
	Median, Lower, Upper float64
}

// KaplanMeier estimates which share lasts how long:
//
//	S(t) = Π (1 − ended / at risk) over the times of ends up to t
//
// An end and a last sight at the same time: the end came first. Times are 0 or more. The
// limits of the curve are S · exp(±z · SE/S), at most 1, as those of R's survfit.
func KaplanMeier(of []Lasted) Survival {
	of = slices.Clone(of)
	slices.SortFunc(of, func(a, b Lasted) int { return cmp.Compare(a.Time, b.Time) })
	s := Survival{Lasted: len(of), Median: math.Inf(1), Lower: math.Inf(1), Upper: math.Inf(1)}
	share, spread := 1.0, 0.0 // spread is Greenwood's sum, the variance of log S
	for i := 0; i < len(of); {
		j, ended := i, 0
		for ; j < len(of) && of[j].Time == of[i].Time; j++ {
			if of[j].Ended {
				ended++
			}
		}
		if ended > 0 {
			risk := len(of) - i
			share *= 1 - float64(ended)/float64(risk)
			spread += float64(ended) / (float64(risk) * float64(risk-ended)) // +Inf where nothing lasts on
			s.step(SurvivalStep{Time: of[i].Time, AtRisk: risk, Ended: ended, Share: share}, math.Sqrt(spread))
			s.Ended += ended
		}
		i = j
	}
	return s
}

// step adds a step; relative is the standard error of the logarithm of its share.
func (s *Survival) step(at SurvivalStep, relative float64) {
	lower, upper := 0.0, 0.0
	if at.Share > 0 {
		at.SE = at.Share * relative
		lower, upper = at.Share*math.Exp(-Z95*relative), at.Share*math.Exp(Z95*relative)
	}
	s.Steps = append(s.Steps, at)
	for limit, first := range map[*float64]float64{&s.Lower: lower, &s.Median: at.Share, &s.Upper: upper} {
		// A share is a product of fractions: a half may come out a little above.
		if math.IsInf(*limit, 1) && first <= 0.5+1e-12 {
			*limit = at.Time
		}
	}
}
