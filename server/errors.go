package server

import (
	"context"
	"errors"
	"fmt"
	"log/slog"
	"net/http"
	"strconv"
	"unicode/utf8"

	"github.com/gin-gonic/gin"

	"entangle/graph"
	"entangle/schema/exec"
)

// The codes, as extensions.code, of requests that do not get as far as a document. Those
// of documents are in package exec.
const (
	CodeMalformed     exec.Code = "MALFORMED_JSON"         // not JSON, not UTF-8, a key given twice, text after the end
	CodeParameters    exec.Code = "INVALID_PARAMETERS"     // JSON, but query is missing or a parameter has the wrong type
	CodeBatch         exec.Code = "BATCHING_NOT_SUPPORTED" // a list of requests
	CodeMediaType     exec.Code = "UNSUPPORTED_MEDIA_TYPE" // the body is not application/json in UTF-8 without compression
	CodeNotAcceptable exec.Code = "NOT_ACCEPTABLE"         // Accept allows none of the two media types
	CodeTooLarge      exec.Code = "PAYLOAD_TOO_LARGE"
	CodeURITooLong    exec.Code = "URI_TOO_LONG"
	CodeMethod        exec.Code = "METHOD_NOT_ALLOWED"
	CodeMisdirected   exec.Code = "MISDIRECTED_REQUEST" // the Host header names another machine
	CodeNoRoute       exec.Code = "NO_SUCH_ROUTE"
	CodeOverloaded    exec.Code = "OVERLOADED" // as many requests run as may; Retry-After says when to come again
	CodeIncomplete    exec.Code = "INCOMPLETE_BODY"
)

// problem returns an error as a client sees it.
func problem(code exec.Code, format string, args ...any) *exec.Error {
	return &exec.Error{Message: fmt.Sprintf(format, args...), Extensions: map[string]any{"code": string(code)}}
}

// show quotes what a client sent, shortened.
func show(s string) string {
	const most = 80
	if len(s) > most {
		n := most
		for n > 0 && !utf8.RuneStart(s[n]) {
			n--
		}
		s = s[:n] + "…"
	}
	return strconv.QuoteToGraphic(s)
}

// refuse ends a request with errors, as application/json.
func refuse(c *gin.Context, status int, errs ...*exec.Error) {
	respondErrors(c, status, mediaJSON, errs)
}

// respondErrors writes a response that has errors and no data.
func respondErrors(c *gin.Context, status int, media string, errs []*exec.Error) {
	if t := traceOf(c.Request.Context()); len(errs) > 0 {
		t.code, t.errors = errs[0].Code(), len(errs)
	}
	switch status {
	case http.StatusServiceUnavailable:
		c.Header("Retry-After", "1")
	case http.StatusRequestEntityTooLarge, http.StatusRequestTimeout:
		// The rest of the body stays unread.
		c.Header("Connection", "close")
	}
	c.Header("Content-Type", media+"; charset=utf-8")
	c.Status(status)
	if err := exec.WriteErrors(c.Writer, errs); err != nil {
		traceOf(c.Request.Context()).err = err
	}
	c.Abort()
}

// fail answers a request that broke off before anything of its response was out.
func (s *Server) fail(c *gin.Context, media string, err error) {
	ctx := c.Request.Context()
	t := traceOf(ctx)
	t.err = err
	switch coded, ok := errors.AsType[*exec.CodedError](err); {
	case ok:
		e := problem(coded.Code, "%s", coded.Message)
		for k, v := range coded.Extensions {
			if k != "code" {
				e.Extensions[k] = v
			}
		}
		respondErrors(c, statusOf([]*exec.Error{e}, media), media, []*exec.Error{e})
	case errors.Is(err, graph.ErrUnavailable):
		respondErrors(c, http.StatusServiceUnavailable, media, []*exec.Error{problem(exec.CodeUnavailable, "the store cannot be reached now; try again")})
	case errors.Is(err, context.DeadlineExceeded):
		respondErrors(c, http.StatusServiceUnavailable, media, []*exec.Error{problem(exec.CodeTimeout, "the request ran out of time before it was answered")})
	default:
		s.cfg.Log.ErrorContext(ctx, "request failed", slog.String("errorId", t.id), slog.String("error", err.Error()))
		e := problem(exec.CodeInternal, "an internal error occurred; quote the errorId when you report it")
		e.Extensions["errorId"] = t.id
		respondErrors(c, http.StatusInternalServerError, media, []*exec.Error{e})
	}
}

// statusOf is the status of a request that was refused before execution.
func statusOf(errs []*exec.Error, media string) int {
	for _, e := range errs {
		switch e.Code() {
		case exec.CodeReadOnly:
			return http.StatusMethodNotAllowed
		case exec.CodeInternal:
			return http.StatusInternalServerError
		case exec.CodeUnauthenticated:
			return http.StatusUnauthorized
		case exec.CodeForbidden:
			return http.StatusForbidden
		case exec.CodeTimeout, exec.CodeUnavailable:
			return http.StatusServiceUnavailable
		default:
		}
	}
	if media == mediaJSON {
		return http.StatusOK // the request was in order, its document is not
	}
	return http.StatusBadRequest
}

func notFound(c *gin.Context) {
	refuse(c, http.StatusNotFound, problem(CodeNoRoute, "nothing is served at %s; GraphQL is at /graphql", show(c.Request.URL.Path)))
}

// methodNotAllowed answers for routes that exist; gin has set Allow.
func methodNotAllowed(c *gin.Context) {
	refuse(c, http.StatusMethodNotAllowed, problem(CodeMethod, "%s is not served here, only %s", show(c.Request.Method), c.Writer.Header().Get("Allow")))
}
