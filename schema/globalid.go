package schema

import (
	"encoding/base64"
	"strings"
	"unicode/utf8"

	"entangle/graph"
	"entangle/schema/typed"
)

// tieTypeName is the GraphQL type of ties, and the kind in their global ids.
const tieTypeName = "Tie"

// GlobalID returns the id under which the API knows a node of the kind:
// base64url("Kind:key").
func GlobalID(kind graph.Kind, id graph.ID) string { return encodeID(kind.String(), id) }

// GlobalTieID returns the id under which the API knows a tie.
func GlobalTieID(id graph.ID) string { return encodeID(tieTypeName, id) }

func encodeID(typ string, id graph.ID) string {
	return base64.RawURLEncoding.EncodeToString([]byte(typ + ":" + string(id)))
}

// ParseGlobalID returns the type ("Person", …, "Tie") and the store's id that a
// global id stands for.
func ParseGlobalID(global string) (typ string, id graph.ID, err error) {
	raw, err := base64.RawURLEncoding.DecodeString(strings.TrimRight(global, "="))
	typ, key, ok := strings.Cut(string(raw), ":")
	if err != nil || !ok || key == "" || !utf8.Valid(raw) {
		return "", "", typed.BadInput("%.80q is not an id of this API (ids come from a field id; a key of the data goes into entity(ref:) or a filter by key)", global)
	}
	if _, err := graph.ParseKind(typ); err != nil && typ != tieTypeName {
		return "", "", typed.BadInput("%.80q is not an id of this API: it has no type %.40q", global, typ)
	}
	return typ, graph.ID(key), nil
}
