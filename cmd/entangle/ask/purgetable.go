package ask

import (
	"cmp"
	"errors"
	"fmt"
	"slices"
	"strconv"
	"strings"

	"entangle/graph"
)

// purgePrinter prints the answer to a purge for a person.
type purgePrinter struct {
	w *page
	// causes is the largest number of losses printed for a support; 0 for all.
	causes int
	// named are the institutions that were asked for, none for all.
	named []graph.Node
	// first is how many are listed of others and of the targets' own each, explained how
	// many of these have their reasons printed.
	first, explained int
	others, own      []outcomeAnswer
	sources          sourceList
}

func (p *purgePrinter) print(a *purgeAnswer) error {
	if p.nothingOfNamed(a) {
		return a.Basis.printNoRecord(p.w, "the "+agree(len(p.named), "institution", "institutions")+" asked about")
	}
	fmt.Fprintf(p.w, "Purge of %s as of %s\n", a.Basis.Missing.struck(a.Targets), a.Basis.AsOf)
	fmt.Fprintf(p.w, "%s\n\n", capital(a.fractures(a.Fractured, a.OwnFractured, a.whose())))
	p.sort(a)
	if err := p.table(a); err != nil {
		return err
	}
	p.summary(a)
	for _, o := range slices.Concat(p.others, p.own) {
		if o.Why != nil && p.explained > 0 {
			p.explained--
			p.explain(&o)
		}
	}
	p.sources.print(p.w)
	return errors.Join(p.network(a), a.Basis.print(p.w))
}

// nothingOfNamed says that of all institutions that were asked for nothing can be said:
// they are not on record, or no support of theirs has data.
func (p *purgePrinter) nothingOfNamed(a *purgeAnswer) bool {
	known := slices.ContainsFunc(a.Institutions, func(o outcomeAnswer) bool { return !o.NoData })
	if len(p.named) == 0 || known {
		return false
	}
	p.untouched(a)
	return true
}

// sort puts the targets' own institutions behind the others, and keeps of both parts as
// many as were asked for.
func (p *purgePrinter) sort(a *purgeAnswer) {
	for _, o := range a.Institutions {
		list := &p.others
		if o.Own && len(p.named) == 0 {
			list = &p.own
		}
		*list = append(*list, o)
	}
	p.others, p.own = p.others[:min(p.first, len(p.others))], p.own[:min(p.first, len(p.own))]
}

// network prints the bare network before and after, where it was asked for.
func (p *purgePrinter) network(a *purgeAnswer) error {
	n := a.Network
	if n == nil {
		return nil
	}
	fmt.Fprintf(p.w, "\nThe bare network of persons, groups, posts and institutions (Borgatti's F and DF; not the model):\n")
	return printNetwork(p.w, networkRow{"as it is", n.Before}, networkRow{fmt.Sprintf("without the %d struck", n.Removed), n.After})
}

func (p *purgePrinter) table(a *purgeAnswer) error {
	if a.InstitutionCount == 0 {
		fmt.Fprintln(p.w, "No institution is touched: nothing in the data ties one to what is struck, on that day.")
		return nil
	}
	if a.TouchedCount == 0 && len(p.named) == 0 {
		fmt.Fprintf(p.w, "No institution is touched in any of the %s drawn. Within reach, each with a chance of at most %s:\n",
			many(a.Basis.Samples, "world"), percent(a.Basis.Unseen))
	}
	if len(p.others)+len(p.own) > 0 {
		if err := p.rows(a); err != nil {
			return err
		}
	}
	if len(p.named) > 0 {
		p.untouched(a)
		return nil
	}
	more := a.InstitutionCount - len(p.others) - len(p.own)
	touched := a.TouchedCount
	for _, o := range slices.Concat(p.others, p.own) {
		if o.Intact.P < 1 {
			touched--
		}
	}
	var rest []string
	if touched > 0 {
		rest = append(rest, fmt.Sprintf("%d more that %s touched", touched, agree(touched, "is", "are")))
	}
	if unseen := more - touched; unseen > 0 {
		was := agree(unseen, "was", "were")
		if touched == 0 { // else the word stands before
			was += " touched"
		}
		rest = append(rest, fmt.Sprintf("%d within reach that %s in no world drawn", unseen, was))
	}
	if len(rest) > 0 {
		fmt.Fprintf(p.w, "… and %s (--first %d shows all)\n", strings.Join(rest, ", "), a.InstitutionCount)
	}
	return nil
}

// untouched names the institutions that were asked for and were touched in no world.
func (p *purgePrinter) untouched(a *purgeAnswer) {
	for _, o := range a.Institutions {
		switch {
		case o.NoData:
			fmt.Fprintf(p.w, "Nothing can be said of %s: none of its supports has data on that day. No record is not safety.\n", o.Institution.Name)
		case o.Intact.P < 1:
		case o.Intact.Low < 1:
			fmt.Fprintf(p.w, "%s is touched in none of the %s drawn: with a chance of at most %s.\n",
				o.Institution.Name, many(a.Basis.Samples, "world"), percent(1-o.Intact.Low))
		default:
			fmt.Fprintf(p.w, "%s is touched in no world: nothing in the data ties it to what is struck, on that day.\n", o.Institution.Name)
		}
	}
}

// lowCoverage reports whether less than half of what runs the institution is on record.
func (o *outcomeAnswer) lowCoverage() bool { return o.Coverage < 0.5 }

// marks is the column of the marks.
const marks = 1

// rows prints what happens to the institutions; the targets' own are a group of their own.
func (p *purgePrinter) rows(a *purgeAnswer) error {
	columns := []column{called("INSTITUTION"), figure(""), figure("P"), figure("95%"), figure("COLLAPSED"), figure("STRAINED"), figure("WAVE"), figure("WEAKEST")}
	row := (*outcomeAnswer).short
	if p.w.wide {
		columns = []column{
			called("INSTITUTION"), figure(""), figure("P(FRACTURED)"), figure("95%"), figure("COLLAPSED (95%)"), figure("STRAINED (95%)"), figure("WAVE"),
			figure("COVERAGE"), figure("RETAINED ON AVERAGE (95%)"),
		}
		row = (*outcomeAnswer).long
	}
	listed, low := slices.Concat(p.others, p.own), 0
	for _, o := range listed {
		if o.lowCoverage() {
			low++
		}
	}
	all := low > 1 && low == len(listed)
	if all { // a mark that every row has tells nothing
		fmt.Fprintln(p.w, "LOW COVERAGE: less than half of the leading posts of each is on record: figures say little (--wide)")
		columns = slices.Delete(columns, marks, marks+1)
	}
	t := newTable(p.w, columns...)
	add := func(list []outcomeAnswer) {
		for _, o := range list {
			cells := row(&o)
			if all {
				cells = slices.Delete(cells, marks, marks+1)
			}
			t.row(cells...)
		}
	}
	add(p.others)
	if len(p.own) > 0 {
		t.caption(agree(a.struck(), "The target's own:", "The targets' own:"))
	}
	add(p.own)
	if err := t.print(); err != nil {
		return err
	}
	if low > 0 && !all {
		fmt.Fprintln(p.w, "! less than half of its leading posts is on record: its figures say little (COVERAGE in --wide)")
	}
	return nil
}

// head are the cells that both tables begin with.
func (o *outcomeAnswer) head() []string {
	mark := ""
	if o.lowCoverage() {
		mark = "!"
	}
	if o.NoData {
		return []string{o.Institution.Name, mark, "no data", "–"}
	}
	return []string{o.Institution.Name, mark, percent(o.Fractured.P), o.Fractured.interval()}
}

func (o *outcomeAnswer) wave() string {
	if o.Wave == nil {
		return "–"
	}
	return strconv.Itoa(o.Wave.Mode)
}

// short is a row that fits the page.
func (o *outcomeAnswer) short() []string {
	if o.NoData {
		return append(o.head(), "–", "–", "–", "–")
	}
	return append(o.head(), percent(o.Collapsed.P), percent(o.Strained.P), o.wave(), o.weakest())
}

// weakest is the support that is most often under its need, with what is kept of it on
// average; of equals the one of which least is kept. Where nothing is lost of any, they are
// whole.
func (o *outcomeAnswer) weakest() string {
	if len(o.Supports) == 0 {
		return "–"
	}
	s := slices.MinFunc(o.Supports, func(a, b supportAnswer) int {
		return cmp.Or(-cmp.Compare(a.Below.P, b.Below.P), cmp.Compare(a.Mean, b.Mean))
	})
	if s.Mean == 1 {
		return "whole"
	}
	return strings.ToLower(s.Support) + " " + percent(s.Mean)
}

// long is a row with every figure and its interval.
func (o *outcomeAnswer) long() []string {
	var kept []string
	for _, s := range o.Supports {
		kept = append(kept, strings.ToLower(s.Support)+" "+estimateAnswer{s.Mean, s.Low, s.High}.with())
	}
	return append(o.head(), o.Collapsed.with(), o.Strained.with(), o.wave(), percent(o.Coverage), strings.Join(kept, ", "))
}

// struck is how many of the targets are on record.
func (a *purgeAnswer) struck() int {
	return len(slices.DeleteFunc(slices.Clone(a.Targets), a.Basis.Missing.has))
}

// whose is the word for whose own institutions are.
func (a *purgeAnswer) whose() string { return agree(a.struck(), "its", "their") }

func (p *purgePrinter) summary(a *purgeAnswer) {
	fmt.Fprintf(p.w, "\nThe number fractured is a mean over the worlds. %s\n", ofState(a.Fractured, a.None))
	a.printOwn(p.w, a.whose())
	if d := a.Defaults; d.Ties > 0 && a.None.P < 1 {
		fmt.Fprintf(p.w, "Of the fractures of the state %s would not come about without the %s whose confidence is a default.\n", d.Share.with(percent), many(d.Ties, "tie"))
	}
	p.circling(a)
	struck, lost := a.there(a.Struck), a.there(a.Lost)
	p.likely("Struck", struck, a.StruckCount-(len(a.Struck)-len(struck)))
	p.likely("Rally to them", a.Rallied, a.RalliedCount)
	p.likely("Lost", lost, a.LostCount-(len(a.Lost)-len(lost)))
	printStakes(p.w, "Taken from", a.Stakes)
}

// circling prints the share of worlds in which groups change sides for ever.
func (p *purgePrinter) circling(a *purgeAnswer) {
	if a.Basis.Circling == nil {
		return
	}
	fmt.Fprintf(p.w, "Groups change sides for ever in %s of the worlds. There every figure is the worst that comes of it.\n", a.Basis.Circling.with())
	var least []string
	for _, o := range a.Institutions {
		if o.Least != nil && o.Least.P < o.Fractured.P {
			least = append(least, fmt.Sprintf("%s (%s)", o.Institution.Name, o.Least.within()))
		}
	}
	if len(least) > 0 {
		fmt.Fprintf(p.w, "Fractured whatever the sides: %s.\n", strings.Join(least, ", "))
	}
}

// there leaves out of a list the targets that were not there: they cannot be lost.
func (a *purgeAnswer) there(list []likelyAnswer) []likelyAnswer {
	return slices.DeleteFunc(slices.Clone(list), func(x likelyAnswer) bool { return a.Basis.Missing.has(x.Node) })
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
		fmt.Fprintf(p.w, "  and %s (--verbose)\n", many(more, "more support"))
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
		fmt.Fprintf(p.w, "    and %s\n", many(more, "more loss"))
	}
}
