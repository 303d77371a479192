package ask

import (
	"fmt"
	"io"
	"strings"
)

// basisAnswer is what any answer rests on: of a question that draws no worlds there is
// no method, of one without a response nothing that could converge.
type basisAnswer struct {
	Method, Snapshot, AsOf, Gap, Generator, Seed, Conditional string
	MinConfidence, Unseen                                     float64
	Samples, Coins                                            int
	Nodes, Ties, DefaultedTies, PossibleTies, OmittedTies     int
	Converged                                                 *bool
}

// print tells what the answer rests on. What differs between two stores with the same
// content stands in the JSON only.
func (b *basisAnswer) print(w io.Writer) error {
	var out strings.Builder
	out.WriteString("\n")
	if b.Method != "" {
		out.WriteString(strings.ToLower(b.Method))
		if b.Method == "SAMPLED" {
			fmt.Fprintf(&out, ": %d worlds, seed %s, %s", b.Samples, b.Seed, b.Generator)
		}
		fmt.Fprintf(&out, "; %d uncertain ties and responses matter\n", b.Coins)
		if b.Unseen > 0 {
			fmt.Fprintf(&out, "what was seen in no world has at most a chance of %s\n", percent(b.Unseen))
		}
	}
	fmt.Fprintf(&out, "snapshot %s, gap policy %s: %d nodes, %d ties, of them %d possible only, %d with default confidence\n",
		b.Snapshot, b.Gap, b.Nodes, b.Ties, b.PossibleTies, b.DefaultedTies)
	if b.OmittedTies > 0 {
		fmt.Fprintf(&out, "%d more ties are possible on that day and were left out by the gap policy\n", b.OmittedTies)
	}
	if b.MinConfidence > 0 {
		fmt.Fprintf(&out, "ties of less confidence than %g were left out\n", b.MinConfidence)
	}
	if b.Converged != nil && !*b.Converged {
		out.WriteString("NOT CONVERGED: some worlds still changed at the cap of waves\n")
	}
	fmt.Fprintln(&out, b.Conditional)
	_, err := io.WriteString(w, out.String())
	return err
}
