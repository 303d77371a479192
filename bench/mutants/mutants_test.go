package main

import (
	"bytes"
	"fmt"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
)

// TestChanges names each change of each kind, and what is left alone.
func TestChanges(t *testing.T) {
	t.Parallel()
	for name, tt := range map[string]struct {
		in   string // statements of a function
		want []string
	}{
		"comparisons": {
			in:   "_ = a <= b",
			want: []string{"comparison: _ = a > b", "boundary: _ = a < b"},
		},
		"equality has no neighbour": {
			in:   "_ = a != b",
			want: []string{"comparison: _ = a == b"},
		},
		"conditions": {
			in: "if !ok {\n}\nfor ok() {\n}",
			want: []string{
				"negation: if ok {",
				"negation: for !ok() {",
			},
		},
		"logic and its halves": {
			in: "_ = (a) && !b.c[i]",
			want: []string{
				"negation: _ = (!a) && !b.c[i]",
				"logic: _ = (a) || !b.c[i]",
				"negation: _ = (a) && b.c[i]",
			},
		},
		"arithmetic": {
			in: "_ = a % b\na -= b\na++",
			want: []string{
				"arithmetic: _ = a * b",
				"dropped: (nothing)", "arithmetic: a += b",
				"dropped: (nothing)", "arithmetic: a--",
			},
		},
		"text is not subtracted": {in: "_ = a + \"s\" + b"},
		"statements": {
			in: "f(\n\ta,\n)\na.b = c\nd := e\ndefer g()\npanic(h)\ni = slices.Grow(i, 9)\nj.Grow(9)",
			want: []string{
				"dropped: (nothing)", "dropped: (nothing)", "dropped: (nothing)",
			},
		},
		"constants": {
			in: "_ = []any{7, 'x', true}",
			want: []string{
				"constant: _ = []any{(7 + 1), 'x', true}",
				"constant: _ = []any{(7 - 1), 'x', true}",
				"constant: _ = []any{7, ('x' + 1), true}",
				"constant: _ = []any{7, ('x' - 1), true}",
				"constant: _ = []any{7, 'x', false}",
			},
		},
		"rights, room and floats": {in: "_ = strconv.ParseFloat(s, 64)\n_ = os.FileMode(0o644)\n_ = make([]T, n, 9)\n_ = make(map[T]T, 9)"},
		"length": {
			in:   "_ = make([]T, 9)",
			want: []string{"constant: _ = make([]T, (9 + 1))", "constant: _ = make([]T, (9 - 1))"},
		},
		"leaving a loop": {
			in:   "for {\nbreak\ncontinue outer\n}",
			want: []string{"loop: continue", "loop: break outer"},
		},
		"cases": {
			in:   "switch {\ncase a:\nf()\n}\nselect {\ncase <-b:\nf()\n}",
			want: []string{"dropped: (nothing)", "dropped: (nothing)"},
		},
		"functions in functions": {
			in:   "_ = func() error {\nreturn a\n}",
			want: []string{"swallowed: return nil"},
		},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			changes, err := changesIn("p/p.go", []byte("package p\nfunc f() {\n"+tt.in+"\n}\n"))
			if err != nil {
				t.Fatal(err)
			}
			// An assignment to nothing is dropped too: that is in one case alone.
			changes = slices.DeleteFunc(changes, func(c change) bool {
				return c.kind == dropped && strings.HasPrefix(c.minus, "_ =")
			})
			var got []string
			for _, c := range changes {
				got = append(got, c.kind+": "+c.plus)
			}
			if diff := cmp.Diff(tt.want, got); diff != "" {
				t.Errorf("changes (-want +got):\n%s", diff)
			}
		})
	}
}

// TestSwallowed: nil instead of an error, where it is the last of what is returned.
func TestSwallowed(t *testing.T) {
	t.Parallel()
	const src = `package p

func (t *T[K]) f() (int, error) {
	if a {
		return 0, err
	}
	if b {
		return 7, nil
	}
	return g(
		1,
	)
}
`
	changes, err := changesIn("p/p.go", []byte(src))
	if err != nil {
		t.Fatal(err)
	}
	var got []string
	for _, c := range changes {
		got = append(got, fmt.Sprintf("%s:%d %s %s: %s", c.file, c.line, c.fn, c.kind, c.plus))
	}
	want := []string{
		"p/p.go:4 T.f negation: if !a {",
		"p/p.go:5 T.f swallowed: return 0, nil",
		"p/p.go:7 T.f negation: if !b {",
		"p/p.go:8 T.f constant: return (7 + 1), nil",
		"p/p.go:8 T.f constant: return (7 - 1), nil",
		"p/p.go:10 T.f swallowed: return nil",
		"p/p.go:11 T.f constant: (1 + 1),",
		"p/p.go:11 T.f constant: (1 - 1),",
	}
	if diff := cmp.Diff(want, got); diff != "" {
		t.Errorf("changes (-want +got):\n%s", diff)
	}
	// A change keeps the number of lines.
	for _, c := range changes {
		if after := c.apply([]byte(src)); bytes.Count(after, []byte("\n")) != strings.Count(src, "\n") {
			t.Errorf("%s: the lines move:\n%s", c.plus, after)
		}
	}
}

// TestSample: a seed is a sample, whatever else stands in the package.
func TestSample(t *testing.T) {
	t.Parallel()
	var all []change
	for i := range 200 {
		all = append(all, change{file: "p/p.go", fn: "f", minus: fmt.Sprintf("a%d()", i), plus: "(nothing)"})
	}
	first := func(seed uint64, changes []change) []string {
		var names []string
		for _, c := range shuffled(slices.Clone(changes), seed)[:20] {
			names = append(names, c.minus)
		}
		return names
	}
	sample := first(1, all)
	if diff := cmp.Diff(sample, first(1, all)); diff != "" {
		t.Errorf("the same seed draws others:\n%s", diff)
	}
	if cmp.Equal(sample, first(2, all)) {
		t.Error("another seed draws the same")
	}
	var low int
	kept := 0
	for _, name := range first(1, all[:190]) {
		if slices.Contains(sample, name) {
			kept++
		}
	}
	if kept < 15 {
		t.Errorf("with 10 of 200 changes gone, only %d of 20 are drawn as before", kept)
	}
	for _, name := range sample {
		if len(name) < len("a100()") {
			low++
		}
	}
	if low < 4 || low > 16 {
		t.Errorf("%d of 20 are from the first half: the sample is not spread", low)
	}
}

func TestEquivalents(t *testing.T) {
	t.Parallel()
	read := func(text string) (equivalents, error) {
		name := filepath.Join(t.TempDir(), "list")
		if err := os.WriteFile(name, []byte(text), 0o600); err != nil {
			t.Fatal(err)
		}
		return readEquivalents(name)
	}
	known, err := read("# what it is\n\n# why\np/p.go:12 T.f\n- a\n+ b\n= never\n\np/q.go\n- c\n+ (nothing)\n= no\n")
	if err != nil {
		t.Fatal(err)
	}
	want := equivalents{"p/p.go\nT.f\na\nb": "never", "p/q.go\n\nc\n(nothing)": "no"}
	if diff := cmp.Diff(want, known); diff != "" {
		t.Errorf("entries (-want +got):\n%s", diff)
	}
	there := []change{{file: "p/p.go", fn: "T.f", line: 99, minus: "a", plus: "b"}}
	if diff := cmp.Diff([]string{"p/q.go \n- c\n+ (nothing)"}, known.stale(pkg{path: "p"}, there)); diff != "" {
		t.Errorf("stale (-want +got):\n%s", diff)
	}
	if stale := known.stale(pkg{path: "p/q"}, nil); len(stale) > 0 {
		t.Errorf("stale in another package: %q", stale)
	}
	for _, bad := range []string{"p/p.go f\n- a\n+ b\n", "p/p.go f\n- a\n= b\n+ c\n"} {
		if _, err := read("# one\n\n" + bad); err == nil || !strings.Contains(err.Error(), "entry at line 3") {
			t.Errorf("%q: error %v, want one that names line 3", bad, err)
		}
	}
}

// TestListIsReadable reads the list that the tool reads.
func TestListIsReadable(t *testing.T) {
	t.Parallel()
	if _, err := readEquivalents("equivalent.txt"); err != nil {
		t.Error(err)
	}
}

func TestParseStat(t *testing.T) {
	t.Parallel()
	fields := strings.Repeat("7 ", 18)
	got, err := parseStat("42 (a ) b) S 41 " + fields + "99 3 0")
	if err != nil {
		t.Fatal(err)
	}
	// rss is the 24th field.
	if want := (process{id: 42, parent: 41, memory: 3 * os.Getpagesize()}); got != want {
		t.Errorf("got %+v, want %+v", got, want)
	}
	for _, bad := range []string{"", "42 a S 41", "42 (a) S 41"} {
		if _, err := parseStat(bad); err == nil {
			t.Errorf("%q is read", bad)
		}
	}
}

func TestBelow(t *testing.T) {
	t.Parallel()
	all := []process{{id: 1}, {id: 2, parent: 1}, {id: 3, parent: 2}, {id: 4, parent: 9}}
	if diff := cmp.Diff(all[1:3], below(all, 1), cmp.AllowUnexported(process{})); diff != "" {
		t.Errorf("below 1 (-want +got):\n%s", diff)
	}
}
