package querytest_test

import (
	"context"
	"errors"
	"fmt"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"entangle/queries/querytest"
)

const graphText = `load
  group g
  person p{1..2}
  post s{1..2}
  institution i types=office authorisedPosts=2
  s{1..2} POST_IN i
  p{1..2} HOLDS s{1..2}
  p1 MEMBER_OF g conf=1/2
`

// recorder notes what a failing case reports.
type recorder struct {
	testing.TB
	failures []string
}

func (r *recorder) Helper()                  {}
func (r *recorder) Context() context.Context { return context.Background() }
func (r *recorder) Errorf(format string, args ...any) {
	r.failures = append(r.failures, fmt.Sprintf(format, args...))
}

// TestRunReportsWhatDiffers: p1 is lost with 0.5 and leaves half of the staff,
// under the 0.6 that an office needs.
func TestRunReportsWhatDiffers(t *testing.T) {
	for name, tt := range map[string]struct {
		rest string
		want []string
	}{
		"as expected": {rest: "ask targets=g\nexpect\n  touched i\n  i fractured=0.5 intact=1-0.5 wave=0 STAFF=0.75 STAFF.below=0.5 FORCE=no-data\n  lost p1=0.5 p2=0\n  struck g=1\n  answer none=0.5 mean=0.5 coins=1 method=EXACT converged=true"},
		"a number":    {rest: "ask targets=g\nexpect\n  i fractured=0.4", want: []string{"x.case:11: fractured: got 0.5, want 0.4"}},
		"a support":   {rest: "ask targets=g\nexpect\n  i STAFF=0.7", want: []string{"x.case:11: STAFF: got 0.75, want 0.7"}},
		"no data":     {rest: "ask targets=g\nexpect\n  i FORCE=1", want: []string{"x.case:11: FORCE: got no-data, want 1"}},
		"a stranger":  {rest: "ask targets=g\nexpect\n  j fractured=1", want: []string{"x.case:11: j: not in the answer"}},
		"a set":       {rest: "ask targets=g\nexpect\n  touched", want: []string{"x.case:11: touched: got [i], want []"}},
		"a person":    {rest: "ask targets=g\nexpect\n  lost p2=1", want: []string{"x.case:11: p2: got 0, want 1"}},
		"no such key": {rest: "ask targets=g\nexpect\n  answer size=1", want: []string{"x.case:11: size: the answer has nothing of that name"}},
		"unforeseen":  {rest: "ask targets=h\nexpect\n  touched i", want: []string{`x.case:9: no such node in the snapshot: target "h"`}},
		"foreseen":    {rest: "ask targets=h\nexpect\n  error no such node"},
		"no error":    {rest: "ask targets=g\nexpect\n  error no such node", want: []string{`x.case:11: got error <nil>, want one that says "no such node"`}},
	} {
		t.Run(name, func(t *testing.T) {
			s, err := querytest.Parse("x.case", graphText+tt.rest)
			if err != nil {
				t.Fatal(err)
			}
			r := &recorder{TB: t}
			s.Run(r, querytest.FromBatch)
			if diff := cmp.Diff(tt.want, r.failures); diff != "" {
				t.Errorf("failures (-want +got):\n%s", diff)
			}
		})
	}
}

func TestParseRefuses(t *testing.T) {
	const asked = "ask targets=g\nexpect\n  touched"
	for text, want := range map[string]string{
		"":                                    "no question",
		"group g\n" + asked:                   "x.case:1: a file begins with load",
		"load g\n" + asked:                    `x.case:1: "load" stands alone`,
		"load\n group\n" + asked:              "x.case:2: a node needs an id",
		"load\n group g colour=red\n" + asked: `x.case:2: no property "colour" here`,
		"load\n a LIKES b\n" + asked:          `x.case:2: not in the vocabulary: tie type "LIKES"`,
		"load\n person p{1..3} q{1..2}\n" + asked: "the ranges of a line are of one length",
		"load\n person p{3..1}\n" + asked:         "from 1 to 1000 items",
		"load\n person p \"a\n" + asked:           "a quotation without its end",
		"load\n a MEMBER_OF b conf=x\n" + asked:   `"x" is not a number`,
		"load\n a MEMBER_OF b conf=1/0\n" + asked: `"1/0" is not a number`,
		"load\n a MEMBER_OF b from=May\n" + asked: "not a date",
		"load\n group g\nask targets=g":           "x.case:3: a question without expectation tests nothing",
		"load\n group g\nexpect\n touched":        "x.case:4: expect comes after ask",
		"load\n group g\nask size=1\n":            "nothing of that name can be asked",
		"load\n group g\nask strength=1\n":        "a table: say of what",
		"load\n group g\nask guess targets=g\n":   `"guess": no such question; these are: attribution, `,
		"load\n group g\nask paths targets=g\n":   `"targets": nothing of that name can be asked`,
		"load\n group g\nask rally=yes\n":         "want on or off",
		"load\n group g\nask need.SIZE=1,1\n":     `support "SIZE"`,
		"load\n group g\nask need.STAFF=1\n":      "want need,floor",
	} {
		_, err := querytest.Parse("x.case", text)
		if !errors.Is(err, querytest.ErrScript) || !strings.Contains(err.Error(), want) {
			t.Errorf("%q: got %v, want one that says %q", text, err, want)
		}
	}
}

func TestBatchNamesTheLine(t *testing.T) {
	_, err := querytest.Batch("group g\nperson")
	if !errors.Is(err, querytest.ErrScript) || !strings.Contains(err.Error(), "line 2") {
		t.Errorf("got %v, want an error on line 2", err)
	}
}

// TestOtherQuestions: what is said of rows and lists of questions other than purge.
func TestOtherQuestions(t *testing.T) {
	for name, tt := range map[string]struct {
		rest string
		want []string
	}{
		"as expected": {rest: "ask entanglement\nexpect\n  pairs g+i\n  g i fractured=0.5\n  answer coins=1"},
		"a list":      {rest: "ask entanglement\nexpect\n  pairs i+g", want: []string{"x.case:11: pairs: got [g+i], want [i+g]"}},
		"a pair":      {rest: "ask entanglement\nexpect\n  i g fractured=0.5", want: []string{"x.case:11: i g: not in the answer"}},
		"no figure":   {rest: "ask entanglement\nexpect\n  g i", want: []string{"x.case:11: g i: says nothing; want key=value"}},
		"a sign":      {rest: "ask compare targets=g with.targets=p2\nexpect\n  answer mean=-0.5", want: []string{"x.case:11: mean: got 0.5, want -0.5"}},
	} {
		t.Run(name, func(t *testing.T) {
			s, err := querytest.Parse("x.case", graphText+tt.rest)
			if err != nil {
				t.Fatal(err)
			}
			r := &recorder{TB: t}
			s.Run(r, querytest.FromBatch)
			if diff := cmp.Diff(tt.want, r.failures); diff != "" {
				t.Errorf("failures (-want +got):\n%s", diff)
			}
		})
	}
}
