package schema

import (
	"sync"

	"entangle/graph"
	"entangle/schema/exec"
)

// scratch is memory for the lists of a request. It goes from one request to the next.
type scratch struct {
	lists slab[tieList]
	items slab[any]
	found slab[exec.List]
	edges slab[tieEdge]
	pages []*pageBatch
	taken int // of pages
}

type pageBatch = exec.Batch[graph.ID, graph.AdjacentPage]

var scratches = sync.Pool{New: func() any { return &scratch{} }}

// mostScratch bounds what is kept of each kind of thing: a request of more has more
// allocated, and collected.
const mostScratch = 16 << 10

// release gives the memory back; nothing that the request made may be used any more.
func (s *scratch) release() {
	for _, b := range s.pages[:s.taken] {
		b.Reset()
	}
	s.taken = 0
	s.lists.release()
	s.items.release()
	s.found.release()
	s.edges.release()
	if len(s.pages) <= 64 {
		scratches.Put(s)
	}
}

// batch returns an empty batch.
func (s *scratch) batch() *pageBatch {
	if s.taken == len(s.pages) {
		s.pages = append(s.pages, &pageBatch{})
	}
	s.taken++
	return s.pages[s.taken-1]
}

// list returns a list of n nothings.
func (s *scratch) list(n int) *exec.List {
	list := &s.found.take(1)[0]
	*list = s.items.take(n)
	return list
}

// slab hands out zero values.
type slab[T any] struct {
	all  []T
	used int
}

func (s *slab[T]) take(n int) []T {
	if n > len(s.all)-s.used {
		// Those who have values of the old one keep it alive.
		s.all, s.used = make([]T, max(16, 2*n, min(2*len(s.all), mostScratch))), 0
	}
	s.used += n
	return s.all[s.used-n : s.used : s.used]
}

func (s *slab[T]) release() {
	clear(s.all[:s.used])
	if s.used = 0; len(s.all) > mostScratch {
		s.all = nil
	}
}
