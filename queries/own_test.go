package queries_test

import (
	"context"
	"slices"
	"strconv"
	"testing"

	"github.com/google/go-cmp/cmp"
	"pgregory.net/rapid"

	"entangle/graph"
	"entangle/graph/projection"
	"entangle/queries"
	"entangle/queries/worlds"
)

// ownOf returns the ids of the institutions that a purge calls the targets' own, sorted.
func ownOf(t rapid.TB, b graph.Batch, targets ...graph.ID) (own []graph.ID) {
	t.Helper()
	for i := range b.Ties {
		b.Ties[i].ID = graph.ID("t" + strconv.Itoa(i)) // each a claim of its own
	}
	s, err := projection.FromBatch(b, projection.Options{AsOf: graph.DayOf(2020, 1, 1)})
	if err != nil {
		t.Fatal(err)
	}
	in := queries.PurgeInput{Targets: targets, Params: worlds.DefaultParams(), Draw: worlds.Draw{Samples: 16}}
	for _, n := range b.Nodes {
		if n.Kind == graph.Institution {
			in.Institutions = append(in.Institutions, n.ID)
		}
	}
	r, err := queries.Purge(context.Background(), s, in)
	if err != nil {
		t.Fatal(err)
	}
	for _, o := range r.Institutions {
		if o.Own {
			own = append(own, o.ID)
		}
	}
	slices.Sort(own)
	return own
}

func ownNode(id graph.ID, kind graph.Kind) graph.Node {
	return graph.Node{ID: id, Kind: kind, Names: []graph.Name{{Text: string(id)}}}
}

// control is a claim that g CONTROLS a body.
func control(by, body graph.ID, confidence graph.Confidence, weight graph.Share, form string) graph.Tie {
	tie := graph.Tie{Type: graph.Controls, From: by, To: body, Confidence: confidence, Weight: weight}
	if form != "" {
		tie.Props = graph.Props{"form": {form}}
	}
	return tie
}

func partOf(piece, whole graph.ID, class string) graph.Tie {
	tie := graph.Tie{Type: graph.PartOf, From: piece, To: whole, Confidence: graph.Stated(0.3)}
	if class != "" {
		tie.Props = graph.Props{"class": {class}}
	}
	return tie
}

// TestOwn: each condition of ownership, at its bound.
func TestOwn(t *testing.T) {
	whole := graph.KnownShare(1)
	for name, tt := range map[string]struct {
		ties []graph.Tie
		want []graph.ID
	}{
		"held":                       {[]graph.Tie{control("g", "b", graph.Stated(0.5), graph.KnownShare(0.51), "command")}, []graph.ID{"b"}},
		"of no form":                 {[]graph.Tie{control("g", "b", graph.Stated(1), whole, "")}, []graph.ID{"b"}},
		"too doubtful":               {[]graph.Tie{control("g", "b", graph.Stated(0.49), whole, "command")}, nil},
		"of default confidence":      {[]graph.Tie{control("g", "b", graph.Confidence{Value: 0.5, Rule: graph.RuleDefault}, whole, "command")}, nil},
		"by half":                    {[]graph.Tie{control("g", "b", graph.Stated(1), graph.KnownShare(0.5), "command")}, nil},
		"of unstated weight":         {[]graph.Tie{control("g", "b", graph.Stated(1), graph.Share{}, "command")}, nil},
		"a portfolio":                {[]graph.Tie{control("g", "b", graph.Stated(1), whole, "portfolio")}, nil},
		"by another":                 {[]graph.Tie{control("other", "b", graph.Stated(1), whole, "command")}, nil},
		"its parts under command":    {[]graph.Tie{control("g", "b", graph.Stated(1), whole, "command"), partOf("c", "b", "command"), partOf("d", "c", "command")}, []graph.ID{"b", "c", "d"}},
		"not what it administers":    {[]graph.Tie{control("g", "b", graph.Stated(1), whole, "command"), partOf("c", "b", "administrative"), partOf("d", "b", "")}, []graph.ID{"b"}},
		"not what is above":          {[]graph.Tie{control("g", "c", graph.Stated(1), whole, "command"), partOf("c", "b", "command")}, []graph.ID{"c"}},
		"two weak claims do not add": {[]graph.Tie{control("g", "b", graph.Stated(0.4), whole, "command"), control("g", "b", graph.Stated(0.4), whole, "de_facto")}, nil},
		"a circle of command ends":   {[]graph.Tie{control("g", "b", graph.Stated(1), whole, "command"), partOf("c", "b", "command"), partOf("b", "c", "command")}, []graph.ID{"b", "c"}},
		"through a group in between": {[]graph.Tie{control("other", "b", graph.Stated(1), whole, "command"), {Type: graph.PartOf, From: "other", To: "g", Confidence: graph.Stated(1)}}, nil},
	} {
		t.Run(name, func(t *testing.T) {
			b := graph.Batch{Ties: tt.ties, Nodes: []graph.Node{
				ownNode("g", graph.Group), ownNode("other", graph.Group),
				ownNode("b", graph.Institution), ownNode("c", graph.Institution), ownNode("d", graph.Institution),
			}}
			if diff := cmp.Diff(tt.want, ownOf(t, b, "g")); diff != "" {
				t.Errorf("own (-want +got):\n%s", diff)
			}
		})
	}
}

// TestOwnIsClosed: in any graph each own institution has a reason, and each that has one
// is own, by one target and by two.
func TestOwnIsClosed(t *testing.T) {
	bodies := []graph.ID{"a", "b", "c", "d", "e", "f"}
	rapid.Check(t, func(rt *rapid.T) {
		b := graph.Batch{Nodes: []graph.Node{ownNode("g", graph.Group), ownNode("h", graph.Group)}}
		for _, id := range bodies {
			b.Nodes = append(b.Nodes, ownNode(id, graph.Institution))
		}
		body := rapid.SampledFrom(bodies)
		held := map[graph.ID]map[graph.ID]bool{"g": {}, "h": {}}
		for range rapid.IntRange(0, 5).Draw(rt, "holds") {
			by, of := rapid.SampledFrom([]graph.ID{"g", "h"}).Draw(rt, "by"), body.Draw(rt, "of")
			confidence, weight := rapid.SampledFrom([]float64{0.2, 0.5, 0.9}).Draw(rt, "confidence"), rapid.SampledFrom([]float64{0.5, 0.6, 1}).Draw(rt, "weight")
			form := rapid.SampledFrom([]string{"", "command", "staffing", "portfolio", "de_facto"}).Draw(rt, "form")
			b.Ties = append(b.Ties, control(by, of, graph.Stated(confidence), graph.KnownShare(weight), form))
			if confidence >= 0.5 && weight > 0.5 && form != "portfolio" {
				held[by][of] = true
			}
		}
		above := map[graph.ID][]graph.ID{}
		for range rapid.IntRange(0, 6).Draw(rt, "parts") {
			of, whole := body.Draw(rt, "part"), body.Draw(rt, "whole")
			class := rapid.SampledFrom([]string{"", "command", "administrative"}).Draw(rt, "class")
			if of == whole {
				continue
			}
			b.Ties = append(b.Ties, partOf(of, whole, class))
			if class == "command" {
				above[of] = append(above[of], whole)
			}
		}
		// Up from each institution, where the code goes down from what is held.
		var reaches func(id graph.ID, seen map[graph.ID]bool, held map[graph.ID]bool) bool
		reaches = func(id graph.ID, seen, held map[graph.ID]bool) bool {
			if seen[id] {
				return false
			}
			seen[id] = true
			return held[id] || slices.ContainsFunc(above[id], func(up graph.ID) bool { return reaches(up, seen, held) })
		}
		want := func(targets ...graph.ID) (list []graph.ID) {
			for _, id := range bodies {
				if slices.ContainsFunc(targets, func(g graph.ID) bool { return reaches(id, map[graph.ID]bool{}, held[g]) }) {
					list = append(list, id)
				}
			}
			return list
		}
		if diff := cmp.Diff(want("g"), ownOf(rt, b, "g")); diff != "" {
			rt.Errorf("own of g (-want +got):\n%s", diff)
		}
		if diff := cmp.Diff(want("g", "h"), ownOf(rt, b, "g", "h")); diff != "" {
			rt.Errorf("own of g and h (-want +got):\n%s", diff)
		}
	})
}
