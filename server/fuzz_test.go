package server_test

import (
	"bytes"
	"encoding/json"
	"net/http"
	"net/url"
	"testing"

	"entangle/server"
)

// FuzzPost: whatever the body is, the response is JSON with data or errors, never a 500.
func FuzzPost(f *testing.F) {
	for _, seed := range []string{
		`{"query":"{ __typename }"}`, `{"query":"{"`, `[]`, `{}`, `null`, ``, `{"query":"{ echo(text: \"\ud800\") }"}`,
		`{"query":"query($t:String!){echo(text:$t)}","variables":{"t":null}}`, `{"query":1,"query":2}`, "\xef\xbb\xbf{}", `{"a":[{}],"b":{"":{"":1}}}`,
		`{"query":"query A{__typename} query B{__typename}","operationName":"C"}`, `{"query":"{ rows(n: -1) }"}`,
	} {
		f.Add([]byte(seed))
	}
	handler := bare(f)
	f.Fuzz(func(t *testing.T, body []byte) {
		req, err := http.NewRequestWithContext(t.Context(), http.MethodPost, "http://localhost/graphql", bytes.NewReader(body))
		if err != nil {
			t.Fatal(err)
		}
		req.Header.Set("Content-Type", "application/json")
		checkFuzzed(t, handler, req)
	})
}

// FuzzGet does the same with the query part of the URL and the Accept header.
func FuzzGet(f *testing.F) {
	f.Add("query={__typename}", "*/*")
	f.Add("query={__typename}&variables={}&extensions=null", "application/json;q=0.1, application/graphql-response+json;q=0.2")
	f.Add("query=%7B&;=%", "a/b;q=\"1, */*;q=2,;")
	handler := bare(f)
	f.Fuzz(func(t *testing.T, query, accept string) {
		req, err := http.NewRequestWithContext(t.Context(), http.MethodGet, "http://localhost/graphql", nil)
		if err != nil {
			t.Fatal(err)
		}
		req.URL = &url.URL{Path: "/graphql", RawQuery: query}
		req.Header.Set("Accept", accept)
		checkFuzzed(t, handler, req)
	})
}

func bare(f *testing.F) http.Handler {
	f.Helper()
	cfg := config(f)
	close(cfg.GraphQL.(*small).release)
	s, err := server.New(cfg)
	if err != nil {
		f.Fatal(err)
	}
	return s.Handler()
}

func checkFuzzed(t *testing.T, handler http.Handler, req *http.Request) {
	t.Helper()
	rec := record(handler, req)
	var response struct{ Data, Errors json.RawMessage }
	if err := json.Unmarshal(rec.Body.Bytes(), &response); err != nil {
		t.Fatalf("%v in %q", err, rec.Body)
	}
	if response.Data == nil && response.Errors == nil || rec.Code >= 500 {
		t.Fatalf("%d %s", rec.Code, rec.Body)
	}
}
