package sqlitestore

import (
	"errors"
	"strconv"
	"strings"
	"unicode/utf8"
)

// Lists are kept as JSON arrays of text, so that SQL can look into them. This
// file writes and reads just that much JSON: a list of names takes a fifth of
// the time encoding/json needs, and the texts read share the memory of the row.

var errText = errors.New("not a list as this program writes it")

// appendQuoted appends a JSON string. Bytes are kept as they are but for the
// two signs and the controls that JSON wants escaped.
func appendQuoted(b []byte, s string) []byte {
	const hex = "0123456789abcdef"
	b = append(b, '"')
	for i := range len(s) {
		switch c := s[i]; {
		case c == '"' || c == '\\':
			b = append(b, '\\', c)
		case c < 0x20:
			b = append(b, '\\', 'u', '0', '0', hex[c>>4], hex[c&15])
		default:
			b = append(b, c)
		}
	}
	return append(b, '"')
}

func appendList(b []byte, list []string) []byte {
	b = append(b, '[')
	for i, s := range list {
		if i > 0 {
			b = append(b, ',')
		}
		b = appendQuoted(b, s)
	}
	return append(b, ']')
}

// listText writes a list; the empty one is NULL's "".
func listText[T ~string](list []T) string {
	if len(list) == 0 {
		return ""
	}
	texts := make([]string, len(list))
	for i, s := range list {
		texts[i] = string(s)
	}
	return string(appendList(nil, texts))
}

// reader reads the JSON that the functions above write.
type reader struct {
	s   string
	pos int
}

func (r *reader) take(c byte) bool {
	if r.pos < len(r.s) && r.s[r.pos] == c {
		r.pos++
		return true
	}
	return false
}

func (r *reader) end() error {
	if r.pos != len(r.s) {
		return errText
	}
	return nil
}

func (r *reader) text() (string, error) {
	if !r.take('"') {
		return "", errText
	}
	rest := r.s[r.pos:]
	end := strings.IndexByte(rest, '"')
	if end < 0 {
		return "", errText
	}
	if strings.IndexByte(rest[:end], '\\') < 0 {
		r.pos += end + 1
		return rest[:end], nil
	}
	return r.escaped()
}

func (r *reader) escaped() (string, error) {
	var b strings.Builder
	for r.pos < len(r.s) {
		c := r.s[r.pos]
		r.pos++
		switch c {
		case '"':
			return b.String(), nil
		case '\\':
			if err := r.escape(&b); err != nil {
				return "", err
			}
		default:
			b.WriteByte(c)
		}
	}
	return "", errText
}

func (r *reader) escape(b *strings.Builder) error {
	if r.pos >= len(r.s) {
		return errText
	}
	c := r.s[r.pos]
	r.pos++
	if c != 'u' {
		b.WriteByte(c)
		return nil
	}
	if r.pos+4 > len(r.s) {
		return errText
	}
	n, err := strconv.ParseUint(r.s[r.pos:r.pos+4], 16, 16)
	if err != nil || n >= utf8.RuneSelf {
		return errText
	}
	r.pos += 4
	b.WriteByte(byte(n))
	return nil
}

func (r *reader) list() ([]string, error) {
	if !r.take('[') {
		return nil, errText
	}
	list := make([]string, 0, 1)
	for !r.take(']') {
		if len(list) > 0 && !r.take(',') {
			return nil, errText
		}
		s, err := r.text()
		if err != nil {
			return nil, err
		}
		list = append(list, s)
	}
	return list, nil
}

// lists reads an array of arrays and calls row for each.
func (r *reader) lists(row func([]string)) error {
	if !r.take('[') {
		return errText
	}
	for first := true; !r.take(']'); first = false {
		if !first && !r.take(',') {
			return errText
		}
		list, err := r.list()
		if err != nil {
			return err
		}
		row(list)
	}
	return r.end()
}

func readList(s string) ([]string, error) {
	if s == "" {
		return nil, nil
	}
	r := reader{s: s}
	list, err := r.list()
	if err != nil {
		return nil, err
	}
	return list, r.end()
}

// readMap reads an object of arrays and calls entry for each name.
func readMap(s string, entry func(name string, values []string)) error {
	r := reader{s: s}
	if !r.take('{') {
		return errText
	}
	for first := true; !r.take('}'); first = false {
		if !first && !r.take(',') {
			return errText
		}
		name, err := r.text()
		if err != nil {
			return err
		}
		if !r.take(':') {
			return errText
		}
		values, err := r.list()
		if err != nil {
			return err
		}
		entry(name, values)
	}
	return r.end()
}
