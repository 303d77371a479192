package ask

import (
	"fmt"
	"strings"
)

// percent writes a share; one that is not 0 or 1 is never shown as 0% or 100%.
func percent(v float64) string {
	switch {
	case v == 0:
		return "0%"
	case v < 0.001:
		return "<0.1%"
	case v < 0.0995:
		return fmt.Sprintf("%.1f%%", v*100)
	case v < 0.995 || v == 1:
		return fmt.Sprintf("%.0f%%", v*100)
	case v < 0.999:
		return fmt.Sprintf("%.1f%%", v*100)
	}
	return ">99.9%"
}

// interval writes the bounds of an estimate, finer where they are close.
func (e estimateAnswer) interval() string {
	low, high := percent(e.Low), percent(e.High)
	switch {
	case e.Low == e.High:
		return "exact"
	case low == high:
		low, high = fmt.Sprintf("%.1f%%", e.Low*100), fmt.Sprintf("%.1f%%", e.High*100)
	}
	return strings.TrimSuffix(low, "%") + "–" + high
}

// unknown says that nothing is known of a probability: it may be anything.
func (e estimateAnswer) unknown() bool { return e.Low == 0 && e.High == 1 }

// with writes an estimate with its interval, an exact one alone.
func (e estimateAnswer) with() string {
	if e.Low == e.High {
		return percent(e.P)
	}
	return percent(e.P) + " (" + e.interval() + ")"
}

// within writes an estimate with its interval where brackets are about it.
func (e estimateAnswer) within() string {
	if e.Low == e.High {
		return percent(e.P)
	}
	return percent(e.P) + ", " + e.interval()
}

// mean writes the mean with its interval, an exact one alone.
func (s spreadAnswer) mean() string {
	if s.Low == s.High {
		return fmt.Sprintf("%.2f", s.Mean)
	}
	return fmt.Sprintf("%.2f (%.2f–%.2f)", s.Mean, s.Low, s.High)
}

// never says how likely an event may still be that was seen in no world drawn: the upper
// bound of Wilson's interval for 0 of n.
func (b *basisAnswer) never() string {
	if b.Method != "SAMPLED" {
		return ""
	}
	return fmt.Sprintf(": in none of the %d drawn, so that each has at most a chance of %s", b.Samples, percent(b.Unseen))
}

// text writes a step in the direction of the claim.
func (s *stepAnswer) text(sources *sourceList) string {
	from, to := s.From, s.To
	if !s.Along {
		from, to = to, from
	}
	var notes []string
	if s.Tie != nil {
		notes = append(notes, s.Tie.dates())
		if s.Tie.Grade != "" {
			notes = append(notes, s.Tie.Grade)
		}
		if s.Tie.Status == "CONFLICT" {
			notes = append(notes, "contradicted")
		}
	}
	notes = append(notes, confidenceOf(s.Confidence, s.Stated))
	text := fmt.Sprintf("%s –%s→ %s (%s)", from.Name, s.Type, to.Name, strings.Join(notes, ", "))
	if s.Tie != nil {
		text += sources.cite(s.Tie.Citations)
	}
	return text
}

// dates writes when a claim holds, as far as the dates are known.
func (t *tieAnswer) dates() string {
	text := func(d *dateAnswer) string {
		if d == nil {
			return ""
		}
		return d.Edtf
	}
	if start, end := text(t.Start), text(t.End); start+end != "" {
		return start + "/" + end
	}
	for _, seen := range []string{text(t.Last), text(t.First)} {
		if seen != "" {
			return "seen " + seen
		}
	}
	return "undated"
}

// confidenceOf writes a confidence, with what the age of the evidence left of it.
func confidenceOf(day, stated float64) string {
	left := fmt.Sprintf("%.2g", day)
	if of := fmt.Sprintf("%.2g", stated); stated > day && of != left {
		return "confidence " + of + ", by age " + left
	}
	return "confidence " + left
}
