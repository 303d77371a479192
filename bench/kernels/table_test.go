package main

import (
	"bytes"
	"math"
	"strings"
	"testing"

	"entangle/bench/madeup"
)

func TestSlopeOfAPowerLaw(t *testing.T) {
	t.Parallel()
	var x, y []float64
	for _, n := range []float64{100, 1000, 10_000} {
		x, y = append(x, math.Log(n)), append(y, math.Log(3*math.Pow(n, 1.25)))
	}
	if got := slope(x, y); math.Abs(got-1.25) > 1e-12 {
		t.Errorf("exponent %g, want 1.25", got)
	}
}

func TestTableComparesByWorld(t *testing.T) {
	t.Parallel()
	in := `{"task":"cascade","tool":"entangle","worlds":100,"cpu":0.1}
{"task":"cascade","tool":"scipy","worlds":10,"cpu":0.3}
`
	in += `{"task":"purge of 10 persons","tool":"entangle","worlds":1024,"cpu":1.024}
{"task":"purge of 10 persons","tool":"entangle","worlds":256,"cpu":0.9}
{"task":"purge of 10 persons","tool":"numpy","worlds":10,"cpu":0.17}
`
	var out bytes.Buffer
	if err := table(strings.NewReader(in), &out); err != nil {
		t.Fatal(err)
	}
	if !strings.Contains(out.String(), "30.0") { // 30 ms against 1 ms
		t.Errorf("no ratio of 30 in\n%s", out.String())
	}
	if got := strings.Count(out.String(), "17.0"); got != 2 { // ms of a world, and times ours of the first figure
		t.Errorf("17.0 stands %d times, not twice, in\n%s", got, out.String())
	}
	if err := table(strings.NewReader("nonsense\n"), &out); err == nil {
		t.Error("a line that is no figure was taken")
	}
}

func TestStateIsTheSameTwice(t *testing.T) {
	t.Parallel()
	a, err := madeup.Of(1000).Snapshot(t.Context())
	if err != nil {
		t.Fatal(err)
	}
	b, err := madeup.Of(1000).Snapshot(t.Context())
	if err != nil {
		t.Fatal(err)
	}
	if a.Hash() != b.Hash() || a.Ties() < 3000 {
		t.Errorf("hashes %s and %s, %d ties", a.Hash(), b.Hash(), a.Ties())
	}
}
