package main

import (
	"os"
	"os/exec"
	"path/filepath"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"entangle/graph/neo4jstore"
)

// TestShellWord: a shell takes the word back as it was, also where it begins with what is no
// plain letter.
func TestShellWord(t *testing.T) {
	for word, want := range map[string]string{
		"plain.csv": "plain.csv", "/a/b-c_d.csv": "/a/b-c_d.csv", "": "''", " lead": "' lead'", "'quote": `''\''quote'`, "-flag": "'-flag'",
		"$HOME": "'$HOME'", "mid dle": "'mid dle'", "وزارة": "'وزارة'", "tail;": "'tail;'", "*": "'*'",
	} {
		if got := shellWord(word); got != want {
			t.Errorf("%q: %s, want %s", word, got, want)
		}
		out, err := exec.CommandContext(t.Context(), "sh", "-c", "printf %s "+shellWord(word)).Output()
		if err != nil || string(out) != word && word != "-flag" {
			t.Errorf("%q: a shell takes it for %q, %v", word, out, err)
		}
	}
}

// TestManText: headings stand apart, and what is indented is a block of its own, kept as it is.
func TestManText(t *testing.T) {
	got := manText("Ask *this*.\n\nEXAMPLES\n  entangle purge --group \"X_Y\"\n  entangle version\nAnd [that].\n")
	want := "Ask \\*this\\*.\n\n# EXAMPLES\n\n    entangle purge --group \"X_Y\"\n    entangle version\n\nAnd \\[that\\].\n"
	if diff := cmp.Diff(want, got); diff != "" {
		t.Errorf("(-want +got):\n%s", diff)
	}
}

// TestNeo4jFlagsFillOneAnother: what the source of a copy does not say is as for its target,
// each for itself, but for the password, which goes with its user.
func TestNeo4jFlagsFillOneAnother(t *testing.T) {
	other := neo4jFlags{user: "u", database: "d", passwordFile: "p", caFile: "c", timeout: time.Second, prefix: "to-"}
	standard := neo4jstore.DefaultConnectTimeout
	for name, tt := range map[string]struct{ flags, want neo4jFlags }{
		"nothing":         {neo4jFlags{prefix: "from-", timeout: standard}, other},
		"a user":          {neo4jFlags{user: "v", prefix: "from-", timeout: standard}, neo4jFlags{user: "v", database: "d", caFile: "c", timeout: time.Second, prefix: "from-"}},
		"a password":      {neo4jFlags{passwordFile: "q", prefix: "from-", timeout: standard}, neo4jFlags{passwordFile: "q", database: "d", caFile: "c", timeout: time.Second, prefix: "from-"}},
		"a token":         {neo4jFlags{tokenFile: "q", prefix: "from-", timeout: standard}, neo4jFlags{tokenFile: "q", database: "d", caFile: "c", timeout: time.Second, prefix: "from-"}},
		"all but who":     {neo4jFlags{database: "e", caFile: "f", timeout: time.Minute}, neo4jFlags{user: "u", database: "e", passwordFile: "p", caFile: "f", timeout: time.Minute, prefix: "to-"}},
		"another time":    {neo4jFlags{user: "v", timeout: time.Hour}, neo4jFlags{user: "v", database: "d", caFile: "c", timeout: time.Hour}},
		"a database only": {neo4jFlags{user: "v", database: "e", timeout: standard}, neo4jFlags{user: "v", database: "e", caFile: "c", timeout: time.Second}},
	} {
		got := tt.flags.or(other)
		if diff := cmp.Diff(tt.want, got, cmp.AllowUnexported(neo4jFlags{})); diff != "" {
			t.Errorf("%s (-want +got):\n%s", name, diff)
		}
	}
}

// TestSampleLeavesNothing: a command on the sample removes the store that it made for it, also
// where it fails.
func TestSampleLeavesNothing(t *testing.T) {
	dir := t.TempDir()
	for _, args := range [][]string{
		{"vacancies", "--sample", "--as-of", "2020-08-24"},
		{"purge", "--sample", "--as-of", "2020-08-24", "--group", "nobody"},
		{"query", "--sample", "{ nothing }"},
	} {
		cmd := exec.CommandContext(t.Context(), "entangle", args...)
		cmd.Env = append(os.Environ(), "TMPDIR="+dir)
		_ = cmd.Run() // two of them fail
		left, err := filepath.Glob(filepath.Join(dir, "*"))
		if err != nil || len(left) > 0 {
			t.Errorf("%v leaves %v, %v", args, left, err)
		}
	}
}
