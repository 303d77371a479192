package neo4jstore

import (
	"context"
	"log/slog"
	"slices"
	"sync"
	"time"

	"github.com/neo4j/neo4j-go-driver/v5/neo4j/dbtype"

	"entangle/graph"
)

// An open store takes in beside its readers what others write: what readers met, what the
// server's counts show after a commit, and, in a sweep through everything, the rest. One
// goroutine does so, a piece at a time, and rests four times as long as it worked, so that a
// storm of commits costs a fifth of a processor and no reader waits.

const (
	// minRest is the least time between two pieces of work.
	minRest = 50 * time.Millisecond
	restFor = 4
	// maxFound bounds what readers met and is not taken in yet; the sweep finds the rest.
	maxFound = 100_000
)

// adopter is what there is to be taken in.
type adopter struct {
	wake chan struct{}

	mu sync.Mutex
	// nodes and ties were met by readers, by the server's ids.
	nodes, ties map[string]bool
	bookmark    string // the newest that anybody saw
	swept       swept

	counted counts // as of the last look at them
	seen    string // its bookmark
	refused int    // nodes that are not taken in, since they are not valid
	failed  bool   // the last piece of work
}

// counts are numbers of nodes and ties that the server keeps.
type counts struct {
	kinds  map[graph.Kind]int64
	types  map[graph.TieType]int64
	entity int64
}

// strays are how many nodes of our kinds are not taken in.
func (c counts) strays() int64 {
	sum := -c.entity
	for _, n := range c.kinds {
		sum += n
	}
	return sum
}

func newAdopter() adopter {
	return adopter{wake: make(chan struct{}, 1), nodes: map[string]bool{}, ties: map[string]bool{}}
}

// find adds what a reader met.
func (a *adopter) find(nodes, ties []string) {
	if len(nodes)+len(ties) == 0 {
		return
	}
	a.mu.Lock()
	for _, e := range nodes {
		if len(a.nodes) < maxFound {
			a.nodes[e] = true
		}
	}
	for _, e := range ties {
		if len(a.ties) < maxFound {
			a.ties[e] = true
		}
	}
	a.mu.Unlock()
	a.ring()
}

// at tells where the database stands.
func (a *adopter) at(bookmark string) {
	a.mu.Lock()
	fresh := a.bookmark != bookmark
	a.bookmark = bookmark
	a.mu.Unlock()
	if fresh {
		a.ring()
	}
}

func (a *adopter) ring() {
	select {
	case a.wake <- struct{}{}:
	default:
	}
}

// created tells what this store has created itself.
func (a *adopter) created(ties map[graph.TieType]int) {
	a.mu.Lock()
	defer a.mu.Unlock()
	for t, n := range ties {
		if a.counted.types != nil {
			a.counted.types[t] += int64(n)
		}
	}
}

// Adoption tells what others have written and the store has not taken in yet, as far as it
// knows.
func (s *Store) Adoption() graph.Adoption {
	a := &s.adopter
	a.mu.Lock()
	defer a.mu.Unlock()
	pending := len(a.nodes) + len(a.ties)
	if unknown := int(a.counted.strays()) - a.refused; a.counted.kinds != nil && unknown > len(a.nodes) {
		pending += unknown - len(a.nodes)
	}
	return graph.Adoption{Pending: pending, Swept: a.swept.ended}
}

// takeInBeside works until the context ends.
func (s *Store) takeInBeside(ctx context.Context) {
	rest := time.NewTimer(minRest)
	defer rest.Stop()
	for {
		select {
		case <-ctx.Done():
			return
		case <-rest.C:
		case <-s.adopter.wake:
		}
		began := time.Now()
		pause := time.Second
		if s.isReady() {
			err := s.takeInPiece(ctx)
			s.tellAdoption(ctx, err)
			if err == nil {
				pause = max(s.untilSweep(), s.sweepPause())
			}
		}
		least := time.NewTimer(max(minRest, restFor*time.Since(began)))
		select {
		case <-ctx.Done():
			least.Stop()
			return
		case <-least.C:
		}
		rest.Reset(pause)
	}
}

func (s *Store) isReady() bool {
	s.mu.Lock()
	defer s.mu.Unlock()
	return s.ready
}

// tellAdoption logs that nothing can be taken in, once until it can.
func (s *Store) tellAdoption(ctx context.Context, err error) {
	a := &s.adopter
	a.mu.Lock()
	before := a.failed
	a.failed = err != nil
	a.mu.Unlock()
	if err != nil && !before && ctx.Err() == nil {
		s.conf.Log.WarnContext(ctx, "what others wrote could not be taken in yet: look-ups find it, searches and lists do not", slog.Any("error", err))
	}
}

// takeInPiece takes in what is known to be there, and makes a step of the sweep where it is due.
func (s *Store) takeInPiece(ctx context.Context) error {
	if err := s.takeInFound(ctx); err != nil {
		return err
	}
	if err := s.takeInCounted(ctx); err != nil {
		return err
	}
	if s.untilSweep() > 0 {
		return nil
	}
	return s.sweepStep(ctx)
}

// takeInFound takes in what readers met. What fails stays to be taken in.
func (s *Store) takeInFound(ctx context.Context) error {
	a := &s.adopter
	a.mu.Lock()
	nodes, ties := some(a.nodes, s.conf.BatchSize), some(a.ties, s.conf.BatchSize)
	a.mu.Unlock()
	if len(nodes)+len(ties) == 0 {
		return nil
	}
	if _, err := s.takeIn(ctx, elements{nodes, ties}); err != nil {
		return err
	}
	a.mu.Lock()
	defer a.mu.Unlock()
	for _, e := range nodes {
		delete(a.nodes, e)
	}
	for _, e := range ties {
		delete(a.ties, e)
	}
	if len(a.nodes)+len(a.ties) > 0 {
		a.ring()
	}
	return nil
}

func some(of map[string]bool, number int) []string {
	var list []string
	for e := range of {
		if len(list) == number {
			break
		}
		list = append(list, e)
	}
	slices.Sort(list)
	return list
}

// takeInCounted looks at the server's counts once a commit, and takes in what they show.
func (s *Store) takeInCounted(ctx context.Context) error {
	a := &s.adopter
	a.mu.Lock()
	before, seen, bookmark := a.counted, a.seen, a.bookmark
	a.mu.Unlock()
	if bookmark == seen {
		return nil
	}
	now, at, err := s.countsNow(ctx)
	if err != nil {
		return err
	}
	kinds, types := before.unlike(now)
	refused, known := 0, len(kinds) > 0
	for _, k := range kinds {
		problems, err := s.takeInUnknown(ctx, "unknown_nodes", parts{"KIND": word(k.String())}, func(list []string) elements { return elements{nodes: list} })
		if err != nil {
			return err
		}
		items := map[string]bool{}
		for _, p := range problems {
			items[p.Element] = true
		}
		refused += len(items)
	}
	for _, t := range types {
		if _, err := s.takeInUnknown(ctx, "unknown_ties", parts{"TYPE": word(t.String())}, func(list []string) elements { return elements{ties: list} }); err != nil {
			return err
		}
	}
	if len(kinds)+len(types) > 0 { // adoption was a commit too
		if now, at, err = s.countsNow(ctx); err != nil {
			return err
		}
	}
	a.mu.Lock()
	defer a.mu.Unlock()
	if a.counted, a.seen = now, at; known {
		a.refused = refused
	}
	return nil
}

// unlike lists the kinds and types of which others seem to have written: kinds where nodes
// are that are not taken in and were not there before, types of which there are more or fewer
// than the store knows of.
func (c counts) unlike(now counts) (kinds []graph.Kind, types []graph.TieType) {
	strays := c.strays() != now.strays()
	for _, row := range graph.Kinds() {
		if c.kinds == nil && now.strays() != 0 || c.kinds != nil && strays {
			kinds = append(kinds, row.Kind)
		}
	}
	for _, row := range graph.TieTypes() {
		if c.types != nil && c.types[row.Type] != now.types[row.Type] {
			types = append(types, row.Type)
		}
	}
	return kinds, types
}

// countsNow reads the counts and where the database stands.
func (s *Store) countsNow(ctx context.Context) (counts, string, error) {
	now := counts{kinds: map[graph.Kind]int64{}, types: map[graph.TieType]int64{}}
	rows, bookmark, err := s.read(ctx, "label_counts", parts{"COUNTS": countedLabels()}, nil)
	for _, r := range rows {
		name, _ := r.Values[0].(string)
		n, _ := r.Values[1].(int64)
		if k, err := graph.ParseKind(name); err == nil {
			now.kinds[k] = n
		} else if t, err := graph.ParseTieType(name); err == nil {
			now.types[t] = n
		} else {
			now.entity = n
		}
	}
	return now, bookmark, err
}

func countedLabels() cypher {
	var pieces []cypher
	for _, label := range append(kindNames(nil), labelEntity) {
		pieces = append(pieces, "MATCH (n:"+word(label)+") RETURN '"+word(label)+"' AS name, count(n) AS number")
	}
	for _, name := range typeNames(nil) {
		pieces = append(pieces, "MATCH ()-[r:"+word(name)+"]->() RETURN '"+word(name)+"' AS name, count(r) AS number")
	}
	return join(pieces, "\nUNION ALL\n")
}

// takeInUnknown finds what is not taken in by a scan of a label or type, and takes it in. It
// returns the problems of what it has to leave.
func (s *Store) takeInUnknown(ctx context.Context, name string, fill parts, of func([]string) elements) ([]graph.Problem, error) {
	rows, _, err := s.read(ctx, name, fill, nil)
	if err != nil {
		return nil, err
	}
	list := make([]string, len(rows))
	for i, r := range rows {
		list[i], _ = r.Values[0].(string)
	}
	var all []graph.Problem
	for part := range slices.Chunk(list, s.conf.BatchSize) {
		found, err := s.takeIn(ctx, of(part))
		if err != nil {
			return nil, err
		}
		all = append(all, found.problems...)
	}
	return all, nil
}

// takeInByID takes in nodes that others have written, by our ids, for whoever has the right to
// write. It reports whether there were any.
func (s *Store) takeInByID(ctx context.Context, ids []graph.ID) (bool, error) {
	var list []string
	for part := range slices.Chunk(ids, s.conf.BatchSize) {
		rows, _, err := s.read(ctx, "strays", parts{"KINDS": kindsByID()}, map[string]any{"ids": valid(part)})
		if err != nil {
			return false, err
		}
		for _, r := range rows {
			if n, ok := r.Values[0].(dbtype.Node); ok && !isTaken(n) {
				list = append(list, n.ElementId)
			}
		}
	}
	if len(list) == 0 {
		return false, nil
	}
	_, err := s.takeInLocked(ctx, elements{nodes: list})
	return err == nil, err
}
