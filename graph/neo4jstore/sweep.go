package neo4jstore

import (
	"cmp"
	"context"
	"crypto/sha256"
	"encoding/binary"
	"encoding/hex"
	"encoding/json"
	"errors"
	"slices"
	"time"

	"github.com/neo4j/neo4j-go-driver/v5/neo4j"
	"github.com/neo4j/neo4j-go-driver/v5/neo4j/dbtype"

	"entangle/graph"
)

// A sweep reads everything once, a piece at a time. It finds what nobody has met and no count
// shows: what is not as the store would have left it, which is taken in, and what others have
// changed of what needs no computed properties, such as a confidence. That it finds by a digest
// of all that each clearance sees: where it is another than a sweep ago, the version of that
// clearance moves, and pictures of it are made anew.

// sweepPiece is how many nodes, or how many with the ties that begin at them, a step looks at.
const sweepPiece = 1_000

// sweep is how far a walk through everything has come: all nodes first, since ties are valid
// between nodes that are taken in.
type sweep struct {
	dry      bool   // nothing is taken in
	kind     int    // the number of its kind
	ties     bool   // the nodes are done
	after    string // the last id that was looked at
	from, at string // where the database stood when it began, and stands by what was read since
	alone    bool   // nobody else has committed since it began
	problems []graph.Problem
	digests  []digestSum // by clearance
	hidden   map[graph.ID]graph.Marking
	ids      map[graph.ID]bool // of nodes, and then of ties
}

// swept is what is known of the sweeps that an open store makes.
type swept struct {
	now   *sweep // nil between two
	ended time.Time
	at    string // up to where the last whole one knows what was committed
}

// digestSum is a sum of digests, each of a node or a tie: in whatever order they come, it is
// the same.
type digestSum [2]uint64

func (d *digestSum) add(v any) error {
	text, err := json.Marshal(v)
	if err != nil {
		return err
	}
	sum := sha256.Sum256(text)
	d[0] += binary.BigEndian.Uint64(sum[:8])
	d[1] += binary.BigEndian.Uint64(sum[8:16])
	return nil
}

func (d *digestSum) String() string {
	var b [16]byte
	binary.BigEndian.PutUint64(b[:8], d[0])
	binary.BigEndian.PutUint64(b[8:], d[1])
	return hex.EncodeToString(b[:])
}

// untilSweep is the time until the next step: nothing is swept where nobody has committed since
// the last whole sweep.
func (s *Store) untilSweep() time.Duration {
	a := &s.adopter
	a.mu.Lock()
	defer a.mu.Unlock()
	switch {
	case a.swept.now != nil:
		return 0
	case a.swept.at != "" && a.swept.at == a.bookmark:
		return time.Second
	}
	return max(0, s.conf.Sweep/10-time.Since(a.swept.ended))
}

// sweepPause spreads the steps of a sweep over half of the time that it may take. The first is
// made as fast as readers allow.
func (s *Store) sweepPause() time.Duration {
	s.adopter.mu.Lock()
	defer s.adopter.mu.Unlock()
	if s.adopter.swept.ended.IsZero() {
		return 0
	}
	steps := int64(len(graph.Kinds()))
	for _, n := range s.adopter.counted.kinds {
		steps += n / sweepPiece
	}
	return min(time.Second, s.conf.Sweep/time.Duration(4*steps))
}

// sweepStep makes the next step of the sweep. One that fails is made again.
func (s *Store) sweepStep(ctx context.Context) error {
	a := &s.adopter
	a.mu.Lock()
	w := a.swept.now
	a.mu.Unlock()
	if w == nil {
		var err error
		if w, err = s.beginSweep(ctx, false); err != nil {
			return err
		}
	}
	next := *w
	next.digests = slices.Clone(w.digests)
	ended, err := s.sweepOn(ctx, &next, sweepPiece)
	if err != nil {
		return err
	}
	a.mu.Lock()
	defer a.mu.Unlock()
	if a.swept.now = &next; ended {
		a.swept = swept{ended: time.Now(), at: next.knows()}
	}
	return nil
}

// sweepThrough makes a sweep in one go.
func (s *Store) sweepThrough(ctx context.Context, dry bool) (*sweep, error) {
	began := time.Now()
	w, err := s.beginSweep(ctx, dry)
	for ended := false; err == nil && !ended; {
		ended, err = s.sweepOn(ctx, w, 10*sweepPiece)
	}
	if err != nil || dry {
		return w, err
	}
	a := &s.adopter
	a.mu.Lock()
	defer a.mu.Unlock()
	if a.swept.ended.Before(began) {
		a.swept.ended, a.swept.at = time.Now(), w.knows()
	}
	return w, nil
}

func (s *Store) beginSweep(ctx context.Context, dry bool) (*sweep, error) {
	at, err := s.where(ctx)
	if err != nil {
		return nil, err
	}
	w := &sweep{dry: dry, from: at.bookmark, at: at.bookmark, alone: true, digests: make([]digestSum, len(graph.Markings())), ids: map[graph.ID]bool{}}
	w.hidden, err = s.hiddenSources(ctx)
	return w, err
}

// stands takes in where the database stood when a piece was read.
func (w *sweep) stands(s *Store, bookmark string) {
	w.alone = w.alone && s.isOwn(w.at, bookmark)
	w.at = bookmark
}

// knows tells up to where a sweep that has ended knows what was committed.
func (w *sweep) knows() string {
	if w.alone {
		return w.at
	}
	return w.from
}

// sweepOn looks at the next piece. It reports whether there was none.
func (s *Store) sweepOn(ctx context.Context, w *sweep, number int) (ended bool, err error) {
	for {
		kind := word(graph.Kinds()[w.kind].Name)
		rows, _, err := s.read(ctx, "sweep_step", parts{"KIND": kind}, map[string]any{"after": w.after, "number": number})
		if err != nil {
			return false, err
		}
		last := ""
		if len(rows) == 1 {
			last, _ = rows[0].Values[0].(string)
		}
		if last != "" {
			piece := s.sweepNodes
			if w.ties {
				piece = s.sweepTies
			}
			err := piece(ctx, w, parts{"KIND": kind}, map[string]any{"after": w.after, "last": last})
			w.after = last
			return false, err
		}
		w.kind, w.after = w.kind+1, ""
		if w.kind < len(graph.Kinds()) {
			continue
		}
		if w.ties {
			return true, s.endSweep(ctx, w)
		}
		w.kind, w.ties, w.ids = 0, true, map[graph.ID]bool{}
		if err := s.sweepNameless(ctx, w); err != nil {
			return false, err
		}
	}
}

// hiddenSources are the sources that some clearance does not see.
func (s *Store) hiddenSources(ctx context.Context) (map[graph.ID]graph.Marking, error) {
	hidden := map[graph.ID]graph.Marking{}
	for _, marking := range graph.Markings()[1:] {
		rows, _, err := s.read(ctx, "hidden_sources", nil, map[string]any{"hidden": []string{marking}})
		if err != nil {
			return nil, err
		}
		for _, r := range rows {
			if id, ok := r.Values[0].(string); ok {
				hidden[graph.ID(id)] = markingOf(marking)
			}
		}
	}
	return hidden, nil
}

// sweepNodes reads a piece of the nodes of a kind.
func (s *Store) sweepNodes(ctx context.Context, w *sweep, fill parts, params map[string]any) error {
	rows, bookmark, err := s.read(ctx, "sweep_nodes", fill, params)
	if err != nil {
		return err
	}
	w.stands(s, bookmark)
	var of elements
	for _, r := range rows {
		stored, _ := r.Values[0].(dbtype.Node)
		n, fits := w.fits(stored)
		if !fits {
			of.nodes = append(of.nodes, stored.ElementId)
		} else if err := w.addNode(n); err != nil {
			return err
		}
	}
	return s.sweepFound(ctx, w, of)
}

// sweepTies reads the ties that begin at a piece of the nodes of a kind.
func (s *Store) sweepTies(ctx context.Context, w *sweep, fill parts, params map[string]any) error {
	fill["TYPES"] = anyOf(typeNames(nil))
	rows, bookmark, err := s.read(ctx, "sweep_ties", fill, params)
	if err != nil {
		return err
	}
	w.stands(s, bookmark)
	var of elements
	for _, r := range rows {
		t, element, fits := w.tieFits(r)
		if !fits {
			of.ties = append(of.ties, element)
		} else if r.Values[7] != true {
			continue // an end is not served
		} else if err := w.addTie(judgedTie{t, max(t.Marking, markingOf(r.Values[3]), markingOf(r.Values[4]))}); err != nil {
			return err
		}
	}
	return s.sweepFound(ctx, w, of)
}

// sweepNameless finds nodes that no walk along ids meets: those without an id, and those of
// ours that have lost their kind.
func (s *Store) sweepNameless(ctx context.Context, w *sweep) error {
	rows, _, err := s.read(ctx, "unlabelled_nodes", parts{"KINDS": anyOf(kindNames(nil))}, nil)
	for _, kind := range kindNames(nil) {
		if err != nil {
			return err
		}
		var more []*neo4j.Record
		more, _, err = s.read(ctx, "unnamed_nodes", parts{"KIND": word(kind)}, nil)
		rows = append(rows, more...)
	}
	if err != nil {
		return err
	}
	var of elements
	for _, r := range rows {
		element, _ := r.Values[0].(string)
		of.nodes = append(of.nodes, element)
	}
	return s.sweepFound(ctx, w, of)
}

// sweepFound takes in what does not fit, and adds to the digests what is valid of it.
func (s *Store) sweepFound(ctx context.Context, w *sweep, of elements) error {
	if len(of.nodes)+len(of.ties) == 0 {
		return nil
	}
	take := s.takeInQuietly
	if w.dry {
		take = s.judge
	}
	found, err := take(ctx, of)
	if err != nil {
		return err
	}
	w.stands(s, found.bookmark)
	w.problems = append(w.problems, found.problems...)
	for _, n := range found.judged {
		if n.valid {
			err = cmp.Or(err, w.addNode(n.Node))
		}
	}
	for _, t := range found.judgedTies {
		err = cmp.Or(err, w.addTie(t))
	}
	return err
}

// fits reports whether a node is as the store would have left it, and the only one with its id.
func (w *sweep) fits(stored dbtype.Node) (graph.Node, bool) {
	n, problems := decodeNode(stored)
	if len(problems) > 0 || !isTaken(stored) || w.ids[n.ID] {
		return n, false
	}
	w.ids[n.ID] = true
	computed := map[string]any{}
	computeNode(computed, n)
	encodeProps(computed, n.Kind.Info().Props, n.Props)
	return n, len(differences(stored.Props, computed)) == 0
}

// tieFits reports whether a tie is as the store would have left it, and the only one with its
// id.
func (w *sweep) tieFits(r *neo4j.Record) (t graph.Tie, element string, fits bool) {
	t, rel, problems := tieOf(r)
	if len(problems) > 0 || rel.Props[propStartEarliest] == nil || rel.Props[propConfidence] == nil || w.ids[t.ID] {
		return t, rel.ElementId, false
	}
	w.ids[t.ID] = true
	if !joined(t.Type, kindIn(r.Values[5]), kindIn(r.Values[6])) {
		return t, rel.ElementId, false
	}
	return t, rel.ElementId, len(differences(rel.Props, encodeTie(t))) == 0
}

// kindIn is the kind among labels, 0 where there is none.
func kindIn(labels any) graph.Kind {
	for _, label := range listOf(labels) {
		if k, err := graph.ParseKind(label); err == nil {
			return k
		}
	}
	return 0
}

// addNode adds a node to the digests of those who see it.
func (w *sweep) addNode(n graph.Node) error {
	if w.dry {
		return nil
	}
	cited := n.Citations
	for c := n.Marking; c <= graph.Red; c++ {
		n.Citations = w.shown(cited, c)
		if err := w.digests[c].add(n); err != nil {
			return err
		}
	}
	return nil
}

// addTie adds a tie to the digests of those who see it.
func (w *sweep) addTie(t judgedTie) error {
	if w.dry {
		return nil
	}
	cited := t.Citations
	for c := t.seen; c <= graph.Red; c++ {
		t.Citations = w.shown(cited, c)
		if err := w.digests[c].add(t.Tie); err != nil {
			return err
		}
	}
	return nil
}

// shown leaves out citations of sources that a clearance does not see.
func (w *sweep) shown(list []graph.Citation, c graph.Marking) []graph.Citation {
	if len(w.hidden) == 0 {
		return list
	}
	return slices.DeleteFunc(slices.Clone(list), func(ci graph.Citation) bool { return w.hidden[ci.Source] > c })
}

// endSweep moves the versions of those who see other data than a sweep ago.
func (s *Store) endSweep(ctx context.Context, w *sweep) error {
	if w.dry {
		return nil
	}
	digests := make([]string, len(w.digests))
	for i := range w.digests {
		digests[i] = w.digests[i].String()
	}
	bookmark, err := s.keepDigests(ctx, digests)
	if err != nil {
		return err
	}
	w.stands(s, bookmark)
	all := graph.OrderProblems(w.problems)
	s.tell(all)
	s.problems.note(all)
	if w.alone {
		s.setSettled(w.at)
		s.problems.keep(all, w.at)
	}
	return nil
}

// keepDigests holds the digests against those of the last sweep, whoever made it, and moves the
// versions of those clearances for which they are others. Nothing is written where they are
// the same. It returns where the database stands.
func (s *Store) keepDigests(ctx context.Context, digests []string) (bookmark string, err error) {
	unlock, err := s.lock(ctx)
	if err != nil {
		return "", err
	}
	defer unlock()
	rows, bookmark, err := s.read(ctx, "digests", nil, nil)
	if err != nil || len(rows) == 0 {
		return bookmark, err
	}
	before := listOf(rows[0].Values[0])
	if slices.Equal(before, digests) {
		return bookmark, nil
	}
	lowest := graph.Nobody
	for c := range graph.Markings() {
		if len(before) == len(digests) && before[c] != digests[c] {
			lowest = min(lowest, graph.Marking(c))
		}
	}
	after, err := s.commitOwn(ctx, adoptTimeout, func(r runner) error {
		if lowest <= graph.Red {
			if _, err := r.moveVersions(ctx, lowest); err != nil {
				return err
			}
		}
		_, err := r.run(ctx, "save_digests", nil, map[string]any{"digests": digests})
		return err
	})
	if errors.Is(err, ErrReadOnly) { // whoever may write moves them
		return bookmark, nil
	}
	return after, err
}
