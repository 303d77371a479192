package projection

import (
	"cmp"
	"context"
	"slices"

	"entangle/graph"
)

// Lasting is how long a tenure on record lasted: until it ended, or until it was last seen.
type Lasting struct {
	// Types of the post: its own, then those of the institutions that it is in.
	Types []string
	Days  float64
	Ended bool
}

// Lastings reads the tenures of all times as far as they were known by a day, in the order of
// posts, persons and starts. A date counts as the middle of the days it may mean. What began
// later is left out, and so is, counted, what has no start. A tenure without a known end was
// last seen at the latest of its start, its observations, the dates of sources that describe
// their day and, where its end is stated to be open, those of all its sources. Claims of one
// person to one post whose times overlap are one tenure: that of the claim that has an end,
// then of the surest.
func Lastings(ctx context.Context, r Source, until graph.Day) (list []Lasting, unstarted int, err error) {
	h := history{until: until, types: map[graph.ID][]string{}, sources: map[graph.ID]source{}, in: map[graph.ID][]graph.ID{}}
	kinds := []graph.Kind{graph.Institution, graph.Post, graph.Source}
	for n, err := range r.Nodes(ctx, graph.NodeQuery{Kinds: kinds}) {
		if err != nil {
			return nil, 0, err
		}
		h.types[n.ID] = n.Types
		if d := n.Props.Date("date"); n.Kind == graph.Source && d.Known() {
			h.sources[n.ID] = source{date: d, describes: n.Props.Bool("describesDate")}
		}
	}
	var claims []tenureClaim
	for t, err := range r.Ties(ctx, graph.TieQuery{Types: []graph.TieType{graph.Holds, graph.PostIn}}) {
		switch {
		case err != nil:
			return nil, 0, err
		case t.Type == graph.PostIn:
			h.in[t.From] = append(h.in[t.From], t.To)
		case !t.Span.Start.Known():
			unstarted++
		case t.Confidence.Value > 0:
			if c := h.claim(&t); c.from <= float64(until) {
				claims = append(claims, c)
			}
		}
	}
	return h.tenures(claims), unstarted, nil
}

// history is what tenures are read by.
type history struct {
	until   graph.Day
	types   map[graph.ID][]string
	sources map[graph.ID]source
	in      map[graph.ID][]graph.ID // the institutions of a post
}

type tenureClaim struct {
	id, post, person graph.ID
	from, to         float64
	ended            bool
	confidence       float64
}

// middle is the middle of the days that a date may mean.
func middle(d graph.Date) float64 { return (float64(d.Earliest) + float64(d.Latest)) / 2 }

func (h *history) claim(t *graph.Tie) tenureClaim {
	c := tenureClaim{id: t.ID, post: t.To, person: t.From, from: middle(t.Span.Start), confidence: t.Confidence.Value}
	last := float64(h.until)
	if end := t.Span.End; end.Known() && middle(end) <= last {
		c.to, c.ended = max(c.from, middle(end)), true
		return c
	}
	seen := func(d graph.Date) {
		if d.Known() {
			c.to = max(c.to, min(middle(d), last))
		}
	}
	c.to = c.from
	for _, d := range []graph.Date{t.Span.First, t.Span.Last, t.Span.End} { // an end that comes later: it lasted until now
		seen(d)
	}
	for _, cited := range t.Citations {
		if s := h.sources[cited.Source]; s.describes || t.Span.End.Open() {
			seen(s.date)
		}
	}
	return c
}

// tenures joins the claims that overlap.
func (h *history) tenures(claims []tenureClaim) (out []Lasting) {
	slices.SortFunc(claims, func(a, b tenureClaim) int {
		return cmp.Or(cmp.Compare(a.post, b.post), cmp.Compare(a.person, b.person), cmp.Compare(a.from, b.from), cmp.Compare(a.id, b.id))
	})
	for len(claims) > 0 {
		first, n, until := claims[0], 1, claims[0].to
		for n < len(claims) && claims[n].post == first.post && claims[n].person == first.person && claims[n].from <= until {
			until = max(until, claims[n].to)
			n++
		}
		best := slices.MinFunc(claims[:n], func(a, b tenureClaim) int {
			return cmp.Or(-cmp.Compare(bit(a.ended), bit(b.ended)), -cmp.Compare(a.confidence, b.confidence), cmp.Compare(a.id, b.id))
		})
		out = append(out, Lasting{Types: h.typesOf(first.post), Days: best.to - best.from, Ended: best.ended})
		claims = claims[n:]
	}
	return out
}

// typesOf are the types of a post: its own, then those of its institutions by their ids.
func (h *history) typesOf(post graph.ID) []string {
	list := slices.Clone(h.types[post])
	bodies := h.in[post]
	slices.Sort(bodies)
	for _, body := range slices.Compact(bodies) {
		list = append(list, h.types[body]...)
	}
	return list
}
