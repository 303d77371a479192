package main

import (
	"fmt"

	"entangle/graph"
	"entangle/queries"
	"entangle/queries/querytest"
	"entangle/queries/worlds"
)

// subjects are whom the questions of a place are about.
type subjects struct {
	groups      []graph.ID // the first is struck alone
	office      graph.ID
	institution graph.ID
	worlds      int // of one purge; questions of many purges draw fewer
	// all: questions about every group are asked.
	all bool
	// exactly: every world is gone through.
	exactly bool
}

var (
	sampleAbout = subjects{
		groups: []graph.ID{
			"group/badr-organization", "group/kataib-hizballah", "group/asaib-ahl-al-haq", "group/harakat-hezbollah-al-nujaba",
			"group/saraya-al-salam", "group/kataib-sayyid-al-shuhada", "group/liwa-al-tafuf", "group/saraya-al-khorasani",
		},
		institution: "institution/iq-ministry-of-interior", office: "post/iq-prime-minister", worlds: 4096, all: true,
	}
	largeAbout = subjects{groups: []graph.ID{"g7", "g8", "g9"}, institution: "i7", office: "s0", worlds: 512}
	coinsAbout = subjects{groups: []graph.ID{"g"}, exactly: true}
)

// way is one way of asking a question.
type way struct {
	name string
	in   any
}

// asking collects the ways of one question.
type asking struct {
	place
	row  queries.Question
	base querytest.About
	list []way
	// first is what the first way changed.
	first func(about *querytest.About)
}

// add adds a way: about is the base, changed.
func (a *asking) add(name string, change func(about *querytest.About)) {
	about := a.base
	change(&about)
	if a.list == nil {
		a.first = change
	}
	a.list = append(a.list, way{name: name, in: about.Fill(a.row)})
}

// ways are those in which a question is asked in a place.
func (p place) ways(row queries.Question) []way {
	a := &asking{place: p, row: row}
	if p.about.exactly {
		return a.exactly()
	}
	a.base = querytest.About{
		Targets: p.about.groups[:1], With: p.about.groups[1:2], Groups: p.about.groups[:2], From: p.about.groups[0], To: p.about.institution, Office: p.about.office,
		Draw: worlds.Draw{Method: worlds.Sampled, Samples: p.about.worlds, Seed: 1}, Search: 128, Size: 1, Trajectories: 2,
	}
	switch row.Name {
	case "purge", "compare", "verify", "paths", "footholds", "entanglement":
		a.fewPurges()
	case "attribution":
		for _, k := range a.numbers() {
			n := max(64, p.about.worlds/16)
			a.add(fmt.Sprintf("%d targets, %d worlds", k, n), func(about *querytest.About) { about.Targets, about.Draw.Samples = p.about.groups[:k], n })
		}
	case "sensitivity":
		for _, of := range [][2]int{{2, 64}, {2, max(64, p.about.worlds/8)}, {4, max(64, p.about.worlds/8)}} {
			a.add(fmt.Sprintf("%d trajectories, %d worlds", of[0], of[1]), func(about *querytest.About) { about.Trajectories, about.Draw.Samples = of[0], of[1] })
		}
	case "frontier", "stage":
		for _, k := range a.numbers() {
			n := max(128, p.about.worlds/8)
			a.add(fmt.Sprintf("%d groups, %d worlds", k, n), func(about *querytest.About) {
				about.Groups, about.Targets, about.Draw.Samples = p.about.groups[:k], p.about.groups[:k], n
			})
		}
		if row.Name == "frontier" && p.about.all {
			a.add("every armed group, 4096 worlds", func(about *querytest.About) { about.Groups, about.Search = nil, 512 })
		}
	case "insure":
		a.measures()
	default:
		a.add("as it is", func(*querytest.About) {})
		return a.list
	}
	a.unsaid()
	return a.list
}

// unsaid adds the first way as it is asked where nobody says how: exact where that takes
// about as long, for which the price has both.
func (a *asking) unsaid() {
	name := a.list[0].name + ", AUTO"
	a.add(name, func(about *querytest.About) {
		a.first(about)
		about.Draw.Method = worlds.Auto
	})
}

// fewPurges varies the worlds.
func (a *asking) fewPurges() {
	for _, part := range []int{16, 1} {
		n := max(64, a.about.worlds/part)
		a.add(fmt.Sprintf("%d worlds", n), func(about *querytest.About) { about.Draw.Samples = n })
	}
	if a.row.Name == "entanglement" && a.about.all {
		a.add("every group, 1024 worlds", func(about *querytest.About) { about.Groups, about.Draw.Samples = nil, 1024 })
	}
	if a.row.Name == "purge" {
		a.add("another group", func(about *querytest.About) { about.Targets = a.about.groups[2:3] })
	}
}

func (a *asking) measures() {
	sizes, n := []int{1, 2, 3}, a.about.worlds/8
	if !a.about.all {
		sizes, a.base.Search = sizes[:1], 64
	}
	for _, size := range sizes {
		a.add(fmt.Sprintf("up to %d measures, %d worlds", size, n), func(about *querytest.About) { about.Size, about.Draw.Samples = size, n })
	}
}

// numbers are how many groups a question about several is asked of.
func (a *asking) numbers() []int {
	if a.about.all {
		return []int{2, 4, len(a.about.groups)}
	}
	return []int{2, len(a.about.groups)}
}

// exactly asks what goes through every world of a purge.
func (a *asking) exactly() []way {
	if a.row.Name == "purge" || a.row.Name == "compare" {
		a.add("every world", func(about *querytest.About) {
			*about = querytest.About{Targets: a.about.groups, With: a.about.groups, Draw: worlds.Draw{Method: worlds.Exact}}
		})
	}
	return a.list
}
