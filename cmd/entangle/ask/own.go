package ask

import (
	"fmt"
	"slices"
)

// ownAnswer is what an answer counts as the targets' own, apart from what breaks of the state.
type ownAnswer struct {
	OwnInstitutionCount int
	OwnInstitutions     []nodeAnswer
}

// some says that anything is.
func (o *ownAnswer) some() bool { return o.OwnInstitutionCount > 0 }

// printOwn names what is counted as own; whose says whose that is.
func (o *ownAnswer) printOwn(w *page, whose string) {
	const shown = 8
	if !o.some() {
		return
	}
	names := nodeNames(o.OwnInstitutions[:min(shown, len(o.OwnInstitutions))])
	if more := o.OwnInstitutionCount - min(shown, len(o.OwnInstitutions)); more > 0 {
		names += fmt.Sprintf(" and %d more", more)
	}
	fmt.Fprintf(w, "Counted as %s own and not as damage: %s.\n", whose, names)
}

// beside writes the mean of the other count behind that of the state.
func (o *ownAnswer) beside(own amountAnswer, whose string) string {
	if !o.some() {
		return ""
	}
	return fmt.Sprintf(", beside %s of %s own", own.with(func(v float64) string { return fmt.Sprintf("%.2f", v) }), whose)
}

// fractures writes the headline of a purge: how much of the state it fractures on average, and
// how much of the targets' own.
func (o *ownAnswer) fractures(state, own spreadAnswer, whose string) string {
	text := "fractures " + state.number("institutions of the state")
	if o.some() {
		text += " beside " + own.number("of "+whose+" own")
	}
	return text + "."
}

// ofState writes how the number of the state's institutions that fracture varies.
func ofState(state spreadAnswer, none estimateAnswer) string {
	return fmt.Sprintf("Of the state %d to %d fracture in nine worlds of ten; none with probability %s.", state.Q05, state.Q95, none.with())
}

// number writes a mean of what nouns name with its interval, an exact one alone.
func (s spreadAnswer) number(nouns string) string {
	if s.Low == s.High {
		return fmt.Sprintf("%.2f %s", s.Mean, nouns)
	}
	return fmt.Sprintf("%.2f %s (%.2f–%.2f)", s.Mean, nouns, s.Low, s.High)
}

// withOwn puts the cell of what is own into a row at a place, where anything is own.
func withOwn[T any](some bool, at int, own T, row ...T) []T {
	if !some {
		return row
	}
	return slices.Insert(row, at, own)
}
