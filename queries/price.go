package queries

import (
	"fmt"
	"math"
	"strconv"
	"strings"

	"entangle/queries/worlds"
)

// What a question costs:
//
//	price = a + b × worlds × runs × (ties of the picture / 10,000)
//
// with the worlds of each run, and a block of them for what comes before it, with a and b of
// its row, in units of a tenth of a millisecond of processor time. They are fitted by
// bench/price. A question without worlds counts one of them.

// tiesPriced is the number of ties that a rate is for.
const tiesPriced = 10_000

// exactTies bounds the ties that a world of an exact answer counts: where every world can
// be gone through, at most MaxExact coins matter, and what has none is worked out once a
// block.
const exactTies = 100

// tableShare is how many sets a frontier's table judges for what a purge of one costs.
const tableShare = 512

// tiesMeasure is the number of ties for which there is at most one measure.
const tiesMeasure = 10

// Size is what a price needs to know of a picture.
type Size struct {
	Ties, Groups int
	// Armed groups: those of the type ArmedType.
	Armed int
}

// Cost is what asking comes to, and what makes it so dear.
type Cost struct {
	// Units of a tenth of a millisecond of processor time, at least one.
	Units float64
	worlds.Work
	Ties int
}

// String says what a cost is made of.
func (c Cost) String() string {
	var of []string
	if c.Drawn > 1 {
		of = append(of, grouped(c.Drawn)+" worlds drawn")
	}
	if c.Exact > 0 {
		of = append(of, grouped(c.Exact)+" worlds of an exact answer")
	}
	if of == nil {
		of = []string{"a look at the picture"}
	}
	return fmt.Sprintf("%s, in %s ties", strings.Join(of, " and "), grouped(float64(c.Ties)))
}

// grouped writes a whole number with commas.
func grouped(x float64) string {
	digits := strconv.FormatFloat(math.Round(x), 'f', -1, 64)
	for i := len(digits) - 3; i > 0; i -= 3 {
		digits = digits[:i] + "," + digits[i:]
	}
	return digits
}

// Cost prices an input, of the type that Default returns, for a picture of a size.
func (q Question) Cost(in any, of Size) Cost {
	c := Cost{Work: q.work(in, of), Ties: of.Ties}
	scale := float64(max(of.Ties, 1)) / tiesPriced
	c.Units = max(1, q.Base+q.Rate*(c.Drawn*scale+c.Exact*min(scale, float64(exactTies)/tiesPriced)))
	return c
}

// working is an input that knows how many worlds it goes through; any other counts one.
type working interface{ work(of Size) worlds.Work }

func workOf[In any](in any, of Size) worlds.Work {
	typed, ok := in.(In)
	if w, works := any(&typed).(working); ok && works {
		return w.work(of)
	}
	return worlds.Work{Drawn: 1}
}

func (in *PurgeInput) work(Size) worlds.Work   { return in.Work(1, DefaultSamples) }
func (in *CompareInput) work(Size) worlds.Work { return in.Work(2, DefaultSamples) }
func (in *VerifyInput) work(Size) worlds.Work  { return in.Work(2, DefaultSamples) }

func (in *FootholdsInput) work(Size) worlds.Work { return in.Work(1, DefaultSamples) }

func (in *EntanglementInput) work(of Size) worlds.Work {
	return in.Work(float64(chosen(len(in.Groups), of.Groups)), ManySamples)
}

// A purge for each set of targets, or for each place in the orders that are drawn. These are
// fewer, yet one target more never costs less.
func (in *AttributionInput) work(Size) worlds.Work {
	k := len(in.Targets)
	purges := math.Exp2(float64(min(k, MaxSubsets)))
	if k > MaxSubsets {
		purges = max(purges, float64(4*k))
	}
	return in.Work(purges, DefaultSamples)
}

func (in *SensitivityInput) work(Size) worlds.Work {
	factors := len(in.Factors)
	if factors == 0 {
		factors = len(DefaultFactors())
	}
	draw := in.Draw
	if draw.Method != worlds.Exact { // AUTO is exact only where no coin matters
		draw.Method = worlds.Sampled
	}
	return draw.Work(float64(max(in.Trajectories, 1)*(factors+1)), ManySamples)
}

// A purge for each set of groups, or for each of them and the table of all sets, or for the
// steps of a search; and the points of the curve.
func (in *FrontierInput) work(of Size) worlds.Work {
	k := float64(chosen(len(in.Groups), of.Armed))
	simulated := math.Exp2(min(k, maxSimulated))
	searched := simulated + (math.Exp2(min(k, worlds.MaxExhaustive))-simulated)/tableShare
	if k > worlds.MaxExhaustive {
		searched += 2 * float64(max(in.Beam, 1)) * k * k
	}
	return workOfSearch(&in.Draw, in.Search, searched, min(math.Exp2(k), maxPoints))
}

// A purge for each state that differs, which targets are done and which of the last stages
// is not made good yet, within the budget; each stage is judged, in the order given too.
func (in *StageInput) work(Size) worlds.Work {
	k := len(in.Targets)
	states := math.Exp2(float64(min(k, 30)))
	longest := in.Recovery
	for _, n := range in.RecoveryByType {
		longest = max(longest, n)
	}
	for range min(longest, k) - 1 {
		states *= float64(k)
	}
	return workOfSearch(&in.Draw, in.Search, min(states, float64(max(in.Budget, 1)))+float64(k), 2*float64(k)+1)
}

// A purge for each measure alone, of which there are at most one for some ties, and for each
// set of at most so many of those that help most; beyond three the sets are grown.
func (in *InsureInput) work(of Size) worlds.Work {
	alone := min(maxAlone, 1+of.Ties/tiesMeasure)
	tried := float64(min(maxOptions, alone))
	sets, choose := 1+float64(alone), tried
	for i := 2; i <= min(in.Size, exhaustiveSize); i++ {
		choose *= max(tried-float64(i)+1, 0) / float64(i)
		sets += choose
	}
	sets += tried * float64(max(in.Size-exhaustiveSize, 0))
	return workOfSearch(&in.Draw, in.Search, sets, 2*float64(max(in.Size, 0))+1)
}

// A world is spread in once; a round of the search for paths costs as some of them.
func (in *PathsInput) work(Size) worlds.Work {
	hops := float64(max(in.MaxHops, 1))
	of := in.Work(1, DefaultSamples)
	of.Drawn += 16 * float64(max(in.Limit, 1)) * hops * hops
	return of
}

// workOfSearch is that of a search by so many purges in its own worlds, and of as many that
// judge what it found. It goes through every world where few coins matter.
func workOfSearch(d *worlds.Draw, search int, searched, judged float64) worlds.Work {
	var w worlds.Work
	if d.Method != worlds.Exact {
		w.Drawn = searched*float64(max(search, 1)) + judged*float64(max(d.Samples, 1))
	}
	if d.Method != worlds.Sampled {
		w.Exact = (searched + judged) * (1 << maxSearched)
	}
	return w
}

// chosen is how many were named, or all.
func chosen(named, all int) int {
	if named > 0 {
		return named
	}
	return max(all, 1)
}
