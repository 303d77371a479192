//nolint:misspell // Popolo spells its collection "organizations"
package popolo

import (
	"bytes"
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"slices"
	"strings"

	"entangle/loaders"
)

// collections are the members of the top-level object that hold records.
var collections = []string{"persons", "organizations", "memberships", "posts", "areas", "events"}

// object is one element of a collection.
type object struct {
	collection string
	line       int
	fields     map[string]json.RawMessage
	// bad says why the element is no object.
	bad string
}

// lines counts the lines of a stream up to an offset in it. Only line breaks
// past the last offset asked for are kept.
type lines struct {
	r      io.Reader
	n      int64
	breaks []int64
	passed int
}

func (l *lines) Read(p []byte) (int, error) {
	n, err := l.r.Read(p)
	for i := 0; i < n; {
		j := bytes.IndexByte(p[i:n], '\n')
		if j < 0 {
			break
		}
		l.breaks = append(l.breaks, l.n+int64(i+j))
		i += j + 1
	}
	l.n += int64(n)
	return n, err
}

// at returns the line of an offset; offsets do not fall.
func (l *lines) at(offset int64) int {
	i, _ := slices.BinarySearch(l.breaks, offset)
	l.passed += i
	l.breaks = l.breaks[i:]
	return l.passed + 1
}

// scan streams the elements of the collections that are wanted. Other members
// are handed to other, which may be nil.
func scan(ctx context.Context, in loaders.Content, want func(collection string) bool, other func(key string, value json.RawMessage), each func(object) bool) error {
	file, err := in.Open()
	if err != nil {
		return err
	}
	defer file.Close()
	src := &lines{r: file}
	dec := json.NewDecoder(src)
	s := scanner{ctx: ctx, dec: dec, src: src, want: want, other: other, each: each}
	err = s.document()
	if err == nil || errors.Is(err, errStop) {
		return nil
	}
	if _, ok := errors.AsType[*loaders.Fault](err); !ok {
		if cause := ctx.Err(); cause != nil {
			return cause
		}
		err = src.fault(dec, err)
	}
	fault, _ := errors.AsType[*loaders.Fault](err)
	if fault.Line == 0 {
		fault.Line = src.at(dec.InputOffset())
	}
	return fault
}

// fault says where JSON ends or stops being JSON.
func (l *lines) fault(dec *json.Decoder, err error) *loaders.Fault {
	offset, why := l.n, "the JSON ends in the middle: the file is cut"
	syntax, ok := errors.AsType[*json.SyntaxError](err)
	switch {
	case errors.Is(err, io.EOF) || errors.Is(err, io.ErrUnexpectedEOF):
	case ok:
		offset, why = min(brokenAt(dec), l.n), "not JSON from here on: "+syntax.Error()
	default:
		why = "reading failed: " + err.Error()
	}
	return &loaders.Fault{
		Place:  loaders.Place{Line: l.at(offset)},
		Reason: fmt.Sprintf("%s (at byte %d); what came before is loaded", why, offset),
	}
}

// brokenAt returns how many bytes stand before the one that a decoder refused. The offset of
// its own error leaves out the signs and blanks between values.
func brokenAt(dec *json.Decoder) int64 {
	var value json.RawMessage
	err := json.NewDecoder(dec.Buffered()).Decode(&value)
	if syntax, ok := errors.AsType[*json.SyntaxError](err); ok {
		return dec.InputOffset() + max(syntax.Offset-1, 0)
	}
	return dec.InputOffset() // a sign is missing here
}

var errStop = errors.New("stop")

type scanner struct {
	ctx   context.Context //nolint:containedctx // lives for one call of scan
	dec   *json.Decoder
	src   *lines
	want  func(string) bool
	other func(string, json.RawMessage)
	each  func(object) bool
}

func (s scanner) document() error {
	if err := s.expect('{'); err != nil {
		return err
	}
	for s.dec.More() {
		token, err := s.dec.Token()
		if err != nil {
			return err
		}
		key, _ := token.(string)
		if slices.Contains(collections, key) {
			if err := s.array(key); err != nil {
				return err
			}
			continue
		}
		var value json.RawMessage
		if err := s.dec.Decode(&value); err != nil {
			return err
		}
		if s.other != nil {
			s.other(key, value)
		}
	}
	_, err := s.dec.Token()
	return err
}

func (s scanner) expect(delim json.Delim) error {
	token, err := s.dec.Token()
	if err != nil {
		return err
	}
	if token != delim {
		return &loaders.Fault{Reason: fmt.Sprintf("%v where %v belongs", token, delim)}
	}
	return nil
}

func (s scanner) array(key string) error {
	token, err := s.dec.Token()
	if err != nil || token == nil { // null
		return err
	}
	if token != json.Delim('[') {
		return &loaders.Fault{Reason: fmt.Sprintf("%q is not a list", key)}
	}
	for s.dec.More() {
		if err := s.ctx.Err(); err != nil {
			return err
		}
		var raw json.RawMessage
		if err := s.dec.Decode(&raw); err != nil {
			return err
		}
		if !s.want(key) {
			continue
		}
		obj := object{collection: key, line: s.src.at(s.dec.InputOffset() - int64(len(raw)))}
		if err := json.Unmarshal(raw, &obj.fields); err != nil || obj.fields == nil {
			obj.bad = fmt.Sprintf("an element of %q that is no object", key)
		}
		if !s.each(obj) {
			return errStop
		}
	}
	_, err = s.dec.Token()
	return err
}

// fields reads the values of an object and notes which were read.
type fields struct {
	object
	rec  *loaders.Record
	used map[string]bool
}

func newFields(obj object, rec *loaders.Record) *fields {
	return &fields{object: obj, rec: rec, used: map[string]bool{}}
}

func (f *fields) place(key string) loaders.Place {
	p := loaders.Place{Line: f.line, Field: key}
	if raw, ok := f.fields[key]; ok {
		p.Value = text(raw)
	}
	return p
}

// text writes a JSON value for a message: a string without its quotes.
func text(raw json.RawMessage) string {
	var s string
	if json.Unmarshal(raw, &s) == nil {
		return s
	}
	return string(raw)
}

// str returns a text or number; null and "" are absent.
func (f *fields) str(key string) string {
	f.used[key] = true
	raw, ok := f.fields[key]
	if !ok || string(raw) == "null" {
		return ""
	}
	s, ok := scalar(raw)
	if !ok {
		f.rec.Bad(f.place(key), loaders.CodeValue, "not a text")
	}
	return s
}

// scalar reads a text or number.
func scalar(raw json.RawMessage) (string, bool) {
	var s string
	if json.Unmarshal(raw, &s) == nil {
		return s, true
	}
	var n json.Number
	if json.Unmarshal(raw, &n) == nil {
		return n.String(), true
	}
	return "", false
}

// list reads a list of objects with texts in them.
func (f *fields) list(key string) []map[string]string {
	f.used[key] = true
	raw, ok := f.fields[key]
	if !ok || string(raw) == "null" {
		return nil
	}
	var list []map[string]json.RawMessage
	if err := json.Unmarshal(raw, &list); err != nil {
		f.rec.Bad(f.place(key), loaders.CodeValue, "not a list of objects")
		return nil
	}
	out := make([]map[string]string, 0, len(list))
	for _, item := range list {
		texts := map[string]string{}
		for k, v := range item {
			if s, ok := scalar(v); ok {
				texts[k] = s
			}
		}
		out = append(out, texts)
	}
	return out
}

// date reads a partial date.
func (f *fields) date(key string) string {
	value := f.str(key)
	cleaned, rule, err := loaders.CleanDate(value)
	if err != nil {
		f.rec.Bad(f.place(key), loaders.CodeValue, loaders.DateReason(err))
		return ""
	}
	if rule != "" {
		f.rec.Repaired(f.place(key), cleaned, rule)
	}
	return cleaned
}

// rest notes the fields that were not read.
func (f *fields) rest(denied func(string) bool) {
	for key, raw := range f.fields {
		if f.used[key] || emptyJSON(raw) {
			continue
		}
		why := "not loaded: no place for it in the vocabulary"
		if denied(key) {
			why = "not loaded: on the privacy list"
		}
		f.rec.Notes = append(f.rec.Notes, loaders.Note{Field: f.collection + "." + key, Text: why})
	}
}

func emptyJSON(raw json.RawMessage) bool {
	return slices.Contains([]string{"null", `""`, "[]", "{}"}, strings.TrimSpace(string(raw)))
}
