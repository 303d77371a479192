package server

import (
	"bytes"
	"compress/gzip"
	"crypto/sha256"
	"encoding/base64"
	"fmt"
	"io/fs"
	"net/http"
	"path"
	"strconv"
	"strings"
	"sync"

	"github.com/gin-gonic/gin"

	"entangle/web"
)

// pagePolicy lets the page load what is served here and nothing else, and take no text for
// script or style.
const pagePolicy = "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self' data:; " +
	"connect-src 'self'; frame-ancestors 'none'; base-uri 'none'; form-action 'none'"

// contentTypes are those of the files in web's dist; the system's table may differ.
var contentTypes = map[string]string{
	".html": "text/html; charset=utf-8",
	".js":   "text/javascript; charset=utf-8",
	".css":  "text/css; charset=utf-8",
	".txt":  "text/plain; charset=utf-8",
}

// asset is one file as it is served.
type asset struct {
	body    []byte
	media   string
	etag    string
	caching string
	packed  func() []byte // gzip, made when first asked for
}

func newAsset(name string, body []byte) (*asset, error) {
	media, ok := contentTypes[path.Ext(name)]
	if !ok {
		return nil, fmt.Errorf("server: no content type for %s", name)
	}
	sum := sha256.Sum256(body)
	a := &asset{
		body: body, media: media, caching: "no-cache",
		etag:   base64.RawURLEncoding.EncodeToString(sum[:16]),
		packed: sync.OnceValue(func() []byte { return pack(body) }),
	}
	if strings.HasPrefix(name, "assets/") {
		a.caching = "public, max-age=31536000, immutable" // the name has the hash
	}
	return a, nil
}

// addPage adds a route for every file of the page, / for the page itself, and the document
// that it opens with.
func addPage(r *gin.Engine, example string) error {
	dist := web.Dist()
	err := fs.WalkDir(dist, ".", func(name string, entry fs.DirEntry, err error) error {
		if err != nil || entry.IsDir() || name == "manifest.json" {
			return err
		}
		body, err := fs.ReadFile(dist, name)
		if err != nil {
			return err
		}
		a, err := newAsset(name, body)
		if err != nil {
			return err
		}
		if name == "index.html" {
			name = ""
		}
		r.GET("/"+name, a.serve)
		r.HEAD("/"+name, a.serve)
		return nil
	})
	if err != nil {
		return err
	}
	a, err := newAsset("example.txt", []byte(example))
	if err != nil {
		return err
	}
	r.GET("/example.graphql", a.serve)
	r.HEAD("/example.graphql", a.serve)
	return nil
}

func (a *asset) serve(c *gin.Context) {
	h := c.Writer.Header()
	h.Set("Content-Security-Policy", pagePolicy)
	h.Set("Content-Type", a.media)
	h.Set("Cache-Control", a.caching)
	h.Set("Vary", "Accept-Encoding")
	body, etag := a.body, `"`+a.etag+`"`
	if takesGzip(c.Request.Header.Values("Accept-Encoding")) {
		body, etag = a.packed(), `"`+a.etag+`-gzip"`
		h.Set("Content-Encoding", "gzip")
	}
	h.Set("ETag", etag)
	if matches(c.Request.Header.Values("If-None-Match"), etag) {
		h.Del("Content-Encoding")
		c.Status(http.StatusNotModified)
		c.Writer.WriteHeaderNow()
		return
	}
	h.Set("Content-Length", strconv.Itoa(len(body)))
	c.Status(http.StatusOK)
	if _, err := c.Writer.Write(body); err != nil {
		traceOf(c.Request.Context()).err = err
	}
}

// matches compares weakly, as If-None-Match asks.
func matches(headers []string, etag string) bool {
	for tag := range strings.SplitSeq(strings.Join(headers, ","), ",") {
		if tag = strings.TrimSpace(tag); tag == "*" || strings.TrimPrefix(tag, "W/") == etag {
			return true
		}
	}
	return false
}

// takesGzip looks for gzip by name, with a q that is not 0.
func takesGzip(headers []string) bool {
	for part := range strings.SplitSeq(strings.Join(headers, ","), ",") {
		name, q, _ := strings.Cut(part, ";")
		if strings.EqualFold(strings.TrimSpace(name), "gzip") {
			q = strings.ReplaceAll(q, " ", "")
			return q == "" || strings.Trim(strings.TrimPrefix(q, "q="), "0.") != ""
		}
	}
	return false
}

func pack(body []byte) []byte {
	var out bytes.Buffer
	w := gzip.NewWriter(&out)
	if _, err := w.Write(body); err != nil {
		panic(err) // a buffer takes all
	}
	if err := w.Close(); err != nil {
		panic(err)
	}
	return out.Bytes()
}
