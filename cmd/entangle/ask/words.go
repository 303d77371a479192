package ask

import (
	"fmt"
	"strings"
)

// many writes how many there are of what nouns in the singular name: "1 tie", "2 ties",
// "3 persons or groups". Words before the first noun stay: "2 uncertain ties".
func many(n int, nouns string) string {
	if n == 1 {
		return "1 " + nouns
	}
	parts := strings.Split(nouns, " or ")
	for i, noun := range parts {
		parts[i] = plural(noun)
	}
	return fmt.Sprintf("%d %s", n, strings.Join(parts, " or "))
}

// plural is that of an English noun, as far as the answers need it.
func plural(noun string) string {
	switch stem, y := strings.CutSuffix(noun, "y"); {
	case y && !strings.ContainsAny(stem[len(stem)-1:], "aeiou"):
		return stem + "ies"
	case strings.HasSuffix(noun, "x"), strings.HasSuffix(noun, "s"):
		return noun + "es"
	}
	return noun + "s"
}

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
