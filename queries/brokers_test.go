package queries_test

import (
	"errors"
	"fmt"
	"math"
	"strings"
	"testing"

	"pgregory.net/rapid"

	"entangle/graph"
	"entangle/graph/projection"
	"entangle/queries"
	"entangle/queries/worlds"
)

func brokers(tb testing.TB, s *projection.Snapshot, in queries.BrokersInput) *queries.BrokersReport {
	tb.Helper()
	if in.First == 0 {
		in.First, in.Evidence = 100, 100
	}
	r, err := queries.Brokers(tb.Context(), s, in)
	if err != nil {
		tb.Fatal(err)
	}
	return r
}

// written writes the points of a chain as “node<superior: gone”.
func written(points []queries.CommandPoint) string {
	var out []string
	for _, p := range points {
		above := "ROOT"
		if p.Superior != nil {
			above = string(p.Superior.ID)
		}
		out = append(out, fmt.Sprintf("%s<%s: %s", p.Node.ID, above, names(p.Gone)))
	}
	return strings.Join(out, "; ")
}

// TestBrokersOfTheBareNetwork: two triangles about hub. Without hub the six nodes of the
// network, g hanging on a among them, are in pieces of 3 and 2; without a, g goes alone.
// Burt's measures of hub: four contacts with one tie to another each, so an effective
// size of 4 − 2·2/4 = 3 and a constraint of 4·(1/4 + 1/4·1/3 or 1/2)²; those of the star
// are in closed form in package structure.
func TestBrokersOfTheBareNetwork(t *testing.T) {
	s := snapshotOf(t, bowTie)
	r := brokers(t, s, queries.BrokersInput{})
	if r.Network.Nodes != 6 || r.Network.Components != 1 || r.Bridges != 1 || r.Basis.Ties != 7 || r.Optimality != queries.ExactSearch {
		t.Errorf("%+v, %d bridges of %d ties, %s", r.Network, r.Bridges, r.Basis.Ties, r.Optimality)
	}
	if len(r.Points) != 2 || r.PointCount != 2 || r.Points[0].Node.ID != "hub" || r.Points[1].Node.ID != "a" {
		t.Fatalf("points %+v", r.Points)
	}
	hub, a := r.Points[0], r.Points[1]
	if hub.CutOff != 2 || fmt.Sprint(hub.Pieces) != "[3 2]" || math.Abs(hub.Residual-0.6) > 1e-9 || names(hub.Gone) != "c d" || len(hub.Ties) != 2 {
		t.Errorf("hub %+v", hub)
	}
	if a.CutOff != 1 || names(a.Gone) != "g" || len(a.Ties) != 1 || a.Ties[0].To.ID != "g" || !a.Ties[0].Along || a.Ties[0].Confidence < 0.09 {
		t.Errorf("a %+v", a)
	}
	b := r.Brokers[0]
	of := func(q float64) float64 { return (0.25 + 0.25*q) * (0.25 + 0.25*q) }
	want := of(0.5) + of(1.0/3) + 2*of(0.5) // by a 1/3 comes to b, by b 1/2 to a
	if b.Node.ID != "hub" || b.Degree != 4 || b.EffectiveSize != 3 || b.Efficiency != 0.75 || math.Abs(b.Constraint-want) > 1e-9 {
		t.Errorf("hub as a broker %+v, want constraint %g", b, want)
	}
	if r.BrokerCount != 5 {
		t.Errorf("%d with two contacts or more, want 5", r.BrokerCount)
	}

	r = brokers(t, s, queries.BrokersInput{Nodes: []graph.ID{"d", "g"}})
	if r.PointCount != 2 || r.Points[0].CutOff+r.Points[1].CutOff != 0 || r.BrokerCount != 2 {
		t.Errorf("of d and g: %+v, %+v", r.Points, r.Brokers)
	}
	if r = brokers(t, s, queries.BrokersInput{First: 1}); len(r.Points) != 1 || r.PointCount != 2 || r.Points[0].Gone != nil || r.Points[0].Ties != nil {
		t.Errorf("one row without evidence: %+v", r.Points)
	}
}

// TestBrokersOfCommand: the chains of package structure's table, whose dominators
// networkx, igraph and rustworkx agree on: an apex over a and b, both over d; and two
// apexes, pm and iran, that meet in moi.
func TestBrokersOfCommand(t *testing.T) {
	chain := snapshotOf(t, `
		institution apex
		institution a
		institution b
		institution c
		institution d
		institution e
		institution f
		institution g
		a PART_OF apex class=command
		b PART_OF apex class=command
		c PART_OF a class=command
		d PART_OF a class=command
		d PART_OF b class=command conf=0.5
		e PART_OF d class=command
		f PART_OF d class=command
		g PART_OF c class=command
		g PART_OF b class=administrative`)
	r := brokers(t, chain, queries.BrokersInput{})
	if got, want := written(r.Units.Points), "apex<ROOT: a b c d e f g; a<apex: c g; d<apex: e f; c<a: g"; got != want {
		t.Errorf("command: %s, want %s", got, want)
	}
	if r.Units.Nodes != 8 || r.Units.Arcs != 8 || names(r.Units.Apexes) != "apex" || r.Posts.Nodes != 0 {
		t.Errorf("units %+v, posts %+v", r.Units, r.Posts)
	}
	lines := map[graph.ID]queries.CommandLines{}
	for _, l := range r.Lines {
		lines[l.Institution.ID] = l
	}
	if len(lines) != 7 || r.OneLine != 7 || r.LineCount != 7 {
		t.Errorf("%d lines, %d single", r.LineCount, r.OneLine)
	}
	// All lines of d pass apex; below it they pass a and b, which share nobody.
	if l := lines["d"]; names(l.Cut) != "apex" || l.Uncuttable || names(l.Between) != "a b" || l.Below != 2 {
		t.Errorf("d %+v", l)
	}
	if l := lines["a"]; !l.Uncuttable || len(l.Between) != 0 || names(l.Cut) != "apex" {
		t.Errorf("a %+v", l)
	}
	if l := lines["g"]; names(l.Cut) != "c" || len(l.Between) != 1 {
		t.Errorf("g %+v", l)
	}

	two := snapshotOf(t, `
		institution pm
		institution moi
		institution fed
		group iran
		group kh
		kh PART_OF iran
		moi PART_OF pm class=command
		kh CONTROLS moi form=command weight=0.5
		iran CONTROLS fed form=staffing weight=1
		fed PART_OF moi class=command conf=0.7 id=sure
		fed PART_OF moi class=command conf=0.2 id=unsure`)
	r = brokers(t, two, queries.BrokersInput{})
	if got, want := written(r.Units.Points), "iran<ROOT: kh; moi<ROOT: fed"; got != want {
		t.Errorf("two apexes: %s, want %s", got, want)
	}
	if p := r.Units.Points[1]; len(p.Ties) != 1 || p.Ties[0].Confidence < 0.69 || p.Ties[0].Along {
		t.Errorf("moi stands above fed by %+v: want the surest of the two claims", p.Ties)
	}
	if names(r.Units.Apexes) != "iran pm" {
		t.Errorf("apexes %s", names(r.Units.Apexes))
	}
	if l := r.Lines[1]; l.Institution.ID != "moi" || l.Lines != 2 || len(l.Cut) != 2 || !l.Uncuttable || names(l.Between) != "kh" {
		t.Errorf("moi %+v: want two lines, from pm straight and by kh", l)
	}
	r = brokers(t, two, queries.BrokersInput{StateOnly: true, Nodes: []graph.ID{"pm", "moi"}})
	if got, want := written(r.Units.Points), "pm<ROOT: fed moi; moi<pm: fed"; got != want {
		t.Errorf("of the state: %s, want %s", got, want)
	}
	if l := r.Lines[0]; !l.Apex || l.Institution.ID != "pm" || l.Lines != 0 || l.Below != 2 || r.OneLine != 1 {
		t.Errorf("pm %+v, %d single", l, r.OneLine)
	}
}

// TestBrokersOfPosts: posts report to posts, and so stand institutions above others; one
// who is his own superior's superior is an apex with him.
func TestBrokersOfPosts(t *testing.T) {
	s := snapshotOf(t, `
		institution top
		institution low
		post p
		post q
		post r
		post s
		p POST_IN top
		q POST_IN top
		r POST_IN low
		s POST_IN low
		p REPORTS_TO q
		q REPORTS_TO p
		r REPORTS_TO q
		s REPORTS_TO r`)
	r := brokers(t, s, queries.BrokersInput{})
	if got, want := written(r.Posts.Points), "q<ROOT: r s; r<q: s"; got != want || names(r.Posts.Apexes) != "p q" {
		t.Errorf("posts %s, apexes %s", got, names(r.Posts.Apexes))
	}
	// The post q stands between top, which it is in, and low.
	if got, want := written(r.Units.Points), "top<ROOT: low; q<top: low"; got != want {
		t.Errorf("units %s, want %s", got, want)
	}
	if ties := r.Units.Points[1].Ties; len(ties) != 1 || ties[0].From.ID != "q" || ties[0].To.ID != "r" || ties[0].Along {
		t.Errorf("q is above low by %+v", ties)
	}
	if l := r.Lines[0]; l.Institution.ID != "low" || names(l.Cut) != "q" || names(l.Between) != "q" || l.Uncuttable {
		t.Errorf("low %+v", l)
	}
}

// TestBrokersAreTheLossesOneByOne: on any graph, who is cut off by a loss is who has no
// line to an apex in the picture without the node, apexes those of the whole picture.
func TestBrokersAreTheLossesOneByOne(t *testing.T) {
	rapid.Check(t, func(rt *rapid.T) {
		n := rapid.IntRange(2, 8).Draw(rt, "n")
		above := map[int][]int{}
		var text strings.Builder
		fmt.Fprintf(&text, "institution i{0..%d}\n", n-1)
		for range rapid.IntRange(1, 2*n).Draw(rt, "arcs") {
			up, down := rapid.IntRange(0, n-1).Draw(rt, "up"), rapid.IntRange(0, n-1).Draw(rt, "down")
			if up != down {
				fmt.Fprintf(&text, "i%d PART_OF i%d class=command\n", down, up)
				above[down] = append(above[down], up)
			}
		}
		s := snapshotOf(t, text.String())
		r := brokers(t, s, queries.BrokersInput{})
		apex := map[int]bool{}
		for _, a := range r.Units.Apexes {
			var i int
			if _, err := fmt.Sscanf(string(a.ID), "i%d", &i); err != nil {
				rt.Fatal(err)
			}
			apex[i] = true
		}
		var commanded func(v, gone int, seen map[int]bool) bool
		commanded = func(v, gone int, seen map[int]bool) bool {
			if v == gone || seen[v] {
				return false
			}
			seen[v] = true
			for _, up := range above[v] {
				if commanded(up, gone, seen) {
					return true
				}
			}
			return apex[v]
		}
		want := map[string]int{}
		for gone := range n {
			for v := range n {
				if len(above[v]) > 0 && v != gone && !commanded(v, gone, map[int]bool{}) {
					want[fmt.Sprint("i", gone)]++
				}
			}
		}
		if len(want) != r.Units.PointCount {
			rt.Fatalf("%d single points, want %v\n%s", r.Units.PointCount, want, text.String())
		}
		for _, p := range r.Units.Points {
			if p.CutOff != want[string(p.Node.ID)] || len(p.Gone) != p.CutOff {
				rt.Fatalf("%s cuts off %d, want %d\n%s", p.Node.ID, p.CutOff, want[string(p.Node.ID)], text.String())
			}
		}
	})
}

func TestBrokersRefuse(t *testing.T) {
	s := snapshotOf(t, bowTie)
	for name, tt := range map[string]struct {
		in   queries.BrokersInput
		want error
	}{
		"nobody":   {queries.BrokersInput{Nodes: []graph.ID{"zzz"}}, worlds.ErrUnknown},
		"a place":  {queries.BrokersInput{Nodes: []graph.ID{"somewhere"}}, worlds.ErrInput},
		"first":    {queries.BrokersInput{First: -1}, worlds.ErrInput},
		"evidence": {queries.BrokersInput{Evidence: -1}, worlds.ErrInput},
	} {
		if _, err := queries.Brokers(t.Context(), s, tt.in); !errors.Is(err, tt.want) {
			t.Errorf("%s: %v, want %v", name, err, tt.want)
		}
	}
}

// TestBrokersOfTheUnborn: who was not there on the day is in no list, and said to be missing.
func TestBrokersOfTheUnborn(t *testing.T) {
	s := snapshotOf(t, bowTie+"\n\tperson late born=2020-02")
	r, err := queries.Brokers(t.Context(), s, queries.BrokersInput{Nodes: []graph.ID{"late"}, First: 20})
	if err != nil {
		t.Fatal(err)
	}
	if absent := r.Basis.Missing.Absent; len(absent) != 1 || absent[0].ID != "late" || !r.Basis.Missing.NoRecord {
		t.Errorf("missing: %+v", r.Basis.Missing)
	}
	if rows := len(r.Points) + len(r.Brokers) + len(r.Units.Points) + len(r.Posts.Points) + len(r.Lines); rows > 0 {
		t.Errorf("%d rows of somebody who was not there", rows)
	}
}
