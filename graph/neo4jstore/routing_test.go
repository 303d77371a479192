package neo4jstore_test

import (
	"bytes"
	"io"
	"net"
	"strings"
	"sync"
	"testing"
	"time"

	"entangle/graph"
	"entangle/graph/neo4jstore"
	"entangle/graph/storetest"
)

// member is an address of a cluster: it passes everything on to the one server
// behind, and keeps what clients sent.
type member struct {
	listener net.Listener
	table    func(reply []byte) []byte // rewrites what the server says; nil: nothing

	mu    sync.Mutex
	sent  bytes.Buffer
	conns []net.Conn
	down  bool
}

func (m *member) addr() string { return m.listener.Addr().String() }

// newMember listens at a port of five digits, so that addresses can take each
// other's place in a message.
func newMember(t *testing.T, table func([]byte) []byte) *member {
	t.Helper()
	for {
		l, err := net.Listen("tcp", "127.0.0.1:0")
		if err != nil {
			t.Fatal(err)
		}
		if len(l.Addr().String()) != len("127.0.0.1:12345") {
			t.Cleanup(func() { _ = l.Close() })
			continue
		}
		m := &member{listener: l, table: table}
		t.Cleanup(m.stop)
		go m.serve(strings.TrimPrefix(shared.URI, "bolt://"))
		return m
	}
}

func (m *member) serve(behind string) {
	for {
		client, err := m.listener.Accept()
		if err != nil {
			return
		}
		server, err := net.Dial("tcp", behind)
		m.mu.Lock()
		if err != nil || m.down {
			m.mu.Unlock()
			_ = client.Close()
			continue
		}
		m.conns = append(m.conns, client, server)
		m.mu.Unlock()
		go m.pass(server, client, func(b []byte) []byte {
			m.mu.Lock()
			defer m.mu.Unlock()
			m.sent.Write(b)
			return b
		})
		go m.pass(client, server, m.table)
	}
}

// pass copies until an end closes. A message that is rewritten comes in one piece:
// the routing table is short and sent by itself.
func (m *member) pass(to io.WriteCloser, from io.ReadCloser, rewrite func([]byte) []byte) {
	defer func() { _, _ = to.Close(), from.Close() }()
	buf := make([]byte, 1<<16)
	for {
		n, err := from.Read(buf)
		if err != nil {
			return
		}
		b := buf[:n]
		if rewrite != nil {
			b = rewrite(b)
		}
		if _, err := to.Write(b); err != nil {
			return
		}
	}
}

// stop takes the member from the network.
func (m *member) stop() {
	_ = m.listener.Close()
	m.mu.Lock()
	defer m.mu.Unlock()
	m.down = true
	for _, c := range m.conns {
		_ = c.Close()
	}
}

// took reports whether a client sent the text there, and forgets what was sent.
func (m *member) took(text string) bool {
	m.mu.Lock()
	defer m.mu.Unlock()
	defer m.sent.Reset()
	return bytes.Contains(m.sent.Bytes(), []byte(text))
}

// cluster is a router that names a reader and a writer.
type cluster struct {
	router *member

	mu             sync.Mutex
	reader, writer *member
}

func newCluster(t *testing.T) *cluster {
	t.Helper()
	c := &cluster{reader: newMember(t, nil), writer: newMember(t, nil)}
	c.router = newMember(t, c.rewrite)
	return c
}

func (c *cluster) set(reader, writer *member) {
	c.mu.Lock()
	defer c.mu.Unlock()
	c.reader, c.writer = reader, writer
}

// rewrite makes the table of the single server, all of whose rows name the address
// that was asked, one of a cluster, and lets it hold for a second, not for 300.
func (c *cluster) rewrite(reply []byte) []byte {
	c.mu.Lock()
	defer c.mu.Unlock()
	for role, m := range map[string]*member{"\x84READ": c.reader, "\x85WRITE": c.writer} {
		reply = bytes.ReplaceAll(reply, []byte(c.router.addr()+"\x84role"+role), []byte(m.addr()+"\x84role"+role))
	}
	return bytes.ReplaceAll(reply, []byte("\x83ttl\xc9\x01\x2c"), []byte("\x83ttl\xc9\x00\x01"))
}

func (c *cluster) conf(conf *neo4jstore.Config) {
	conf.URI, conf.RetryTime = "neo4j://"+c.router.addr(), 20*time.Second
}

// Parts of a statement that reads and of one that writes.
const (
	reads  = "RETURN n.id AS id, count, unfit"
	writes = "CREATE (n:Entity:"
)

// TestRouting: at neo4j:// what reads goes to the readers and what writes to the
// writer, with the bookmarks that let a reader wait for what was written; a member
// that is gone is left for the one that the router names next.
func TestRouting(t *testing.T) {
	c := newCluster(t)
	s := open(t, c.conf)
	_, _ = c.reader.took(""), c.writer.took("")
	apply(t, s, storetest.Fixture())
	ask := func(s graph.Store) int {
		t.Helper()
		v := mustView(t, s, graph.Red)
		near, err := v.CountAdjacent(t.Context(), graph.AdjacentQuery{Nodes: []graph.ID{"g-reed"}, Type: graph.MemberOf, Dir: graph.Back})
		if err != nil {
			t.Fatal(err)
		}
		return near["g-reed"]
	}
	members := ask(s)
	if members == 0 {
		t.Error("what was written is not read")
	}
	reader, writer := c.reader, c.writer
	reader.mu.Lock()
	bookmarked := bytes.Contains(reader.sent.Bytes(), []byte("bookmarks"))
	reader.mu.Unlock()
	if !bookmarked {
		t.Error("the reader was not sent a bookmark")
	}
	if writer.mu.Lock(); bytes.Contains(writer.sent.Bytes(), []byte(reads)) {
		t.Error("the writer was asked to read")
	}
	writer.mu.Unlock()
	if !reader.took(reads) || reader.took(writes) || !writer.took(writes) {
		t.Error("reads did not go to the reader and writes to the writer")
	}

	next := newMember(t, nil)
	c.set(next, writer)
	reader.stop()
	if n := ask(s); n != members || !next.took(reads) {
		t.Errorf("%d members after the reader was lost, want %d, from the next one", n, members)
	}

	leader := newMember(t, nil)
	c.set(next, leader)
	writer.stop()
	late := graph.Batch{
		Nodes: []graph.Node{person("p-late", "Late Comer")},
		Ties:  []graph.Tie{{Type: graph.MemberOf, From: "p-late", To: "g-reed"}},
	}
	if a := apply(t, s, late); a.NodesCreated != 1 || a.TiesCreated != 1 || !leader.took(writes) {
		t.Errorf("after the leader was lost: applied %+v, want it at the next one", a)
	}
	if n := ask(s); n != members+1 {
		t.Errorf("%d members, want %d", n, members+1)
	}
}

// TestOldServer: a server that is too old, or does not say how old it is, is
// refused with its version and the one that is needed.
func TestOldServer(t *testing.T) {
	needServer(t)
	rows := admin(t, shared, "CALL dbms.components() YIELD name, versions WHERE name = 'Neo4j Kernel' RETURN versions[0]", nil)
	version, _ := rows[0].Values[0].(string)
	for was, text := range map[string]string{
		"5.22" + version[4:]:              "5.23 or newer is needed",
		"4.44" + version[4:]:              "5.23 or newer is needed",
		strings.Repeat("x", len(version)): "5.23 or newer is needed",
	} {
		m := newMember(t, func(reply []byte) []byte { return bytes.ReplaceAll(reply, []byte(version), []byte(was)) })
		c := shared
		c.URI = "bolt://" + m.addr()
		_, err := neo4jstore.Open(t.Context(), c)
		wantError(t, err, neo4jstore.ErrServer, was, text, m.addr())
	}
}
