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

// TestNeo4jSecret: password and token come from a variable or a file, and no error tells
// them.
func TestNeo4jSecret(t *testing.T) {
	dir := t.TempDir()
	for name, text := range map[string]string{"one": "s3cret\n", "bare": "s3cret", "windows": "s3cret\r\n", "blanks": " s3cret ", "empty": "\n", "lines": "s3cret\nmore\n"} {
		if err := os.WriteFile(filepath.Join(dir, name), []byte(text), 0o600); err != nil {
			t.Fatal(err)
		}
	}
	for name, tt := range map[string]struct {
		prefix, file string
		env          string // what the variable that counts holds
		other        string // what that of the other store holds
		want, err    string
	}{
		"none":                     {},
		"a variable":               {env: "s3cret", want: "s3cret"},
		"a file":                   {file: "one", want: "s3cret"},
		"no newline":               {file: "bare", want: "s3cret"},
		"a newline of Windows":     {file: "windows", want: "s3cret"},
		"blanks belong to it":      {file: "blanks", want: " s3cret "},
		"both":                     {env: "s3cret", file: "one", err: "is it?"},
		"no such file":             {file: "nowhere", err: "nowhere"},
		"no file":                  {file: ".", err: "is a directory"},
		"an empty file":            {file: "empty", err: "empty is empty"},
		"several lines":            {file: "lines", err: "lines has several lines"},
		"of the source":            {prefix: "from-", env: "s3cret", other: "new", want: "s3cret"},
		"of the source, by a file": {prefix: "from-", file: "one", other: "new", want: "s3cret"},
		"not that of another":      {prefix: "from-", other: "new"},
	} {
		for _, what := range []string{"password", "token"} {
			t.Run(name+", "+what, func(t *testing.T) {
				own, other := "ENTANGLE_NEO4J_", "ENTANGLE_FROM_NEO4J_"
				if tt.prefix != "" {
					own, other = other, own
				}
				env := map[string]string{own + strings.ToUpper(what): tt.env, other + strings.ToUpper(what): tt.other}
				a := &app{env: func(name string) (string, bool) { return env[name], env[name] != "" }}
				file := tt.file
				if file != "" {
					file = filepath.Join(dir, file)
				}
				got, err := a.neo4jSecret(tt.prefix, what, file)
				switch {
				case tt.err == "" && (err != nil || got != tt.want):
					t.Errorf("%q, %v; want %q", got, err, tt.want)
				case tt.err != "" && (err == nil || got != "" || !strings.Contains(err.Error(), tt.err) || !strings.Contains(err.Error(), what)):
					t.Errorf("%q, %v; want an error with %q and %q", got, err, tt.err, what)
				case err != nil && strings.Contains(err.Error(), "s3cret"):
					t.Errorf("the %s is told: %v", what, err)
				}
			})
		}
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
	tokenFile := filepath.Join(dir, "token")
	text := pem.EncodeToMemory(&pem.Block{Type: "CERTIFICATE", Bytes: web.Certificate().Raw})
	for file, content := range map[string][]byte{ca: text, junk: []byte("no certificate"), tokenFile: []byte("t0ken\n")} {
		if err := os.WriteFile(file, content, 0o600); err != nil {
			t.Fatal(err)
		}
	}
	for name, tt := range map[string]struct {
		flags neo4jFlags
		token string
		err   string
	}{
		"trusted":             {flags: neo4jFlags{caFile: ca}, err: "does not speak Bolt"},
		"with a token":        {flags: neo4jFlags{caFile: ca}, token: "t0ken", err: "does not speak Bolt"},
		"a token and a user":  {flags: neo4jFlags{caFile: ca, user: "neo4j"}, token: "t0ken", err: "both ENTANGLE_NEO4J_TOKEN and"},
		"a token's file":      {flags: neo4jFlags{caFile: ca, tokenFile: tokenFile}, err: "does not speak Bolt"},
		"its file and a user": {flags: neo4jFlags{caFile: ca, tokenFile: tokenFile, user: "neo4j"}, err: "both --neo4j-token-file and"},
		"both tokens":         {flags: neo4jFlags{caFile: ca, tokenFile: tokenFile}, token: "t0ken", err: "both ENTANGLE_NEO4J_TOKEN and --neo4j-token-file"},
		"not trusted":         {err: "give the certificate that signed its own"},
		"no certificate":      {flags: neo4jFlags{caFile: junk}, err: "no certificate in PEM"},
		"no such file":        {flags: neo4jFlags{caFile: junk + ".not"}, err: "junk.pem.not"},
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
