package queries

import (
	"cmp"
	"maps"
	"slices"

	"entangle/graph"
	"entangle/graph/projection"
	"entangle/queries/estimate"
	"entangle/queries/worlds"
)

// Ref names a node of the snapshot.
type Ref struct {
	ID   graph.ID
	Kind graph.Kind
	Name string
}

func refOf(s *projection.Snapshot, node int32) Ref {
	return Ref{ID: s.ID(node), Kind: s.Kind(node), Name: s.Name(node)}
}

// namedRefs names the nodes of a question that the snapshot has, each once, nil for
// none.
func namedRefs(s *projection.Snapshot, ids []graph.ID) []Ref {
	nodes := indexed(s, ids)
	if nodes == nil {
		return nil
	}
	return refsOf(s, nodes)
}

// refsOf names the targets of a model.
func refsOf(s *projection.Snapshot, nodes []int32) []Ref {
	refs := make([]Ref, len(nodes))
	for i, node := range nodes {
		refs[i] = refOf(s, node)
	}
	return refs
}

// PurgeReport is the answer. Every probability in it is conditional on the
// model and parameters it names; intervals cover sampling error only.
type PurgeReport struct {
	Targets []Ref
	Basis   Basis
	// Institutions that were touched in some world, the likeliest to fracture
	// first, then the likelier to be touched, then by id. Where worlds were drawn
	// there follow those within reach that were touched in none of them: their count
	// is 0, and the interval has its upper bound. Within reach is what cannot be ruled
	// out without working out its shares. Last are those asked for that nothing
	// can touch.
	Institutions []Outcome
	// Touched is the number of those touched in some world.
	Touched int
	// Fractured is the spread of the number of institutions fractured in a world.
	Fractured estimate.Spread
	// None is the probability that nothing fractures.
	None estimate.Estimate
	// Struck groups, Rallied groups and Lost persons with the probability of
	// each, the likeliest first. Whom a sampled answer does not list may yet be struck,
	// rally or be lost, with at most the chance Basis.Unseen.
	Struck, Rallied, Lost []Likely
	// Network is nil where it was not asked for.
	Network *NetworkChange `json:",omitempty"`
	// Defaults is nil where it was not asked for.
	Defaults *Defaults `json:",omitempty"`
}

// Likely is a node with the probability that something befalls it.
type Likely struct {
	Ref
	Chance estimate.Estimate
}

// Outcome is what befalls one institution.
type Outcome struct {
	Ref
	Types []string
	// Own says that it is the targets' own: a target itself holds it, or it is part of
	// one so held; see docs/model.md. It changes no number.
	Own bool `json:",omitempty"`
	// Fractured is the probability that it is fractured or collapsed.
	Fractured estimate.Estimate
	// NoData: none of its supports has data in any world, so that nothing can be said of it:
	// its probabilities are as wide as can be.
	NoData bool `json:",omitempty"`
	// Least, where sides never settle in some world (Basis.Circling), is the
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
	Support     worlds.Support
	Requirement worlds.Requirement
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

// probabilityOf turns a weight of worlds into a probability.
func probabilityOf(exact bool, weight, total float64) estimate.Estimate {
	if exact {
		p := estimate.Round(min(1, max(0, weight/total)))
		return estimate.Estimate{P: p, Low: p, High: p}
	}
	return estimate.Wilson(int(weight), int(total))
}

func report(m *worlds.Model, in PurgeInput, c *worlds.Crew[*worlds.Tally]) *PurgeReport {
	s, t, exact := m.Snapshot, c.Of[0], c.Plan.Exact
	r := &PurgeReport{
		Basis:     basisOf(c, m, in.Seed),
		Fractured: estimate.SpreadOf(t.Fractured, exact, len(m.Needs)),
		None:      probabilityOf(exact, t.Fractured[0], t.Total),
	}
	for _, target := range m.Targets {
		r.Targets = append(r.Targets, refOf(s, target))
	}
	for i, bt := range t.Bodies {
		r.Institutions = append(r.Institutions, outcome(m, t, bt, i+m.FirstBody, exact))
	}
	slices.SortFunc(r.Institutions, worseFirst)
	groups, groupsEnd := s.Range(graph.Group)
	struck, lost, rallied := ranks{}, ranks{}, ranks{}
	for i, weight := range t.Lost {
		switch node := int32(i); {
		case weight == 0:
		case node >= groups && node < groupsEnd:
			struck.add(node, weight)
		default:
			lost.add(node, weight)
		}
	}
	for node, weight := range t.Joined {
		rallied.add(node, weight)
	}
	chance := func(weight float64) estimate.Estimate { return probabilityOf(exact, weight, t.Total) }
	r.Struck, r.Lost, r.Rallied = struck.likely(s, chance), lost.likely(s, chance), rallied.likely(s, chance)
	return r
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
			list = append(list, Likely{Ref: refOf(s, node), Chance: chances[p]})
		}
	}
	return list
}

func outcome(m *worlds.Model, t *worlds.Tally, bt *worlds.BodyTally, body int32, exact bool) Outcome {
	s := m.Snapshot
	b := s.Body(body)
	o := Outcome{
		Ref: refOf(s, body), Types: b.Types,
		Fractured:     probabilityOf(exact, bt.Fractured, t.Total),
		Intact:        probabilityOf(exact, t.Total-bt.Touched, t.Total),
		Strained:      probabilityOf(exact, bt.Touched-bt.Fractured, t.Total),
		FracturedOnly: probabilityOf(exact, bt.Fractured-bt.Collapsed, t.Total),
		Collapsed:     probabilityOf(exact, bt.Collapsed, t.Total),
		Coverage:      m.Coverage(body),
	}
	if t.Circling > 0 {
		o.Least = new(probabilityOf(exact, bt.Least, t.Total))
	}
	for sup := range bt.Supports {
		st := &bt.Supports[sup]
		if st.Kept.Weight() == 0 {
			continue
		}
		o.Supports = append(o.Supports, supportOutcome(m, body, worlds.Support(sup), st, t.Total, exact))
	}
	o.Wave = waveOutcome(bt, exact, m.Params.MaxWaves)
	return o
}

func supportOutcome(m *worlds.Model, body int32, sup worlds.Support, st *worlds.SupportTally, total float64, exact bool) SupportOutcome {
	kept := st.Kept.Amount(exact)
	return SupportOutcome{
		Support: sup, Requirement: m.Params.Requirements.Of(m.Snapshot.ID(body), m.Snapshot.Body(body).Types, sup),
		Data: probabilityOf(exact, st.Kept.Weight(), total),
		Mean: kept.Value, SE: kept.SE, Low: kept.Low, High: kept.High,
		Q05: st.Quantile(0.05), Q50: st.Quantile(0.5), Q95: st.Quantile(0.95),
		Below:   probabilityOf(exact, st.Below, total),
		Records: st.Part.Amount(exact),
	}
}

// whole lists the supports of an institution that was touched in no world, from how they
// stand. In the worlds of the purge nothing of them is lost: fractured, its probability
// there, bounds what others may lose.
func whole(m *worlds.Model, stand *worlds.Tally, body int32, exact bool, fractured estimate.Estimate) (list []SupportOutcome) {
	bt := stand.Bodies[body]
	for sup := range bt.Supports {
		st := &bt.Supports[sup]
		if st.Kept.Weight() == 0 {
			continue
		}
		o := supportOutcome(m, body+m.FirstBody, worlds.Support(sup), st, stand.Total, exact)
		o.Below, o.SE, o.Low, o.High = fractured, 0, 1, 1
		if fractured.High > 0 { // seen in worlds with data only
			o.Low = 1 - estimate.Wilson(0, max(1, int(o.Data.P*float64(fractured.Worlds)))).High
		}
		list = append(list, o)
	}
	return list
}

// markGrounded tells of which institutions nothing can be said.
func markGrounded(m *worlds.Model, list []Outcome) {
	bodies := make([]int32, len(list))
	for i := range list {
		node, _ := m.Snapshot.Index(list[i].ID)
		bodies[i] = node - m.FirstBody
	}
	for i, grounded := range m.Grounded(bodies...) {
		if o := &list[i]; !grounded {
			o.NoData = true
			for _, e := range []*estimate.Estimate{&o.Fractured, &o.Intact, &o.Strained, &o.FracturedOnly, &o.Collapsed} {
				widen(e)
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

func waveOutcome(bt *worlds.BodyTally, exact bool, most int) *WaveOutcome {
	if bt.Fractured == 0 {
		return nil
	}
	w := &WaveOutcome{Mode: -1, Earliest: -1}
	var mean estimate.Moments
	for wave, of := range bt.Waves {
		n := of.Weight
		mean.Add(float64(wave), n)
		if n > 0 && w.Earliest < 0 {
			w.Earliest = wave
		}
		if n > 0 && (w.Mode < 0 || n > bt.Waves[w.Mode].Weight) {
			w.Mode = wave
		}
	}
	a := mean.Amount(exact, 0, float64(most))
	w.Mean, w.SE, w.Low, w.High = a.Value, a.SE, a.Low, a.High
	return w
}
