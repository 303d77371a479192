package neo4jstore_test

import (
	"context"
	"errors"
	"fmt"
	"net"
	"os"
	"path/filepath"
	"strconv"
	"strings"
	"sync"
	"syscall"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"entangle/graph"
	"entangle/graph/neo4jstore"
	"entangle/graph/storetest"
)

// own is a server of a test's own, that it may kill and that comes back at the
// same address.
type own struct {
	dir, port string
}

const ownPassword = "correct-horse"

func (o own) conf() neo4jstore.Config {
	return neo4jstore.Config{
		URI: "bolt://127.0.0.1:" + o.port, User: "neo4j", Password: ownPassword, RetryTime: time.Second, ConnectTimeout: 2 * time.Second,
	}
}

func (o own) start(t *testing.T, set ...string) {
	t.Helper()
	args := []string{"start", "--scratch", "--port", o.port}
	for _, s := range set {
		args = append(args, "--set", s)
	}
	if _, err := script([]string{"NEO4J_PASSWORD=" + ownPassword, "NEO4J_HEAP=512m", "NEO4J_PAGECACHE=64m"}, append(args, o.dir)...); err != nil {
		t.Fatalf("no Neo4j: %v\n%s", err, howTo)
	}
}

func (o own) stop(t *testing.T) {
	t.Helper()
	if _, err := script(nil, "stop", o.dir); err != nil {
		t.Error(err)
	}
}

// kill ends the server as a power cut would.
func (o own) kill(t *testing.T) {
	t.Helper()
	text, err := os.ReadFile(filepath.Join(o.dir, "neo4j.pid"))
	if err != nil {
		t.Fatal(err)
	}
	pid, err := strconv.Atoi(strings.TrimSpace(string(text)))
	if err != nil {
		t.Fatal(err)
	}
	if err := syscall.Kill(pid, syscall.SIGKILL); err != nil {
		t.Fatal(err)
	}
}

func freePort(t *testing.T) string {
	t.Helper()
	l, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	defer func() { _ = l.Close() }()
	_, port, err := net.SplitHostPort(l.Addr().String())
	if err != nil {
		t.Fatal(err)
	}
	return port
}

func wantError(t *testing.T, err, want error, texts ...string) {
	t.Helper()
	if !errors.Is(err, want) {
		t.Fatalf("error %v, want %v", err, want)
	}
	for _, text := range texts {
		if !strings.Contains(err.Error(), text) {
			t.Errorf("error %q does not say %q", err, text)
		}
	}
}

// TestFaults lives through a server's misfortunes, one after the other: not
// there at the start, wrong password, killed in a load, killed in reads, read only.
func TestFaults(t *testing.T) {
	needServer(t)
	t.Parallel() // with others that have a server of their own
	server := own{dir: t.TempDir(), port: freePort(t)}
	t.Cleanup(func() { server.stop(t) })

	_, err := neo4jstore.Open(t.Context(), server.conf())
	wantError(t, err, graph.ErrUnavailable, server.conf().URI, "start the server or correct the address")
	lazy := server.conf()
	lazy.Lazy = true
	s, err := neo4jstore.Open(t.Context(), lazy)
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { _ = s.Close() })
	wantError(t, s.Ready(t.Context()), graph.ErrUnavailable)
	_, err = s.View(t.Context(), graph.Clear)
	wantError(t, err, graph.ErrUnavailable)
	_, err = s.Apply(t.Context(), storetest.Fixture())
	wantError(t, err, graph.ErrUnavailable)

	server.start(t)
	if err := s.Ready(t.Context()); err != nil {
		t.Fatalf("not ready although the server is there: %v", err)
	}

	wrong := server.conf()
	wrong.Password, wrong.Lazy = "wrong-horse", true
	_, err = neo4jstore.Open(t.Context(), wrong)
	wantError(t, err, neo4jstore.ErrCredentials, server.conf().URI, "neo4j")
	if strings.Contains(err.Error(), wrong.Password) {
		t.Errorf("the error repeats the password: %v", err)
	}

	t.Run("killed in a load", func(t *testing.T) { killedInLoad(t, server, s) })
	t.Run("killed in reads", func(t *testing.T) { killedInReads(t, server, s) })
	t.Run("read only", func(t *testing.T) { readOnly(t, server) })
}

// killedInLoad kills the server while a load runs, starts it again and repeats
// the whole load: nothing is there twice and nothing is missing.
func killedInLoad(t *testing.T, server own, s *neo4jstore.Store) {
	t.Helper()
	const batches, each = 12, 200
	model := storetest.NewModel()
	for i := range batches {
		apply(t, model, people(i*each, each))
	}
	killed := make(chan struct{})
	done := 0
	var failed error
	for i := range batches {
		if i == 3 {
			go func() {
				defer close(killed)
				server.kill(t)
			}()
		}
		if _, failed = s.Apply(t.Context(), people(i*each, each)); failed != nil {
			break
		}
		done++
	}
	<-killed
	wantError(t, failed, graph.ErrUnavailable, server.conf().URI)
	wantError(t, s.Ready(t.Context()), graph.ErrUnavailable)
	server.start(t)
	for i := range batches {
		a := apply(t, s, people(i*each, each))
		if i < done && a.Changed() {
			t.Errorf("batch %d was acknowledged before the crash and is not there: %+v", i, a)
		}
	}
	got, err := mustView(t, s, graph.Red).Counts(t.Context())
	if err != nil {
		t.Fatal(err)
	}
	want, err := mustView(t, model, graph.Red).Counts(t.Context())
	if diff := cmp.Diff(want, got); diff != "" || err != nil {
		t.Errorf("counts after the repeated load (-want +got):\n%s %v", diff, err)
	}
	rows := admin(t, server.conf(), "MATCH (n:Entity) RETURN count(n) - count(DISTINCT n.id)", nil)
	ties := admin(t, server.conf(), "MATCH (:Entity)-[r]->(:Entity) RETURN count(r) - count(DISTINCT r.id)", nil)
	if rows[0].Values[0] != int64(0) || ties[0].Values[0] != int64(0) {
		t.Errorf("%v nodes and %v ties are there twice", rows[0].Values[0], ties[0].Values[0])
	}
}

// killedInReads kills the server in the middle of a stream: the reader gets
// ErrUnavailable; the same view answers when the server is back, which then takes no
// writes.
func killedInReads(t *testing.T, server own, s *neo4jstore.Store) {
	t.Helper()
	apply(t, s, people(10_000, 7_000)) // more than a page
	v := mustView(t, s, graph.Clear)
	version := mustVersion(t, s)
	var last error
	count := 0
	for _, err := range v.Nodes(t.Context(), graph.NodeQuery{}) {
		if count++; count == 100 {
			server.kill(t)
		}
		last = err
	}
	wantError(t, last, graph.ErrUnavailable)
	_, err := v.Counts(t.Context())
	wantError(t, err, graph.ErrUnavailable)
	server.start(t, "server.databases.read_only=neo4j") // for readOnly
	if list, err := collect(v.Nodes(t.Context(), graph.NodeQuery{})); err != nil || len(list) <= count {
		t.Errorf("after the restart: %d nodes, %v", len(list), err)
	}
	if now := mustVersion(t, s); now != version {
		t.Errorf("the restart changed the version from %q to %q", version, now)
	}
}

// readOnly opens a database that takes no writes.
func readOnly(t *testing.T, server own) {
	t.Helper()
	s, err := neo4jstore.Open(t.Context(), server.conf())
	if err != nil {
		t.Fatalf("open: %v", err)
	}
	defer func() { _ = s.Close() }()
	if n, err := mustView(t, s, graph.Clear).CountNodes(t.Context(), graph.NodeQuery{}); err != nil || n == 0 {
		t.Errorf("%d nodes, %v", n, err)
	}
	_, err = s.Apply(t.Context(), storetest.Fixture())
	wantError(t, err, neo4jstore.ErrReadOnly, "takes no writes", "neo4j://")
}

// TestNotNeo4j: addresses at which something else answers.
func TestNotNeo4j(t *testing.T) {
	for name, tt := range map[string]struct {
		answer string
		want   error
	}{
		"a web server":       {"HTTP/1.1 400 Bad Request\r\n\r\n", neo4jstore.ErrServer},
		"no version of Bolt": {"\x00\x00\x00\x00", neo4jstore.ErrServer},
		"silence":            {"", graph.ErrUnavailable},
	} {
		t.Run(name, func(t *testing.T) {
			l, err := net.Listen("tcp", "127.0.0.1:0")
			if err != nil {
				t.Fatal(err)
			}
			defer func() { _ = l.Close() }()
			go func() {
				for {
					c, err := l.Accept()
					if err != nil {
						return
					}
					_, _ = c.Read(make([]byte, 20))
					_, _ = c.Write([]byte(tt.answer))
					_ = c.Close()
				}
			}()
			_, err = neo4jstore.Open(t.Context(), neo4jstore.Config{URI: "bolt://" + l.Addr().String(), RetryTime: 200 * time.Millisecond})
			wantError(t, err, tt.want, l.Addr().String())
		})
	}
}

// holder is a transaction of another application that holds a lock.
type holder struct {
	locked, released, ended chan struct{}
	once                    *sync.Once
}

// release lets it go on to its second query and its end.
func (h holder) release() { h.once.Do(func() { close(h.released) }) }

// hold locks what the query touches until it is released; then runs the second.
func hold(t *testing.T, first, second string) holder {
	t.Helper()
	h := holder{make(chan struct{}), make(chan struct{}), make(chan struct{}), new(sync.Once)}
	t.Cleanup(func() {
		h.release()
		<-h.ended
	})
	go func() {
		defer close(h.ended)
		err := inTransaction(context.WithoutCancel(t.Context()), shared, func(run func(string) error) error {
			if err := run(first); err != nil {
				return err
			}
			close(h.locked)
			<-h.released
			return run(second)
		})
		if err != nil {
			t.Errorf("the other transaction: %v", err)
		}
	}()
	<-h.locked
	return h
}

// TestDeadlock: the server ends a transaction of ours to break a deadlock; it is
// run again and the caller sees nothing of it.
func TestDeadlock(t *testing.T) {
	attempts := 0
	var other holder
	s := open(t, func(c *neo4jstore.Config) {
		c.OnStatement = func(name, _ string) {
			if name != "update_nodes" {
				return
			}
			if attempts++; attempts == 1 {
				other.release() // it now waits for the lock that this transaction has
				waitFor(t, "a blocked transaction", "SHOW TRANSACTIONS YIELD status WHERE status STARTS WITH 'Blocked' RETURN count(*)", 1)
			}
		}
	})
	apply(t, s, storetest.Fixture())
	attempts = 0
	// Of two transactions the server ends the one that holds fewer locks.
	other = hold(t, "MATCH (n:Entity) SET n.mood = 'held'", "MATCH (m:EntangleMeta) SET m.mood = 'held'")
	a := apply(t, s, graph.Batch{Nodes: []graph.Node{person("p-adan", "Adan Renamed")}})
	<-other.ended
	if a.NodesUpdated != 1 || attempts < 2 {
		t.Errorf("applied %+v in %d attempts, want the deadlock and another attempt", a, attempts)
	}
	rows := admin(t, shared, "MATCH (p:Person {id: 'p-adan'}) RETURN p.mood, p.otherNames[-1]", nil)
	if diff := cmp.Diff([]any{"held", "Adan Renamed"}, rows[0].Values); diff != "" {
		t.Errorf("node (-want +got):\n%s", diff)
	}
}

// waitFor waits until a query counts n.
func waitFor(t *testing.T, what, query string, n int64) {
	t.Helper()
	var got any
	for range 200 {
		rows, err := adminTry(context.WithoutCancel(t.Context()), shared, query, nil)
		if err != nil {
			t.Error(err)
			return
		}
		if got = rows[0].Values[0]; got == n {
			return
		}
		time.Sleep(50 * time.Millisecond)
	}
	t.Errorf("%s: %v, want %d", what, got, n)
}

// TestCancelled: a context that ends while a batch waits in the server ends the
// transaction there too, and nothing of the batch stays.
func TestCancelled(t *testing.T) {
	for name, limit := range map[string]time.Duration{"by the caller": 0, "by the server": time.Second} {
		t.Run(name, func(t *testing.T) {
			s := open(t, func(c *neo4jstore.Config) { c.TxTimeout = limit })
			apply(t, s, storetest.Fixture())
			other := hold(t, "MATCH (p:Person {id: 'p-adan'}) SET p._key = p._key", "RETURN 1")
			ctx, cancel := context.WithCancel(t.Context())
			defer cancel()
			if limit == 0 {
				ctx, cancel = context.WithTimeout(ctx, 700*time.Millisecond)
				defer cancel()
			}
			_, err := s.Apply(ctx, graph.Batch{Nodes: []graph.Node{person("p-adan", "Adan Renamed"), person("p-never", "Never")}})
			wantError(t, err, context.DeadlineExceeded)
			waitFor(t, "transactions that hold or wait", "SHOW TRANSACTIONS YIELD currentQuery WHERE currentQuery STARTS WITH 'UNWIND' RETURN count(*)", 0)
			other.release()
			<-other.ended
			v := mustView(t, s, graph.Clear)
			if nodes, err := v.NodesByID(t.Context(), []graph.ID{"p-never"}); err != nil || len(nodes) > 0 {
				t.Errorf("the cancelled batch is there: %v, %v", nodes, err)
			}
			if a := apply(t, s, graph.Batch{Nodes: []graph.Node{person("p-never", "Never")}}); a.NodesCreated != 1 {
				t.Errorf("the next batch: %+v", a)
			}
		})
	}
}

// TestNewerSchema: a database of a newer program is not touched.
func TestNewerSchema(t *testing.T) {
	s := open(t)
	defer admin(t, shared, "MATCH (m:EntangleMeta) SET m.schema = m.was REMOVE m.was", nil)
	admin(t, shared, "MATCH (m:EntangleMeta) SET m.was = m.schema, m.schema = 99", nil)
	_, err := neo4jstore.Open(t.Context(), shared)
	wantError(t, err, neo4jstore.ErrServer, "schema 99", "use a newer one")
	// Nor is it read any longer by a store that was open before.
	_, err = s.View(t.Context(), graph.Clear)
	wantError(t, err, neo4jstore.ErrServer, "schema 99", "use a newer one")
	_ = s.Close()
}

// TestEmptied: someone removes everything, the schema's node included, beneath an
// open store.
func TestEmptied(t *testing.T) {
	s := open(t)
	apply(t, s, storetest.Fixture())
	admin(t, shared, "MATCH (n) DETACH DELETE n", nil)
	if a := apply(t, s, storetest.Fixture()); a.NodesCreated != len(storetest.Fixture().Nodes) {
		t.Errorf("applied %+v", a)
	}
	if rows := admin(t, shared, "MATCH (m:EntangleMeta) RETURN count(m)", nil); fmt.Sprint(rows[0].Values) != "[1]" {
		t.Errorf("meta nodes: %v", rows[0].Values)
	}
}
