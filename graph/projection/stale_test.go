package projection_test

import (
	"context"
	"errors"
	"iter"
	"sync/atomic"
	"testing"
	"testing/synctest"
	"time"

	"entangle/graph"
	"entangle/graph/projection"
)

func (v *slow) Close() error { return nil }

// TestCacheStale: who allows age is answered at once with what was current that
// long ago, while the present state is built beside; who does not, waits.
func TestCacheStale(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		first, second := &slow{version: "1"}, &slow{version: "2", gate: make(chan struct{})}
		c := projection.NewCache(projection.CacheConfig{
			Limit: 3, Clock: time.Now,
			Open: func(context.Context, graph.Marking) (graph.View, error) { return second, nil },
		})
		get := func(v *slow, staleness time.Duration) (graph.Version, error) {
			ctx, done := context.WithTimeout(t.Context(), time.Minute)
			defer done()
			s, _, err := c.Get(ctx, v, graph.Clear, projection.Options{}, staleness)
			if err != nil {
				return "", err
			}
			return s.Version(), nil
		}
		expect := func(what string, v *slow, staleness time.Duration, want graph.Version) {
			t.Helper()
			if got, err := get(v, staleness); err != nil || got != want {
				t.Errorf("%s: version %q, %v, want %q", what, got, err, want)
			}
		}
		expect("the first", first, 0, "1")
		time.Sleep(10 * time.Second)
		expect("unchanged, and so current now", first, 5*time.Second, "1")
		time.Sleep(20 * time.Second)
		if _, err := get(second, 19*time.Second); !errors.Is(err, context.DeadlineExceeded) {
			t.Errorf("what is too old: %v, want to wait for the build", err)
		}
		time.Sleep(time.Hour - 80*time.Second)
		expect("recent enough", second, time.Hour, "1")
		expect("recent enough, again", second, time.Hour, "1")
		synctest.Wait()
		if n := second.builds.Load(); n != 2 { // one ended with its caller
			t.Errorf("%d builds beside the callers, want one", n-1)
		}
		close(second.gate)
		synctest.Wait()
		expect("the new one is there", second, time.Hour, "2")
		expect("the new one is there", second, 0, "2")
		if n := second.builds.Load(); n != 2 {
			t.Errorf("%d builds, want 2", n)
		}
	})
}

// TestCacheWithoutClock: no age is allowed where none can be told.
func TestCacheWithoutClock(t *testing.T) {
	c := projection.NewCache(projection.CacheConfig{Limit: 3})
	for _, version := range []graph.Version{"1", "2"} {
		s, _, err := c.Get(t.Context(), &slow{version: version}, graph.Clear, projection.Options{}, time.Hour)
		if err != nil || s.Version() != version {
			t.Errorf("version %s, %v, want %s", s.Version(), err, version)
		}
	}
}

// moving is a view during whose first readings somebody commits.
type moving struct {
	slow
	left *atomic.Int32
	was  bool
}

func (*moving) Isolation() string { return "read committed" }
func (v *moving) Moved() bool     { return v.was }

func (v *moving) Ties(context.Context, graph.TieQuery) iter.Seq2[graph.Tie, error] {
	return func(func(graph.Tie, error) bool) { v.was = v.left.Add(-1) >= 0 }
}

// TestCacheMoved: a picture of two states is not given to anyone; it is taken
// again, and given up when the data never rests.
func TestCacheMoved(t *testing.T) {
	for _, tt := range []struct {
		commits int32
		fails   bool
	}{{0, false}, {1, false}, {2, false}, {3, true}} {
		var left, opened atomic.Int32
		left.Store(tt.commits)
		open := func(context.Context, graph.Marking) (graph.View, error) {
			n := opened.Add(1)
			return &moving{slow: slow{version: graph.Version('1' + n)}, left: &left}, nil
		}
		c := projection.NewCache(projection.CacheConfig{Limit: 3, Open: open})
		v, _ := open(t.Context(), graph.Clear)
		s, _, err := c.Get(t.Context(), v, graph.Clear, projection.Options{}, 0)
		if errors.Is(err, projection.ErrMoved) != tt.fails || !tt.fails && err != nil {
			t.Errorf("%d commits: %v", tt.commits, err)
		}
		if err == nil && s.Version() != graph.Version('2'+tt.commits) {
			t.Errorf("%d commits: version %s", tt.commits, s.Version())
		}
	}
}
