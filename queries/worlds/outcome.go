// What a purge does: to each institution, and to persons and groups.
//
// Invariant: the four classes of an institution sum to 1, and every institution that some world
// may assess is listed.
// Source: docs/model.md, Estimates.
// Cost: that of the worlds; O(institutions and nodes touched) beside.

package worlds

import (
	"cmp"
	"context"
	"maps"
	"slices"

	"entangle/graph"
	"entangle/graph/projection"
	"entangle/queries/estimate"
)

// Purged is what a purge does over the worlds. Every probability in it is conditional on the
// model; intervals cover sampling error only.
type Purged struct {
	// Institutions that were touched in some world, the likeliest to fracture
	// first, then the likelier to be touched, then by id. Where worlds were drawn
	// there follow those within reach that were touched in none of them: their count
	// is 0, and the interval has its upper bound. Within reach is what cannot be ruled
	// out without working out its shares. Last are those asked for that nothing
	// can touch.
	Institutions []Outcome
	// Touched is the number of those touched in some world.
	Touched int
	// Fractured is the spread over the worlds of what fractures weighs, OwnFractured that of
	// what is the targets' own.
	Fractured, OwnFractured estimate.Spread
	// None is the probability that what fractures weighs nothing. What is the targets' own
	// may fracture then.
	None estimate.Estimate
	// Struck groups, Rallied groups and Lost persons with the probability of
	// each, the likeliest first. Whom a sampled answer does not list may yet be struck,
	// rally or be lost, with at most the chance Drawn.Unseen.
	Struck, Rallied, Lost []Likely
	// Stakes is what the groups that the purge is aimed at have, and what it takes of that.
	Stakes []Stake
}

// Purge is a purge that was simulated: what it does, and what is needed to explain that.
type Purge struct {
	Purged
	Course
	m     *Model
	tally *tally
	plan  *plan
}

// Likely is a node with the probability that something befalls it.
type Likely struct {
	projection.Ref
	Chance estimate.Estimate
}

// Outcome is what befalls one institution.
type Outcome struct {
	projection.Ref
	Types []string
	// Own says that it is counted as the targets' own; see docs/model.md. It changes no
	// figure of the institution.
	Own bool `json:",omitempty"`
	// Fractured is the probability that it is fractured or collapsed.
	Fractured estimate.Estimate
	// NoData: none of its supports has data in any world, so that nothing can be said of it:
	// its probabilities are as wide as can be.
	NoData bool `json:",omitempty"`
	// Least, where sides never settle in some world (Settled.Circling), is the
	// probability that it fractures whatever the sides; Fractured is then that it does
	// with some. Nil else.
	Least *estimate.Estimate `json:",omitempty"`
	// Probabilities of the four classes; they sum to 1.
	Intact, Strained, FracturedOnly, Collapsed estimate.Estimate
	// Supports with data in some world. Of an institution that was touched in no world they
	// are whole.
	Supports []SupportOutcome
	// Wave in which it fractures most often, nil where it never does: 0 is the
	// strike itself.
	Wave *WaveOutcome
	// Coverage of its leading posts by records, 0–1.
	Coverage float64
	// Why is the witness, nil where none was asked for.
	Why *Witness
}

// WaveOutcome says in which wave an institution fractures, over the worlds in
// which it does.
type WaveOutcome struct {
	Mode, Earliest int
	Mean           float64
	// SE is the standard error of a sampled mean, 0 of an exact one; Low and High
	// bound its 95% interval, as those of an Amount do.
	SE, Low, High float64
}

// SupportOutcome is how one support fares over the worlds.
type SupportOutcome struct {
	Support     Support
	Requirement Requirement
	// Data is the probability that the support has data.
	Data estimate.Estimate
	// Mean of the retained share over the worlds with data.
	Mean float64
	// SE is the standard error of a sampled mean, 0 of an exact one; Low and High
	// bound its 95% interval, as those of an Amount do.
	SE, Low, High float64
	// Quantiles of the retained share over those worlds, rounded down to a hundredth.
	Q05, Q50, Q95 float64
	// Below is the probability, over all worlds, that it is under its need.
	Below estimate.Estimate
	// Records is the mean part of the figure that rests on records of posts,
	// units, streams or providers; the rest rests on aggregate claims.
	Records estimate.Amount
}

// Purge simulates the purge of the model's targets. What institutions weigh that fracture is
// counted twice, apart: Purged.Fractured as state says, and Purged.OwnFractured as own does.
// Those of also, by their nodes,
// are listed even where nothing can touch them. It fails with ErrInput where an exact answer is
// asked for and more than MaxExact coins matter, or with the context's error.
func (m *Model) Purge(ctx context.Context, d *Draw, state, own Damage, also ...int32) (*Purge, error) {
	went, err := m.tallied(ctx, d, state, own)
	if err != nil {
		return nil, err
	}
	p := &Purge{Course: *went.course(d), m: m, tally: went.of[0], plan: went.plan}
	p.overall(state, own)
	p.nodes()
	stakes, err := went.lost(ctx, d, NewPurges(m))
	if err != nil {
		return nil, err
	}
	p.Purged.Stakes = stakes[0]
	for body, bt := range p.tally.bodies {
		p.add(bt, body, p.Exact())
	}
	p.Touched = len(p.Institutions)
	if err := p.untouched(ctx, d, also); err != nil {
		return nil, err
	}
	p.markGrounded()
	slices.SortFunc(p.Institutions, worseFirst)
	return p, nil
}

// chance is the probability of a weight of worlds.
func (p *Purge) chance(weight float64) estimate.Estimate {
	return estimate.Probability(p.Exact(), weight, p.tally.total)
}

// overall are the figures of all institutions together.
func (p *Purge) overall(state, own Damage) {
	p.Fractured = estimate.SpreadOf(p.tally.fractured, p.Exact(), int(state.most()))
	p.OwnFractured = estimate.SpreadOf(p.tally.own, p.Exact(), int(own.most()))
	p.None = p.chance(p.tally.fractured[0])
}

// nodes lists groups and persons.
func (p *Purge) nodes() {
	s := p.m.Snapshot
	groups, groupsEnd := s.Range(graph.Group)
	struck, lost, rallied := ranks{}, ranks{}, ranks{}
	for i, weight := range p.tally.lost {
		switch node := int32(i); {
		case weight == 0:
		case node >= groups && node < groupsEnd:
			struck.add(node, weight)
		case s.Kind(node) == graph.Person:
			lost.add(node, weight)
		default: // a target that is certain: a stream, an institution
		}
	}
	for node, weight := range p.tally.joined {
		rallied.add(node, weight)
	}
	p.Struck, p.Lost, p.Rallied = struck.likely(s, p.chance), lost.likely(s, p.chance), rallied.likely(s, p.chance)
}

// untouched adds the institutions that were touched in no world: those that can be, where
// worlds were drawn, and those asked for.
func (p *Purge) untouched(ctx context.Context, d *Draw, also []int32) error {
	var within []int32
	if !p.Certain() && p.leavesOut() {
		within = p.m.Reach()
	}
	slices.Sort(within)
	list := slices.Clone(within)
	for _, node := range also {
		list = append(list, node-p.m.firstBody)
	}
	slices.Sort(list)
	list = slices.DeleteFunc(slices.Compact(list), func(body int32) bool { return p.tally.bodies[body] != nil })
	if len(list) == 0 {
		return nil
	}
	stand, exact, err := p.m.standing(ctx, d, list)
	if err != nil {
		return err
	}
	for _, body := range list {
		_, can := slices.BinarySearch(within, body)
		p.add(&bodyTally{}, body, !can)
		o := &p.Institutions[len(p.Institutions)-1]
		o.Supports = p.m.whole(stand, body, exact, o.Fractured)
	}
	return nil
}

// leavesOut says whether there are institutions that were touched in no world and that a
// purge can touch: it never does placeholders.
func (p *Purge) leavesOut() bool {
	s := p.m.Snapshot
	for node, end := s.Range(graph.Institution); node < end; node++ {
		if p.tally.bodies[node-p.m.firstBody] == nil && !s.Body(node).Placeholder {
			return true
		}
	}
	return false
}

// whole lists the supports of an institution that was touched in no world, from how they
// stand. In the worlds of the purge nothing of them is lost: fractured, its probability
// there, bounds what others may lose.
func (m *Model) whole(stand *tally, body int32, exact bool, fractured estimate.Estimate) (list []SupportOutcome) {
	bt := stand.bodies[body]
	for sup := range bt.supports {
		st := &bt.supports[sup]
		if st.kept.Weight() == 0 {
			continue
		}
		o := m.supportOutcome(body+m.firstBody, Support(sup), st, stand.total, exact)
		o.Below, o.SE, o.Low, o.High = fractured, 0, 1, 1
		if fractured.High > 0 { // seen in worlds with data only
			o.Low = 1 - estimate.Wilson(0, max(1, int(o.Data.P*float64(fractured.Worlds)))).High
		}
		list = append(list, o)
	}
	return list
}

func (m *Model) supportOutcome(body int32, sup Support, st *supportTally, total float64, exact bool) SupportOutcome {
	kept := st.kept.Amount(exact)
	return SupportOutcome{
		Support: sup, Requirement: m.Params.Requirements.of(m.Snapshot.ID(body), m.Snapshot.Body(body).Types, sup),
		Data: estimate.Probability(exact, st.kept.Weight(), total),
		Mean: kept.Value, SE: kept.SE, Low: kept.Low, High: kept.High,
		Q05: st.quantile(0.05), Q50: st.quantile(0.5), Q95: st.quantile(0.95),
		Below:   estimate.Probability(exact, st.below, total),
		Records: st.part.Amount(exact),
	}
}

// ranks are nodes of one kind by the weight of the worlds in which something befell them:
// many nodes have few weights.
type ranks map[float64][]int32

func (k ranks) add(node int32, weight float64) { k[weight] = append(k[weight], node) }

// likely lists the nodes, the likeliest first, then by id, which is the order of their
// numbers.
func (k ranks) likely(s *projection.Snapshot, chance func(weight float64) estimate.Estimate) (list []Likely) {
	chances, nodes, n := map[float64]estimate.Estimate{}, ranks{}, 0
	for weight, some := range k {
		c := chance(weight)
		chances[c.P] = c
		nodes[c.P] = append(nodes[c.P], some...)
		n += len(some)
	}
	list = slices.Grow(list, n)
	for _, p := range slices.Backward(slices.Sorted(maps.Keys(nodes))) {
		slices.Sort(nodes[p])
		for _, node := range nodes[p] {
			list = append(list, Likely{Ref: s.Ref(node), Chance: chances[p]})
		}
	}
	return list
}

// add lists an institution, by its number; exact where no world was left out for it.
func (p *Purge) add(bt *bodyTally, body int32, exact bool) {
	s, node, total := p.m.Snapshot, body+p.m.firstBody, p.tally.total
	chance := func(weight float64) estimate.Estimate { return estimate.Probability(exact, weight, total) }
	b := s.Body(node)
	o := Outcome{
		Ref: s.Ref(node), Types: b.Types,
		Fractured:     chance(bt.fractured),
		Intact:        chance(total - bt.touched),
		Strained:      chance(bt.touched - bt.fractured),
		FracturedOnly: chance(bt.fractured - bt.collapsed),
		Collapsed:     chance(bt.collapsed),
		Coverage:      p.m.coverage(node),
	}
	if p.tally.circling > 0 {
		o.Least = new(chance(bt.least))
	}
	for sup := range bt.supports {
		st := &bt.supports[sup]
		if st.kept.Weight() == 0 {
			continue
		}
		o.Supports = append(o.Supports, p.m.supportOutcome(node, Support(sup), st, total, exact))
	}
	o.Wave = waveOutcome(bt, exact, p.m.Params.MaxWaves)
	p.Institutions = append(p.Institutions, o)
}

// markGrounded marks the institutions of which nothing can be said: no world was seen in which
// a support of theirs has data, nor is there one.
func (p *Purge) markGrounded() {
	var unseen []*Outcome
	var bodies []int32
	for i := range p.Institutions {
		if o := &p.Institutions[i]; len(o.Supports) == 0 {
			body, _ := p.m.Snapshot.Index(o.ID)
			unseen, bodies = append(unseen, o), append(bodies, body)
		}
	}
	if len(bodies) == 0 {
		return
	}
	for i, grounded := range p.m.Grounded(bodies...) {
		if o := unseen[i]; !grounded {
			o.NoData = true
			for _, e := range []*estimate.Estimate{&o.Fractured, &o.Intact, &o.Strained, &o.FracturedOnly, &o.Collapsed} {
				e.Low, e.High = 0, 1
			}
		}
	}
}

// worseFirst orders institutions: the likeliest to fracture first, then the likelier
// to be touched, then the likelier to be either yet, then by id.
func worseFirst(a, b Outcome) int {
	last := func(o Outcome) int { // of whom nothing can be said
		if o.NoData {
			return 1
		}
		return 0
	}
	return cmp.Or(cmp.Compare(last(a), last(b)), -cmp.Compare(a.Fractured.P, b.Fractured.P), cmp.Compare(a.Intact.P, b.Intact.P),
		-cmp.Compare(a.Fractured.High, b.Fractured.High), cmp.Compare(a.ID, b.ID))
}

func waveOutcome(bt *bodyTally, exact bool, most int) *WaveOutcome {
	if bt.fractured == 0 {
		return nil
	}
	mode, earliest := bt.mode()
	w := &WaveOutcome{Mode: mode, Earliest: earliest}
	var mean estimate.Moments
	for wave, of := range bt.waves {
		mean.Add(float64(wave), of.weight)
	}
	a := mean.Amount(exact, 0, float64(most))
	w.Mean, w.SE, w.Low, w.High = a.Value, a.SE, a.Low, a.High
	return w
}

// mode returns the wave in which an institution fractured most often and the first in which it
// did, −1 where it never did.
func (bt *bodyTally) mode() (mode, earliest int) {
	mode, earliest = -1, -1
	for wave, of := range bt.waves {
		if of.weight > 0 && earliest < 0 {
			earliest = wave
		}
		if of.weight > 0 && (mode < 0 || of.weight > bt.waves[mode].weight) {
			mode = wave
		}
	}
	return mode, earliest
}
