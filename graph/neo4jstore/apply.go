package neo4jstore

import (
	"context"
	"errors"
	"log/slog"
	"maps"
	"reflect"
	"slices"
	"strings"

	"github.com/neo4j/neo4j-go-driver/v5/neo4j"
	"github.com/neo4j/neo4j-go-driver/v5/neo4j/dbtype"

	"entangle/graph"
)

// Apply merges a batch in one transaction: it takes the lock, reads what the
// database has of the batch, merges in Go and writes the differences. An error
// that passes makes it start anew.
func (s *Store) Apply(ctx context.Context, b graph.Batch) (graph.Applied, error) {
	if err := s.migrated(ctx); err != nil {
		return graph.Applied{}, err
	}
	unlock, err := s.lock(ctx)
	if err != nil {
		return graph.Applied{}, err
	}
	defer unlock()
	b = b.Normal()
	known := s.takeCensus()
	done, err := s.apply(ctx, b, known)
	if errors.Is(err, errNotKnown) {
		known = nil
		s.setCensus(nil)
		done, err = s.apply(ctx, b, nil)
	}
	if errors.Is(err, errNoSchema) { // someone emptied the database
		if err := s.migrate(ctx); err != nil {
			return graph.Applied{}, err
		}
		known = nil
		done, err = s.apply(ctx, b, nil)
	}
	for try := 0; try < maxSettles && isRefused(err); try++ { // by what others wrote and is not taken in yet, or wrote meanwhile
		known = nil
		ids, others := mentioned(b)
		maps.Copy(ids, others)
		taken, e := s.takeInByID(ctx, slices.Collect(maps.Keys(ids)))
		if e != nil || !taken && errors.Is(err, graph.ErrInvalid) {
			break
		}
		done, err = s.apply(ctx, b, nil)
	}
	switch {
	case errors.Is(err, errUnchanged):
		at, err := s.where(ctx)
		if err != nil {
			return graph.Applied{}, err
		}
		done.applied.Version = at.of(graph.Red)
	case err != nil:
		return graph.Applied{}, err
	default:
		s.adopter.created(done.ties)
		s.own(done.before, done.bookmark)
		s.askAnew()
		if known != nil && !known.grow(b, done.places, done.markings, done.bookmark) {
			s.setCensus(nil)
		}
		if known == nil {
			s.setCensus(nil)
			if err := s.count(ctx, done.bookmark, len(b.Nodes)+len(b.Ties)); err != nil {
				s.conf.Log.WarnContext(ctx, "the ids that the database has are not known: what is written is looked up first", slog.Any("error", err))
			}
		}
	}
	return done.applied, nil
}

// applied is what a transaction came to.
type applied struct {
	applied graph.Applied
	// before and bookmark are where the database stood before and after the commit.
	before, bookmark string
	// places are where the nodes are that it created.
	places map[graph.ID]int64
	// ties are how many it created of each type.
	ties map[graph.TieType]int
	// markings are those of the batch's nodes, merged, and of others that it read.
	markings map[graph.ID]graph.Marking
}

// errNotKnown: the census does not do for the batch.
var errNotKnown = errors.New("someone else has committed")

// apply runs the transaction. What the census knows is not looked up: that it is of
// the state the transaction finds is seen at its end, before the commit.
func (s *Store) apply(ctx context.Context, b graph.Batch, known *census) (done applied, err error) {
	done.bookmark, err = s.transact(ctx, neo4j.AccessModeWrite, func(r runner) error {
		m := merge{runner: r, batch: b, known: known, places: map[graph.ID]int64{}, markings: map[graph.ID]graph.Marking{}}
		moved, err := m.lock(ctx)
		if err != nil {
			return err
		}
		if err := m.read(ctx, moved); err != nil {
			return err
		}
		if problems := b.Validate(m.kindOf); len(problems) > 0 {
			if known != nil {
				return errNotKnown
			}
			return &graph.BatchError{Problems: problems}
		}
		m.nodes()
		m.ties()
		done.applied, done.places, done.markings, done.ties = m.applied, m.places, m.markings, m.tieBalance()
		if !m.applied.Changed() {
			return errUnchanged
		}
		m.moved = m.moved && !moved
		if err := m.write(ctx); err != nil {
			if server, ok := errors.AsType[*neo4j.Neo4jError](err); ok && known != nil && server.Code == codeConstraint {
				return errNotKnown // a node of that id is there
			}
			return err
		}
		done.applied.Version = m.applied.Version
		before, err := s.bookmark(ctx, neo4j.AccessModeWrite)
		if err != nil {
			return err
		}
		if done.before = before; known != nil && !known.of(before) {
			return errNotKnown
		}
		return nil
	})
	return done, err
}

// isRefused reports whether nodes or ties of others may be why a batch was refused.
func isRefused(err error) bool {
	server, ok := errors.AsType[*neo4j.Neo4jError](err)
	return errors.Is(err, graph.ErrInvalid) || ok && server.Code == codeConstraint
}

// mentioned lists the nodes that a batch has, and those that it points to.
func mentioned(b graph.Batch) (own, others map[graph.ID]bool) {
	own, others = map[graph.ID]bool{}, map[graph.ID]bool{}
	for _, n := range b.Nodes {
		own[n.ID] = true
		for _, c := range n.Citations {
			others[c.Source] = true
		}
	}
	for _, t := range b.Ties {
		others[t.From], others[t.To] = true, true
		for _, c := range t.Citations {
			others[c.Source] = true
		}
	}
	return own, others
}

// merge is one attempt at a batch.
type merge struct {
	runner
	batch   graph.Batch
	known   *census
	kinds   map[graph.ID]graph.Kind
	stored  map[graph.ID]storedNode
	tied    map[graph.ID]storedTie
	applied graph.Applied

	createNodes map[graph.Kind][]map[string]any
	updateNodes []map[string]any
	longNames   []string
	createTies  map[graph.TieType][]newTie
	updateTies  []map[string]any
	deleteTies  []string
	moved       bool
	// places are where the nodes are that were created.
	places map[graph.ID]int64
	// markings are those of nodes as the batch leaves them.
	markings map[graph.ID]graph.Marking
	changes  graph.Changes
}

type storedNode struct {
	graph.Node
	element string
	settled bool
	days    map[string]any // see daysOf
}

type storedTie struct {
	graph.Tie
	element string
	settled bool
	props   map[string]any
}

// lock is the lock on the meta node, held to the end of the transaction. moved
// reports whether there may be moved ties.
func (r runner) lock(ctx context.Context) (moved bool, err error) {
	rows, err := r.run(ctx, "lock", nil, nil)
	if err != nil {
		return false, err
	}
	if len(rows) == 0 {
		return false, errNoSchema
	}
	return rows[0].Values[0] == true, nil
}

// isMoved reports a tie with an id of the derived form that this tie does not
// derive: another type may derive it. While the database has none, a derived id
// is looked up among ties of its own type alone, which is twenty times faster.
func isMoved(t graph.Tie) bool {
	return strings.HasPrefix(string(t.ID), "t-") && t.ID != graph.TieID(t)
}

// chunks runs a statement for each chunk of a list that is its parameter.
func chunks[T any](ctx context.Context, r runner, name string, fill parts, param string, list []T, params map[string]any, each func(*neo4j.Record)) error {
	for part := range slices.Chunk(list, r.store.conf.BatchSize) {
		all := map[string]any{param: part}
		maps.Copy(all, params)
		rows, err := r.run(ctx, name, fill, all)
		if err != nil {
			return err
		}
		for _, row := range rows {
			each(row)
		}
	}
	return nil
}

// read gets what the database has of the batch: its nodes and ties, and the kinds
// of the nodes that it points to. Ids are sorted so that two writers that are
// not ours meet the rows in one order.
func (m *merge) read(ctx context.Context, moved bool) error {
	m.kinds, m.stored, m.tied = map[graph.ID]graph.Kind{}, map[graph.ID]storedNode{}, map[graph.ID]storedTie{}
	own, others := mentioned(m.batch)
	maps.DeleteFunc(others, func(id graph.ID, _ bool) bool { return own[id] })
	if m.known != nil {
		maps.DeleteFunc(own, func(id graph.ID, _ bool) bool { return m.known.node(id) == 0 })
		for id := range others {
			m.kinds[id] = m.known.node(id)
		}
		clear(others)
	}
	if err := chunks(ctx, m.runner, "stored_nodes", nil, "ids", sorted(own), nil, m.addNode); err != nil {
		return err
	}
	err := chunks(ctx, m.runner, "stored_kinds", nil, "ids", sorted(others), map[string]any{"kinds": kindNames(nil)}, func(r *neo4j.Record) {
		id, kind := kindOf(r)
		m.kinds[id], m.markings[id] = kind, markingOf(r.Values[2])
	})
	if err != nil {
		return err
	}
	return m.readTies(ctx, moved)
}

// readTies looks the batch's ties up, under the types that may have their ids.
func (m *merge) readTies(ctx context.Context, moved bool) error {
	byTypes := map[cypher]map[graph.ID]bool{}
	for _, t := range m.batch.Ties {
		if !t.Type.Valid() || m.known != nil && !m.known.tie(t.ID) { // refused by the validation, or new
			continue
		}
		types := word(t.Type.String())
		if moved || isMoved(t) || !strings.HasPrefix(string(t.ID), "t-") {
			types = anyOf(typeNames(nil))
		}
		if byTypes[types] == nil {
			byTypes[types] = map[graph.ID]bool{}
		}
		byTypes[types][t.ID] = true
	}
	for _, types := range slices.Sorted(maps.Keys(byTypes)) {
		if err := chunks(ctx, m.runner, "stored_ties", ofTypes(types), "ids", sorted(byTypes[types]), nil, m.addTie); err != nil {
			return err
		}
	}
	return nil
}

// ofTypes fills a statement on ties of the types. With one type there is one index
// to begin with, whatever the plan was made for.
func ofTypes(types cypher) parts {
	if strings.Contains(string(types), "|") {
		return parts{"TYPES": types, "HINT": ""}
	}
	return parts{"TYPES": types, "HINT": "USING INDEX SEEK r:" + types + "(id)"}
}

func sorted(ids map[graph.ID]bool) []string { return valid(slices.Sorted(maps.Keys(ids))) }

// kindOf reads a row of an id and labels; the kind is 0 where there is not one.
func kindOf(r *neo4j.Record) (graph.ID, graph.Kind) {
	id, _ := r.Values[0].(string)
	labels, _ := r.Values[1].([]any)
	if len(labels) != 1 {
		return graph.ID(id), 0
	}
	label, _ := labels[0].(string)
	kind, _ := graph.ParseKind(label)
	return graph.ID(id), kind
}

// addNode takes a stored node. What is wrong with it gives way to the batch.
func (m *merge) addNode(r *neo4j.Record) {
	stored, ok := r.Values[0].(dbtype.Node)
	if !ok {
		return
	}
	n, problems := decodeNode(stored)
	if n.Names[0].Text == "" {
		n.Names = n.Names[1:]
	}
	_, keyed := stored.Props[propKey]
	m.kinds[n.ID] = n.Kind
	m.stored[n.ID] = storedNode{Node: tidyNode(n), element: stored.ElementId, settled: keyed && len(problems) == 0, days: daysOf(stored.Props)}
}

func (m *merge) addTie(r *neo4j.Record) {
	t, rel, problems := tieOf(r)
	_, bounded := rel.Props[propStartEarliest]
	if bounded && len(problems) == 0 || m.tied[t.ID].element == "" { // what is settled goes before a stranger of the same id
		m.tied[t.ID] = storedTie{Tie: t, element: rel.ElementId, settled: bounded && len(problems) == 0, props: rel.Props}
	}
}

func (m *merge) kindOf(id graph.ID) graph.Kind { return m.kinds[id] }

// nodes merges the batch's nodes into the stored ones.
func (m *merge) nodes() {
	m.createNodes = map[graph.Kind][]map[string]any{}
	next := map[graph.ID]graph.Node{}
	for _, n := range m.batch.Nodes {
		if n.Load == "" {
			n.Load = m.batch.Load.ID
		}
		old, ok := next[n.ID]
		if !ok {
			var stored storedNode
			stored, ok = m.stored[n.ID]
			old = stored.Node
		}
		if ok {
			n = graph.MergeNode(old, n)
		}
		next[n.ID] = tidyNode(n)
	}
	for _, id := range slices.Sorted(maps.Keys(next)) {
		n := next[id]
		m.markings[id] = n.Marking
		old, ok := m.stored[id]
		if ok && old.settled && reflect.DeepEqual(old.Node, n) {
			m.applied.NodesSame++
			continue
		}
		props := encodeNode(n)
		keepDays(props, old.days)
		if props[propKeysLong] != nil || ok {
			m.longNames = append(m.longNames, string(id))
		}
		if ok {
			m.applied.NodesUpdated++
			m.changeNode(&old, &n)
			m.updateNodes = append(m.updateNodes, map[string]any{"element": old.element, "props": props})
			continue
		}
		m.applied.NodesCreated++
		m.changeNode(nil, &n)
		m.createNodes[n.Kind] = append(m.createNodes[n.Kind], given(props))
	}
}

// tidyNode makes equal nodes equal in memory: no empty lists, no empty properties.
func tidyNode(n graph.Node) graph.Node {
	n.Names, n.Types, n.Aliases, n.Citations = tidy(n.Names), tidy(n.Types), tidy(n.Aliases), tidy(n.Citations)
	n.Props = tidyProps(n.Props)
	return n
}

func tidy[T any](list []T) []T {
	if len(list) == 0 {
		return nil
	}
	return list
}

func tidyProps(p graph.Props) graph.Props {
	out := graph.Props{}
	for name, values := range p {
		if len(values) > 0 {
			out[name] = values
		}
	}
	if len(out) == 0 {
		return nil
	}
	return out
}

// ties replaces stored ties by those of the batch; of a tie that the batch has
// twice the last counts.
func (m *merge) ties() {
	m.createTies = map[graph.TieType][]newTie{}
	last := make(map[graph.ID]graph.Tie, len(m.batch.Ties))
	for _, t := range m.batch.Ties {
		last[t.ID] = t
	}
	for _, id := range slices.Sorted(maps.Keys(last)) {
		t := last[id]
		t.Props, t.Citations = tidyProps(t.Props), tidy(t.Citations)
		if !t.Weight.Known {
			t.Weight = graph.Share{}
		}
		if t.Load == "" {
			t.Load = m.batch.Load.ID
		}
		m.tie(t)
	}
}

func (m *merge) tie(t graph.Tie) {
	old, ok := m.tied[t.ID]
	content := t
	content.Load = old.Load
	if ok && old.settled && reflect.DeepEqual(old.Tie, content) {
		m.applied.TiesSame++
		return
	}
	m.moved = m.moved || isMoved(t)
	if ok {
		m.changeTie(&old, &t)
	} else {
		m.changeTie(nil, &t)
	}
	props := encodeTie(t)
	keepDays(props, old.props)
	switch {
	case !ok:
		m.applied.TiesCreated++
	case old.Type == t.Type && old.From == t.From && old.To == t.To:
		m.applied.TiesUpdated++
		m.updateTies = append(m.updateTies, map[string]any{"element": old.element, "props": props})
		return
	default: // a relationship cannot be moved: a new one takes along what is not ours
		m.applied.TiesUpdated++
		m.deleteTies = append(m.deleteTies, old.element)
		known := encodeTie(old.Tie)
		for name, value := range old.props {
			if _, ours := known[name]; !ours && props[name] == nil {
				props[name] = value
			}
		}
	}
	m.createTies[t.Type] = append(m.createTies[t.Type], newTie{t.From, t.To, given(props)})
}

// given leaves out what a new node or tie has not: it would be sent and ignored.
func given(props map[string]any) map[string]any {
	maps.DeleteFunc(props, func(_ string, value any) bool { return value == nil })
	return props
}
