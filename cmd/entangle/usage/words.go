package usage

import (
	"fmt"
	"strings"
)

// Many writes how many there are of what nouns in the singular name: "1 tie", "2 ties",
// "3 persons or groups". Words before the first noun stay: "2 uncertain ties".
func Many(n int, nouns string) string {
	if n == 1 {
		return "1 " + nouns
	}
	parts := strings.Split(nouns, " or ")
	for i, noun := range parts {
		parts[i] = plural(noun)
	}
	return fmt.Sprintf("%d %s", n, strings.Join(parts, " or "))
}

// plural is that of an English noun, as far as the texts of the commands need it.
func plural(noun string) string {
	switch stem, y := strings.CutSuffix(noun, "y"); {
	case y && !strings.ContainsAny(stem[len(stem)-1:], "aeiou"):
		return stem + "ies"
	case strings.HasSuffix(noun, "x"), strings.HasSuffix(noun, "s"):
		return noun + "es"
	}
	return noun + "s"
}
