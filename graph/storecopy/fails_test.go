package storecopy_test

import (
	"errors"
	"testing"

	"entangle/graph/storecopy"
	"entangle/graph/storetest"
)

// TestCopyFailsAnywhere: whichever call of either store fails, rows of their streams
// included, the copy says so and tells no content as equal; the next copy finishes it.
func TestCopyFailsAnywhere(t *testing.T) {
	from := filled(t)
	want := read(t, from)
	for _, side := range []string{"source", "target"} {
		to, calls := newStore(t), 0
		for ; ; calls += 1 + calls/16 {
			failing := storetest.NewFailing(from, calls)
			a, b := failing, storetest.NewFailing(to, 1<<40)
			if side == "target" {
				failing = storetest.NewFailing(to, calls)
				a, b = storetest.NewFailing(from, 1<<40), failing
			}
			rep, err := storecopy.Copy(t.Context(), a, b, storecopy.Options{BatchSize: 20})
			if !failing.Failed() {
				if err != nil || rep.Content != want {
					t.Fatalf("%s, %d calls: %+v, %v", side, calls, rep, err)
				}
				break
			}
			if !errors.Is(err, storetest.ErrFailing) || rep.Content != (storecopy.Content{}) {
				t.Fatalf("%s, call %d failed: %+v, %v", side, calls, rep, err)
			}
		}
		if calls < 50 {
			t.Errorf("%s: %d calls are too few to tell", side, calls)
		}
		if got := read(t, to); got != want {
			t.Errorf("%s: %+v, want %+v", side, got, want)
		}
	}
	// Reading one store alone.
	for calls := 1; ; calls += 1 + calls/16 {
		failing := storetest.NewFailing(from, calls)
		c, err := readStore(t, failing)
		if !failing.Failed() {
			break
		}
		if !errors.Is(err, storetest.ErrFailing) || c != (storecopy.Content{}) {
			t.Fatalf("call %d failed: %+v, %v", calls, c, err)
		}
	}
}
