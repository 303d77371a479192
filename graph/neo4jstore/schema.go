package neo4jstore

import (
	"context"
	"errors"
	"fmt"
	"log/slog"
	"slices"
	"strings"

	"github.com/neo4j/neo4j-go-driver/v5/neo4j"

	"entangle/graph"
)

// Anybody who may write may also drop a constraint or an index. What the store wants of
// them is held against what is there when a store is opened and every minute while it is
// open (watch.go); what is missing is made anew.

// object is a constraint or an index, by its name.
type object struct {
	name       string
	statement  string // the file
	fill       parts
	constraint bool
	// later: it may come behind a first load. An index that is made when the data is
	// there costs half of one that every batch adds to.
	later bool
	// spare: without it answers are the same. What others wrote may forbid it.
	spare bool
	// typ is the type of ties whose ids it keeps apart.
	typ graph.TieType
}

// text is the statement that makes it, without comments.
func (o object) text() string {
	lines := strings.Split(string(statement(o.statement, o.fill)), "\n")
	lines = slices.DeleteFunc(lines, func(l string) bool { return strings.HasPrefix(l, "//") })
	return strings.Join(lines, " ")
}

// wanted are the constraints and indexes of a database.
func wanted() []object {
	list := []object{
		{name: "entangle_meta", statement: "migrate_constraint_meta", constraint: true},
		{name: "entangle_entity", statement: "migrate_constraint_entity", constraint: true},
		{name: "entangle_aliases", statement: "migrate_index_aliases"},
		{name: "entangle_source_marking", statement: "migrate_index_markings"},
		{name: "entangle_names", statement: "migrate_index_names", later: true},
		{name: "entangle_past", statement: "migrate_index_past"},
	}
	for _, row := range graph.Kinds() {
		kind := parts{"KIND": word(row.Name)}
		list = append(list,
			object{name: "entangle_key_" + row.Name, statement: "migrate_index_kind", fill: kind},
			object{name: "entangle_id_" + row.Name, statement: "migrate_constraint_kind", fill: kind, constraint: true, later: true, spare: true},
			object{name: "entangle_name_" + row.Name, statement: "migrate_index_name", fill: kind, later: true, spare: true})
	}
	for _, name := range locatedKinds() {
		list = append(list, object{name: "entangle_point_" + name, statement: "migrate_index_point", fill: parts{"KIND": word(name)}, later: true, spare: true})
	}
	for _, row := range graph.TieTypes() {
		list = append(list, object{
			name: "entangle_tie_" + row.Name, statement: "migrate_constraint_type", fill: parts{"TYPE": word(row.Name)}, constraint: true, typ: row.Type,
		})
	}
	return list
}

// Drift is a constraint or an index that the database ought to have and has not.
type Drift struct {
	Name string
	// Statement makes it, when what Reason names is mended.
	Statement, Reason string
}

func (d Drift) String() string { return d.Name + ": " + d.Reason + " (" + d.Statement + ")" }

// Drift tells what the schema lacked when it was last looked at, and could not be made
// anew.
func (s *Store) Drift() []Drift {
	s.mu.Lock()
	defer s.mu.Unlock()
	return slices.Clone(s.drift)
}

// Lacks lists the statements of Drift.
func (s *Store) Lacks() []string {
	var list []string
	for _, d := range s.Drift() {
		list = append(list, d.Statement)
	}
	return list
}

// present is a constraint or an index as the database has it.
type present struct {
	constraint bool
	failed     string // why it holds nothing, "" where it is in order
}

// schemaNow reads the constraints and indexes by their names.
func (s *Store) schemaNow(ctx context.Context) (map[string]present, error) {
	rows, _, err := s.read(ctx, "show_schema", nil, nil)
	if err != nil {
		return nil, err
	}
	have := make(map[string]present, len(rows))
	for _, r := range rows {
		name, _ := r.Values[0].(string)
		p := present{constraint: r.Values[2] == true}
		if r.Values[1] == "FAILED" {
			text, _ := r.Values[3].(string)
			p.failed, _, _ = strings.Cut(text, "\n")
		}
		have[name] = p
	}
	return have, nil
}

// lacking lists what the database lacks of what is wanted, without what comes later where
// that is so, and what it has in its place.
func lacking(have map[string]present, later bool) (missing, wrong []object) {
	for _, o := range wanted() {
		switch p, ok := have[o.name]; {
		case o.later && later:
		case !ok:
			missing = append(missing, o)
		case p.constraint != o.constraint || p.failed != "":
			missing = append(missing, o)
			o.constraint = p.constraint
			wrong = append(wrong, o)
		}
	}
	return missing, wrong
}

// makeSchema makes what is missing of the constraints and indexes and waits for what they
// hold. It returns what it made. What cannot be made and can be spared is noted (Drift).
func (s *Store) makeSchema(ctx context.Context, later bool) (made []object, err error) {
	have, err := s.schemaNow(ctx)
	if err != nil {
		return nil, err
	}
	missing, wrong := lacking(have, later)
	if len(missing) == 0 {
		s.setDrift(nil)
		return nil, nil
	}
	defer func() {
		if err != nil {
			err = fmt.Errorf("schema of database %q: %w", s.conf.Database, err)
		}
	}()
	if err := s.drop(ctx, wrong); err != nil {
		return nil, err
	}
	made, drift, err := s.makeObjects(ctx, missing)
	if err != nil {
		return nil, err
	}
	failed, err := s.await(ctx)
	if err != nil {
		return nil, err
	}
	s.setDrift(append(drift, failed...))
	return slices.DeleteFunc(made, func(o object) bool {
		return slices.ContainsFunc(failed, func(d Drift) bool { return d.Name == o.name })
	}), nil
}

func (s *Store) setDrift(list []Drift) {
	s.mu.Lock()
	defer s.mu.Unlock()
	s.drift = list
}

// drop removes what stands in the place of something that is wanted.
func (s *Store) drop(ctx context.Context, list []object) error {
	if len(list) == 0 {
		return nil
	}
	_, err := s.transact(ctx, neo4j.AccessModeWrite, func(r runner) error {
		for _, o := range list {
			name := "drop_index"
			if o.constraint {
				name = "drop_constraint"
			}
			if _, err := r.run(ctx, name, parts{"NAME": word(o.name)}, nil); err != nil {
				return fmt.Errorf("%s: %w", o.name, err)
			}
		}
		return nil
	})
	return err
}

// makeObjects makes constraints and indexes in one transaction, which takes nothing else
// beside it; one by one where what is there forbids one of them.
func (s *Store) makeObjects(ctx context.Context, list []object) (made []object, drift []Drift, err error) {
	if err = s.makeOne(ctx, list...); err == nil {
		return list, nil, nil
	} else if !isForbidden(err) {
		return nil, nil, err
	}
	for _, o := range list {
		err := s.makeOne(ctx, o)
		if isForbidden(err) && o.typ.Valid() {
			if err = s.setApart(ctx, o.typ); err == nil {
				err = s.makeOne(ctx, o)
			}
		}
		switch {
		case err == nil:
			made = append(made, o)
		case o.spare && isForbidden(err):
			drift = append(drift, Drift{o.name, o.text(), forbids(err)})
		default:
			return nil, nil, fmt.Errorf("%s: %w", o.name, err)
		}
	}
	return made, drift, nil
}

func (s *Store) makeOne(ctx context.Context, list ...object) error {
	_, err := s.transact(ctx, neo4j.AccessModeWrite, func(r runner) error {
		for _, o := range list {
			if _, err := r.run(ctx, o.statement, o.fill, nil); err != nil {
				return err
			}
		}
		return nil
	})
	return err
}

// lacksIndex reports that somebody dropped the index that a statement asks by its name.
func lacksIndex(err error) bool {
	server, ok := errors.AsType[*neo4j.Neo4jError](err)
	return ok && server.Code == codeProcedure && strings.Contains(server.Msg, "no such fulltext schema index")
}

// mend makes what is missing of the schema when it is missed.
func (s *Store) mend(ctx context.Context) error {
	unlock, err := s.lock(ctx)
	if err != nil {
		return err
	}
	defer unlock()
	return s.remake(ctx)
}

// isForbidden reports that a constraint cannot be made because of what is there.
func isForbidden(err error) bool {
	server, ok := errors.AsType[*neo4j.Neo4jError](err)
	return ok && (strings.HasSuffix(server.Code, ".ConstraintCreationFailed") || server.Code == codeConstraint)
}

// forbids shortens what the server says about it: the sentence that names the two.
func forbids(err error) string {
	server, ok := errors.AsType[*neo4j.Neo4jError](err)
	if !ok {
		return err.Error()
	}
	lines := strings.Split(strings.TrimSpace(server.Msg), "\n")
	text, _, _ := strings.Cut(lines[len(lines)-1], " Note that only")
	return text
}

// await waits until every index holds what it should. Of those that cannot it drops what
// can be spared, and returns it.
func (s *Store) await(ctx context.Context) (drift []Drift, err error) {
	_, err = s.transact(ctx, neo4j.AccessModeWrite, func(r runner) error {
		_, err := r.run(ctx, "migrate_await", nil, nil)
		return err
	})
	if err == nil || ctx.Err() != nil {
		return nil, err
	}
	have, failure := s.schemaNow(ctx)
	if failure != nil {
		return nil, errors.Join(err, failure)
	}
	var failed []object
	for _, o := range wanted() {
		switch p := have[o.name]; {
		case p.failed == "":
		case !o.spare:
			return nil, fmt.Errorf("%s: %s: %w", o.name, p.failed, err)
		default:
			failed = append(failed, o)
			drift = append(drift, Drift{o.name, o.text(), p.failed})
		}
	}
	if len(failed) == 0 {
		return nil, err
	}
	return drift, s.drop(ctx, failed)
}

// setApart takes the id from relationships of a type that have one in common with another.
// The one keeps it that the store serves, of several the one that derives it, then the
// first. The others are looked at like any relationship without an id.
func (s *Store) setApart(ctx context.Context, typ graph.TieType) error {
	fill := parts{"TYPE": word(typ.String())}
	for {
		var elements []string
		_, err := s.transact(ctx, neo4j.AccessModeWrite, func(r runner) error {
			elements = nil
			doubled, err := r.run(ctx, "doubled_ties", fill, map[string]any{"limit": s.conf.BatchSize})
			if err != nil || len(doubled) == 0 {
				return err
			}
			ids := make([]any, len(doubled))
			for i, row := range doubled {
				ids[i] = row.Values[0]
			}
			rows, err := r.run(ctx, "ties_of_ids", fill, map[string]any{"ids": ids})
			if err != nil {
				return err
			}
			elements = doubles(rows)
			_, err = r.run(ctx, "set_apart", nil, map[string]any{"elements": elements})
			return err
		})
		if err != nil || len(elements) == 0 {
			return err
		}
		s.conf.Log.WarnContext(ctx, "relationships with the id of another were set apart: the id is in _double", slog.String("type", typ.String()), slog.Int("count", len(elements)))
	}
}

// doubles lists the relationships that do not keep their ids.
func doubles(rows []*neo4j.Record) (elements []string) {
	type claim struct {
		element string
		rank    int
	}
	keeps := map[string]claim{}
	for _, row := range rows {
		t, rel, _ := tieOf(row)
		c := claim{element: rel.ElementId}
		if row.Values[3] == true {
			c.rank++
		}
		if _, settled := rel.Props[propStartEarliest]; settled {
			c.rank++
		}
		if t.ID != "" && t.ID == graph.TieID(t) {
			c.rank++
		}
		id := fmt.Sprintf("%T %v", rel.Props[propID], rel.Props[propID])
		switch first, ok := keeps[id]; {
		case !ok:
			keeps[id] = c
		case c.rank > first.rank:
			elements = append(elements, first.element)
			keeps[id] = c
		default:
			elements = append(elements, c.element)
		}
	}
	return elements
}
