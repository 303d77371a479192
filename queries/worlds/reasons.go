// What took a support of an institution in one world, and how much of it each loss took.
//
// Invariant: every tie named stands in the world, and every node named was lost, or broke, by the
// wave asked about.
// Source: docs/model.md, Why: the witness.
// Cost: O(ties of the institution), and for COMMAND the lines above its posts.

package worlds

import (
	"slices"

	"entangle/graph"
	"entangle/graph/projection"
)

// reasons lists what a support lost in one world, by what happened up to a wave. Shares are of
// the whole support, in which records and claims are combined.
type reasons struct {
	*witness
	wave int
}

// onceEach keeps the largest of several claims of one holder.
func onceEach(causes []contribution) []contribution {
	var out []contribution
	for _, c := range causes {
		switch i := slices.IndexFunc(out, func(o contribution) bool { return o.lost == c.lost }); {
		case i < 0:
			out = append(out, c)
		case c.share > out[i].share:
			out[i] = c
		}
	}
	return out
}

// holds reports whether a claim stands.
func (r reasons) holds(t int32) bool { return r.is(r.b.exists(t)) }

// lost reports whether a person was lost, or a group struck or rallied, by the
// wave.
func (r reasons) lost(node int32) bool {
	first, ok := r.b.trace.first[node]
	return ok && first.wave <= r.wave
}

// broken reports whether an institution broke before the wave, so that it is felt in it, or was
// disbanded.
func (r reasons) broken(body int32) bool {
	if r.is(r.b.lost(body)) {
		return true
	}
	first, ok := r.b.trace.first[body]
	return ok && first.wave < r.wave && r.b.m.Params.Contagion
}

// each calls f with those of the ties that hold, of parallel ones the one of
// the largest share.
func (r reasons) each(ties []int32, share func(*projection.Tie) int64, f func(t int32, share int64)) {
	for len(ties) > 0 {
		same := r.b.snap.Parallel(ties)
		ties = ties[len(same):]
		best, largest := none, int64(-1)
		for _, t := range same {
			if s := share(r.b.snap.Tie(t)); s > largest && r.holds(t) {
				best, largest = t, s
			}
		}
		if best != none {
			f(best, largest)
		}
	}
}

func wholeShare(*projection.Tie) int64 { return Million }

// seats lists who left the posts of a body and, for COMMAND, whose leaving cut off those who
// stay.
func (r reasons) seats(body int32, sup Support, records float64) []contribution {
	b := r.b
	total := 0.0
	var out []contribution
	r.each(b.snap.In(graph.PostIn, body), wholeShare, func(in int32, _ int64) {
		post := b.snap.Tie(in).From
		if sup == Command && (!b.lines.ensure(b, b.m.desks.deskOf(post)) || !r.is(b.lines.of(b.m.desks.deskOf(post))[0].before)) {
			return
		}
		weight, seats, stays := float64(b.snap.Seat(post).Weight), 0.0, false
		many := b.snap.Seat(post).Seats > 1
		var leavers []contribution
		r.each(b.snap.In(graph.Holds, post), wholeShare, func(h int32, _ int64) {
			seats++
			person := b.snap.Tie(h).From
			if path, left := r.left(person, post, h, in); left {
				leavers = append(leavers, contribution{share: weight, lost: person, path: path})
				return
			}
			stays = true
		})
		switch {
		case seats == 0:
			return
		case !many:
			seats = 1
		}
		if gone := r.ceased(post, in); gone != nil {
			total += seats * weight
			gone.share = seats * weight
			out = append(out, *gone)
			return
		}
		if sup == Staff && !many && !stays && r.deputised(body, post) {
			for i := range leavers {
				leavers[i].share *= 1 - b.m.Params.DeputyShare
			}
		}
		total += seats * weight
		if many || !stays {
			out = append(out, leavers...)
		}
		if rest := seats - float64(len(leavers)); sup == Command && stays && !r.is(b.lines.of(b.m.desks.deskOf(post))[0].now) {
			if !many {
				rest = 1
			}
			if cut := r.cut(post, in); cut != nil {
				cut.share = rest * weight
				out = append(out, *cut)
			}
		}
	})
	return scaled(out, records, total)
}

// ceased returns the disbanded institution with which a post is gone, with the ties that lead on
// from the post; nil where there is none.
func (r reasons) ceased(post int32, on ...int32) (with *contribution) {
	r.each(r.b.snap.Out(graph.PostIn, post), wholeShare, func(t int32, _ int64) {
		if body := r.b.snap.Tie(t).To; r.is(r.b.lost(body)) {
			with = &contribution{lost: body, path: hops(r.b.snap, body, append([]int32{t}, on...))}
		}
	})
	return with
}

// left reports whether a holder of a post left it, and the way in which that came, along the ties
// given.
func (r reasons) left(person, post int32, ties ...int32) (path []hop, left bool) {
	b := r.b
	if r.lost(person) {
		return r.path(person, ties...), true
	}
	if !r.is(b.expelled(person, b.m.desks.deskOf(post))) {
		return nil, false
	}
	for _, typ := range []graph.TieType{graph.MemberOf, graph.LoyalTo} {
		for _, t := range b.snap.Out(typ, person) {
			if group := b.snap.Tie(t).To; r.is(b.provokedWithin(group)) && r.holds(t) {
				return r.path(group, append([]int32{t}, ties...)...), true
			}
		}
	}
	return nil, true
}

// deputised reports whether a deputy stands in for a vacated post.
func (r reasons) deputised(body, post int32) (stands bool) {
	if r.b.m.Params.DeputyShare == 0 {
		return false
	}
	r.each(r.b.snap.In(graph.ReportsTo, post), wholeShare, func(t int32, _ int64) {
		deputy := r.b.snap.Tie(t).From
		if !r.is(r.b.within(deputy, body)) {
			return
		}
		r.each(r.b.snap.In(graph.Holds, deputy), wholeShare, func(h int32, _ int64) {
			_, left := r.left(r.b.snap.Tie(h).From, deputy)
			stands = stands || !left
		})
	})
	return stands
}

// cut returns what cut a post off: the leaving of a holder of the nearest post up its lines that
// lost its holders, or the institution with which it is gone. It searches in breadth.
func (r reasons) cut(post, in int32) *contribution {
	type place struct {
		post, tie int32
		below     int // place it was reached from
	}
	s := r.b.snap
	seen := []place{{post, none, -1}}
	for i := 0; i < len(seen); i++ {
		at := seen[i]
		for _, t := range s.Out(graph.ReportsTo, at.post) {
			up := s.Tie(t).To
			if r.holds(t) && !slices.ContainsFunc(seen, func(p place) bool { return p.post == up }) {
				seen = append(seen, place{up, t, i})
			}
		}
		if i == 0 {
			continue
		}
		var down []int32
		for below := at; below.tie != none; below = seen[below.below] {
			down = append(down, below.tie)
		}
		down = append(down, in)
		if gone := r.ceased(at.post, down...); gone != nil && r.is(r.b.occupied(at.post)) {
			return gone
		}
		if person, hold := r.vacated(at.post); person != none {
			path, _ := r.left(person, at.post, append([]int32{hold}, down...)...)
			return &contribution{lost: person, path: path}
		}
	}
	return nil
}

// vacated returns a holder whose leaving left the post vacant, none where it
// was vacant before or is held.
func (r reasons) vacated(post int32) (person, tie int32) {
	person, tie = none, none
	for _, h := range r.b.snap.In(graph.Holds, post) {
		if holder := r.b.snap.Tie(h).From; r.holds(h) {
			if _, left := r.left(holder, post); !left {
				return none, none
			}
			person, tie = holder, h
		}
	}
	return person, tie
}

// controls lists which leaving groups held the part that claims speak for.
func (r reasons) controls(body int32, sup Support, claims float64) []contribution {
	var out []contribution
	r.holdings(body, func(tie *projection.Tie) bool {
		return tie.Form == projection.DeFacto || tie.Form == projection.NoForm || (sup == Command) == (tie.Form == projection.Command)
	}, func(group, t int32, share float64) {
		out = append(out, contribution{share: share, lost: group, path: r.path(group, t)})
	})
	return scaled(out, claims, 1)
}

// holdings calls f with what leaving groups hold of a thing, 0–1.
func (r reasons) holdings(thing int32, speaks func(*projection.Tie) bool, f func(group, t int32, share float64)) {
	share := func(tie *projection.Tie) int64 {
		if !speaks(tie) {
			return -1
		}
		return r.b.m.held(tie)
	}
	left := func(t int32) bool {
		tie := r.b.snap.Tie(t)
		return (r.lost(tie.From) || r.is(r.b.takenWithin(tie.From, tie.To))) && r.is(r.b.leaves(t))
	}
	ties := slices.DeleteFunc(slices.Clone(r.b.snap.In(graph.Controls, thing)), func(t int32) bool { return !left(t) })
	r.each(ties, share, func(t int32, part int64) { f(r.b.snap.Tie(t).From, t, float64(part)/Million) })
}

// sways lists which influence and loyalty took the part that claims speak for.
func (r reasons) sways(body int32, claims float64) []contribution {
	b := r.b
	var out []contribution
	add := func(ties []int32, far func(*projection.Tie) int32) {
		ties = slices.DeleteFunc(slices.Clone(ties), func(t int32) bool {
			switch node := far(b.snap.Tie(t)); b.snap.Kind(node) {
			case graph.Institution:
				return !r.broken(node)
			case graph.Group:
				within := r.is(b.takenWithin(node, body))
				return !r.lost(node) && !within || b.snap.Tie(t).Type == graph.Influences && !r.is(b.leaves(t))
			default:
				return !r.lost(node)
			}
		})
		r.each(ties, b.m.swayed, func(t int32, part int64) {
			node := far(b.snap.Tie(t))
			out = append(out, contribution{share: float64(part) / trillion, lost: node, path: r.bodyPath(node, t)})
		})
	}
	add(b.snap.In(graph.Influences, body), func(t *projection.Tie) int32 { return t.From })
	add(b.snap.Out(graph.LoyalTo, body), func(t *projection.Tie) int32 { return t.To })
	return scaled(out, claims, 1)
}

// units lists which groups held the units of a command, and which of these broke.
func (r reasons) units(body int32) []contribution {
	b := r.b
	total := 0.0
	var out []contribution
	commanded := slices.DeleteFunc(slices.Clone(b.snap.In(graph.PartOf, body)), func(t int32) bool {
		tie := b.snap.Tie(t)
		return tie.Class != projection.CommandClass || b.snap.Kind(tie.From) != graph.Institution || b.snap.Body(tie.From).Placeholder
	})
	r.each(commanded, wholeShare, func(t int32, _ int64) {
		unit := b.snap.Tie(t).From
		heads := float64(b.m.heads(unit))
		total += heads
		if r.broken(unit) {
			out = append(out, contribution{share: heads, lost: unit, path: r.bodyPath(unit, t)})
			return
		}
		r.holdings(unit, func(*projection.Tie) bool { return true }, func(group, c int32, share float64) {
			out = append(out, contribution{share: heads * share, lost: group, path: r.path(group, c, t)})
		})
	})
	return scaled(out, 1, total)
}

// streams lists which groups held the streams that pay for a body, and which streams were cut.
func (r reasons) streams(body int32) []contribution {
	b := r.b
	total := 0.0
	var out []contribution
	r.each(b.snap.In(graph.Funds, body), portion, func(t int32, part int64) {
		stream := b.snap.Tie(t).From
		b.diverted(&b.scored.diverted, stream, allLanes)
		arrives := float64(b.scored.diverted.of(r.world, part*Million)) / Million
		total += arrives
		if r.is(b.lost(stream)) {
			out = append(out, contribution{share: arrives, lost: stream, path: hops(b.snap, stream, []int32{t})})
			return
		}
		operates := func(tie *projection.Tie) bool { return tie.Form != projection.Diverts }
		r.holdings(stream, operates, func(group, c int32, share float64) {
			out = append(out, contribution{share: arrives * share, lost: group, path: r.path(group, c, t)})
		})
	})
	return scaled(out, 1, total)
}

// providers lists which providers broke.
func (r reasons) providers(body int32) []contribution {
	b := r.b
	total := 0.0
	var out []contribution
	add := func(t int32, part float64) {
		total += part
		if provider := b.snap.Tie(t).To; r.broken(provider) {
			out = append(out, contribution{share: part, lost: provider, path: r.bodyPath(provider, t)})
		}
	}
	r.each(b.snap.Out(graph.DependsOn, body), portion, func(t int32, part int64) { add(t, float64(part)) })
	var parents []int32
	r.each(b.parents(body), wholeShare, func(t int32, _ int64) { parents = append(parents, t) })
	for _, t := range parents {
		add(t, float64(share(b.m.Params.ParentShare))/float64(len(parents)))
	}
	return scaled(out, 1, max(total, Million))
}

// scaled makes amounts of a total shares of a part of the support, and leaves out what
// took nothing.
func scaled(causes []contribution, part, total float64) []contribution {
	out := causes[:0]
	for _, c := range causes {
		if c.share *= part / max(total, 1e-9); c.share > 0 {
			out = append(out, c)
		}
	}
	return out
}
