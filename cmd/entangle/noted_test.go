package main

import (
	"bytes"
	"errors"
	"strings"
	"testing"
	"time"
)

type full struct{}

var errFull = errors.New("no room is left")

func (full) Write([]byte) (int, error) { return 0, errFull }

// TestWhatIsNotWrittenIsAnError: whatever prints ends with status 1 where that fails, also
// the help, whose printer returns no error.
func TestWhatIsNotWrittenIsAnError(t *testing.T) {
	t.Parallel()
	calls := [][]string{
		{},
		{"--help"},
		{"help"},
		{"--version"},
		{"version"},
		{"schema"},
		{"query", "--sample", "{ legend { kinds { kind } } }"},
		{"exposure", "--sample", "--as-of", "2020-08-24"},
		{"exposure", "--sample", "--as-of", "2020-08-24", "--json"},
	}
	for _, shell := range shells {
		calls = append(calls, []string{"completion", shell})
	}
	for _, c := range (&app{}).rootCommand().Commands() {
		calls = append(calls, []string{"help", c.Name()}, []string{c.Name(), "--help"})
	}
	for _, words := range calls {
		var stderr bytes.Buffer
		a := &app{
			stdin: strings.NewReader(""), stdout: full{}, stderr: &stderr, now: time.Now,
			env: func(string) (string, bool) { return "", false },
		}
		if code := a.run(t.Context(), words); code != exitFailed || !strings.Contains(stderr.String(), errFull.Error()) {
			t.Errorf("%s: exit status %d: %s", words, code, stderr.String())
		}
	}
}
