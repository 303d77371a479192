package server_test

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"net/http"
	"net/url"
	"strconv"
	"strings"
	"testing"
	"time"

	"entangle/graph"
	"entangle/schema/exec"
	"entangle/server"
)

const (
	asJSON     = "application/json; charset=utf-8"
	asResponse = "application/graphql-response+json; charset=utf-8"
)

// codeOf returns extensions.code of the first error, and whether the key data is there.
func codeOf(t *testing.T, body string) (code string, data bool) {
	t.Helper()
	var response struct {
		Data   *json.RawMessage
		Errors []struct{ Extensions struct{ Code string } }
	}
	keys := map[string]json.RawMessage{}
	if err := errors.Join(json.Unmarshal([]byte(body), &response), json.Unmarshal([]byte(body), &keys)); err != nil {
		t.Fatalf("%v in %q", err, body)
	}
	if len(response.Errors) > 0 {
		code = response.Errors[0].Extensions.Code
	}
	_, data = keys["data"]
	return code, data
}

func TestPost(t *testing.T) {
	web := open(t, config(t))
	const response = "Accept: application/graphql-response+json"
	for name, tt := range map[string]struct {
		body    string
		headers []string
		status  int
		media   string
		code    exec.Code // empty: no error
		holds   string    // a part of the body
	}{
		"a query":              {body: `{"query":"{ echo(text: \"hi\") }"}`, status: 200, holds: `{"data":{"echo":"hi"}`},
		"by variables":         {body: `{"query":"query($t: String!) { echo(text: $t) }","variables":{"t":"سلام"}}`, status: 200, holds: "سلام"},
		"a mutation":           {body: `{"query":"mutation { note(text: \"x\") }"}`, status: 200, holds: `{"note":"x"}`},
		"by name":              {body: `{"query":"query A { a: __typename } query B { b: __typename }","operationName":"B"}`, status: 200, holds: `{"b":"Query"}`},
		"no name":              {body: `{"query":"{ __typename }","operationName":""}`, status: 200},
		"null parameters":      {body: `{"query":"{ __typename }","operationName":null,"variables":null,"extensions":null}`, status: 200},
		"parameters of others": {body: `{"query":"{ __typename }","doc_id":"7","Query":"{ nothing }"}`, status: 200},
		"charset":              {body: `{"query":"{ __typename }"}`, headers: []string{"Content-Type: application/json; charset=UTF-8"}, status: 200},
		"an error beside data": {body: `{"query":"{ fails }"}`, headers: []string{response}, status: 200, media: asResponse, code: exec.CodeInternal, holds: `{"data":{"fails":null}`},

		"no document":             {body: `{"query":"{"}`, status: 200, code: exec.CodeParse},
		"no document, response":   {body: `{"query":"{"}`, headers: []string{response}, status: 400, media: asResponse, code: exec.CodeParse},
		"unknown field":           {body: `{"query":"{ nothing }"}`, status: 200, code: exec.CodeValidation},
		"unknown field, response": {body: `{"query":"{ nothing }"}`, headers: []string{response}, status: 400, media: asResponse, code: exec.CodeValidation},
		"no variable":             {body: `{"query":"query($t: String!) { echo(text: $t) }"}`, headers: []string{response}, status: 400, media: asResponse, code: exec.CodeBadInput},
		"a subscription":          {body: `{"query":"subscription { x }"}`, headers: []string{response}, status: 400, media: asResponse, code: exec.CodeValidation},

		"empty body":             {body: " ", status: 400, code: server.CodeMalformed},
		"not JSON":               {body: "{\"query\":\n  nonsense}", status: 400, code: server.CodeMalformed, holds: "line 2, column 4"},
		"cut off":                {body: `{"query":"{`, status: 400, code: server.CodeMalformed, holds: "ends too early, in line 1, column 11"},
		"text after the end":     {body: `{"query":"{ __typename }"} {}`, status: 400, code: server.CodeMalformed, holds: "goes on after the end"},
		"a key twice":            {body: `{"query":"{ __typename }","query":"{ nothing }"}`, status: 400, code: server.CodeMalformed, holds: `key \"query\" twice`},
		"a key twice, escaped":   {body: `{"query":"{ __typename }","quer\u0079":"{ nothing }"}`, status: 400, code: server.CodeMalformed},
		"a key twice, deep":      {body: `{"query":"{ __typename }","variables":{"a":[{"b":1,"b":2}]}}`, status: 400, code: server.CodeMalformed, holds: `key \"b\" twice`},
		"equal keys, other maps": {body: `{"query":"{ __typename }","variables":{"a":{"b":"a"},"c":{"b":"b"},"d":["a","a"]}}`, status: 200},
		"not UTF-8":              {body: "{\"query\":\"{ __typename } # \xff\"}", status: 400, code: server.CodeMalformed, holds: "UTF-8"},
		"UTF-16":                 {body: `{"query":"{ __typename }"}`, headers: []string{"Content-Type: application/json; charset=utf-16"}, status: 415, code: server.CodeMediaType},
		"a batch":                {body: `[{"query":"{ __typename }"}]`, status: 400, code: server.CodeBatch},
		"not an object":          {body: `"{ __typename }"`, status: 400, code: server.CodeParameters},
		"no query":               {body: `{"notquery":"{ __typename }"}`, status: 400, code: server.CodeParameters},
		"null query":             {body: `{"query":null}`, status: 400, code: server.CodeParameters},
		"query is a list":        {body: `{"query":["{ __typename }"]}`, status: 400, code: server.CodeParameters, holds: "query is not a string (list)"},
		"name is a number":       {body: `{"query":"{ __typename }","operationName":1}`, status: 400, code: server.CodeParameters},
		"variables are a string": {body: `{"query":"{ __typename }","variables":"{}"}`, status: 400, code: server.CodeParameters, holds: "variables is not an object (string)"},
		"extensions are a list":  {body: `{"query":"{ __typename }","extensions":[]}`, headers: []string{response}, status: 400, media: asResponse, code: server.CodeParameters},

		"no content type": {body: `{"query":"{ __typename }"}`, headers: []string{"Content-Type:"}, status: 415, code: server.CodeMediaType},
		"a form":          {body: `query=%7B__typename%7D`, headers: []string{"Content-Type: application/x-www-form-urlencoded"}, status: 415, code: server.CodeMediaType},
		"a plain text":    {body: `{"query":"{ __typename }"}`, headers: []string{"Content-Type: text/plain"}, status: 415, code: server.CodeMediaType},
		"a bare document": {body: `{ __typename }`, headers: []string{"Content-Type: application/graphql"}, status: 415, code: server.CodeMediaType},
		"gzip":            {body: `{"query":"{ __typename }"}`, headers: []string{"Content-Encoding: gzip"}, status: 415, code: server.CodeMediaType},
		"no media type":   {body: `{"query":"{ __typename }"}`, headers: []string{"Accept: text/html"}, status: 406, code: server.CodeNotAcceptable},
		"another machine": {body: `{"query":"{ __typename }"}`, headers: []string{"Host: rebound.example:80"}, status: 421, code: server.CodeMisdirected},
		"IPv6":            {body: `{"query":"{ __typename }"}`, headers: []string{"Host: [::1]:8080"}, status: 200},
		"too large":       {body: `{"query":"` + strings.Repeat(" ", 6<<20) + `"}`, status: 413, code: server.CodeTooLarge},
	} {
		t.Run(name, func(t *testing.T) {
			got := send(t, http.MethodPost, web.URL+"/graphql", tt.body, tt.headers...)
			media := tt.media
			if media == "" {
				media = asJSON
			}
			if got.status != tt.status || got.header.Get("Content-Type") != media {
				t.Errorf("status %d %s, want %d %s", got.status, got.header.Get("Content-Type"), tt.status, media)
			}
			code, data := codeOf(t, got.body)
			if code != string(tt.code) {
				t.Errorf("code %q, want %q", code, tt.code)
			}
			if beside := strings.Contains(name, "beside"); data != (tt.code == "" || beside) {
				t.Errorf("the response has the key data: %v", data)
			}
			if !strings.Contains(got.body, tt.holds) {
				t.Errorf("want %q in the body", tt.holds)
			}
			if t.Failed() {
				t.Log(got.body)
			}
		})
	}
}

func TestTooLargeWithoutLength(t *testing.T) {
	cfg := config(t)
	cfg.Limits.BodyBytes = 100
	web := open(t, cfg)
	body := io.MultiReader(strings.NewReader(`{"query":"`), strings.NewReader(strings.Repeat(" ", 200)))
	res, err := http.Post(web.URL+"/graphql", "application/json", body)
	if err != nil {
		t.Fatal(err)
	}
	defer res.Body.Close()
	if res.StatusCode != http.StatusRequestEntityTooLarge {
		t.Errorf("status %d, want 413", res.StatusCode)
	}
	http.DefaultClient.CloseIdleConnections()
}

func TestGet(t *testing.T) {
	web := open(t, config(t))
	for name, tt := range map[string]struct {
		query   string
		headers []string
		status  int
		code    exec.Code
		holds   string
	}{
		"a query":            {query: "query={echo(text:%22hi%22)}", status: 200, holds: `{"echo":"hi"}`},
		"variables":          {query: "query=" + url.QueryEscape("query($t:String!){echo(text:$t)}") + "&variables=" + url.QueryEscape(`{"t":"a+b&c"}`), status: 200, holds: `"a+b&c"`},
		"empty parameters":   {query: "query={__typename}&variables=&operationName=&extensions=", status: 200},
		"a mutation":         {query: "query=mutation{note(text:%22x%22)}", status: 405, code: exec.CodeReadOnly},
		"a query beside one": {query: "query=query+A{__typename}mutation+B{__typename}&operationName=A", status: 200},
		"the mutation":       {query: "query=query+A{__typename}mutation+B{__typename}&operationName=B", status: 405, code: exec.CodeReadOnly},
		"nothing":            {query: "", status: 400, code: server.CodeParameters},
		"query twice":        {query: "query={a:__typename}&query={b:__typename}", status: 400, code: server.CodeParameters},
		"bad escape":         {query: "query=%zz", status: 400, code: server.CodeParameters},
		"not UTF-8":          {query: "query=%ff", status: 400, code: server.CodeParameters},
		"variables no JSON":  {query: "query={__typename}&variables=x", status: 400, code: server.CodeMalformed},
		"variables a list":   {query: "query={__typename}&variables=[]", status: 400, code: server.CodeParameters},
		"too long":           {query: "query={__typename}" + strings.Repeat("%20", 6000), status: 414, code: server.CodeURITooLong},
	} {
		t.Run(name, func(t *testing.T) {
			got := send(t, http.MethodGet, web.URL+"/graphql?"+tt.query, "", tt.headers...)
			if code, _ := codeOf(t, got.body); got.status != tt.status || code != string(tt.code) || !strings.Contains(got.body, tt.holds) {
				t.Errorf("status %d, code %q, want %d, %q, %q in:\n%s", got.status, code, tt.status, tt.code, tt.holds, got.body)
			}
			if got.status == 405 && got.header.Get("Allow") != "POST" {
				t.Errorf("Allow: %q, want POST", got.header.Get("Allow"))
			}
		})
	}
}

func TestOtherMethods(t *testing.T) {
	web := open(t, config(t))
	if got := send(t, http.MethodOptions, web.URL+"/graphql", "", "Origin: https://elsewhere.example"); got.status != 204 || got.header.Get("Allow") != "GET, HEAD, POST, OPTIONS" {
		t.Errorf("OPTIONS: %d, Allow %q", got.status, got.header.Get("Allow"))
	} else if cors := got.header.Get("Access-Control-Allow-Origin"); cors != "" {
		t.Errorf("another origin is let in: %q", cors)
	}
	if got := send(t, http.MethodHead, web.URL+"/graphql?query={__typename}", ""); got.status != 200 || got.body != "" {
		t.Errorf("HEAD: %d %q", got.status, got.body)
	}
	got := send(t, http.MethodDelete, web.URL+"/graphql", "")
	if code, _ := codeOf(t, got.body); got.status != 405 || code != string(server.CodeMethod) || !strings.Contains(got.header.Get("Allow"), "POST") {
		t.Errorf("DELETE: %d %q, Allow %q", got.status, code, got.header.Get("Allow"))
	}
	for _, path := range []string{"/nothing", "/graphql/", "/manifest.json", "/assets/"} {
		if got := send(t, http.MethodGet, web.URL+path, ""); got.status != 404 {
			t.Errorf("GET %s: %d, want 404", path, got.status)
		}
	}
}

// TestMediaTypes: https://www.rfc-editor.org/rfc/rfc9110#section-12.5.1 says how ranges
// weigh.
func TestMediaTypes(t *testing.T) {
	web := open(t, config(t))
	for accept, want := range map[string]string{
		"*/*":                               asJSON,
		"application/*":                     asJSON,
		"application/json":                  asJSON,
		"application/graphql-response+json": asResponse,
		"Application/GraphQL-Response+JSON": asResponse,
		"application/json, application/graphql-response+json":             asResponse,
		"application/graphql-response+json, application/json;q=0.9":       asResponse,
		"application/graphql-response+json;q=0.5, application/json":       asJSON,
		"application/graphql-response+json;q=0.5, application/json;q=0":   asResponse,
		"application/graphql-response+json, */*":                          asResponse,
		"application/json, */*;q=0.1":                                     asJSON,
		"application/json;q=0, */*":                                       asResponse,
		"text/html,application/xhtml+xml,application/xml;q=0.9,*/*;q=0.8": asJSON,
		"application/json; charset=utf-8":                                 asJSON,
		"application/json; charset=latin1, */*;q=0.1":                     asJSON,
		"application/json; charset=latin1":                                "",
		"application/json;q=7":                                            "",
		"application/json;q=NaN":                                          "",
		"text/event-stream":                                               "",
		"*/*;q=0":                                                         "",
		",,;":                                                             "",
	} {
		got := send(t, http.MethodPost, web.URL+"/graphql", `{"query":"{ __typename }"}`, "Accept: "+accept)
		switch {
		case want == "" && got.status != 406:
			t.Errorf("%s: status %d, want 406", accept, got.status)
		case want != "" && (got.status != 200 || got.header.Get("Content-Type") != want):
			t.Errorf("%s: status %d, %s, want %s", accept, got.status, got.header.Get("Content-Type"), want)
		case got.header.Get("Vary") != "Accept":
			t.Errorf("%s: Vary %q", accept, got.header.Get("Vary"))
		}
	}
}

func TestLargeResponseIsStreamed(t *testing.T) {
	web := open(t, config(t))
	got := send(t, http.MethodPost, web.URL+"/graphql", `{"query":"{ rows(n: 100000) }"}`)
	var response struct{ Data struct{ Rows []string } }
	if err := json.Unmarshal([]byte(got.body), &response); err != nil {
		t.Fatal(err)
	}
	if rows := response.Data.Rows; len(rows) != 100000 || rows[99999] != "row 099999" {
		t.Errorf("%d rows", len(rows))
	}
	if got.header.Get("Content-Length") != "" {
		t.Error("the response was collected before it was sent")
	}
	if small := send(t, http.MethodPost, web.URL+"/graphql", `{"query":"{ rows(n: 5000) }"}`); small.header.Get("Content-Length") != strconv.Itoa(len(small.body)) {
		t.Errorf("a response of %d bytes has Content-Length %q", len(small.body), small.header.Get("Content-Length"))
	}
}

func TestFailingExecutor(t *testing.T) {
	cfg := config(t)
	quick := cfg.GraphQL.(*small)
	web := open(t, cfg)
	const body = `{"query":"{ __typename }"}`
	for name, tt := range map[string]struct {
		instead func(w io.Writer) error
		status  int
		code    exec.Code
	}{
		"unreachable":      {func(io.Writer) error { return fmt.Errorf("dial bolt://secret: %w", graph.ErrUnavailable) }, 503, exec.CodeUnavailable},
		"out of time":      {func(io.Writer) error { return context.DeadlineExceeded }, 503, exec.CodeTimeout},
		"told":             {func(io.Writer) error { return exec.Errorf(exec.CodeForbidden, "not for you") }, 403, exec.CodeForbidden},
		"untold":           {func(io.Writer) error { return errors.New("secret") }, 500, exec.CodeInternal},
		"nothing":          {func(io.Writer) error { return nil }, 500, exec.CodeInternal},
		"a panic":          {func(io.Writer) error { panic("secret") }, 500, exec.CodeInternal},
		"after first byte": {func(w io.Writer) error { fmt.Fprint(w, `{"data":`); return errors.New("secret") }, 500, exec.CodeInternal},
	} {
		t.Run(name, func(t *testing.T) {
			quick.instead = func(_ context.Context, _ graph.Marking, w io.Writer) error { return tt.instead(w) }
			got := send(t, http.MethodPost, web.URL+"/graphql", body)
			if code, data := codeOf(t, got.body); got.status != tt.status || code != string(tt.code) || data {
				t.Errorf("status %d, code %q, want %d, %q in:\n%s", got.status, code, tt.status, tt.code, got.body)
			}
			if strings.Contains(got.body, "secret") {
				t.Errorf("the response tells: %s", got.body)
			}
			if retry := got.header.Get("Retry-After"); (retry != "") != (tt.status == 503) {
				t.Errorf("Retry-After %q", retry)
			}
			if tt.status == 500 && !strings.Contains(got.body, got.header.Get("X-Request-Id")) {
				t.Errorf("the errorId is not the request's id: %s", got.body)
			}
		})
	}

	// Once a part is out, the connection breaks instead of ending.
	for _, end := range []func() error{func() error { return errors.New("broken") }, func() error { panic("broken") }} {
		quick.instead = func(_ context.Context, _ graph.Marking, w io.Writer) error {
			fmt.Fprint(w, `{"data":"`+strings.Repeat("x", 1<<20))
			return end()
		}
		res, err := http.Post(web.URL+"/graphql", "application/json", strings.NewReader(body))
		if err != nil {
			continue // broke before the header was read
		}
		if _, err := io.ReadAll(res.Body); err == nil {
			t.Error("a part of a response looks like a whole one")
		}
		res.Body.Close()
	}
	http.DefaultClient.CloseIdleConnections()
}

func TestClearanceIsHandedOn(t *testing.T) {
	cfg := config(t)
	cfg.Clearance = graph.Amber
	var got graph.Marking
	cfg.GraphQL.(*small).instead = func(_ context.Context, clearance graph.Marking, w io.Writer) error {
		got = clearance
		_, err := io.WriteString(w, "{}")
		return err
	}
	send(t, http.MethodPost, open(t, cfg).URL+"/graphql", `{"query":"{ __typename }"}`)
	if got != graph.Amber {
		t.Errorf("clearance %s, want AMBER", got)
	}
}

func TestTimeIsBounded(t *testing.T) {
	cfg := config(t)
	cfg.Limits.Request = 30 * time.Millisecond
	got := send(t, http.MethodPost, open(t, cfg).URL+"/graphql", `{"query":"{ wait }"}`)
	if code, _ := codeOf(t, got.body); code != string(exec.CodeTimeout) {
		t.Errorf("status %d, code %q, want TIMEOUT", got.status, code)
	}
}

func TestConcurrencyIsBounded(t *testing.T) {
	cfg := config(t)
	cfg.Limits.Concurrent, cfg.Limits.Queue = 1, 10*time.Millisecond
	quick := cfg.GraphQL.(*small)
	web := open(t, cfg)
	first := make(chan answer)
	go func() { first <- send(t, http.MethodPost, web.URL+"/graphql", `{"query":"{ wait }"}`) }()
	<-quick.entered
	got := send(t, http.MethodPost, web.URL+"/graphql", `{"query":"{ __typename }"}`)
	if code, _ := codeOf(t, got.body); got.status != 503 || code != string(server.CodeOverloaded) || got.header.Get("Retry-After") == "" {
		t.Errorf("second request: %d %q, Retry-After %q", got.status, code, got.header.Get("Retry-After"))
	}
	if got := send(t, http.MethodGet, web.URL+"/healthz", ""); got.status != 200 {
		t.Errorf("/healthz has to wait: %d", got.status)
	}
	close(quick.release)
	if got := <-first; got.status != 200 || !strings.Contains(got.body, "waited") {
		t.Errorf("first request: %d %s", got.status, got.body)
	}
	if got := send(t, http.MethodPost, web.URL+"/graphql", `{"query":"{ __typename }"}`); got.status != 200 {
		t.Errorf("third request: %d", got.status)
	}
}
