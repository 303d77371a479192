package server_test

import (
	"context"
	"errors"
	"fmt"
	"net"
	"net/http"
	"strings"
	"testing"
	"time"

	"entangle/graph"
	"entangle/server"
)

func TestWrongConfigurationIsRefused(t *testing.T) {
	for name, tt := range map[string]struct {
		change func(*server.Config)
		want   error
		holds  string
	}{
		"no executor":  {func(c *server.Config) { c.GraphQL = nil }, server.ErrConfig, "GraphQL"},
		"no clock":     {func(c *server.Config) { c.Clock = nil }, server.ErrConfig, "Clock"},
		"no port":      {func(c *server.Config) { c.Listen = "127.0.0.1" }, server.ErrConfig, "host:port"},
		"every host":   {func(c *server.Config) { c.Listen = ":8080" }, server.ErrExposed, ":8080"},
		"every IPv4":   {func(c *server.Config) { c.Listen = "0.0.0.0:8080" }, server.ErrExposed, "0.0.0.0"},
		"every IPv6":   {func(c *server.Config) { c.Listen = "[::]:8080" }, server.ErrExposed, "[::]"},
		"the network":  {func(c *server.Config) { c.Listen = "192.0.2.1:8080" }, server.ErrExposed, "192.0.2.1"},
		"a name":       {func(c *server.Config) { c.Listen = "entangle.example:8080" }, server.ErrExposed, "entangle.example"},
		"insecure":     {func(c *server.Config) { c.Listen, c.Insecure = "0.0.0.0:0", true }, nil, ""},
		"localhost":    {func(c *server.Config) { c.Listen = "localhost:0" }, nil, ""},
		"127.8.8.8":    {func(c *server.Config) { c.Listen = "127.8.8.8:0" }, nil, ""},
		"IPv6":         {func(c *server.Config) { c.Listen = "[::1]:0" }, nil, ""},
		"default page": {func(c *server.Config) { c.GraphiQL = true }, nil, ""},
	} {
		t.Run(name, func(t *testing.T) {
			cfg := config(t)
			tt.change(&cfg)
			_, err := server.New(cfg)
			if !errors.Is(err, tt.want) || err != nil && !strings.Contains(err.Error(), tt.holds) {
				t.Errorf("error %v, want %v with %q", err, tt.want, tt.holds)
			}
		})
	}
	cfg := config(t)
	if _, err := server.New(cfg); err != nil {
		t.Fatal(err)
	}
}

// run starts a server; the returned func stops it and returns what Run returned.
func run(t *testing.T, cfg server.Config) (s *server.Server, stop func() error) {
	t.Helper()
	s, err := server.New(cfg)
	if err != nil {
		t.Fatal(err)
	}
	ctx, cancel := context.WithCancel(t.Context())
	if s.Addr() != "" {
		t.Errorf("Addr %q before Listen", s.Addr())
	}
	if err := s.Listen(ctx); err != nil {
		t.Fatal(err)
	}
	ended := make(chan error, 1)
	go func() { ended <- s.Run(ctx) }()
	return s, func() error {
		cancel()
		return <-ended
	}
}

func TestRunLetsRequestsFinish(t *testing.T) {
	cfg := config(t)
	quick := cfg.GraphQL.(*small)
	s, stop := run(t, cfg)
	first := make(chan answer)
	go func() { first <- send(t, http.MethodPost, "http://"+s.Addr()+"/graphql", `{"query":"{ wait }"}`) }()
	<-quick.entered
	stopped := make(chan error)
	go func() { stopped <- stop() }()
	for { // until no new connection is taken
		conn, err := net.Dial("tcp", s.Addr())
		if err != nil {
			break
		}
		conn.Close()
		time.Sleep(time.Millisecond)
	}
	select {
	case err := <-stopped:
		t.Fatalf("stopped with a request running: %v", err)
	default:
	}
	close(quick.release)
	if got := <-first; got.status != 200 || !strings.Contains(got.body, "waited") {
		t.Errorf("the running request got %d %s", got.status, got.body)
	}
	if err := <-stopped; err != nil {
		t.Errorf("Run: %v", err)
	}
}

func TestRunCutsOffWhatDoesNotFinish(t *testing.T) {
	cfg := config(t)
	cfg.Limits.Stop = 20 * time.Millisecond
	quick := cfg.GraphQL.(*small)
	s, stop := run(t, cfg)
	ended := make(chan error)
	go func() {
		res, err := http.Get("http://" + s.Addr() + "/graphql?query={wait}")
		if err == nil {
			res.Body.Close()
		}
		ended <- err
	}()
	<-quick.entered
	if err := stop(); !errors.Is(err, server.ErrDrain) {
		t.Errorf("Run: %v, want ErrDrain", err)
	}
	<-ended
	http.DefaultClient.CloseIdleConnections()
}

func TestTakenAddress(t *testing.T) {
	s, stop := run(t, config(t))
	cfg := config(t)
	cfg.Listen = s.Addr()
	other, err := server.New(cfg)
	if err != nil {
		t.Fatal(err)
	}
	if err := other.Run(t.Context()); err == nil || !strings.Contains(err.Error(), s.Addr()) {
		t.Errorf("Run on a taken address: %v", err)
	}
	if err := stop(); err != nil {
		t.Error(err)
	}
}

func TestHosts(t *testing.T) {
	cfg := config(t)
	cfg.Hosts = []string{"entangle.example"}
	web := open(t, cfg)
	for host, want := range map[string]int{
		"entangle.example": 200, "entangle.example:443": 200, "localhost:1": 200, "127.0.0.1": 200, "[::1]": 200,
		"example": 421, "localhost.example": 421, "127.0.0.1.example": 421, "192.0.2.1": 421,
	} {
		if got := send(t, http.MethodGet, web.URL+"/healthz", "", "Host: "+host); got.status != want {
			t.Errorf("%s: %d, want %d", host, got.status, want)
		}
	}
	cfg = config(t)
	cfg.Listen, cfg.Insecure = "0.0.0.0:0", true
	if got := send(t, http.MethodGet, open(t, cfg).URL+"/healthz", "", "Host: anything.example"); got.status != 200 {
		t.Errorf("a server for all names: %d", got.status)
	}
}

func TestReady(t *testing.T) {
	for name, tt := range map[string]struct {
		ready  func(context.Context) error
		status int
		body   string
	}{
		"ready":       {func(context.Context) error { return nil }, 200, `{"status":"ready"}`},
		"always":      {nil, 200, `{"status":"ready"}`},
		"unreachable": {func(context.Context) error { return fmt.Errorf("secret: %w", graph.ErrUnavailable) }, 503, `{"status":"unavailable","reason":"the store cannot be reached"}`},
		"closed":      {func(context.Context) error { return graph.ErrClosed }, 503, `{"status":"unavailable","reason":"the store is closed"}`},
		"other":       {func(context.Context) error { return errors.New("secret") }, 503, `{"status":"unavailable","reason":"the store answered with an error; see the log"}`},
		"slow": {func(ctx context.Context) error {
			<-ctx.Done()
			return ctx.Err()
		}, 503, `{"status":"unavailable","reason":"the store did not answer within 10ms"}`},
	} {
		t.Run(name, func(t *testing.T) {
			cfg := config(t)
			cfg.Ready, cfg.Limits.Ready = tt.ready, 10*time.Millisecond
			web := open(t, cfg)
			if got := send(t, http.MethodGet, web.URL+"/readyz", ""); got.status != tt.status || strings.TrimSpace(got.body) != tt.body {
				t.Errorf("%d %s, want %d %s", got.status, got.body, tt.status, tt.body)
			}
			if got := send(t, http.MethodGet, web.URL+"/healthz", ""); got.status != 200 || strings.TrimSpace(got.body) != `{"status":"alive","version":"1.2.3"}` {
				t.Errorf("/healthz: %d %s", got.status, got.body)
			}
		})
	}
}

func TestNotReadyWhileStopping(t *testing.T) {
	cfg := config(t)
	cfg.Limits.Stop = time.Minute
	quick := cfg.GraphQL.(*small)
	s, stop := run(t, cfg)
	first := make(chan answer)
	go func() { first <- send(t, http.MethodPost, "http://"+s.Addr()+"/graphql", `{"query":"{ wait }"}`) }()
	<-quick.entered
	stopped := make(chan error)
	go func() { stopped <- stop() }()
	for range 1000 {
		// The listener is closed by now; who still has a connection must be told.
		req, err := http.NewRequestWithContext(t.Context(), http.MethodGet, "http://127.0.0.1/readyz", nil)
		if err != nil {
			t.Fatal(err)
		}
		rec := record(s.Handler(), req)
		if rec.Code == 503 && strings.Contains(rec.Body.String(), "stopping") {
			close(quick.release)
			if got := <-first; got.status != 200 {
				t.Errorf("the running request: %d", got.status)
			}
			if err := <-stopped; err != nil {
				t.Error(err)
			}
			return
		}
		time.Sleep(time.Millisecond)
	}
	t.Error("still ready a second after the stop")
}
