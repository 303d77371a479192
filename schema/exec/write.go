package exec

import (
	"bytes"
	"encoding/json"
	"io"
	"math"
	"slices"
	"strconv"
	"unicode/utf8"
)

// flushAt is how much is collected before the response is handed on.
const flushAt = 32 << 10

// extensionBytes is room for what surrounds the data.
const extensionBytes = 512

// writer streams JSON; after the first error of w it does nothing.
type writer struct {
	w   io.Writer
	buf []byte
	n   int64
	err error
}

func (w *writer) flush() {
	if w.err == nil && len(w.buf) > 0 {
		n, err := w.w.Write(w.buf)
		w.n += int64(n)
		w.err = err
	}
	w.buf = w.buf[:0]
}

func (w *writer) text(s string) { w.buf = append(w.buf, s...) }

func (w *writer) value(v any) {
	if len(w.buf) >= flushAt {
		w.flush()
	}
	switch v := v.(type) {
	case nil:
		w.text("null")
	case *node:
		w.node(v)
	case string:
		w.buf = appendString(w.buf, v)
	case *string:
		w.buf = appendString(w.buf, *v)
	case int:
		w.buf = strconv.AppendInt(w.buf, int64(v), 10)
	case int64:
		w.buf = strconv.AppendInt(w.buf, v, 10)
	case bool:
		w.buf = strconv.AppendBool(w.buf, v)
	case float64:
		w.buf = appendFloat(w.buf, v)
	case json.RawMessage:
		w.buf = append(w.buf, v...)
	}
}

func (w *writer) node(n *node) {
	if w.err != nil {
		return
	}
	if n.sel == nil {
		w.text("[")
		for i, v := range n.vals {
			if i > 0 {
				w.text(",")
			}
			w.value(v)
		}
		w.text("]")
		return
	}
	w.text("{")
	for i, f := range n.sel.fields {
		if i > 0 {
			w.text(",")
		}
		w.buf = append(w.buf, f.label...)
		w.value(n.vals[i])
	}
	w.text("}")
}

// extensions writes what the door's user says, with the cost and the number of errors that were left out, by name.
func (w *writer) extensions(ext map[string]any, p *Prepared, omitted int) {
	names := make([]string, 0, 8)
	for name := range ext {
		if name != "cost" && (name != "errorsOmitted" || omitted == 0) {
			names = append(names, name)
		}
	}
	names = append(names, "cost")
	if omitted > 0 {
		names = append(names, "errorsOmitted")
	}
	slices.Sort(names)
	sep := "{"
	for _, name := range names {
		w.text(sep)
		sep = ","
		w.json(name)
		w.text(":")
		switch {
		case name == "cost":
			w.text(`{"limit":`)
			w.value(p.limit)
			w.text(`,"requested":`)
			w.value(p.cost)
			w.text("}")
		case name == "errorsOmitted" && omitted > 0:
			w.value(omitted)
		default:
			w.json(ext[name])
		}
	}
	w.text("}")
}

// plainText reports whether encoding/json writes a text as it is.
func plainText(s string) bool {
	for i := range len(s) {
		if c := s[i]; c < 0x20 || c == '"' || c == '\\' || c >= 0x7f {
			return false
		}
	}
	return true
}

func (w *writer) json(v any) {
	switch v := v.(type) {
	case bool:
		w.value(v)
		return
	case string:
		if plainText(v) {
			w.value(v)
			return
		}
	}
	var out bytes.Buffer
	enc := json.NewEncoder(&out)
	enc.SetEscapeHTML(false)
	if err := enc.Encode(v); err != nil {
		// An extension that cannot be encoded is told as such; the data before it stands.
		out.Reset()
		_ = enc.Encode(map[string]string{"unencodable": err.Error()}) // a map of strings can be encoded
	}
	w.buf = append(w.buf, bytes.TrimSuffix(out.Bytes(), []byte("\n"))...)
}

// WriteErrors writes the response to a request that was not executed: errors without data.
func WriteErrors(w io.Writer, errs []*Error) error {
	out := &writer{w: w}
	out.text(`{"errors":`)
	out.json(errs)
	out.text("}")
	out.flush()
	return out.err
}

const hexDigits = "0123456789abcdef"

// appendString writes a JSON string. Line separators that JavaScript treats as line ends are escaped, bytes that are not
// UTF-8 become U+FFFD.
func appendString(buf []byte, s string) []byte {
	buf = append(buf, '"')
	start := 0
	for i := 0; i < len(s); {
		c := s[i]
		if c < utf8.RuneSelf {
			if c >= 0x20 && c != '"' && c != '\\' {
				i++
				continue
			}
			buf = append(buf, s[start:i]...)
			switch c {
			case '"', '\\':
				buf = append(buf, '\\', c)
			case '\n':
				buf = append(buf, '\\', 'n')
			case '\r':
				buf = append(buf, '\\', 'r')
			case '\t':
				buf = append(buf, '\\', 't')
			default:
				buf = append(buf, '\\', 'u', '0', '0', hexDigits[c>>4], hexDigits[c&15])
			}
			i++
			start = i
			continue
		}
		r, size := utf8.DecodeRuneInString(s[i:])
		switch {
		case r == utf8.RuneError && size == 1:
			buf = append(append(buf, s[start:i]...), "\ufffd"...)
		case r == '\u2028' || r == '\u2029':
			buf = append(append(buf, s[start:i]...), '\\', 'u', '2', '0', '2', hexDigits[r&15])
		default:
			i += size
			continue
		}
		i += size
		start = i
	}
	return append(append(buf, s[start:]...), '"')
}

// appendFloat writes a float as encoding/json does.
func appendFloat(buf []byte, f float64) []byte {
	format := byte('f')
	if a := math.Abs(f); a != 0 && (a < 1e-6 || a >= 1e21) {
		format = 'e'
	}
	buf = strconv.AppendFloat(buf, f, format, -1, 64)
	if n := len(buf); format == 'e' && n >= 4 && buf[n-4] == 'e' && buf[n-3] == '-' && buf[n-2] == '0' {
		buf = append(buf[:n-2], buf[n-1]) // 1e-09 is written 1e-9
	}
	return buf
}
