package server

import (
	"runtime"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"
)

// TestDefaultLimits are those that the comments of Limits promise.
func TestDefaultLimits(t *testing.T) {
	t.Parallel()
	want := Limits{
		BodyBytes: 1048576, URIBytes: 16384, Concurrent: 16 * runtime.GOMAXPROCS(0),
		Queue: time.Second, Request: 60 * time.Second, Header: 5 * time.Second, Read: 30 * time.Second,
		Write: 91 * time.Second, Idle: 120 * time.Second, Ready: 2 * time.Second, Stop: 15 * time.Second,
	}
	if diff := cmp.Diff(want, Limits{}.withDefaults()); diff != "" {
		t.Errorf("-documented +default:\n%s", diff)
	}
	set := Limits{1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11}
	if diff := cmp.Diff(set, set.withDefaults()); diff != "" {
		t.Errorf("-set +in force:\n%s", diff)
	}
	if got := (Limits{Stop: -1, Request: time.Hour}).withDefaults(); got.Stop != 15*time.Second || got.Write != time.Hour+31*time.Second {
		t.Errorf("got %+v", got)
	}
}
