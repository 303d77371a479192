package ask

import (
	"encoding/json"
	"fmt"
	"io"
	"slices"
	"strconv"
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

// lines tell it, one for each sort of thing.
func (m *missingAnswer) lines() []string {
	var out []string
	for _, a := range m.Absent {
		out = append(out, a.Note)
	}
	for _, sort := range []struct {
		nodes []nodeAnswer
		says  string
	}{{m.Vacant, "nobody holds it on record"}, {m.Unrecorded, "no tie of it stands"}, {m.Unsupported, "none of its supports has data"}} {
		for _, n := range sort.nodes {
			out = append(out, n.Name+": "+sort.says)
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
	var out strings.Builder
	only = true
	var last *basisAnswer
	for _, b := range []*basisAnswer{answer.Basis, answer.From, answer.To} {
		if b == nil || b.AsOf == "" {
			continue // no basis: the ends of a path have these names too
		}
		last, only = b, only && b.Missing.NoRecord
		for _, line := range b.Missing.lines() {
			fmt.Fprintf(&out, "NOT ON RECORD on %s: %s\n", b.AsOf, line)
		}
	}
	only = only && last != nil
	if only {
		fmt.Fprintf(&out, "NO RECORD: of what was asked about nothing is on record on %s. No record is not safety: there is no answer.\n", last.AsOf)
	} else if out.Len() > 0 {
		out.WriteString("\n")
	}
	if _, err := io.WriteString(w, out.String()); err != nil || !only {
		return only, err
	}
	last.Unseen = 0 // of an answer that is not given
	return only, last.print(w)
}

// allOf says how many of several things.
func allOf(n, of int) string {
	if n == of {
		return "all"
	}
	return strconv.Itoa(n)
}
