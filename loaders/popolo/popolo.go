//nolint:misspell // Popolo spells its collection "organizations"
package popolo

import (
	"bytes"
	"cmp"
	"context"
	"encoding/json"
	"iter"
	"regexp"
	"slices"
	"strings"

	"entangle/graph"
	"entangle/loaders"
)

// Format reads Popolo JSON.
type Format struct{}

// Properties describes the format.
func (Format) Properties() loaders.Properties {
	return loaders.Properties{
		Name: "popolo", Title: "Popolo JSON (EveryPolitician)", Extensions: []string{"json"},
		Docs: "Legislatures: persons, organizations, memberships, posts, areas and events. A seat becomes a post that its member HOLDS; a party membership becomes MEMBER_OF.",
	}
}

// cutHead is the length from which a head may end in the middle.
const cutHead = 64 << 10

// Detect looks for Popolo's collections among the members of the top-level
// object, as far as the head goes.
func (Format) Detect(head []byte) loaders.Match {
	dec := json.NewDecoder(bytes.NewReader(head))
	if token, err := dec.Token(); err != nil || token != json.Delim('{') {
		return loaders.Match{}
	}
	for dec.More() {
		token, err := dec.Token()
		if err != nil {
			break
		}
		key, _ := token.(string)
		if slices.Contains(collections[:3], key) {
			return loaders.Match{Score: 80, Part: "popolo"}
		}
		var skip json.RawMessage
		if dec.Decode(&skip) != nil { // the head ends inside the value
			if slices.Contains(collections, key) && len(head) >= cutHead {
				return loaders.Match{Score: 40, Part: "popolo"}
			}
			break
		}
	}
	return loaders.Match{}
}

// Read streams the file's objects as records.
func (Format) Read(ctx context.Context, in loaders.Content) iter.Seq2[loaders.Record, error] {
	return func(yield func(loaders.Record, error) bool) {
		f := newFile(in)
		var kept []object
		fault := scan(ctx, in, func(c string) bool { return c != "persons" && c != "memberships" }, f.meta, func(obj object) bool {
			f.learn(obj)
			kept = append(kept, obj)
			return true
		})
		f.prepare()
		row := 0
		emit := func(obj object) bool {
			row++
			rec := loaders.Record{Row: row, Line: obj.line, Collection: obj.collection}
			f.record(obj, &rec)
			return yield(rec, nil)
		}
		for _, obj := range kept {
			if !emit(obj) {
				return
			}
		}
		stopped := false
		for _, collection := range []string{"persons", "memberships"} {
			// A fault is met in every reading: it is told once, at the end.
			err := scan(ctx, in, func(c string) bool { return c == collection }, nil, func(obj object) bool {
				stopped = !emit(obj)
				return !stopped
			})
			if stopped {
				return
			}
			if err != nil {
				fault = err
			}
		}
		if fault != nil {
			yield(loaders.Record{}, fault)
		}
	}
}

// file is what is known of a file before its persons are read.
type file struct {
	in    loaders.Content
	scope string
	// sources are the addresses that meta names.
	sources []string
	source  graph.Node // the file itself, cited by every tie
	orgs    map[string]org
	posts   map[string]post
	areas   map[string]string // id → name
	terms   map[string]term
}

type org struct {
	name, class string
	kind        graph.Kind
	typ         string
	wikidata    string
	key         graph.ID
}

type post struct{ org, label string }

type term struct{ name, start, end string }

func newFile(in loaders.Content) *file {
	return &file{in: in, orgs: map[string]org{}, posts: map[string]post{}, areas: map[string]string{}, terms: map[string]term{}}
}

func (f *file) meta(key string, value json.RawMessage) {
	if key != "meta" {
		return
	}
	var meta struct {
		Source  string   `json:"source"`
		Sources []string `json:"sources"`
	}
	if json.Unmarshal(value, &meta) == nil {
		f.sources = slices.DeleteFunc(append(meta.Sources, meta.Source), func(s string) bool { return s == "" })
	}
}

// learn keeps what other objects point to. What is wrong with an object is
// found when it is read as a record.
func (f *file) learn(obj object) {
	v := newFields(obj, &loaders.Record{})
	id := v.str("id")
	if id == "" || obj.bad != "" {
		return
	}
	switch obj.collection {
	case "organizations":
		o := org{name: v.str("name"), class: v.str("classification")}
		o.kind, o.typ = classify(o.class)
		for _, ident := range v.list("identifiers") {
			if ident["scheme"] == "wikidata" {
				o.wikidata = ident["identifier"]
			}
		}
		f.orgs[id] = o
	case "posts":
		f.posts[id] = post{org: v.str("organization_id"), label: cmp.Or(v.str("label"), v.str("role"))}
	case "areas":
		f.areas[id] = v.str("name")
	case "events":
		f.terms[id] = term{name: v.str("name"), start: v.date("start_date"), end: v.date("end_date")}
	}
}

var uuidPattern = regexp.MustCompile(`^[0-9a-fA-F]{8}(-[0-9a-fA-F]{4}){3}-[0-9a-fA-F]{12}$`)

// prepare settles the scope: ids such as "legislature" or "party/x" mean
// something only within a country's file. The scope is the dataset that the
// user named, else the legislature's Wikidata id, else the file's source, else
// the file's name: so that a later edition of the file keeps its ids.
func (f *file) prepare() {
	f.scope = f.in.Dataset
	if !f.in.Named {
		var houses []string
		for _, o := range f.orgs {
			if o.typ == "legislature" && o.wikidata != "" {
				houses = append(houses, o.wikidata)
			}
		}
		slices.Sort(houses)
		slices.Sort(f.sources)
		switch {
		case len(houses) > 0:
			f.scope = strings.Join(houses, "+")
		case len(f.sources) > 0:
			f.scope = f.sources[0]
		}
	}
	title := f.in.Dataset
	f.source = graph.Node{
		ID: graph.DeriveID(graph.Source, "popolo", f.scope), Kind: graph.Source, Types: []string{"dataset"},
		Names: []graph.Name{loaders.NameOf("Popolo dataset "+title, graph.PrimaryName)},
	}
	if len(f.sources) > 0 {
		f.source.Props = f.source.Props.Set("url", f.sources[0])
	}
	for id, o := range f.orgs {
		o.key = f.id(o.kind, id)
		f.orgs[id] = o
	}
}

// id derives a node's id; a UUID means the same thing in every file.
func (f *file) id(kind graph.Kind, id string) graph.ID {
	if uuidPattern.MatchString(id) {
		return graph.DeriveID(kind, "popolo", strings.ToLower(id))
	}
	return graph.DeriveID(kind, "popolo", f.scope, id)
}

// classes maps an organization's classification.
var classes = map[string]struct {
	kind graph.Kind
	typ  string
}{
	"legislature": {graph.Institution, "legislature"}, "chamber": {graph.Institution, "legislature"},
	"upper house": {graph.Institution, "legislature"}, "lower house": {graph.Institution, "legislature"},
	"executive": {graph.Institution, "government"}, "government": {graph.Institution, "government"}, "cabinet": {graph.Institution, "government"},
	"ministry": {graph.Institution, "ministry"}, "department": {graph.Institution, "ministry"}, "agency": {graph.Institution, "agency"},
	"committee": {graph.Institution, "commission"}, "commission": {graph.Institution, "commission"}, "court": {graph.Institution, "court"},
	"council": {graph.Institution, "council"},
	"party":   {graph.Group, "party"}, "political party": {graph.Group, "party"}, "faction": {graph.Group, "party"},
	"parliamentary group": {graph.Group, "bloc"}, "bloc": {graph.Group, "bloc"}, "coalition": {graph.Group, "bloc"},
	"alliance": {graph.Group, "bloc"}, "company": {graph.Group, "company"},
}

// classify returns the kind and type of an organization; what is not in the
// table is a group without a type.
func classify(class string) (graph.Kind, string) {
	if c, ok := classes[strings.ToLower(strings.TrimSpace(class))]; ok {
		return c.kind, c.typ
	}
	return graph.Group, ""
}
