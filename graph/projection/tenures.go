package projection

import (
	"cmp"
	"context"

	"entangle/graph"
)

// tenures reads which tenure of each post ended last before the day. Of a post that is held
// they say nothing, so that only ended ones are kept.
func (b *builder) tenures(ctx context.Context, r Source) error {
	o := b.s.options
	where := graph.TieWhere{During: &[2]graph.Day{graph.MinDay, o.AsOf - 1}, MinConfidence: o.MinConfidence}
	for t, err := range r.Ties(ctx, graph.TieQuery{Types: []graph.TieType{graph.Holds}, Where: where}) {
		if err != nil {
			return err
		}
		from, okFrom := b.byID[t.From]
		to, okTo := b.byID[t.To]
		if okFrom && okTo && t.Span.Bounds().EndLatest < o.AsOf && !b.tooLate(&t) {
			b.ended(t, from, to, t.Span.End)
		}
	}
	return nil
}

// orphaned notes a tenure that its own dates leave standing and whose holder was dead
// before the day.
func (b *builder) orphaned(t graph.Tie, from, to int32) {
	if a, gone := b.s.Absence(from); b.s.options.Tenures && gone && a.Gone && t.Type == graph.Holds && b.s.There(to) {
		b.ended(t, from, to, a.Date)
	}
}

// ended keeps a tenure if it ended last.
func (b *builder) ended(t graph.Tie, from, to int32, end graph.Date) {
	next := Tenure{Tie: t.ID, Holder: from, Post: to, Probability: probability(t.Confidence.Value), End: end}
	last, ok := b.s.tenures[to]
	if next.Probability == 0 || ok && last.after(next) >= 0 {
		return
	}
	b.s.tenures[to] = next
}

// after compares tenures by their ends, then by the ids of their claims.
func (t Tenure) after(o Tenure) int {
	return cmp.Or(cmp.Compare(t.End.Latest, o.End.Latest), cmp.Compare(t.End.Earliest, o.End.Earliest), cmp.Compare(t.Tie, o.Tie))
}
