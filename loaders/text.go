package loaders

import (
	"bufio"
	"fmt"
	"io"
)

// TextOptions say how much of a report is printed.
type TextOptions struct {
	// PerReason is the most rejects and repairs shown for a reason; 0 is 5.
	PerReason int
	// Verbose shows every one that the report lists.
	Verbose bool
}

// WriteText prints the report for a person: what was loaded, file by file, what
// was not and why. The JSON form of the report is for machines.
func (r *Report) WriteText(w io.Writer, opt TextOptions) error {
	if opt.PerReason <= 0 {
		opt.PerReason = 5
	}
	if opt.Verbose {
		opt.PerReason = -1
	}
	out := bufio.NewWriter(w)
	for _, f := range r.Files {
		f.text(out, opt)
	}
	for _, s := range r.Skipped {
		fmt.Fprintf(out, "%s: skipped: %s\n", s.Name, s.Reason)
	}
	if len(r.Missing) > 0 {
		fmt.Fprintf(out, "not found anywhere (%d):\n", len(r.Missing))
		for i, m := range r.Missing {
			if i == opt.PerReason*4 {
				fmt.Fprintf(out, "  … and %d more\n", len(r.Missing)-i)
				break
			}
			fmt.Fprintf(out, "  %s (wanted by %s)\n", m.Ref, plural(m.Records, "record"))
		}
	}
	verb := "loaded"
	if r.DryRun {
		verb = "dry run, nothing applied; would load"
	}
	rows := r.Rows()
	fmt.Fprintf(out, "%s: nodes %s; ties %s\n", verb, r.Nodes, r.Ties)
	if all := r.Ties.Created + r.Ties.Updated + r.Ties.Same; all > 0 {
		fmt.Fprintf(out, "ties without a source: %d of %d\n", r.Unsourced, all)
	}
	fmt.Fprintf(out, "%s\n", rows)
	if r.Stopped != "" {
		fmt.Fprintf(out, "stopped early: %s; what was applied stays, run it again to go on\n", r.Stopped)
	}
	return out.Flush()
}

// String writes the counts in words.
func (c Changes) String() string {
	return fmt.Sprintf("%d created, %d updated, %d same", c.Created, c.Updated, c.Same)
}

// String writes the tally in words.
func (t Tally) String() string {
	return fmt.Sprintf("%s in: %d accepted, %d repaired, %d rejected", plural(t.In, "row"), t.Accepted, t.Repaired, t.Rejected)
}

func plural(n int, what string) string {
	if n == 1 {
		return "1 " + what
	}
	return fmt.Sprintf("%d %ss", n, what)
}

func (f *FileReport) text(out io.Writer, opt TextOptions) {
	what := f.Format
	if f.Part != "" && f.Part != f.Format {
		what += " " + f.Part
	}
	if what != "" {
		what = " (" + what + ")"
	}
	fmt.Fprintf(out, "%s%s: %s\n", f.Name, what, f.Rows)
	if len(f.Collections) > 1 {
		for _, c := range f.Collections {
			fmt.Fprintf(out, "  %s: %d in, %d accepted, %d repaired, %d rejected\n", c.Name, c.In, c.Accepted, c.Repaired, c.Rejected)
		}
	}
	if f.NotApplied > 0 {
		fmt.Fprintf(out, "  read and not applied: %s\n", plural(f.NotApplied, "row"))
	}
	for _, n := range f.Notes {
		if n.Field == "" {
			fmt.Fprintf(out, "  note: %s (%d×)\n", n.Text, n.Count)
			continue
		}
		fmt.Fprintf(out, "  note: %s: %s (%d×)\n", n.Field, n.Text, n.Count)
	}
	for _, c := range f.RejectCounts {
		fmt.Fprintf(out, "  rejected, %s (%d):\n", c.What, c.Count)
		some(out, opt, c.Count, func(yield func(string) bool) {
			for _, rej := range f.Rejects {
				if string(rej.Code) == c.What && !yield(rej.String()) {
					return
				}
			}
		})
	}
	for _, c := range f.RepairCounts {
		fmt.Fprintf(out, "  repaired, %s (%d):\n", c.What, c.Count)
		some(out, opt, c.Count, func(yield func(string) bool) {
			for _, rep := range f.Repairs {
				if rep.Rule == c.What && !yield(fmt.Sprintf("%s:%d:%d: %s %q became %q", f.Name, rep.Line, rep.Column, rep.Field, rep.Value, rep.Became)) {
					return
				}
			}
		})
	}
}

// some prints the first lines of a list of which count exist.
func some(out io.Writer, opt TextOptions, count int, lines func(yield func(string) bool)) {
	shown := 0
	lines(func(line string) bool {
		if shown == opt.PerReason {
			return false
		}
		shown++
		fmt.Fprintf(out, "    %s\n", line)
		return true
	})
	if shown < count {
		fmt.Fprintf(out, "    … and %d more\n", count-shown)
	}
}
