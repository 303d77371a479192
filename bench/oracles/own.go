package main

import (
	"context"
	"fmt"
	"math/rand/v2"

	"entangle/graph"
	"entangle/queries"
	"entangle/queries/worlds"
)

// The answers about what is a target's own: what hangs below it by claims that count.
type (
	// held is a record of whom groups are part of, what they hold and what is under what.
	held struct {
		Groups, Bodies int
		Targets        []int32
		OwnShare       float64
		Below          []claim // group, of a group: PART_OF
		Controls       []claim // group, institution
		Parts          []claim // institution, of an institution: PART_OF by command
	}
	claim struct {
		From, To           int32
		Confidence, Weight float64
	}
	owned struct{ Own []int32 }
)

// claims are random ones between so many things, few enough to leave some apart.
func claims(r *rand.Rand, from, to, n int) (list []claim) {
	for range n {
		c := claim{From: r.Int32N(int32(from)), To: r.Int32N(int32(to)), Confidence: float64(1+r.IntN(10)) / 10, Weight: float64(r.IntN(11)) / 10}
		if from != to || c.From != c.To {
			list = append(list, c)
		}
	}
	return list
}

// ofOwn asks what is own in random records.
func ofOwn(ctx context.Context, d *document, graphs int) error {
	r := rand.New(rand.NewPCG(d.Seed, 6)) //nolint:gosec // repeatable by design, no secret
	for range graphs {
		h := held{Groups: 2 + r.IntN(6), Bodies: 3 + r.IntN(8), Targets: []int32{0}, OwnShare: float64(r.IntN(11)) / 10}
		if r.IntN(2) == 0 {
			h.Targets = append(h.Targets, 1)
		}
		h.Below, h.Controls = claims(r, h.Groups, h.Groups, 2*h.Groups), claims(r, h.Groups, h.Bodies, h.Groups+h.Bodies)
		h.Parts = claims(r, h.Bodies, h.Bodies, h.Bodies)
		own, err := h.ask(ctx)
		if err != nil {
			return err
		}
		if err := add(d, "own", "", h, own); err != nil {
			return err
		}
	}
	return nil
}

// ask purges the targets in no world drawn for its own sake: what is own is read from the record.
func (h held) ask(ctx context.Context) (owned, error) {
	s, in := &state{}, queries.PurgeInput{Params: worlds.DefaultParams(), Draw: worlds.Draw{Method: worlds.Sampled, Samples: 1, Seed: 1}}
	in.Params.OwnShare = h.OwnShare
	group := func(g int32) graph.ID { return graph.ID(fmt.Sprintf("g%d", g)) }
	for g := range int32(h.Groups) {
		s.node(graph.Group, group(g))
	}
	number := map[graph.ID]int32{}
	for i := range int32(h.Bodies) {
		s.node(graph.Institution, nodeID(i))
		number[nodeID(i)] = i
	}
	for _, g := range h.Targets {
		in.Targets = append(in.Targets, group(g))
	}
	for _, c := range h.Below {
		s.tie(graph.PartOf, group(c.From), group(c.To), c.Confidence)
	}
	for _, c := range h.Controls {
		s.tie(graph.Controls, group(c.From), nodeID(c.To), c.Confidence)
		s.Ties[len(s.Ties)-1].Weight = graph.KnownShare(c.Weight)
	}
	for _, c := range h.Parts {
		s.tie(graph.PartOf, nodeID(c.From), nodeID(c.To), c.Confidence)
		s.Ties[len(s.Ties)-1].Props = graph.Props{"class": {"command"}}
	}
	picture, err := s.picture(ctx)
	if err != nil {
		return owned{}, err
	}
	r, err := queries.Purge(ctx, picture, in)
	if err != nil {
		return owned{}, err
	}
	out := owned{Own: []int32{}}
	for _, ref := range r.OwnInstitutions {
		out.Own = append(out.Own, number[ref.ID])
	}
	return out, nil
}
