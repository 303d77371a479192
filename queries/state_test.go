package queries_test

import (
	"fmt"
	"math/rand/v2"
	"strconv"
	"testing"

	"entangle/graph"
	"entangle/graph/projection"
)

// stateSize is the size of a made-up state. Ties come to about 3.5 for each
// person.
type stateSize struct {
	persons, institutions, groups int
	ago                           int // days before 24 August 2020
}

var largeState = stateSize{persons: 100_000, institutions: 2_000, groups: 60}

// state makes a state up: ministries over commands over units, fifteen posts to a
// body with a line of command from each to the head of its body and on to the
// head of the body above, groups with members in those posts, kin, associates
// and loyalties among the persons, allied groups, streams and providers. Equal
// sizes give equal states.
func state(tb testing.TB, size stateSize) *projection.Snapshot {
	tb.Helper()
	m := stateMaker{stateSize: size, r: rand.New(rand.NewPCG(2020, 8))}
	m.bodies()
	m.people()
	m.power()
	s, err := projection.FromBatch(m.batch, projection.Options{AsOf: graph.DayOf(2020, 8, 24) - graph.Day(size.ago), Tenures: true})
	if err != nil {
		tb.Fatal(err)
	}
	return s
}

type stateMaker struct {
	stateSize
	r     *rand.Rand
	batch graph.Batch
}

const postsEach = 15

func stateID(mark string, n int) graph.ID { return graph.ID(mark + strconv.Itoa(n)) }

func (m *stateMaker) node(kind graph.Kind, mark string, n int, types []string, props graph.Props) {
	id := stateID(mark, n)
	m.batch.Nodes = append(m.batch.Nodes, graph.Node{ID: id, Kind: kind, Names: []graph.Name{{Text: string(id)}}, Types: types, Props: props})
}

func (m *stateMaker) tie(typ graph.TieType, from, to graph.ID, confidence, weight float64, props graph.Props) {
	t := graph.Tie{
		ID: graph.ID(fmt.Sprintf("t%06d", len(m.batch.Ties))), Type: typ, From: from, To: to,
		Confidence: graph.Stated(confidence), Props: props,
	}
	if weight > 0 {
		t.Weight = graph.KnownShare(weight)
	}
	if from != to {
		m.batch.Ties = append(m.batch.Ties, t)
	}
}

// odds is a confidence as grades give it.
func (m *stateMaker) odds() float64 { return []float64{0.6, 0.8, 0.8, 0.95, 1}[m.r.IntN(5)] }

func (m *stateMaker) any(mark string, n int) graph.ID { return stateID(mark, m.r.IntN(n)) }

// bodies: one of a hundred institutions is a ministry, one of ten a command or
// agency.
func (m *stateMaker) bodies() {
	ministries, commands := max(m.institutions/100, 1), max(m.institutions/10, 2)
	for i := range m.institutions {
		types, above := []string{"unit"}, ministries+m.r.IntN(commands-ministries)
		switch {
		case i < ministries:
			types, above = []string{"ministry"}, -1
		case i < commands:
			types, above = []string{"command"}, m.r.IntN(ministries)
		}
		m.node(graph.Institution, "i", i, types, nil)
		for p := range postsEach {
			m.node(graph.Post, "s", i*postsEach+p, nil, nil)
		}
		if above >= 0 {
			m.tie(graph.PartOf, stateID("i", i), stateID("i", above), 0.95, 0, graph.Props{"class": {"command"}})
		}
		for p := range postsEach {
			post := stateID("s", i*postsEach+p)
			m.tie(graph.PostIn, post, stateID("i", i), 1, 0, nil)
			if p > 0 {
				m.tie(graph.ReportsTo, post, stateID("s", i*postsEach+(p-1)/3), m.odds(), 0, nil)
			} else if above >= 0 {
				m.tie(graph.ReportsTo, post, stateID("s", above*postsEach), m.odds(), 0, nil)
			}
		}
	}
	for range m.institutions * 3 / 2 {
		m.tie(graph.DependsOn, m.any("i", m.institutions), m.any("i", commands), m.odds(), 0.3, nil)
	}
}

func (m *stateMaker) people() {
	for i := range m.persons {
		m.node(graph.Person, "p", i, nil, nil)
	}
	for i := range m.groups {
		m.node(graph.Group, "g", i, []string{"armed_group"}, nil)
	}
	for post := range m.institutions * postsEach {
		m.tie(graph.Holds, m.any("p", m.persons), stateID("s", post), m.odds(), 0, nil)
	}
	for range m.persons * 6 / 10 { // a few groups are large
		group := m.r.IntN(m.r.IntN(m.groups) + 1)
		m.tie(graph.MemberOf, m.any("p", m.persons), stateID("g", group), m.odds(), 0, nil)
	}
	for range m.persons * 9 / 10 {
		m.tie(graph.KinOf, m.any("p", m.persons), m.any("p", m.persons), m.odds(), 0.5, nil)
		m.tie(graph.AssociateOf, m.any("p", m.persons), m.any("p", m.persons), m.odds(), 0.3, nil)
	}
	for range m.persons / 5 {
		m.tie(graph.LoyalTo, m.any("p", m.persons), m.any("p", m.persons), m.odds(), 0.7, nil)
	}
}

func (m *stateMaker) power() {
	streams := m.institutions / 10
	for i := range streams {
		m.node(graph.RevenueStream, "r", i, nil, nil)
		m.tie(graph.Controls, m.any("g", m.groups), stateID("r", i), m.odds(), 0.5, nil)
	}
	for range m.groups * 2 {
		m.tie(graph.AlliedWith, m.any("g", m.groups), m.any("g", m.groups), m.odds(), 0.4, nil)
	}
	for range m.institutions / 5 {
		m.tie(graph.Controls, m.any("g", m.groups), m.any("i", m.institutions), m.odds(), 0.4, graph.Props{"form": {"staffing"}})
		m.tie(graph.Controls, m.any("g", m.groups), m.any("i", m.institutions), m.odds(), 0.8, graph.Props{"form": {"command"}})
	}
	for range m.institutions * 3 / 2 {
		m.tie(graph.Funds, m.any("r", streams), m.any("i", m.institutions), m.odds(), 0.4, nil)
	}
}
