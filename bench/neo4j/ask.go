package main

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"io"
	"net/http"
	"slices"
	"sync"
	"sync/atomic"
	"time"

	"github.com/google/go-cmp/cmp"
)

type askOptions struct {
	entangle, peer string
	connections    int
	turn           time.Duration
	rounds, sample int
	persons        int
	seed           uint64
}

// target is how many times as many requests a second as the peer are wanted.
const target = 5

// server is one of the two that are asked.
type server struct {
	name string
	url  string
	peer bool
	http *http.Client
}

// ask compares answers, then measures, and prints a table. It is an error if
// the answers differ; a ratio below the target is only told.
func ask(ctx context.Context, o askOptions, w io.Writer) error {
	client := &http.Client{
		Timeout:   30 * time.Second,
		Transport: &http.Transport{MaxIdleConns: o.connections, MaxIdleConnsPerHost: o.connections, MaxConnsPerHost: o.connections},
	}
	ours := &server{name: "entangle", url: o.entangle, http: client}
	peer := &server{name: "peer", url: o.peer, peer: true, http: client}
	s := shapeOf(o.persons)
	for _, q := range questions {
		bytes, err := compare(ctx, q, q.order(s, o.seed)[:min(o.sample, count(q, s))], ours, peer)
		if err != nil {
			return fmt.Errorf("%s: %w", q.name, err)
		}
		fmt.Fprintf(w, "same content for %d ids, %.1f KB each: %s\n", min(o.sample, count(q, s)), float64(bytes)/1000, q.name)
	}
	fmt.Fprintf(w, "\n%d connections, %d turns of %s each, alternating\n\n", o.connections, o.rounds, o.turn)
	fmt.Fprintf(w, "%-56s %20s %20s %7s\n", "", "entangle req/s (p95)", "peer req/s (p95)", "ratio")
	for _, q := range questions {
		ids := q.order(s, o.seed+1)
		var a, b tally
		for round := range o.rounds + 1 {
			for _, turn := range []struct {
				server *server
				tally  *tally
			}{{ours, &a}, {peer, &b}} {
				got, err := turn.server.load(ctx, q, ids, o)
				if err != nil {
					return fmt.Errorf("%s: %s: %w", turn.server.name, q.name, err)
				}
				if round > 0 { // the first round warms both up
					turn.tally.add(got)
				}
			}
		}
		ratio := a.rate() / b.rate()
		mark := ""
		if ratio < target {
			mark = fmt.Sprintf("  below %d", target)
		}
		fmt.Fprintf(w, "%-56s %11.0f (%s) %11.0f (%s) %6.1f×%s\n", q.name, a.rate(), a.p95(), b.rate(), b.p95(), ratio, mark)
	}
	return nil
}

func count(q question, s shape) int {
	n, _ := q.ids(s)
	return n
}

// compare asks both servers about the same ids and returns the mean length of
// the content.
func compare(ctx context.Context, q question, ids []string, ours, peer *server) (mean int, err error) {
	total := 0
	for _, id := range ids {
		var said [2]string
		for i, s := range []*server{ours, peer} {
			body, err := s.post(ctx, q.body(s.peer, id))
			if err != nil {
				return 0, fmt.Errorf("%s: %w", s.name, err)
			}
			if said[i], err = content(body); err != nil {
				return 0, fmt.Errorf("%s: %s: %w", s.name, id, err)
			}
		}
		if diff := cmp.Diff(said[1], said[0]); diff != "" {
			return 0, fmt.Errorf("%s: the answers differ (-peer +entangle):\n%s", id, diff)
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
	took  time.Duration
	times []time.Duration
}

func (t *tally) add(u tally) {
	t.took += u.took
	t.times = append(t.times, u.times...)
}

func (t *tally) rate() float64 { return float64(len(t.times)) / t.took.Seconds() }

func (t *tally) p95() time.Duration {
	slices.Sort(t.times)
	return t.times[len(t.times)*95/100].Round(100 * time.Microsecond)
}

// load asks the server for one turn over all connections, one id after another.
// An answer with errors ends it.
func (s *server) load(ctx context.Context, q question, ids []string, o askOptions) (tally, error) {
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
				id := ids[int(next.Add(1)-1)%len(ids)]
				at := time.Now()
				var answer []byte
				if answer, err = s.post(ctx, q.body(s.peer, id)); err == nil && bytes.Contains(answer, []byte(`"errors":`)) {
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
