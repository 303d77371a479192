// Waves of defection in which many are lost are worked out from those who may leave.
//
// There it costs less to ask everyone who is still there whether one of those whom he would follow
// is among the lost than to go from each who is lost to all who may follow: bonds and coins
// are read in the order of memory, and whoever has no more reason to leave in any world is not
// asked.
//
// Invariant: a coin does not depend on who tosses it, so that pull and push lose the same.
// Source: search in breadth that changes between push and pull: Beamer, Asanović, Patterson
// 2012, SC '12, doi:10.1109/SC.2012.50.
// Cost: O(persons + bonds of those still asked) a wave; O(persons + bonds) memory.

package worlds

import (
	"math/bits"

	"entangle/graph"
	"entangle/graph/projection"
)

// pullState is what a block keeps for the waves that it pulls.
type pullState struct {
	*projection.Pulls
	// news are the worlds in which a person was lost in the wave before.
	news []uint64
	// coins are those of the pulls, of nodes whose stamp is that of the block's coins.
	coins  []uint64
	wishes []wish
	// on: the last wave was pulled. lost counts what was lost before it, in all worlds.
	on   bool
	lost int
}

// wish is whether, and in which worlds, a node that may leave would do so.
type wish struct {
	// would are the worlds in which it would follow somebody.
	would uint64
	stamp uint32
}

// crowdPart: one of so many of all persons, lost in one wave, make a crowd. It was measured.
const crowdPart = 32

// crowdWorlds is the number of worlds in which each of a crowd is lost, on average.
const crowdWorlds = 16

// crowded says whether to pull: whether a crowd was lost in the wave before, in so many worlds
// that most coins are needed sooner or later, and waves grew while it gathered. A purge that
// dies out needs few coins. Where other purges meet the same coins pushing keeps them, by
// the person who is lost, and is the better way.
func (b *block) crowded() bool {
	if !b.m.Params.Defection || !b.samples || b.trace != nil || b.repeated {
		return false
	}
	p, lost := &b.pulls, BlockSize*len(b.news) // at most
	if len(b.news) >= b.m.Crowd {
		lost = 0
		for _, node := range b.news {
			lost += bits.OnesCount64(b.nodes[node].changed[b.parity^1])
		}
	}
	p.on = b.m.Crowd == 0 || len(b.news) >= b.m.Crowd && (p.on || lost > p.lost && lost > crowdWorlds*b.m.Crowd)
	p.lost = lost
	if !p.on {
		return false
	}
	if p.Pulls == nil {
		p.Pulls = b.snap.Pulls()
		_, persons := b.snap.Range(graph.Person)
		p.news = make([]uint64, persons)
		p.coins = make([]uint64, p.Len())
		p.wishes = make([]wish, p.Nodes())
	}
	return true
}

// pull lets persons leave, and groups join, after the persons lost in the wave before.
func (b *block) pull() {
	p := &b.pulls
	for node := range p.Nodes() {
		if node%(ahead*ahead) == 0 && b.ended() {
			break
		}
		mask := b.pulled(node)
		if mask == 0 {
			continue
		}
		why := cause{tie: none, from: none} // nothing is traced
		if b.snap.Kind(node) == graph.Person {
			b.lose(node, mask, why)
		} else {
			b.rally(node, mask, why)
		}
	}
	for _, node := range b.news {
		if int(node) < len(p.news) {
			p.news[node] = 0
		}
	}
}

// pulled returns the worlds in which a node that is not lost leaves after somebody who is.
func (b *block) pulled(node int32) (mask uint64) {
	p := &b.pulls
	who := &p.wishes[node]
	met := who.stamp == b.coinStamp
	open := ^b.nodes[node].lost
	if met {
		open &= who.would
	}
	if open == 0 {
		return 0
	}
	from := p.From(node)
	if !met {
		some := uint64(0)
		for _, person := range from {
			some |= p.news[person]
		}
		if some&open == 0 {
			return 0
		}
		b.ask(node, who)
	}
	first := p.First(node)
	for i, coin := range p.coins[first : first+len(from)] {
		mask |= p.news[from[i]] & coin
	}
	return mask & open
}

// ask draws the coins of whom a node would follow.
func (b *block) ask(node int32, who *wish) {
	first, bonds := b.pulls.First(node), b.pulls.Of(node)
	coins := b.pulls.coins[first : first+len(bonds)]
	who.stamp, who.would = b.coinStamp, 0
	for i := range bonds {
		coins[i] = b.defects(allLanes, &bonds[i])
		who.would |= coins[i]
	}
}
