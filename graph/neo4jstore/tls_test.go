package neo4jstore_test

import (
	"crypto/tls"
	"crypto/x509"
	"net"
	"net/http/httptest"
	"strings"
	"testing"
	"time"

	"entangle/graph"
	"entangle/graph/neo4jstore"
	"entangle/graph/storetest"
)

// TestTLS: with +s the server's certificate is checked against the roots that are
// given, with +ssc it is not.
func TestTLS(t *testing.T) {
	needServer(t)
	keys := httptest.NewUnstartedServer(nil)
	keys.StartTLS() // for its certificate
	t.Cleanup(keys.Close)
	l, err := tls.Listen("tcp", "127.0.0.1:0", &tls.Config{Certificates: keys.TLS.Certificates, MinVersion: tls.VersionTLS12})
	if err != nil {
		t.Fatal(err)
	}
	m := &member{listener: l}
	t.Cleanup(m.stop)
	go m.serve(strings.TrimPrefix(shared.URI, "bolt://"))
	roots := x509.NewCertPool()
	roots.AddCert(keys.Certificate())
	_, port, err := net.SplitHostPort(m.addr())
	if err != nil {
		t.Fatal(err)
	}
	for name, tt := range map[string]struct {
		uri   string
		roots *x509.CertPool
		want  error
	}{
		"trusted":            {"bolt+s://127.0.0.1:" + port, roots, nil},
		"unknown":            {"bolt+s://127.0.0.1:" + port, nil, neo4jstore.ErrServer},
		"another's name":     {"bolt+s://localhost:" + port, roots, neo4jstore.ErrServer},
		"without a check":    {"bolt+ssc://127.0.0.1:" + port, nil, nil},
		"without encryption": {"bolt://127.0.0.1:" + port, nil, graph.ErrUnavailable},
	} {
		t.Run(name, func(t *testing.T) {
			wipe(t, shared)
			c := shared
			c.URI, c.RetryTime = tt.uri, 200*time.Millisecond
			if tt.roots != nil {
				c.TLS = &tls.Config{RootCAs: tt.roots, MinVersion: tls.VersionTLS12}
			}
			s, err := neo4jstore.Open(t.Context(), c)
			if tt.want != nil {
				wantError(t, err, tt.want, port)
				return
			}
			if err != nil {
				t.Fatal(err)
			}
			defer func() { _ = s.Close() }()
			if a := apply(t, s, storetest.Fixture()); a.NodesCreated == 0 {
				t.Errorf("applied %+v", a)
			}
		})
	}
}
