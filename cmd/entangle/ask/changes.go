package ask

import (
	_ "embed"
	"errors"
	"fmt"
	"strings"

	"github.com/spf13/cobra"

	"entangle/cmd/entangle/usage"
	"entangle/queries"
)

//go:embed changes.graphql
var changesDocument string

type changesOptions struct {
	questionFlags
	modelFlags
	from, to string
	first    int
}

const changesHelp = `Ask what changed between two days: who came to posts and who went, which ties of
groups and institutions began or ended, and which exposures changed. Name institutions,
groups or both; without a name all changes are listed.

The answer compares records. A change may have happened, or only have been recorded. A
change is marked "possible" if the dates leave open whether the claim holds on the day on
which it counts.

EXAMPLES
  entangle changes --sample --from 2014-01-01 --to 2020-08-24
  entangle changes --from 2014-01-01 --to 2020-08-24 "Ministry of Interior" "Badr Organization"
  entangle changes --from 2014-01-01 --to 2020-08-24 --first 1000 --json

EXIT STATUS
  0  answered, also where nothing of what was asked about is on record
  1  the store or a node could not be found, or the question failed
  2  the command was called wrongly`

func changesCommand(h Host) *cobra.Command {
	o := &changesOptions{}
	c := &cobra.Command{
		Use: "changes [NAME|ID...]", Short: "What changed between two days?", Long: changesHelp, Args: usage.SomeArgs(0, 0, ""),
		RunE: func(c *cobra.Command, args []string) error { return runChanges(h, c, o, args) },
	}
	o.addReading(h, c)
	o.add(c.Flags(), "", " of the exposures")
	c.Flags().StringVar(&o.from, "from", "", "the first `DATE`, such as 2014-01-01 (needed)")
	c.Flags().StringVar(&o.to, "to", "", "the second, later `DATE` (needed)")
	leaveOut(c.Flags(), "from", "to")
	c.Flags().IntVar(&o.first, "first", queries.DefaultFirst, "show this `NUMBER` of rows of each list")
	return c
}

func runChanges(h Host, c *cobra.Command, o *changesOptions, nodes []string) error {
	if o.from == "" || o.to == "" {
		return usage.Error{Err: errors.New("--from and --to are needed: the two dates, such as 2014-01-01 and 2020-08-24")}
	}
	variables := map[string]any{"from": o.from, "to": o.to, "first": o.first}
	if len(nodes) > 0 {
		variables["nodes"] = nodes
	}
	if err := o.put(variables, "model"); err != nil {
		return err
	}
	return inquire(h, c, o.questionFlags, question{days: true, document: changesDocument, field: "changes", variables: variables, nodes: nodes}, printChanges)
}

type holdingAnswer struct {
	Post, Person nodeAnswer
	Possible     bool
}

type changesAnswer struct {
	From, To                                     basisAnswer
	CameCount, WentCount, BeganCount, EndedCount int
	RoseCount, FellCount, InstitutionCount       int
	Institutions                                 []struct {
		Institution *nodeAnswer
		Came, Went  []holdingAnswer
	}
	Ties []struct {
		Type            string
		From, To        nodeAnswer
		Began, Possible bool
	}
	Exposures []struct {
		Institution, Group nodeAnswer
		Shares             []struct {
			Support       string
			Before, After float64
		}
	}
}

func printChanges(w *page, a *changesAnswer) error {
	fmt.Fprintf(w, "Changes from %s to %s\n", a.From.AsOf, a.To.AsOf)
	fmt.Fprintf(w, "\nPosts: %d came, %d went\n", a.CameCount, a.WentCount)
	for _, u := range a.Institutions {
		name := "In no institution"
		if u.Institution != nil {
			name = u.Institution.Name
		}
		fmt.Fprintf(w, "  %s\n", name)
		for _, side := range []struct {
			sign string
			list []holdingAnswer
		}{{"+", u.Came}, {"-", u.Went}} {
			for _, h := range side.list {
				fmt.Fprintf(w, "    %s %s: %s%s\n", side.sign, h.Post.Name, h.Person.Name, possibly(h.Possible))
			}
		}
	}
	moreOf(w, a.InstitutionCount-len(a.Institutions))
	fmt.Fprintf(w, "\nTies: %d began, %d ended\n", a.BeganCount, a.EndedCount)
	for _, t := range a.Ties {
		sign := "-"
		if t.Began {
			sign = "+"
		}
		fmt.Fprintf(w, "  %s %s –%s→ %s%s\n", sign, t.From.Name, t.Type, t.To.Name, possibly(t.Possible))
	}
	moreOf(w, a.BeganCount+a.EndedCount-len(a.Ties))
	fmt.Fprintf(w, "\nExposures: %d rose, %d fell\n", a.RoseCount, a.FellCount)
	if err := a.exposures(w); err != nil {
		return err
	}
	moreOf(w, a.RoseCount+a.FellCount-len(a.Exposures))
	for _, b := range []*basisAnswer{&a.From, &a.To} {
		fmt.Fprintf(w, "\nPicture of %s", b.AsOf)
		if err := b.print(w); err != nil {
			return err
		}
	}
	return nil
}

func possibly(possible bool) string {
	if possible {
		return " (possible)"
	}
	return ""
}

func moreOf(w *page, n int) {
	if n > 0 {
		fmt.Fprintf(w, "  … and %d more (--first)\n", n)
	}
}

func (a *changesAnswer) exposures(w *page) error {
	if len(a.Exposures) == 0 {
		return nil
	}
	t := newTable(w, called("INSTITUTION"), called("GROUP"), told("SHARES"))
	t.indent = "  "
	for _, e := range a.Exposures {
		var shares []string
		for _, s := range e.Shares {
			shares = append(shares, fmt.Sprintf("%s %s → %s", strings.ToLower(s.Support), percent(s.Before), percent(s.After)))
		}
		t.row(e.Institution.Name, e.Group.Name, strings.Join(shares, ", "))
	}
	return t.print()
}
