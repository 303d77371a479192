package loaders_test

import (
	"context"
	"errors"
	"fmt"
	"iter"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"entangle/loaders"
	"entangle/loaders/loadertest"
)

// TestRejectText: a reject tells all that it knows of its place and nothing else, and a
// value up to 120 characters.
func TestRejectText(t *testing.T) {
	long := strings.Repeat("ä", 120)
	for _, tt := range []struct {
		place loaders.Place
		want  string
	}{
		{loaders.Place{}, "f: no"},
		{loaders.Place{Line: 7}, "f:7: no"},
		{loaders.Place{Line: 7, Column: 3}, "f:7:3: no"},
		{loaders.Place{Column: 3}, "f: no"}, // a column of no line says nothing
		{loaders.Place{Line: 7, Column: 3, Index: 2, Field: "name", Value: "v"}, `f:7:3: column 2 (name) "v": no`},
		{loaders.Place{Line: 7, Field: "name", Value: "v"}, `f:7: name "v": no`},
		{loaders.Place{Line: 7, Field: "name"}, `f:7: name "": no`},
		{loaders.Place{Line: 7, Value: "v"}, `f:7: "v": no`},
		{loaders.Place{Value: long}, `f: "` + long + `": no`},
		{loaders.Place{Value: long + "ä"}, `f: "` + long + `…": no`},
		{loaders.Place{Field: "name", Value: long + "xy"}, `f: name "` + long + `…": no`},
		{loaders.Place{Index: 1, Field: "name", Value: long + "xy"}, `f: column 1 (name) "` + long + `…": no`},
	} {
		if got := (loaders.Reject{File: "f", Place: tt.place, Reason: "no"}).String(); got != tt.want {
			t.Errorf("%+v\n%s, want\n%s", tt.place, got, tt.want)
		}
	}
	fault := loaders.Fault{Place: loaders.Place{Line: 3, Value: long + "x"}, Reason: "cut"}
	if got, want := fault.Error(), `line 3: "`+long+`…": cut`; got != want {
		t.Errorf("%s, want %s", got, want)
	}
}

// TestUnreadable: a fault keeps the line that it knows and gets one where it knows none.
func TestUnreadable(t *testing.T) {
	known, unknown := &loaders.Fault{Place: loaders.Place{Line: 3}, Reason: "a"}, &loaders.Fault{Reason: "b"}
	for _, tt := range []struct {
		err  error
		want loaders.Fault
	}{
		{fmt.Errorf("read: %w", known), loaders.Fault{Place: loaders.Place{Line: 3}, Reason: "a"}},
		{unknown, loaders.Fault{Place: loaders.Place{Line: 9}, Reason: "b"}},
		{errFire, loaders.Fault{Place: loaders.Place{Line: 9}, Reason: "reading failed: the disk is on fire; what came before is loaded"}},
	} {
		if diff := cmp.Diff(&tt.want, loaders.Unreadable(tt.err, 9)); diff != "" {
			t.Errorf("%v (-want +got):\n%s", tt.err, diff)
		}
	}
}

// fullReport has something in each part of a report.
func fullReport() *loaders.Report {
	rep := &loaders.Report{
		Files: []*loaders.FileReport{
			{
				Name: "a.json", Format: "popolo", Part: "popolo", Rows: loaders.Tally{In: 9, Accepted: 1, Repaired: 2, Rejected: 6},
				Collections: []loaders.Collection{
					{Name: "persons", Tally: loaders.Tally{In: 1, Accepted: 1}}, {Name: "posts", Tally: loaders.Tally{In: 8, Repaired: 2, Rejected: 6}},
				},
				NotApplied: 3,
				Notes:      []loaders.Note{{Text: "a mark", Count: 1}, {Field: "shoes", Text: "not loaded", Count: 4}},
				RejectCounts: []loaders.Count{
					{What: "missing", Count: 1}, {What: "value", Count: 7},
				},
				RepairCounts: []loaders.Count{{What: "date-padded", Count: 2}},
				Repairs:      []loaders.Repair{{Place: loaders.Place{Line: 2, Column: 5, Field: "born", Value: "1"}, Became: "01", Rule: "date-padded"}},
			},
			{Name: "b.csv", Format: "native", Part: "ties", Collections: []loaders.Collection{{Name: "ties"}}},
			{Name: "c.csv", Format: "native"},
			{Name: "d.bin", Rows: loaders.Tally{In: 1, Rejected: 1}},
		},
		Skipped: []loaders.Skipped{{Name: ".x", Reason: "a hidden file"}},
		Nodes:   loaders.Changes{Created: 1, Updated: 2, Same: 3}, Ties: loaders.Changes{Created: 4, Updated: 5, Same: 6},
		Unsourced: 2,
	}
	for i := range 7 {
		rep.Files[0].Rejects = append(rep.Files[0].Rejects, loaders.Reject{File: "a.json", Place: loaders.Place{Line: i + 1}, Code: "value", Reason: "bad"})
	}
	rep.Files[0].Rejects[3].Code = "missing" // so that six of seven are listed
	for i := range 21 {
		rep.Missing = append(rep.Missing, loaders.Missing{Ref: fmt.Sprintf("m%02d", i), Records: i + 1})
	}
	return rep
}

func missing(n int) string {
	var b strings.Builder
	for i := range n {
		fmt.Fprintf(&b, "  m%02d (wanted by %d records)\n", i, i+1)
	}
	return strings.Replace(b.String(), "1 records", "1 record", 1)
}

// TestReportTextOfAll prints each part of a report, with the bounds of its lists.
func TestReportTextOfAll(t *testing.T) {
	head := `a.json (popolo): 9 rows in: 1 accepted, 2 repaired, 6 rejected
  persons: 1 in, 1 accepted, 0 repaired, 0 rejected
  posts: 8 in, 0 accepted, 2 repaired, 6 rejected
  read and not applied: 3 rows
  note: a mark (1×)
  note: shoes: not loaded (4×)
  rejected, missing (1):
    a.json:4: bad
  rejected, value (7):
`
	repairs := `  repaired, date-padded (2):
    a.json:2:5: born "1" became "01"
    … and 1 more
b.csv (native ties): 0 rows in: 0 accepted, 0 repaired, 0 rejected
c.csv (native): 0 rows in: 0 accepted, 0 repaired, 0 rejected
d.bin: 1 row in: 0 accepted, 0 repaired, 1 rejected
.x: skipped: a hidden file
not found anywhere (21):
`
	tail := `loaded: nodes 1 created, 2 updated, 3 same; ties 4 created, 5 updated, 6 same
ties without a source: 2 of 15
10 rows in: 1 accepted, 2 repaired, 7 rejected
`
	value := func(lines ...int) string {
		var b strings.Builder
		for _, n := range lines {
			fmt.Fprintf(&b, "    a.json:%d: bad\n", n)
		}
		return b.String()
	}
	for name, tt := range map[string]struct {
		opt  loaders.TextOptions
		want string
	}{
		"as it is":        {loaders.TextOptions{}, head + value(1, 2, 3, 5, 6) + "    … and 2 more\n" + repairs + missing(20) + "  … and 1 more\n" + tail},
		"a negative":      {loaders.TextOptions{PerReason: -3}, head + value(1, 2, 3, 5, 6) + "    … and 2 more\n" + repairs + missing(20) + "  … and 1 more\n" + tail},
		"two of a reason": {loaders.TextOptions{PerReason: 2}, head + value(1, 2) + "    … and 5 more\n" + repairs + missing(8) + "  … and 13 more\n" + tail},
		"six":             {loaders.TextOptions{PerReason: 6}, head + value(1, 2, 3, 5, 6, 7) + "    … and 1 more\n" + repairs + missing(21) + tail},
		"all":             {loaders.TextOptions{PerReason: 2, Verbose: true}, head + value(1, 2, 3, 5, 6, 7) + "    … and 1 more\n" + repairs + missing(21) + tail},
	} {
		t.Run(name, func(t *testing.T) {
			var got strings.Builder
			if err := fullReport().WriteText(&got, tt.opt); err != nil {
				t.Fatal(err)
			}
			if diff := cmp.Diff(tt.want, got.String()); diff != "" {
				t.Errorf("(-want +got):\n%s", diff)
			}
		})
	}
	rep := fullReport()
	rep.DryRun, rep.Stopped, rep.Missing, rep.Skipped, rep.Files = true, "no room at a.json line 3", nil, nil, rep.Files[2:3]
	var got strings.Builder
	if err := rep.WriteText(&got, loaders.TextOptions{}); err != nil {
		t.Fatal(err)
	}
	want := `c.csv (native): 0 rows in: 0 accepted, 0 repaired, 0 rejected
dry run, nothing applied; would load: nodes 1 created, 2 updated, 3 same; ties 4 created, 5 updated, 6 same
ties without a source: 2 of 15
0 rows in: 0 accepted, 0 repaired, 0 rejected
stopped early: no room at a.json line 3; what was applied stays, run it again to go on
`
	if diff := cmp.Diff(want, got.String()); diff != "" {
		t.Errorf("a dry run that was stopped (-want +got):\n%s", diff)
	}
	if err := fullReport().WriteText(full{}, loaders.TextOptions{}); !errors.Is(err, errFire) {
		t.Errorf("a writer that fails: %v", err)
	}
}

type full struct{}

func (full) Write([]byte) (int, error) { return 0, errFire }

// TestReportSums: each count of a report is added up, and each of the four kinds of change
// alone is a change.
func TestReportSums(t *testing.T) {
	if got, want := fullReport().Rows(), (loaders.Tally{In: 10, Accepted: 1, Repaired: 2, Rejected: 7}); got != want {
		t.Errorf("rows %+v, want %+v", got, want)
	}
	for _, tt := range []struct {
		nodes, ties loaders.Changes
		want        bool
	}{
		{loaders.Changes{Same: 1}, loaders.Changes{Same: 1}, false},
		{loaders.Changes{Created: 1}, loaders.Changes{}, true},
		{loaders.Changes{Updated: 1}, loaders.Changes{}, true},
		{loaders.Changes{}, loaders.Changes{Created: 1}, true},
		{loaders.Changes{}, loaders.Changes{Updated: 1}, true},
	} {
		if rep := (loaders.Report{Nodes: tt.nodes, Ties: tt.ties}); rep.Changed() != tt.want {
			t.Errorf("nodes %v, ties %v: changed %t", tt.nodes, tt.ties, !tt.want)
		}
	}
	f := fullReport().Files[0]
	if got := f.Collection("posts"); got.In != 8 || f.Collection("areas") != (loaders.Tally{}) {
		t.Errorf("collections %+v, %+v", got, f.Collection("areas"))
	}
}

// TestFolderOfAllSorts: which files of a folder are read, and why the others are not.
func TestFolderOfAllSorts(t *testing.T) {
	root := filepath.Join(t.TempDir(), ".kept") // what the user names is read, also if it is hidden
	write := func(name, text string) {
		path := filepath.Join(root, name)
		if err := errors.Join(os.MkdirAll(filepath.Dir(path), 0o755), os.WriteFile(path, []byte(text), 0o600)); err != nil {
			t.Fatal(err)
		}
	}
	write("A.CSV", nodeHead)
	write("b.csv.gz", string(zipped(t, nodeHead)))
	write("csv", "no extension")
	write("deep/er/c.json", `{"persons": []}`)
	write(".git/d.csv", nodeHead)
	write(".e.csv", nodeHead)
	if err := errors.Join(os.Symlink("deep", filepath.Join(root, "folder.csv")), os.Symlink("A.CSV", filepath.Join(root, "link.csv"))); err != nil {
		t.Fatal(err)
	}
	rep := run(t, loadertest.NewMemory(), loaders.Options{}, loaders.Path(root))
	type file struct{ Name, Dataset string }
	var files []file
	for _, f := range rep.Files {
		name, err := filepath.Rel(root, f.Name)
		if err != nil {
			t.Fatal(err)
		}
		files = append(files, file{filepath.ToSlash(name), f.Dataset})
	}
	// Files of one rank in the order of their paths.
	want := []file{{"A.CSV", ".kept"}, {"b.csv.gz", ".kept"}, {"deep/er/c.json", "er"}, {"link.csv", ".kept"}}
	if diff := cmp.Diff(want, files); diff != "" {
		t.Errorf("files (-want +got):\n%s", diff)
	}
	var skipped []string
	for _, s := range rep.Skipped {
		skipped = append(skipped, filepath.Base(s.Name)+": "+s.Reason)
	}
	wantSkipped := []string{
		".e.csv: a hidden file", "csv: no format has files of this name's extension: name the file itself to load it", "folder.csv: not a regular file",
	}
	if diff := cmp.Diff(wantSkipped, skipped); diff != "" {
		t.Errorf("skipped (-want +got):\n%s", diff)
	}
	// A link that leads nowhere ends it: a file that is meant is not left out in silence.
	if err := os.Symlink("nowhere", filepath.Join(root, "z.csv")); err != nil {
		t.Fatal(err)
	}
	if rep, err := loaders.Run(t.Context(), loadertest.NewMemory(), registry(), []loaders.Input{loaders.Path(root)}, loaders.Options{}); !errors.Is(err, loaders.ErrInput) || rep != nil {
		t.Errorf("a link that leads nowhere: %v, %v", err, rep)
	}
}

// TestDatasets: the name of the data comes from the option, else from the file without
// what follows its last dot, gzip's own aside.
func TestDatasets(t *testing.T) {
	for name, want := range map[string]string{"n.csv": "n", "n.csv.gz": "n", "dir/n.2020.csv": "n.2020", "n": "n", "n.gz": "n"} {
		data := []byte(nodeHead)
		if strings.HasSuffix(name, ".gz") {
			data = zipped(t, nodeHead)
		}
		path := filepath.Join(t.TempDir(), filepath.Base(name))
		if err := os.WriteFile(path, data, 0o600); err != nil {
			t.Fatal(err)
		}
		rep := run(t, loadertest.NewMemory(), loaders.Options{}, loaders.Bytes(name, data), loaders.Path(path))
		if rep.Files[0].Dataset != want || rep.Files[1].Dataset != want || rep.Files[0].Load != rep.Files[1].Load {
			t.Errorf("%s: %q and %q, want %q", name, rep.Files[0].Dataset, rep.Files[1].Dataset, want)
		}
		rep = run(t, loadertest.NewMemory(), loaders.Options{Dataset: "mine"}, loaders.Bytes(name, data))
		if rep.Files[0].Dataset != "mine" {
			t.Errorf("%s: named mine, %q", name, rep.Files[0].Dataset)
		}
	}
}

// TestFormatByName: the error lists what there is, in its order.
func TestFormatByName(t *testing.T) {
	reg := registry()
	names := reg.Names()
	if len(names) < 3 || len(reg.Formats()) != len(names) {
		t.Fatalf("names %v", names)
	}
	for i, name := range names {
		f, err := reg.Format(name)
		if err != nil || f.Properties().Name != name || reg.Formats()[i].Properties().Name != name {
			t.Errorf("%s: %v, %v", name, f, err)
		}
	}
	if _, err := reg.Format("xml"); !errors.Is(err, loaders.ErrFormat) || !strings.Contains(err.Error(), `"xml" (one of `+strings.Join(names, ", ")+")") {
		t.Errorf("no format: %v", err)
	}
	formats := reg.Formats()
	formats[0] = nil
	if reg.Formats()[0] == nil {
		t.Error("the list of the registry can be changed")
	}
}

// TestFirstOfEqualFormats: where two are as sure the first of the list reads the file.
func TestFirstOfEqualFormats(t *testing.T) {
	reg := registry()
	for _, formats := range [][]loaders.Format{{twin{"one"}, twin{"two"}}, {twin{"two"}, twin{"one"}}} {
		rep, err := loaders.Run(t.Context(), loadertest.NewMemory(), loaders.NewRegistry(append(formats, reg.Formats()...)...),
			[]loaders.Input{csvFile("a.twin", "twin\n")}, loaders.Options{})
		if err != nil {
			t.Fatal(err)
		}
		if got, want := rep.Files[0].Format, formats[0].Properties().Name; got != want {
			t.Errorf("read as %s, want %s", got, want)
		}
	}
}

// twin is a format that is sure of files that begin with its word, and reads nothing.
type twin struct{ name string }

func (w twin) Properties() loaders.Properties { return loaders.Properties{Name: w.name} }

func (twin) Detect(head []byte) loaders.Match {
	if strings.HasPrefix(string(head), "twin") {
		return loaders.Match{Score: 1}
	}
	return loaders.Match{}
}

// TestWideText: text of two bytes a character is told from a binary file by its first
// eight bytes; shorter files and files that have zeros elsewhere are no such text.
func TestWideText(t *testing.T) {
	for head, wide := range map[string]bool{
		"a\x00b\x00c\x00d\x00\n": true, "\x00a\x00b\x00c\x00d\n": true,
		"a\x00b\x00c\x00\n": false, "a\x00b\x00c\x00dd\n": false, "\x00\x00b\x00c\x00d\x00\n": false, "\x00a\x00bbc\x00d\n": false, "\x00\x00\x00b\x00c\x00d\n": false,
		"a\x00b\x00c\x00d\x00": true, "\x00a\x00b\x00c\x00d": true,
	} {
		rep := run(t, loadertest.NewMemory(), loaders.Options{}, csvFile("a.csv", head))
		want := "a binary file, not data in a known format"
		if wide {
			want = "UTF-16 text: convert it to UTF-8 (iconv -f UTF-16 -t UTF-8)"
		}
		if got := rep.Files[0].Rejects; len(got) != 1 || got[0].Reason != want {
			t.Errorf("%q: %v, want %s", head, got, want)
		}
	}
}

// TestDenied: a field is on the list however it is written and whatever stands before or
// behind it, and by its whole name alone.
func TestDenied(t *testing.T) {
	for column, denied := range map[string]bool{
		"religion": true, "RELIGION": true, "re-li gion": true, "Religion_": true, "person.religion": true, "religion.now": true,
		"religions": false, "irreligion": false, "zip2code": false, "ssn": true, "zone9": true, "zone8": false, "zone": false, "Ästhetik": true, "sthetik": false,
	} {
		rep := run(t, loadertest.NewMemory(), loaders.Options{Deny: append(loaders.DefaultDeny(), "ZONE 9", "Ästhetik")},
			csvFile("n.csv", ":ID,:LABEL,name,"+column+"\nx,Group,X,1\n"))
		kept := slices.ContainsFunc(rep.Files[0].Notes, func(n loaders.Note) bool { return n.Text == "not loaded: on the privacy list" })
		if kept != denied {
			t.Errorf("%s: kept out %t, want %t", column, kept, denied)
		}
	}
}

func (twin) Read(context.Context, loaders.Content) iter.Seq2[loaders.Record, error] {
	return func(func(loaders.Record, error) bool) {}
}
