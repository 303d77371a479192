package main

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"slices"
	"strconv"
	"strings"
	"time"

	"github.com/neo4j/neo4j-go-driver/v5/neo4j"

	"entangle/graph"
	"entangle/schema"
)

// commit is something that another program commits in the database: by Cypher, beside the
// servers.
type commit struct {
	name   string
	cypher string // $id is a person's, $value differs every time
	// What the next look-up of the person must show, in the words of each server; "" of
	// what no question is about.
	entangle, peer string
	// fresh makes an id that is not there; ofMember is for those who are in a group.
	fresh, ofMember bool
	value           func(n int) string
}

func word(n int) string { return "Edited " + strconv.Itoa(n) }

// date is one of many.
func date(n int) string { return time.Unix(0, 0).AddDate(10, 0, n%9000).UTC().Format(time.DateOnly) }

const (
	nameOf     = `query($id: ID!) { node(id: $id) { ... on Person { name } } }`
	peerNameOf = `query($id: ID!) { people(where: {id: {eq: $id}}) { name } }`
)

// commits are the kinds of commits of a storm; kinds with two statements take turns.
var commits = []struct {
	name string
	of   []commit
}{
	{"unrelated", []commit{{name: "a node of another label", cypher: "MERGE (x:Elsewhere) SET x.n = $value + $id", value: word}}},
	{"edits", []commit{
		{name: "the name of a person", cypher: "MATCH (p:Person {id: $id}) SET p.name = $value", entangle: nameOf, peer: peerNameOf, value: word},
		{
			name: "the start of a membership", cypher: "MATCH (p:Person {id: $id})-[t:MEMBER_OF]->() SET t.start = $value", value: date, ofMember: true,
			entangle: `query($id: ID!) { node(id: $id) { ... on Person { memberOf { edges { tie { start { edtf } } } } } } }`,
			peer:     `query($id: ID!) { people(where: {id: {eq: $id}}) { memberOfConnection { edges { properties { start } } } } }`,
		},
	}},
	{"creates", []commit{{name: "a person", cypher: "CREATE (:Person {id: $id, name: $value})", entangle: nameOf, peer: peerNameOf, fresh: true, value: word}}},
}

// gale commits so many times a second until its context ends, and notes how long it takes
// until the server shows what was touched.
type gale struct {
	bench  *bench
	server *server
	kinds  []commit
	rate   float64

	made   int
	seen   []time.Duration
	unseen int
}

// patience is how long a look-up is repeated.
const patience = 5 * time.Second

// next numbers commits over all storms, so that every value is new.
func (b *bench) next() int { return int(b.committed.Add(1)) }

func (g *gale) blow(ctx context.Context) error {
	ticker := time.NewTicker(time.Duration(float64(time.Second) / g.rate))
	defer ticker.Stop()
	looking := make(chan error, 1)
	busy := false
	for {
		c, id, value := g.draw()
		err := g.bench.commit(ctx, c, id, value)
		switch {
		case ctx.Err() != nil:
		case err != nil:
			return fmt.Errorf("%s: %w", c.name, err)
		default:
			if g.made++; c.entangle != "" && !busy {
				busy = true
				at := time.Now()
				go func() { looking <- g.look(context.WithoutCancel(ctx), c, id, value, at) }()
			}
		}
		select {
		case <-ctx.Done():
			if busy {
				return <-looking
			}
			return nil
		case err := <-looking:
			if busy = false; err != nil {
				return err
			}
			select { // the next commit waits for its time all the same
			case <-ctx.Done():
			case <-ticker.C:
			}
		case <-ticker.C:
		}
	}
}

// draw returns the next commit, with what it touches and sets.
func (g *gale) draw() (c commit, id, value string) {
	n := g.bench.next()
	c = g.kinds[n%len(g.kinds)]
	switch {
	case c.fresh:
		id = "person/new-" + strconv.Itoa(n)
	case c.ofMember:
		id = g.bench.members[n%len(g.bench.members)]
	default:
		id = personID(n % g.bench.persons)
	}
	value = c.value(n)
	return c, id, value
}

func (b *bench) commit(ctx context.Context, c commit, id, value string) error {
	_, err := neo4j.ExecuteQuery(ctx, b.driver, c.cypher, map[string]any{"id": id, "value": value},
		neo4j.EagerResultTransformer, neo4j.ExecuteQueryWithDatabase("neo4j"))
	return err
}

// look asks for what was touched until it is shown.
func (g *gale) look(ctx context.Context, c commit, id, value string, since time.Time) error {
	document, given := c.peer, id
	if !g.server.peer {
		document, given = c.entangle, schema.GlobalID(graph.Person, graph.ID(id))
	}
	body, err := json.Marshal(map[string]any{"query": document, "variables": map[string]string{"id": given}})
	if err != nil {
		return err
	}
	for {
		answer, err := g.server.post(ctx, body)
		if err != nil && time.Since(since) < patience {
			return err
		}
		took := time.Since(since)
		switch {
		case strings.Contains(string(answer), strconv.Quote(value)):
			g.seen = append(g.seen, took)
			return nil
		case took > patience:
			g.unseen++
			return nil
		}
		time.Sleep(2 * time.Millisecond)
	}
}

// shown tells the median and the longest time until something was seen.
func (g *gale) shown() string {
	if len(g.seen) == 0 && g.unseen == 0 {
		return ""
	}
	text := "never"
	if n := len(g.seen); n > 0 {
		slices.Sort(g.seen)
		text = fmt.Sprintf("%s, %s", g.seen[n/2].Round(time.Millisecond), g.seen[n-1].Round(time.Millisecond))
	}
	if g.unseen > 0 {
		text += fmt.Sprintf("; %d not within %s", g.unseen, patience)
	}
	return text
}

// findMembers reads some persons who are members of groups.
func (b *bench) findMembers(ctx context.Context) error {
	const query = "MATCH (p:Person)-[:MEMBER_OF]->() RETURN DISTINCT p.id AS id ORDER BY id LIMIT 2000"
	result, err := neo4j.ExecuteQuery(ctx, b.driver, query, nil, neo4j.EagerResultTransformer, neo4j.ExecuteQueryWithDatabase("neo4j"))
	if err != nil {
		return err
	}
	for _, row := range result.Records {
		id, _, err := neo4j.GetRecordValue[string](row, "id")
		if err != nil {
			return err
		}
		b.members = append(b.members, id)
	}
	if len(b.members) == 0 {
		return errors.New("nobody is a member of a group")
	}
	return nil
}
