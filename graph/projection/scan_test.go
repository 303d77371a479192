package projection_test

import (
	"math"
	"slices"

	"entangle/graph"
	"entangle/graph/projection"
)

// scannedClaim is what a scan of a batch says of a claim: its confidence on the day, 0 where
// it is not in the picture, and what is told of it.
type scannedClaim struct {
	confidence                          float64
	possible, late, ageless, structural bool
	later, untimed                      bool
}

// scanned is the reference of the pictures, written from docs/model.md and not from the code:
// it goes from day to day until it meets evidence.
func scanned(b graph.Batch, tie graph.Tie, o projection.Options) (c scannedClaim) {
	sources := map[graph.ID]graph.Node{}
	for _, n := range b.Nodes {
		if n.Kind == graph.Source {
			sources[n.ID] = n
		}
	}
	c.later, c.untimed = scannedLater(sources, tie, o.AsOf)
	span := tie.Span
	var seen, dates []graph.Date // days that are described, and days of publication
	if o.EvidenceUntil.Set {
		until := o.EvidenceUntil.Day
		c.late, c.untimed = scannedLater(sources, tie, until)
		if c.late {
			return c
		}
		if span.First.Known() && span.First.Earliest > until {
			span.First = graph.Date{}
		}
		if span.Last.Known() && span.Last.Earliest > until {
			span.Last = graph.Date{}
		}
	}
	for _, citation := range tie.Citations {
		n := sources[citation.Source]
		d := n.Props.Date("date")
		if !d.Known() || o.EvidenceUntil.Set && d.Earliest > o.EvidenceUntil.Day {
			continue
		}
		dates = append(dates, d)
		if n.Props.Bool("describesDate") {
			seen = append(seen, d)
		}
	}
	presence := span.At(o.AsOf)
	c.possible = presence == graph.Possible
	structure := slices.Contains([]graph.TieType{graph.PostIn, graph.PartOf, graph.ReportsTo, graph.LocatedAt, graph.DependsOn}, tie.Type) &&
		!span.Start.Known() && !span.End.Known() && !span.First.Known() && !span.Last.Known()
	c.structural = structure
	switch {
	case presence == graph.No:
		return c
	case presence == graph.Certain || structure:
		c.confidence = tie.Confidence.Value
		return c
	case o.Gap.Mode != graph.Fading:
		if o.Gap.Holds(span.Bounds(), o.AsOf) {
			c.confidence = tie.Confidence.Value
		}
		return c
	}
	// What was seen on two sides of the day, or began before it and was seen after it, held.
	before, after := span.Bounds().StartLatest, span.Bounds().EndEarliest
	evidence := []graph.Date{span.Start, span.End, span.First, span.Last}
	for _, d := range seen {
		if d.Latest >= span.Bounds().StartEarliest && d.Earliest <= span.Bounds().EndLatest {
			before, after = min(before, d.Latest), max(after, d.Earliest)
			evidence = append(evidence, d)
		}
	}
	dated := slices.DeleteFunc(evidence, func(d graph.Date) bool { return !d.Known() })
	if len(dated) == 0 && len(dates) > 0 {
		dated = []graph.Date{slices.MinFunc(dates, func(a, b graph.Date) int { return int(a.Latest) - int(b.Latest) })}
	}
	days := 0
	if before <= o.AsOf && o.AsOf <= after {
		dated = nil // it certainly holds
	} else if len(dated) == 0 {
		c.ageless = true
	}
	for len(dated) > 0 && !slices.ContainsFunc(dated, func(d graph.Date) bool {
		return d.Earliest <= o.AsOf+graph.Day(days) && o.AsOf+graph.Day(days) <= d.Latest || d.Earliest <= o.AsOf-graph.Day(days) && o.AsOf-graph.Day(days) <= d.Latest
	}) {
		days++
	}
	c.confidence = tie.Confidence.Value
	if days > 0 {
		c.confidence *= math.Exp(-math.Ln2 * float64(days) / (365.25 * scannedHalfLife(b, tie, o)))
	}
	if c.confidence < 1e-10 {
		c.confidence = 0
	}
	return c
}

// scannedLater says whether all that a claim rests on is later than a day, or of no date.
func scannedLater(sources map[graph.ID]graph.Node, tie graph.Tie, day graph.Day) (later, untimed bool) {
	observed := []graph.Date{tie.Span.First, tie.Span.Last}
	observed = slices.DeleteFunc(observed, func(d graph.Date) bool { return !d.Known() })
	slices.SortStableFunc(observed, func(a, b graph.Date) int { return int(a.Earliest) - int(b.Earliest) })
	var dates []graph.Date
	for _, c := range tie.Citations {
		dates = append(dates, sources[c.Source].Props.Date("date"))
	}
	if len(dates) == 0 {
		dates = []graph.Date{{}}
	}
	later = true
	for _, d := range dates {
		if !d.Known() && len(observed) > 0 {
			d = observed[0]
		}
		untimed = untimed || !d.Known()
		later = later && d.Known() && d.Earliest > day
	}
	for _, d := range dates {
		if !d.Known() && len(observed) > 0 {
			d = observed[0]
		}
		untimed = untimed && (!d.Known() || d.Earliest > day)
	}
	return later, untimed
}

// scannedHalfLife reads the half-life of a claim out of the rows, in years.
func scannedHalfLife(b graph.Batch, tie graph.Tie, o projection.Options) float64 {
	types := map[graph.ID][]string{}
	var bodies []string
	for _, n := range b.Nodes {
		types[n.ID] = n.Types
	}
	for _, t := range b.Normal().Ties {
		in := o
		in.MinConfidence = 0
		if t.Type == graph.PostIn && t.From == tie.To && t.Confidence.Value >= o.MinConfidence && t.Confidence.Value > 0 && scanned(b, t, in).confidence > 0 {
			bodies = append(bodies, string(t.To))
		}
	}
	slices.Sort(bodies)
	list := slices.Clone(types[tie.To])
	for _, body := range slices.Compact(bodies) {
		list = append(list, types[graph.ID(body)]...)
	}
	var years float64
	byPost := map[string]float64{}
	for _, row := range o.HalfLives.Rows() {
		switch {
		case row.Type != tie.Type:
		case row.Post == "":
			years = row.Years
		default:
			byPost[row.Post] = row.Years
		}
	}
	if tie.Type == graph.Holds {
		for _, typ := range list {
			if y, ok := byPost[typ]; ok {
				return y
			}
		}
	}
	return years
}
