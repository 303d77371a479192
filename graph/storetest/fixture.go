package storetest

import "entangle/graph"

// Fixture returns the drawn graph, every name of it invented. One batch holds
// every kind of node, ties of most types, partial, open and unknown dates,
// conflicting, rejected and derived claims, several spellings and scripts, and
// markings that hide a person, a source, a post and a tie.
//
//	           i-state ◀─PART_OF─ i-tides ◀─DEPENDS_ON─ i-harbour ─LOCATED_AT▶ l-quay
//	                                 ▲                     ▲    ▲                │PART_OF
//	                              POST_IN               POST_IN CONTROLS         ▼
//	p-adan ─HOLDS▶ o-minister ───────┘                     │    │ (conflict)  l-delta
//	p-mira ─HOLDS (2 tenures)▶ o-chief ─REPORTS_TO▶ o-minister  │                ▲
//	p-boro ─HOLDS (rejected)─▶ o-chief ────────────────────┘    │                │PRESENT_IN
//	p-adan, p-mira, p-hush ─MEMBER_OF▶ g-reed ──────────────────┘ ───────────────┘
//	p-boro ─LOYAL_TO▶ p-adan   p-adan ─KIN_OF─ p-mira
//	g-youth ─WING_OF▶ g-reed   g-reed ─ALLIED_WITH─ g-salt   g-reed ─RIVAL_OF─ g-dune
//	i-abroad ─BACKS▶ g-reed    r-levy ─FUNDS▶ i-harbour   g-reed ─CONTROLS▶ r-levy
//	g-dune ─INVOLVED_IN▶ e-nets ─LOCATED_AT▶ l-quay
//	hidden: p-hush (RED), s-hush (AMBER), o-quiet (GREEN), one tie of p-mira (AMBER_STRICT)
func Fixture() graph.Batch {
	return graph.Batch{
		Load:  graph.Load{ID: "load-fixture", Dataset: "fixture", Format: "drawn"},
		Nodes: fixtureNodes(),
		Ties:  fixtureTies(),
	}
}

func node(kind graph.Kind, id graph.ID, name string, change ...func(*graph.Node)) graph.Node {
	n := graph.Node{ID: id, Kind: kind, Names: []graph.Name{{Text: name, Kind: graph.PrimaryName}}}
	for _, c := range change {
		c(&n)
	}
	return n
}

func prop(name string, values ...string) func(*graph.Node) {
	return func(n *graph.Node) { n.Props = n.Props.Set(name, values...) }
}

func named(text, lang string, kind graph.NameKind) func(*graph.Node) {
	return func(n *graph.Node) { n.Names = append(n.Names, graph.Name{Text: text, Lang: lang, Kind: kind}) }
}

func typed(types ...string) func(*graph.Node) {
	return func(n *graph.Node) { n.Types = append(n.Types, types...) }
}

func alias(aliases ...string) func(*graph.Node) {
	return func(n *graph.Node) { n.Aliases = append(n.Aliases, aliases...) }
}

func marked(m graph.Marking) func(*graph.Node) { return func(n *graph.Node) { n.Marking = m } }

func cites(list ...graph.Citation) func(*graph.Node) {
	return func(n *graph.Node) { n.Citations = append(n.Citations, list...) }
}

func fixtureNodes() []graph.Node {
	open := graph.Citation{Source: "s-open", Page: "4"}
	hush := graph.Citation{Source: "s-hush", Quote: "“not for print”"}
	return []graph.Node{
		node(graph.Source, "s-open", "The Open Gazette", typed("gazette"), prop("date", "2011-05"), prop("reliability", "B")),
		node(graph.Source, "s-paper", "Evening Paper", typed("article"), prop("date", "2013"), prop("url", "https://paper.example/a?b=c&d=%20")),
		node(graph.Source, "s-hush", "Hush Report", typed("report"), prop("reliability", "F"), marked(graph.Amber)),

		node(graph.Institution, "i-state", "State of the Isles", typed("government"), prop("country", "ZZ")),
		node(graph.Institution, "i-tides", "Ministry of Tides", typed("ministry"), prop("country", "ZZ"), prop("strength", "1200"), prop("branch", "sea"),
			prop("founded", "1954-07-14"), alias("registry:17"), named("وزارة المد", "ar", graph.NativeName), cites(open)),
		node(graph.Institution, "i-harbour", "Harbour Office", typed("office", "agency"), prop("country", "ZZ"), prop("strength", "90"),
			prop("founded", "196X"), prop("dissolved", ".."), alias("registry:18", "old:9"), cites(hush, open)),
		node(graph.Institution, "i-abroad", "Office of Far Winds", typed("foreign_organ"), prop("country", "YY")),

		node(graph.Post, "o-minister", "Minister of Tides", prop("title", "Minister"), prop("weight", "1"), prop("statutory", "true")),
		node(graph.Post, "o-chief", "Chief of the Harbour", prop("title", "Chief"), prop("weight", "0.25"), prop("seats", "1")),
		node(graph.Post, "o-quiet", "Quiet Post", prop("weight", "0.1"), marked(graph.Green)),

		node(graph.Person, "p-adan", "Adan al-Kesh", prop("born", "1961-03"), prop("country", "ZZ"), alias("registry:p1", "shared:1"),
			named("عدن الكش", "ar", graph.NativeName), named("Abu Reed", "", graph.NomDeGuerre), cites(open, hush)),
		node(graph.Person, "p-mira", "Mira Toval", prop("born", "1970?"), prop("gender", "female"), alias("shared:1"), named("Míra Továl", "", graph.TransliteralName)),
		node(graph.Person, "p-boro", "Boro Senn", prop("born", "19XX"), prop("died", "2015-11-02")),
		node(graph.Person, "p-hush", "Sela Hush", prop("born", "1980-01-01"), alias("shared:1", "secret:7"), marked(graph.Red)),

		node(graph.Group, "g-reed", "Reed Front", typed("armed_group", "party"), prop("strength", "300"), prop("founded", "1999"), alias("registry:g1")),
		node(graph.Group, "g-youth", "Reed Youth", typed("armed_group"), prop("founded", "2008-23")),
		node(graph.Group, "g-salt", "Salt League", typed("bloc")),
		node(graph.Group, "g-dune", "Dune Circle", typed("armed_group"), prop("strength", "45"), prop("dissolved", "2016-XX")),

		node(graph.Place, "l-quay", "North Quay", typed("crossing"), prop("lat", "-0.5"), prop("lon", "17.25")),
		node(graph.Place, "l-delta", "Lower Delta", typed("governorate"), prop("lat", "12"), prop("lon", "-1e-07")),
		node(graph.RevenueStream, "r-levy", "Quay levy", typed("levy"), prop("amountMin", "1e+06"), prop("amountMax", "2.5e+06"), prop("currency", "ZZD")),
		node(graph.Event, "e-nets", "Night of Nets", typed("raid"), prop("date", "2012-06-30"), cites(open)),
	}
}

// claim builds a tie whose dates are an EDTF interval. It panics on a bad one:
// the drawing is ours.
func claim(typ graph.TieType, from, to graph.ID, interval string, change ...func(*graph.Tie)) graph.Tie {
	span, err := graph.ParseInterval(interval)
	if err != nil {
		panic(err)
	}
	t := graph.Tie{Type: typ, From: from, To: to, Span: span}
	for _, c := range change {
		c(&t)
	}
	return t
}

func sure(v float64) func(*graph.Tie) { return func(t *graph.Tie) { t.Confidence = graph.Stated(v) } }

func weight(v float64) func(*graph.Tie) { return func(t *graph.Tie) { t.Weight = graph.KnownShare(v) } }

func tieProp(name string, values ...string) func(*graph.Tie) {
	return func(t *graph.Tie) { t.Props = t.Props.Set(name, values...) }
}

func source(list ...graph.Citation) func(*graph.Tie) {
	return func(t *graph.Tie) { t.Citations = append(t.Citations, list...) }
}

func seen(first, last string) func(*graph.Tie) {
	return func(t *graph.Tie) {
		observed, err := graph.ParseInterval(first + "/" + last)
		if err != nil {
			panic(err)
		}
		t.Span.First, t.Span.Last = observed.Start, observed.End
	}
}

func fixtureTies() []graph.Tie {
	open := graph.Citation{Source: "s-open", Page: "2", Quote: "it is so"}
	paper, hush := graph.Citation{Source: "s-paper"}, graph.Citation{Source: "s-hush", Page: "1"}
	return []graph.Tie{
		claim(graph.PartOf, "i-tides", "i-state", "", tieProp("class", "administrative")),
		claim(graph.PartOf, "l-quay", "l-delta", "../.."),
		claim(graph.DependsOn, "i-harbour", "i-tides", "1990/..", weight(0.4), source(open)),
		claim(graph.LocatedAt, "i-harbour", "l-quay", "", tieProp("form", "site")),
		claim(graph.LocatedAt, "e-nets", "l-quay", "2012-06-30/2012-06-30"),
		claim(graph.PostIn, "o-minister", "i-tides", "../.."),
		claim(graph.PostIn, "o-chief", "i-harbour", "1970/..", source(open, paper)),
		claim(graph.PostIn, "o-quiet", "i-harbour", "2001/"),
		claim(graph.ReportsTo, "o-chief", "o-minister", "1970/.."),
		claim(graph.Holds, "p-adan", "o-minister", "2010-05/2014-09", tieProp("acting", "false"), source(open), func(t *graph.Tie) { t.Grade = graph.Grade{Reliability: 'B', Credibility: '2'} }),
		claim(graph.Holds, "p-mira", "o-chief", "2003/2006-02", sure(0.9), source(paper)),
		claim(graph.Holds, "p-mira", "o-chief", "2009-01-15/", sure(0.7), seen("2009-03-01", "2012-12"), source(paper, hush)),
		claim(graph.Holds, "p-boro", "o-chief", "2007/2008", sure(0.05), func(t *graph.Tie) { t.Status, t.Note = graph.Rejected, "a namesake" }),
		claim(graph.Holds, "p-boro", "o-quiet", "2005~/2011-XX"),
		claim(graph.MemberOf, "p-adan", "g-reed", "1999/..", sure(0.95), weight(0.8), tieProp("role", "founder"), source(hush)),
		claim(graph.MemberOf, "p-mira", "g-reed", "201X/", sure(0.4), weight(0.3), func(t *graph.Tie) { t.Marking = graph.AmberStrict }),
		claim(graph.MemberOf, "p-mira", "g-salt", "2001/2004", sure(0.5), weight(0)),
		claim(graph.MemberOf, "p-hush", "g-reed", "2000/..", sure(1)),
		claim(graph.MemberOf, "p-boro", "g-dune", "", seen("2010", "2011-06")),
		claim(graph.LoyalTo, "p-boro", "p-adan", "2000/", weight(0.6), func(t *graph.Tie) { t.Derived, t.DerivedBy = true, "same-brigade/1" }),
		claim(graph.KinOf, "p-mira", "p-adan", "", tieProp("relationship", "cousin"), source(paper)),
		claim(graph.AssociateOf, "p-boro", "p-hush", "1995/2000"),
		claim(graph.WingOf, "g-youth", "g-reed", "2008/", tieProp("form", "armed")),
		claim(graph.AlliedWith, "g-salt", "g-reed", "2010/2013-06", weight(0.5), sure(0.6)),
		claim(graph.AlliedWith, "g-reed", "g-dune", "2001/2003", sure(0.3)),
		claim(graph.RivalOf, "g-reed", "g-dune", "2004/..", weight(1)),
		claim(graph.Controls, "g-reed", "i-harbour", "2009/", weight(0.6), tieProp("form", "staffing"), func(t *graph.Tie) { t.ConflictSet = "harbour" }),
		claim(graph.Controls, "g-dune", "i-harbour", "2009/", weight(0.2), tieProp("form", "de_facto"), func(t *graph.Tie) { t.ConflictSet = "harbour" }),
		claim(graph.Controls, "g-reed", "r-levy", "2010-06-13/2015", weight(0.75)),
		claim(graph.Backs, "i-abroad", "g-reed", "1999/..", tieProp("form", "funds", "arms"), source(hush)),
		claim(graph.Backs, "g-reed", "g-youth", "2008/", tieProp("form", "trains")),
		claim(graph.Supports, "g-salt", "p-adan", "2010/2014", tieProp("seats", "12")),
		claim(graph.Funds, "r-levy", "i-harbour", "1990/..", weight(0.9), tieProp("amount", "1.5000005e+06"), tieProp("currency", "ZZD")),
		claim(graph.PresentIn, "g-reed", "l-delta", "2000/.."),
		claim(graph.InvolvedIn, "g-dune", "e-nets", "2012-06-30/2012-06-30", tieProp("role", "actor"), source(open)),
	}
}
