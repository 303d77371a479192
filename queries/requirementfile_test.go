package queries_test

import (
	"errors"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"entangle/queries"
	"entangle/queries/worlds"
)

func TestReadRequirements(t *testing.T) {
	text := "\ufeffSupport,need,floor,type,institution,note\n" +
		"staff,0.8,0.5,ministry,,\"the law says so, art. 3\"\n" +
		"FUNDING,1,0,,\"Ministry of \"\"Interior\"\"\",\n" +
		"\n" +
		"COMMAND, 0.5 ,0.25,,,\n"
	got, err := queries.ReadRequirements("own.csv", strings.NewReader(text))
	if err != nil {
		t.Fatal(err)
	}
	at := func(line, column int) queries.FilePlace {
		return queries.FilePlace{File: "own.csv", Line: line, Column: column}
	}
	want := []queries.RequirementRule{
		{Support: worlds.Staff, Requirement: worlds.Requirement{Need: 0.8, Floor: 0.5}, Type: "ministry", At: at(2, 15)},
		{Support: worlds.Funding, Requirement: worlds.Requirement{Need: 1}, Institution: `Ministry of "Interior"`, At: at(3, 14)},
		{Support: worlds.Command, Requirement: worlds.Requirement{Need: 0.5, Floor: 0.25}, At: at(5, 1)},
	}
	if diff := cmp.Diff(want, got); diff != "" {
		t.Errorf("rules (-want +got):\n%s", diff)
	}
}

func TestReadRequirementsRefuses(t *testing.T) {
	const head = "support,need,floor,type,institution\n"
	for name, tt := range map[string]struct {
		text string
		want []string
	}{
		"nothing":          {"", []string{"own.csv: empty; it begins with"}},
		"semicolons":       {"support;need;floor\n", []string{`own.csv:1:1: "support;need;floor": columns are separated by commas here`}},
		"a column":         {"support,need,floor,colour\n", []string{`own.csv:1:20: "colour": no such column; these are: support, need`}},
		"a twin":           {"support,need,floor,need\n", []string{`own.csv:1:20: "need": the column is there twice`}},
		"a first twin":     {"support,need,floor,support\n", []string{`own.csv:1:20: "support": the column is there twice`}},
		"no floor":         {"support,need\n", []string{"own.csv:1:1: column floor is missing"}},
		"a support":        {head + "MORALE,0.5,0.2,,\n", []string{`own.csv:2:1: support "MORALE": one of STAFF, COMMAND,`}},
		"a percentage":     {head + "STAFF,60%,0.2,,\n", []string{`own.csv:2:7: need "60%": a retained share from 0 to 1 is wanted`}},
		"over one":         {head + "STAFF,0.5,1.5,,\n", []string{`own.csv:2:11: floor "1.5": a retained share`}},
		"no number":        {head + "STAFF,NaN,0,,\n", []string{`own.csv:2:7: need "NaN"`}},
		"upside down":      {head + "STAFF,0.2,0.5,,\n", []string{"own.csv:2:11: floor 0.5 is above the need 0.2"}},
		"both":             {head + "STAFF,0.5,0.2,unit,moi\n", []string{`own.csv:2:20: institution "moi" and type "unit": a row is for one of them`}},
		"again":            {head + "STAFF,0.5,0.2,unit,\nSTAFF,0.6,0.2,unit,\n", []string{"own.csv:3:1: STAFF: line 2 already says"}},
		"a short row":      {head + "STAFF,0.5,0.2\n", []string{"own.csv:2:1: the row does not have as many fields as the header"}},
		"a quote":          {head + "STAFF,\"0.5,0.2,,\n", []string{"own.csv:", `extraneous or missing " in quoted-field`}},
		"all that is":      {head + "X,1,1,,\nSTAFF,2,1,,\n", []string{"own.csv:2:1: ", "own.csv:3:7: "}},
		"but not for ever": {head + strings.Repeat("X,1,1,,\n", 30), []string{"own.csv:21:1: ", "own.csv: the rest was not looked at"}},
	} {
		t.Run(name, func(t *testing.T) {
			_, err := queries.ReadRequirements("own.csv", strings.NewReader(tt.text))
			if !errors.Is(err, worlds.ErrInput) {
				t.Fatalf("got %v, want an error of the input", err)
			}
			for _, want := range tt.want {
				if !strings.Contains(err.Error(), want) {
					t.Errorf("got %q, want it to say %q", err, want)
				}
			}
		})
	}
}

// FuzzReadRequirements: whatever is in a file, it is read or refused, and what is read
// is a requirement.
func FuzzReadRequirements(f *testing.F) {
	f.Add("support,need,floor,type,institution\nSTAFF,0.5,0.2,unit,\n")
	f.Add("\ufeffneed,support,floor\n1,FORCE,0\n")
	f.Add("support,need,floor\nSTAFF,\"0\n")
	f.Fuzz(func(t *testing.T, text string) {
		rules, err := queries.ReadRequirements("own.csv", strings.NewReader(text))
		if err != nil {
			return
		}
		for _, r := range rules {
			if !(r.Floor >= 0 && r.Floor <= r.Need && r.Need <= 1) || r.Type != "" && r.Institution != "" || r.At.Line < 2 {
				t.Errorf("%+v", r)
			}
		}
	})
}

// TestModelRequirements: the file that the page shows is one.
func TestModelRequirements(t *testing.T) {
	_, rest, _ := strings.Cut(readModel(t), "```csv\n")
	text, _, found := strings.Cut(rest, "```")
	rules, err := queries.ReadRequirements(modelPage, strings.NewReader(text))
	if err != nil || !found || len(rules) != 3 {
		t.Errorf("%d rules, %v", len(rules), err)
	}
}
