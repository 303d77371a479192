package typed

import (
	"fmt"
	"slices"
	"strings"

	"github.com/graphql-go/graphql"
)

// FirstArg is the argument first of a list that returns standard items where it is
// left out, and most at the most.
func FirstArg(standard, most int) *graphql.ArgumentConfig {
	return &graphql.ArgumentConfig{
		Type: graphql.Int, DefaultValue: standard, Description: fmt.Sprintf("The most to return, 0 to %d.", most),
	}
}

// First reads the argument; null is as if left out.
func First(args map[string]any, standard, most int) (int, error) {
	first, ok := args["first"].(int)
	switch {
	case !ok:
		return standard, nil
	case first < 0:
		return 0, BadInput("first: %d is negative", first)
	case first > most:
		return 0, BadInput("first: %d is more than %d, the most of one page; ask for the next page with after", first, most)
	}
	return first, nil
}

// Spelled refuses a word that is a known one but for capitals: it would find nothing,
// and say so by silence.
func Spelled(word string, known []string) error {
	i := slices.IndexFunc(known, func(k string) bool { return strings.EqualFold(k, word) })
	if i >= 0 && !slices.Contains(known, word) {
		return BadInput("%q is written %q", word, known[i])
	}
	return nil
}
