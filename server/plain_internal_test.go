package server

import (
	"encoding/json"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
	"pgregory.net/rapid"
)

// TestPlainParams: whatever passes the short way is what the long one makes of it, and what
// the long one refuses does not pass.
func TestPlainParams(t *testing.T) {
	for _, body := range []string{
		`{"query":"{ a }"}`, ` { "query" : "{ \n a }" , "variables" : { "a" : [ {"b":1}, {"b":2} ], "c": {} } } `,
		`{"query":"a","query":"b"}`, `{"a":{"b":1,"b":2}}`, `{"a":[{"b":1,"b":2}]}`, `{"a":[{"b":1},{"b":2}],"b":3}`,
		`{"\u0061":1,"a":2}`, `{"a":"\"a\":1,\"a\":2","b":"\\"}`, `[]`, `[{"a":1}]`, `"a"`, `1`, `null`, ``, ` `, `{`, `{}`, `{} x`, `{"a":1}{"a":1}`,
		"{\"a\":\"\xff\"}", `{"a":[1,2,[3,{"a":[]}]],"b":null}`, `{"a":true,"b":false,"c":-1.5e3,"d":""}`,
	} {
		samePlain(t, []byte(body))
	}
	part := rapid.SampledFrom([]string{"{", "}", "[", "]", ",", ":", `"a"`, `"b"`, `"a":`, `"b":`, `"a\"b"`, "1", "null", " ", `"\u0061"`})
	rapid.Check(t, func(t *rapid.T) {
		samePlain(t, []byte(strings.Join(rapid.SliceOfN(part, 0, 14).Draw(t, "parts"), "")))
	})
}

func samePlain(t interface {
	Helper()
	Errorf(format string, args ...any)
}, body []byte,
) {
	t.Helper()
	got, ok := plainParams(body)
	if !ok {
		return
	}
	var want map[string]json.RawMessage
	if r := checkJSON("the body", body); r != nil {
		t.Errorf("%s passes, and is refused: %s", body, r.err.Message)
		return
	}
	if err := json.Unmarshal(body, &want); err != nil {
		t.Errorf("%s: %v", body, err)
	}
	if diff := cmp.Diff(want, got); diff != "" {
		t.Errorf("%s (-want +got):\n%s", body, diff)
	}
}

// TestPlainParamsTakesUsualBodies: the short way is that of what clients send.
func TestPlainParamsTakesUsualBodies(t *testing.T) {
	params, ok := plainParams([]byte(`{"query":"query($id: ID!) { node(id: $id) {\n id } }","variables":{"id":"R3JvdXA6YQ"},"operationName":null}`))
	want := map[string]json.RawMessage{
		"query": json.RawMessage(`"query($id: ID!) { node(id: $id) {\n id } }"`), "variables": json.RawMessage(`{"id":"R3JvdXA6YQ"}`), "operationName": json.RawMessage("null"),
	}
	if diff := cmp.Diff(want, params); !ok || diff != "" {
		t.Errorf("%t (-want +got):\n%s", ok, diff)
	}
}
