package server_test

import (
	"context"
	"errors"
	"fmt"
	"io"
	"net/http"
	"net/http/httptest"
	"strings"
	"testing"
	"time"

	"github.com/graphql-go/graphql"
	"go.uber.org/goleak"

	"entangle/graph"
	"entangle/schema/exec"
	"entangle/server"
)

func TestMain(m *testing.M) { goleak.VerifyTestMain(m) }

// small executes a schema of a few fields; instead may stand in for Execute.
type small struct {
	*exec.Door

	entered chan struct{} // gets a value when the field wait is asked
	release chan struct{} // closed: wait answers
	instead func(ctx context.Context, clearance graph.Marking, w io.Writer) error
}

func (s *small) Execute(ctx context.Context, op *exec.Prepared, clearance graph.Marking, w io.Writer) (exec.Result, error) {
	if s.instead != nil {
		return exec.Result{}, s.instead(ctx, clearance, w)
	}
	return s.Door.Execute(ctx, op, w)
}

func newSmall(tb testing.TB) *small {
	tb.Helper()
	s := &small{entered: make(chan struct{}, 100), release: make(chan struct{})}
	text := func(resolve graphql.FieldResolveFn, args ...string) *graphql.Field {
		f := &graphql.Field{Type: graphql.String, Args: graphql.FieldConfigArgument{}, Resolve: resolve}
		for _, name := range args {
			f.Args[name] = &graphql.ArgumentConfig{Type: graphql.NewNonNull(graphql.String)}
		}
		return f
	}
	echo := func(p graphql.ResolveParams) (any, error) { return p.Args["text"], nil }
	query := graphql.Fields{
		"echo":  text(echo, "text"),
		"fails": text(func(graphql.ResolveParams) (any, error) { return nil, errors.New("dsn=secret") }),
		"wait": text(func(p graphql.ResolveParams) (any, error) {
			s.entered <- struct{}{}
			select {
			case <-s.release:
				return "waited", nil
			case <-p.Context.Done():
				return nil, p.Context.Err()
			}
		}),
		"rows": {
			Type: graphql.NewList(graphql.String),
			Args: graphql.FieldConfigArgument{"n": {Type: graphql.NewNonNull(graphql.Int)}},
			Resolve: func(p graphql.ResolveParams) (any, error) {
				n := p.Args["n"].(int)
				if n < 0 || n > 100_000 {
					return nil, exec.Errorf(exec.CodeBadInput, "n is from 0 to 100000")
				}
				rows := make([]string, n)
				for i := range rows {
					rows[i] = fmt.Sprintf("row %06d", i)
				}
				return rows, nil
			},
		},
	}
	built, err := graphql.NewSchema(graphql.SchemaConfig{
		Query:    graphql.NewObject(graphql.ObjectConfig{Name: "Query", Description: "What can be asked.", Fields: query}),
		Mutation: graphql.NewObject(graphql.ObjectConfig{Name: "Mutation", Fields: graphql.Fields{"note": text(echo, "text")}}),
	})
	if err != nil {
		tb.Fatal(err)
	}
	if s.Door, err = exec.New(built, exec.Options{Introspection: true}); err != nil {
		tb.Fatal(err)
	}
	return s
}

// config is one that New takes.
func config(tb testing.TB) server.Config {
	tb.Helper()
	return server.Config{Listen: "127.0.0.1:0", GraphQL: newSmall(tb), Clock: time.Now, Version: "1.2.3"}
}

// open returns a server's handler on a loopback address.
func open(tb testing.TB, cfg server.Config) *httptest.Server {
	tb.Helper()
	s, err := server.New(cfg)
	if err != nil {
		tb.Fatal(err)
	}
	web := httptest.NewServer(s.Handler())
	tb.Cleanup(web.Close)
	return web
}

// answer is a response as tests look at it.
type answer struct {
	status int
	header http.Header
	body   string
}

// send makes a request. Headers are "Name: value"; a GraphQL body gets its content type
// unless they name one.
func send(tb testing.TB, method, url, body string, headers ...string) answer {
	tb.Helper()
	var reader io.Reader
	if body != "" {
		reader = strings.NewReader(body)
	}
	req, err := http.NewRequestWithContext(tb.Context(), method, url, reader)
	if err != nil {
		tb.Error(err) // not Fatal: some requests run in a goroutine of their own
		return answer{}
	}
	if method == http.MethodPost {
		req.Header.Set("Content-Type", "application/json")
	}
	for _, h := range headers {
		name, value, _ := strings.Cut(h, ": ")
		switch {
		case name == "Host":
			req.Host = value
		case value == "":
			req.Header.Del(strings.TrimSuffix(name, ":"))
		default:
			req.Header.Set(name, value)
		}
	}
	// Without this the client asks for gzip and unpacks it unseen.
	client := &http.Client{Transport: &http.Transport{DisableCompression: true, DisableKeepAlives: true}}
	res, err := client.Do(req)
	if err != nil {
		tb.Error(err)
		return answer{}
	}
	defer res.Body.Close()
	got, err := io.ReadAll(res.Body)
	if err != nil {
		tb.Error(err)
		return answer{}
	}
	return answer{res.StatusCode, res.Header, string(got)}
}
