package sfm

import (
	"cmp"
	"strings"

	"entangle/graph"
	"entangle/loaders"
)

var (
	personColumns = []string{
		"person:name", "person:other_names", "person:country", "person:posting_unit_id:admin", "person:posting_unit_name",
		"person:posting_role", "person:posting_title", "person:posting_rank", "person:posting_first_cited_date",
		"person:posting_first_cited_date_start", "person:posting_first_cited_date_start_context", "person:posting_last_cited_date",
		"person:posting_last_cited_date_end", "person:posting_last_cited_date_end_context",
	}
	extraColumns = []string{
		"person_extra:name", "person_extra:gender", "person_extra:date_of_birth", "person_extra:deceased", "person_extra:deceased_date",
	}
	sourceColumns = []string{
		"source:restricted:admin", "source:type", "source:title", "source:author", "source:url", "source:published_timestamp",
		"source:access_point_trigger", "source:archive_url", "source:publication_name",
	}
)

// rulePosting gives the tie of a post to its unit: the sheets have no posts.
const rulePosting = "sfm-posting/1"

// personRow reads the person and a posting.
func (l *line) personRow() []loaders.Record {
	rec := l.record("persons", map[string]string{
		"id": "person:id:admin", "names": "person:name", "country": "person:country", "source": "person:name:source",
	})
	n := graph.Node{ID: id(l.get("person:id:admin")), Kind: graph.Person, Names: names(l.get("person:name"), l.get("person:other_names"))}
	n.Props = n.Props.Set("country", strings.ToUpper(l.get("person:country")))
	n.Citations = l.cite(rec, "person:name", "person:other_names", "person:country")
	rec.Nodes = []graph.Node{n}
	records := []loaders.Record{*rec}
	if l.any("person:posting_unit_id:admin", "person:posting_unit_name", "person:posting_role", "person:posting_title", "person:posting_rank") {
		records = append(records, l.posting())
	}
	return records
}

// posting makes a post of a role in a unit, which every person in the role
// holds in turn. The post is named by the role, else by the title or the rank.
func (l *line) posting() loaders.Record {
	const unit, unitName, role, title, rank = "person:posting_unit_id:admin", "person:posting_unit_name",
		"person:posting_role", "person:posting_title", "person:posting_rank"
	d := dates{
		first: "person:posting_first_cited_date", last: "person:posting_last_cited_date",
		start: "person:posting_first_cited_date_start", end: "person:posting_last_cited_date_end",
	}
	rec := l.record("postings", d.fields(map[string]string{"names": role, "rank": rank, "note": title, "source": "person:posting_unit:source"}))
	body := id(l.get(unit))
	if body == "" {
		rec.Bad(l.row.Place(unit), loaders.CodeValue, "a posting without the unit's id")
	}
	seat, acting := strings.CutPrefix(cmp.Or(l.get(role), l.get(title), l.get(rank), "Member"), "Acting ")
	post := graph.Node{
		ID: graph.DeriveID(graph.Post, "sfm", string(body), strings.ToLower(seat)), Kind: graph.Post,
		Names: []graph.Name{loaders.NameOf(seat+" of "+cmp.Or(l.get(unitName), l.get(unit)), graph.PrimaryName)},
	}
	post.Props = post.Props.Set("title", seat)
	hold := loaders.Tie{FromField: "person:id:admin", ToField: role}
	hold.Type, hold.From, hold.To = graph.Holds, id(l.get("person:id:admin")), post.ID
	hold.Props = hold.Props.Set("rank", l.get(rank))
	if acting {
		hold.Props = hold.Props.Set("acting", "true")
	}
	hold.Span = l.span(rec, d)
	hold.Citations = l.cite(rec, "person:posting_unit", role, title, rank, d.first, d.last)
	hold.Confidence = l.confidence(rec, "person:posting_unit", role)
	var notes []string
	for _, n := range []struct{ label, column string }{
		{"title: ", title}, {"start: ", d.start + "_context"}, {"end: ", d.end + "_context"},
	} {
		if text := l.get(n.column); text != "" {
			notes = append(notes, n.label+text)
		}
	}
	hold.Note = strings.Join(notes, "; ")
	in := loaders.Tie{FromField: role, ToField: unit}
	in.Tie = graph.Tie{
		Type: graph.PostIn, From: post.ID, To: body, Derived: true, DerivedBy: rulePosting,
		Confidence: graph.Confidence{Value: 1, Rule: rulePosting},
	}
	rec.Nodes, rec.Ties = []graph.Node{post}, []loaders.Tie{hold, in}
	return *rec
}

// extraRow reads what persons_extra adds to a person.
func (l *line) extraRow() []loaders.Record {
	rec := l.record("persons_extra", map[string]string{
		"id": "person_extra:id:admin", "names": "person_extra:name", "born": "person_extra:date_of_birth",
		"died": "person_extra:deceased_date", "gender": "person_extra:gender", "source": "person_extra:gender:source",
	})
	n := graph.Node{ID: id(l.get("person_extra:id:admin")), Kind: graph.Person, Names: names(l.get("person_extra:name"), "")}
	n.Props = n.Props.Set("gender", strings.ToLower(l.get("person_extra:gender")))
	n.Props = n.Props.Set("born", l.date(rec, "person_extra:date_of_birth").Text)
	n.Props = n.Props.Set("died", l.date(rec, "person_extra:deceased_date").Text)
	l.flag(rec, "person_extra:deceased", "YN")
	n.Citations = l.cite(rec, "person_extra:gender", "person_extra:date_of_birth", "person_extra:deceased", "person_extra:deceased_date")
	rec.Nodes = []graph.Node{n}
	return []loaders.Record{*rec}
}

// sourceRow reads one access point of a source: a page of a document, a part of
// a recording. It is what the other sheets cite.
func (l *line) sourceRow() []loaders.Record {
	rec := l.record("sources", map[string]string{
		"id": "source:access_point_id:admin", "names": "source:title", "types": "source:type", "publisher": "source:publication_name",
		"title": "source:title", "date": "source:published_timestamp", "url": "source:url", "archiveUrl": "source:archive_url",
	})
	if restricted := l.get("source:restricted:admin"); restricted != "" && restricted != "0" {
		rec.Bad(l.row.Place("source:restricted:admin"), loaders.CodeUnpublished, "not published: the source is restricted")
		return []loaders.Record{*rec}
	}
	title := l.get("source:title")
	name := cmp.Or(title, l.get("source:publication_name"), l.get("source:url"), l.get("source:access_point_id:admin"))
	n := graph.Node{ID: id(l.get("source:access_point_id:admin")), Kind: graph.Source, Names: names(name, "")}
	if typ := oneWord(l.get("source:type")); typ != "" {
		n.Types = []string{typ}
	}
	n.Props = n.Props.Set("title", title).Set("publisher", l.get("source:publication_name")).Set("url", l.get("source:url"))
	n.Props = n.Props.Set("archiveUrl", l.get("source:archive_url")).Set("date", l.date(rec, "source:published_timestamp").Text)
	var about []string
	if author := l.get("source:author"); author != "" {
		about = append(about, "by "+author)
	}
	if page := l.get("source:access_point_trigger"); page != "" {
		about = append(about, "at "+page)
	}
	n.Props = n.Props.Set("summary", strings.Join(about, ", "))
	rec.Nodes = []graph.Node{n}
	return []loaders.Record{*rec}
}
