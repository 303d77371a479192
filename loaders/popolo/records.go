//nolint:misspell // Popolo spells its collection "organizations"
package popolo

import (
	"cmp"
	"encoding/json"
	"strconv"
	"strings"

	"entangle/graph"
	"entangle/loaders"
)

// record makes the record of one object.
func (f *file) record(obj object, rec *loaders.Record) {
	if obj.bad != "" {
		rec.Bad(loaders.Place{Line: obj.line}, loaders.CodeSyntax, obj.bad)
		return
	}
	v := newFields(obj, rec)
	rec.Locate = v.locate
	switch obj.collection {
	case "persons":
		f.person(v)
	case "organizations":
		f.organization(v)
	case "memberships":
		f.membership(v)
	case "posts":
		f.post(v)
	case "areas":
		f.area(v)
	case "events":
		f.event(v)
	}
	v.rest(f.in.Denied)
	if obj.collection == "memberships" || len(rec.Ties) > 0 {
		rec.Stubs = append(rec.Stubs, f.source)
	}
}

// locate finds the field behind one that validation names.
func (f *fields) locate(field string) loaders.Place {
	other := map[string]string{
		"names": "name", "nameLangs": "other_names", "born": "birth_date", "died": "death_date", "source": "sources", "founded": "founding_date", "dissolved": "dissolution_date",
		"authorisedPosts": "seats", "date": "start_date", "ended": "end_date", "end": "end_date", "start": "start_date", "constituency": "area_id", "onBehalfOf": "on_behalf_of_id",
	}
	if key, ok := other[field]; ok {
		return f.place(key)
	}
	return f.place(field)
}

// ident reads the id, which every object but a membership needs.
func (f *fields) ident() string {
	id := f.str("id")
	if id == "" {
		f.rec.Bad(f.place("id"), loaders.CodeValue, "an object without an id")
	}
	return id
}

// node starts a node: names, identifiers, sources.
func (f *file) node(v *fields, kind graph.Kind) graph.Node {
	id := v.ident()
	n := graph.Node{ID: f.id(kind, id), Kind: kind}
	name := v.str("name")
	if name == "" {
		v.rec.Bad(v.place("name"), loaders.CodeValue, "an object without a name")
	}
	n.Names = append(n.Names, loaders.NameOf(name, graph.PrimaryName))
	for _, other := range v.list("other_names") {
		if other["name"] != "" {
			n.Names = append(n.Names, otherName(other, n.Names[0]))
		}
	}
	if uuidPattern.MatchString(id) {
		n.Aliases = append(n.Aliases, "popolo:"+strings.ToLower(id))
	}
	for _, ident := range v.list("identifiers") {
		if f.in.Denied(ident["scheme"]) {
			v.rec.Notes = append(v.rec.Notes, loaders.Note{Field: v.collection + ".identifiers." + ident["scheme"], Text: "not loaded: on the privacy list"})
			continue
		}
		if ident["scheme"] != "" && ident["identifier"] != "" {
			n.Aliases = append(n.Aliases, ident["scheme"]+":"+ident["identifier"])
		}
	}
	for _, src := range v.list("sources") {
		url := src["url"]
		if url == "" {
			continue
		}
		page := graph.Node{ID: graph.DeriveID(graph.Source, "url", url), Kind: graph.Source, Names: []graph.Name{{Text: cmp.Or(src["note"], url), Kind: graph.PrimaryName}}}
		page.Props = page.Props.Set("url", url)
		v.rec.Stubs = append(v.rec.Stubs, page)
		n.Citations = append(n.Citations, graph.Citation{Source: page.ID})
	}
	if len(n.Citations) == 0 {
		n.Citations = []graph.Citation{{Source: f.source.ID}}
		v.rec.Stubs = append(v.rec.Stubs, f.source)
	}
	return n
}

// otherName reads a name that Popolo lists besides the main one. In another
// script than the main one it is a transliteration.
func otherName(other map[string]string, main graph.Name) graph.Name {
	name := loaders.NameOf(other["name"], graph.AliasName)
	name.Lang = other["lang"]
	if other["note"] == "multilingual" && name.Script != main.Script && name.Script != "" {
		name.Kind = graph.TransliteralName
	}
	return name
}

func (f *file) person(v *fields) {
	n := f.node(v, graph.Person)
	n.Props = n.Props.Set("born", v.date("birth_date")).Set("died", v.date("death_date")).Set("gender", strings.TrimSpace(v.str("gender")))
	n.Props = n.Props.Set("summary", strings.TrimSpace(cmp.Or(v.str("summary"), v.str("biography"))))
	v.rec.Nodes = []graph.Node{n}
}

func (f *file) organization(v *fields) {
	kind, typ := classify(v.str("classification"))
	n := f.node(v, kind)
	if typ != "" {
		n.Types = []string{typ}
	} else if class := v.str("classification"); class != "" {
		v.rec.Notes = append(v.rec.Notes, loaders.Note{Field: "organizations.classification " + class, Text: "not known: taken as a group without a type"})
	}
	n.Props = n.Props.Set("founded", v.date("founding_date")).Set("dissolved", v.date("dissolution_date"))
	if seats := v.str("seats"); seats != "" && kind == graph.Institution {
		if _, err := strconv.Atoi(seats); err != nil {
			v.rec.Bad(v.place("seats"), loaders.CodeValue, "not a whole number")
		}
		n.Props = n.Props.Set("authorisedPosts", seats)
	}
	v.rec.Nodes = []graph.Node{n}
	if typ == "legislature" {
		seat, in := f.memberPost(n.ID, n.Name())
		seat.Props = seat.Props.Set("seats", n.Props.Text("authorisedPosts"))
		v.rec.Nodes = append(v.rec.Nodes, seat)
		v.rec.Ties = append(v.rec.Ties, in)
	}
	if parent := v.str("parent_id"); parent != "" {
		t := f.tie(graph.PartOf, n.ID, f.orgRef(parent), "id", "parent_id")
		v.rec.Ties = append(v.rec.Ties, t)
	}
}

// orgRef is the id of an organization; one that the file does not have gets an
// id that leads nowhere and is told as missing.
func (f *file) orgRef(id string) graph.ID {
	if o, ok := f.orgs[id]; ok {
		return o.key
	}
	return graph.ID("popolo:" + id)
}

// memberPost is the seat of a member, one post for all of a house.
func (f *file) memberPost(house graph.ID, name string) (graph.Node, loaders.Tie) {
	return f.postOf(house, "Member", name)
}

// postOf is a post of an institution that the file names by a role only.
func (f *file) postOf(body graph.ID, role, name string) (graph.Node, loaders.Tie) {
	seat := graph.Node{
		ID: graph.DeriveID(graph.Post, "popolo", string(body), role), Kind: graph.Post,
		Names:     []graph.Name{loaders.NameOf(role+" of "+name, graph.PrimaryName)},
		Citations: []graph.Citation{{Source: f.source.ID}},
	}
	return seat, f.tie(graph.PostIn, seat.ID, body, "", "organization_id")
}

// tie makes a tie that rests on the file.
func (f *file) tie(typ graph.TieType, from, to graph.ID, fromField, toField string) loaders.Tie {
	return loaders.Tie{
		Tie:       graph.Tie{Type: typ, From: from, To: to, Citations: []graph.Citation{{Source: f.source.ID}}},
		FromField: fromField, ToField: toField,
	}
}

func (f *file) post(v *fields) {
	label, role := v.str("label"), v.str("role")
	if v.fields["name"] == nil && cmp.Or(label, role) != "" {
		v.fields["name"], _ = json.Marshal(cmp.Or(label, role)) // Popolo names posts by label
	}
	n := f.node(v, graph.Post)
	n.Props = n.Props.Set("title", strings.TrimSpace(cmp.Or(role, label)))
	v.rec.Nodes = []graph.Node{n}
	if body := v.str("organization_id"); body != "" {
		if o, ok := f.orgs[body]; ok && o.kind == graph.Group {
			v.rec.Notes = append(v.rec.Notes, loaders.Note{Field: "posts.organization_id", Text: "not loaded: a post in a group, not in an institution"})
			return
		}
		t := f.tie(graph.PostIn, n.ID, f.orgRef(body), "id", "organization_id")
		t.Span = v.span("start_date", "end_date")
		v.rec.Ties = []loaders.Tie{t}
	}
}

func (f *fields) span(start, end string) graph.Span {
	return spanOf(f.date(start), f.date(end))
}

// spanOf reads dates that were cleaned before.
func spanOf(start, end string) graph.Span {
	s, _ := graph.ParseDate(start)
	e, _ := graph.ParseDate(end)
	return graph.Span{Start: s, End: e}
}

func (f *file) area(v *fields) {
	n := f.node(v, graph.Place)
	n.Types = []string{strings.ReplaceAll(strings.ToLower(cmp.Or(v.str("type"), v.str("classification"), "area")), " ", "_")}
	if id := v.str("identifier"); id != "" {
		n.Aliases = append(n.Aliases, "area:"+id)
	}
	if raw, ok := v.fields["geometry"]; ok {
		var point struct {
			Type        string
			Coordinates []float64
		}
		if json.Unmarshal(raw, &point) == nil && point.Type == "Point" && len(point.Coordinates) >= 2 {
			v.used["geometry"] = true
			n.Props = n.Props.Set("lon", strconv.FormatFloat(point.Coordinates[0], 'g', -1, 64))
			n.Props = n.Props.Set("lat", strconv.FormatFloat(point.Coordinates[1], 'g', -1, 64))
		}
	}
	v.rec.Nodes = []graph.Node{n}
	if parent := v.str("parent_id"); parent != "" {
		v.rec.Ties = []loaders.Tie{f.tie(graph.PartOf, n.ID, f.id(graph.Place, parent), "id", "parent_id")}
	}
}

func (f *file) event(v *fields) {
	n := f.node(v, graph.Event)
	class := strings.ToLower(v.str("classification"))
	switch class {
	case "":
	case "legislative period":
		n.Types = []string{"term"}
	default:
		n.Types = []string{strings.ReplaceAll(class, " ", "_")}
	}
	n.Props = n.Props.Set("date", v.date("start_date")).Set("ended", v.date("end_date"))
	v.rec.Nodes = []graph.Node{n}
	if body := v.str("organization_id"); body != "" {
		v.rec.Ties = []loaders.Tie{f.tie(graph.InvolvedIn, f.orgRef(body), n.ID, "organization_id", "id")}
	}
}
