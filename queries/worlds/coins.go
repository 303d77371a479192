// Coins: what is uncertain is drawn by independent events of given chances, 64 worlds at once.
//
// Invariant: a coin is a function of seed, block, tie and purpose. It falls the same whoever
// asks, however often and in whatever order, so that purges meet common random numbers.
// Source: splitmix64: Steele, Lea, Flood 2014, OOPSLA, 453; common random numbers: Glasserman,
// Yao 1992, Management Science 38:884; a chance compared digit by digit: Knuth, Yao 1976.
// Cost: 7 words a drawn coin of 64 worlds on average, O(1) an enumerated one.

package worlds

import (
	"math"
	"math/bits"

	"entangle/graph/projection"
)

// Generator names the coins: an answer can be repeated as long as the name is the same.
// Coins are finalisers of splitmix64 over a counter made of seed, block, tie and purpose.
const Generator = "splitmix64-counter/1"

// purpose keeps the coins of one tie apart.
type purpose uint64

const (
	existence  purpose = iota + 1
	rallyForth         // the tie's to-end rallies to its from-end
	rallyBack
	walkout
	defectForth // the tie's to-end follows its from-end
	defectBack
	following   // the tie follows the number that its source's ties share
	shared      // that number itself
	switchForth // the tie's to-end sides with the state against its from-end
	switchBack
	provoked // the holder of a stream rallies because it is cut
)

// coins gives the worlds of a block in which a coin falls.
type coins interface {
	// toss returns the worlds, one to a bit, in which an event of the given
	// chance (units of 2⁻³², above 0 and below 2³²) happens.
	toss(tie uint64, why purpose, chance uint64) uint64
	// latent returns the worlds in which the number that the ties of a source
	// share is under one of its levels.
	latent(l *latent, chance uint64) uint64
}

// sampled are independent coins.
type sampled struct{ key uint64 }

func sampledCoins(seed, block uint64) sampled {
	return sampled{key: mix(mix(seed^0x9e3779b97f4a7c15) + block*0xbf58476d1ce4e5b9)}
}

// toss compares 64 random binary fractions with the chance, digit by digit from the first,
// until every world is decided.
func (c sampled) toss(tie uint64, why purpose, chance uint64) uint64 {
	return c.among(allLanes, tie, why, chance)
}

// among is toss for the worlds of a mask only, of a chance that may be 0 or certain: the
// fewer they are the sooner all are decided.
func (c sampled) among(open, tie uint64, why purpose, chance uint64) uint64 {
	if chance == projection.Certain {
		return open
	}
	state := mix(c.key ^ tie + uint64(why)*0x94d049bb133111eb)
	happens := uint64(0)
	for digits := chance << 32; digits != 0 && open != 0; digits <<= 1 {
		state += 0x9e3779b97f4a7c15
		// A digit of the chance is as likely 0 as 1: a branch on it would be guessed wrong
		// every other time, and wait for longer than the draw takes.
		one := uint64(int64(digits) >> 63)
		decided := mix(state) ^ one
		happens |= open & decided & one
		open &^= decided
	}
	return happens
}

func mix(z uint64) uint64 {
	z = (z ^ z>>30) * 0xbf58476d1ce4e5b9
	z = (z ^ z>>27) * 0x94d049bb133111eb
	return z ^ z>>31
}

// coinKey names one coin.
type coinKey struct {
	tie uint64
	why purpose
}

// listing notes which coins a simulation asks for. Every coin falls in every world, so that
// what a run of a block that lets everything happen lists is all that any world asks for.
type listing struct {
	chances map[coinKey]uint64
	order   []coinKey
}

func newListing() *listing { return &listing{chances: map[coinKey]uint64{}} }

// maxListed bounds the coins of a listing; it stands for any larger number too.
const maxListed = 4096

func (l *listing) full() bool { return len(l.order) >= maxListed }

func (l *listing) toss(tie uint64, why purpose, chance uint64) uint64 {
	k := coinKey{tie, why}
	if _, ok := l.chances[k]; !ok && !l.full() {
		l.chances[k] = chance
		l.order = append(l.order, k)
	}
	return allLanes
}

// falling are coins that all fall: what happens with them over-approximates every world.
type falling struct{}

func (falling) toss(uint64, purpose, uint64) uint64 { return allLanes }
func (falling) latent(*latent, uint64) uint64       { return allLanes }

// enumerated gives world number w the assignment whose i-th coin is bit i of w.
type enumerated struct {
	bit   map[coinKey]int
	block uint64
	// missed is set where a world asks for a coin that was not listed.
	missed *bool
	// more, where not nil, lists such coins.
	more *listing
}

// enumerate numbers the coins listed.
func (l *listing) enumerate() enumerated {
	e := enumerated{bit: make(map[coinKey]int, len(l.order)), missed: new(bool)}
	for i, k := range l.order {
		e.bit[k] = i
	}
	return e
}

// weigher returns the probability of a world, the product over its coins, with the
// factors worked out for all worlds.
func (l *listing) weigher() func(world int64) float64 {
	factors := make([][2]float64, len(l.order))
	for i, k := range l.order {
		happens := math.Ldexp(float64(l.chances[k]), -32)
		factors[i] = [2]float64{1 - happens, happens}
	}
	return func(world int64) float64 {
		p := 1.0
		for i := range factors {
			p *= factors[i][world>>i&1]
		}
		return p
	}
}

// laneBits are the low six bits of the 64 worlds of a block.
var laneBits = [6]uint64{
	0xaaaaaaaaaaaaaaaa, 0xcccccccccccccccc, 0xf0f0f0f0f0f0f0f0,
	0xff00ff00ff00ff00, 0xffff0000ffff0000, 0xffffffff00000000,
}

func (e enumerated) toss(tie uint64, why purpose, chance uint64) uint64 {
	i, ok := e.bit[coinKey{tie, why}]
	if !ok {
		*e.missed = true
		if e.more != nil {
			e.more.toss(tie, why, chance)
		}
		return 0
	}
	if i < len(laneBits) {
		return laneBits[i]
	}
	return -(e.block >> (i - len(laneBits)) & 1)
}

// each calls f with the lane, 0–63, of every world in a mask, ascending.
func each(mask uint64, f func(world int)) {
	for ; mask != 0; mask &= mask - 1 {
		f(bits.TrailingZeros64(mask))
	}
}
