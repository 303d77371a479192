package ask

import (
	"fmt"
	"io"
	"strings"

	"entangle/graph"
)

// basisAnswer is what any answer rests on. A question that draws no worlds has no method;
// one without a response has no converged.
type basisAnswer struct {
	Method, Snapshot, AsOf, Gap, Generator, Seed, Conditional string
	MinConfidence, Unseen                                     float64
	Samples, Coins                                            int
	Nodes, Ties, DefaultedTies, PossibleTies, OmittedTies     int
	FadedTies, AgelessTies, StructuralTies                    int
	LaterTies, LateTies, UntimedTies                          int
	DistantTies, UndatedTies, DistantYears                    int
	EvidenceUntil                                             string
	Missing                                                   missingAnswer
	Circling                                                  *estimateAnswer
	Converged                                                 *bool
}

// print tells what the answer rests on. What differs between two stores with the same
// content stands in the JSON only.
func (b *basisAnswer) print(w *page) error {
	var out strings.Builder
	out.WriteString("\n")
	if b.Method != "" {
		out.WriteString(strings.ToLower(b.Method))
		if b.Method == "SAMPLED" {
			fmt.Fprintf(&out, ": %s, seed %s, %s", many(b.Samples, "world"), b.Seed, b.Generator)
		}
		fmt.Fprintf(&out, "; %s %s\n", many(b.Coins, "uncertain tie or response"), agree(b.Coins, "matters", "matter"))
		if b.Unseen > 0 {
			fmt.Fprintf(&out, "what was seen in no world has at most a chance of %s\n", percent(b.Unseen))
		}
	}
	fmt.Fprintf(&out, "snapshot %s, gap policy %s: %s, %s, of them %d possible only, %d with default confidence\n",
		b.Snapshot, b.Gap, many(b.Nodes, "node"), many(b.Ties, "tie"), b.PossibleTies, b.DefaultedTies)
	for _, line := range b.ages() {
		fmt.Fprintln(&out, line)
	}
	if b.DistantTies+b.UndatedTies > 0 {
		fmt.Fprintln(&out, b.evidence())
	}
	if b.OmittedTies > 0 {
		fmt.Fprintf(&out, "%s possible on that day and %s left out by the gap policy\n",
			many(b.OmittedTies, "more tie")+agree(b.OmittedTies, " is", " are"), agree(b.OmittedTies, "was", "were"))
	}
	if b.MinConfidence > 0 {
		fmt.Fprintf(&out, "ties of less confidence than %g were left out\n", b.MinConfidence)
	}
	switch {
	case b.Converged == nil || *b.Converged:
	case b.Circling != nil:
		fmt.Fprintf(&out, "NOT CONVERGED: in up to %s of the worlds of a purge groups change sides for ever; these worlds count by the worst that comes of it: "+
			"a chance of fracture may be too high by this share and is never too low, a difference of two may be off by it both ways\n", b.Circling.with())
	default:
		out.WriteString("NOT CONVERGED: some worlds still changed at the cap of waves\n")
	}
	if b.Conditional != "" {
		fmt.Fprintln(&out, b.Conditional)
	}
	_, err := io.WriteString(w, out.String())
	return err
}

// ages says how the age of evidence counts, and what later evidence does.
func (b *basisAnswer) ages() (lines []string) {
	line := func(n int, text string) {
		if n > 0 {
			lines = append(lines, text)
		}
	}
	n := b.FadedTies
	line(n, fmt.Sprintf("%s with less than %s stated confidence, for the age of the evidence", many(n, "tie")+agree(n, " stands", " stand"), agree(n, "its", "their")))
	if n = b.AgelessTies; b.Gap == "fading" {
		line(n, fmt.Sprintf("%s no date to tell %s age by, and %s whole", many(n, "possible tie")+agree(n, " has", " have"), agree(n, "its", "their"), agree(n, "stands", "stand")))
	}
	n = b.StructuralTies
	line(n, fmt.Sprintf("%s structure that nobody dated, which stands under every gap policy", many(n, "tie")+agree(n, " is", " are")))
	n = b.LaterTies
	line(n, fmt.Sprintf("%s on evidence later than the day alone", many(n, "tie")+agree(n, " rests", " rest")))
	if b.EvidenceUntil == "" {
		return lines
	}
	n = b.LateTies
	lines = append(lines, fmt.Sprintf("evidence until %s: %s left out", b.EvidenceUntil, many(n, "tie")+agree(n, " was", " were")))
	n = b.UntimedTies
	line(n, fmt.Sprintf("%s in, though nothing says when %s first told", many(n, "tie")+agree(n, " stays", " stay"), agree(n, "it was", "they were")))
	return lines
}

// evidence says how many of the ties that stand have no evidence near the day.
func (b *basisAnswer) evidence() string {
	far := b.DistantTies + b.UndatedTies
	text := outOf(far, b.Ties, "tie") + agree(far, " has", " have") + " no evidence within " + many(b.DistantYears, "year") + " of the day"
	switch {
	case b.UndatedTies == 0:
	case far == 1:
		text += ", and no date at all"
	default:
		text += fmt.Sprintf(", %d of them no date at all", b.UndatedTies)
	}
	return text
}

// evidenceIsOld says that most of what has a date has it far from the day, so that the
// answer speaks of another time: it is told before the answer.
func (b *basisAnswer) evidenceIsOld() bool {
	dated := b.Ties - b.UndatedTies
	return b.DistantTies > 0 && 2*b.DistantTies > dated
}

// halfLives are those of an answer; one without years does not fade.
type halfLives []struct {
	Type  graph.TieType
	Post  string
	Years *float64
}

// differing writes those that are not of the tables.
func (h halfLives) differing() string {
	standard := map[graph.HalfLife]bool{}
	for _, row := range (graph.HalfLives{}).Rows() {
		standard[row] = true
	}
	var out []string
	for _, row := range h {
		of := graph.HalfLife{Type: row.Type, Post: row.Post, Years: graph.Endless}
		if row.Years != nil {
			of.Years = *row.Years
		}
		if !standard[of] {
			out = append(out, of.String())
		}
	}
	return strings.Join(out, " ")
}
