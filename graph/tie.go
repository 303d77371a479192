package graph

import (
	"crypto/sha256"
	"encoding/base32"
	"fmt"
	"slices"
	"strings"
)

// Status says how a claim stands among others.
type Status uint8

// The states of a claim. The zero Status is Accepted.
const (
	Accepted Status = iota
	// Conflict: sources contradict each other; every side is kept, and claims
	// that share a ConflictSet are alternatives of which at most one is true.
	Conflict
	// Rejected: known wrong, kept for the record; no analysis uses it.
	Rejected
)

var statuses = []string{"ACCEPTED", "CONFLICT", "REJECTED"}

// Statuses returns the names of the states.
func Statuses() []string { return statuses }

// String returns the state's name.
func (s Status) String() string {
	if int(s) >= len(statuses) {
		return fmt.Sprintf("Status(%d)", uint8(s))
	}
	return statuses[s]
}

// ParseStatus reads a state in any case; the empty text is ACCEPTED.
func ParseStatus(s string) (Status, error) {
	if s == "" {
		return Accepted, nil
	}
	for i, name := range statuses {
		if strings.EqualFold(name, s) {
			return Status(i), nil
		}
	}
	return 0, fmt.Errorf("%w: status %q (one of accepted, conflict, rejected)", ErrVocabulary, s)
}

// MarshalText writes the name.
func (s Status) MarshalText() ([]byte, error) { return []byte(s.String()), nil }

// UnmarshalText reads a name.
func (s *Status) UnmarshalText(b []byte) (err error) {
	*s, err = ParseStatus(string(b))
	return err
}

// Share is a number 0–1 that may be missing: Known false means the data does
// not say, which is not 0 and not 1.
type Share struct {
	Value float64
	Known bool
}

// KnownShare is a share that the data states.
func KnownShare(v float64) Share { return Share{Value: v, Known: true} }

// Or returns the share, or v where it is not known.
func (s Share) Or(v float64) float64 {
	if s.Known {
		return s.Value
	}
	return v
}

// Tie is a claim that something joins two nodes.
type Tie struct {
	ID       ID
	Type     TieType
	From, To ID
	Span     Span
	// Confidence is the probability that the claim holds, and the rule behind it.
	Confidence Confidence
	// Weight is what the row of the tie type says it means.
	Weight    Share
	Props     Props
	Citations []Citation
	Grade     Grade
	Marking   Marking
	Status    Status
	// ConflictSet names the set of claims that contradict each other.
	ConflictSet string
	// Derived marks a claim that a rule inferred; DerivedBy names the rule.
	Derived   bool
	DerivedBy string
	Note      string
	// Load is the load that brought the tie last.
	Load ID
}

// Other returns the end of the tie that is not id.
func (t Tie) Other(id ID) ID {
	if t.From == id {
		return t.To
	}
	return t.From
}

// ends returns the ends in canonical order: that of the tie, or From ≤ To where
// the type is symmetric.
func (t Tie) ends() (from, to ID) {
	if t.Type.Valid() && t.Type.Info().Symmetric && t.From > t.To {
		return t.To, t.From
	}
	return t.From, t.To
}

// TieID derives a tie's id from what it claims: type, ends, dates, properties
// and the sources it cites. A reload therefore finds the tie it made, two
// tenures or two sources make two ties, and a corrected confidence, weight,
// grade or status changes the tie in place.
func TieID(t Tie) ID {
	h := sha256.New()
	field := func(parts ...string) {
		for _, p := range parts {
			fmt.Fprintf(h, "%d:%s,", len(p), p)
		}
		h.Write([]byte{'\n'})
	}
	from, to := t.ends()
	field(t.Type.String(), string(from), string(to))
	field(t.Span.Start.Text, t.Span.End.Text, t.Span.First.Text, t.Span.Last.Text)
	for _, name := range t.Props.Names() {
		if values := t.Props[name]; len(values) > 0 {
			field(append([]string{name}, values...)...)
		}
	}
	cited := make([][2]string, 0, len(t.Citations))
	for _, c := range t.Citations {
		cited = append(cited, [2]string{string(c.Source), c.Page})
	}
	slices.SortFunc(cited, func(a, b [2]string) int { return slices.Compare(a[:], b[:]) })
	var sources []string
	for _, c := range slices.Compact(cited) {
		sources = append(sources, c[:]...)
	}
	field(sources...)
	return ID("t-" + shortHash(h.Sum(nil)))
}

// DeriveID makes a node id from a kind and what names the thing in its source,
// such as ("popolo", file, id). Equal input gives an equal id.
func DeriveID(kind Kind, parts ...string) ID {
	h := sha256.New()
	for _, p := range append([]string{kind.String()}, parts...) {
		fmt.Fprintf(h, "%d:%s,", len(p), p)
	}
	return ID(strings.ToLower(kind.String()) + "-" + shortHash(h.Sum(nil)))
}

// shortHash is 100 bits of the sum: enough that 10⁹ ids collide with a chance
// below 10⁻¹².
func shortHash(sum []byte) string {
	return strings.ToLower(base32.StdEncoding.WithPadding(base32.NoPadding).EncodeToString(sum)[:20])
}

// Normal returns the tie in canonical form: a symmetric tie with From ≤ To,
// a missing confidence derived (a number without a rule is stated), a missing
// id derived, a status of Conflict where it belongs to a conflict set.
func (t Tie) Normal() Tie {
	t.From, t.To = t.ends()
	switch {
	case t.Confidence == Confidence{}:
		t.Confidence = ConfidenceFromGrade(t.Grade)
	case t.Confidence.Rule == "":
		t.Confidence.Rule = RuleStated
	}
	if t.ConflictSet != "" && t.Status == Accepted {
		t.Status = Conflict
	}
	if t.ID == "" {
		t.ID = TieID(t)
	}
	return t
}
