package neo4jstore_test

import (
	"errors"
	"strings"
	"testing"
	"time"

	"entangle/graph/neo4jstore"
)

// TestConfigRefused: what cannot work is refused before anything is dialled, and
// no message repeats a secret.
func TestConfigRefused(t *testing.T) {
	const secret = "s3cret-word"
	for name, tt := range map[string]struct {
		conf neo4jstore.Config
		want string
	}{
		"no address":           {neo4jstore.Config{}, "scheme"},
		"http":                 {neo4jstore.Config{URI: "http://localhost:7474"}, "scheme is not one of bolt"},
		"user in the address":  {neo4jstore.Config{URI: "bolt://neo4j:" + secret + "@localhost:7687"}, "give user and password separately"},
		"password in garbage":  {neo4jstore.Config{URI: "bolt://neo4j:" + secret + "@local host:7687"}, "not a URI"},
		"path":                 {neo4jstore.Config{URI: "bolt://localhost:7687/db"}, "not of the form"},
		"no host":              {neo4jstore.Config{URI: "neo4j://"}, "not of the form"},
		"password alone":       {neo4jstore.Config{URI: "bolt://localhost", Password: secret}, "without a user"},
		"token and user":       {neo4jstore.Config{URI: "bolt://localhost", User: "neo4j", Token: secret}, "both a token and a user"},
		"negative timeout":     {neo4jstore.Config{URI: "bolt://localhost", TxTimeout: -time.Second}, "timeout of -1s"},
		"negative batch":       {neo4jstore.Config{URI: "bolt://localhost", BatchSize: -1}, "size of -1"},
		"unknown query option": {neo4jstore.Config{URI: "bolt://localhost?policy=x"}, "outing context"},
	} {
		t.Run(name, func(t *testing.T) {
			_, err := neo4jstore.Open(t.Context(), tt.conf)
			if !errors.Is(err, neo4jstore.ErrConfig) || !strings.Contains(err.Error(), tt.want) {
				t.Errorf("error %v, want ErrConfig with %q", err, tt.want)
			}
			if err != nil && strings.Contains(err.Error(), secret) {
				t.Errorf("the error repeats the secret: %v", err)
			}
		})
	}
}
