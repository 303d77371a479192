package main

import (
	"encoding/json"
	"fmt"
	"io"
	"strings"
	"text/tabwriter"
)

// The shapes of the answer that the table reads.
type (
	nodeAnswer     struct{ Key, Kind, Name string }
	estimateAnswer struct{ P, Low, High float64 }
	likelyAnswer   struct {
		Node   nodeAnswer
		Chance estimateAnswer
	}
	dateAnswer   struct{ Edtf string }
	sourceAnswer struct{ Key, Name, URL string }
	citeAnswer   struct {
		Page   string
		Source *sourceAnswer
	}
	tieAnswer struct {
		Key, Grade, Status      string
		Start, End, First, Last *dateAnswer
		Citations               []citeAnswer
	}
	stepAnswer struct {
		Type       string
		Along      bool
		Confidence float64
		From, To   nodeAnswer
		Tie        *tieAnswer
	}
	causeAnswer struct {
		Share float64
		Lost  nodeAnswer
		Path  []stepAnswer
	}
	purgeAnswer struct {
		Targets          []nodeAnswer
		InstitutionCount int
		Institutions     []outcomeAnswer
		None             estimateAnswer
		Fractured        struct {
			Mean          float64
			Q05, Q50, Q95 int
		}
		Struck, Rallied, Lost []likelyAnswer
		Basis                 basisAnswer
	}
	outcomeAnswer struct {
		Institution                                nodeAnswer
		Fractured                                  estimateAnswer
		Intact, Strained, FracturedOnly, Collapsed float64
		Coverage                                   float64
		Wave                                       *struct{ Mode int }
		Supports                                   []struct {
			Support string
			Mean    float64
			Data    float64
		}
		Why *whyAnswer
	}
	whyAnswer struct {
		World, Wave int
		Fractured   bool
		Failed      []struct {
			Support        string
			Retained, Need float64
			CauseCount     int
			Causes         []causeAnswer
		}
	}
	basisAnswer struct {
		Method, DataVersion, Snapshot, AsOf, Gap, Generator, Seed string

		Samples, Coins                                  int
		Nodes, Ties, DefaultedTies, PossibleTies, Waves int
		Converged                                       bool
	}
)

func printPurge(w io.Writer, raw json.RawMessage) error {
	var p purgeAnswer
	if err := json.Unmarshal(raw, &p); err != nil {
		return err
	}
	var names []string
	for _, t := range p.Targets {
		names = append(names, t.Name)
	}
	fmt.Fprintf(w, "Purge of %s as of %s\n\n", strings.Join(names, ", "), p.Basis.AsOf)
	if err := p.table(w); err != nil {
		return err
	}
	p.summary(w)
	for _, o := range p.Institutions {
		if o.Why != nil {
			o.explain(w)
		}
	}
	p.Basis.print(w)
	return nil
}

func (p *purgeAnswer) table(w io.Writer) error {
	t := tabwriter.NewWriter(w, 2, 8, 2, ' ', 0)
	fmt.Fprintln(t, "INSTITUTION\tP(FRACTURED)\t95%\tCOLLAPSED\tSTRAINED\tWAVE\tCOVERAGE\tRETAINED ON AVERAGE")
	for _, o := range p.Institutions {
		wave := "–"
		if o.Wave != nil {
			wave = fmt.Sprint(o.Wave.Mode)
		}
		var kept []string
		for _, s := range o.Supports {
			kept = append(kept, fmt.Sprintf("%s %s", strings.ToLower(s.Support), percent(s.Mean)))
		}
		fmt.Fprintf(t, "%s\t%s\t%s\t%s\t%s\t%s\t%s\t%s\n", o.Institution.Name, percent(o.Fractured.P), o.Fractured.interval(),
			percent(o.Collapsed), percent(o.Strained), wave, percent(o.Coverage), strings.Join(kept, ", "))
	}
	if err := t.Flush(); err != nil {
		return err
	}
	if more := p.InstitutionCount - len(p.Institutions); more > 0 {
		fmt.Fprintf(w, "… and %d more that are touched (--first)\n", more)
	}
	return nil
}

func (p *purgeAnswer) summary(w io.Writer) {
	fmt.Fprintf(w, "\nInstitutions fractured: %.1f on average, %d to %d in nine worlds of ten; none with probability %s.\n",
		p.Fractured.Mean, p.Fractured.Q05, p.Fractured.Q95, percent(p.None.P))
	for _, l := range []struct {
		what string
		list []likelyAnswer
	}{{"Struck", p.Struck}, {"Rally to them", p.Rallied}, {"Lost persons", p.Lost}} {
		if len(l.list) == 0 {
			continue
		}
		const shown = 8
		var names []string
		for i, x := range l.list {
			if i == shown {
				names = append(names, fmt.Sprintf("and %d more", len(l.list)-shown))
				break
			}
			names = append(names, fmt.Sprintf("%s (%s)", x.Node.Name, percent(x.Chance.P)))
		}
		fmt.Fprintf(w, "%s: %s.\n", l.what, strings.Join(names, ", "))
	}
}

func (o *outcomeAnswer) explain(w io.Writer) {
	verb := "strained"
	if o.Why.Fractured {
		verb = "fractured"
	}
	fmt.Fprintf(w, "\nWhy %s is %s (world %d, wave %d):\n", o.Institution.Name, verb, o.Why.World, o.Why.Wave)
	for _, f := range o.Why.Failed {
		fmt.Fprintf(w, "  %s keeps %s, needs %s\n", f.Support, percent(f.Retained), percent(f.Need))
		for _, c := range f.Causes {
			fmt.Fprintf(w, "    %s: %s\n", percent(c.Share), c.Lost.Name)
			for _, s := range c.Path {
				fmt.Fprintf(w, "      %s\n", s.text())
			}
		}
		if more := f.CauseCount - len(f.Causes); more > 0 {
			fmt.Fprintf(w, "    and %d more\n", more)
		}
	}
}

// text writes a step in the direction of the claim.
func (s *stepAnswer) text() string {
	from, to := s.From, s.To
	if !s.Along {
		from, to = to, from
	}
	text := fmt.Sprintf("%s –%s→ %s", from.Name, s.Type, to.Name)
	var notes []string
	if s.Tie != nil {
		if d := s.Tie.dates(); d != "" {
			notes = append(notes, d)
		}
		if s.Tie.Grade != "" {
			notes = append(notes, s.Tie.Grade)
		}
	}
	notes = append(notes, fmt.Sprintf("confidence %.2g", s.Confidence))
	text += " [" + strings.Join(notes, ", ") + "]"
	if s.Tie != nil && len(s.Tie.Citations) > 0 {
		var names []string
		for _, c := range s.Tie.Citations {
			if c.Source != nil {
				names = append(names, c.Source.Name)
			}
		}
		text += " " + strings.Join(names, "; ")
	}
	return text
}

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
	if seen := text(t.Last); seen != "" {
		return "seen " + seen
	}
	if seen := text(t.First); seen != "" {
		return "seen " + seen
	}
	return "undated"
}

func (b *basisAnswer) print(w io.Writer) {
	fmt.Fprintf(w, "\n%s", strings.ToLower(b.Method))
	if b.Method == "SAMPLED" {
		fmt.Fprintf(w, ": %d worlds, seed %s, %s", b.Samples, b.Seed, b.Generator)
	}
	fmt.Fprintf(w, "; %d uncertain ties and responses matter\n", b.Coins)
	fmt.Fprintf(w, "snapshot %s of data version %s, gap policy %s: %d nodes, %d ties, of them %d possible only, %d with default confidence\n",
		b.Snapshot, b.DataVersion, b.Gap, b.Nodes, b.Ties, b.PossibleTies, b.DefaultedTies)
	if !b.Converged {
		fmt.Fprintln(w, "NOT CONVERGED: some worlds still changed at the cap of waves")
	}
	fmt.Fprintln(w, "Conditional on the model in docs/model.md; the interval covers sampling error only.")
}

func (e estimateAnswer) interval() string {
	if e.Low == e.High {
		return "exact"
	}
	return fmt.Sprintf("%s–%s", strings.TrimSuffix(percent(e.Low), "%"), percent(e.High))
}

// percent writes a share; one that is not 0 is never shown as 0.
func percent(v float64) string {
	switch {
	case v > 0 && v < 0.001:
		return "<0.1%"
	case v < 0.1:
		return fmt.Sprintf("%.1f%%", v*100)
	}
	return fmt.Sprintf("%.0f%%", v*100)
}
