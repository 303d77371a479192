package server

import (
	"context"
	"encoding/json"
	"errors"
	"log/slog"
	"net/http"

	"github.com/gin-gonic/gin"

	"entangle/graph"
)

// state is the body of /healthz, /readyz and, without the page, /.
type state struct {
	Status string `json:"status,omitempty"`
	Reason string `json:"reason,omitempty"`
	// Problems says how many there are and where to look; it does not keep a server
	// from being ready.
	Problems string `json:"problems,omitempty"`
	// Schema lists the statements that make what is missing of the store's constraints
	// and indexes, which does not keep a server from being ready either.
	Schema  []string `json:"schema,omitempty"`
	Service string   `json:"service,omitempty"`
	Version string   `json:"version,omitempty"`
	GraphQL string   `json:"graphql,omitempty"`
}

func tell(c *gin.Context, status int, s state) {
	body, err := json.Marshal(s)
	if err != nil {
		traceOf(c.Request.Context()).err = err
	}
	c.Data(status, mediaJSON+"; charset=utf-8", append(body, '\n'))
}

// health says that the process answers; it asks nobody else.
func (s *Server) health(c *gin.Context) {
	tell(c, http.StatusOK, state{Status: "alive", Version: s.cfg.Version})
}

// ready says whether to send requests here. What exactly the store said is for the log:
// it may name machines and users, and anybody may ask.
func (s *Server) ready(c *gin.Context) {
	if s.stopping.Load() {
		s.notReady(c, "the server is stopping", nil)
		return
	}
	ctx, cancel := context.WithTimeout(c.Request.Context(), s.cfg.Limits.Ready)
	defer cancel()
	switch err := s.cfg.Ready(ctx); {
	case err == nil:
		body := state{Status: "ready", Problems: s.problemLine()}
		if s.cfg.Lacks != nil {
			body.Schema = s.cfg.Lacks()
		}
		tell(c, http.StatusOK, body)
	case errors.Is(err, context.DeadlineExceeded):
		s.notReady(c, "the store did not answer within "+s.cfg.Limits.Ready.String(), err)
	case errors.Is(err, graph.ErrUnavailable):
		s.notReady(c, "the store cannot be reached", err)
	case errors.Is(err, graph.ErrClosed):
		s.notReady(c, "the store is closed", err)
	default:
		s.notReady(c, "the store answered with an error; see the log", err)
	}
}

func (s *Server) notReady(c *gin.Context, reason string, err error) {
	if err != nil {
		s.cfg.Log.WarnContext(c.Request.Context(), "not ready", slog.String("error", err.Error()))
	}
	c.Header("Retry-After", "1")
	tell(c, http.StatusServiceUnavailable, state{Status: "unavailable", Reason: reason})
}

// about stands at / when there is no page.
func (s *Server) about(c *gin.Context) {
	tell(c, http.StatusOK, state{Service: "entangle", Version: s.cfg.Version, GraphQL: "graphql"})
}
