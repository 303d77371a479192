package server_test

import (
	"compress/gzip"
	"crypto/sha256"
	"encoding/base64"
	"io"
	"net/http"
	"regexp"
	"strings"
	"testing"
)

func TestPageIsServed(t *testing.T) {
	cfg := config(t)
	cfg.GraphiQL, cfg.Example = true, "{ echo(text: \"example\") }"
	web := open(t, cfg)
	page := send(t, http.MethodGet, web.URL+"/", "")
	if page.status != 200 || page.header.Get("Content-Type") != "text/html; charset=utf-8" || page.header.Get("Cache-Control") != "no-cache" {
		t.Fatalf("/: %d %v", page.status, page.header)
	}
	if got := send(t, http.MethodGet, web.URL+"/example.graphql", ""); got.body != cfg.Example {
		t.Errorf("/example.graphql: %d %q", got.status, got.body)
	}
	if got := send(t, http.MethodGet, web.URL+"/LICENSES.txt", ""); !strings.Contains(got.body, "graphiql 3.9.0: MIT") {
		t.Errorf("/LICENSES.txt: %d", got.status)
	}
	named := regexp.MustCompile(`(?:src|href)="(assets/[^"]+)"`).FindAllStringSubmatch(page.body, -1)
	if len(named) != 2 {
		t.Fatalf("the page names %d assets, want script and style sheet", len(named))
	}
	for _, match := range named {
		checkAsset(t, web.URL+"/"+match[1])
	}
}

// checkAsset looks at one file of a hashed name, plain and packed.
func checkAsset(t *testing.T, url string) {
	t.Helper()
	plain := send(t, http.MethodGet, url, "")
	if plain.status != 200 || plain.header.Get("Content-Encoding") != "" || plain.header.Get("Cache-Control") != "public, max-age=31536000, immutable" {
		t.Errorf("%s: %d %v", url, plain.status, plain.header)
	}
	packed := send(t, http.MethodGet, url, "", "Accept-Encoding: br, gzip")
	if packed.header.Get("Content-Encoding") != "gzip" || len(packed.body) > len(plain.body)/2 || packed.header.Get("Vary") != "Accept-Encoding" {
		t.Errorf("%s packed: %d of %d bytes, %v", url, len(packed.body), len(plain.body), packed.header)
	}
	r, err := gzip.NewReader(strings.NewReader(packed.body))
	if err != nil {
		t.Fatal(err)
	}
	if unpacked, err := io.ReadAll(r); err != nil || string(unpacked) != plain.body {
		t.Errorf("%s: packed and plain differ (%v)", url, err)
	}
	tag := plain.header.Get("ETag")
	if tag == "" || tag == packed.header.Get("ETag") || strings.HasPrefix(tag, "W/") {
		t.Errorf("%s: ETag %s, packed %s", url, tag, packed.header.Get("ETag"))
	}
	for header, want := range map[string]int{tag: 304, `"x", ` + tag: 304, "W/" + tag: 304, "*": 304, `"x"`: 200, packed.header.Get("ETag"): 200} {
		if got := send(t, http.MethodGet, url, "", "If-None-Match: "+header); got.status != want || want == 304 && (got.body != "" || got.header.Get("ETag") != tag) {
			t.Errorf("%s, If-None-Match %s: %d with %d bytes, want %d", url, header, got.status, len(got.body), want)
		}
	}
	if got := send(t, http.MethodGet, url, "", "Accept-Encoding: gzip;q=0"); got.header.Get("Content-Encoding") != "" {
		t.Errorf("%s: packed for one who refuses it", url)
	}
	if got := send(t, http.MethodHead, url, ""); got.status != 200 || got.body != "" || got.header.Get("ETag") != tag {
		t.Errorf("HEAD %s: %d %v", url, got.status, got.header)
	}
}

func TestWithoutPage(t *testing.T) {
	web := open(t, config(t))
	if got := send(t, http.MethodGet, web.URL+"/", ""); got.status != 200 || strings.TrimSpace(got.body) != `{"service":"entangle","version":"1.2.3","graphql":"graphql"}` {
		t.Errorf("/: %d %s", got.status, got.body)
	}
	if got := send(t, http.MethodGet, web.URL+"/LICENSES.txt", ""); got.status != 404 {
		t.Errorf("a file of the page: %d", got.status)
	}
}

// TestTagsAreOfBytes: a tag is a digest of the bytes that it stands for, of the page as of each
// of its parts. An answer of GraphQL has none: it is of data, and is not to be kept.
func TestTagsAreOfBytes(t *testing.T) {
	cfg := config(t)
	cfg.GraphiQL, cfg.Example = true, "{ echo(text: \"example\") }"
	web := open(t, cfg)
	for _, path := range []string{"/", "/example.graphql"} {
		got := send(t, http.MethodGet, web.URL+path, "")
		sum := sha256.Sum256([]byte(got.body))
		if want := `"` + base64.RawURLEncoding.EncodeToString(sum[:16]) + `"`; got.status != 200 || got.header.Get("ETag") != want {
			t.Errorf("%s: %d, ETag %s, want %s", path, got.status, got.header.Get("ETag"), want)
		}
	}
	for _, method := range []string{http.MethodGet, http.MethodPost} {
		url, body := web.URL+"/graphql", `{"query":"{ echo(text: \"a\") }"}`
		if method == http.MethodGet {
			url, body = url+`?query=%7Becho(text:%22a%22)%7D`, ""
		}
		if got := send(t, method, url, body); got.status != 200 || got.header.Get("ETag") != "" || got.header.Get("Last-Modified") != "" {
			t.Errorf("%s: %d %v", method, got.status, got.header)
		}
	}
}
