package neo4jstore

import (
	"embed"
	"fmt"
	"io/fs"
	"regexp"
	"slices"
	"strings"
	"sync"

	"entangle/graph"
)

//go:embed cypher/*.cypher
var files embed.FS

// cypher is text of a statement. It is made from the embedded files, from
// constants of this package and from names of the vocabulary; what comes from
// callers and data goes into parameters, never into a cypher.
type cypher string

// parts fill the places of a statement: $$NAME$$ takes parts["NAME"].
type parts map[string]cypher

// identifier is what a label, type or property of the vocabulary looks like. No
// such name needs quoting.
var identifier = regexp.MustCompile(`^[A-Za-z_][A-Za-z0-9_]*$`)

var place = regexp.MustCompile(`\$\$[A-Z_]+\$\$`)

// template is a statement cut at its places: text, place, text, …, text.
type template []string

// templates are the embedded statements by name.
var templates = sync.OnceValue(func() map[string]template {
	list, err := files.ReadDir("cypher")
	if err != nil {
		panic(err)
	}
	out := make(map[string]template, len(list))
	for _, entry := range list {
		b, err := fs.ReadFile(files, "cypher/"+entry.Name())
		if err != nil {
			panic(err)
		}
		text, at := strings.TrimSpace(string(b)), 0
		var t template
		for _, span := range place.FindAllStringIndex(text, -1) {
			t = append(t, text[at:span[0]], strings.Trim(text[span[0]:span[1]], "$"))
			at = span[1]
		}
		out[strings.TrimSuffix(entry.Name(), ".cypher")] = append(t, text[at:])
	}
	return out
})

// statement returns an embedded statement with its places filled. A place left
// open and an unknown name are mistakes of this package: it panics.
func statement(name string, fill parts) cypher {
	t, ok := templates()[name]
	if !ok {
		panic("no statement " + name)
	}
	var b strings.Builder
	for i, piece := range t {
		if i%2 == 0 {
			b.WriteString(piece)
			continue
		}
		with, ok := fill[piece]
		if !ok {
			panic(fmt.Sprintf("%s.cypher: nothing for %s", name, piece))
		}
		b.WriteString(string(with))
	}
	return cypher(b.String())
}

// word admits a name of the vocabulary into a statement.
func word(name string) cypher {
	if !identifier.MatchString(name) {
		panic(fmt.Sprintf("%q cannot be a label, type or property", name))
	}
	return cypher(name)
}

// anyOf joins names as Cypher's label expressions do: A|B.
func anyOf(names []string) cypher {
	words := make([]string, len(names))
	for i, n := range names {
		words[i] = string(word(n))
	}
	return cypher(strings.Join(words, "|"))
}

// join puts a separator between pieces.
func join(pieces []cypher, separator cypher) cypher {
	var b strings.Builder
	for i, p := range pieces {
		if i > 0 {
			b.WriteString(string(separator))
		}
		b.WriteString(string(p))
	}
	return cypher(b.String())
}

func kindNames(of []graph.Kind) []string {
	var names []string
	for _, row := range graph.Kinds() {
		if len(of) == 0 || slices.Contains(of, row.Kind) {
			names = append(names, row.Name)
		}
	}
	return names
}

func typeNames(of []graph.TieType) []string {
	var names []string
	for _, row := range graph.TieTypes() {
		if len(of) == 0 || slices.Contains(of, row.Type) {
			names = append(names, row.Name)
		}
	}
	return names
}

// onlyKinds narrows the label expression of a pattern: (n:Entity$$KINDS$$).
func onlyKinds(of []graph.Kind) cypher {
	if len(of) == 0 {
		return ""
	}
	return "&(" + anyOf(kindNames(of)) + ")"
}
