package ask

import (
	"bytes"
	"fmt"
	"strconv"
	"strings"
	"testing"
	"unicode/utf8"

	"github.com/google/go-cmp/cmp"
	"pgregory.net/rapid"
)

func printed(t rapid.TB, wide bool, fill func(p *page)) string {
	t.Helper()
	var out bytes.Buffer
	fill(&page{w: &out, wide: wide})
	return out.String()
}

// TestTable: names give way where the table is too wide, texts break into lines, figures
// stay whole; a wide page leaves all as it is.
func TestTable(t *testing.T) {
	fill := func(p *page) {
		table := newTable(p, called("INSTITUTION"), figure("P"), told("WHOM"))
		table.row("Central Security Directorate of the Popular Mobilization Forces in the Capital", "12%", strings.TrimSpace(strings.Repeat("a group, ", 8)))
		table.caption("Those whose caption is much longer than the first column of the table is")
		table.row("Short", ">99.9%", "–")
		if err := table.print(); err != nil {
			t.Error(err)
		}
	}
	const want = `INSTITUTION                                    P       WHOM
Central Security Directorate of the Popular…   12%     a group, a group, a group, a group, a group,
                                                       a group, a group, a group,
Those whose caption is much longer than the first column of the table is
Short                                          >99.9%  –
`
	if diff := cmp.Diff(want, printed(t, false, fill)); diff != "" {
		t.Errorf("(-want +got):\n%s", diff)
	}
	if wide := printed(t, true, fill); !strings.Contains(wide, "Forces in the Capital  12%     a group, a group, a group, a group, a group, a group, a group, a group,\n") {
		t.Errorf("the wide table is\n%s", wide)
	}
}

// TestPageIsNarrow: whatever is printed, no line is wider than the page, and no word and
// no figure is lost.
func TestPageIsNarrow(t *testing.T) {
	rapid.Check(t, func(rt *rapid.T) {
		word := rapid.StringMatching(`[a-zA-Zéلواء–]{1,18}`)
		words := rapid.Custom(func(t *rapid.T) string { return strings.Join(rapid.SliceOfN(word, 1, 30).Draw(t, "words"), " ") })
		indent := rapid.IntRange(0, 6).Draw(rt, "indent")
		line := strings.Repeat(" ", indent) + words.Draw(rt, "line")
		names, figures := rapid.SliceOfN(words, 1, 4).Draw(rt, "names"), rapid.SliceOfN(rapid.IntRange(0, 1e9), 4, 4).Draw(rt, "figures")
		out := printed(rt, false, func(p *page) {
			fmt.Fprintln(p, line)
			table := newTable(p, called("NAME"), figure("N"), told("TEXT"))
			for i, name := range names {
				table.row(name, strconv.Itoa(figures[i]), name)
			}
			if err := table.print(); err != nil {
				rt.Error(err)
			}
		})
		for l := range strings.Lines(out) {
			if n := utf8.RuneCountInString(strings.TrimSuffix(l, "\n")); n > columns {
				rt.Errorf("%d signs: %s", n, l)
			}
		}
		head, _, _ := strings.Cut(out, "NAME ")
		if got := strings.Join(strings.Fields(head), " "); got != strings.TrimSpace(line) {
			rt.Errorf("%q became %q", line, got)
		}
		for i := range names {
			if !strings.Contains(out, fmt.Sprintf(" %d ", figures[i])) {
				rt.Errorf("the figure %d is gone from\n%s", figures[i], out)
			}
		}
	})
}
