// Betweenness and closeness, from the shortest paths out of each node.
//
// Invariant: nodes are queued by their distance; when one is taken, the number of shortest
// paths to it is whole, and on the way back so is what depends on it.
// Source: Brandes, J. Math. Sociol. 25, 2001; Wasserman and Faust, Social Network Analysis,
// 1994, for closeness.
// Cost: O(n m) time, O(n) memory.

package structure

import "context"

// Betweenness returns for each node the number of shortest paths between other nodes
// that pass it, a pair of nodes with several shortest paths counting by the fraction of
// them that do; 0 for removed nodes. Not normalised: an undirected pair counts once, as
// in networkx, igraph and Freeman's definition; an ordered pair each if g is directed.
//
// It fails with ErrMask, or with ctx's error. O(n m) time, O(n) memory (Brandes, A faster
// algorithm for betweenness centrality, J. Math. Sociol. 25, 2001). It departs from the
// paper in keeping no lists of predecessors: the way back reads the rows once more,
// which is faster than the lists and needs no arcs by head. Paths are counted in
// float64: past 2^53 of them between one pair the fractions are rounded.
func Betweenness(ctx context.Context, g *Graph, removed Mask) ([]float64, error) {
	removed, err := g.fit(removed)
	if err != nil {
		return nil, err
	}
	between := make([]float64, g.n)
	paths, passing := make([]float64, g.n), make([]float64, g.n)
	far := make([]int32, g.n) // distance from the source, valid for the nodes of this search
	s := newSearch(g)
	for source := range int32(g.n) {
		if removed.has(source) {
			continue
		}
		s.start()
		s.mark[source], far[source], paths[source], passing[source] = s.epoch, 0, 1, 0
		s.queue = append(s.queue, source)
		for done := 0; done < len(s.queue); done++ {
			if err := due(ctx, s.steps); err != nil {
				return nil, err
			}
			s.steps++
			v := s.queue[done]
			for _, w := range g.rows.of(v) {
				if removed.has(w) {
					continue
				}
				if s.mark[w] != s.epoch {
					s.mark[w], far[w], paths[w], passing[w] = s.epoch, far[v]+1, 0, 0
					s.queue = append(s.queue, w)
				}
				if far[w] == far[v]+1 {
					paths[w] += paths[v]
				}
			}
		}
		for i := len(s.queue) - 1; i > 0; i-- {
			v := s.queue[i]
			for _, w := range g.rows.of(v) {
				if s.mark[w] == s.epoch && far[w] == far[v]+1 {
					passing[v] += paths[v] / paths[w] * (1 + passing[w])
				}
			}
			between[v] += passing[v]
		}
	}
	if g.kind == Undirected { // each pair was seen from both ends
		for v := range between {
			between[v] /= 2
		}
	}
	return between, nil
}

// Closeness returns for each node (r-1)/Σd · (r-1)/(n'-1), where r is the number of
// nodes it reaches, itself included, and Σd the sum of the distances to them: the
// closeness of a connected network, scaled down by the part that is out of reach where
// it is not (Wasserman and Faust, Social Network Analysis, 1994, p. 201). 0 for nodes
// that reach nobody and for removed ones. In a directed graph distances run from the
// node along the arcs; networkx there measures the way to the node.
//
// It fails with ErrMask, or with ctx's error. O(n m) time.
func Closeness(ctx context.Context, g *Graph, removed Mask) ([]float64, error) {
	removed, err := g.fit(removed)
	if err != nil {
		return nil, err
	}
	near, left := make([]float64, g.n), g.n-removed.Count()
	s := newSearch(g)
	var at []int64
	for v := range int32(g.n) {
		if removed.has(v) {
			continue
		}
		clear(at)
		if at, err = s.countDistances(ctx, removed, v, at); err != nil {
			return nil, err
		}
		reached, sum := int64(0), int64(0)
		for d, count := range at {
			if d > 0 {
				reached += count
				sum += int64(d) * count
			}
		}
		if sum > 0 {
			near[v] = float64(reached) / float64(sum) * float64(reached) / float64(left-1)
		}
	}
	return near, nil
}

// Degrees counts the ties of each node to nodes that are left: those that go out and
// those that come in, the same in an undirected graph. 0 for removed nodes.
type Degrees struct{ Out, In []int32 }

// DegreesOf returns the degrees in g without the removed nodes. It fails with ErrMask.
// O(n+m).
func DegreesOf(g *Graph, removed Mask) (Degrees, error) {
	removed, err := g.fit(removed)
	if err != nil {
		return Degrees{}, err
	}
	d := Degrees{Out: make([]int32, g.n), In: make([]int32, g.n)}
	for v := range int32(g.n) {
		if removed.has(v) {
			continue
		}
		for _, w := range g.rows.of(v) {
			if !removed.has(w) {
				d.Out[v]++
				d.In[w]++
			}
		}
	}
	return d, nil
}
