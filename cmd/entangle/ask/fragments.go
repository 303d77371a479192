package ask

import (
	_ "embed"
	"regexp"
	"strings"
)

//go:embed fragments.graphql
var sharedFragments string

var (
	fragmentName = regexp.MustCompile(`(?m)^fragment (\w+) `)
	fragmentHead = regexp.MustCompile(`(?m)^fragment (\w+) on (\w+)`)
	fragmentUse  = regexp.MustCompile(`\.\.\.(\w+)`)
)

// withFragments adds to a document the shared fragments that it names and does not have
// itself: one that is not used is an error.
func withFragments(document string) string {
	shared := map[string]string{}
	starts := fragmentName.FindAllStringSubmatchIndex(sharedFragments, -1)
	for i, at := range starts {
		end := len(sharedFragments)
		if i+1 < len(starts) {
			end = starts[i+1][0]
		}
		shared[sharedFragments[at[2]:at[3]]] = sharedFragments[at[0]:end]
	}
	for _, own := range fragmentName.FindAllStringSubmatch(document, -1) {
		delete(shared, own[1])
	}
	var out strings.Builder
	out.WriteString(document)
	for todo := []string{document}; len(todo) > 0; todo = todo[1:] {
		for _, use := range fragmentUse.FindAllStringSubmatch(todo[0], -1) {
			if text, ok := shared[use[1]]; ok {
				delete(shared, use[1])
				out.WriteString("\n" + text)
				todo = append(todo, text)
			}
		}
	}
	return out.String()
}
