package querytest

import (
	"errors"
	"fmt"
	"regexp"
	"slices"
	"strconv"
	"strings"

	"entangle/graph"
)

// ErrScript is the error of a case that cannot be read; it says file and line.
var ErrScript = errors.New("querytest: bad case")

var kinds = map[string]graph.Kind{
	"person": graph.Person, "group": graph.Group, "institution": graph.Institution, "post": graph.Post,
	"place": graph.Place, "stream": graph.RevenueStream, "event": graph.Event, "source": graph.Source,
}

// Batch reads the notation of a load section, one node or tie to a line. Errors
// wrap ErrScript and name the line.
func Batch(notation string) (graph.Batch, error) {
	var b graph.Batch
	for i, line := range strings.Split(notation, "\n") {
		if err := loadLine(&b, line); err != nil {
			return graph.Batch{}, fmt.Errorf("%w: line %d: %w", ErrScript, i+1, err)
		}
	}
	return b, nil
}

// loadLine adds what one line says, written out where it has ranges.
func loadLine(b *graph.Batch, line string) error {
	lines, err := expand(line)
	if err != nil {
		return err
	}
	for _, line := range lines {
		words, err := split(line)
		if err != nil {
			return err
		}
		if len(words) == 0 {
			continue
		}
		if kind, ok := kinds[words[0]]; ok {
			err = addNode(b, kind, words[1:])
		} else {
			err = addTie(b, words)
		}
		if err != nil {
			return err
		}
	}
	return nil
}

var rangeForm = regexp.MustCompile(`\{(\d+)\.\.(\d+)\}`)

const maxRange = 1000

// expand writes a line with ranges {1..3} out, all of them counted together.
func expand(line string) ([]string, error) {
	found := rangeForm.FindAllStringSubmatch(line, -1)
	if len(found) == 0 {
		return []string{line}, nil
	}
	var lines []string
	for _, f := range found {
		first, _ := strconv.Atoi(f[1])
		last, _ := strconv.Atoi(f[2])
		n := last - first + 1
		if n < 1 || n > maxRange {
			return nil, fmt.Errorf("range %s: from 1 to %d items", f[0], maxRange)
		}
		if lines == nil {
			lines = slices.Repeat([]string{line}, n)
		}
		if len(lines) != n {
			return nil, fmt.Errorf("range %s: the ranges of a line are of one length", f[0])
		}
		for i := range lines {
			lines[i] = strings.Replace(lines[i], f[0], strconv.Itoa(first+i), 1)
		}
	}
	return lines, nil
}

// split cuts a line into words; a part in double quotes may have blanks, # begins
// a comment.
func split(line string) ([]string, error) {
	var words []string
	word, quoted, open := strings.Builder{}, false, false
	end := func() {
		if open {
			words = append(words, word.String())
		}
		word.Reset()
		open = false
	}
	for _, r := range line {
		switch {
		case r == '"':
			quoted, open = !quoted, true
		case quoted:
			word.WriteRune(r)
		case r == '#':
			end()
			return words, nil
		case r == ' ' || r == '\t' || r == '\r':
			end()
		default:
			word.WriteRune(r)
			open = true
		}
	}
	if quoted {
		return nil, errors.New("a quotation without its end")
	}
	end()
	return words, nil
}

func addNode(b *graph.Batch, kind graph.Kind, words []string) error {
	if len(words) == 0 {
		return errors.New("a node needs an id")
	}
	n := graph.Node{ID: graph.ID(words[0]), Kind: kind}
	name := words[0]
	for _, word := range words[1:] {
		key, value, ok := strings.Cut(word, "=")
		switch {
		case !ok:
			name = word
		case key == "types":
			n.Types = strings.Split(value, ",")
		default:
			if err := set(&n.Props, kind.Info().Props, key, value); err != nil {
				return err
			}
		}
	}
	n.Names = []graph.Name{{Text: name, Kind: graph.PrimaryName}}
	b.Nodes = append(b.Nodes, n)
	return nil
}

func set(props *graph.Props, specs []graph.PropSpec, key, value string) error {
	spec, ok := graph.Spec(specs, key)
	if !ok {
		return fmt.Errorf("no property %q here", key)
	}
	canonical, err := spec.Check(value)
	if err != nil {
		return fmt.Errorf("%s=%s: %w", key, value, err)
	}
	*props = props.Set(key, canonical)
	return nil
}

// addTie reads "from TYPE to key=value …". A tie is certain where the line does
// not give a confidence.
func addTie(b *graph.Batch, words []string) error {
	if len(words) < 3 {
		return fmt.Errorf("%q: a node is “kind id …”, a tie “from TYPE to …”", strings.Join(words, " "))
	}
	typ, err := graph.ParseTieType(words[1])
	if err != nil {
		return err
	}
	t := graph.Tie{Type: typ, From: graph.ID(words[0]), To: graph.ID(words[2]), Confidence: graph.Stated(1)}
	for _, word := range words[3:] {
		key, value, ok := strings.Cut(word, "=")
		if !ok {
			return fmt.Errorf("%q: want key=value", word)
		}
		if err := tieField(&t, key, value); err != nil {
			return err
		}
	}
	b.Ties = append(b.Ties, t)
	return nil
}

func tieField(t *graph.Tie, key, value string) (err error) {
	switch key {
	case "id":
		t.ID = graph.ID(value)
	case "conf":
		if value == "default" {
			t.Confidence = graph.Confidence{}
			break
		}
		t.Confidence.Value, err = number(value)
	case "weight":
		t.Weight.Known = true
		t.Weight.Value, err = number(value)
	case "from":
		t.Span.Start, err = graph.ParseDate(value)
	case "to":
		t.Span.End, err = graph.ParseDate(value)
	case "first":
		t.Span.First, err = graph.ParseDate(value)
	case "last":
		t.Span.Last, err = graph.ParseDate(value)
	case "set":
		t.ConflictSet = value
	case "status":
		t.Status, err = graph.ParseStatus(value)
	case "grade":
		t.Confidence = graph.Confidence{}
		t.Grade, err = graph.ParseGrade(value)
	case "source":
		t.Citations = append(t.Citations, graph.Citation{Source: graph.ID(value)})
	default:
		return set(&t.Props, t.Type.Info().Props, key, value)
	}
	return err
}
