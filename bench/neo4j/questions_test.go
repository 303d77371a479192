package main

import (
	"errors"
	"io"
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

// TestOtherwiseIsAnother: the other words of a question differ from its own for both
// servers, and ask for a field more or in another order.
func TestOtherwiseIsAnother(t *testing.T) {
	for _, q := range questions {
		other := q.otherwise()
		if other.entangle == q.entangle || other.peer == q.peer || other.name != q.name || len(other.peer) != len(q.peer) {
			t.Errorf("%s: %s, %s", q.name, other.entangle, other.peer)
		}
	}
}

func TestInOrder(t *testing.T) {
	s := shapeOf(1_000)
	for _, most := range []int{1, 3, 1_000_000} {
		for _, q := range questions {
			n, id := q.ids(s)
			ids := q.inOrder(s, most)
			if len(ids) != min(n, most) || ids[0] != id(0) || ids[len(ids)-1] != id(len(ids)-1) {
				t.Errorf("%s, at most %d: %d ids, %s to %s", q.name, most, len(ids), ids[0], ids[len(ids)-1])
			}
		}
	}
}

// TestSize: the shape tells how much is generated.
func TestSize(t *testing.T) {
	s := shapeOf(1_000)
	made, tied, err := generate(s, 1, io.Discard, io.Discard)
	if err != nil {
		t.Fatal(err)
	}
	if nodes, ties := s.size(); nodes != made || ties != tied {
		t.Errorf("%d nodes and %d ties, generated are %d and %d", nodes, ties, made, tied)
	}
}

// TestCommitsTouchAnew: no commit of a storm sets what one before it set, and a new node is
// another one every time.
func TestCommitsTouchAnew(t *testing.T) {
	b := &bench{askOptions: askOptions{persons: 10}, members: []string{"person/000001", "person/000002"}}
	for _, kind := range commits {
		g := &gale{bench: b, kinds: kind.of}
		seen := map[string]bool{}
		for range 100 {
			c, id, value := g.draw()
			what := c.name + " " + value
			if c.fresh {
				what = id
			}
			if seen[what] {
				t.Errorf("%s: %s is there twice", kind.name, what)
			}
			seen[what] = true
			if c.ofMember && id != "person/000001" && id != "person/000002" {
				t.Errorf("%s: %s is no member", kind.name, id)
			}
		}
	}
}
