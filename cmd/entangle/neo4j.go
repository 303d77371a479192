package main

import (
	"context"
	"crypto/tls"
	"crypto/x509"
	"fmt"
	"log/slog"
	"os"
	"strings"
	"time"

	"github.com/spf13/pflag"

	"entangle/cmd/entangle/usage"
	"entangle/graph"
	"entangle/graph/neo4jstore"
)

// neo4jFlags say who a command is at a Neo4j. Password and token are no flags: everyone
// on the machine can read the arguments of a process.
type neo4jFlags struct {
	user, database, passwordFile, tokenFile, caFile string
	// timeout bounds what neo4jstore.Config has as ConnectTimeout and RetryTime, and its
	// ProbeTimeout where that is longer.
	timeout time.Duration
	// prefix comes before the names of flags and variables, where a command works
	// on two stores: "from-".
	prefix string
	// lazy opens the store also where no server answers yet.
	lazy bool
	// filling is for a load, see neo4jstore.Config.
	filling bool
	// staleness is for a command that stays, see neo4jstore.Config.
	staleness time.Duration
	// sweep is for a command that stays, 0 for one that does not, see neo4jstore.Config.
	sweep time.Duration
	// cache is how many nodes and ties are kept in memory, of a file too, 0 for the default.
	cache int
	log   *slog.Logger
}

func (f *neo4jFlags) add(flags *pflag.FlagSet, prefix string) {
	f.prefix = prefix
	flags.StringVar(&f.user, prefix+"neo4j-user", "", "the `USER` at a Neo4j; its password is read from "+envName(prefix+"neo4j-password")+"; a bearer token, in place of both, from "+envName(prefix+"neo4j-token"))
	flags.StringVar(&f.passwordFile, prefix+"neo4j-password-file", "", "the `FILE` that holds the password, in place of the variable "+envName(prefix+"neo4j-password"))
	flags.StringVar(&f.tokenFile, prefix+"neo4j-token-file", "", "the `FILE` that holds the bearer token, in place of the variable "+envName(prefix+"neo4j-token"))
	flags.StringVar(&f.caFile, prefix+"neo4j-ca-file", "", "the `FILE` with the certificates, in PEM, to trust for a Neo4j at bolt+s:// or neo4j+s://, in place of the system's")
	flags.StringVar(&f.database, prefix+"neo4j-database", "", "the `NAME` of the database at a Neo4j (default "+neo4jstore.DefaultDatabase+")")
	flags.DurationVar(&f.timeout, prefix+"neo4j-timeout", neo4jstore.DefaultConnectTimeout, "how `LONG` to wait for a Neo4j that does not answer, and to try again after an error that may pass")
}

// or fills what was not given from other flags.
func (f *neo4jFlags) or(other neo4jFlags) neo4jFlags {
	all := *f
	if f.user == "" && f.passwordFile == "" && f.tokenFile == "" {
		all.user, all.passwordFile, all.tokenFile, all.prefix = other.user, other.passwordFile, other.tokenFile, other.prefix
	}
	if f.caFile == "" {
		all.caFile = other.caFile
	}
	if f.database == "" {
		all.database = other.database
	}
	if f.timeout == neo4jstore.DefaultConnectTimeout {
		all.timeout = other.timeout
	}
	return all
}

func isNeo4j(scheme string) bool {
	name, _, _ := strings.Cut(scheme, "+")
	return name == "neo4j" || name == "bolt"
}

// openNeo4j opens the database at an address neo4j://host:port or bolt://host:port.
func (a *app) openNeo4j(ctx context.Context, address string, f neo4jFlags) (graph.Store, error) {
	password, err := a.neo4jSecret(f.prefix, "password", f.passwordFile)
	if err != nil {
		return nil, err
	}
	token, err := a.neo4jSecret(f.prefix, "token", f.tokenFile)
	if err != nil {
		return nil, err
	}
	switch {
	case token != "" && (f.user != "" || password != ""):
		given := envName(f.prefix + "neo4j-token")
		if f.tokenFile != "" {
			given = "--" + f.prefix + "neo4j-token-file"
		}
		return nil, usage.Error{Err: fmt.Errorf("both %s and a user or password are given: which is it?", given)}
	case password != "" && f.user == "":
		f.user = "neo4j" // the user that every server begins with
	}
	if f.timeout <= 0 {
		return nil, usage.Error{Err: fmt.Errorf("--%sneo4j-timeout %v: a time above 0", f.prefix, f.timeout)}
	}
	if f.sweep == 0 {
		f.sweep = -1
	}
	trust, err := f.trust()
	if err != nil {
		return nil, err
	}
	return neo4jstore.Open(ctx, neo4jstore.Config{
		URI: address, User: f.user, Password: password, Token: token, TLS: trust, Database: f.database,
		ConnectTimeout: f.timeout, RetryTime: f.timeout, ProbeTimeout: min(f.timeout, neo4jstore.DefaultProbeTimeout),
		Lazy: f.lazy, Filling: f.filling, Log: f.log, CacheSize: f.cache, Sweep: f.sweep, Staleness: f.staleness, UserAgent: "entangle/" + version,
	})
}

// trust reads the certificates; nil where there is no file.
func (f *neo4jFlags) trust() (*tls.Config, error) {
	if f.caFile == "" {
		return nil, nil //nolint:nilnil // no file, no configuration
	}
	pem, err := os.ReadFile(f.caFile)
	if err != nil {
		return nil, fmt.Errorf("the certificates for the Neo4j: %w", err)
	}
	roots := x509.NewCertPool()
	if !roots.AppendCertsFromPEM(pem) {
		return nil, usage.Error{Err: fmt.Errorf("--%sneo4j-ca-file %s: no certificate in PEM is in it", f.prefix, f.caFile)}
	}
	return &tls.Config{RootCAs: roots, MinVersion: tls.VersionTLS12}, nil
}

// neo4jSecret reads the password or the token, as what says, from the file or the variable.
// Newlines at the file's end do not belong to it. No error repeats it.
func (a *app) neo4jSecret(prefix, what, file string) (string, error) {
	variable := envName(prefix + "neo4j-" + what)
	text, _ := a.env(variable)
	switch {
	case file != "" && text != "":
		return "", usage.Error{Err: fmt.Errorf("both %s and --%sneo4j-%s-file are given: which %s is it?", variable, prefix, what, what)}
	case file == "":
		return text, nil
	}
	b, err := os.ReadFile(file) //nolint:gosec // the user names the file
	if err != nil {
		return "", fmt.Errorf("the %s of the Neo4j: %w", what, err)
	}
	text = strings.TrimRight(string(b), "\r\n")
	switch {
	case text == "":
		return "", fmt.Errorf("the %s of the Neo4j: %s is empty", what, file)
	case strings.ContainsAny(text, "\r\n"):
		return "", fmt.Errorf("the %s of the Neo4j: %s has several lines, one is wanted", what, file)
	}
	return text, nil
}
