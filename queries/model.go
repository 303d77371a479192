package queries

import (
	"entangle/graph"
	"entangle/graph/projection"
)

// model is what a purge needs of a snapshot, worked out once and shared by all
// workers. It is never changed after newModel.
type model struct {
	s       *projection.Snapshot
	p       Params
	targets []int32

	// alternatives lists the ties of each set of contradicting claims.
	alternatives [][]int32
	desks        *desks
	lines        *lineGraph
	needs        [][supportCount]limits // by institution
	leading      []int64                // posts that run it, by institution
	headcount    []int64                // by institution

	firstBody int32 // number of the first institution
	loyal     bool  // some institution is loyal to somebody

	latents     []latent // by source, nil where ties are independent
	firstSource int32

	// guards, by node, nil for none: a post whose loss of holders does not vacate
	// it, a stream whose holders do not cut it off, a group that does not rally, an
	// institution that another can stand in for as a provider.
	guards []bool
	// crowd is how many persons are lost in a wave before others pull; 0: they always do.
	crowd int

	// before, where not nil, tells a block what went before the purge in its worlds.
	before func(b *block, number int64)
}

// alternatives lists the ties of each set of contradicting claims.
func alternatives(s *projection.Snapshot) [][]int32 {
	sets := make([][]int32, s.ConflictSets()+1)
	for t := range s.Ties() {
		if c := s.Tie(t).Conflict; c != 0 {
			sets[c] = append(sets[c], t)
		}
	}
	return sets
}

func (m *model) guarded(node int32) bool { return len(m.guards) > 0 && m.guards[node] }

// limits are a requirement in parts per million.
type limits struct{ need, floor int64 }

func newModel(s *projection.Snapshot, p Params, targets []int32) *model {
	m := &model{s: s, p: p, targets: targets, desks: newDesks(s)}
	m.lines = newLineGraph(s, m.desks)
	m.alternatives = alternatives(s)
	_, persons := s.Range(graph.Person)
	m.crowd = max(1, int(persons)/crowdPart)
	lo, hi := s.Range(graph.Institution)
	m.firstBody = lo
	if p.SourceCorrelation > 0 {
		m.latents = newLatents(s)
		m.firstSource, _ = s.Range(graph.Source)
	}
	m.needs = make([][supportCount]limits, hi-lo)
	m.leading = make([]int64, hi-lo)
	m.headcount = make([]int64, hi-lo)
	for i := lo; i < hi; i++ {
		b := s.Body(i)
		from, to := s.Out(graph.LoyalTo, i)
		m.loyal = m.loyal || to > from
		for _, sup := range Supports() {
			q := p.Requirements.of(s.ID(i), b.Types, sup)
			m.needs[i-lo][sup] = limits{need: share(q.Need), floor: share(q.Floor)}
		}
		m.leading[i-lo] = int64(b.Posts)
		if b.Posts <= 0 { // unknown; 0 says no more
			m.leading[i-lo] = int64(prior(p.LeadingPosts, b.Types...))
		}
		if m.headcount[i-lo] = m.strength(i); b.Strength == projection.Unknown {
			m.headcount[i-lo] = int64(prior(p.Headcount, append([]string{b.Echelon}, b.Types...)...))
		}
	}
	return m
}

// maxStrength bounds a headcount, so that sums of them in parts per million stay
// whole numbers: no body of this world is larger.
const maxStrength = 10_000_000

// strength is the stated headcount of an institution, negative where unknown.
func (m *model) strength(body int32) int64 { return int64(min(m.s.Body(body).Strength, maxStrength)) }

// weight is the weight of a tie, or what stands in for it, 0–1.
func (m *model) weight(t *projection.Tie) float64 { return m.weighted(t.Weight) }

func (m *model) weighted(weight int32) float64 {
	if weight == projection.Unknown {
		return m.p.TieWeight
	}
	return float64(weight) / projection.Million
}

// held is the share that a CONTROLS claim holds, in parts per million.
func (m *model) held(t *projection.Tie) int64 {
	if t.Weight == projection.Unknown {
		return share(m.p.ControlShare)
	}
	return int64(t.Weight)
}

// swayed is the share of a body that follows an INFLUENCES or LOYAL_TO claim, in units of
// a trillion: parts per million of parts per million.
func (m *model) swayed(t *projection.Tie) int64 {
	weight := int64(t.Weight)
	if t.Weight == projection.Unknown {
		weight = share(m.p.TieWeight)
	}
	return weight * share(m.p.InfluenceShare)
}

// portion is the share of a FUNDS or DEPENDS_ON claim; an unstated one counts
// whole, so that unstated shares are equal shares.
func portion(t *projection.Tie) int64 {
	if t.Weight == projection.Unknown {
		return projection.Million
	}
	return int64(t.Weight)
}

// coverage is the share of an institution's leading posts for which a holder
// is on record.
func (m *model) coverage(body int32) float64 {
	seats := int64(0)
	for ties := m.s.In(graph.PostIn, body); len(ties) > 0; {
		post := m.s.Tie(ties[0]).From
		ties = ties[len(parallel(m.s, ties)):]
		switch n := distinct(m.s, m.s.In(graph.Holds, post)); {
		case m.s.Seat(post).Seats > 1:
			seats += n
		case n > 0:
			seats++
		}
	}
	return min(1, float64(seats)/float64(m.leading[body-m.firstBody]))
}
