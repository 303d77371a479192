package ask

import (
	"context"
	_ "embed"
	"errors"
	"fmt"
	"slices"
	"strings"

	"github.com/spf13/cobra"

	"entangle/cmd/entangle/usage"
	"entangle/graph"
	"entangle/queries"
)

//go:embed footholds.graphql
var footholdsDocument string

type footholdsOptions struct {
	questionFlags
	drawFlags
	office               string
	groups, institutions []string
	first                int
}

const footholdsHelp = `Ask on which institutions one can rely: which share of the posts of each has an unbroken
line of command to an office that passes nobody tied to given groups. Tied to a group is
who is a member of it or loyal to it; its parts and wings count with it.

RELIED is that share of the filled posts. TIED posts are held by somebody tied. THROUGH:
every line of the post to the office passes somebody tied. NO LINE: no line to the office
is on record. LEAST is RELIED times the part of the leading posts that is filled on
record, so that what is not on record counts as not to be relied on; the list is in its
order, by the lower end. Nothing on record is not safe.

EXAMPLES
  entangle footholds --sample --as-of 2020-08-24 --office "Prime Minister" --group "Badr Organization" --group "Kata'ib Hizballah"
  entangle footholds --as-of 2020-08-24 --office "Prime Minister" --group "Badr Organization" --institution "Counter Terrorism Service"

EXIT STATUS
  0  answered, also where nothing of what was asked about is on record
  1  the store or a node could not be found, or the question failed
  2  the command was called wrongly`

func footholdsCommand(h Host) *cobra.Command {
	o := &footholdsOptions{}
	c := &cobra.Command{
		Use: "footholds", Short: "On which institutions can one rely?", Long: footholdsHelp, Args: usage.NoArgs(": name institutions with --institution"),
		RunE: func(c *cobra.Command, _ []string) error { return runFootholds(h, c, o) },
	}
	o.addQuestion(h, c)
	f := c.Flags()
	f.StringVar(&o.office, "office", "", "the post that lines of command lead to, by `NAME` or id (needed)")
	f.StringArrayVar(&o.groups, "group", nil, "a group that nobody in a line may be tied to, by `NAME` or id; may be repeated (needed)")
	f.StringArrayVar(&o.institutions, "institution", nil, "an institution to look at, by `NAME` or id; may be repeated (default: all)")
	f.IntVar(&o.first, "first", queries.DefaultFirst, "how many institutions are listed: a `NUMBER`")
	o.add(f, queries.DefaultSamples)
	leaveOut(f, "office", "group", "institution") // the title and the list have them
	return c
}

func runFootholds(h Host, c *cobra.Command, o *footholdsOptions) error {
	switch {
	case o.office == "":
		return usage.Error{Err: errors.New("no office: name the post that lines of command lead to with --office")}
	case len(o.groups) == 0:
		return usage.Error{Err: errors.New("no group: name with --group whom nobody in a line may be tied to")}
	}
	v, err := o.variables()
	if err != nil {
		return err
	}
	v["first"] = o.first
	q := question{document: footholdsDocument, field: "footholds", variables: v}
	one := func(name, flag string, kind graph.Kind, refs []string, put func(keys []string)) {
		q.find = append(q.find, func(ctx context.Context, r graph.Reader) error {
			nodes, err := resolve(ctx, r, flag, kind, refs)
			if err == nil && len(nodes) > 0 {
				put(keys(nodes))
			}
			return err
		})
	}
	one("office", "--office", graph.Post, []string{o.office}, func(keys []string) { v["office"] = keys[0] })
	one("groups", "--group", graph.Group, o.groups, func(keys []string) { v["groups"] = keys })
	one("institutions", "--institution", graph.Institution, o.institutions, func(keys []string) { v["institutions"] = keys })
	return inquire(h, c, o.questionFlags, q, printFootholds)
}

type footholdsAnswer struct {
	Office                        nodeAnswer
	Groups, Silent                []nodeAnswer
	InstitutionCount, SilentCount int
	Institutions                  []struct {
		Institution                          nodeAnswer
		Data, Some                           estimateAnswer
		Relied, Tied, Through, NoLine, Least amountAnswer
		Coverage                             float64
		Backers                              []stepAnswer
	}
	Basis basisAnswer
}

func printFootholds(w *page, a *footholdsAnswer) error {
	fmt.Fprintf(w, "Lines of command to %s that pass nobody tied to %s, as of %s\n\n", a.Office.Name, nodeNames(a.Groups), a.Basis.AsOf)
	t := newTable(w, called("INSTITUTION"), figure("LEAST"), figure("RELIED (95%)"), figure("SOME"), figure("TIED"), figure("THROUGH"), figure("NO LINE"), figure("COVERAGE"))
	for _, i := range a.Institutions {
		t.row(i.Institution.Name, percent(i.Least.Value), i.Relied.with(percent), percent(i.Some.P), percent(i.Tied.Value), percent(i.Through.Value), percent(i.NoLine.Value), percent(i.Coverage))
	}
	if len(a.Institutions) == 0 {
		fmt.Fprintln(w, "No post of what was asked about is filled on record on that day. No record is not safety.")
	} else if err := t.print(); err != nil {
		return err
	}
	if more := a.InstitutionCount - len(a.Institutions); more > 0 {
		fmt.Fprintf(w, "… and %s (--first %d shows all)\n", many(more, "more institution"), a.InstitutionCount)
	}
	if a.SilentCount > 0 {
		shown := a.Silent[:min(len(a.Silent), missingAtOnce)]
		rest := ""
		if more := a.SilentCount - len(shown); more > 0 {
			rest = fmt.Sprintf(" and %d more", more)
		}
		fmt.Fprintf(w, "Of %s nothing can be said: no post is filled on record. That is not safety: %s%s.\n", many(a.SilentCount, "institution"), nodeNames(shown), rest)
	}
	var sources sourceList
	for _, i := range a.Institutions {
		if len(i.Backers) == 0 {
			continue
		}
		backers := make([]string, len(i.Backers))
		for n, s := range i.Backers {
			backers[n] = s.From.Name
		}
		fmt.Fprintf(w, "%s is backed by %s.\n", i.Institution.Name, strings.Join(slices.Compact(backers), ", "))
	}
	sources.print(w)
	return a.Basis.print(w)
}
