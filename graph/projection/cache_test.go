package projection_test

import (
	"context"
	"errors"
	"iter"
	"sync"
	"sync/atomic"
	"testing"
	"testing/synctest"

	"entangle/graph"
	"entangle/graph/projection"
)

// slow is a view that counts its builds and holds each until it is let go.
type slow struct {
	graph.View // what a build does not ask for
	version    graph.Version
	builds     atomic.Int32
	gate       chan struct{} // nil: open
	failures   atomic.Int32  // builds yet to fail
}

func (v *slow) Version() graph.Version { return v.version }

func (v *slow) Nodes(ctx context.Context, _ graph.NodeQuery) iter.Seq2[graph.Node, error] {
	return func(yield func(graph.Node, error) bool) {
		v.builds.Add(1)
		if v.gate != nil {
			select {
			case <-v.gate:
			case <-ctx.Done():
				yield(graph.Node{}, ctx.Err())
				return
			}
		}
		if v.failures.Add(-1) >= 0 {
			yield(graph.Node{}, graph.ErrUnavailable)
			return
		}
		yield(node("g", graph.Group), nil)
	}
}

func (v *slow) Ties(context.Context, graph.TieQuery) iter.Seq2[graph.Tie, error] {
	return func(func(graph.Tie, error) bool) {}
}

func TestCacheSharesABuild(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		v := &slow{version: "1", gate: make(chan struct{})}
		c := projection.NewCache(projection.CacheConfig{Limit: 3})
		const callers = 50
		var wg sync.WaitGroup
		got := make([]*projection.Snapshot, callers)
		for i := range callers {
			wg.Go(func() {
				s, _, err := c.Get(t.Context(), v, graph.Amber, projection.Options{}, 0)
				if err != nil {
					t.Error(err)
				}
				got[i] = s
			})
		}
		synctest.Wait() // one builds, the others wait
		close(v.gate)
		wg.Wait()
		for _, s := range got {
			if s == nil || s != got[0] || s.Clearance() != graph.Amber {
				t.Fatal("callers got different snapshots, or of another clearance")
			}
		}
		if n := v.builds.Load(); n != 1 {
			t.Errorf("%d builds for %d callers, want 1", n, callers)
		}
	})
}

func TestCacheKeepsApart(t *testing.T) {
	c := projection.NewCache(projection.CacheConfig{Limit: 10})
	v := &slow{version: "1"}
	get := func(clearance graph.Marking, o projection.Options) *projection.Snapshot {
		s, _, err := c.Get(t.Context(), v, clearance, o, 0)
		if err != nil {
			t.Fatal(err)
		}
		return s
	}
	base := get(graph.Clear, projection.Options{})
	if get(graph.Clear, projection.Options{}) != base {
		t.Error("the same question built anew")
	}
	for name, other := range map[string]*projection.Snapshot{
		"clearance":  get(graph.Red, projection.Options{}),
		"day":        get(graph.Clear, projection.Options{AsOf: 1}),
		"gap":        get(graph.Clear, projection.Options{Gap: graph.GapPolicy{Mode: graph.Strict}}),
		"confidence": get(graph.Clear, projection.Options{MinConfidence: 0.5}),
	} {
		if other == base {
			t.Errorf("another %s gave the same snapshot", name)
		}
	}
	v.version = "2"
	if get(graph.Clear, projection.Options{}) == base {
		t.Error("another version gave the same snapshot")
	}
}

func TestCacheForgetsTheLeastRecentlyUsed(t *testing.T) {
	c := projection.NewCache(projection.CacheConfig{Limit: 2})
	v := &slow{version: "1"}
	get := func(day graph.Day) {
		if _, _, err := c.Get(t.Context(), v, graph.Clear, projection.Options{AsOf: day}, 0); err != nil {
			t.Fatal(err)
		}
	}
	for _, day := range []graph.Day{1, 2, 1, 3, 1, 2} { // 2 goes for 3, then 3 for 2
		get(day)
	}
	if n := v.builds.Load(); n != 4 {
		t.Errorf("%d builds, want 4", n)
	}
}

func TestCacheForgetsAFailure(t *testing.T) {
	c := projection.NewCache(projection.CacheConfig{Limit: 2})
	v := &slow{version: "1"}
	v.failures.Store(1)
	if _, _, err := c.Get(t.Context(), v, graph.Clear, projection.Options{}, 0); !errors.Is(err, graph.ErrUnavailable) {
		t.Fatalf("got %v, want ErrUnavailable", err)
	}
	if s, _, err := c.Get(t.Context(), v, graph.Clear, projection.Options{}, 0); err != nil || s.Len() != 1 {
		t.Fatalf("after a failure: %v", err)
	}
}

// TestCacheCancelled: a caller who gives up stops waiting and leaves the build to
// the others; a builder who gives up leaves it to one who waits.
func TestCacheCancelled(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		v := &slow{version: "1", gate: make(chan struct{})}
		c := projection.NewCache(projection.CacheConfig{Limit: 2})
		ask := func(ctx context.Context) chan error {
			out := make(chan error, 1)
			go func() {
				_, _, err := c.Get(ctx, v, graph.Clear, projection.Options{}, 0)
				out <- err
			}()
			synctest.Wait()
			return out
		}
		buildCtx, stopBuild := context.WithCancel(t.Context())
		waitCtx, stopWait := context.WithCancel(t.Context())
		builder, waiter, patient := ask(buildCtx), ask(waitCtx), ask(t.Context())
		stopWait()
		if err := <-waiter; !errors.Is(err, context.Canceled) {
			t.Errorf("the waiter got %v", err)
		}
		stopBuild()
		if err := <-builder; !errors.Is(err, context.Canceled) {
			t.Errorf("the builder got %v", err)
		}
		synctest.Wait()
		close(v.gate)
		if err := <-patient; err != nil {
			t.Errorf("who went on waiting got %v", err)
		}
		if n := v.builds.Load(); n != 2 {
			t.Errorf("%d builds, want 2", n)
		}
	})
}
