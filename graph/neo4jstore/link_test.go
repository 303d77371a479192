package neo4jstore_test

import (
	"net"
	"strings"
	"sync"
	"testing"
	"time"

	"entangle/graph"
	"entangle/graph/neo4jstore"
	"entangle/graph/storetest"
)

// balancer passes connections on to the server, as a load balancer does, and can lose
// those that it has: it keeps them open and passes nothing on any more.
type balancer struct {
	listener net.Listener

	mu   sync.Mutex
	lost []chan struct{} // by connection, closed when it is lost
	all  []net.Conn
}

func newBalancer(t *testing.T) *balancer {
	t.Helper()
	l, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	b := &balancer{listener: l}
	t.Cleanup(func() {
		_ = l.Close()
		b.mu.Lock()
		defer b.mu.Unlock()
		for _, c := range b.all {
			_ = c.Close()
		}
	})
	go b.serve(strings.TrimPrefix(shared.URI, "bolt://"))
	return b
}

func (b *balancer) serve(behind string) {
	for {
		client, err := b.listener.Accept()
		if err != nil {
			return
		}
		server, err := net.Dial("tcp", behind)
		if err != nil {
			_ = client.Close()
			continue
		}
		lost := make(chan struct{})
		b.mu.Lock()
		b.lost, b.all = append(b.lost, lost), append(b.all, client, server)
		b.mu.Unlock()
		go pass(client, server, lost)
		go pass(server, client, lost)
	}
}

func pass(from, to net.Conn, lost chan struct{}) {
	buffer := make([]byte, 1<<16)
	for {
		n, err := from.Read(buffer)
		select {
		case <-lost: // what was read is gone, and nobody is told
			if err != nil {
				return
			}
			continue
		default:
		}
		if n > 0 {
			_, err = to.Write(buffer[:n])
		}
		if err != nil {
			_, _ = from.Close(), to.Close()
			return
		}
	}
}

// lose loses the connections that there are, and returns their number.
func (b *balancer) lose() int {
	b.mu.Lock()
	defer b.mu.Unlock()
	n := len(b.lost)
	for _, c := range b.lost {
		close(c)
	}
	b.lost = nil
	return n
}

// TestLostConnections: a load balancer has lost all idle connections of the pool and told
// nobody. Every reading goes on within the limit of the probe, as often as it happens.
func TestLostConnections(t *testing.T) {
	needServer(t)
	b := newBalancer(t)
	conf := shared
	wipe(t, conf)
	conf.URI, conf.ProbeTimeout = "bolt://"+b.listener.Addr().String(), time.Second
	s, err := neo4jstore.Open(t.Context(), conf)
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { _ = s.Close() })
	if _, err := s.Apply(t.Context(), storetest.Fixture()); err != nil {
		t.Fatal(err)
	}
	read := func() error {
		v, err := s.View(t.Context(), graph.Red)
		if err != nil {
			return err
		}
		defer func() { _ = v.Close() }()
		_, err = v.CountNodes(t.Context(), graph.NodeQuery{})
		return err
	}
	const together = 8
	readAll := func() {
		t.Helper()
		var wg sync.WaitGroup
		errs := make([]error, together)
		for i := range together {
			wg.Go(func() { errs[i] = read() })
		}
		wg.Wait()
		for _, err := range errs {
			if err != nil {
				t.Error(err)
			}
		}
	}
	readAll()
	for range 2 {
		if n := b.lose(); n == 0 {
			t.Fatal("there was no connection to lose")
		}
		began := time.Now()
		readAll()
		if took := time.Since(began); took > 10*conf.ProbeTimeout {
			t.Errorf("%v until readings went on, the probe's limit is %v", took, conf.ProbeTimeout)
		}
	}
}

// TestNothingAnswers: a server that takes connections and answers nothing is told as one
// that cannot be reached, soon.
func TestNothingAnswers(t *testing.T) {
	needServer(t)
	b := newBalancer(t)
	conf := shared
	wipe(t, conf)
	conf.URI, conf.ProbeTimeout = "bolt://"+b.listener.Addr().String(), time.Second
	conf.ConnectTimeout, conf.AcquireTimeout, conf.RetryTime = time.Second, time.Second, time.Second
	s, err := neo4jstore.Open(t.Context(), conf)
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { _ = s.Close() })
	_ = b.listener.Close()
	b.lose()
	began := time.Now()
	wantError(t, s.Ready(t.Context()), graph.ErrUnavailable)
	if took := time.Since(began); took > 15*time.Second {
		t.Errorf("it took %v to tell", took)
	}
}
