package server

import (
	"context"
	"errors"
	"fmt"
	"log/slog"
	"net"
	"net/http"
	"sync"
	"sync/atomic"
	"syscall"
	"time"

	"github.com/gin-gonic/gin"
)

// Server serves one executor. Make it with New.
type Server struct {
	cfg      Config
	engine   *gin.Engine
	metrics  *metrics
	gate     gate
	stopping atomic.Bool

	mu       sync.Mutex
	listener net.Listener
}

// New returns a Server that does not listen yet. The error wraps ErrConfig or ErrExposed,
// or tells a metric that Config.Metrics already has.
func New(cfg Config) (*Server, error) {
	cfg, err := cfg.verify()
	if err != nil {
		return nil, err
	}
	s := &Server{
		cfg:  cfg,
		gate: newGate(cfg.Limits.Concurrent, cfg.Limits.Queue),
	}
	if s.metrics, err = newMetrics(cfg.Metrics, cfg.Version); err != nil {
		return nil, err
	}
	if cfg.Adoption != nil {
		if err := cfg.Metrics.Register(adoption{cfg.Adoption, cfg.Clock}); err != nil {
			return nil, fmt.Errorf("server: metrics: %w", err)
		}
	}
	if cfg.Problems != nil {
		if err := cfg.Metrics.Register(problems{cfg.Problems}); err != nil {
			return nil, fmt.Errorf("server: metrics: %w", err)
		}
	}
	if s.engine, err = s.routes(); err != nil {
		return nil, err
	}
	return s, nil
}

// routes is the one list of what is served.
func (s *Server) routes() (*gin.Engine, error) {
	gin.SetMode(gin.ReleaseMode)
	r := gin.New()
	r.RedirectTrailingSlash = false
	r.HandleMethodNotAllowed = true
	// Without trusted proxies the remote address is the connection's.
	if err := r.SetTrustedProxies(nil); err != nil {
		return nil, err
	}
	r.Use(s.identify, s.observe, s.recover, secure, s.checkHost, s.checkURI)
	r.NoRoute(notFound)
	r.NoMethod(methodNotAllowed)

	r.GET("/graphql", s.getGraphQL)
	r.HEAD("/graphql", s.getGraphQL)
	r.POST("/graphql", s.postGraphQL)
	r.OPTIONS("/graphql", options)
	r.GET("/healthz", s.health)
	r.HEAD("/healthz", s.health)
	r.GET("/readyz", s.ready)
	r.HEAD("/readyz", s.ready)
	r.GET("/metrics", s.metrics.serve())
	if !s.cfg.GraphiQL {
		r.GET("/", s.about)
		return r, nil
	}
	return r, addPage(r, s.cfg.Example)
}

// Handler returns the routes with all middleware.
func (s *Server) Handler() http.Handler { return s.engine }

// Listen binds the address. Run does so by itself; Listen is for those who want to know
// Addr before. It returns an error if the address is taken, or ErrExposed if the name in
// it turns out to be more than loopback.
func (s *Server) Listen(ctx context.Context) error {
	s.mu.Lock()
	defer s.mu.Unlock()
	if s.listener != nil {
		return nil
	}
	l, err := new(net.ListenConfig).Listen(ctx, "tcp", s.cfg.Listen)
	if err != nil {
		if errors.Is(err, syscall.EADDRINUSE) {
			err = fmt.Errorf("%w; is another server running there?", err)
		}
		return fmt.Errorf("server: cannot listen on %s: %w", s.cfg.Listen, err)
	}
	if tcp, ok := l.Addr().(*net.TCPAddr); !s.cfg.Insecure && (!ok || !tcp.IP.IsLoopback()) {
		_ = l.Close()
		return exposed(l.Addr().String())
	}
	s.listener = l
	return nil
}

// Addr returns host:port as bound by Listen, the empty string before.
func (s *Server) Addr() string {
	s.mu.Lock()
	defer s.mu.Unlock()
	if s.listener == nil {
		return ""
	}
	return s.listener.Addr().String()
}

// Run listens and serves until ctx ends. Then it takes no new connections, lets running
// requests finish within Limits.Stop and returns nil; what still runs after that is cut
// off, and the error wraps ErrDrain. A Server runs once.
func (s *Server) Run(ctx context.Context) error {
	if err := s.Listen(ctx); err != nil {
		return err
	}
	// Requests outlive ctx: they are to finish.
	base, cut := context.WithCancel(context.WithoutCancel(ctx))
	defer cut()
	limits := s.cfg.Limits
	h := &http.Server{
		Handler:           s.engine,
		ReadHeaderTimeout: limits.Header,
		ReadTimeout:       limits.Read,
		WriteTimeout:      limits.Write,
		IdleTimeout:       limits.Idle,
		MaxHeaderBytes:    limits.URIBytes + 16<<10,
		BaseContext:       func(net.Listener) context.Context { return base },
		ErrorLog:          slog.NewLogLogger(s.cfg.Log.Handler(), slog.LevelDebug), // what clients do wrong on the wire
	}
	ended := make(chan error, 1)
	go func() { ended <- h.Serve(s.listener) }()
	s.cfg.Log.InfoContext(ctx, "listening", slog.String("address", s.Addr()), slog.String("version", s.cfg.Version))
	select {
	case err := <-ended:
		return fmt.Errorf("server: %w", err)
	case <-ctx.Done():
	}
	return s.stop(context.WithoutCancel(ctx), h, cut, ended)
}

func (s *Server) stop(ctx context.Context, h *http.Server, cut func(), ended <-chan error) error {
	s.stopping.Store(true)
	s.cfg.Log.InfoContext(ctx, "stopping", slog.Duration("within", s.cfg.Limits.Stop))
	drain, cancel := context.WithTimeout(ctx, s.cfg.Limits.Stop)
	defer cancel()
	err := h.Shutdown(drain)
	if err != nil {
		cut()
		_ = h.Close()
		err = fmt.Errorf("%w: %s", ErrDrain, s.cfg.Limits.Stop)
	}
	if serveErr := <-ended; !errors.Is(serveErr, http.ErrServerClosed) {
		err = errors.Join(err, serveErr)
	}
	s.cfg.Log.InfoContext(ctx, "stopped")
	return err
}

// gate lets a bounded number of requests run at a time.
type gate struct {
	slots chan struct{}
	wait  time.Duration
}

func newGate(n int, wait time.Duration) gate {
	return gate{slots: make(chan struct{}, n), wait: wait}
}

// enter waits for a slot and reports whether it got one; leave gives it back.
func (g gate) enter(ctx context.Context) bool {
	select {
	case g.slots <- struct{}{}:
		return true
	default:
	}
	timer := time.NewTimer(g.wait)
	defer timer.Stop()
	select {
	case g.slots <- struct{}{}:
		return true
	case <-timer.C:
	case <-ctx.Done():
	}
	return false
}

func (g gate) leave() { <-g.slots }
