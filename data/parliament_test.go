package data_test

import (
	"slices"
	"strconv"
	"testing"

	"entangle/graph"
)

const (
	legislature = graph.ID("institution/iq-council-of-representatives")
	kadhimi     = graph.ID("person/mustafa-al-kadhimi")
	maliki      = graph.ID("person/nouri-al-maliki")
)

// picture is the sample on a day: what is certain or possible there.
type picture struct {
	nodes map[graph.ID]graph.Node
	ties  []graph.Tie
	day   graph.Day
}

func pictureOf(t *testing.T, day graph.Day) picture {
	t.Helper()
	b := sample(t)
	p := picture{nodes: map[graph.ID]graph.Node{}, day: day}
	for _, n := range b.Nodes {
		p.nodes[n.ID] = n
	}
	for _, tie := range b.Ties {
		if tie.Status != graph.Rejected && tie.Span.At(day) != graph.No {
			p.ties = append(p.ties, tie)
		}
	}
	return p
}

func seatsOf(t *testing.T, p graph.Props) int {
	t.Helper()
	text := p.Text("seats")
	if text == "" {
		return 0
	}
	n, err := strconv.Atoi(text)
	if err != nil {
		t.Fatal(err)
	}
	return n
}

// between are the fewest and the most seats of some groups.
type between struct{ low, high int }

// inLegislature returns what seats a group has there. A third figure that the sample
// itself holds for unlikely (below one half) is passed over.
func (p picture) inLegislature(t *testing.T, group graph.ID) (b between) {
	t.Helper()
	for _, tie := range p.ties {
		if tie.Type == graph.Supports && tie.From == group && tie.To == legislature && tie.Confidence.Value >= 0.5 {
			n := seatsOf(t, tie.Props)
			if b.low == 0 || n < b.low {
				b.low = n
			}
			b.high = max(b.high, n)
		}
	}
	return b
}

// sum adds up groups, each once: a group that is part of another of them sits there.
func (p picture) sum(t *testing.T, groups []graph.ID) (b between) {
	t.Helper()
	for _, g := range groups {
		if slices.ContainsFunc(p.ties, func(tie graph.Tie) bool {
			return tie.Type == graph.PartOf && tie.From == g && slices.Contains(groups, tie.To)
		}) {
			continue
		}
		of := p.inLegislature(t, g)
		b.low, b.high = b.low+of.low, b.high+of.high
	}
	return b
}

// behind lists the groups with seats that stand behind a person on the day.
func (p picture) behind(t *testing.T, person graph.ID) (groups []graph.ID) {
	t.Helper()
	for _, tie := range p.ties {
		if tie.Type == graph.Supports && tie.To == person && seatsOf(t, tie.Props) > 0 && !slices.Contains(groups, tie.From) {
			groups = append(groups, tie.From)
		}
	}
	return groups
}

// size is the number of seats of the legislature on the day.
func (p picture) size(t *testing.T) (n int) {
	t.Helper()
	for _, tie := range p.ties {
		if tie.Type == graph.PostIn && tie.To == legislature && seatsOf(t, p.nodes[tie.From].Props) > 1 {
			n += seatsOf(t, p.nodes[tie.From].Props)
		}
	}
	return n
}

// TestVoteOfMay2020 adds up who refused and who stood behind the government of 7 May 2020.
// The figures are those of data/iraq/README.md.
func TestVoteOfMay2020(t *testing.T) {
	p := pictureOf(t, graph.DayOf(2020, 5, 7))
	vote := p.nodes["event/2020-05-07-confidence-in-the-al-kadhimi-government"]
	for name, want := range map[string]string{"seats": "329", "present": "255", "majority": "165", "votesFor": "", "votesAgainst": ""} {
		if got := vote.Props.Text(name); got != want {
			t.Errorf("the vote has %s %q, want %q", name, got, want)
		}
	}
	if n := p.size(t); n != 329 || n/2+1 != 165 {
		t.Errorf("%d seats, a majority of %d; want 329 and 165", n, n/2+1)
	}
	refused := []graph.ID{"group/state-of-law-coalition", "group/al-wataniya", "group/salvation-and-development-front"}
	for _, g := range refused {
		if !slices.ContainsFunc(sample(t).Ties, func(tie graph.Tie) bool {
			return tie.Type == graph.InvolvedIn && tie.From == g && tie.Props.Text("role") == "actor" &&
				slices.ContainsFunc(sample(t).Ties, func(other graph.Tie) bool {
					return other.Type == graph.InvolvedIn && other.From == kadhimi && other.To == tie.To && other.Props.Text("role") == "target"
				})
		}) {
			t.Errorf("no event has %s against the premier", g)
		}
	}
	if got := p.sum(t, refused); got != (between{57, 58}) {
		t.Errorf("refusals %v, want 57 to 58", got)
	}
	groups := p.behind(t, kadhimi)
	if got := p.sum(t, groups); got != (between{232, 246}) {
		t.Errorf("supporters %v: %v, want 232 to 246", groups, got)
	}
	without := slices.DeleteFunc(groups, func(g graph.ID) bool { return g == "group/fatah-alliance" })
	if got := p.sum(t, without); got != (between{184, 198}) {
		t.Errorf("without Fatah %v, want 184 to 198: more than the 165 that it takes", got)
	}
}

// TestMarch2008 adds up who the government of Iraq could count on when it moved on Basra,
// and after the first blow.
func TestMarch2008(t *testing.T) {
	p := pictureOf(t, graph.DayOf(2008, 3, 25))
	if n := p.size(t); n != 275 || n/2+1 != 138 {
		t.Errorf("%d seats, a majority of %d; want 275 and 138", n, n/2+1)
	}
	total := func(p picture) (n int) { // what the claims of support say, each bloc once
		groups := p.behind(t, maliki)
		for _, tie := range p.ties {
			if tie.Type != graph.Supports || tie.To != maliki || slices.ContainsFunc(p.ties, func(up graph.Tie) bool {
				return up.Type == graph.PartOf && up.From == tie.From && slices.Contains(groups, up.To)
			}) {
				continue
			}
			n += seatsOf(t, tie.Props)
		}
		return n
	}
	if n := total(p); n != 136 {
		t.Errorf("%d seats behind the premier, want 128 − 15 − 30 + 53 = 136", n)
	}
	if n := total(pictureOf(t, graph.DayOf(2008, 4, 6))); n != 180 {
		t.Errorf("%d seats after 5 April, want 136 + 44 = 180", n)
	}
	if got := p.inLegislature(t, "group/united-iraqi-alliance"); got != (between{57, 83}) {
		t.Errorf("the alliance has %v seats, want 57 by a paper, 83 by the departures", got)
	}
}

// TestElectedSeats: the lists of an election have no more seats than there are.
func TestElectedSeats(t *testing.T) {
	for _, tt := range []struct {
		day  graph.Day
		want int
	}{{graph.DayOf(2005, 12, 16), 275}, {graph.DayOf(2018, 5, 13), 301}} {
		p := pictureOf(t, tt.day)
		var lists []graph.ID
		for _, tie := range p.ties {
			if tie.Type == graph.Supports && tie.To == legislature && tie.Span.At(tt.day) == graph.Certain && !slices.Contains(lists, tie.From) {
				lists = append(lists, tie.From)
			}
		}
		sum := 0
		for _, g := range lists {
			if !slices.ContainsFunc(p.ties, func(tie graph.Tie) bool {
				return tie.Type == graph.PartOf && tie.From == g && slices.Contains(lists, tie.To)
			}) {
				sum += p.elected(t, g)
			}
		}
		if sum != tt.want {
			t.Errorf("%s: the lists have %d seats, want %d", tt.day, sum, tt.want)
		}
	}
}

// elected is the likeliest figure of a list.
func (p picture) elected(t *testing.T, group graph.ID) (n int) {
	t.Helper()
	best := 0.0
	for _, tie := range p.ties {
		if tie.Type == graph.Supports && tie.From == group && tie.To == legislature && tie.Confidence.Value > best {
			best, n = tie.Confidence.Value, seatsOf(t, tie.Props)
		}
	}
	return n
}
