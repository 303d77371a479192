// A model: what a purge needs of a snapshot, worked out once.
//
// Invariant: once the first block runs nothing of a model changes, so that workers share it.

package worlds

import (
	"entangle/graph"
	"entangle/graph/projection"
)

// Model is what a purge needs of a snapshot. All workers share it. What is listed by
// institution is so by the number of its node less FirstBody.
type Model struct {
	Snapshot *projection.Snapshot
	Params   Params
	// Targets are the nodes that are struck: groups, persons and posts.
	Targets []int32

	// Alternatives lists the ties of each set of contradicting claims, by the set.
	Alternatives [][]int32
	desks        *desks
	lines        *lineGraph
	// Needs are the requirements by institution and support, in parts per million.
	Needs [][SupportCount]limits
	// Leading is the number of posts that run an institution, at least 1 where it is not
	// stated.
	Leading []int64
	// Headcount is the strength of an institution in persons, stated or prior.
	Headcount []int64

	// FirstBody is the node of the first institution.
	FirstBody int32
	loyal     bool // some institution is loyal to somebody

	latents     []latent // by source, nil where ties are independent
	firstSource int32

	// Guards are the nodes that a measure protects, by node, nil for none: a post that is
	// not vacant when it loses its holders, a stream that stays when its holders leave, a
	// group that does not rally, an institution whose work another takes over when it
	// breaks.
	Guards []bool
	// Crowd is the number of persons lost in a wave from which on the next wave may be
	// pulled; where it is 0 every wave is.
	Crowd int

	// Before, where not nil, is called before the purge is played in a block, with the
	// block's number, and fills b.Past.
	Before func(b *Block, number int64)
}

// AlternativesOf lists the ties of each set of contradicting claims, by the number of the
// set; the list of 0, which is no set, is empty.
func AlternativesOf(s *projection.Snapshot) [][]int32 {
	sets := make([][]int32, s.ConflictSets()+1)
	for t := range s.Ties() {
		if c := s.Tie(t).Conflict; c != 0 {
			sets[c] = append(sets[c], t)
		}
	}
	return sets
}

func (m *Model) guarded(node int32) bool { return len(m.Guards) > 0 && m.Guards[node] }

// limits are a requirement in parts per million.
type limits struct{ need, floor int64 }

// NewModel prepares the purge of the targets, which are nodes of the snapshot, by
// parameters that [Params.Verify] accepts. O(nodes + ties).
func NewModel(s *projection.Snapshot, p Params, targets []int32) *Model {
	m := &Model{Snapshot: s, Params: p, Targets: targets, desks: newDesks(s)}
	m.lines = newLineGraph(s, m.desks)
	m.Alternatives = AlternativesOf(s)
	_, persons := s.Range(graph.Person)
	m.Crowd = max(1, int(persons)/crowdPart)
	lo, hi := s.Range(graph.Institution)
	m.FirstBody = lo
	if p.SourceCorrelation > 0 {
		m.latents = newLatents(s)
		m.firstSource, _ = s.Range(graph.Source)
	}
	m.Needs = make([][SupportCount]limits, hi-lo)
	m.Leading = make([]int64, hi-lo)
	m.Headcount = make([]int64, hi-lo)
	for i := lo; i < hi; i++ {
		b := s.Body(i)
		from, to := s.Out(graph.LoyalTo, i)
		m.loyal = m.loyal || to > from
		for _, sup := range Supports() {
			q := p.Requirements.Of(s.ID(i), b.Types, sup)
			m.Needs[i-lo][sup] = limits{need: share(q.Need), floor: share(q.Floor)}
		}
		m.Leading[i-lo] = int64(b.Posts)
		if b.Posts <= 0 { // unknown; 0 says no more
			m.Leading[i-lo] = int64(prior(p.LeadingPosts, b.Types...))
		}
		if m.Headcount[i-lo] = m.strength(i); b.Strength == projection.Unknown {
			m.Headcount[i-lo] = int64(prior(p.Headcount, append([]string{b.Echelon}, b.Types...)...))
		}
	}
	return m
}

// maxStrength bounds a headcount, so that sums of them in parts per million stay
// whole numbers: no body of this world is larger.
const maxStrength = 10_000_000

// strength is the stated headcount of an institution, negative where unknown.
func (m *Model) strength(body int32) int64 {
	return int64(min(m.Snapshot.Body(body).Strength, maxStrength))
}

// weight is the weight of a tie, or what stands in for it, 0–1.
func (m *Model) weight(t *projection.Tie) float64 { return m.weighted(t.Weight) }

func (m *Model) weighted(weight int32) float64 {
	if weight == projection.Unknown {
		return m.Params.TieWeight
	}
	return float64(weight) / projection.Million
}

// Held is the share of a thing that a CONTROLS claim holds, in parts per million:
// ControlShare where the claim states none.
func (m *Model) Held(t *projection.Tie) int64 {
	if t.Weight == projection.Unknown {
		return share(m.Params.ControlShare)
	}
	return int64(t.Weight)
}

// Swayed is the share of a body that follows an INFLUENCES or LOYAL_TO claim, in units of
// a trillion: parts per million of parts per million.
func (m *Model) Swayed(t *projection.Tie) int64 {
	weight := int64(t.Weight)
	if t.Weight == projection.Unknown {
		weight = share(m.Params.TieWeight)
	}
	return weight * share(m.Params.InfluenceShare)
}

// Portion is the share of a FUNDS or DEPENDS_ON claim, in parts per million. A share that
// is not stated counts whole, so that shares not stated are equal shares.
func Portion(t *projection.Tie) int64 {
	if t.Weight == projection.Unknown {
		return projection.Million
	}
	return int64(t.Weight)
}

// Coverage is the share, 0–1, of an institution's leading posts for which a holder is on
// record in the picture, however unsure. The institution is given by its node.
func (m *Model) Coverage(body int32) float64 {
	seats := int64(0)
	for ties := m.Snapshot.In(graph.PostIn, body); len(ties) > 0; {
		post := m.Snapshot.Tie(ties[0]).From
		ties = ties[len(Parallel(m.Snapshot, ties)):]
		switch n := distinct(m.Snapshot, m.Snapshot.In(graph.Holds, post)); {
		case m.Snapshot.Seat(post).Seats > 1:
			seats += n
		case n > 0:
			seats++
		}
	}
	return min(1, float64(seats)/float64(m.Leading[body-m.FirstBody]))
}
