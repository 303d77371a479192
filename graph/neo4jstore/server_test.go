package neo4jstore_test

import (
	"bytes"
	"context"
	"errors"
	"flag"
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"strconv"
	"strings"
	"testing"

	"github.com/neo4j/neo4j-go-driver/v5/neo4j"

	"entangle/graph/neo4jstore"
)

// shared is the server of the package's tests: that of ENTANGLE_TEST_NEO4J_URI, or
// one that scripts/neo4j starts. Its database is emptied between tests.
// sharedDir is its folder where it is one of ours.
var (
	// It takes in what others write when a test asks for it.
	shared    neo4jstore.Config
	sharedDir string
	// missing says what there is too little of to start one.
	missing string
)

const howTo = `these tests need a Neo4j whose database may be emptied. Either
  - give the address of one in ENTANGLE_TEST_NEO4J_URI (and ENTANGLE_TEST_NEO4J_USER, ENTANGLE_TEST_NEO4J_PASSWORD), or
  - install Java 17 and Maven, so that scripts/neo4j can start one: 5.26, or NEO4J_VERSION.
go test -short leaves them out`

func TestMain(m *testing.M) {
	// Each random question is a plan of its own on the server.
	if err := flag.Set("rapid.checks", "10"); err != nil {
		panic(err)
	}
	flag.Parse()
	os.Exit(run(m))
}

func run(m *testing.M) int {
	if testing.Short() || os.Getenv(leftVariable) != "" {
		return m.Run()
	}
	if uri := os.Getenv("ENTANGLE_TEST_NEO4J_URI"); uri != "" {
		shared = neo4jstore.Config{Sweep: -1, URI: uri, User: os.Getenv("ENTANGLE_TEST_NEO4J_USER"), Password: os.Getenv("ENTANGLE_TEST_NEO4J_PASSWORD")}
		return m.Run()
	}
	if _, err := script(nil, "needs"); err != nil && os.Getenv("CI") == "" {
		lines := strings.Split(strings.TrimSpace(err.Error()), "\n")
		missing = lines[len(lines)-1]
		return m.Run()
	}
	dir, err := os.MkdirTemp("", "entangle-neo4j-")
	if err != nil {
		fmt.Fprintln(os.Stderr, err)
		return 1
	}
	defer func() { _ = os.RemoveAll(dir) }()
	// Plans are made once: the database is emptied and filled all the time, and
	// planning anew whenever its size changes takes longer than the tests.
	uri, err := script([]string{"NEO4J_AUTH=none"}, "start", "--scratch",
		"--set", "dbms.cypher.min_replan_interval=1h", "--set", "server.memory.query_cache.per_db_cache_num_entries=10000", dir)
	if err != nil {
		fmt.Fprintf(os.Stderr, "no Neo4j: %v\n%s\n", err, howTo)
		return 1
	}
	defer func() {
		if _, err := script(nil, "stop", dir); err != nil {
			fmt.Fprintln(os.Stderr, err)
		}
	}()
	shared, sharedDir = neo4jstore.Config{URI: uri, Sweep: -1}, dir
	return m.Run()
}

// cypherVariable names the variable with the version of Cypher, 5 or 25, that a
// server of ours takes for its default; without it the server chooses.
const cypherVariable = "ENTANGLE_TEST_NEO4J_CYPHER"

// script runs scripts/neo4j and returns the last line it prints. A server that it
// starts ends with this process and with the go command that runs it.
func script(env []string, args ...string) (string, error) {
	path, err := filepath.Abs("../../scripts/neo4j")
	if err != nil {
		return "", err
	}
	if args[0] == "start" {
		life := []string{"start", "--with-parent", strconv.Itoa(os.Getpid())}
		if parent := os.Getppid(); parent > 1 { // 0 and 1 do not end
			life = append(life, "--with-parent", strconv.Itoa(parent))
		}
		if v := os.Getenv(cypherVariable); v != "" {
			life = append(life, "--set", "db.query.default_language=CYPHER_"+v)
		}
		args = append(life, args[1:]...)
	}
	cmd := exec.Command(path, args...)
	// The quick compiler alone: a server that lives for minutes gains nothing from
	// the thorough one.
	cmd.Env = append(os.Environ(), append(env, "JAVA_TOOL_OPTIONS=-XX:TieredStopAtLevel=1")...)
	var stderr bytes.Buffer
	cmd.Stderr = &stderr
	out, err := cmd.Output()
	if err != nil {
		return "", fmt.Errorf("scripts/neo4j %s: %w\n%s", strings.Join(args, " "), err, stderr.String())
	}
	lines := strings.Split(strings.TrimSpace(string(out)), "\n")
	return lines[len(lines)-1], nil
}

// needServer leaves a test out under -short, and where no server can be started, except
// in CI.
func needServer(tb testing.TB) {
	tb.Helper()
	switch {
	case testing.Short():
		tb.Skip("long: make check runs it")
	case missing != "":
		tb.Skip("no Neo4j: " + missing)
	}
}

// admin sends Cypher as an analyst or another application would.
func admin(tb testing.TB, c neo4jstore.Config, query string, params map[string]any) []*neo4j.Record {
	tb.Helper()
	rows, err := adminTry(context.WithoutCancel(tb.Context()), c, query, params)
	if err != nil {
		tb.Fatalf("%s: %v", query, err)
	}
	return rows
}

func adminTry(ctx context.Context, c neo4jstore.Config, query string, params map[string]any) (rows []*neo4j.Record, err error) {
	err = inSession(ctx, c, func(session neo4j.SessionWithContext) error {
		result, err := session.Run(ctx, query, params)
		if err != nil {
			return err
		}
		rows, err = result.Collect(ctx)
		return err
	})
	return rows, err
}

func inSession(ctx context.Context, c neo4jstore.Config, work func(neo4j.SessionWithContext) error) error {
	auth := neo4j.NoAuth()
	if c.User != "" {
		auth = neo4j.BasicAuth(c.User, c.Password, "")
	}
	driver, err := neo4j.NewDriverWithContext(c.URI, auth)
	if err != nil {
		return err
	}
	defer func() { _ = driver.Close(ctx) }()
	session := driver.NewSession(ctx, neo4j.SessionConfig{DatabaseName: "neo4j"})
	defer func() { _ = session.Close(ctx) }()
	return work(session)
}

// inTransaction runs queries in a transaction of another application.
func inTransaction(ctx context.Context, c neo4jstore.Config, work func(run func(string) error) error) error {
	return inSession(ctx, c, func(session neo4j.SessionWithContext) error {
		tx, err := session.BeginTransaction(ctx)
		if err != nil {
			return err
		}
		err = work(func(query string) error {
			result, err := tx.Run(ctx, query, nil)
			if err != nil {
				return err
			}
			_, err = result.Consume(ctx)
			return err
		})
		if err != nil {
			return errors.Join(err, tx.Rollback(ctx))
		}
		return tx.Commit(ctx)
	})
}

// wipe empties the database but for the node that says that its schema is there.
func wipe(tb testing.TB, c neo4jstore.Config) {
	tb.Helper()
	admin(tb, c, "MATCH (n) WHERE NOT n:EntangleMeta CALL (n) { DETACH DELETE n } IN TRANSACTIONS OF 10000 ROWS", nil)
}

// open returns a store on the emptied shared database.
func open(tb testing.TB, change ...func(*neo4jstore.Config)) *neo4jstore.Store {
	tb.Helper()
	needServer(tb)
	wipe(tb, shared)
	c := shared
	for _, f := range change {
		f(&c)
	}
	s, err := neo4jstore.Open(tb.Context(), c)
	if err != nil {
		tb.Fatal(err)
	}
	tb.Cleanup(func() { _ = s.Close() })
	return s
}
