package popolo

import (
	"cmp"
	"strings"

	"entangle/graph"
	"entangle/loaders"
)

// membership makes the ties of one membership: to the body or the post, and to
// the group on whose behalf it is held.
func (f *file) membership(v *fields) {
	v.str("id") // memberships often have none, and their ties derive theirs
	member, kind, memberField := f.member(v)
	body, postID, party := v.str("organization_id"), v.str("post_id"), v.str("on_behalf_of_id")
	role := strings.TrimSpace(cmp.Or(v.str("role"), v.str("label")))
	if kind == 0 {
		return
	}
	span, observed := f.span(v)
	o, known := f.orgs[body]
	switch {
	case postID != "" && kind == graph.Person:
		f.holdPost(v, member, postID, party, span)
	case body == "" && party == "":
		v.rec.Bad(v.place("organization_id"), loaders.CodeValue, "a membership without organization or post")
	case body == "":
	case kind != graph.Person:
		t := f.tie(graph.PartOf, member, f.orgRef(body), memberField, "organization_id")
		t.Span = span
		v.rec.Ties = append(v.rec.Ties, t)
	case known && o.kind == graph.Institution:
		seat, in := f.postOf(o.key, seatRole(o, role), o.name)
		if seatRole(o, role) != "Member" || o.typ != "legislature" { // a house brings the seat itself
			v.rec.Nodes = append(v.rec.Nodes, seat)
			v.rec.Ties = append(v.rec.Ties, in)
		}
		f.hold(v, member, seat.ID, "organization_id", party, span)
	default:
		t := f.tie(graph.MemberOf, member, f.orgRef(body), memberField, "organization_id")
		t.Span = span
		if !strings.EqualFold(role, "member") {
			t.Props = t.Props.Set("role", role)
		}
		v.rec.Ties = append(v.rec.Ties, t)
	}
	f.onBehalf(v, member, kind, body, party, observed)
}

// seatRole names the post of a member: "Member" where the role says no more.
func seatRole(o org, role string) string {
	if role == "" || strings.EqualFold(role, "member") || (o.typ == "legislature" && strings.EqualFold(role, "mp")) {
		return "Member"
	}
	return role
}

// member reads who the membership is of; kind is 0 where that is not told.
func (f *file) member(v *fields) (id graph.ID, kind graph.Kind, field string) {
	if person := v.str("person_id"); person != "" {
		return f.id(graph.Person, person), graph.Person, "person_id"
	}
	ref := v.str("member_id")
	if o, ok := f.orgs[ref]; ok {
		return o.key, o.kind, "member_id"
	}
	v.rec.Bad(v.place("person_id"), loaders.CodeValue, "a membership of nobody: no person_id, and no member_id of an organization in the file")
	return "", 0, ""
}

// span reads the dates of a membership, its own or those of its term. observed
// says when a bond that outlives the term was seen.
func (f *file) span(v *fields) (span, observed graph.Span) {
	start, end := v.date("start_date"), v.date("end_date")
	if ref := v.str("legislative_period_id"); ref != "" {
		t, ok := f.terms[ref]
		if !ok {
			v.rec.Bad(v.place("legislative_period_id"), loaders.CodeMissing, "no such event in the file")
		}
		start, end = cmp.Or(start, t.start), cmp.Or(end, t.end)
	}
	span = spanOf(start, end)
	if span.Start.Known() {
		observed.First = span.Start
	}
	if span.End.Known() {
		observed.Last = span.End
	}
	return span, observed
}

func (f *file) holdPost(v *fields, person graph.ID, postID, party string, span graph.Span) {
	to := f.id(graph.Post, postID)
	if _, ok := f.posts[postID]; !ok {
		to = graph.ID("popolo:" + postID)
	}
	f.hold(v, person, to, "post_id", party, span)
}

func (f *file) hold(v *fields, person, seat graph.ID, seatField, party string, span graph.Span) {
	t := f.tie(graph.Holds, person, seat, "person_id", seatField)
	t.Span = span
	if party != "" {
		t.Props = t.Props.Set("onBehalfOf", strings.TrimSpace(cmp.Or(f.orgs[party].name, party)))
	}
	if area := v.str("area_id"); area != "" {
		t.Props = t.Props.Set("constituency", strings.TrimSpace(cmp.Or(f.areas[area], area)))
	}
	v.rec.Ties = append(v.rec.Ties, t)
}

// onBehalf ties the person to the group whose list the seat was won on. The
// bond was observed in the term; when it began or ended is not told.
func (f *file) onBehalf(v *fields, member graph.ID, kind graph.Kind, body, party string, observed graph.Span) {
	if party == "" || party == body || kind != graph.Person {
		return
	}
	if o, ok := f.orgs[party]; ok && o.kind != graph.Group {
		v.rec.Notes = append(v.rec.Notes, loaders.Note{Field: "memberships.on_behalf_of_id", Text: "not loaded: not a group"})
		return
	}
	t := f.tie(graph.MemberOf, member, f.orgRef(party), "person_id", "on_behalf_of_id")
	t.Span = observed
	v.rec.Ties = append(v.rec.Ties, t)
}
