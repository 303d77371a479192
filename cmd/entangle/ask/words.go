package ask

import (
	"fmt"

	"entangle/cmd/entangle/usage"
)

// many writes how many there are of what nouns in the singular name.
func many(n int, nouns string) string { return usage.Many(n, nouns) }

// agree is the word that goes with so many: agree(n, "is", "are").
func agree(n int, one, more string) string {
	if n == 1 {
		return one
	}
	return more
}

// outOf writes how many of several things: "3 of the 5 ties", "all 5 ties", "the only tie".
func outOf(n, of int, noun string) string {
	switch {
	case n == of && of == 1:
		return "the only " + noun
	case n == of:
		return "all " + many(of, noun)
	}
	return fmt.Sprintf("%d of the %s", n, many(of, noun))
}
