package main

import (
	"bytes"
	"crypto/tls"
	"encoding/pem"
	"net/http"
	"net/http/httptest"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"sync"
	"testing"
	"time"
)

// nobody is an address where no server answers.
const nobody = "bolt://127.0.0.1:1"

// lockedBuffer takes the output of a process while it is read.
type lockedBuffer struct {
	mu   sync.Mutex
	text bytes.Buffer
}

func (b *lockedBuffer) Write(p []byte) (int, error) {
	b.mu.Lock()
	defer b.mu.Unlock()
	return b.text.Write(p)
}

func (b *lockedBuffer) String() string {
	b.mu.Lock()
	defer b.mu.Unlock()
	return b.text.String()
}

// TestServeWithoutItsNeo4j: the service starts before its database does, and says
// so where a load balancer looks.
func TestServeWithoutItsNeo4j(t *testing.T) {
	t.Parallel() // it waits for nobody to answer
	var out lockedBuffer
	cmd := exec.CommandContext(t.Context(), "entangle", "serve", "--listen", "127.0.0.1:0", "--store", nobody, "--neo4j-timeout", "200ms")
	cmd.Stdout, cmd.Stderr = &out, &out
	if err := cmd.Start(); err != nil {
		t.Fatal(err)
	}
	s := &served{cmd: cmd, errs: &bytes.Buffer{}}
	t.Cleanup(func() { _ = cmd.Process.Kill() })
	for start := time.Now(); s.base == ""; time.Sleep(10 * time.Millisecond) {
		for line := range strings.Lines(out.String()) {
			if m := addressLine.FindStringSubmatch(strings.TrimSpace(line)); m != nil {
				s.base = m[1]
			}
		}
		if time.Since(start) > time.Minute {
			t.Fatalf("no address in a minute: %s", out.String())
		}
	}
	if status, body := s.get(t, "/healthz"); status != http.StatusOK {
		t.Errorf("/healthz: %d %s", status, body)
	}
	if status, body := s.get(t, "/readyz"); status != http.StatusServiceUnavailable || !strings.Contains(body, "the store ") {
		t.Errorf("/readyz: %d %s", status, body)
	}
	s.stop(t)
}

func TestNeo4jPassword(t *testing.T) {
	file := filepath.Join(t.TempDir(), "password")
	if err := os.WriteFile(file, []byte("from the file\n"), 0o600); err != nil {
		t.Fatal(err)
	}
	for name, tt := range map[string]struct {
		env   map[string]string
		flags neo4jFlags
		want  string
		err   string
	}{
		"none":                {},
		"a variable":          {env: map[string]string{"ENTANGLE_NEO4J_PASSWORD": "secret"}, want: "secret"},
		"a file":              {flags: neo4jFlags{passwordFile: file}, want: "from the file"},
		"both":                {env: map[string]string{"ENTANGLE_NEO4J_PASSWORD": "secret"}, flags: neo4jFlags{passwordFile: file}, err: "which password is it?"},
		"no such file":        {flags: neo4jFlags{passwordFile: file + ".not"}, err: "password.not"},
		"of the source":       {env: map[string]string{"ENTANGLE_FROM_NEO4J_PASSWORD": "old"}, flags: neo4jFlags{prefix: "from-"}, want: "old"},
		"not that of another": {env: map[string]string{"ENTANGLE_NEO4J_PASSWORD": "new"}, flags: neo4jFlags{prefix: "from-"}},
	} {
		t.Run(name, func(t *testing.T) {
			a := &app{env: func(name string) (string, bool) { v, ok := tt.env[name]; return v, ok }}
			got, err := a.neo4jPassword(tt.flags)
			if got != tt.want || (err == nil) != (tt.err == "") || err != nil && !strings.Contains(err.Error(), tt.err) {
				t.Errorf("%q, %v; want %q, %q", got, err, tt.want, tt.err)
			}
		})
	}
}

// TestNeo4jTrust: a server is trusted by the certificates of the file, and only by
// them. What answers here speaks TLS and no Bolt: to be told that much, one has to
// have trusted it.
func TestNeo4jTrust(t *testing.T) {
	t.Parallel()                      // it waits for a server that is not trusted
	web := httptest.NewTLSServer(nil) // for its certificate
	t.Cleanup(web.Close)
	l, err := tls.Listen("tcp", "127.0.0.1:0", &tls.Config{Certificates: web.TLS.Certificates, MinVersion: tls.VersionTLS12})
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { _ = l.Close() })
	go func() {
		for {
			c, err := l.Accept()
			if err != nil {
				return
			}
			_, _ = c.Read(make([]byte, 20))
			_, _ = c.Write([]byte("HTTP/1.1 400 Bad Request\r\n\r\n"))
			_ = c.Close()
		}
	}()
	dir := t.TempDir()
	ca, junk := filepath.Join(dir, "ca.pem"), filepath.Join(dir, "junk.pem")
	text := pem.EncodeToMemory(&pem.Block{Type: "CERTIFICATE", Bytes: web.Certificate().Raw})
	for file, content := range map[string][]byte{ca: text, junk: []byte("no certificate")} {
		if err := os.WriteFile(file, content, 0o600); err != nil {
			t.Fatal(err)
		}
	}
	for name, tt := range map[string]struct {
		flags neo4jFlags
		token string
		err   string
	}{
		"trusted":            {flags: neo4jFlags{caFile: ca}, err: "does not speak Bolt"},
		"with a token":       {flags: neo4jFlags{caFile: ca}, token: "t0ken", err: "does not speak Bolt"},
		"a token and a user": {flags: neo4jFlags{caFile: ca, user: "neo4j"}, token: "t0ken", err: "both ENTANGLE_NEO4J_TOKEN and"},
		"not trusted":        {err: "give the certificate that signed its own"},
		"no certificate":     {flags: neo4jFlags{caFile: junk}, err: "no certificate in PEM"},
		"no such file":       {flags: neo4jFlags{caFile: junk + ".not"}, err: "junk.pem.not"},
	} {
		t.Run(name, func(t *testing.T) {
			a := &app{env: func(name string) (string, bool) {
				if name != "ENTANGLE_NEO4J_TOKEN" {
					return "", false
				}
				return tt.token, tt.token != ""
			}}
			tt.flags.timeout = 200 * time.Millisecond
			_, err := a.openNeo4j(t.Context(), "bolt+s://"+l.Addr().String(), tt.flags)
			if err == nil || !strings.Contains(err.Error(), tt.err) || strings.Contains(err.Error(), "t0ken") {
				t.Errorf("%v, want %q", err, tt.err)
			}
		})
	}
}
