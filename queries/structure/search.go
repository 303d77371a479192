// Breadth-first search with scratch that is not cleared between searches.
//
// Invariant: a node is seen if and only if its mark is the epoch of the running search.
// Source: Moore, Int. Symp. on the Theory of Switching, 1959.
// Cost: O(n+m) a search, 8 bytes a node once.

package structure

import "context"

// search is the scratch of breadth-first searches on one graph: a node is seen when its
// mark is that of the running search, so nothing is cleared between searches.
type search struct {
	g     *Graph
	mark  []int32
	epoch int32
	queue []int32
	steps int
}

func newSearch(g *Graph) *search {
	return &search{g: g, mark: make([]int32, g.n), queue: make([]int32, 0, g.n)}
}

// start begins a search in which no node is seen.
func (s *search) start() {
	s.epoch++
	if s.epoch < 0 { // 2^31 searches later
		clear(s.mark)
		s.epoch = 1
	}
	s.queue = s.queue[:0]
}

// countDistances adds to near[d] the nodes at distance d from v along the arcs, v itself
// at 0, and returns near, grown as needed.
func (s *search) countDistances(ctx context.Context, removed Mask, v int32, near []int64) ([]int64, error) {
	s.start()
	s.mark[v] = s.epoch
	s.queue = append(s.queue, v)
	for d, done := 0, 0; done < len(s.queue); d++ {
		end := len(s.queue)
		if d == len(near) {
			near = append(near, 0)
		}
		near[d] += int64(end - done)
		for ; done < end; done++ {
			if err := due(ctx, s.steps); err != nil {
				return near, err
			}
			s.steps++
			for _, w := range s.g.rows.of(s.queue[done]) {
				if s.mark[w] != s.epoch && !removed.has(w) {
					s.mark[w] = s.epoch
					s.queue = append(s.queue, w)
				}
			}
		}
	}
	return near, nil
}
