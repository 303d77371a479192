package main

import (
	"context"
	"fmt"
	"log/slog"
	"os"
	"strings"

	"github.com/spf13/pflag"

	"entangle/graph"
	"entangle/graph/neo4jstore"
)

// neo4jFlags say who a command is at a Neo4j. The password is no flag: everyone on
// the machine can read the arguments of a process.
type neo4jFlags struct {
	user, database, passwordFile string
	// prefix comes before the names of flags and variables, where a command works
	// on two stores: "from-".
	prefix string
	// lazy opens the store also where no server answers yet.
	lazy bool
	log  *slog.Logger
}

func (f *neo4jFlags) add(flags *pflag.FlagSet, prefix string) {
	f.prefix = prefix
	flags.StringVar(&f.user, prefix+"neo4j-user", "", "the `USER` at a Neo4j; its password is read from "+envName(prefix+"neo4j-password"))
	flags.StringVar(&f.passwordFile, prefix+"neo4j-password-file", "", "the `FILE` that holds the password, in place of that variable")
	flags.StringVar(&f.database, prefix+"neo4j-database", "", "the `NAME` of the database at a Neo4j (default "+neo4jstore.DefaultDatabase+")")
}

// or fills what was not given from other flags.
func (f *neo4jFlags) or(other neo4jFlags) neo4jFlags {
	all := *f
	if f.user == "" && f.passwordFile == "" {
		all.user, all.passwordFile, all.prefix = other.user, other.passwordFile, other.prefix
	}
	if f.database == "" {
		all.database = other.database
	}
	return all
}

func isNeo4j(scheme string) bool {
	name, _, _ := strings.Cut(scheme, "+")
	return name == "neo4j" || name == "bolt"
}

// openNeo4j opens the database at an address neo4j://host:port or bolt://host:port.
func (a *app) openNeo4j(ctx context.Context, address string, f neo4jFlags) (graph.Store, error) {
	password, err := a.neo4jPassword(f)
	if err != nil {
		return nil, err
	}
	if password != "" && f.user == "" {
		f.user = "neo4j" // the user that every server begins with
	}
	return neo4jstore.Open(ctx, neo4jstore.Config{
		URI: address, User: f.user, Password: password, Database: f.database,
		Lazy: f.lazy, Log: f.log, UserAgent: "entangle/" + version,
	})
}

// neo4jPassword reads the password from the file or the variable; a newline at
// the file's end does not belong to it.
func (a *app) neo4jPassword(f neo4jFlags) (string, error) {
	variable := envName(f.prefix + "neo4j-password")
	text, given := a.env(variable)
	switch {
	case f.passwordFile != "" && given:
		return "", usageError{fmt.Errorf("both %s and --%sneo4j-password-file are given: which password is it?", variable, f.prefix)}
	case f.passwordFile == "":
		return text, nil
	}
	b, err := os.ReadFile(f.passwordFile)
	if err != nil {
		return "", fmt.Errorf("the password of the Neo4j: %w", err)
	}
	return strings.TrimRight(string(b), "\r\n"), nil
}
