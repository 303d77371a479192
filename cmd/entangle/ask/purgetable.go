package ask

import (
	"errors"
	"fmt"
	"io"
	"strconv"
	"strings"
	"text/tabwriter"

	"entangle/graph"
)

// purgePrinter prints the answer to a purge for a person.
type purgePrinter struct {
	w io.Writer
	// causes is the most losses told for a support, all where 0.
	causes int
	// named are the institutions that were asked for, none for all.
	named   []graph.Node
	sources sourceList
}

func (p *purgePrinter) print(a *purgeAnswer) error {
	fmt.Fprintf(p.w, "Purge of %s as of %s\n\n", nodeNames(a.Targets), a.Basis.AsOf)
	for _, t := range a.Absent {
		fmt.Fprintf(p.w, "NOTE: %s; there is nothing of it to strike\n", t.Note)
	}
	if len(a.Absent) > 0 {
		fmt.Fprintln(p.w)
	}
	if err := p.table(a); err != nil {
		return err
	}
	p.summary(a)
	for _, o := range a.Institutions {
		if o.Why != nil {
			p.explain(&o)
		}
	}
	p.sources.print(p.w)
	return errors.Join(p.network(a), a.Basis.print(p.w))
}

// network prints the bare network before and after.
func (p *purgePrinter) network(a *purgeAnswer) error {
	if len(p.named) > 0 {
		return nil // what was asked about are those institutions
	}
	n := a.Network
	fmt.Fprintf(p.w, "\nThe bare network of persons, groups, posts and institutions (Borgatti's F and DF; not the model):\n")
	return printNetwork(p.w, networkRow{"as it is", n.Before}, networkRow{fmt.Sprintf("without the %d struck", n.Removed), n.After})
}

func (p *purgePrinter) table(a *purgeAnswer) error {
	if a.InstitutionCount == 0 {
		fmt.Fprintln(p.w, "No institution is touched: nothing in the data ties one to what is struck, on that day.")
		return nil
	}
	if a.TouchedCount == 0 && len(p.named) == 0 {
		fmt.Fprintf(p.w, "No institution is touched in any of the %d worlds drawn. Within reach, each with a chance of at most %s:\n",
			a.Basis.Samples, percent(a.Basis.Unseen))
	}
	if len(a.Institutions) > 0 {
		if err := p.rows(a.Institutions); err != nil {
			return err
		}
	}
	if len(p.named) > 0 {
		p.untouched(a)
		return nil
	}
	more := a.InstitutionCount - len(a.Institutions)
	switch unseen := min(more, a.InstitutionCount-a.TouchedCount); {
	case more == 0:
	case unseen == 0:
		fmt.Fprintf(p.w, "… and %d more that are touched (--first %d shows all)\n", more, a.InstitutionCount)
	default:
		fmt.Fprintf(p.w, "… and %d more that are touched, %d within reach that were in no world drawn (--first %d shows all)\n",
			more-unseen, unseen, a.InstitutionCount)
	}
	return nil
}

// untouched names the institutions that were asked for and were touched in no world.
func (p *purgePrinter) untouched(a *purgeAnswer) {
	for _, o := range a.Institutions {
		switch {
		case o.Intact.P < 1:
		case o.Intact.Low < 1:
			fmt.Fprintf(p.w, "%s is touched in none of the %d worlds drawn: with a chance of at most %s.\n",
				o.Institution.Name, a.Basis.Samples, percent(1-o.Intact.Low))
		default:
			fmt.Fprintf(p.w, "%s is touched in no world: nothing in the data ties it to what is struck, on that day.\n", o.Institution.Name)
		}
	}
}

func (p *purgePrinter) rows(institutions []outcomeAnswer) error {
	t := tabwriter.NewWriter(p.w, 2, 8, 2, ' ', 0)
	fmt.Fprintln(t, "INSTITUTION\tP(FRACTURED)\t95%\tCOLLAPSED (95%)\tSTRAINED (95%)\tWAVE\tCOVERAGE\tRETAINED ON AVERAGE (95%)")
	for _, o := range institutions {
		wave := "–"
		if o.Wave != nil {
			wave = strconv.Itoa(o.Wave.Mode)
		}
		var kept []string
		for _, s := range o.Supports {
			kept = append(kept, strings.ToLower(s.Support)+" "+estimateAnswer{s.Mean, s.Low, s.High}.with())
		}
		fmt.Fprintf(t, "%s\t%s\t%s\t%s\t%s\t%s\t%s\t%s\n", o.Institution.Name, percent(o.Fractured.P), o.Fractured.interval(),
			o.Collapsed.with(), o.Strained.with(), wave, percent(o.Coverage), strings.Join(kept, ", "))
	}
	return t.Flush()
}

func (p *purgePrinter) summary(a *purgeAnswer) {
	fmt.Fprintf(p.w, "\nInstitutions fractured: %s on average, %d to %d in nine worlds of ten; none with probability %s.\n",
		a.Fractured.mean(), a.Fractured.Q05, a.Fractured.Q95, a.None.with())
	if d := a.Defaults; d.Ties > 0 && a.None.P < 1 {
		fmt.Fprintf(p.w, "Of these fractures %s would not come about without the %d ties whose confidence is a default.\n", d.Share.with(percent), d.Ties)
	}
	p.likely("Struck", a.Struck, a.StruckCount)
	p.likely("Rally to them", a.Rallied, a.RalliedCount)
	p.likely("Lost", a.Lost, a.LostCount)
}

func (p *purgePrinter) likely(what string, list []likelyAnswer, count int) {
	const shown = 8
	if len(list) == 0 {
		return
	}
	var names []string
	for i, x := range list {
		if i == shown {
			break
		}
		names = append(names, fmt.Sprintf("%s (%s)", x.Node.Name, x.Chance.within()))
	}
	if more := count - len(names); more > 0 {
		names = append(names, fmt.Sprintf("and %d more", more))
	}
	fmt.Fprintf(p.w, "%s: %s.\n", what, strings.Join(names, ", "))
}

func (p *purgePrinter) explain(o *outcomeAnswer) {
	verb := "is strained"
	if o.Why.Fractured {
		verb = "fractures"
	}
	fmt.Fprintf(p.w, "\nWhy %s %s (world %d, wave %d):\n", o.Institution.Name, verb, o.Why.World, o.Why.Wave)
	told := map[string]bool{}
	for _, f := range o.Why.Failed {
		p.failed(&f, told)
	}
	if more := o.Why.FailedCount - len(o.Why.Failed); more > 0 {
		fmt.Fprintf(p.w, "  and %d more supports (--verbose)\n", more)
	}
}

// failed tells the causes of one support; told are the ways that were printed
// for the institution already.
func (p *purgePrinter) failed(f *failedAnswer, told map[string]bool) {
	fmt.Fprintf(p.w, "  %s keeps %s, needs %s\n", f.Support, percent(f.Retained), percent(f.Need))
	causes := f.Causes
	if p.causes > 0 && len(causes) > p.causes {
		causes = causes[:p.causes]
	}
	for _, c := range causes {
		var way []string
		for i, s := range c.Path {
			// From a post that was struck the way leads to its holder and back
			// by the same tie: one line says it.
			if i > 0 && s.Tie != nil && c.Path[i-1].Tie != nil && s.Tie.Key == c.Path[i-1].Tie.Key {
				continue
			}
			way = append(way, s.text(&p.sources))
		}
		switch key := strings.Join(way, "\n"); {
		case told[key]:
			fmt.Fprintf(p.w, "    %s: %s, as above\n", percent(c.Share), c.Lost.Name)
		case len(way) == 1:
			fmt.Fprintf(p.w, "    %s: %s\n", percent(c.Share), way[0])
		default:
			told[key] = true
			fmt.Fprintf(p.w, "    %s: %s\n      %s\n", percent(c.Share), c.Lost.Name, strings.Join(way, "\n      "))
		}
	}
	if more := f.CauseCount - len(causes); more > 0 {
		fmt.Fprintf(p.w, "    and %d more losses\n", more)
	}
}
