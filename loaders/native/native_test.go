package native_test

import (
	"bytes"
	"fmt"
	"slices"
	"strconv"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
	"pgregory.net/rapid"

	"entangle/graph"
	"entangle/loaders"
	"entangle/loaders/loadertest"
	"entangle/loaders/native"
)

func load(t *testing.T, store loaders.Store, inputs ...loaders.Input) *loaders.Report {
	t.Helper()
	rep, err := loaders.Run(t.Context(), store, loaders.NewRegistry(native.Format{}), inputs, loaders.Options{})
	if err != nil {
		t.Fatal(err)
	}
	loadertest.CheckReport(t, rep)
	return rep
}

func TestSuite(t *testing.T) {
	loadertest.Run(t, loadertest.Case{
		Open:   loadertest.Embedded,
		Format: native.Format{}, Rows: 13 + 15,
		// Ties first: the order in which files are given does not matter.
		Inputs: []loaders.Input{loadertest.File(t, "testdata/ties.csv"), loadertest.File(t, "testdata/nodes.csv")},
	})
}

const (
	nodeHead = ":ID,:LABEL,name,names:string[],types:string[],born,sources:string[],quotes:string[]\n"
	tieHead  = ":START_ID,:END_ID,:TYPE,start,end,confidence:float,grade,sources:string[],role\n"
)

func csvFile(name, text string) loaders.Input { return loaders.Bytes(name, []byte(text)) }

// rejects loads a file and returns its rejects as text.
func rejects(t *testing.T, inputs ...loaders.Input) []string {
	t.Helper()
	var out []string
	for _, f := range load(t, loadertest.NewMemory(), inputs...).Files {
		for _, rej := range f.Rejects {
			out = append(out, rej.String())
		}
	}
	return out
}

func TestRejectsTellWhere(t *testing.T) {
	for name, c := range map[string]struct{ text, want string }{
		"date":               {nodeHead + "a,Person,A,,,2013-13,,\n", `n.csv:2:14: column 6 (born) "2013-13": not a date: month outside 01 to 12`},
		"column in Arabic":   {nodeHead + "ا,Person,ا ب,,,x,,\n", `n.csv:2:16: column 6 (born) "x": not a date`},
		"second line":        {nodeHead + "\n\na,Person,\"A\nB\",,,x,,\n", `n.csv:5:6: column 6 (born) "x": not a date`},
		"kind":               {nodeHead + "a,Dragon,A,,,,,\n", `n.csv:2:3: column 2 (:LABEL) "Dragon": not in the vocabulary: node kind "Dragon"`},
		"no name":            {nodeHead + "a,Person,,,,,,\n", `n.csv:2:10: column 3 (name) "": a node needs a name`},
		"no id":              {nodeHead + ",Person,A,,,,,\n", `n.csv:2:1: column 1 (:ID) "": an id cannot be empty`},
		"type of two words":  {nodeHead + "a,Group,A,,armed group,,,\n", `n.csv:2:12: column 5 (types:string[]) "armed group": a type is one word`},
		"wrong property":     {nodeHead + "a,Group,A,,,1970,,\n", `n.csv:2:13: column 6 (born) "1970": no such property of a Group`},
		"name in full":       {nodeHead + "a,Group,A,alias:B,,,,\n", `n.csv:2:11: column 4 (names:string[]) "alias:B": a name in full is kind:lang:script:text`},
		"kind of name":       {nodeHead + "a,Group,A,primary:::A;Old Name::Latn:B,,,,\n", `n.csv:2:11: column 4 (names:string[]) "Old Name": the kind of a name is a word of at most 64 small letters, digits, - and _, such as alias`},
		"script of a name":   {nodeHead + "a,Group,A,primary:::A;alias:ar:Arabic:B,,,,\n", `n.csv:2:11: column 4 (names:string[]) "Arabic": not an ISO 15924 code`},
		"language of a name": {nodeHead + "a,Group,A,primary:a b::A,,,,\n", `n.csv:2:11: column 4 (names:string[]) "a b": a language is a BCP 47 tag`},
		"quote of nothing":   {nodeHead + "a,Group,A,,,,,said\n", `n.csv:2:15: column 8 (quotes:string[]) "said": 1 values for 0 sources`},
		"not cited":          {":ID,:LABEL,name,sources:string[],gone:string[]\na,Group,A,s,s;t\n", `n.csv:2:13: column 5 (gone:string[]) "s;t": "t" is not among the sources of the row`},
		"one of two gone":    {":ID,:LABEL,name,sources:string[],gone:string[]\na,Group,A,s;t,s\n", `n.csv:2:11: column 4 (sources:string[]) "t": no such source in this load or in the store`},
		"gone, but a group":  {":ID,:LABEL,name,sources:string[],gone:string[]\na,Group,A,a,a\n", `n.csv:2:11: column 4 (sources:string[]) "a": no such source in this load or in the store`},
		"missing source":     {nodeHead + "a,Group,A,,,,s,\n", `n.csv:2:14: column 7 (sources:string[]) "s": no such source in this load or in the store`},
		"few cells":          {nodeHead + "a,Group\n", `n.csv:2:1: "a,Group": the row has fewer cells than the header has columns`},
		"many cells":         {nodeHead + "a,Group,A,B,,,,,,x\n", `n.csv:2:1: "a,Group,A,B,,,,,,x": the row has more cells than the header has columns`},
		"open quote":         {nodeHead + "a,Group,\"A,,,,,\nb,Group,B,,,,,\n", `n.csv:2:9: "A,,,,,\nb,Group,B,,,,,\n": a quotation mark is opened here and never closed`},
		"after the quote":    {nodeHead + "a,Group,\"A\"x,,,,,\n", `n.csv:2:9: "A": text after the closing quotation mark`},
		"NUL":                {nodeHead + "a,Group,A\x00,,,,,\n", `n.csv:2:9: column 3 (name) "A\x00": has a NUL character`},
		"not UTF-8":          {nodeHead + "a,Group,A\xff,,,,,\n", `n.csv:2:9: column 3 (name) "A\xff": not UTF-8`},
		"too long":           {nodeHead + "a,Group," + strings.Repeat("A", graph.MaxName+1) + ",,,,,\n", `a name has at most 4096 bytes, this one 4097`},
		"row too long":       {nodeHead + "a,Group," + strings.Repeat("A", loaders.MaxRow+1) + ",,,,,\n", `the row is longer than 256 KiB`},
		"header twice":       {":ID,:LABEL,name,name\n", `n.csv:1:17: "name": two columns have this name`},
		"name typed twice":   {":ID,:LABEL,born,born:string\n", `n.csv:1:17: "born:string": two columns are born (the other is born)`},
		"no label":           {":ID,name\na,A\n", `n.csv:1: the header lacks one of :ID, :LABEL`},
	} {
		got := rejects(t, csvFile("n.csv", c.text))
		if len(got) != 1 || !strings.Contains(got[0], c.want) {
			t.Errorf("%s: %q, want one like %q", name, got, c.want)
		}
	}
}

func TestRejectedTies(t *testing.T) {
	nodes := csvFile("n.csv", nodeHead+"p,Person,P,,,,,\ng,Group,G,,,,,\nq,Person,Q,,,,,\n")
	for name, c := range map[string]struct{ row, want string }{
		"type":      {"p,g,LOVES,,,,,,", `t.csv:2:5: column 3 (:TYPE) "LOVES": no such tie type (one of HOLDS, `},
		"ends":      {"g,p,MEMBER_OF,,,,,,", `t.csv:2:5: column 3 (:TYPE) "MEMBER_OF": cannot join Group to Person (joins Person→Group)`},
		"no end":    {"p,,MEMBER_OF,,,,,,", `t.csv:2:3: column 2 (:END_ID) "": the end of a tie cannot be empty`},
		"missing":   {"p,x,MEMBER_OF,,,,,,", `t.csv:2:3: column 2 (:END_ID) "x": no such node in this load or in the store`},
		"itself":    {"p,p,KIN_OF,,,,,,", `t.csv:2:3: column 2 (:END_ID) "p": a tie cannot join a node to itself`},
		"order":     {"p,g,MEMBER_OF,2015,2014,,,,", `t.csv:2:20: column 5 (end) "2014": before the start 2015`},
		"number":    {"p,g,MEMBER_OF,,,high,,,", `t.csv:2:17: column 6 (confidence:float) "high": not a number`},
		"range":     {"p,g,MEMBER_OF,,,NaN,,,", `t.csv:2:17: column 6 (confidence:float) "NaN": outside 0 to 1`},
		"grade":     {"p,g,MEMBER_OF,,,,Z9,,", `t.csv:2:18: column 7 (grade) "Z9": not an Admiralty grade`},
		"no source": {"p,g,MEMBER_OF,,,,,g,", `t.csv:2:19: column 8 (sources:string[]) "g": no such source in this load or in the store`},
		"no role":   {"p,q,KIN_OF,,,,,,uncle", `t.csv:2:17: column 9 (role) "uncle": no such property of a KIN_OF tie`},
		"same claim": {
			"p,g,MEMBER_OF,2014,,0.5,,,\np,g,MEMBER_OF,2014,,0.6,,,",
			`line 2 makes the same claim`,
		},
	} {
		got := rejects(t, nodes, csvFile("t.csv", tieHead+c.row+"\n"))
		if len(got) != 1 || !strings.Contains(got[0], c.want) {
			t.Errorf("%s: %q, want one like %q", name, got, c.want)
		}
	}
}

// Files as other programs write them.
func TestSpellings(t *testing.T) {
	want := []graph.Node{{
		ID: "g", Kind: graph.Group, Types: []string{"party"}, Props: graph.Props{"strength": {"12"}},
		Names: []graph.Name{{Text: "Dawn; Front", Script: "Latn", Kind: graph.PrimaryName}, {Text: "a;b", Script: "Latn", Kind: graph.AliasName}, {Text: `c\`, Script: "Latn", Kind: graph.AliasName}},
	}}
	for name, text := range map[string]string{
		"plain":           ":ID,:LABEL,name,aliases:string[],types,strength:int\ng,Group,Dawn; Front,a\\;b;c\\\\,party,12\n",
		"named columns":   "id:ID,:LABEL,name:string,aliases:string[],types:string[],strength:long\ng,Group,Dawn; Front,a\\;b;c\\,party,12\n",
		"CRLF":            ":ID,:LABEL,name,aliases:string[],types,strength:int\r\ng,Group,Dawn; Front,a\\;b;c\\\\,party,12\r\n",
		"byte order mark": "\ufeff:ID,:LABEL,name,aliases:string[],types,strength:int\ng,Group,Dawn; Front,a\\;b;c\\\\,party,12",
		"tabs":            ":ID\t:LABEL\tname\taliases:string[]\ttypes\tstrength:int\ng\tGroup\tDawn; Front\ta\\;b;c\\\\\tparty\t12\n",
		"semicolons":      ":ID;:LABEL;name;aliases:string[];types;strength:int\ng;Group;\"Dawn; Front\";\"a\\;b;c\\\\\";party;12\n",
		"ignored":         ":ID,:LABEL,name,x:IGNORE,aliases:string[],types,strength:int,passport_number,shoe size\ng,Group,Dawn; Front,1,a\\;b;c\\\\,party,12,Z9,44\n",
		"labels":          ":ID,:LABEL,name,aliases:string[],strength:int\ng,Group;Party,Dawn; Front,a\\;b;c\\\\,12\n",
		"empty cells":     ":ID,:LABEL,name,aliases:string[],types,strength:int\ng,Group,Dawn; Front,a\\;b;c\\\\,party,12,,\n\n\x1a",
	} {
		store := loadertest.NewMemory()
		load(t, store, csvFile("n.csv", text))
		nodes, _ := loadertest.Dump(t, store)
		if diff := cmp.Diff(want, nodes); diff != "" {
			t.Errorf("%s (-want +got):\n%s", name, diff)
		}
	}
}

func TestColumnsNotLoadedAreNamed(t *testing.T) {
	rep := load(t, loadertest.NewMemory(), csvFile("n.csv", ":ID,:LABEL,name,x:IGNORE,religion,shoe size\ng,Group,G,1,2,3\nh,Group,H,1,2,3\n"))
	want := []loaders.Note{
		{Field: "religion", Text: "not loaded: on the privacy list", Count: 1},
		{Field: "shoe size", Text: "no such column: not loaded", Count: 1},
		{Field: "x:IGNORE", Text: "marked :IGNORE: not loaded", Count: 1},
	}
	if diff := cmp.Diff(want, rep.Files[0].Notes); diff != "" {
		t.Error(diff)
	}
}

func TestIDSpaces(t *testing.T) {
	store := loadertest.NewMemory()
	load(t, store,
		csvFile("p.csv", "id:ID(People),:LABEL,name\n1,Person,P\n"), csvFile("g.csv", ":ID(Groups),:LABEL,name\n1,Group,G\n"),
		csvFile("t.csv", ":START_ID(People),:END_ID(Groups),:TYPE\n1,1,MEMBER_OF\n"))
	_, ties := loadertest.Dump(t, store)
	if len(ties) != 1 || ties[0].From != "People/1" || ties[0].To != "Groups/1" {
		t.Errorf("ties: %+v", ties)
	}
}

// No property of the vocabulary may have the name of a fixed column.
func TestColumnNamesAreUnique(t *testing.T) {
	for what, specs := range map[string][]graph.PropSpec{"nodes": graph.PropsOf(nil), "ties": graph.TiePropsOf(nil)} {
		seen := map[string]bool{}
		for _, c := range native.Columns(what == "ties") {
			if seen[c.Name] {
				t.Errorf("%s.csv has two columns %s", what, c.Name)
			}
			seen[c.Name] = true
		}
		for _, s := range specs {
			if !seen[s.Name] {
				t.Errorf("%s.csv has no column for %s", what, s.Name)
			}
		}
	}
}

// texts are strings that a format could trip over.
func texts() *rapid.Generator[string] {
	return rapid.OneOf(
		rapid.SampledFrom([]string{
			`"`, `""`, `;`, `\`, `\\`, `\;`, ",", "a\nb", "a\r\nb", "\r", "a\tb", "بدر", "كتلة الصادقون", "=1+1", "-x", "  padded ", "\ufeffmark", "a:b:c:d",
			"\u200cjoiner", "::", "'", "0x1A\x1a", "\x1a", "x;\\", `\"`,
		}),
		rapid.StringMatching(`[a-zA-Z";\\, \n:]{1,12}`),
		rapid.StringN(1, 12, 60),
	).Filter(func(s string) bool { return strings.TrimSpace(s) != "" && !strings.ContainsRune(s, 0) })
}

func words() *rapid.Generator[string] { return rapid.StringMatching(`[a-z_]{1,8}`) }

func dates() *rapid.Generator[graph.Date] {
	return rapid.Custom(func(t *rapid.T) graph.Date {
		d, err := graph.ParseDate(rapid.SampledFrom([]string{"", "..", "2014", "2014-06", "2014-06-13", "201X", "2014?", "2014-06~", "Y12000", "2004-XX", "2001-21"}).Draw(t, "date"))
		if err != nil {
			panic(err)
		}
		return d
	})
}

func citations(sources []graph.ID) *rapid.Generator[[]graph.Citation] {
	one := rapid.Custom(func(t *rapid.T) graph.Citation {
		return graph.Citation{
			Source: rapid.SampledFrom(sources).Draw(t, "source"),
			Page:   rapid.OneOf(rapid.Just(""), texts()).Draw(t, "page"), Quote: rapid.OneOf(rapid.Just(""), texts()).Draw(t, "quote"),
		}
	})
	return rapid.SliceOfNDistinct(one, 0, 3, rapid.ID)
}

func props(t *rapid.T, specs []graph.PropSpec) graph.Props {
	var out graph.Props
	for _, s := range specs {
		if !rapid.Bool().Draw(t, "has "+s.Name) {
			continue
		}
		var values []string
		n := 1
		if s.List {
			n = rapid.IntRange(1, 3).Draw(t, "values")
		}
		for range n {
			v := strings.TrimSpace(texts().Draw(t, s.Name))
			switch {
			case len(s.Enum) > 0:
				v = rapid.SampledFrom(s.Enum).Draw(t, s.Name)
			case s.Type == graph.IntProp:
				v = strconv.Itoa(rapid.IntRange(1, 1000).Draw(t, s.Name))
			case s.Type == graph.FloatProp:
				v = strconv.Itoa(rapid.IntRange(0, 1).Draw(t, s.Name))
			case s.Type == graph.BoolProp:
				v = strconv.FormatBool(rapid.Bool().Draw(t, s.Name))
			case s.Type == graph.DateProp:
				v = dates().Draw(t, s.Name).Text
			}
			if !slices.Contains(values, v) {
				values = append(values, v)
			}
		}
		out = out.Set(s.Name, values...)
	}
	return out
}

func drawNode(t *rapid.T, id graph.ID, kind graph.Kind, sources []graph.ID) graph.Node {
	name := rapid.Custom(func(t *rapid.T) graph.Name {
		return graph.Name{
			Text: texts().Draw(t, "text"), Lang: rapid.SampledFrom([]string{"", "ar", "en-GB"}).Draw(t, "lang"),
			Script: rapid.SampledFrom([]string{"", "Arab", "Latn"}).Draw(t, "script"), Kind: rapid.SampledFrom(append(graph.NameKinds(), "")).Draw(t, "kind"),
		}
	})
	n := graph.Node{
		ID: id, Kind: kind, Names: rapid.SliceOfNDistinct(name, 1, 4, rapid.ID).Draw(t, "names"),
		Types: rapid.SliceOfNDistinct(words(), 0, 3, rapid.ID).Draw(t, "types"), Aliases: rapid.SliceOfNDistinct(texts(), 0, 3, rapid.ID).Draw(t, "ids"),
		Marking: graph.Marking(rapid.IntRange(0, 4).Draw(t, "marking")), Props: props(t, kind.Info().Props),
	}
	if len(sources) > 0 {
		n.Citations = citations(sources).Draw(t, "citations")
	}
	return n
}

func drawTie(t *rapid.T, nodes []graph.Node, sources []graph.ID) (graph.Tie, bool) {
	row := rapid.SampledFrom(graph.TieTypes()).Draw(t, "type")
	ends := rapid.SampledFrom(row.Ends).Draw(t, "ends")
	of := func(kind graph.Kind) []graph.Node {
		return slices.DeleteFunc(slices.Clone(nodes), func(n graph.Node) bool { return n.Kind != kind })
	}
	from, to := rapid.SampledFrom(of(ends.From)).Draw(t, "from"), rapid.SampledFrom(of(ends.To)).Draw(t, "to")
	tie := graph.Tie{
		Type: row.Type, From: from.ID, To: to.ID,
		Span:       graph.Span{Start: dates().Draw(t, "start"), End: dates().Draw(t, "end"), First: dates().Draw(t, "first"), Last: dates().Draw(t, "last")},
		Confidence: rapid.SampledFrom([]graph.Confidence{{}, graph.Stated(0.123456789), graph.Stated(0), {Value: 0.4, Rule: graph.RuleSFM}}).Draw(t, "confidence"),
		Weight:     rapid.SampledFrom([]graph.Share{{}, graph.KnownShare(0), graph.KnownShare(1.0 / 3)}).Draw(t, "weight"),
		Grade:      rapid.SampledFrom([]graph.Grade{{}, {Reliability: 'B', Credibility: '2'}, {Reliability: 'F'}, {Credibility: '6'}}).Draw(t, "grade"),
		Marking:    graph.Marking(rapid.IntRange(0, 4).Draw(t, "marking")), Status: graph.Status(rapid.IntRange(0, 2).Draw(t, "status")),
		ConflictSet: rapid.OneOf(rapid.Just(""), texts()).Draw(t, "conflictSet"), Derived: rapid.Bool().Draw(t, "derived"),
		DerivedBy: rapid.OneOf(rapid.Just(""), texts()).Draw(t, "derivedBy"), Note: rapid.OneOf(rapid.Just(""), texts()).Draw(t, "note"),
		Props: props(t, row.Props), Citations: citations(sources).Draw(t, "citations"),
	}
	if rapid.Bool().Draw(t, "own id") {
		tie.ID = graph.ID(texts().Draw(t, "id"))
	}
	tie = tie.Normal()
	return tie, len(graph.ValidateTie(tie, from.Kind, to.Kind)) == 0
}

// Export, load into an empty store: the same graph, whatever is in its texts.
func TestRoundTrip(t *testing.T) {
	rapid.Check(t, func(rt *rapid.T) {
		sources := []graph.ID{"s1", `s;2\"`, "مصدر"}
		var batch graph.Batch
		for _, id := range sources {
			batch.Nodes = append(batch.Nodes, drawNode(rt, id, graph.Source, nil))
		}
		if rapid.Bool().Draw(rt, "some were deleted") {
			batch.Gone = []graph.ID{"gone", `g;\`, " "}
			sources = append(sources, batch.Gone...)
		}
		for _, row := range graph.Kinds()[:graph.Source-1] {
			for i := range 2 {
				batch.Nodes = append(batch.Nodes, drawNode(rt, graph.ID(fmt.Sprintf("%s,%d", row.Name, i)), row.Kind, sources))
			}
		}
		for range rapid.IntRange(0, 6).Draw(rt, "ties") {
			if tie, ok := drawTie(rt, batch.Nodes, sources); ok {
				batch.Ties = append(batch.Ties, tie)
			}
		}
		from, to := loadertest.NewMemory(), loadertest.NewMemory()
		if _, err := from.Apply(t.Context(), batch); err != nil {
			rt.Fatal(err)
		}
		nodes, ties := export(t, from)
		rep := load(t, to, csvFile("nodes.csv", nodes), csvFile("ties.csv", ties))
		if rows := rep.Rows(); rows.Accepted != rows.In {
			rt.Fatalf("rows %+v: %v", rows, rep.Files)
		}
		wantNodes, wantTies := loadertest.Dump(t, from)
		gotNodes, gotTies := loadertest.Dump(t, to)
		if diff := cmp.Diff(wantNodes, gotNodes); diff != "" {
			rt.Fatalf("nodes (-want +got):\n%s\n%s", diff, nodes)
		}
		if diff := cmp.Diff(wantTies, gotTies); diff != "" {
			rt.Fatalf("ties (-want +got):\n%s\n%s", diff, ties)
		}
		if again, _ := export(t, to); again != nodes {
			rt.Fatal("the second export differs")
		}
	})
}

func export(t *testing.T, store loaders.Store) (nodes, ties string) {
	t.Helper()
	view, err := store.View(t.Context(), graph.Red)
	if err != nil {
		t.Fatal(err)
	}
	defer view.Close()
	var n, ti bytes.Buffer
	if err := native.Write(t.Context(), view, &n, &ti); err != nil {
		t.Fatal(err)
	}
	return n.String(), ti.String()
}

// The embedded store exports and loads the sample of the suite.
func TestRoundTripEmbedded(t *testing.T) {
	from, to := loadertest.Embedded(t), loadertest.Embedded(t)
	load(t, from, loadertest.File(t, "testdata/nodes.csv"), loadertest.File(t, "testdata/ties.csv"))
	nodes, ties := export(t, from)
	load(t, to, csvFile("nodes.csv", nodes), csvFile("ties.csv", ties))
	wantNodes, wantTies := loadertest.Dump(t, from)
	gotNodes, gotTies := loadertest.Dump(t, to)
	if diff := cmp.Diff(wantNodes, gotNodes); diff != "" {
		t.Error(diff)
	}
	if diff := cmp.Diff(wantTies, gotTies); diff != "" {
		t.Error(diff)
	}
}

func FuzzRead(f *testing.F) {
	for _, path := range []string{"testdata/nodes.csv", "testdata/ties.csv"} {
		f.Add(loadertest.Read(f, loadertest.File(f, path)))
	}
	for _, seed := range []string{
		nodeHead + "a,Group,\"A", nodeHead + "a,Group,A,::::,,,a,\n", ":ID\t:LABEL\tname\n\"a\"\"\"\tGroup\t\"\"\n",
		":ID,:LABEL,name,sources\ns,Source,S,s\ns,Source,T,\n", tieHead + "a,a,KIN_OF,2014/2015,,,,,\n",
		":ID,:LABEL,name,country,sources\na,Group,A,X,s\na,Group,A,Y,\ns,Source,S,,\n",
	} {
		f.Add([]byte(seed))
	}
	f.Fuzz(func(t *testing.T, data []byte) { loadertest.CheckBytes(t, native.Format{}, "fuzz.csv", data) })
}
