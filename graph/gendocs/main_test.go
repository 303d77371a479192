package main

import (
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"entangle/graph"
)

// TestPagesAreCurrent: the committed pages are what the tables give.
func TestPagesAreCurrent(t *testing.T) {
	t.Parallel()
	for _, page := range pages {
		path := filepath.Join("..", "..", "docs", page.name)
		committed, err := os.ReadFile(path)
		if err != nil {
			t.Fatal(err)
		}
		if diff := cmp.Diff(page.text(), string(committed)); diff != "" {
			t.Errorf("docs/%s is not what the tables give; run go generate ./graph (-tables +page):\n%s", page.name, diff)
		}
	}
}

func TestRun(t *testing.T) {
	t.Parallel()
	dir := t.TempDir()
	if err := run([]string{dir}); err != nil {
		t.Fatal(err)
	}
	for _, page := range pages {
		if got, err := os.ReadFile(filepath.Join(dir, page.name)); err != nil || string(got) != page.text() {
			t.Errorf("%s is not written whole: %v", page.name, err)
		}
	}
	if err := run([]string{filepath.Join(dir, "absent")}); err == nil {
		t.Error("a folder that is not there gives no error")
	}
	if err := run(nil); err == nil {
		t.Error("no folder gives no error")
	}
}

// TestPagesAreWhole: every row, field, property and value is on its page.
func TestPagesAreWhole(t *testing.T) {
	t.Parallel()
	has := func(page, text, what string) {
		t.Helper()
		if !strings.Contains(text, what) {
			t.Errorf("%s lacks %q", page, what)
		}
	}
	columns := func(page, text string, specs []graph.PropSpec) {
		for _, s := range specs {
			has(page, text, "| `"+s.Name+"` | "+values(s)+" | "+s.Help+" |\n")
			for _, v := range s.Enum {
				has(page, text, "`"+v+"`")
			}
		}
	}
	kinds, ties := kindsPage(), tiesPage()
	for _, k := range graph.Kinds() {
		section := between(kinds, "\n## "+k.Name+"\n")
		has("kinds.md", section, k.Help)
		has("kinds.md", kinds, "`"+k.Plural+"`")
		for _, typ := range k.Types {
			has("kinds.md", section, "`"+typ+"`")
		}
		columns("kinds.md", section, k.Props)
		for _, f := range fields(k.Kind) {
			has("kinds.md", section, "| `"+f.name+"` | ["+f.tie+"]")
		}
	}
	for _, tie := range graph.TieTypes() {
		section := between(ties, "\n## "+tie.Name+"\n")
		has("ties.md", section, tie.Help)
		has("ties.md", section, tie.Weight)
		for _, e := range tie.Ends {
			has("ties.md", section, "`"+e.From.String()+"."+tie.Out+"`")
			if !tie.Symmetric {
				has("ties.md", section, "`"+e.To.String()+"."+tie.In+"`")
			}
		}
		columns("ties.md", section, tie.Props)
	}
}

// between returns the section under a heading, "" where it is not there.
func between(page, heading string) string {
	_, rest, _ := strings.Cut(page, heading)
	section, _, _ := strings.Cut(rest, "\n## ")
	return section
}

func TestValues(t *testing.T) {
	t.Parallel()
	for want, spec := range map[string]graph.PropSpec{
		"text":                    {},
		"list: text":              {List: true},
		"whole number, 1 or more": {Type: graph.IntProp, Min: 1},
		"number, -90 to 90":       {Type: graph.FloatProp, Min: -90, Max: 90, Bounded: true},
		"true or false":           {Type: graph.BoolProp},
		"date (EDTF level 1)":     {Type: graph.DateProp},
		"one of `a`, `b`":         {Enum: []string{"a", "b"}},
		"any of `a`, `b`":         {Enum: []string{"a", "b"}, List: true},
	} {
		if got := values(spec); got != want {
			t.Errorf("values(%+v) = %q, want %q", spec, got, want)
		}
	}
}
