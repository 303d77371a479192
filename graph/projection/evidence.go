package projection

import "entangle/graph"

// nearestEvidence returns how many days the nearest evidence of a claim is from a day: a
// stated start or end, or an observation; 0 on a day on which the claim certainly holds,
// since its dates speak of that day. A date that is known to the year or month is as near
// as its nearest day. A span without a date is not dated.
func nearestEvidence(span graph.Span, day graph.Day) (days int64, dated bool) {
	if span.At(day) == graph.Certain {
		return 0, true
	}
	for _, d := range []graph.Date{span.Start, span.End, span.First, span.Last} {
		if !d.Known() {
			continue
		}
		if apart := apart(d, day); !dated || apart < days {
			days, dated = apart, true
		}
	}
	return days, dated
}

// apart is how many days a date is from a day, 0 where it may be that day.
func apart(d graph.Date, day graph.Day) int64 {
	return max(0, int64(d.Earliest)-int64(day), int64(day)-int64(d.Latest))
}
