package main

import (
	"bytes"
	"context"
	"io"
	"strings"
	"testing"
	"time"
)

// clock is a time that moves on by a step each time it is asked.
type clock struct {
	now  time.Time
	step time.Duration
}

func (c *clock) tick() time.Time {
	c.now = c.now.Add(c.step)
	return c.now
}

func TestBarOnlyOnATerminalAndOnlyOfSlowWork(t *testing.T) {
	for name, tt := range map[string]struct {
		terminal bool
		step     time.Duration
		drawn    bool
	}{
		"slow, a terminal":  {true, time.Second, true},
		"slow, no terminal": {false, time.Second, false},
		"quick, a terminal": {true, time.Millisecond, false},
	} {
		t.Run(name, func(t *testing.T) {
			var out bytes.Buffer
			a := &app{stderr: &out, now: (&clock{step: tt.step}).tick, terminal: tt.terminal}
			load := &loadProgress{slowBar: a.slowBar()}
			load.File("dir/first.csv", 100)
			for range 10 {
				load.Add(10, 1)
			}
			load.File("dir/second.csv", 0) // of unknown size
			load.Add(1000, 1)
			load.end()
			worlds := a.slowBar()
			for i := range 10 {
				worlds.set("worlds", int64(i), 10, false)
			}
			worlds.end()
			worlds.set("worlds", 10, 10, false) // a late worker
			rows := a.slowBar()
			count := &lineCounter{bar: rows, total: 6}
			for range 6 {
				if n, err := io.WriteString(count.writer(io.Discard), "a row\n"); n != 6 || err != nil {
					t.Fatal(n, err)
				}
			}
			rows.end()
			if !tt.drawn {
				if out.Len() > 0 {
					t.Errorf("drawn: %q", out.String())
				}
				return
			}
			for _, want := range []string{"first.csv", "second.csv", "worlds", "rows"} {
				if !strings.Contains(out.String(), want) {
					t.Errorf("no bar of %s in %q", want, out.String())
				}
			}
			if strings.Contains(out.String(), "dir/") {
				t.Errorf("the whole path is shown: %q", out.String())
			}
		})
	}
}

// TestQuietCommands: on a terminal, what is quick draws nothing beside its answer.
func TestQuietCommands(t *testing.T) {
	for _, args := range [][]string{
		{"purge", "--sample", "--group", "Badr Organization", "--as-of", "2020-08-24"},
		{"load", "--dry-run", "../../data/iraq"},
	} {
		var out, err bytes.Buffer
		a := &app{stdin: strings.NewReader(""), stdout: &out, stderr: &err, env: func(string) (string, bool) { return "", false }, now: (&clock{}).tick, terminal: true}
		if status := a.run(context.Background(), args); status != exitOK || out.Len() == 0 || err.Len() > 0 {
			t.Errorf("%v: status %d, stderr %q", args, status, err.String())
		}
	}
}
