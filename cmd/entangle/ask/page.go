package ask

import (
	"bytes"
	"io"
	"strings"
	"unicode/utf8"
)

// columns is how wide an answer is printed: it fits a terminal beside another window,
// and a page of documentation.
const columns = 100

// page takes the text of an answer. A line that is wider than the page is broken
// between words, what follows set in by two more; a wide page leaves lines as they are.
type page struct {
	w    io.Writer
	wide bool
	line bytes.Buffer // begun and not ended
}

// Write is that of an io.Writer.
func (p *page) Write(text []byte) (int, error) {
	for rest := text; len(rest) > 0; {
		line, after, ended := bytes.Cut(rest, []byte{'\n'})
		p.line.Write(line)
		if !ended {
			break
		}
		rest = after
		err := p.print(p.line.String())
		p.line.Reset()
		if err != nil {
			return 0, err
		}
	}
	return len(text), nil
}

// print prints a whole line.
func (p *page) print(line string) error {
	if !p.wide && utf8.RuneCountInString(line) > columns {
		body := strings.TrimLeft(line, " ")
		indent := line[:len(line)-len(body)]
		lines := wrapped(body, columns-len(indent)-2)
		line = indent + strings.Join(lines, "\n"+indent+"  ")
	}
	_, err := io.WriteString(p.w, line+"\n")
	return err
}

// wrapped breaks a text between words into lines of at most so many signs; a word
// longer than that has a line of its own.
func wrapped(text string, width int) []string {
	var lines []string
	var line strings.Builder
	used := 0
	for word := range strings.FieldsSeq(text) {
		n := utf8.RuneCountInString(word)
		if used > 0 && used+1+n > width {
			lines = append(lines, line.String())
			line.Reset()
			used = 0
		}
		if used > 0 {
			line.WriteByte(' ')
			used++
		}
		line.WriteString(word)
		used += n
	}
	return append(lines, line.String())
}

// shortened cuts a name to so many signs, the last of which says that it was cut.
func shortened(name string, width int) string {
	if utf8.RuneCountInString(name) <= width {
		return name
	}
	runes := []rune(name)
	return strings.TrimRight(string(runes[:width-1]), " ") + "…"
}
