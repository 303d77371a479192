// Package madeup makes states up, for benchmarks: equal sizes give equal states.
package madeup

import (
	"context"
	"iter"
	"math/rand/v2"
	"strconv"

	"entangle/graph"
	"entangle/graph/projection"
)

// State is a made-up state: ministries over commands over units, fifteen posts to a
// body with a line of command from each to the head of its body and on to the head of
// the body above, groups with members in those posts, kin, associates and loyalties
// among the persons, allied groups, streams and providers. Ties come to about 3.6 for
// each person. Equal sizes give equal states. It is a stream: only the picture that is
// taken of it is ever in memory.
type State struct{ persons, institutions, groups int }

const postsEach = 15

// Of keeps the proportions of 100,000 persons and 2,000 institutions.
func Of(persons int) State {
	return State{persons: persons, institutions: max(persons/50, 20), groups: 60}
}

// Day is that of its picture.
var Day = graph.DayOf(2020, 8, 24)

// Snapshot takes its picture.
func (s State) Snapshot(ctx context.Context) (*projection.Snapshot, error) { return s.On(ctx, Day) }

// On takes the picture of another day; every tie stands on any.
func (s State) On(ctx context.Context, day graph.Day) (*projection.Snapshot, error) {
	return projection.Build(ctx, s, projection.Options{AsOf: day, Tenures: true})
}

// Version is of no store.
func (s State) Version() graph.Version { return "made up" }

func (s State) streams() int    { return max(s.institutions/10, 1) }
func (s State) ministries() int { return max(s.institutions/100, 1) }
func (s State) commands() int   { return max(s.institutions/10, 2) }

func (s State) types(institution int) []string {
	switch {
	case institution < s.ministries():
		return []string{"ministry"}
	case institution < s.commands():
		return []string{"command"}
	}
	return []string{"unit"}
}

func id(mark string, n int) graph.ID { return graph.ID(mark + strconv.Itoa(n)) }

// Nodes yields them all.
func (s State) Nodes(context.Context, graph.NodeQuery) iter.Seq2[graph.Node, error] {
	return func(yield func(graph.Node, error) bool) {
		for _, part := range []struct {
			kind   graph.Kind
			mark   string
			number int
		}{
			{graph.Person, "p", s.persons},
			{graph.Group, "g", s.groups},
			{graph.Institution, "i", s.institutions},
			{graph.Post, "s", s.institutions * postsEach},
			{graph.RevenueStream, "r", s.streams()},
		} {
			for i := range part.number {
				n := graph.Node{ID: id(part.mark, i), Kind: part.kind}
				n.Names = []graph.Name{{Text: string(n.ID)}}
				if part.kind == graph.Institution {
					n.Types = s.types(i)
				}
				if !yield(n, nil) {
					return
				}
			}
		}
	}
}

// Ties yields them all, drawn from one seed; none has a date, and so none has ended.
func (s State) Ties(_ context.Context, q graph.TieQuery) iter.Seq2[graph.Tie, error] {
	return func(yield func(graph.Tie, error) bool) {
		if q.Where.During != nil {
			return
		}
		m := &tieMaker{State: s, r: rand.New(rand.NewPCG(2020, 8)), yield: yield} //nolint:gosec // made-up data
		m.bodies()
		m.people()
		m.power()
	}
}

type tieMaker struct {
	State
	r     *rand.Rand
	yield func(graph.Tie, error) bool
	made  int
	ended bool
}

func (m *tieMaker) tie(typ graph.TieType, from, to graph.ID, confidence, weight float64, props graph.Props) {
	m.made++
	if m.ended || from == to {
		return
	}
	t := graph.Tie{ID: id("t", m.made), Type: typ, From: from, To: to, Confidence: graph.Stated(confidence), Props: props}
	if weight > 0 {
		t.Weight = graph.KnownShare(weight)
	}
	m.ended = !m.yield(t, nil)
}

// odds is a confidence as grades give it.
func (m *tieMaker) odds() float64 { return []float64{0.6, 0.8, 0.8, 0.95, 1}[m.r.IntN(5)] }

func (m *tieMaker) any(mark string, n int) graph.ID { return id(mark, m.r.IntN(n)) }

func (m *tieMaker) bodies() {
	ministries, commands := m.ministries(), m.commands()
	class := graph.Props{"class": {"command"}}
	for i := range m.institutions {
		above := ministries + m.r.IntN(commands-ministries)
		switch {
		case i < ministries:
			above = -1
		case i < commands:
			above = m.r.IntN(ministries)
		}
		if above >= 0 {
			m.tie(graph.PartOf, id("i", i), id("i", above), 0.95, 0, class)
		}
		for p := range postsEach {
			post := id("s", i*postsEach+p)
			m.tie(graph.PostIn, post, id("i", i), 1, 0, nil)
			if p > 0 {
				m.tie(graph.ReportsTo, post, id("s", i*postsEach+(p-1)/3), m.odds(), 0, nil)
			} else if above >= 0 {
				m.tie(graph.ReportsTo, post, id("s", above*postsEach), m.odds(), 0, nil)
			}
		}
	}
	for range m.institutions * 3 / 2 {
		m.tie(graph.DependsOn, m.any("i", m.institutions), m.any("i", commands), m.odds(), 0.3, nil)
	}
}

func (m *tieMaker) people() {
	for post := range m.institutions * postsEach {
		m.tie(graph.Holds, m.any("p", m.persons), id("s", post), m.odds(), 0, nil)
	}
	for range m.persons * 6 / 10 { // a few groups are large
		group := m.r.IntN(m.r.IntN(m.groups) + 1)
		m.tie(graph.MemberOf, m.any("p", m.persons), id("g", group), m.odds(), 0, nil)
	}
	for range m.persons * 9 / 10 {
		m.tie(graph.KinOf, m.any("p", m.persons), m.any("p", m.persons), m.odds(), 0.5, nil)
		m.tie(graph.AssociateOf, m.any("p", m.persons), m.any("p", m.persons), m.odds(), 0.3, nil)
	}
	for range m.persons / 5 {
		m.tie(graph.LoyalTo, m.any("p", m.persons), m.any("p", m.persons), m.odds(), 0.7, nil)
	}
}

func (m *tieMaker) power() {
	for i := range m.streams() {
		m.tie(graph.Controls, m.any("g", m.groups), id("r", i), m.odds(), 0.5, nil)
	}
	for range m.groups * 2 {
		m.tie(graph.AlliedWith, m.any("g", m.groups), m.any("g", m.groups), m.odds(), 0.4, nil)
	}
	staffing, command := graph.Props{"form": {"staffing"}}, graph.Props{"form": {"command"}}
	for range m.institutions / 5 {
		m.tie(graph.Controls, m.any("g", m.groups), m.any("i", m.institutions), m.odds(), 0.4, staffing)
		m.tie(graph.Controls, m.any("g", m.groups), m.any("i", m.institutions), m.odds(), 0.8, command)
	}
	for range m.institutions * 3 / 2 {
		m.tie(graph.Funds, m.any("r", m.streams()), m.any("i", m.institutions), m.odds(), 0.4, nil)
	}
}
