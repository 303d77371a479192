package ask

import (
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"slices"
	"strings"
)

// missingAnswer lists the nodes of a question that are not on record.
type missingAnswer struct {
	Absent []struct {
		Node nodeAnswer
		Note string
	}
	Vacant, Unrecorded, Unsupported []nodeAnswer
	NoRecord                        bool
}

// has says whether a node is one of them.
func (m *missingAnswer) has(node nodeAnswer) bool {
	for _, a := range m.Absent {
		if a.Node.Key == node.Key {
			return true
		}
	}
	return slices.ContainsFunc(slices.Concat(m.Vacant, m.Unrecorded, m.Unsupported), func(n nodeAnswer) bool { return n.Key == node.Key })
}

// struck names the targets of a purge for its heading: those that are on record, for the
// others were left out or nothing of them can be lost. If none is they are all named.
func (m *missingAnswer) struck(targets []nodeAnswer) string {
	there := slices.DeleteFunc(slices.Clone(targets), m.has)
	if len(there) == 0 {
		return nodeNames(targets) + " (not on record)"
	}
	return nodeNames(there)
}

// missingAtOnce is how many nodes of a sort have a line of their own: of more, the line of
// the sort names the first, so that the answer is not pushed off the screen.
const missingAtOnce = 5

// lines tell it, one for each node, or for each sort of thing of which there are many.
func (m *missingAnswer) lines() []string {
	var out []string
	for _, a := range m.Absent {
		out = append(out, a.Note)
	}
	for _, sort := range []struct {
		nodes     []nodeAnswer
		one, many string
	}{
		{m.Vacant, "nobody holds it on record", "posts that nobody holds on record"},
		{m.Unrecorded, "no tie of it stands", "nodes of which no tie stands"},
		{m.Unsupported, "none of its supports has data", "institutions of which no support has data"},
	} {
		if n := len(sort.nodes); n > missingAtOnce {
			out = append(out, fmt.Sprintf("%d %s: %s and %d more (--json names all)",
				n, sort.many, nodeNames(sort.nodes[:missingAtOnce]), n-missingAtOnce))
			continue
		}
		for _, n := range sort.nodes {
			out = append(out, n.Name+": "+sort.one)
		}
	}
	return out
}

// printMissing prints before an answer what of the question is not on record on the day.
// Where there is no record it prints that in place of the answer, and reports so.
func printMissing(w *page, raw json.RawMessage) (only bool, err error) {
	// A question about two days has a basis for each.
	var answer struct{ Basis, From, To *basisAnswer }
	if err := json.Unmarshal(raw, &answer); err != nil {
		return false, err
	}
	var out, empty strings.Builder
	only = true
	var last *basisAnswer
	for _, b := range []*basisAnswer{answer.Basis, answer.From, answer.To} {
		if b == nil || b.AsOf == "" {
			continue // no basis: the ends of a path have these names too
		}
		last, only = b, only && b.Missing.NoRecord
		if b.Missing.NoRecord { // of another day there is an answer
			fmt.Fprintf(&empty, "NO RECORD on %s of what was asked about: what differs from it may only not be on record.\n", b.AsOf)
		}
		for _, line := range b.Missing.lines() {
			fmt.Fprintf(&out, "NOT ON RECORD on %s: %s\n", b.AsOf, line)
		}
	}
	only = only && last != nil
	if only {
		_, err := io.WriteString(w, out.String())
		return true, errors.Join(err, last.printNoRecord(w, "what was asked about"))
	}
	out.WriteString(empty.String())
	for _, b := range []*basisAnswer{answer.Basis, answer.From, answer.To} {
		if b != nil && b.evidenceIsOld() {
			fmt.Fprintf(&out, "OLD EVIDENCE on %s: %s\n", b.AsOf, b.evidence())
		}
	}
	if out.Len() > 0 {
		out.WriteString("\n")
	}
	_, err = io.WriteString(w, out.String())
	return false, err
}

// printNoRecord prints that there is no answer, and what picture that is said of. How the
// figures that are not given came about is left out.
func (b *basisAnswer) printNoRecord(w *page, of string) error {
	b.Method, b.Unseen, b.Conditional, b.Converged = "", 0, "", nil
	_, err := fmt.Fprintf(w, "NO RECORD: of %s nothing is on record on %s. No record is not safety: there is no answer.\n", of, b.AsOf)
	return errors.Join(err, b.print(w))
}
