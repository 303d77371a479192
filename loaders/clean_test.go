package loaders_test

import (
	"errors"
	"strings"
	"testing"

	"entangle/graph"
	"entangle/loaders"
	"entangle/loaders/loadertest"
)

func TestCleanDate(t *testing.T) {
	for _, c := range []struct{ in, want, rule string }{
		{"", "", ""},
		{"..", "..", ""},
		{"2014", "2014", ""},
		{"2014?", "2014?", ""},
		{"201X", "201X", ""},
		{"2014-06-13", "2014-06-13", ""},
		{"2013-01-", "2013-01", "date-trailing-dash"},
		{"2014-00-00", "2014", "date-zero-part"},
		{"2014-05-00", "2014-05", "date-zero-part"},
		{"2014-5-3", "2014-05-03", "date-padded"},
		{"2014-5", "2014-05", "date-padded"},
		{" 2014 ", "2014", "date-blanks"},
		{"2019-11-29T10:25:45Z", "2019-11-29", "date-time-cut"},
	} {
		got, rule, err := loaders.CleanDate(c.in)
		if got != c.want || rule != c.rule || err != nil {
			t.Errorf("CleanDate(%q) = %q, %q, %v", c.in, got, rule, err)
		}
	}
	// The lossy repairs that other cleaners make are not made: 2014~ stays uncertain.
	for _, in := range []string{"2013-13", "10/6/2014", "20106", "2014-02-30", "yesterday", "-", "2014/2015"} {
		if got, _, err := loaders.CleanDate(in); !errors.Is(err, graph.ErrDate) {
			t.Errorf("CleanDate(%q) = %q, %v", in, got, err)
		} else if strings.Contains(loaders.DateReason(err), in+`"`) {
			t.Errorf("the reason repeats the value: %s", loaders.DateReason(err))
		}
	}
}

func TestScript(t *testing.T) {
	for text, want := range map[string]string{
		"": "", "12 - 3": "", "Badr": "Latn", "بدر": "Arab", "ئارام محمد على": "Arab", "Badr (منظمة بدر)": "Arab", "Вагнер": "Cyrl", "٤٥": "",
	} {
		if got := loaders.Script(text); got != want {
			t.Errorf("Script(%q) = %q, want %q", text, got, want)
		}
	}
}

// Every field of the deny list is kept out in every spelling, and a list of
// one's own takes its place.
func TestPrivacy(t *testing.T) {
	head := ":ID,:LABEL,name,Passport Number,person:religion,SSN,Country\n"
	row := "p,Person,P,Z1,r,1,QX\n"
	for _, c := range []struct {
		deny []string
		want int
	}{{nil, 3}, {[]string{"country"}, 1}, {[]string{}, 0}} {
		rep := run(t, loadertest.NewMemory(), loaders.Options{Deny: c.deny}, csvFile("n.csv", head+row))
		denied := 0
		for _, n := range rep.Files[0].Notes {
			if n.Text == "not loaded: on the privacy list" {
				denied++
			}
		}
		if denied != c.want {
			t.Errorf("deny list %v: %d columns kept out, want %d: %v", c.deny, denied, c.want, rep.Files[0].Notes)
		}
	}
}

func TestRegistry(t *testing.T) {
	defer func() {
		if recover() == nil {
			t.Error("two formats of one name are taken")
		}
	}()
	f, err := registry().Format("native")
	if err != nil {
		t.Fatal(err)
	}
	loaders.NewRegistry(f, f)
}

// A load's id changes with each of its three parts and with nothing else.
func TestLoadID(t *testing.T) {
	seen := map[graph.ID]bool{}
	for _, parts := range [][3]string{{"a", "b", "c"}, {"x", "b", "c"}, {"a", "x", "c"}, {"a", "b", "x"}, {"ab", "", "c"}} {
		seen[loaders.LoadID(parts[0], parts[1], parts[2])] = true
	}
	if len(seen) != 5 || !seen[loaders.LoadID("a", "b", "c")] {
		t.Errorf("%d ids: %v", len(seen), seen)
	}
}
