package main

import (
	"errors"
	"testing"
)

// TestContentMeetsInTheMiddle: the two servers' forms of one answer are equal.
func TestContentMeetsInTheMiddle(t *testing.T) {
	ours := `{"data":{"node":{"key":"group/1","name":"G","members":{"nodes":[
		{"key":"person/2","holds":{"nodes":[]}},
		{"key":"person/1","holds":{"nodes":[{"key":"post/1","title":"Head","postIn":{"nodes":[{"key":"institution/1"}]}}]}}]}}}}`
	theirs := `{"data":{"groups":[{"id":"group/1","name":"G","membersConnection":{"edges":[
		{"node":{"id":"person/1","holds":[{"id":"post/1","title":"Head","postIn":[{"id":"institution/1"}]}]}},
		{"node":{"id":"person/2","holds":[]}}]}}]}}`
	a, err := content([]byte(ours))
	if err != nil {
		t.Fatal(err)
	}
	b, err := content([]byte(theirs))
	if err != nil {
		t.Fatal(err)
	}
	want := `{"id":"group/1","members":[{"holds":[],"id":"person/2"},{"holds":[{"id":"post/1","postIn":[{"id":"institution/1"}],"title":"Head"}],"id":"person/1"}],"name":"G"}`
	if a != want || b != want {
		t.Errorf("entangle: %s\npeer:     %s\nwant:     %s", a, b, want)
	}
}

func TestContentRefusesWhatIsNoAnswer(t *testing.T) {
	for name, body := range map[string]string{
		"an error":     `{"errors":[{"message":"no"}]}`,
		"nothing":      `{"data":{"node":null}}`,
		"an empty set": `{"data":{"groups":[]}}`,
		"another type": `{"data":{"node":{}}}`,
		"no JSON":      `busy`,
	} {
		if got, err := content([]byte(body)); !errors.Is(err, errAnswer) {
			t.Errorf("%s: %q, %v", name, got, err)
		}
	}
}

func TestOrderAsksForEachOnce(t *testing.T) {
	s := shapeOf(1_000)
	for _, q := range questions {
		n, _ := q.ids(s)
		seen := map[string]bool{}
		for _, id := range q.order(s, 1) {
			seen[id] = true
		}
		if len(seen) != n {
			t.Errorf("%s: %d ids, want %d", q.name, len(seen), n)
		}
	}
}
