//nolint:misspell // Popolo spells its collection "organizations"
package popolo_test

import (
	"context"
	"errors"
	"fmt"
	"io"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"entangle/graph"
	"entangle/loaders"
	"entangle/loaders/loadertest"
	"entangle/loaders/popolo"
)

// TestReportNamesTheFormatOnce: a file has one part, which is called as its format.
func TestReportNamesTheFormatOnce(t *testing.T) {
	rep := load(t, loadertest.NewMemory(), loadertest.File(t, "testdata/qasr.json"), loaders.Options{})
	var out strings.Builder
	if err := rep.WriteText(&out, loaders.TextOptions{}); err != nil {
		t.Fatal(err)
	}
	if want := "qasr.json (popolo): 29 rows in"; !strings.Contains(out.String(), want) {
		t.Errorf("no %q in\n%s", want, out.String())
	}
}

// TestWhatTheScopeIs: without a house that Wikidata knows ids mean something within the
// file's source, without that within the file's name; of several houses or sources their
// order in the file is no matter.
func TestWhatTheScopeIs(t *testing.T) {
	house := func(id, wikidata string) string {
		return `{"id": "` + id + `", "name": "` + id + `", "classification": "chamber", "identifiers": [{"scheme": "wikidata", "identifier": "` + wikidata + `"}]}`
	}
	group := func(more string) string {
		return `{"organizations": [{"id": "dawn", "name": "Dawn", "classification": "party"}` + more + `}`
	}
	lower, upper := house("lower", "Q7"), house("upper", "Q5")
	var up, down []string
	for i := range 9 {
		h := house(fmt.Sprint("h", i), fmt.Sprint("Q1", i))
		up, down = append(up, h), append([]string{h}, down...)
	}
	for name, tt := range map[string]struct {
		one, other         string
		oneFile, otherFile string
		same               bool
	}{
		"houses the other way round":  {group("," + strings.Join(up, ",") + "]"), group("," + strings.Join(down, ",") + "]"), "a.json", "b.json", true},
		"one house more":              {group("," + lower + "," + upper + "]"), group("," + lower + "]"), "a.json", "a.json", false},
		"sources the other way round": {group(`], "meta": {"sources": ["https://b.example", "https://a.example"]}`), group(`], "meta": {"source": "https://b.example", "sources": ["https://a.example"]}`), "a.json", "b.json", true},
		"another source":              {group(`], "meta": {"source": "https://a.example"}`), group(`], "meta": {"source": "https://b.example"}`), "a.json", "a.json", false},
		"a house goes before sources": {group("," + lower + `], "meta": {"source": "https://a.example"}`), group("," + lower + `], "meta": {"source": "https://b.example"}`), "a.json", "b.json", true},
		"nothing but the name":        {group("]"), group("]"), "a.json", "b.json", false},
		"the same name":               {group("]"), group("] "), "a.json", "a.json", true},
	} {
		t.Run(name, func(t *testing.T) {
			ids := map[graph.ID]bool{}
			for _, f := range []struct{ name, text string }{{tt.oneFile, tt.one}, {tt.otherFile, tt.other}} {
				store := loadertest.NewMemory()
				load(t, store, loaders.Bytes(f.name, []byte(f.text)), loaders.Options{})
				ids[dump(t, store).byName["Dawn"].ID] = true
			}
			if same := len(ids) == 1; same != tt.same {
				t.Errorf("the same id: %t, want %t", same, tt.same)
			}
		})
	}
}

// TestWhoIsWhose: ties of memberships that are not those of a person in a house.
func TestWhoIsWhose(t *testing.T) {
	const text = `{
  "persons": [{"id": "0A0A0A0A-1111-4222-8333-444444444401", "name": "Sumer"}],
  "organizations": [
    {"id": "dawn", "name": "Dawn", "classification": "party"},
    {"id": "reform", "name": "Reform", "classification": "coalition"},
    {"id": "office", "name": "Office", "classification": "agency"}],
  "posts": [
    {"id": "desk", "name": "Named Desk", "label": "Labelled Desk", "organization_id": "office"},
    {"id": "whip", "role": "Whip", "organization_id": "dawn"}],
  "memberships": [
    {"person_id": "0a0a0a0a-1111-4222-8333-444444444401", "organization_id": "dawn", "on_behalf_of_id": "dawn"},
    {"person_id": "0a0a0a0a-1111-4222-8333-444444444401", "post_id": "desk", "on_behalf_of_id": "office"},
    {"member_id": "dawn", "organization_id": "reform", "on_behalf_of_id": "dawn"}]}`
	store := loadertest.NewMemory()
	rep := load(t, store, loaders.Bytes("a.json", []byte(text)), loaders.Options{})
	if n := rep.Files[0].Rows.Rejected; n > 0 {
		t.Fatalf("%d rejected: %v", n, rep.Files[0].Rejects)
	}
	g := dump(t, store)
	for _, c := range []struct {
		from, to string
		want     []string
	}{
		{"Sumer", "Dawn", []string{"MEMBER_OF  seen /"}}, // on behalf of the party that it is in: one tie; a UUID in small letters
		{"Sumer", "Named Desk", []string{"HOLDS  seen /"}},
		{"Sumer", "Office", nil}, // an office is no list on which a seat is won
		{"Named Desk", "Office", []string{"POST_IN  seen /"}},
		{"Whip", "Dawn", nil}, // no post of an institution
		{"Dawn", "Reform", []string{"PART_OF  seen /"}},
		{"Dawn", "Dawn", nil},
	} {
		if diff := cmp.Diff(c.want, g.between(c.from, c.to)); diff != "" {
			t.Errorf("%s → %s (-want +got):\n%s", c.from, c.to, diff)
		}
	}
	var notes []string
	for _, n := range rep.Files[0].Notes {
		notes = append(notes, n.Field+": "+n.Text)
	}
	for _, want := range []string{"memberships.on_behalf_of_id: not loaded: not a group", "posts.organization_id: not loaded: a post in a group, not in an institution"} {
		if !strings.Contains(strings.Join(notes, "\n"), want) {
			t.Errorf("no note %q in %q", want, notes)
		}
	}
	for _, n := range []string{"Sumer", "Dawn", "Named Desk"} {
		if len(g.byName[n].Citations) == 0 {
			t.Errorf("%s cites nothing", n)
		}
	}
}

// TestTiesCiteTheFile: ties rest on the file, which is there to be cited also where every
// node names a source of its own.
func TestTiesCiteTheFile(t *testing.T) {
	const text = `{"organizations": [
    {"id": "dawn", "name": "Dawn", "classification": "party", "parent_id": "reform", "sources": [{"url": "https://example.org/1"}]},
    {"id": "reform", "name": "Reform", "classification": "coalition", "sources": [{"url": "https://example.org/2"}]}]}`
	store := loadertest.NewMemory()
	load(t, store, loaders.Bytes("a.json", []byte(text)), loaders.Options{})
	g := dump(t, store)
	if len(g.ties) != 1 || len(g.ties[0].Citations) != 1 || g.names[g.ties[0].Citations[0].Source] == "" {
		t.Errorf("ties %+v of %v", g.ties, g.names)
	}
}

// TestStoppedIsNotCut: a reading that is stopped says so, not that the file ends early.
func TestStoppedIsNotCut(t *testing.T) {
	for name, text := range map[string]string{
		"in organizations": `{"organizations": [{"id": "a", "name": "A", "classification": "party"}]}`,
		"in persons":       `{"persons": [{"id": "a", "name": "A"}]}`,
	} {
		ctx, cancel := context.WithCancel(t.Context())
		cancel()
		content := loaders.Content{
			Name: "a.json", Denied: func(string) bool { return false },
			Open: func() (io.ReadCloser, error) { return io.NopCloser(strings.NewReader(text)), nil },
		}
		var last error
		for _, err := range (popolo.Format{}).Read(ctx, content) {
			last = err
		}
		if !errors.Is(last, context.Canceled) {
			t.Errorf("%s: %v, want %v", name, last, context.Canceled)
		}
	}
}
