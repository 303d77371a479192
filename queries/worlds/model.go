// A model: what a purge needs of a snapshot, worked out once.
//
// Invariant: once the first block runs nothing of a model changes, so that workers share it.

package worlds

import (
	"slices"

	"entangle/graph"
	"entangle/graph/projection"
)

// Model is what a purge needs of a snapshot. All workers share it. What is listed by
// institution is so by the number of its node less FirstBody.
type Model struct {
	Snapshot *projection.Snapshot
	Params   Params

	targets []Target
	desks   *desks
	lines   *lineGraph
	// needs are the requirements in a block of worlds, by its number.
	needs func(block int64) thresholds
	rules rules
	// leading is the number of posts that run an institution, at least 1 where it is not
	// stated.
	leading []int64
	// headcount is the strength of an institution in persons, stated or prior.
	headcount []int64

	// limits are those of a strike, nil where it is whole.
	limits *strikeLimits
	// disbands says that some target is an institution.
	disbands bool

	// firstBody is the node of the first institution.
	firstBody int32

	latents     []latent // by source, nil where ties are independent
	firstSource int32

	guards []bool // by node, nil for none: see Guarding
	// Crowd is the number of persons lost in a wave from which on the next wave may be
	// pulled; where it is 0 every wave is.
	Crowd int

	// before, where not nil, is called before the purge is played in a block, with the
	// block's number, and fills b.past.
	before func(b *block, number int64)
}

// Aimed is the same model with other targets. O(1): what was prepared is shared.
func (m *Model) Aimed(targets ...Target) *Model {
	other := *m
	other.targets, other.disbands = targets, disbands(m.Snapshot, targets)
	return &other
}

// groupTargets are the targets that are groups.
func (m *Model) groupTargets() (groups []int32) {
	for _, t := range m.targets {
		if node, ok := t.(Node); ok && m.Snapshot.Kind(int32(node)) == graph.Group {
			groups = append(groups, int32(node))
		}
	}
	return groups
}

// disbands reports whether some target is an institution.
func disbands(s *projection.Snapshot, targets []Target) bool {
	return slices.ContainsFunc(targets, func(t Target) bool {
		node, ok := t.(Node)
		return ok && s.Kind(int32(node)) == graph.Institution
	})
}

// Guarding is the same model with measures that protect some nodes: a post that is not vacant
// when it loses its holders, a stream that stays when its holders leave, a group that does
// not rally, an institution whose work another takes over when it breaks. O(nodes).
func (m *Model) Guarding(nodes ...int32) *Model {
	other := *m
	other.guards = nil
	if len(nodes) > 0 {
		other.guards = make([]bool, m.Snapshot.Len())
	}
	for _, node := range nodes {
		other.guards[node] = true
	}
	return &other
}

func (m *Model) guarded(node int32) bool { return len(m.guards) > 0 && m.guards[node] }

// thresholds are requirements by institution and support.
type thresholds [][SupportCount]limits

// limits are a requirement in parts per million.
type limits struct{ need, floor int64 }

// NewModel prepares the purge of the targets by parameters that [Params.Verify] accepts.
// O(nodes + ties).
func NewModel(s *projection.Snapshot, p Params, targets ...Target) *Model {
	m := &Model{Snapshot: s, Params: p, targets: targets, disbands: disbands(s, targets), desks: newDesks(s), rules: rulesOf(supportTable[:])}
	m.lines = newLineGraph(s, m.desks)
	m.limits = limitsOf(m)
	_, persons := s.Range(graph.Person)
	m.Crowd = max(1, int(persons)/crowdPart)
	lo, hi := s.Range(graph.Institution)
	m.firstBody = lo
	loyal := false // some institution is loyal to somebody
	if p.SourceCorrelation > 0 {
		m.latents = newLatents(s)
		m.firstSource, _ = s.Range(graph.Source)
	}
	needs := make(thresholds, hi-lo)
	m.needs = func(int64) thresholds { return needs }
	m.leading = make([]int64, hi-lo)
	m.headcount = make([]int64, hi-lo)
	for i := lo; i < hi; i++ {
		b := s.Body(i)
		loyal = loyal || len(s.Out(graph.LoyalTo, i)) > 0
		for _, sup := range Supports() {
			q := p.Requirements.of(s.ID(i), b.Types, sup)
			needs[i-lo][sup] = limits{need: share(q.Need), floor: share(q.Floor)}
		}
		m.leading[i-lo] = int64(b.Posts)
		if b.Posts <= 0 { // unknown; 0 says no more
			m.leading[i-lo] = int64(prior(p.LeadingPosts, b.Types...))
		}
		if m.headcount[i-lo] = m.strength(i); b.Strength == projection.Unknown {
			m.headcount[i-lo] = int64(prior(p.Headcount, append([]string{b.Echelon}, b.Types...)...))
		}
	}
	if !loyal { // there is nothing to look for at each of many persons
		m.rules.itself[graph.Person] = slices.DeleteFunc(m.rules.itself[graph.Person], func(r rule) bool { return r.tie == graph.LoyalTo })
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

// held is the share of a thing that a CONTROLS claim holds, in parts per million:
// ControlShare where the claim states none.
func (m *Model) held(t *projection.Tie) int64 {
	if t.Weight == projection.Unknown {
		return share(m.Params.ControlShare)
	}
	return int64(t.Weight)
}

// swayed is the share of a body that follows an INFLUENCES or LOYAL_TO claim, in units of
// a trillion: parts per million of parts per million.
func (m *Model) swayed(t *projection.Tie) int64 {
	weight := int64(t.Weight)
	if t.Weight == projection.Unknown {
		weight = share(m.Params.TieWeight)
	}
	return weight * share(m.Params.InfluenceShare)
}

// portion is the share of a FUNDS or DEPENDS_ON claim, in parts per million. A share that
// is not stated counts whole, so that shares not stated are equal shares.
func portion(t *projection.Tie) int64 {
	if t.Weight == projection.Unknown {
		return projection.Million
	}
	return int64(t.Weight)
}

// heads is the strength of an institution, given by its node, in persons: stated or prior.
func (m *Model) heads(body int32) int64 { return m.headcount[body-m.firstBody] }

// leadingPosts is the number of posts that run an institution, given by its node: stated or
// prior, at least 1.
func (m *Model) leadingPosts(body int32) int64 { return m.leading[body-m.firstBody] }

// coverage is the share, 0–1, of an institution's leading posts for which a holder is on
// record in the picture, however unsure.
func (m *Model) coverage(body int32) float64 {
	seats := int64(0)
	for ties := m.Snapshot.In(graph.PostIn, body); len(ties) > 0; {
		post := m.Snapshot.Tie(ties[0]).From
		ties = ties[len(m.Snapshot.Parallel(ties)):]
		switch n := distinct(m.Snapshot, m.Snapshot.In(graph.Holds, post)); {
		case m.Snapshot.Seat(post).Seats > 1:
			seats += n
		case n > 0:
			seats++
		}
	}
	return min(1, float64(seats)/float64(m.leadingPosts(body)))
}
