package querytest

import (
	"context"
	"fmt"
	"strings"

	"entangle/queries"
)

// brokers asks who is a single point.
type brokers struct {
	scenario
	in queries.BrokersInput
}

func (q *brokers) keys() map[string]any {
	return joined(q.pictureKeys(), map[string]any{"nodes": &q.in.Nodes, "stateOnly": []*bool{&q.in.StateOnly}})
}

func (q *brokers) ask(ctx context.Context, take picture) (*answer, error) {
	s, err := take(q.options)
	if err != nil {
		return nil, err
	}
	q.in.First, q.in.Evidence = 1000, 1000
	r, err := queries.Brokers(ctx, s, q.in)
	if err != nil {
		return nil, err
	}
	a := newAnswer()
	a.missing(&r.Basis.Picture)
	a.add("network", network(&r.Network))
	a.ranked("points", names(r.Points, func(p queries.CutPoint) string { return idOf(p.Node) }))
	for _, p := range r.Points {
		pieces := strings.Trim(strings.ReplaceAll(fmt.Sprint(p.Pieces), " ", ","), "[]")
		a.add("point "+idOf(p.Node), map[string]any{"cutOff": p.CutOff, "pieces": pieces, "residual": p.Residual, "gone": group(p.Gone)})
	}
	for _, b := range r.Brokers {
		a.add("broker "+idOf(b.Node), map[string]any{
			"degree": b.Degree, "effectiveSize": b.EffectiveSize, "efficiency": b.Efficiency, "constraint": b.Constraint,
		})
	}
	for name, c := range map[string]queries.Chain{"units": r.Units, "posts": r.Posts} {
		a.set(name+"Apexes", names(c.Apexes, idOf))
		for _, p := range c.Points {
			a.add(name+" "+idOf(p.Node), map[string]any{"cutOff": p.CutOff, "gone": group(p.Gone)})
		}
	}
	for _, l := range r.Lines {
		a.add("lines "+idOf(l.Institution), map[string]any{"lines": l.Lines, "cut": group(l.Cut), "uncuttable": l.Uncuttable, "below": l.Below})
	}
	a.add("answer", record(&r.Basis.Picture, map[string]any{"bridges": r.Bridges, "points": r.PointCount, "brokers": r.BrokerCount, "lines": r.LineCount, "oneLine": r.OneLine}))
	return a, nil
}
