package native_test

import (
	"fmt"
	"strconv"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"entangle/graph"
	"entangle/loaders"
	"entangle/loaders/loadertest"
	"entangle/loaders/native"
)

// TestEveryField: each column of each kind and type has a value of its own, and is read
// back by its name.
func TestEveryField(t *testing.T) {
	value := func(s graph.PropSpec, i int) string {
		switch {
		case len(s.Enum) > 0:
			return s.Enum[i%len(s.Enum)]
		case s.Type == graph.DateProp:
			return fmt.Sprintf("19%02d-03", 10+i)
		case s.Type == graph.BoolProp:
			return "true"
		case s.Type == graph.FloatProp:
			return fmt.Sprintf("0.%d", 11+i)
		case s.Type == graph.IntProp:
			return strconv.Itoa(2 + i)
		}
		return fmt.Sprint("text of ", s.Name)
	}
	for _, row := range graph.Kinds() {
		want := graph.Node{
			ID: "n", Kind: row.Kind, Types: []string{"a_type", "b_type"}, Aliases: []string{"wikidata:Q1", "own:2"}, Marking: graph.AmberStrict,
			Names: []graph.Name{
				{Text: "The Name", Lang: "en", Script: "Latn", Kind: graph.PrimaryName}, {Text: "الاسم", Lang: "ar", Script: "Arab", Kind: graph.NativeName},
			},
			Citations: []graph.Citation{{Source: "s1", Page: "page 1", Quote: "quote 1"}, {Source: "s2", Page: "page 2"}, {Source: "s1", Quote: "quote 3"}},
		}
		head := ":ID,:LABEL,name,names:string[],types:string[],ids:string[],marking,sources:string[],pages:string[],quotes:string[]"
		line := "n," + row.Name + ",The Name,primary:en:Latn:The Name;native:ar:Arab:الاسم,a_type;b_type,wikidata:Q1;own:2,amber+strict,s1;s2;s1,page 1;page 2;,quote 1;;quote 3"
		for i, s := range row.Props {
			want.Props = want.Props.Set(s.Name, value(s, i))
			head, line = head+","+s.Name, line+","+value(s, i)
		}
		store := loadertest.NewMemory()
		sources := csvFile("s.csv", ":ID,:LABEL,name\ns1,Source,One\ns2,Source,Two\n")
		rep := load(t, store, sources, csvFile("n.csv", head+"\n"+line+"\n"))
		if rows := rep.Rows(); rows.Accepted != 3 {
			t.Errorf("%s: %+v %v", row.Name, rows, rep.Files[1].Rejects)
		}
		nodes, _ := loadertest.Dump(t, store)
		if diff := cmp.Diff(want, nodes[0]); diff != "" {
			t.Errorf("%s (-want +got):\n%s", row.Name, diff)
		}
	}
	day := func(text string) graph.Date {
		d, err := graph.ParseDate(text)
		if err != nil {
			t.Fatal(err)
		}
		return d
	}
	for _, row := range graph.TieTypes() {
		want := graph.Tie{
			ID: "own-id", Type: row.Type, From: "a", To: "b",
			Span:       graph.Span{Start: day("2011"), End: day("2015-06"), First: day("2012-02"), Last: day("2014-09-30")},
			Confidence: graph.Confidence{Value: 0.55, Rule: "a-rule/1"}, Weight: graph.KnownShare(0.125), Grade: graph.Grade{Reliability: 'C', Credibility: '4'},
			Marking: graph.Green, Status: graph.Conflict, ConflictSet: "a set", Derived: true, DerivedBy: "another-rule/2", Note: "a note",
			Citations: []graph.Citation{{Source: "s1", Page: "page 1", Quote: "quote 1"}, {Source: "s2", Quote: "quote 2"}},
		}
		head := ":START_ID,:END_ID,:TYPE,id,start,end,first,last,confidence:float,confidenceRule,weight:float,grade,marking,status,conflictSet,derived:boolean,derivedBy,note,sources:string[],pages:string[],quotes:string[]"
		line := "a,b," + row.Name + ",own-id,2011,2015-06,2012-02,2014-09-30,0.55,a-rule/1,0.125,C4,green,conflict,a set,true,another-rule/2,a note,s1;s2,page 1;,quote 1;quote 2"
		for i, s := range row.Props {
			want.Props = want.Props.Set(s.Name, value(s, i))
			head, line = head+","+s.Name, line+","+value(s, i)
		}
		store := loadertest.NewMemory()
		nodes := csvFile("n.csv", ":ID,:LABEL,name\ns1,Source,One\ns2,Source,Two\na,"+row.Ends[0].From.String()+",A\nb,"+row.Ends[0].To.String()+",B\n")
		rep := load(t, store, nodes, csvFile("t.csv", head+"\n"+line+"\n"))
		if rows := rep.Rows(); rows.Accepted != 5 {
			t.Errorf("%s: %+v %v", row.Name, rows, rep.Files[1].Rejects)
			continue
		}
		_, ties := loadertest.Dump(t, store)
		if diff := cmp.Diff([]graph.Tie{want}, ties); diff != "" {
			t.Errorf("%s (-want +got):\n%s", row.Name, diff)
		}
	}
	// The test names every column that there is.
	for _, tt := range []struct {
		ties  bool
		named string
	}{
		{false, "name names types ids marking sources pages quotes gone name_native aliases"},
		{true, "id start end first last confidence confidenceRule weight grade marking status conflictSet derived derivedBy note sources pages quotes gone"},
	} {
		props := graph.PropsOf(nil)
		if tt.ties {
			props = graph.TiePropsOf(nil)
		}
		for _, c := range native.Columns(tt.ties) {
			if _, prop := graph.Spec(props, c.Name); !prop && !strings.Contains(" "+tt.named+" ", " "+c.Name+" ") {
				t.Errorf("the column %s (ties: %t) is not in this test", c.Name, tt.ties)
			}
		}
	}
}

// TestNames: the columns that name a node, in their order.
func TestNames(t *testing.T) {
	store := loadertest.NewMemory()
	load(t, store, csvFile("n.csv", ":ID,:LABEL,name,name_native,aliases:string[],names:string[]\nn,Group,Dawn,الفجر,First;Second,former:de:Latn:Früher\n"))
	nodes, _ := loadertest.Dump(t, store)
	want := []graph.Name{
		{Text: "Dawn", Script: "Latn", Kind: graph.PrimaryName},
		{Text: "الفجر", Script: "Arab", Kind: graph.NativeName},
		{Text: "First", Script: "Latn", Kind: graph.AliasName},
		{Text: "Second", Script: "Latn", Kind: graph.AliasName},
		{Text: "Früher", Lang: "de", Script: "Latn", Kind: "former"},
	}
	if diff := cmp.Diff(want, nodes[0].Names); diff != "" {
		t.Error(diff)
	}
}

// TestWhatCannotBeReadIsNotLoaded: a marking, a grade or a status that is none is never
// taken for the mildest one.
func TestWhatCannotBeReadIsNotLoaded(t *testing.T) {
	for _, c := range []struct{ column, good, bad string }{
		{"marking", "AMBER", "AMBAR"}, {"marking", "tlp:red", "tlp-red"}, {"marking", "RED", "RED;"}, {"marking", "green", "grün"}, {"marking", "red", "4"},
	} {
		for value, loads := range map[string]int{c.good: 1, c.bad: 0} {
			store := loadertest.NewMemory()
			rep := load(t, store, csvFile("n.csv", ":ID,:LABEL,name,"+c.column+"\nn,Group,N,"+value+"\n"))
			nodes, _ := loadertest.Dump(t, store)
			if len(nodes) != loads || loads == 1 && nodes[0].Marking == graph.Clear {
				t.Errorf("a node with the %s %q: %+v", c.column, value, nodes)
			}
			checkValueReject(t, rep.Files[0], c.column, value, loads == 0)
		}
	}
	for _, c := range []struct{ column, good, bad string }{
		{"marking", "AMBER", "AMBAR"},
		{"marking", "TLP:AMBER+STRICT", "AMBER STRICT"},
		{"grade", "B2", "B7"},
		{"grade", "F6", "G1"},
		{"grade", "-3", "3"},
		{"grade", "a1", "A1 "},
		{"status", "rejected", "denied"},
		{"status", "conflict", "REJECT"},
		{"derived:boolean", "true", "maybe"},
		{"confidence:float", "0.5", "0,5"},
		{"confidence:float", "1", "1.01"},
		{"weight:float", "0", "-0.1"},
		{"weight:float", "1", "Inf"},
	} {
		for value, loads := range map[string]int{c.good: 1, c.bad: 0} {
			store := loadertest.NewMemory()
			rep := load(t, store, csvFile("n.csv", ":ID,:LABEL,name\na,Group,A\nb,Group,B\n"), csvFile("t.csv", ":START_ID;:END_ID;:TYPE;"+c.column+"\na;b;ALLIED_WITH;"+value+"\n"))
			if _, ties := loadertest.Dump(t, store); len(ties) != loads {
				t.Errorf("a tie with the %s %q: %+v", c.column, value, ties)
			}
			checkValueReject(t, rep.Files[1], c.column, value, loads == 0)
		}
	}
}

func checkValueReject(t *testing.T, f *loaders.FileReport, column, value string, rejected bool) {
	t.Helper()
	switch {
	case !rejected && len(f.Rejects) > 0:
		t.Errorf("%s %q is rejected: %v", column, value, f.Rejects)
	case rejected && (len(f.Rejects) != 1 || f.Rejects[0].Field != column || f.Rejects[0].Value != value || f.Rejects[0].Line != 2):
		t.Errorf("%s %q: %v", column, value, f.Rejects)
	}
}

// TestRepairsAreToldWhereThereWereAny: what was written as it is kept is no repair, and
// each repair is told with what it was and became.
func TestRepairsAreToldWhereThereWereAny(t *testing.T) {
	for _, c := range []struct{ head, row, became, rule string }{
		{"strength:int", "12", "", ""},
		{"strength:int", "012", "12", "canonical-form"},
		{"founded", "2014-05", "", ""},
		{"founded", "2014-5", "2014-05", "date-padded"},
		{"founded", " 2014", "2014", "date-blanks"},
		{"types:string[]", "a;b", "", ""},
	} {
		rep := load(t, loadertest.NewMemory(), csvFile("n.csv", ":ID|:LABEL|name|"+c.head+"\nn|Group|N|"+c.row+"\n"))
		checkRepairs(t, rep.Files[0], c.row, c.became, c.rule)
	}
	labels := load(t, loadertest.NewMemory(), csvFile("n.csv", ":ID|:LABEL|name\nn|Group;ArmedGroup|N\n"))
	checkRepairs(t, labels.Files[0], "Group;ArmedGroup", "Group of types armed_group", "label-to-type")
	for _, c := range []struct{ column, row, became, rule string }{
		{"derived:boolean", "true", "", ""},
		{"derived:boolean", "TRUE", "true", "canonical-form"},
		{"start", "2014-06-13", "", ""},
		{"start", "2014-06-00", "2014-06", "date-zero-part"},
		{"grade", "B2", "", ""},
		{"confidence:float", "0.50", "", ""},
	} {
		rep := load(t, loadertest.NewMemory(), csvFile("n.csv", ":ID,:LABEL,name\na,Group,A\nb,Group,B\n"), csvFile("t.csv", ":START_ID|:END_ID|:TYPE|"+c.column+"\na|b|ALLIED_WITH|"+c.row+"\n"))
		checkRepairs(t, rep.Files[1], c.row, c.became, c.rule)
	}
	extra := load(t, loadertest.NewMemory(), csvFile("n.csv", ":ID,:LABEL,name\na,Group,A,,\nb,Group,B\n"))
	checkRepairs(t, extra.Files[0], "", "", "empty-cells-past-the-header")
}

func checkRepairs(t *testing.T, f *loaders.FileReport, was, became, rule string) {
	t.Helper()
	switch {
	case rule == "" && (len(f.Repairs) > 0 || f.Rows.Accepted != 1):
		t.Errorf("%q: %+v, %v", was, f.Rows, f.Repairs)
	case rule != "" && (len(f.Repairs) != 1 || f.Repairs[0].Value != was || f.Repairs[0].Became != became || f.Repairs[0].Rule != rule || f.Rows.Repaired != 1):
		t.Errorf("%q: %+v, %+v, %v; want %q by %s", was, f.Rows, f.Repairs, f.Rejects, became, rule)
	}
}

// TestLabelsBecomeTypes in the words that they have.
func TestLabelsBecomeTypes(t *testing.T) {
	for label, want := range map[string]string{
		"ArmedGroup": "armed_group", "Armed Group": "armed_group", "armed-group": "armed_group", "NGO": "ngo", "Party": "party", "Armed\u00a0Group": "armed_group", "ÉtatMajor": "état_major",
	} {
		store := loadertest.NewMemory()
		load(t, store, csvFile("n.csv", ":ID,:LABEL,name\nn,Group;"+label+",N\n"))
		nodes, _ := loadertest.Dump(t, store)
		if diff := cmp.Diff([]string{want}, nodes[0].Types); diff != "" {
			t.Errorf("%q (-want +got):\n%s", label, diff)
		}
	}
}

// TestListsOfValues: a property of several values has each, and nothing for an empty one.
func TestListsOfValues(t *testing.T) {
	store := loadertest.NewMemory()
	load(t, store, csvFile("n.csv", ":ID,:LABEL,name\na,Institution,A\nb,Group,B\n"), csvFile("t.csv", ":START_ID,:END_ID,:TYPE,form:string[]\na,b,BACKS,arms;;trains\n"))
	_, ties := loadertest.Dump(t, store)
	if diff := cmp.Diff(graph.Props{"form": {"arms", "trains"}}, ties[0].Props); diff != "" {
		t.Errorf("(-want +got):\n%s", diff)
	}
}
