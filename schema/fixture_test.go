package schema_test

import (
	"testing"

	"entangle/graph"
)

// The fixture is a small invented state:
//
//	p-adel ─HOLDS▶ o-minister ─POST_IN▶ i-interior ◀PART_OF─ i-guard ◀POST_IN─ o-chief ◀HOLDS (2 tenures)─ p-basim
//	p-cela ─HOLDS▶ o-chief (rejected)    o-chief ─REPORTS_TO▶ o-minister
//	p-adel, p-basim ─MEMBER_OF▶ g-lions    p-cela ─MEMBER_OF▶ g-front
//	g-cubs ─WING_OF▶ g-lions ─ALLIED_WITH─ g-front    g-lions ─CONTROLS▶ i-guard, r-customs
//	g-lions ─PART_OF▶ i-guard    i-winds ─BACKS▶ g-lions    r-customs ─FUNDS▶ i-guard (2 claims that contradict)
//	g-lions ─INVOLVED_IN▶ e-raid ─LOCATED_AT▶ l-gate    marked: p-cela GREEN, s-cable AMBER, g-front RED
func fixture(tb testing.TB) graph.Batch {
	tb.Helper()
	return graph.Batch{
		Load:  graph.Load{ID: "load-1", Dataset: "small-state", Format: "test"},
		Nodes: fixtureNodes(),
		Ties:  fixtureTies(tb),
	}
}

type nodeOption func(*graph.Node)

func node(kind graph.Kind, id graph.ID, name string, options ...nodeOption) graph.Node {
	n := graph.Node{ID: id, Kind: kind, Names: []graph.Name{{Text: name, Kind: graph.PrimaryName}}, Load: "load-1"}
	for _, o := range options {
		o(&n)
	}
	return n
}

func prop(name, value string) nodeOption {
	return func(n *graph.Node) { n.Props = n.Props.Set(name, value) }
}

func arabic(text string) nodeOption {
	return func(n *graph.Node) {
		n.Names = append(n.Names, graph.Name{Text: text, Lang: "ar", Script: "Arab", Kind: graph.NativeName})
	}
}

func types(list ...string) nodeOption         { return func(n *graph.Node) { n.Types = list } }
func alias(list ...string) nodeOption         { return func(n *graph.Node) { n.Aliases = list } }
func marked(m graph.Marking) nodeOption       { return func(n *graph.Node) { n.Marking = m } }
func cited(list ...graph.Citation) nodeOption { return func(n *graph.Node) { n.Citations = list } }

func fixtureNodes() []graph.Node {
	return []graph.Node{
		node(graph.Person, "p-adel", "Adel Karim", arabic("عادل كريم"), prop("born", "1961-03"), prop("country", "ZZ"), alias("registry:1"),
			cited(graph.Citation{Source: "s-gazette", Page: "3"}, graph.Citation{Source: "s-cable", Quote: "our man"})),
		node(graph.Person, "p-basim", "Basim al-Tayy", prop("born", "196X")),
		node(graph.Person, "p-cela", "Cela Duran", prop("born", "1970?"), prop("died", "2019-05-02"), marked(graph.Green)),
		node(graph.Group, "g-lions", "Lions Brigade", types("armed_group", "party"), prop("strength", "1200"), prop("founded", "1982")),
		node(graph.Group, "g-cubs", "Lions Youth", types("movement")),
		node(graph.Group, "g-front", "Northern Front", types("armed_group"), marked(graph.Red)),
		node(graph.Institution, "i-interior", "Ministry of the Interior", types("ministry"), prop("country", "ZZ"), prop("strength", "5000"), prop("founded", "1920")),
		node(graph.Institution, "i-guard", "Border Guard", types("unit"), prop("country", "ZZ"), prop("placeholder", "false")),
		node(graph.Institution, "i-winds", "Office of Far Winds", types("foreign_organ"), prop("country", "YY")),
		node(graph.Post, "o-minister", "Minister of the Interior", prop("weight", "1"), prop("statutory", "true")),
		node(graph.Post, "o-chief", "Chief of the Border Guard", prop("weight", "0.5"), prop("rank", "General")),
		node(graph.Place, "l-gate", "East Gate", types("crossing"), prop("lat", "33.5"), prop("lon", "44.25")),
		node(graph.RevenueStream, "r-customs", "Customs at the East Gate", types("customs"), prop("amountMin", "1.5e+06"), prop("currency", "ZZD")),
		node(graph.Event, "e-raid", "Raid on the East Gate", types("raid"), prop("date", "2020-06-25")),
		node(graph.Source, "s-gazette", "State Gazette", types("gazette"), prop("reliability", "A")),
		node(graph.Source, "s-cable", "Embassy cable", types("document"), marked(graph.Amber)),
	}
}

type tieOption func(*graph.Tie)

func fixtureTies(tb testing.TB) []graph.Tie {
	tb.Helper()
	tie := func(typ graph.TieType, from, to graph.ID, interval string, options ...tieOption) graph.Tie {
		span, err := graph.ParseInterval(interval)
		if err != nil {
			tb.Fatal(err)
		}
		tie := graph.Tie{Type: typ, From: from, To: to, Span: span, Load: "load-1"}
		for _, o := range options {
			o(&tie)
		}
		return tie.Normal()
	}
	gazette, cable := graph.Citation{Source: "s-gazette", Page: "7"}, graph.Citation{Source: "s-cable"}
	return []graph.Tie{
		tie(graph.Holds, "p-adel", "o-minister", "2018-10/2020-05-07", with("acting", "false"), from(gazette), graded("A1")),
		tie(graph.Holds, "p-basim", "o-chief", "2009/2012-03", sure(0.9)),
		tie(graph.Holds, "p-basim", "o-chief", "2016-01-15/..", sure(0.7), with("rank", "General"), from(gazette, cable)),
		tie(graph.Holds, "p-cela", "o-chief", "2013/2014", sure(0.1), func(t *graph.Tie) { t.Status, t.Note = graph.Rejected, "a namesake" }),
		tie(graph.PostIn, "o-minister", "i-interior", "1920/.."),
		tie(graph.PostIn, "o-chief", "i-guard", "../.."),
		tie(graph.ReportsTo, "o-chief", "o-minister", ""),
		tie(graph.MemberOf, "p-adel", "g-lions", "1983/2003", sure(0.95), with("role", "founder"), weight(0.8)),
		tie(graph.MemberOf, "p-basim", "g-lions", "/", sure(0.6), from(cable)),
		tie(graph.MemberOf, "p-cela", "g-front", "1999/.."),
		tie(graph.PartOf, "i-guard", "i-interior", "../..", with("class", "administrative")),
		tie(graph.PartOf, "g-lions", "i-guard", "2016-11-26/..", with("class", "command"), graded("B2")),
		tie(graph.WingOf, "g-cubs", "g-lions", "", with("form", "social")),
		tie(graph.AlliedWith, "g-lions", "g-front", "2014-06/2018", weight(0.4)),
		tie(graph.Controls, "g-lions", "i-guard", "2014/..", with("form", "staffing"), weight(0.3), graded("C3")),
		tie(graph.Controls, "g-lions", "r-customs", "2017/..", with("form", "de_facto")),
		tie(graph.Backs, "i-winds", "g-lions", "1982/..", with("form", "arms", "funds")),
		tie(graph.Funds, "r-customs", "i-guard", "2015/..", weight(0.5), conflict("customs-share")),
		tie(graph.Funds, "r-customs", "i-guard", "2015/..", weight(0.2), from(gazette), conflict("customs-share")),
		tie(graph.InvolvedIn, "g-lions", "e-raid", "2020-06-25/2020-06-25", with("role", "target")),
		tie(graph.LocatedAt, "e-raid", "l-gate", "2020-06-25/2020-06-25"),
		tie(graph.LocatedAt, "r-customs", "l-gate", "", with("form", "site")),
	}
}

func with(name string, values ...string) tieOption {
	return func(t *graph.Tie) { t.Props = t.Props.Set(name, values...) }
}

func from(list ...graph.Citation) tieOption { return func(t *graph.Tie) { t.Citations = list } }

func sure(v float64) tieOption { return func(t *graph.Tie) { t.Confidence = graph.Stated(v) } }

func weight(v float64) tieOption { return func(t *graph.Tie) { t.Weight = graph.KnownShare(v) } }

func conflict(set string) tieOption { return func(t *graph.Tie) { t.ConflictSet = set } }

func graded(s string) tieOption {
	return func(t *graph.Tie) {
		g, err := graph.ParseGrade(s)
		if err != nil {
			panic(err)
		}
		t.Grade = g
	}
}
