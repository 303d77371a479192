package main

import (
	"bytes"
	"encoding/json"
	"errors"
	"fmt"
	"math/rand/v2"
	"slices"
	"strings"

	"entangle/graph"
	"entangle/schema"
)

// question is one of the three queries in the words of both servers. Both have
// the variable $id; field names are the same where the answers are compared.
type question struct {
	name           string
	kind           graph.Kind
	entangle, peer string
	ids            func(s shape) (count int, id func(i int) string)
}

// The peer's documents are its shortest form of the question: plain nested lists,
// and a connection only where the order needs it. Where entangle's page size is
// left out it is 20, more than any node of this data has.
var questions = []question{
	{
		name: "an institution with its posts, holders and their groups", kind: graph.Institution,
		entangle: `query($id: ID!) { node(id: $id) { ... on Institution { key name
			posts(first: 100) { nodes { key title holders { nodes { key name memberOf { nodes { key name } } } } } } } } }`,
		peer: `query($id: ID!) { institutions(where: {id: {eq: $id}}) { id name
			posts { id title holders { id name memberOf { id name } } } } }`,
		ids: func(s shape) (int, func(int) string) { return s.institutions, institutionID },
	},
	{
		name: "a group's first 50 members with posts and institutions", kind: graph.Group,
		entangle: `query($id: ID!) { node(id: $id) { ... on Group { key name
			members(first: 50) { nodes { key name holds { nodes { key title postIn { nodes { key name } } } } } } } } }`,
		peer: `query($id: ID!) { groups(where: {id: {eq: $id}}) { id name
			membersConnection(first: 50, sort: {edge: {start: ASC}}) { edges { node { id name holds { id title postIn { id name } } } } } } }`,
		ids: func(s shape) (int, func(int) string) { return s.groups, groupID },
	},
	{
		name: "a person with groups and offices", kind: graph.Person,
		entangle: `query($id: ID!) { node(id: $id) { ... on Person { key name
			memberOf { nodes { key name } } holds { nodes { key title postIn { nodes { key name } } } } } } }`,
		peer: `query($id: ID!) { people(where: {id: {eq: $id}}) { id name
			memberOf { id name } holds { id title postIn { id name } } } }`,
		ids: func(s shape) (int, func(int) string) { return s.persons, personID },
	},
}

// order returns the ids of the question's kind in an order drawn from the seed.
func (q question) order(s shape, seed uint64) []string {
	count, id := q.ids(s)
	ids := make([]string, count)
	rnd := rand.New(rand.NewPCG(seed, 1)) //nolint:gosec // an order, the same for a seed
	for i, n := range rnd.Perm(count) {
		ids[i] = id(n)
	}
	return ids
}

// inOrder returns the first ids of the question's kind, at most so many, in their order.
func (q question) inOrder(s shape, most int) []string {
	count, id := q.ids(s)
	ids := make([]string, min(count, most))
	for i := range ids {
		ids[i] = id(i)
	}
	return ids
}

// otherwise is the question in other words: the answers are others, what is read of the
// store is the same.
func (q question) otherwise() question {
	q.entangle = strings.Replace(q.entangle, "key name", "kind key name", 1)
	q.peer = strings.Replace(q.peer, "id name", "name id", 1)
	return q
}

// body is the request that asks a server the question about a node.
func (q question) body(peer bool, id string) []byte {
	document := q.entangle
	if peer {
		document = q.peer
	} else {
		id = schema.GlobalID(q.kind, graph.ID(id))
	}
	b, err := json.Marshal(map[string]any{"query": document, "variables": map[string]string{"id": id}})
	if err != nil {
		panic(err) // strings only
	}
	return b
}

var errAnswer = errors.New("not an answer")

// content brings an answer of either server into one form: connections become
// plain lists, "key" is "id", lists are sorted by their text.
func content(body []byte) (string, error) {
	var answer struct {
		Data   map[string]any
		Errors []struct{ Message string }
	}
	if err := json.Unmarshal(body, &answer); err != nil {
		return "", fmt.Errorf("%w: %w in %.200q", errAnswer, err, body)
	}
	if len(answer.Errors) > 0 {
		return "", fmt.Errorf("%w: %s", errAnswer, answer.Errors[0].Message)
	}
	for _, found := range answer.Data {
		if list, ok := found.([]any); ok && len(list) == 1 {
			found = list[0]
		}
		if object, ok := found.(map[string]any); ok && len(object) > 0 {
			return text(plain(found)), nil
		}
	}
	return "", fmt.Errorf("%w: nothing has the id: %.200q", errAnswer, body)
}

func plain(v any) any {
	switch v := v.(type) {
	case map[string]any:
		for _, wrapper := range []string{"nodes", "edges", "node"} {
			if inner, ok := v[wrapper]; ok && len(v) == 1 {
				return plain(inner)
			}
		}
		out := make(map[string]any, len(v))
		for name, value := range v {
			switch name {
			case "key":
				name = "id"
			case "membersConnection":
				name = "members"
			}
			out[name] = plain(value)
		}
		return out
	case []any:
		out := make([]any, len(v))
		for i, item := range v {
			out[i] = plain(item)
		}
		slices.SortFunc(out, func(a, b any) int { return bytes.Compare([]byte(text(a)), []byte(text(b))) })
		return out
	}
	return v
}

// text is the JSON of a plain value, keys sorted.
func text(v any) string {
	b, err := json.Marshal(v)
	if err != nil {
		panic(err) // decoded from JSON
	}
	return string(b)
}
