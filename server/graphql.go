package server

import (
	"bytes"
	"context"
	"crypto/sha256"
	"encoding/hex"
	"errors"
	"io"
	"mime"
	"net/http"
	"os"
	"strconv"
	"strings"
	"sync"

	"github.com/gin-gonic/gin"

	"entangle/schema/exec"
)

// postGraphQL answers a request in a JSON body.
func (s *Server) postGraphQL(c *gin.Context) {
	media, ok := accepted(c)
	if !ok {
		return
	}
	if r := checkContent(c); r != nil {
		respondErrors(c, r.status, media, []*exec.Error{r.err})
		return
	}
	body, r := s.body(c)
	if r != nil {
		respondErrors(c, r.status, media, []*exec.Error{r.err})
		return
	}
	req, r := decodeBody(body)
	if r != nil {
		respondErrors(c, r.status, media, []*exec.Error{r.err})
		return
	}
	s.answer(c, media, req)
}

// getGraphQL answers a request in the URL. Only queries come this way, for a GET changes
// nothing.
func (s *Server) getGraphQL(c *gin.Context) {
	media, ok := accepted(c)
	if !ok {
		return
	}
	req, r := decodeQuery(c.Request.URL.RawQuery)
	if r != nil {
		respondErrors(c, r.status, media, []*exec.Error{r.err})
		return
	}
	req.ReadOnly = true
	s.answer(c, media, req)
}

// options tells the methods, and by the missing CORS headers that no page of another
// origin may use them.
func options(c *gin.Context) {
	c.Header("Allow", "GET, HEAD, POST, OPTIONS")
	c.Header("Accept-Post", mediaJSON)
	c.Status(http.StatusNoContent)
}

// accepted negotiates the response's media type, or answers that there is none.
func accepted(c *gin.Context) (media string, ok bool) {
	c.Header("Vary", "Accept")
	media, ok = negotiate(c.Request.Header.Values("Accept"))
	if !ok {
		refuse(c, http.StatusNotAcceptable, problem(CodeNotAcceptable, "a response is %s or %s, in UTF-8; Accept allows neither", mediaResponse, mediaJSON))
	}
	return media, ok
}

// checkContent takes JSON only: text/plain, form data and a body without a type are what
// pages of other sites may send without asking, and a compressed body may be a bomb.
func checkContent(c *gin.Context) *refusal {
	unsupported := func(format string, args ...any) *refusal {
		c.Header("Accept-Post", mediaJSON)
		return &refusal{status: http.StatusUnsupportedMediaType, err: problem(CodeMediaType, format, args...)}
	}
	given := c.Request.Header.Values("Content-Type")
	if len(given) != 1 {
		return unsupported("there are %d Content-Type headers; send one, %s", len(given), mediaJSON)
	}
	media, params, err := mime.ParseMediaType(given[0])
	if err != nil || media != mediaJSON {
		return unsupported("the Content-Type is %s; send %s", show(given[0]), mediaJSON)
	}
	if charset, ok := params["charset"]; ok && !isUTF8(charset) {
		return unsupported("the charset is %s; send UTF-8", show(charset))
	}
	for _, coding := range c.Request.Header.Values("Content-Encoding") {
		if !strings.EqualFold(strings.TrimSpace(coding), "identity") {
			c.Header("Accept-Encoding", "identity")
			return unsupported("the body is encoded with %s; send it as it is", show(coding))
		}
	}
	return nil
}

// discard reads on for some limits more: a client that is still sending when the
// connection is closed may see its sending fail and not the answer.
func (s *Server) discard(c *gin.Context) {
	_, _ = io.CopyN(io.Discard, c.Request.Body, discardedLimits*s.cfg.Limits.BodyBytes)
}

// discardedLimits is how much of a body that is too large is read, in limits.
const discardedLimits = 8

// body reads the whole body, within the limit.
func (s *Server) body(c *gin.Context) ([]byte, *refusal) {
	limit := s.cfg.Limits.BodyBytes
	tooLarge := func() *refusal {
		return &refusal{
			status: http.StatusRequestEntityTooLarge,
			err:    problem(CodeTooLarge, "the body is larger than the limit of %d bytes", limit),
		}
	}
	if c.Request.ContentLength > limit {
		s.discard(c)
		return nil, tooLarge()
	}
	// A buffer of the length that was announced: the end is seen without another.
	buf := bytes.NewBuffer(make([]byte, 0, max(c.Request.ContentLength, 0)+bytes.MinRead))
	_, err := buf.ReadFrom(http.MaxBytesReader(c.Writer, c.Request.Body, limit))
	if err == nil {
		return buf.Bytes(), nil
	}
	if _, ok := errors.AsType[*http.MaxBytesError](err); ok {
		s.discard(c)
		return nil, tooLarge()
	}
	traceOf(c.Request.Context()).err = err
	status := http.StatusBadRequest
	if errors.Is(err, os.ErrDeadlineExceeded) {
		status = http.StatusRequestTimeout
	}
	return nil, &refusal{status: status, err: problem(CodeIncomplete, "the body did not arrive whole")}
}

// answer runs a request, of which only the document is still unknown.
func (s *Server) answer(c *gin.Context, media string, req exec.Request) {
	ctx, cancel := context.WithTimeout(c.Request.Context(), s.cfg.Limits.Request)
	defer cancel()
	// A slot is taken only now, so that a slow sender does not hold one.
	if !s.gate.enter(ctx) {
		respondErrors(c, http.StatusServiceUnavailable, media, []*exec.Error{
			problem(CodeOverloaded, "%d requests are running, more are not taken at a time; try again", s.cfg.Limits.Concurrent),
		})
		return
	}
	defer s.gate.leave()

	t := traceOf(ctx)
	hash := sha256.Sum256([]byte(req.Query))
	t.document = hex.EncodeToString(hash[:])
	req.Asker = s.cfg.Clearance
	op, errs := s.cfg.GraphQL.Prepare(ctx, req)
	if errs != nil {
		status := statusOf(errs, media)
		if status == http.StatusMethodNotAllowed {
			c.Header("Allow", "POST")
		}
		respondErrors(c, status, media, errs)
		return
	}
	t.kind, t.operation = op.Kind(), op.OperationName()
	t.cost, _ = op.Cost()

	out := &stream{w: c.Writer, media: media, buf: streamBuffers.Get().(*[]byte)}
	result, err := s.cfg.GraphQL.Execute(ctx, op, s.cfg.Clearance, out)
	t.errors = len(result.Errors)
	if t.errors > 0 {
		t.code = result.Errors[0].Code()
	}
	if err == nil {
		err = out.end()
	}
	if err == nil {
		streamBuffers.Put(out.buf)
	}
	switch {
	case err == nil:
	case out.started:
		// Nobody may take a part for the whole.
		t.err = err
		panic(http.ErrAbortHandler)
	default:
		s.fail(c, media, err)
	}
}

// streamBuffer is how much of a response is kept back: as long as nothing is out, the
// status can change, and a response that fits is sent with its length.
const streamBuffer = 64 << 10

// stream is the body of a response with data. Its header goes out with the first bytes.
type stream struct {
	w       http.ResponseWriter
	media   string
	buf     *[]byte
	started bool
}

// streamBuffers are used again: most responses fit.
var streamBuffers = sync.Pool{New: func() any { return new([]byte) }}

// Write keeps p or hands it on.
func (s *stream) Write(p []byte) (int, error) {
	if !s.started {
		if len(*s.buf)+len(p) <= streamBuffer {
			*s.buf = append(*s.buf, p...)
			return len(p), nil
		}
		if err := s.start(); err != nil {
			return 0, err
		}
	}
	return s.w.Write(p)
}

func (s *stream) start() error {
	s.started = true
	s.w.Header().Set("Content-Type", s.media+"; charset=utf-8")
	s.w.WriteHeader(http.StatusOK)
	_, err := s.w.Write(*s.buf)
	*s.buf = (*s.buf)[:0]
	return err
}

// end sends what is still kept.
func (s *stream) end() error {
	if s.started {
		return nil
	}
	if len(*s.buf) == 0 {
		return errors.New("server: the executor wrote no response")
	}
	s.w.Header().Set("Content-Length", strconv.Itoa(len(*s.buf)))
	return s.start()
}
