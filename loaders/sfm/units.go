package sfm

import (
	"regexp"
	"slices"
	"strings"

	"entangle/graph"
	"entangle/loaders"
)

var unitColumns = []string{
	"unit:name", "unit:other_names", "unit:classification", "unit:country", "unit:first_cited_date", "unit:first_cited_date_start",
	"unit:last_cited_date", "unit:last_cited_date_open", "unit:relation_type", "unit:related_unit_id:admin", "unit:related_unit",
	"unit:related_unit_class", "unit:related_unit_first_cited_date", "unit:related_unit_first_cited_date_start",
	"unit:related_unit_last_cited_date", "unit:related_unit_open", "unit:location_type", "unit:base_name", "unit:location",
	"unit:location_first_cited_date", "unit:location_first_cited_date_founding", "unit:location_last_cited_date", "unit:location_open",
}

// unitRow reads the unit, its relation and its location.
func (l *line) unitRow() []loaders.Record {
	records := []loaders.Record{l.unit()}
	if l.any("unit:relation_type", "unit:related_unit_id:admin", "unit:related_unit") {
		records = append(records, l.relation())
	}
	if l.any("unit:location_type", "unit:base_name", "unit:location") {
		records = append(records, l.location())
	}
	return records
}

func (l *line) any(columns ...string) bool {
	return slices.ContainsFunc(columns, func(c string) bool { return l.get(c) != "" })
}

func (l *line) unit() loaders.Record {
	rec := l.record("units", map[string]string{
		"id": "unit:id:admin", "names": "unit:name", "types": "unit:classification", "country": "unit:country",
		"founded": "unit:first_cited_date", "dissolved": "unit:last_cited_date", "source": "unit:name:source",
	})
	name := l.get("unit:name")
	n := graph.Node{ID: id(l.get("unit:id:admin")), Kind: graph.Institution, Names: names(name, l.get("unit:other_names"))}
	placeholder := strings.HasPrefix(strings.ToLower(name), "unknown ")
	for _, class := range list(l.get("unit:classification")) {
		if typ := oneWord(class); typ == "placeholder" {
			placeholder = true
		} else if !slices.Contains(n.Types, typ) {
			n.Types = append(n.Types, typ)
		}
	}
	if !slices.Contains(n.Types, "government") && !slices.Contains(n.Types, "unit") {
		n.Types = append(n.Types, "unit")
	}
	if placeholder {
		n.Props = n.Props.Set("placeholder", "true")
	}
	n.Props = n.Props.Set("country", strings.ToUpper(l.get("unit:country")))
	if l.flag(rec, "unit:first_cited_date_start", "YN") == "Y" {
		n.Props = n.Props.Set("founded", l.date(rec, "unit:first_cited_date").Text)
	}
	if l.flag(rec, "unit:last_cited_date_open", "YNE") == "E" {
		n.Props = n.Props.Set("dissolved", l.date(rec, "unit:last_cited_date").Text)
	}
	n.Citations = l.cite(rec, "unit:name", "unit:other_names", "unit:classification", "unit:country", "unit:first_cited_date", "unit:last_cited_date")
	rec.Nodes = []graph.Node{n}
	return *rec
}

// names are the name and the other names, between semicolons.
func names(name, others string) []graph.Name {
	var out []graph.Name
	if name != "" {
		out = append(out, loaders.NameOf(name, graph.PrimaryName))
	}
	for _, other := range list(others) {
		if other != name {
			out = append(out, loaders.NameOf(other, graph.AliasName))
		}
	}
	return out
}

// oneWord writes a classification as a type: "Joint Task Force" becomes
// joint_task_force.
func oneWord(class string) string {
	return strings.Join(strings.FieldsFunc(strings.ToLower(class), func(r rune) bool { return r == ' ' || r == '\t' || r == '-' || r == '\u00a0' }), "_")
}

// relation reads the unit's place under another, or its membership in one. A
// member keeps its own chain of command, so the relation is informal.
func (l *line) relation() loaders.Record {
	d := dates{
		first: "unit:related_unit_first_cited_date", last: "unit:related_unit_last_cited_date",
		start: "unit:related_unit_first_cited_date_start", open: "unit:related_unit_open",
	}
	const unit, related, class = "unit:id:admin", "unit:related_unit_id:admin", "unit:related_unit_class"
	rec := l.record("relations", d.fields(map[string]string{"class": class, "source": "unit:related_unit:source"}))
	t := loaders.Tie{FromField: unit, ToField: related}
	t.Type, t.From, t.To = graph.PartOf, id(l.get(unit)), id(l.get(related))
	if t.To == "" {
		rec.Bad(l.row.Place(related), loaders.CodeValue, "a relation without the other unit's id")
	}
	switch kind := strings.ToLower(l.get("unit:relation_type")); kind {
	case "child":
		switch c := strings.ToLower(l.get(class)); c {
		case "", "command", "administrative", "informal":
			t.Props = t.Props.Set("class", c)
		default:
			rec.Bad(l.row.Place(class), loaders.CodeValue, "not one of Command, Administrative, Informal")
		}
	case "member":
		t.Props = t.Props.Set("class", "informal")
		t.Note = "member"
	default:
		rec.Bad(l.row.Place("unit:relation_type"), loaders.CodeValue, "not one of child, member")
	}
	t.Span = l.span(rec, d)
	t.Citations = l.cite(rec, "unit:related_unit", class, d.first, d.last)
	t.Confidence = l.confidence(rec, "unit:related_unit", class)
	rec.Ties = []loaders.Tie{t}
	return *rec
}

// placePattern reads "Ciudad Juárez (osm, point) 48912ae1-bd01-…".
var placePattern = regexp.MustCompile(`^(.*?)\s*(?:\([^()]*\))?\s*([0-9a-fA-F]{8}(?:-[0-9a-fA-F]{4}){3}-[0-9a-fA-F]{12})?$`)

// location reads a site or an area of operations. A named base is a place in
// the location.
func (l *line) location() loaders.Record {
	d := dates{
		first: "unit:location_first_cited_date", last: "unit:location_last_cited_date",
		start: "unit:location_first_cited_date_founding", open: "unit:location_open",
	}
	const unit, where, base = "unit:id:admin", "unit:location", "unit:base_name"
	rec := l.record("locations", d.fields(map[string]string{"form": "unit:location_type", "source": where + ":source", "names": where}))
	at := loaders.Tie{FromField: unit, ToField: where}
	at.Type, at.From = graph.LocatedAt, id(l.get(unit))
	switch kind := strings.ToLower(l.get("unit:location_type")); kind {
	case "site":
		at.Props = at.Props.Set("form", "site")
	case "aoo":
		at.Props = at.Props.Set("form", "area_of_operations")
	default:
		rec.Bad(l.row.Place("unit:location_type"), loaders.CodeValue, "not one of site, aoo")
	}
	at.Citations = l.cite(rec, where, base, d.first, d.last)
	at.Confidence = l.confidence(rec, where, base)
	at.Span = l.span(rec, d)
	var area graph.Node
	if cell := l.get(where); cell != "" {
		m := placePattern.FindStringSubmatch(cell)
		name := m[1]
		area = graph.Node{ID: id(m[2]), Kind: graph.Place, Types: []string{"area"}, Citations: l.cite(rec, where)}
		if name == "" {
			name = cell
		}
		if area.ID == "" {
			area.ID = graph.DeriveID(graph.Place, "sfm", name)
		}
		area.Names = []graph.Name{loaders.NameOf(name, graph.PrimaryName)}
		rec.Nodes = append(rec.Nodes, area)
		at.To = area.ID
	}
	if name := l.get(base); name != "" {
		site := graph.Node{
			ID: graph.DeriveID(graph.Place, "sfm", "base", name, string(area.ID)), Kind: graph.Place, Types: []string{"base"},
			Names: []graph.Name{loaders.NameOf(name, graph.PrimaryName)}, Citations: l.cite(rec, base),
		}
		rec.Nodes = append(rec.Nodes, site)
		at.To, at.ToField = site.ID, base
		if area.ID != "" {
			rec.Ties = append(rec.Ties, loaders.Tie{
				Tie:       graph.Tie{Type: graph.PartOf, From: site.ID, To: area.ID, Citations: l.cite(rec, where), Confidence: at.Confidence},
				FromField: base, ToField: where,
			})
		}
	}
	if at.To == "" {
		rec.Bad(l.row.Place(where), loaders.CodeValue, "a location without a place")
	}
	rec.Ties = append(rec.Ties, at)
	return *rec
}
