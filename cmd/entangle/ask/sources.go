package ask

import (
	"cmp"
	"fmt"
	"io"
	"strings"
)

// sourceList numbers the sources that an answer cites, in the order in which
// they are met.
type sourceList struct {
	list   []*sourceAnswer
	number map[string]int
}

// cite returns the marks of some citations: " [1] [4 p. 12]".
func (l *sourceList) cite(citations []citeAnswer) string {
	var marks strings.Builder
	for _, c := range citations {
		if c.Source == nil {
			c.Source = &sourceAnswer{Key: c.Key, Name: c.Key + " (the store has this source no more)"}
		}
		fmt.Fprintf(&marks, " [%d%s]", l.of(c.Source), pageOf(c.Page))
	}
	return marks.String()
}

// pageOf marks a page: " p. 12". What is no number tells a part, such as the opening.
func pageOf(page string) string {
	switch {
	case page == "":
		return ""
	case page[0] >= '0' && page[0] <= '9':
		return " p. " + page
	}
	return " " + page
}

// of returns the number of a source.
func (l *sourceList) of(s *sourceAnswer) int {
	if n, ok := l.number[s.Key]; ok {
		return n
	}
	if l.number == nil {
		l.number = map[string]int{}
	}
	l.list = append(l.list, s)
	l.number[s.Key] = len(l.list)
	return len(l.list)
}

// print lists what was cited.
func (l *sourceList) print(w io.Writer) {
	if len(l.list) == 0 {
		return
	}
	fmt.Fprintln(w, "\nSources")
	for i, s := range l.list {
		fmt.Fprintf(w, "  [%d] %s", i+1, s.Name)
		if at := cmp.Or(s.URL, s.ArchiveURL); at != "" { // a copy, where the page itself has no address
			fmt.Fprintf(w, " <%s>", at)
		}
		fmt.Fprintln(w)
	}
}
