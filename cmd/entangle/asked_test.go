package main

import (
	"encoding/json"
	"path/filepath"
	"reflect"
	"regexp"
	"slices"
	"strings"
	"testing"

	"github.com/spf13/pflag"

	"entangle/queries/worlds"
)

// inTitle are the flags that the title or the table of an answer shows itself, and those
// that say where the data is and how the answer is printed.
var inTitle = []string{
	"group", "person", "post", "stream", "disband", "office", "with-group", "with-person", "with-post", "with-stream", "with-disband", "institution", "as-of", "from", "to", "model", "with-model", "requirements",
	"with-requirements", "first", "explain", "evidence", "ties", "verbose", "distances", "network", "json", "wide", "store", "sample", "help",
}

// TestTextTellsWhatWasChanged: whatever parameter of a question is not at its default,
// the text of the answer says so beside the default: each flag, and each parameter of
// the model, which stands in worlds.Params and nowhere in the commands.
func TestTextTellsWhatWasChanged(t *testing.T) {
	file := filepath.Join(t.TempDir(), "small.db")
	runDoor(t, "load", "--store", file, "testdata/doors/nodes.csv", "testdata/doors/ties.csv")
	for _, d := range everyQuestion(t, everyDoorway, wayWithEverything(t, doorSchema(t))) {
		t.Run(d.question, func(t *testing.T) {
			t.Parallel()
			row := rowOf(t, d.question)
			_, dayFlags := daysOf(row)
			args := words([]string{row.Command, "--store", file, "--wide"}, d.flags, readingWords, dayFlags)
			text := string(runDoor(t, args...))
			told := askedLines(t, text)
			c := commandOf(t, row)
			titled := inTitle
			if d.question == "frontier" || d.question == "entanglement" { // there it narrows what is asked
				titled = slices.DeleteFunc(slices.Clone(titled), func(name string) bool { return name == "group" })
			}
			c.Flags().VisitAll(func(f *pflag.Flag) {
				given := slices.Contains(args, "--"+f.Name)
				if given && !slices.Contains(titled, f.Name) && !strings.Contains(told, " "+f.Name+" ") {
					t.Errorf("--%s is not told in %q", f.Name, told)
				}
			})
			if !slices.Contains(args, "--model") {
				return
			}
			other, standard := reflect.ValueOf(otherParams()), reflect.ValueOf(worlds.DefaultParams())
			for i := range other.NumField() {
				field := other.Type().Field(i).Name
				name := strings.ToLower(field[:1]) + field[1:]
				changed := !reflect.DeepEqual(other.Field(i).Interface(), standard.Field(i).Interface())
				// A purge in stages cannot have these; the text of a limited purge is in a script.
				kept := slices.Contains([]string{"Switchover", "Within", "FromWeight"}, field)
				if !changed && !kept {
					t.Errorf("otherParams leaves %s at its default", field)
				}
				if changed && !regexp.MustCompile(` `+name+` [^,]* \(default [^)]+\)`).MatchString(told) {
					t.Errorf("the parameter %s is not told with its default in %q", name, told)
				}
			}
		})
	}
}

// askedLines are the lines of an answer that tell what was asked, each with a blank
// before it.
func askedLines(t *testing.T, text string) string {
	t.Helper()
	var told []string
	for line := range strings.Lines(text) {
		if strings.HasPrefix(line, "asked with: ") || strings.Contains(line, " purge: ") {
			told = append(told, " "+strings.TrimSpace(line)+" ")
		}
	}
	if len(told) == 0 {
		t.Fatalf("no line “asked with” in\n%s", text)
	}
	return strings.Join(told, "\n")
}

// TestDefaultsAreNotTold: where nothing was changed, nothing is told; where a parameter
// is given as it is by default, neither.
func TestDefaultsAreNotTold(t *testing.T) {
	file := filepath.Join(t.TempDir(), "small.db")
	runDoor(t, "load", "--store", file, "testdata/doors/nodes.csv", "testdata/doors/ties.csv")
	standard, err := json.Marshal(map[string]any{"solidarity": worlds.DefaultParams().Solidarity, "rally": true})
	if err != nil {
		t.Fatal(err)
	}
	for _, more := range [][]string{nil, {"--model", string(standard), "--seed", "1", "--gap", "fading"}} {
		text := string(runDoor(t, words([]string{"purge", "--store", file, "--group", "Lions", "--as-of", doorDay.String()}, more)...))
		if strings.Contains(text, "asked with") {
			t.Errorf("%v: something is told in\n%s", more, text)
		}
	}
}
