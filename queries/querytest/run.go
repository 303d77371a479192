package querytest

import (
	"fmt"
	"io/fs"
	"math"
	"path"
	"slices"
	"strconv"
	"strings"
	"testing"

	"entangle/graph"
	"entangle/graph/projection"
	"entangle/queries"
)

// Snapshots takes the picture of a batch, through a store or not.
type Snapshots func(t testing.TB, b graph.Batch, opts projection.Options) (*projection.Snapshot, error)

// FromBatch takes the picture of the batch alone.
func FromBatch(_ testing.TB, b graph.Batch, opts projection.Options) (*projection.Snapshot, error) {
	return projection.FromBatch(b, opts)
}

// Run runs every *.case file at the root of files, each as a subtest.
func Run(t *testing.T, files fs.FS, take Snapshots) {
	t.Helper()
	names, err := fs.Glob(files, "*.case")
	if err != nil {
		t.Fatal(err)
	}
	if len(names) == 0 {
		t.Fatal("no *.case file found")
	}
	for _, name := range names {
		t.Run(strings.TrimSuffix(path.Base(name), ".case"), func(t *testing.T) {
			text, err := fs.ReadFile(files, name)
			if err != nil {
				t.Fatal(err)
			}
			s, err := Parse(name, string(text))
			if err != nil {
				t.Fatal(err)
			}
			s.Run(t, take)
		})
	}
}

// Run answers the questions of a script and reports what differs from what it
// expects, by file and line.
func (s *Script) Run(tb testing.TB, take Snapshots) {
	tb.Helper()
	for _, st := range s.steps {
		r, err := answer(tb, st, take)
		failed := false
		for _, e := range st.expects {
			failed = failed || e.words[0] == "error"
			if problem := e.check(r, err); problem != "" {
				tb.Errorf("%s:%d: %s", s.Name, e.line, problem)
			}
		}
		if err != nil && !failed {
			tb.Errorf("%s:%d: %v", s.Name, st.line, err)
		}
	}
}

func answer(tb testing.TB, st step, take Snapshots) (*queries.PurgeReport, error) {
	tb.Helper()
	snapshot, err := take(tb, st.batch, st.ask.options)
	if err != nil {
		return nil, err
	}
	return queries.Purge(tb.Context(), snapshot, st.ask.input)
}

// check compares one line with the answer and returns what differs.
func (e expectation) check(r *queries.PurgeReport, failure error) string {
	what, rest := e.words[0], e.words[1:]
	if what == "error" {
		want := strings.Join(rest, " ")
		if failure == nil || !strings.Contains(failure.Error(), want) {
			return fmt.Sprintf("got error %v, want one that says %q", failure, want)
		}
		return ""
	}
	if failure != nil {
		return "" // told once, for the question
	}
	switch what {
	case "touched":
		var got []string
		for _, o := range r.Institutions {
			got = append(got, string(o.ID))
		}
		if want := ids(rest); !slices.Equal(ids(got), want) {
			return fmt.Sprintf("touched institutions: got %v, want %v", ids(got), want)
		}
		return ""
	case "struck":
		return chances(r.Struck, rest)
	case "rallied":
		return chances(r.Rallied, rest)
	case "lost":
		return chances(r.Lost, rest)
	case "answer":
		return each(rest, func(key string) (string, bool) { return overall(r, key) })
	}
	i := slices.IndexFunc(r.Institutions, func(o queries.Outcome) bool { return string(o.ID) == what })
	if i < 0 {
		return fmt.Sprintf("institution %s: not in the answer", what)
	}
	return each(rest, func(key string) (string, bool) { return outcome(&r.Institutions[i], key) })
}

// each compares key=value words with what get returns for the key, and returns
// the first that differs.
func each(words []string, get func(key string) (string, bool)) string {
	for _, word := range words {
		key, want, _ := strings.Cut(word, "=")
		got, ok := get(key)
		if !ok {
			return fmt.Sprintf("%s: the answer has nothing of that name", key)
		}
		if !same(got, want, key) {
			return fmt.Sprintf("%s: got %s, want %s", key, got, want)
		}
	}
	return ""
}

// same compares numbers to 10⁻⁸, retained shares, which are carried in parts per
// million, to 2·10⁻⁶.
func same(got, want, key string) bool {
	if got == want {
		return true
	}
	a, errA := strconv.ParseFloat(got, 64)
	b, errB := number(want)
	if errA != nil || errB != nil {
		return false
	}
	tolerance := 1e-8
	if key == strings.ToUpper(key) {
		tolerance = 2e-6
	}
	return math.Abs(a-b) <= tolerance
}

func chances(list []queries.Likely, words []string) string {
	return each(words, func(id string) (string, bool) {
		for _, l := range list {
			if string(l.ID) == id {
				return text(l.Chance.P), true
			}
		}
		return "0", true
	})
}

func text(f float64) string { return strconv.FormatFloat(f, 'g', -1, 64) }

func overall(r *queries.PurgeReport, key string) (string, bool) {
	switch key {
	case "none":
		return text(r.None.P), true
	case "mean":
		return text(r.Fractured.Mean), true
	case "converged":
		return strconv.FormatBool(r.Basis.Converged), true
	case "method":
		return string(r.Basis.Method), true
	case "coins":
		return strconv.Itoa(r.Basis.Coins), true
	case "waves":
		return strconv.Itoa(r.Basis.Waves), true
	case "defaulted":
		return strconv.Itoa(r.Basis.DefaultedTies), true
	case "possible":
		return strconv.Itoa(r.Basis.PossibleTies), true
	}
	return "", false
}

func outcome(o *queries.Outcome, key string) (string, bool) {
	switch key {
	case "intact":
		return text(o.Intact), true
	case "strained":
		return text(o.Strained), true
	case "fractured": // or worse
		return text(o.Fractured.P), true
	case "collapsed":
		return text(o.Collapsed), true
	case "coverage":
		return text(o.Coverage), true
	case "wave":
		if o.Wave == nil {
			return "never", true
		}
		return strconv.Itoa(o.Wave.Mode), true
	}
	name, part, _ := strings.Cut(key, ".")
	for _, s := range o.Supports {
		if s.Support.String() != name {
			continue
		}
		switch part {
		case "":
			return text(s.Mean), true
		case "data":
			return text(s.Data), true
		case "below":
			return text(s.Below.P), true
		case "records":
			return text(s.Records), true
		}
	}
	if _, err := queries.ParseSupport(name); err == nil && part == "" {
		return "no-data", true
	}
	return "", false
}
