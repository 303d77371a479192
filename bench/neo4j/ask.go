package main

import (
	"bytes"
	"context"
	"errors"
	"flag"
	"fmt"
	"io"
	"net/http"
	"slices"
	"sync"
	"sync/atomic"
	"time"

	"github.com/google/go-cmp/cmp"
	"github.com/neo4j/neo4j-go-driver/v5/neo4j"
)

// askOptions say whom a command asks, and how.
type askOptions struct {
	servers              map[string]*server // by the name of their flag
	neo4j                string             // address
	neo4jPID             int
	connections          int
	turn                 time.Duration
	rounds, sample, pool int
	persons              int
	seed                 uint64
}

// target is how many times as many requests a second as the peer are wanted.
const target = 5

// server is one of those that are asked.
type server struct {
	name string
	url  string
	peer bool
	pid  int
	http *http.Client
}

// flagsOf declares the flags of a command that asks some servers.
func flagsOf(flags *flag.FlagSet, servers ...*server) *askOptions {
	o := &askOptions{servers: map[string]*server{}}
	for _, s := range servers {
		o.servers[s.name] = s
		flags.StringVar(&s.url, s.name, "", "GraphQL `URL`")
		flags.IntVar(&s.pid, s.name+"-pid", 0, "`ID` of its process, to measure its CPU time")
	}
	flags.StringVar(&o.neo4j, "neo4j", "", "Bolt `ADDRESS` of their Neo4j")
	flags.IntVar(&o.neo4jPID, "neo4j-pid", 0, "`ID` of its process")
	flags.IntVar(&o.connections, "connections", 8, "requests at a time")
	flags.DurationVar(&o.turn, "turn", 4*time.Second, "how long one server is asked before it is the other's turn")
	flags.IntVar(&o.rounds, "rounds", 3, "turns of each server for each question")
	flags.IntVar(&o.pool, "pool", 200, "ids that each question is asked about when they are in memory")
	flags.IntVar(&o.sample, "sample", 40, "ids of each question for which the answers are compared")
	flags.IntVar(&o.persons, "persons", 100_000, "number of persons in the data")
	flags.Uint64Var(&o.seed, "seed", 1, "seed of the order in which ids are asked for")
	return o
}

// The servers that commands know.
func ours(flag string) *server { return &server{name: flag} }
func peerServer() *server      { return &server{name: "peer", peer: true} }

// mode is a way of asking a server.
type mode struct {
	name   string
	server *server
	// before a turn: warm asks for every id of the pool once, cold commits
	// something, so that nothing was read of the state that the turn meets. other
	// asks for the ids by another document once, which reads the same.
	warm, cold, other bool
	// distinct is how many ids are asked about, in order; 0 for those of ids.
	distinct int
}

// bench is one run.
type bench struct {
	askOptions
	shape  shape
	driver neo4j.DriverWithContext
	w      io.Writer

	committed atomic.Int64 // by storms
	members   []string     // persons who are members of groups, for storms
}

// open connects a run to its servers, and compares their answers.
func (o *askOptions) open(ctx context.Context, w io.Writer, order ...string) (*bench, error) {
	driver, err := neo4j.NewDriverWithContext(o.neo4j, neo4j.NoAuth())
	if err != nil {
		return nil, err
	}
	client := &http.Client{
		Timeout:   time.Minute,
		Transport: &http.Transport{MaxIdleConns: 4 * o.connections, MaxIdleConnsPerHost: o.connections, MaxConnsPerHost: o.connections},
	}
	b := &bench{askOptions: *o, shape: shapeOf(o.persons), driver: driver, w: w}
	var all []*server
	for _, name := range order {
		s := o.servers[name]
		s.http = client
		all = append(all, s)
	}
	for _, q := range questions {
		ids := b.ids(q, mode{})
		ids = ids[:min(o.sample, len(ids))]
		mean, err := compare(ctx, q, ids, all...)
		if err != nil {
			return nil, errors.Join(fmt.Errorf("%s: %w", q.name, err), driver.Close(ctx))
		}
		fmt.Fprintf(w, "same content for %d ids, %.1f KB each: %s\n", len(ids), float64(mean)/1000, q.name)
	}
	return b, nil
}

// ask compares answers, then measures, and prints a table. It is an error if
// the answers differ; a ratio below the target is only told.
func ask(ctx context.Context, o *askOptions, w io.Writer) (err error) {
	b, err := o.open(ctx, w, "peer", "entangle", "off")
	if err != nil {
		return err
	}
	defer func() { err = errors.Join(err, b.driver.Close(ctx)) }()
	modes := []mode{
		{name: "warm", server: b.servers["entangle"], warm: true},
		{name: "cold", server: b.servers["entangle"], cold: true},
		{name: "off", server: b.servers["off"]},
		{name: "peer", server: b.servers["peer"]},
	}
	b.head("")
	for _, q := range questions {
		if err := b.question(ctx, q, modes, target); err != nil {
			return err
		}
	}
	b.foot()
	return nil
}

// head and foot stand around a table of questions.
func (b *bench) head(more string) {
	fmt.Fprintf(b.w, "\n%d connections, %d turns of up to %s each, in turn%s; load average before: %s\n\n", b.connections, b.rounds, b.turn, more, loadAverage())
	fmt.Fprintf(b.w, "%-10s %9s %10s %16s %16s %8s\n", "", "req/s", "p95", "CPU ms/request", "of Neo4j", "ratio")
}

func (b *bench) foot() { fmt.Fprintf(b.w, "load average after: %s\n", loadAverage()) }

// ids are all that the question can be asked about, in an order drawn from the
// seed; every turn begins at the first. A warm one keeps to as many as the pool
// holds.
func (b *bench) ids(q question, m mode) []string {
	if m.distinct > 0 {
		return q.inOrder(b.shape, m.distinct)
	}
	ids := q.order(b.shape, b.seed)
	if m.warm {
		ids = ids[:min(b.pool, len(ids))]
	}
	return ids
}

// question measures one question in every mode, turn by turn.
func (b *bench) question(ctx context.Context, q question, modes []mode, wanted float64) error {
	tallies := make([]tally, len(modes))
	for round := range b.rounds + 1 {
		for i, m := range modes {
			got, err := b.turnOf(ctx, q, m)
			if err != nil {
				return fmt.Errorf("%s, %s: %s: %w", m.server.name, m.name, q.name, err)
			}
			if round > 0 { // the first round warms the servers' code up
				tallies[i].add(got)
			}
		}
	}
	fmt.Fprintln(b.w, q.name)
	peer := tallies[len(modes)-1]
	for i, m := range modes {
		t := tallies[i]
		ratio, mark := t.rate()/peer.rate(), ""
		if !m.server.peer && ratio < wanted {
			mark = fmt.Sprintf("  below %g", wanted)
		}
		fmt.Fprintf(b.w, "%-10s %9.0f %10s %16.2f %16.2f %7.1f×%s\n", m.name, t.rate(), t.p95(), t.perRequest(t.cpu), t.perRequest(t.neo4j), ratio, mark)
	}
	return nil
}

// turnOf prepares a turn and takes it.
func (b *bench) turnOf(ctx context.Context, q question, m mode) (tally, error) {
	ids := b.ids(q, m)
	if m.cold {
		if _, err := neo4j.ExecuteQuery(ctx, b.driver, "MERGE (x:Elsewhere) SET x.n = coalesce(x.n, 0) + 1", nil, neo4j.EagerResultTransformer, neo4j.ExecuteQueryWithDatabase("neo4j")); err != nil {
			return tally{}, err
		}
	}
	// The first request of a state has to look what was committed: it is not counted.
	if !m.server.peer {
		if _, err := m.server.post(ctx, []byte(`{"query":"{ groups(first: 1) { nodes { key } } }"}`)); err != nil {
			return tally{}, err
		}
	}
	if m.warm || m.other {
		once, asked := b.askOptions, q
		once.turn = time.Hour
		if m.other {
			asked = q.otherwise()
		}
		if _, err := m.server.load(ctx, asked, ids, once, true); err != nil {
			return tally{}, err
		}
	}
	return b.measured(ctx, q, m, ids)
}

// measured takes a turn and its CPU times.
func (b *bench) measured(ctx context.Context, q question, m mode, ids []string) (tally, error) {
	before := [2]time.Duration{cpuOf(m.server.pid), cpuOf(b.neo4jPID)}
	got, err := m.server.load(ctx, q, ids, b.askOptions, m.cold)
	got.cpu, got.neo4j = cpuOf(m.server.pid)-before[0], cpuOf(b.neo4jPID)-before[1]
	return got, err
}

// compare asks all servers about the same ids and returns the mean length of
// the content.
func compare(ctx context.Context, q question, ids []string, servers ...*server) (mean int, err error) {
	total := 0
	for _, id := range ids {
		said := make([]string, len(servers))
		for i, s := range servers {
			body, err := s.post(ctx, q.body(s.peer, id))
			if err != nil {
				return 0, fmt.Errorf("%s: %w", s.name, err)
			}
			if said[i], err = content(body); err != nil {
				return 0, fmt.Errorf("%s: %s: %w", s.name, id, err)
			}
			if diff := cmp.Diff(said[0], said[i]); diff != "" {
				return 0, fmt.Errorf("%s: the answers differ (-%s +%s):\n%s", id, servers[0].name, s.name, diff)
			}
		}
		total += len(said[0])
	}
	return total / len(ids), nil
}

func (s *server) post(ctx context.Context, body []byte) (answer []byte, err error) {
	req, err := http.NewRequestWithContext(ctx, http.MethodPost, s.url, bytes.NewReader(body))
	if err != nil {
		return nil, err
	}
	req.Header.Set("Content-Type", "application/json")
	resp, err := s.http.Do(req)
	if err != nil {
		return nil, err
	}
	answer, err = io.ReadAll(resp.Body)
	if err = errors.Join(err, resp.Body.Close()); err == nil && resp.StatusCode != http.StatusOK {
		err = fmt.Errorf("%w: %s: %.200q", errAnswer, resp.Status, answer)
	}
	return answer, err
}

// tally is what one server did in some turns.
type tally struct {
	took       time.Duration
	times      []time.Duration
	cpu, neo4j time.Duration // of the server and of its Neo4j
}

func (t *tally) add(u tally) {
	t.took += u.took
	t.cpu += u.cpu
	t.neo4j += u.neo4j
	t.times = append(t.times, u.times...)
}

func (t *tally) rate() float64 { return float64(len(t.times)) / t.took.Seconds() }

// perRequest is a time spread over the requests, in milliseconds.
func (t *tally) perRequest(d time.Duration) float64 {
	return float64(d) / float64(time.Millisecond) / float64(max(len(t.times), 1))
}

func (t *tally) p95() time.Duration {
	if len(t.times) == 0 {
		return 0
	}
	slices.Sort(t.times)
	return t.times[len(t.times)*95/100].Round(100 * time.Microsecond)
}

// load asks the server for one turn over all connections, one id after another,
// and ends early where each is to be asked once. An answer with errors ends it too.
func (s *server) load(ctx context.Context, q question, ids []string, o askOptions, once bool) (tally, error) {
	var (
		next  atomic.Int64
		mu    sync.Mutex
		all   tally
		fault error
		wg    sync.WaitGroup
	)
	began := time.Now()
	for range o.connections {
		wg.Go(func() {
			var times []time.Duration
			var err error
			for err == nil && time.Since(began) < o.turn {
				n := int(next.Add(1) - 1)
				if once && n >= len(ids) {
					break
				}
				at := time.Now()
				var answer []byte
				if answer, err = s.post(ctx, q.body(s.peer, ids[n%len(ids)])); err == nil && bytes.Contains(answer, []byte(`"errors":`)) {
					err = fmt.Errorf("%w: %.300s", errAnswer, answer)
				}
				times = append(times, time.Since(at))
			}
			mu.Lock()
			defer mu.Unlock()
			all.times, fault = append(all.times, times...), errors.Join(fault, err)
		})
	}
	wg.Wait()
	all.took = time.Since(began)
	return all, fault
}
