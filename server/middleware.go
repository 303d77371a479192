package server

import (
	"context"
	"crypto/rand"
	"errors"
	"fmt"
	"log/slog"
	"maps"
	"net"
	"net/http"
	"runtime/debug"
	"slices"

	"github.com/gin-gonic/gin"

	"entangle/schema/exec"
)

// trace is what is told of a request when it is over. Variables are never in it: they
// name persons.
type trace struct {
	id        string
	kind      exec.Kind
	operation string
	document  string // hash
	cost      int
	code      exec.Code // of the first error
	errors    int
	err       error
}

type traceKey struct{}

func traceOf(ctx context.Context) *trace {
	if t, ok := ctx.Value(traceKey{}).(*trace); ok {
		return t
	}
	return &trace{}
}

// RequestID returns the id of the request that ctx belongs to, empty if to none.
func RequestID(ctx context.Context) string { return traceOf(ctx).id }

// LogHandler adds the attribute requestId to what is logged with a request's context, so
// that lines of other packages can be found by the id that the client was told.
func LogHandler(next slog.Handler) slog.Handler { return logHandler{next} }

type logHandler struct{ slog.Handler }

func (h logHandler) Handle(ctx context.Context, r slog.Record) error {
	named := false // the line about the request itself says which it is
	r.Attrs(func(a slog.Attr) bool {
		named = named || a.Key == "requestId"
		return !named
	})
	if id := RequestID(ctx); id != "" && !named {
		r = r.Clone()
		r.AddAttrs(slog.String("requestId", id))
	}
	return h.Handler.Handle(ctx, r)
}

func (h logHandler) WithAttrs(attrs []slog.Attr) slog.Handler {
	return logHandler{h.Handler.WithAttrs(attrs)}
}

func (h logHandler) WithGroup(name string) slog.Handler {
	return logHandler{h.Handler.WithGroup(name)}
}

// identify gives the request an id, in the header and in the context. An id that the
// client sends is not taken over: it would write into the log.
func (s *Server) identify(c *gin.Context) {
	t := &trace{id: rand.Text()}
	c.Header("X-Request-Id", t.id)
	c.Request = c.Request.WithContext(context.WithValue(c.Request.Context(), traceKey{}, t))
}

// observe counts and logs the request once it is over, also if a handler gave it up.
func (s *Server) observe(c *gin.Context) {
	start := s.cfg.Clock()
	s.metrics.inFlight.Inc()
	defer func() {
		took := s.cfg.Clock().Sub(start)
		t := traceOf(c.Request.Context())
		s.metrics.inFlight.Dec()
		s.metrics.observe(c.FullPath(), c.Writer.Status(), took, max(c.Writer.Size(), 0), t)

		if !s.cfg.Log.Enabled(c.Request.Context(), level(c)) {
			return
		}
		attrs := []slog.Attr{
			slog.String("requestId", t.id),
			slog.String("method", c.Request.Method),
			slog.String("route", c.FullPath()),
			slog.Int("status", c.Writer.Status()),
			slog.Duration("duration", took),
			slog.Int("bytes", max(c.Writer.Size(), 0)),
			slog.String("remote", c.RemoteIP()),
		}
		if t.document != "" {
			attrs = append(attrs, slog.String("document", t.document), slog.String("kind", string(t.kind)),
				slog.String("operation", t.operation), slog.Int("cost", t.cost))
		}
		if t.errors > 0 {
			attrs = append(attrs, slog.String("code", string(t.code)), slog.Int("errors", t.errors))
		}
		if t.err != nil {
			attrs = append(attrs, slog.String("error", t.err.Error()))
		}
		s.cfg.Log.LogAttrs(c.Request.Context(), level(c), "request", attrs...)
	}()
	c.Next()
}

// level keeps the probes of machines out of a log at its usual level.
func level(c *gin.Context) slog.Level {
	switch status := c.Writer.Status(); {
	case status >= 500:
		return slog.LevelError
	case status < 400 && slices.Contains([]string{"/healthz", "/readyz", "/metrics"}, c.FullPath()):
		return slog.LevelDebug
	}
	return slog.LevelInfo
}

// recover answers a panic with 500 and an id under which the log has the rest. Where a
// part of the response is out already, the connection is cut, so that nobody takes the
// part for the whole.
func (s *Server) recover(c *gin.Context) {
	defer func() {
		r := recover()
		if r == nil {
			return
		}
		if err, ok := r.(error); ok && errors.Is(err, http.ErrAbortHandler) {
			panic(r)
		}
		s.cfg.Log.ErrorContext(c.Request.Context(), "panic", slog.String("errorId", traceOf(c.Request.Context()).id),
			slog.String("panic", fmt.Sprint(r)), slog.String("stack", string(debug.Stack())))
		if c.Writer.Written() {
			panic(http.ErrAbortHandler)
		}
		s.fail(c, mediaJSON, fmt.Errorf("panic: %v", r))
	}()
	c.Next()
}

// policy is the content security policy of all that is not the page.
const policy = "default-src 'none'; frame-ancestors 'none'; base-uri 'none'; form-action 'none'"

// secured are the headers that every response has, under their canonical names. The lists
// are shared by all responses: they are read, and replaced as wholes.
var secured = map[string][]string{
	"X-Content-Type-Options":       {"nosniff"},
	"X-Frame-Options":              {"DENY"},
	"Referrer-Policy":              {"no-referrer"},
	"Cross-Origin-Opener-Policy":   {"same-origin"},
	"Cross-Origin-Resource-Policy": {"same-origin"},
	"Content-Security-Policy":      {policy},
	"Cache-Control":                {"no-store"},
}

// secure sets the headers that every response has; the page loosens what it needs.
func secure(c *gin.Context) { maps.Copy(c.Writer.Header(), secured) }

// checkHost refuses requests addressed to a name that is not this machine's: a browser
// sends them when a page of elsewhere has its name resolve to 127.0.0.1. A server that
// listens beyond loopback has any name.
func (s *Server) checkHost(c *gin.Context) {
	if s.cfg.Insecure && len(s.cfg.Hosts) == 0 {
		return
	}
	host := c.Request.Host
	if h, _, err := net.SplitHostPort(host); err == nil {
		host = h
	} else if n := len(host); n > 1 && host[0] == '[' && host[n-1] == ']' {
		host = host[1 : n-1]
	}
	if isLoopback(host) || slices.Contains(s.cfg.Hosts, host) {
		return
	}
	refuse(c, http.StatusMisdirectedRequest, problem(CodeMisdirected, "this server is not known as %s; address it as localhost or 127.0.0.1", show(host)))
}

func (s *Server) checkURI(c *gin.Context) {
	if n := len(c.Request.RequestURI); n > s.cfg.Limits.URIBytes {
		refuse(c, http.StatusRequestURITooLong, problem(CodeURITooLong, "path and query have %d bytes, the limit is %d; send the document by POST", n, s.cfg.Limits.URIBytes))
	}
}
