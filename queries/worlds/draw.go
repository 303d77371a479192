// How a question goes through worlds: all 2ᵏ of k coins, or a sample.
//
// Invariant: an exact answer has met no coin that was not among the k; the last pass alone
// counts.
// Source: Ke, Khan, Lim 2019, PVLDB 12:864 (worlds of an uncertain graph, sampled); Glasserman,
// Yao 1992, Management Science 38:884 (common random numbers).
// Cost: Samples worlds, or 2ᵏ; an exact answer takes at most MaxExact + 1 passes, since each
// pass that is not the last finds another coin.

package worlds

import (
	"fmt"
	"math/bits"
	"runtime"
	"slices"
)

// Method says how an answer was reached.
type Method string

// The methods.
const (
	// Sampled: worlds were drawn; probabilities have an interval.
	Sampled Method = "SAMPLED"
	// Exact: every world was gone through; probabilities are exact.
	Exact Method = "EXACT"
	// Auto: exact where that takes about as long as to draw, sampled else. That is
	// where at most MaxExact coins matter and there are at most exactWorth times as
	// many worlds of them as would be drawn.
	Auto Method = "AUTO"
)

const (
	// MaxExact is the number of coins up to which every world is gone through.
	MaxExact = 20
	// MaxSamples bounds the worlds of one question.
	MaxSamples = 1 << 24

	// exactWorth is how many worlds Auto goes through one by one in place of one that it
	// would draw. Where every world can be gone through few ties are uncertain, so that a
	// world costs that much less: some 0.2 to 1 µs, where one that is drawn in the
	// sample of Iraq costs 5.5 (bench/price).
	exactWorth = 8
)

// Draw says how a question goes through worlds: every one, or so many that are drawn at
// random. Where it simulates several purges all of them meet the same worlds, so that the
// differences between them are those of the purges, not of the draw.
type Draw struct {
	// Method is Auto where empty.
	Method Method
	// Samples is the number of worlds that are drawn, at most MaxSamples; where it is 0
	// the question's default is taken.
	Samples int
	// Seed chooses the worlds: the same seed gives the same answer.
	Seed uint64
	// Workers is the number of goroutines, one a processor where 0. It never
	// changes the answer.
	Workers int
	// Progress, where not nil, is called after each purge of a block with the worlds
	// done, of which a purge counts as its part. It is called from any goroutine, never
	// after the question has returned.
	Progress func(done, total int)
}

// Check fills the defaults in, of which samples is the question's own. It fails with
// ErrInput for an unknown method or a number of samples out of range.
func (d *Draw) Check(samples int) error {
	if d.Method == "" {
		d.Method = Auto
	}
	if d.Samples == 0 {
		d.Samples = samples
	}
	switch {
	case !slices.Contains([]Method{Auto, Sampled, Exact}, d.Method):
		return fmt.Errorf("%w: method %q (AUTO, SAMPLED or EXACT)", ErrInput, d.Method)
	case d.Samples < 1 || d.Samples > MaxSamples:
		return fmt.Errorf("%w: %d samples (1 to %d)", ErrInput, d.Samples, MaxSamples)
	}
	return nil
}

// refused is the error, an ErrInput, of an exact answer that is asked for where more than
// that many coins matter.
func refused(most int) error {
	return fmt.Errorf("%w: method EXACT: more than %d uncertain ties and responses matter; ask for AUTO or SAMPLED", ErrInput, most)
}

// space is the space of worlds of a question: the coins in which they differ.
type space struct {
	// list asks for every coin that may matter.
	list func(coins)
	// known, where not nil, are these coins, listed already. Where it is nil an exact answer
	// starts from no coin and finds those that some world asks for.
	known *listing
	// most, where not 0, is a number of coins up to which every world is gone through that is
	// lower than what the draw allows.
	most int
}

// throughWorlds makes a pass over every world where the draw allows it and the coins are few
// enough, else over a sample. A pass goes through the worlds of a plan as often as it wants.
// Which coins matter depends on how others fall, so that no single world lists them: a
// pass in which some world asked for a coin that was not known is repeated with the coin,
// and its result dropped.
func throughWorlds[R any](d *Draw, sp *space, pass func(p *plan) (R, error)) (R, error) {
	if d.Method != Sampled {
		l := sp.known
		if l == nil {
			l = newListing()
		}
		most := d.most()
		if sp.most > 0 {
			most = min(most, sp.most)
		}
		for len(l.order) <= most {
			p := d.everyWorld(l)
			r, err := pass(p)
			if err != nil || !p.halted() {
				return r, err
			}
		}
		if d.Method == Exact {
			return *new(R), refused(MaxExact)
		}
	}
	return pass(d.someWorlds(sp))
}

// most is the number of coins up to which every world is gone through.
func (d *Draw) most() int {
	if d.Method == Exact {
		return MaxExact
	}
	return min(MaxExact, bits.Len(uint(exactWorth*d.Samples))-1)
}

// everyWorld is the plan of all worlds of the coins listed. Coins that are asked for beside
// are added to the list. The order of worlds is fixed: there is one worker.
func (d *Draw) everyWorld(l *listing) *plan {
	known := len(l.order)
	e := l.enumerate()
	e.more = l
	return &plan{
		exact: true, worlds: 1 << known, workers: 1, weight: l.weigher(), matter: known,
		progress: newProgress(1<<known, d.Progress),
		coins:    func(block uint64) coins { e.block = block; return e },
		halt:     func() bool { return len(l.order) > known },
	}
}

// someWorlds is the plan of a sample.
func (d *Draw) someWorlds(sp *space) *plan {
	workers := d.Workers
	if workers <= 0 {
		workers = runtime.GOMAXPROCS(0)
	}
	l := sp.known
	if l == nil {
		l = newListing()
		sp.list(l)
	}
	return &plan{
		worlds: int64(d.Samples), workers: workers, matter: len(l.order),
		progress: newProgress(int64(d.Samples), d.Progress),
		coins:    func(block uint64) coins { return sampledCoins(d.Seed, block) },
	}
}

// ForSearch decides how a search goes through worlds: through every one where at most so many
// coins matter to the widest purge, else through so many samples. It returns the draw of the
// search, and with a fresh seed that of the estimates of what it finds. It fails with ErrInput
// where an exact answer is asked for and more coins matter.
func (d *Draw) ForSearch(widest *Model, coins, samples int) (search, fresh Draw, err error) {
	search, fresh = *d, *d
	matter := widest.Coins()
	switch {
	case d.Method == Sampled || d.Method == Auto && matter > coins:
		search.Method, fresh.Method = Sampled, Sampled
	case matter > coins:
		return search, fresh, refused(coins)
	default:
		search.Method, fresh.Method = Exact, Exact
	}
	search.Samples = samples
	fresh.Seed = FreshSeed(d.Seed)
	return search, fresh, nil
}

// FreshSeed is the seed of the worlds in which a choice is judged that was made in the
// worlds of seed. It is far from seed, so that a question with the next seed does not search
// the worlds in which this one judged. It is below 2³¹, so that GraphQL can carry it.
func FreshSeed(seed uint64) uint64 { return mix(seed+0x5bd1e995) >> 33 }
