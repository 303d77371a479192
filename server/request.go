package server

import (
	"bytes"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"net/http"
	"net/url"
	"slices"
	"unicode/utf8"

	"entangle/schema/exec"
)

// refusal is why a request is no GraphQL request.
type refusal struct {
	status int
	err    *exec.Error
}

func refused(code exec.Code, format string, args ...any) *refusal {
	return &refusal{status: http.StatusBadRequest, err: problem(code, format, args...)}
}

// decodeBody reads the parameters from a body of JSON. Keys other than the four are left
// alone, as the draft asks.
func decodeBody(body []byte) (exec.Request, *refusal) {
	if params, ok := plainParams(body); ok {
		return request(params)
	}
	if len(bytes.TrimSpace(body)) == 0 {
		return exec.Request{}, refused(CodeMalformed, `the body is empty; send JSON like {"query": "{ __typename }"}`)
	}
	if r := checkJSON("the body", body); r != nil {
		return exec.Request{}, r
	}
	if kind := kindOf(body); kind == "list" {
		return exec.Request{}, refused(CodeBatch, "the body is a list; send one request at a time, several operations are not taken together")
	} else if kind != "object" {
		return exec.Request{}, refused(CodeParameters, `the body is not an object like {"query": "{ __typename }"} (%s)`, kind)
	}
	var params map[string]json.RawMessage
	if err := json.Unmarshal(body, &params); err != nil {
		return exec.Request{}, refused(CodeMalformed, "the body is not JSON: %v", err)
	}
	return request(params)
}

// plainParams reads the parameters of a body in which nothing has to be told of: JSON in
// UTF-8, an object, no key twice, none written with escapes. It returns false for any
// other, of which decodeBody finds out what is wrong, if anything.
func plainParams(body []byte) (map[string]json.RawMessage, bool) {
	if !utf8.Valid(body) || !json.Valid(body) || !distinctKeys(body) {
		return nil, false
	}
	params := make(map[string]json.RawMessage, 4)
	ok := exec.Members(body, func(key string, value []byte) { params[key] = value })
	return params, ok
}

// manyKeys is how many keys of one object are compared with each other.
const manyKeys = 32

// distinctKeys reports whether no object of valid JSON has a key twice. It returns false
// also where an object has very many keys, or one that is written with escapes.
func distinctKeys(data []byte) bool {
	var keyRoom [16][]byte
	var openRoom [8]int
	keys, open := keyRoom[:0], openRoom[:0] // those of all open objects; where those of each bracket begin, -1 for a list
	key := false                            // a string is a key
	for i := 0; i < len(data); i++ {
		switch data[i] {
		case '"':
			from, escaped := i+1, false
			for i++; data[i] != '"'; i++ {
				if data[i] == '\\' {
					escaped = true
					i++
				}
			}
			if !key {
				continue
			}
			name, others := data[from:i], keys[open[len(open)-1]:]
			if escaped || len(others) >= manyKeys || slices.ContainsFunc(others, func(k []byte) bool { return bytes.Equal(k, name) }) {
				return false
			}
			keys, key = append(keys, name), false
		case '{':
			open, key = append(open, len(keys)), true
		case '[':
			open, key = append(open, -1), false
		case '}', ']':
			if from := open[len(open)-1]; from >= 0 {
				keys = keys[:from]
			}
			open, key = open[:len(open)-1], false
		case ',':
			key = open[len(open)-1] >= 0
		}
	}
	return true
}

// decodeQuery reads the parameters from the query part of a URL.
func decodeQuery(raw string) (exec.Request, *refusal) {
	values, err := url.ParseQuery(raw)
	if err != nil {
		return exec.Request{}, refused(CodeParameters, "the query part of the URL cannot be decoded: %v", err)
	}
	params := map[string]json.RawMessage{}
	for _, name := range []string{"query", "operationName", "variables", "extensions"} {
		given := values[name]
		if len(given) > 1 {
			return exec.Request{}, refused(CodeParameters, "%s is given %d times", name, len(given))
		}
		if len(given) == 0 || given[0] == "" {
			continue
		}
		if !utf8.ValidString(given[0]) {
			return exec.Request{}, refused(CodeParameters, "%s is not UTF-8", name)
		}
		value := []byte(given[0])
		if name == "variables" || name == "extensions" {
			if r := checkJSON(name, value); r != nil {
				return exec.Request{}, r
			}
		} else if value, err = json.Marshal(given[0]); err != nil {
			return exec.Request{}, refused(CodeParameters, "%s: %v", name, err)
		}
		params[name] = value
	}
	return request(params)
}

// request checks the types of the parameters. The empty operation name means none.
func request(params map[string]json.RawMessage) (exec.Request, *refusal) {
	var req exec.Request
	for _, p := range []struct {
		name   string
		text   *string
		object *json.RawMessage
	}{
		{name: "query", text: &req.Query},
		{name: "operationName", text: &req.OperationName},
		{name: "variables", object: &req.Variables},
		{name: "extensions", object: &req.Extensions},
	} {
		raw := params[p.name]
		switch kind := kindOf(raw); {
		case kind == "" || kind == "null":
		case kind == "string" && p.text != nil:
			if err := json.Unmarshal(raw, p.text); err != nil {
				return req, refused(CodeParameters, "%s: %v", p.name, err)
			}
		case kind == "object" && p.object != nil:
			*p.object = raw
		case p.text != nil:
			return req, refused(CodeParameters, "%s is not a string (%s)", p.name, kind)
		default:
			return req, refused(CodeParameters, "%s is not an object (%s)", p.name, kind)
		}
	}
	if req.Query == "" {
		return req, refused(CodeParameters, "the parameter query is missing; it holds the document, as in { __typename }")
	}
	return req, nil
}

// kindOf tells the type of valid JSON, the empty string of nothing.
func kindOf(raw []byte) string {
	raw = bytes.TrimSpace(raw)
	if len(raw) == 0 {
		return ""
	}
	switch raw[0] {
	case '{':
		return "object"
	case '[':
		return "list"
	case '"':
		return "string"
	case 't', 'f':
		return "boolean"
	case 'n':
		return "null"
	}
	return "number"
}

// checkJSON refuses what encoding/json is lenient about: bytes that are not UTF-8, keys
// given twice, text after the end. Which of two values counts must not depend on who
// reads them.
func checkJSON(what string, data []byte) *refusal {
	if !utf8.Valid(data) {
		return refused(CodeMalformed, "%s is not UTF-8", what)
	}
	dec := json.NewDecoder(bytes.NewReader(data))
	dec.UseNumber()
	var whole json.RawMessage
	if err := dec.Decode(&whole); err != nil {
		offset := dec.InputOffset()
		if syntax, ok := errors.AsType[*json.SyntaxError](err); ok {
			offset = syntax.Offset
		}
		if errors.Is(err, io.ErrUnexpectedEOF) {
			return refused(CodeMalformed, "%s is not JSON: it ends too early, in %s", what, place(data, int64(len(data))))
		}
		return refused(CodeMalformed, "%s is not JSON: %v, in %s", what, err, place(data, offset))
	}
	if rest := data[dec.InputOffset():]; len(bytes.TrimSpace(rest)) > 0 {
		return refused(CodeMalformed, "%s goes on after the end of the JSON, in %s", what, place(data, dec.InputOffset()+1))
	}
	if key, offset, ok := duplicate(data); ok {
		return refused(CodeMalformed, "%s has the key %s twice in one object, in %s", what, show(key), place(data, offset))
	}
	return nil
}

// duplicate finds the first key that an object of valid JSON has twice, and the offset
// right after it.
func duplicate(data []byte) (key string, offset int64, found bool) {
	// object is nil for a list; inside one, strings at an even position are keys.
	type level struct {
		object map[string]bool
		tokens int
	}
	var stack []level
	dec := json.NewDecoder(bytes.NewReader(data))
	dec.UseNumber()
	for {
		token, err := dec.Token()
		if err != nil {
			return "", 0, false
		}
		if token == json.Delim('}') || token == json.Delim(']') {
			stack = stack[:len(stack)-1]
			continue
		}
		if n := len(stack) - 1; n >= 0 && stack[n].object != nil {
			if name, ok := token.(string); ok && stack[n].tokens%2 == 0 {
				if stack[n].object[name] {
					return name, dec.InputOffset(), true
				}
				stack[n].object[name] = true
			}
			stack[n].tokens++
		}
		switch token {
		case json.Delim('{'):
			stack = append(stack, level{object: map[string]bool{}})
		case json.Delim('['):
			stack = append(stack, level{})
		}
	}
}

// place tells line and column of the byte before offset; columns count characters.
func place(data []byte, offset int64) string {
	before := data[:min(max(offset-1, 0), int64(len(data)))]
	line := bytes.Count(before, []byte("\n")) + 1
	column := utf8.RuneCount(before[bytes.LastIndexByte(before, '\n')+1:]) + 1
	return fmt.Sprintf("line %d, column %d", line, column)
}
