package main

import (
	"encoding/csv"
	"errors"
	"fmt"
	"io"
	"math/rand/v2"
	"os"
	"path/filepath"
	"strconv"
	"time"

	"entangle/graph"
)

// shape is how much of everything there is.
type shape struct {
	persons, groups, institutions int
	postsEach                     int // posts of an institution
	holds, memberships            int
}

// shapeOf keeps the proportions of 100,000 persons and 350,000 ties: 500 groups,
// 1,000 institutions with 60 posts each (60,000 POST_IN, 59,000 REPORTS_TO),
// 81,000 HOLDS and 150,000 MEMBER_OF.
func shapeOf(persons int) shape {
	s := shape{persons: persons, groups: max(persons/200, 2), institutions: max(persons/100, 1), postsEach: 60, memberships: persons * 3 / 2}
	s.holds = persons*7/2 - s.memberships - s.institutions*(2*s.postsEach-1)
	return s
}

// size is the number of nodes and of ties.
func (s shape) size() (nodes, ties int) {
	posts := s.institutions * s.postsEach
	return s.persons + s.groups + s.institutions + posts, s.institutions*(2*s.postsEach-1) + s.holds + s.memberships
}

var (
	given   = []string{"Abbas", "Ahmed", "Ali", "Amira", "Dalia", "Faris", "Hadi", "Hana", "Hassan", "Huda", "Ibrahim", "Karim", "Layla", "Mahdi", "Nadia", "Nouri", "Omar", "Qasim", "Rania", "Saad", "Salma", "Tariq", "Yasmin", "Zaid"}
	family  = []string{"al-Amin", "al-Basri", "al-Dulaimi", "al-Fayyad", "al-Hakim", "al-Hilli", "al-Jabiri", "al-Janabi", "al-Karbalai", "al-Khafaji", "al-Maliki", "al-Najafi", "al-Obeidi", "al-Rubaie", "al-Saadi", "al-Samarrai", "al-Tamimi", "al-Zubaidi"}
	offices = []string{"Director", "Deputy director", "Chief of staff", "Inspector", "Head of finance", "Head of personnel", "Commander", "Secretary", "Adviser", "Legal officer"}
)

const firstDay = "1985-01-01"

func personID(i int) string      { return fmt.Sprintf("person/%06d", i) }
func groupID(i int) string       { return fmt.Sprintf("group/%04d", i) }
func institutionID(i int) string { return fmt.Sprintf("institution/%04d", i) }
func postID(i int) string        { return fmt.Sprintf("post/%06d", i) }

// generateInto writes nodes.csv and ties.csv into a folder.
func generateInto(dir string, s shape, seed uint64, w io.Writer) error {
	if err := os.MkdirAll(dir, 0o750); err != nil { //nolint:gosec // the user names the folder
		return err
	}
	nodes, err := os.Create(filepath.Join(dir, "nodes.csv")) //nolint:gosec // the user names the folder
	if err != nil {
		return err
	}
	ties, err := os.Create(filepath.Join(dir, "ties.csv")) //nolint:gosec // the same folder
	if err != nil {
		return errors.Join(err, nodes.Close())
	}
	n, t, err := generate(s, seed, nodes, ties)
	err = errors.Join(err, nodes.Close(), ties.Close())
	if err != nil {
		return err
	}
	fmt.Fprintf(w, "%d nodes and %d ties in %s\n", n, t, dir)
	return nil
}

// generator draws the graph from one seed; equal shapes and seeds give equal
// bytes.
type generator struct {
	shape
	rnd         *rand.Rand
	nodes, ties *csv.Writer
	first       time.Time
	count       [2]int
}

func generate(s shape, seed uint64, nodesW, tiesW io.Writer) (nodes, ties int, err error) {
	first, err := time.Parse(time.DateOnly, firstDay)
	if err != nil {
		return 0, 0, err
	}
	rnd := rand.New(rand.NewPCG(seed, 0)) //nolint:gosec // test data, the same for a seed
	g := &generator{shape: s, rnd: rnd, nodes: csv.NewWriter(nodesW), ties: csv.NewWriter(tiesW), first: first}
	g.writeNodes()
	g.writeTies()
	g.nodes.Flush()
	g.ties.Flush()
	return g.count[0], g.count[1], errors.Join(g.nodes.Error(), g.ties.Error())
}

func pick(r *rand.Rand, from []string) string { return from[r.IntN(len(from))] }

// day is the day that many days after the first.
func (g *generator) day(n int) string { return g.first.AddDate(0, 0, n).Format(time.DateOnly) }

// node and tie leave errors to the writers, which keep their first.
func (g *generator) node(id string, kind graph.Kind, name, typ, title string) {
	g.count[0]++
	country := "IQ"
	if kind == graph.Post { // has none of its own
		country = ""
	}
	_ = g.nodes.Write([]string{id, kind.String(), name, typ, country, title})
}

func (g *generator) tie(from, to, typ, start, end, role string) {
	g.count[1]++
	confidence := strconv.FormatFloat(float64(50+g.rnd.IntN(50))/100, 'g', -1, 64)
	_ = g.ties.Write([]string{"t-" + strconv.Itoa(g.count[1]), from, to, typ, start, end, confidence, role})
}

func (g *generator) writeNodes() {
	_ = g.nodes.Write([]string{":ID", ":LABEL", "name", "types:string[]", "country", "title"})
	for i := range g.persons {
		g.node(personID(i), graph.Person, pick(g.rnd, given)+" "+pick(g.rnd, family)+" "+strconv.Itoa(i), "", "")
	}
	for i := range g.groups {
		g.node(groupID(i), graph.Group, "Group "+strconv.Itoa(i), []string{"armed_group", "party", "armed_group;party"}[g.rnd.IntN(3)], "")
	}
	for i := range g.institutions {
		g.node(institutionID(i), graph.Institution, "Directorate "+strconv.Itoa(i), "agency", "")
		for p := range g.postsEach {
			title := pick(g.rnd, offices)
			g.node(postID(i*g.postsEach+p), graph.Post, title+" "+strconv.Itoa(p)+" of Directorate "+strconv.Itoa(i), "", title)
		}
	}
}

func (g *generator) writeTies() {
	_ = g.ties.Write([]string{"id", ":START_ID", ":END_ID", ":TYPE", "start", "end", "confidence:float", "role"})
	for i := range g.institutions {
		for p := range g.postsEach {
			post := i*g.postsEach + p
			g.tie(postID(post), institutionID(i), "POST_IN", "", "", "")
			if p > 0 {
				g.tie(postID(post), postID(i*g.postsEach+(p-1)/4), "REPORTS_TO", "", "", "")
			}
		}
	}
	g.writeHolds()
	g.writeMemberships()
}

// writeHolds gives every post a holder and some posts former ones: the terms of
// one post follow each other.
func (g *generator) writeHolds() {
	posts := g.institutions * g.postsEach
	free := make([]int, posts) // the day from which a post is free
	held := map[[2]int]bool{}
	for i := range g.holds {
		person, post := g.rnd.IntN(g.persons), i
		if i >= posts {
			post = g.rnd.IntN(posts)
		}
		for held[[2]int{person, post}] { // nobody holds a post twice
			person = g.rnd.IntN(g.persons)
		}
		held[[2]int{person, post}] = true
		start := free[post] + 30 + g.rnd.IntN(1500)
		end := start + 200 + g.rnd.IntN(1500)
		free[post] = end
		g.tie(personID(person), postID(post), "HOLDS", g.day(start), g.day(end), "")
	}
}

// writeMemberships draws groups so that large ones are more often joined: the
// square of a uniform number gives the first tenth of the groups a third of all
// memberships. Nobody joins one group twice, and nobody joins it on the same day
// as another, so that "the first 50 members" are the same for every server.
func (g *generator) writeMemberships() {
	joined := map[[2]int]bool{}
	next := make([]int, g.groups)
	for range g.memberships {
		person, group := 0, 0
		for again := true; again; again = joined[[2]int{person, group}] {
			u := g.rnd.Float64()
			person, group = g.rnd.IntN(g.persons), int(u*u*float64(g.groups))
		}
		joined[[2]int{person, group}] = true
		next[group] += 1 + g.rnd.IntN(3)
		g.tie(personID(person), groupID(group), "MEMBER_OF", g.day(next[group]), "", []string{"member", "fighter", "commander"}[g.rnd.IntN(3)])
	}
}
