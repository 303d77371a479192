package schema

import (
	"bytes"
	"crypto/sha256"
	"encoding/base64"
	"encoding/binary"
	"encoding/json"
	"fmt"
	"maps"

	"entangle/graph"
	"entangle/schema/typed"
)

// A cursor is the place of an item in a list, as sort key and id (keyset, so
// that inserts elsewhere do not move it), behind a fingerprint of the list: its
// field, parent, filters, order and day. A cursor of another list is an error.

const scopeSize = 8

// scope is the fingerprint of a list.
type scope [scopeSize]byte

func newScope(parts ...string) scope {
	h := sha256.New()
	for _, p := range parts {
		fmt.Fprintf(h, "%d:%s,", len(p), p)
	}
	return scope(h.Sum(nil)[:scopeSize])
}

// canonical writes arguments as JSON with sorted keys, without those named.
func canonical(args map[string]any, without ...string) (string, error) {
	args = maps.Clone(args)
	for _, name := range without {
		delete(args, name)
	}
	maps.DeleteFunc(args, func(_ string, v any) bool { return v == nil })
	raw, err := json.Marshal(args)
	return string(raw), err
}

func (s scope) seal(place []byte) string {
	return base64.RawURLEncoding.EncodeToString(append(s[:], place...))
}

func (s scope) open(cursor string) ([]byte, error) {
	raw, err := base64.RawURLEncoding.DecodeString(cursor)
	if err != nil || len(raw) <= scopeSize {
		return nil, typed.BadInput("after: %.80q is not a cursor", cursor)
	}
	if !bytes.Equal(raw[:scopeSize], s[:]) {
		return nil, typed.BadInput("after: the cursor belongs to another list: a cursor is good for the same field of the same parent with the same arguments but first")
	}
	return raw[scopeSize:], nil
}

// nodeCursor writes the place of a node in a list.
func (s scope) nodeCursor(c graph.NodeCursor) string {
	return s.seal([]byte(c.Key + "\x00" + string(c.ID)))
}

func (s scope) parseNode(cursor string) (*graph.NodeCursor, error) {
	place, err := s.open(cursor)
	if err != nil {
		return nil, err
	}
	key, id, ok := bytes.Cut(place, []byte{0})
	if !ok || len(id) == 0 {
		return nil, typed.BadInput("after: %.80q is not a cursor", cursor)
	}
	return &graph.NodeCursor{Key: string(key), ID: graph.ID(id)}, nil
}

// tieCursor writes the place of a tie in a list.
func (s scope) tieCursor(c graph.TieCursor) string {
	return s.seal(append(binary.BigEndian.AppendUint32(nil, uint32(c.Start)), c.ID...))
}

func (s scope) parseTie(cursor string) (*graph.TieCursor, error) {
	place, err := s.open(cursor)
	if err != nil {
		return nil, err
	}
	if len(place) <= 4 {
		return nil, typed.BadInput("after: %.80q is not a cursor", cursor)
	}
	return &graph.TieCursor{Start: graph.Day(int32(binary.BigEndian.Uint32(place))), ID: graph.ID(place[4:])}, nil
}
