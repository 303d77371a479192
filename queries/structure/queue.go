// A priority queue of nodes and a forest of disjoint sets, for CoreHD.
//
// Invariant: no entry comes before its parent in the heap; the size of a set stands at its
// root.
// Source: Williams, CACM 7, Algorithm 232, 1964 (heap); Tarjan and van Leeuwen, J. ACM 31,
// 1984 (disjoint sets, linked by size with halved paths).
// Cost: O(log n) an operation of the queue, near O(1) one of the sets.

package structure

// entry is a node in a priority queue.
type entry struct {
	key  int64
	node int32
}

// priorityQueue is a binary heap, the least by less first.
type priorityQueue struct {
	heap []entry
	less func(a, b entry) bool
}

func (q *priorityQueue) push(e entry) {
	q.heap = append(q.heap, e)
	for i := len(q.heap) - 1; i > 0; {
		up := (i - 1) / 2
		if !q.less(q.heap[i], q.heap[up]) {
			return
		}
		q.heap[i], q.heap[up] = q.heap[up], q.heap[i]
		i = up
	}
}

func (q *priorityQueue) pop() entry {
	top, last := q.heap[0], len(q.heap)-1
	q.heap[0] = q.heap[last]
	q.heap = q.heap[:last]
	for i := 0; ; {
		low := 2*i + 1
		if low >= last {
			return top
		}
		if low+1 < last && q.less(q.heap[low+1], q.heap[low]) {
			low++
		}
		if !q.less(q.heap[low], q.heap[i]) {
			return top
		}
		q.heap[i], q.heap[low] = q.heap[low], q.heap[i]
		i = low
	}
}

// disjointSets are disjoint sets of nodes.
type disjointSets struct{ up, size []int32 }

func newDisjointSets(n int) *disjointSets {
	s := &disjointSets{up: make([]int32, n), size: make([]int32, n)}
	for v := range s.up {
		s.up[v], s.size[v] = int32(v), 1
	}
	return s
}

func (s *disjointSets) find(v int32) int32 {
	for s.up[v] != v {
		s.up[v] = s.up[s.up[v]]
		v = s.up[v]
	}
	return v
}

func (s *disjointSets) join(v, w int32) {
	v, w = s.find(v), s.find(w)
	if v == w {
		return
	}
	if s.size[v] < s.size[w] {
		v, w = w, v
	}
	s.up[w] = v
	s.size[v] += s.size[w]
}
