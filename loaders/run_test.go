package loaders_test

import (
	"bytes"
	"compress/gzip"
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
	"pgregory.net/rapid"

	"entangle/graph"
	"entangle/loaders"
	"entangle/loaders/all"
	"entangle/loaders/loadertest"
)

const (
	nodeHead = ":ID,:LABEL,name,country,sources:string[]\n"
	tieHead  = ":START_ID,:END_ID,:TYPE,confidence:float\n"
)

func registry() *loaders.Registry { return all.Registry() }

func csvFile(name, text string) loaders.Input { return loaders.Bytes(name, []byte(text)) }

func run(t *testing.T, store loaders.Store, opt loaders.Options, inputs ...loaders.Input) *loaders.Report {
	t.Helper()
	rep, err := loaders.Run(t.Context(), store, registry(), inputs, opt)
	if err != nil {
		t.Fatal(err)
	}
	loadertest.CheckReport(t, rep)
	return rep
}

// Files that are no data get one line in the report, and the others load.
func TestFilesThatAreNoData(t *testing.T) {
	good := csvFile("good.csv", nodeHead+"a,Group,A,,\n")
	for name, c := range map[string]struct{ text, want string }{
		"lfs.csv":   {"version https://git-lfs.github.com/spec/v1\noid sha256:00\nsize 12\n", `lfs.csv:1: "version https://git-lfs.github.com/spec/v1": a Git LFS pointer, not data: run git lfs pull`},
		"empty.csv": {"", "empty.csv:1: an empty file"}, "blank.csv": {" \n\n", "blank.csv:1: an empty file"},
		"utf16.csv":  {"\xff\xfe:\x00I\x00D\x00", "utf16.csv:1: UTF-16 text: convert it to UTF-8 (iconv -f UTF-16 -t UTF-8)"},
		"utf16b.csv": {"\x00:\x00I\x00D\x00,\x00:", "utf16b.csv:1: UTF-16 text"},
		"book.xlsx":  {"PK\x03\x04rest", "book.xlsx:1: a ZIP archive or an Office document"},
		"a.pdf":      {"%PDF-1.4", "a binary file"}, "x.bin": {"\x00\xff\xfe\xfd\x00\x01", "a binary file"},
		"other.csv":  {"id,name\n1,x\n", `other.csv:1: "id,name": no known format begins like this (known: native, popolo, sfm`},
		"other.json": {`{"a": 1}`, "no known format"}, "cut.json": {`{"persons": [{"id": "a"`, "the JSON ends in the middle"},
		"bad.csv.gz": {"\x1f\x8b\x08rubbish", "broken gzip data"},
	} {
		store := loadertest.NewMemory()
		rep := run(t, store, loaders.Options{}, csvFile(name, c.text), good)
		f := rep.Files[0]
		if len(f.Rejects) != 1 || !strings.Contains(f.Rejects[0].String(), c.want) || f.Rejects[0].Code != loaders.CodeFile {
			t.Errorf("%s: %v, want one reject like %q", name, f.Rejects, c.want)
		}
		if f.Rows != (loaders.Tally{In: 1, Rejected: 1}) || rep.Nodes.Created != 1 {
			t.Errorf("%s: rows %+v, nodes %v", name, f.Rows, rep.Nodes)
		}
	}
}

// A NUL, or a byte that is no UTF-8, spoils its row alone.
func TestBadBytesInOneRow(t *testing.T) {
	rep := run(t, loadertest.NewMemory(), loaders.Options{}, csvFile("n.csv", nodeHead+"a,Group,A,,\nb,Group,B\x00,,\nc,Group,\xff\xfe,,\nd,Group,D,,\n"))
	if got := rep.Rows(); got != (loaders.Tally{In: 4, Accepted: 2, Rejected: 2}) {
		t.Errorf("rows %+v", got)
	}
}

func TestErrors(t *testing.T) {
	for name, c := range map[string]struct {
		inputs []loaders.Input
		opt    loaders.Options
		want   error
	}{
		"no file":   {[]loaders.Input{loaders.Path("no-such-file.csv")}, loaders.Options{}, loaders.ErrInput},
		"no inputs": {nil, loaders.Options{}, loaders.ErrInput},
		"no format": {[]loaders.Input{csvFile("a.csv", nodeHead)}, loaders.Options{Format: "xml"}, loaders.ErrFormat},
	} {
		rep, err := loaders.Run(t.Context(), loadertest.NewMemory(), registry(), c.inputs, c.opt)
		if !errors.Is(err, c.want) || rep != nil {
			t.Errorf("%s: %v, report %v", name, err, rep)
		}
	}
}

func TestFormatOverrides(t *testing.T) {
	rep := run(t, loadertest.NewMemory(), loaders.Options{Format: "popolo"}, csvFile("a.csv", nodeHead+"a,Group,A,,\n"))
	if got := rep.Files[0].Rejects; len(got) != 1 || rep.Files[0].Format != "popolo" {
		t.Errorf("read as %s: %v", rep.Files[0].Format, got)
	}
}

func TestFolder(t *testing.T) {
	dir := filepath.Join(t.TempDir(), "sample")
	for name, text := range map[string]string{
		"ties.csv": tieHead + "p,g,MEMBER_OF,\n", "sub/nodes.csv": nodeHead + "p,Person,P,,\ng,Group,G,,\n",
		"README.md": "# Sample", ".hidden.csv": "x", ".git/nodes.csv": "x", "other.csv": "x,y\n",
	} {
		path := filepath.Join(dir, name)
		if err := errors.Join(os.MkdirAll(filepath.Dir(path), 0o755), os.WriteFile(path, []byte(text), 0o600)); err != nil {
			t.Fatal(err)
		}
	}
	rep := run(t, loadertest.NewMemory(), loaders.Options{}, loaders.Path(dir))
	var names []string
	for _, f := range rep.Files {
		names = append(names, strings.TrimPrefix(f.Name, dir+string(filepath.Separator)))
		if f.Format != "" && f.Dataset == "" {
			t.Errorf("%s: no dataset", f.Name)
		}
	}
	if diff := cmp.Diff([]string{"other.csv", filepath.Join("sub", "nodes.csv"), "ties.csv"}, names); diff != "" {
		t.Errorf("files (-want +got):\n%s", diff)
	}
	if len(rep.Skipped) != 2 || rep.Ties.Created != 1 || rep.Files[2].Dataset != "sample" {
		t.Errorf("skipped %v, ties %v, dataset %q", rep.Skipped, rep.Ties, rep.Files[2].Dataset)
	}
}

func zipped(t *testing.T, text string) []byte {
	t.Helper()
	var b bytes.Buffer
	w := gzip.NewWriter(&b)
	if _, err := w.Write([]byte(text)); err != nil {
		t.Fatal(err)
	}
	if err := w.Close(); err != nil {
		t.Fatal(err)
	}
	return b.Bytes()
}

func TestGzip(t *testing.T) {
	text := "\ufeff" + nodeHead + "a,Group,A,,\nb,Group,B,,\n"
	plain := run(t, loadertest.NewMemory(), loaders.Options{}, csvFile("n.csv", text))
	zip := run(t, loadertest.NewMemory(), loaders.Options{}, loaders.Bytes("n.csv.gz", zipped(t, text)))
	if plain.Files[0].Load != zip.Files[0].Load || zip.Nodes.Created != 2 {
		t.Errorf("loads %s and %s, nodes %v", plain.Files[0].Load, zip.Files[0].Load, zip.Nodes)
	}
	if len(zip.Files[0].Notes) != 1 || !strings.Contains(zip.Files[0].Notes[0].Text, "byte order mark") {
		t.Errorf("notes %v", zip.Files[0].Notes)
	}
	data := zipped(t, text)
	cut := run(t, loadertest.NewMemory(), loaders.Options{}, loaders.Bytes("n.csv.gz", data[:len(data)-12]))
	if len(cut.Files[0].Rejects) != 1 || !strings.Contains(cut.Files[0].Rejects[0].Reason, "broken gzip data") {
		t.Errorf("cut: %v", cut.Files[0].Rejects)
	}
}

func TestGzipBombs(t *testing.T) {
	row := nodeHead + "a,Group," + strings.Repeat("A", 1000) + ",,\n"
	store := loadertest.NewMemory()
	rep := run(t, store, loaders.Options{MaxBytes: 500}, loaders.Bytes("n.csv.gz", zipped(t, row)))
	if got := rep.Files[0].Rejects; len(got) != 1 || !strings.Contains(got[0].Reason, "unpacks to more than 500 bytes") {
		t.Errorf("past the bound: %v", got)
	}
	bomb := zipped(t, nodeHead+strings.Repeat("A", 32<<20)) // 32 MiB of nothing much
	rep = run(t, store, loaders.Options{}, loaders.Bytes("n.csv.gz", bomb))
	if got := rep.Files[0].Rejects; len(got) != 1 || !strings.Contains(got[0].Reason, "times its size") {
		t.Errorf("past the ratio: %v", got)
	}
}

// Ends and sources that come late: in a later file, in the store, by an alias.
func TestLateEnds(t *testing.T) {
	store := loadertest.NewMemory()
	run(t, store, loaders.Options{}, csvFile("a.csv", ":ID,:LABEL,name,ids\ng,Group,G,wikidata:Q1\n"))
	rep := run(t, store, loaders.Options{BatchSize: 1},
		csvFile("t.csv", tieHead+"p,g,MEMBER_OF,\np,wikidata:Q1,LOYAL_TO,\np,nowhere,MEMBER_OF,\n"),
		csvFile("n.csv", nodeHead+"p,Person,P,,s1;s2\n"), csvFile("s.csv", nodeHead+"s1,Source,S,,s2\ns2,Source,T,,s1\n"))
	if rep.Ties.Created != 2 || rep.Nodes.Created != 3 {
		t.Errorf("nodes %v, ties %v\n%v", rep.Nodes, rep.Ties, rep.Files[0].Rejects)
	}
	if diff := cmp.Diff([]loaders.Missing{{Ref: "nowhere", Records: 1}}, rep.Missing); diff != "" {
		t.Error(diff)
	}
	_, ties := loadertest.Dump(t, store)
	for _, tie := range ties {
		if tie.To != "g" {
			t.Errorf("the alias is not replaced: %+v", tie)
		}
	}
}

func TestNodesOfAnotherKind(t *testing.T) {
	store := loadertest.NewMemory()
	run(t, store, loaders.Options{}, csvFile("a.csv", nodeHead+"x,Group,X,,\n"))
	rep := run(t, store, loaders.Options{}, csvFile("b.csv", nodeHead+"x,Person,X,,\ny,Person,Y,,\ny,Group,Y,,\n"))
	var got []string
	for _, rej := range rep.Files[0].Rejects {
		got = append(got, rej.String())
	}
	want := []string{
		`b.csv:2:3: column 2 (:LABEL) "Person": node x is a Group already`, `b.csv:4:3: column 2 (:LABEL) "Group": node y is a Person already`,
	}
	if diff := cmp.Diff(want, got); diff != "" {
		t.Error(diff)
	}
}

// Of rows of one load that disagree, the earlier stays, and this is told; a
// later load replaces.
func TestEarlierRowStays(t *testing.T) {
	for _, size := range []int{1, 5000} {
		store := loadertest.NewMemory()
		in := csvFile("n.csv", nodeHead+"x,Group,X,AA,\nx,Group,Also X,BB,\nx,Group,X,AA,\n")
		rep := run(t, store, loaders.Options{BatchSize: size}, in)
		want := []loaders.Repair{{Place: loaders.Place{Line: 3, Column: 16, Field: "country", Index: 4, Value: "BB"}, Became: "AA", Rule: "earlier-row-stays"}}
		if diff := cmp.Diff(want, rep.Files[0].Repairs); diff != "" {
			t.Errorf("batches of %d (-want +got):\n%s", size, diff)
		}
		if rep.Nodes != (loaders.Changes{Created: 1}) {
			t.Errorf("batches of %d: nodes %v", size, rep.Nodes)
		}
		if rep := run(t, store, loaders.Options{BatchSize: size}, in); rep.Changed() {
			t.Errorf("batches of %d: the reload changed nodes %v", size, rep.Nodes)
		}
		if rep := run(t, store, loaders.Options{}, csvFile("m.csv", nodeHead+"x,Group,X,CC,\n")); rep.Nodes.Updated != 1 {
			t.Errorf("a later load: nodes %v", rep.Nodes)
		}
	}
}

func TestRepeatedClaims(t *testing.T) {
	rep := run(t, loadertest.NewMemory(), loaders.Options{BatchSize: 1}, csvFile("n.csv", nodeHead+"p,Person,P,,\ng,Group,G,,\n"),
		csvFile("t.csv", tieHead+"p,g,MEMBER_OF,0.5\np,g,MEMBER_OF,0.5\np,g,MEMBER_OF,0.6\n"))
	f := rep.Files[1]
	if f.Rows != (loaders.Tally{In: 3, Accepted: 2, Rejected: 1}) || rep.Ties.Created != 1 {
		t.Errorf("rows %+v, ties %v", f.Rows, rep.Ties)
	}
	if len(f.Rejects) != 1 || f.Rejects[0].Code != loaders.CodeDuplicate || !strings.Contains(f.Rejects[0].Reason, "line 2 makes the same claim") {
		t.Errorf("rejects %v", f.Rejects)
	}
	if len(f.Notes) != 1 || f.Notes[0].Count != 1 {
		t.Errorf("notes %v", f.Notes)
	}
}

// TestRejectedClaimsAreNotRepeated: a row that is rejected does not keep the rest out: the next
// that makes the same claim is the first to make it.
func TestRejectedClaimsAreNotRepeated(t *testing.T) {
	for name, bad := range map[string]string{
		"confidence": "p,g,MEMBER_OF,1.5\n", "no number": "p,g,MEMBER_OF,much\n", "no such end": "p,nobody,MEMBER_OF,0.5\n", "cannot join": "g,p,MEMBER_OF,0.5\n",
	} {
		rep := run(t, loadertest.NewMemory(), loaders.Options{}, csvFile("n.csv", nodeHead+"p,Person,P,,\ng,Group,G,,\n"),
			csvFile("t.csv", tieHead+bad+"p,g,MEMBER_OF,0.9\np,g,MEMBER_OF,0.9\np,g,MEMBER_OF,0.6\n"))
		f := rep.Files[1]
		if f.Rows != (loaders.Tally{In: 4, Accepted: 2, Rejected: 2}) || rep.Ties.Created != 1 {
			t.Errorf("%s: rows %+v, ties %v, %v", name, f.Rows, rep.Ties, f.Rejects)
		}
		if last := f.Rejects[len(f.Rejects)-1]; last.Code != loaders.CodeDuplicate || !strings.Contains(last.Reason, "line 3 makes the same claim") {
			t.Errorf("%s: %v", name, last)
		}
	}
}

// failing is a store that refuses some batches.
type failing struct {
	loaders.Store
	refuse func(graph.Batch) error
}

func (f failing) Apply(ctx context.Context, b graph.Batch) (graph.Applied, error) {
	if err := f.refuse(b); err != nil {
		return graph.Applied{}, err
	}
	return f.Store.Apply(ctx, b)
}

// What only the store finds wrong rejects its record, and what needs it.
func TestStoreFindsProblems(t *testing.T) {
	store := failing{loadertest.NewMemory(), func(b graph.Batch) error {
		for _, n := range b.Nodes {
			if n.ID == "bad" {
				return &graph.BatchError{Problems: []graph.Problem{{Item: "node bad", Field: "country", Value: "ZZ", Reason: "no such country"}}}
			}
		}
		return nil
	}}
	rep := run(t, store, loaders.Options{}, csvFile("n.csv", nodeHead+"p,Person,P,,\nbad,Group,B,ZZ,\ng,Group,G,,\n"),
		csvFile("t.csv", tieHead+"p,bad,MEMBER_OF,\np,g,MEMBER_OF,\n"))
	if rep.Nodes.Created != 2 || rep.Ties.Created != 1 || rep.Rows().Rejected != 2 {
		t.Errorf("nodes %v, ties %v, rows %+v", rep.Nodes, rep.Ties, rep.Rows())
	}
	if got := rep.Files[0].Rejects[0].String(); got != `n.csv:3:13: column 4 (country) "ZZ": no such country` {
		t.Error(got)
	}
}

func TestStoreFails(t *testing.T) {
	n := 0
	store := failing{loadertest.NewMemory(), func(graph.Batch) error {
		if n++; n == 2 {
			return fmt.Errorf("disk: %w", graph.ErrUnavailable)
		}
		return nil
	}}
	rep, err := loaders.Run(t.Context(), store, registry(), []loaders.Input{csvFile("n.csv", nodeHead+"a,Group,A,,\nb,Group,B,,\nc,Group,C,,\n")}, loaders.Options{BatchSize: 1})
	if !errors.Is(err, graph.ErrUnavailable) {
		t.Fatal(err)
	}
	if f := rep.Files[0]; f.Rows.In != 1 || f.NotApplied != 1 || rep.Nodes.Created != 1 || rep.Stopped != "disk: store unavailable at n.csv line 3" {
		t.Errorf("rows %+v, not applied %d, nodes %v, stopped %q", f.Rows, f.NotApplied, rep.Nodes, rep.Stopped)
	}
}

func TestHeldIsBounded(t *testing.T) {
	rep := run(t, loadertest.NewMemory(), loaders.Options{MaxHeld: 1}, csvFile("t.csv", tieHead+"a,b,KIN_OF,\nb,c,KIN_OF,\n"))
	var reasons []string
	for _, rej := range rep.Files[0].Rejects {
		reasons = append(reasons, rej.Reason)
	}
	want := []string{
		"no such node in this load or in the store", "no such node in this load or in the store", // both ends of the first
		"too many records wait for nodes that were not read yet: load the nodes first",
	}
	if diff := cmp.Diff(want, reasons); diff != "" {
		t.Errorf("reasons (-want +got):\n%s", diff)
	}
}

// progress adds up what it is told.
type progress struct {
	files []string
	bytes int64
	rows  int
}

func (p *progress) File(name string, _ int64) { p.files = append(p.files, name) }
func (p *progress) Add(bytes int64, rows int) { p.bytes, p.rows = p.bytes+bytes, p.rows+rows }

func TestProgress(t *testing.T) {
	var p progress
	nodes, ties := nodeHead+"p,Person,P,,\ng,Group,G,,\n", tieHead+"p,g,MEMBER_OF,\n"
	doc := `{"persons": [{"id": "a", "name": "A"}], "memberships": [{}]}` // read three times, counted once
	run(t, loadertest.NewMemory(), loaders.Options{Progress: &p}, csvFile("t.csv", ties), csvFile("n.csv", nodes), csvFile("p.json", doc))
	if want := int64(len(nodes) + len(ties) + len(doc)); p.bytes != want || p.rows != 5 {
		t.Errorf("%d bytes, want %d; %d rows, want 5", p.bytes, want, p.rows)
	}
	// Nodes before ties; files of one rank in the order in which they were given.
	if diff := cmp.Diff([]string{"n.csv", "p.json", "t.csv"}, p.files); diff != "" {
		t.Errorf("files (-want +got):\n%s", diff)
	}
}

func TestDetailsAreBounded(t *testing.T) {
	var told int
	var text strings.Builder
	text.WriteString(nodeHead)
	for i := range 20 {
		fmt.Fprintf(&text, "n%d,Dragon,N,,\n", i)
	}
	rep := run(t, loadertest.NewMemory(), loaders.Options{KeepDetails: 7, OnReject: func(loaders.Reject) { told++ }}, csvFile("n.csv", text.String()))
	f := rep.Files[0]
	if len(f.Rejects) != 7 || f.RejectCounts[0].Count != 20 || told != 20 || f.Rows.Rejected != 20 {
		t.Errorf("%d listed, %v counted, %d told, rows %+v", len(f.Rejects), f.RejectCounts, told, f.Rows)
	}
}

func TestReportText(t *testing.T) {
	rep := run(t, loadertest.NewMemory(), loaders.Options{},
		csvFile("n.csv", ":ID,:LABEL,name,born,shoes\np,Person,P,1970-3-4,1\nq,Person,Q,x,\nr,Person,R,y,\n"), csvFile("t.csv", tieHead+"p,z,KIN_OF,\n"))
	var got strings.Builder
	if err := rep.WriteText(&got, loaders.TextOptions{PerReason: 1}); err != nil {
		t.Fatal(err)
	}
	want := `n.csv (native nodes): 3 rows in: 0 accepted, 1 repaired, 2 rejected
  note: shoes: no such column: not loaded (1×)
  rejected, value (2):
    n.csv:3:12: column 4 (born) "x": not a date: not a year, month or day (EDTF level 1, such as 2014, 2014-06, 2014-06-13, 201X, 2014?)
    … and 1 more
  repaired, date-padded (1):
    n.csv:2:12: born "1970-3-4" became "1970-03-04"
t.csv (native ties): 1 row in: 0 accepted, 0 repaired, 1 rejected
  rejected, missing (1):
    t.csv:2:3: column 2 (:END_ID) "z": no such node in this load or in the store
not found anywhere (1):
  z (wanted by 1 record)
loaded: nodes 1 created, 0 updated, 0 same; ties 0 created, 0 updated, 0 same
4 rows in: 0 accepted, 1 repaired, 3 rejected
`
	if diff := cmp.Diff(want, got.String()); diff != "" {
		t.Errorf("text (-want +got):\n%s", diff)
	}
	data, err := json.Marshal(rep)
	if err != nil {
		t.Fatal(err)
	}
	var back loaders.Report
	if err := json.Unmarshal(data, &back); err != nil {
		t.Fatal(err)
	}
	if diff := cmp.Diff(rep, &back); diff != "" {
		t.Errorf("JSON there and back (-want +got):\n%s", diff)
	}
}

// Rows in = accepted + repaired + rejected, and the graph does not depend on
// the size of batches or the order of files, for any mix of rows.
func TestAnyRows(t *testing.T) {
	row := rapid.SampledFrom([]string{
		"p%d,Person,P,,", "p%d,Person,Q,XX,", "p%d,Group,G,YY,s1", "s%d,Source,S,,", "s%d,Source,S,,s2", "p%d,Person,,,", "p%d,Person", "p%d,\"Person\"x,,,", "p%d,Dragon,D,,",
	})
	tie := rapid.SampledFrom([]string{"p%d,p%d,KIN_OF,", "p%d,p%d,KIN_OF,0.5", "p%d,p%d,MEMBER_OF,", "p%d,p%d,ALLIED_WITH,2", "p%d,p%d,NO,", "p%d,s%d,KIN_OF,", "p%d"})
	rapid.Check(t, func(rt *rapid.T) {
		nodeRows, tieRows := []string{nodeHead}, []string{tieHead}
		nRows, tRows := rapid.IntRange(0, 12).Draw(rt, "nodes"), rapid.IntRange(0, 8).Draw(rt, "ties")
		digit := rapid.IntRange(0, 4)
		for range nRows {
			nodeRows = append(nodeRows, fmt.Sprintf(row.Draw(rt, "row"), digit.Draw(rt, "n"))+"\n")
		}
		for range tRows {
			line := tie.Draw(rt, "tie")
			if strings.Count(line, "%d") == 2 {
				line = fmt.Sprintf(line, digit.Draw(rt, "from"), digit.Draw(rt, "to"))
			} else {
				line = fmt.Sprintf(line, digit.Draw(rt, "from"))
			}
			tieRows = append(tieRows, line+"\n")
		}
		nodes, ties := strings.Join(nodeRows, ""), strings.Join(tieRows, "")
		a, b := loadertest.NewMemory(), loadertest.NewMemory()
		one := run(t, a, loaders.Options{}, csvFile("n.csv", nodes), csvFile("t.csv", ties))
		opt := loaders.Options{BatchSize: rapid.IntRange(1, 3).Draw(rt, "batch"), DryRun: true}
		told := run(t, b, opt, csvFile("t.csv", ties), csvFile("n.csv", nodes))
		opt.DryRun = false
		two := run(t, b, opt, csvFile("t.csv", ties), csvFile("n.csv", nodes))
		if told.Nodes != two.Nodes || told.Ties != two.Ties || told.Rows() != two.Rows() {
			rt.Fatalf("a dry run foretold nodes %v, ties %v, rows %+v; they are %v, %v, %+v\n%s\n%s", told.Nodes, told.Ties, told.Rows(), two.Nodes, two.Ties, two.Rows(), nodes, ties)
		}
		if rows := one.Rows(); rows.In != nRows+tRows {
			rt.Fatalf("%d rows in, %d written", rows.In, nRows+tRows)
		}
		for store, rep := range map[*loadertest.Memory]*loaders.Report{a: one, b: two} {
			if again := run(t, store, loaders.Options{}, csvFile("n.csv", nodes), csvFile("t.csv", ties)); again.Changed() {
				rt.Fatalf("the reload changed nodes %v, ties %v\n%s\n%s", again.Nodes, again.Ties, nodes, ties)
			}
			foretold := run(t, store, loaders.Options{DryRun: true}, csvFile("n.csv", nodes), csvFile("t.csv", ties))
			if again := run(t, store, loaders.Options{}, csvFile("n.csv", nodes), csvFile("t.csv", ties)); again.Nodes != foretold.Nodes || again.Ties != foretold.Ties {
				rt.Fatalf("a dry run of the reload foretold nodes %v, ties %v; they are %v, %v", foretold.Nodes, foretold.Ties, again.Nodes, again.Ties)
			}
			if nodes, ties := loadertest.Dump(t, store); len(nodes) != rep.Nodes.Created || len(ties) != rep.Ties.Created {
				rt.Fatalf("the store has %d nodes and %d ties, the report says %v and %v", len(nodes), len(ties), rep.Nodes, rep.Ties)
			}
		}
	})
}

// TestTiesWithoutSource: a load tells how many of its ties cite no source, in whatever
// batches they go, in a dry run and again in a reload; a tie that is rejected is in no count.
func TestTiesWithoutSource(t *testing.T) {
	nodes := csvFile("n.csv", nodeHead+"p,Person,P,,\ng,Group,G,,\nh,Group,H,,\ns,Source,S,,\n")
	ties := csvFile("t.csv", ":START_ID,:END_ID,:TYPE,role,sources:string[]\np,g,MEMBER_OF,,s\np,h,MEMBER_OF,,\np,h,MEMBER_OF,head,\np,z,MEMBER_OF,,\n")
	for size := range 4 {
		store := loadertest.NewMemory()
		for _, opt := range []loaders.Options{{BatchSize: size, DryRun: true}, {BatchSize: size}, {BatchSize: size}, {BatchSize: size, DryRun: true}} {
			rep := run(t, store, opt, nodes, ties)
			if all := rep.Ties.Created + rep.Ties.Same; rep.Unsourced != 2 || all != 3 {
				t.Errorf("batches of %d, dry %v: %d of %d ties without a source, want 2 of 3", size, opt.DryRun, rep.Unsourced, all)
			}
		}
	}
}
