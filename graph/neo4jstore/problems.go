package neo4jstore

import (
	"context"
	"fmt"
	"log/slog"
	"maps"
	"strings"
	"sync"

	"github.com/neo4j/neo4j-go-driver/v5/neo4j/dbtype"

	"entangle/graph"
)

// Problems lists what the database holds in the terms of the vocabulary and is
// not served: a node without id or name, a date that is none, a tie between the
// wrong kinds. It changes nothing. Looking reads every node and tie; what the last
// look found is told again until somebody commits.
func (s *Store) Problems(ctx context.Context, q graph.ProblemQuery) (graph.Problems, error) {
	if err := s.migrated(ctx); err != nil {
		return graph.Problems{}, err
	}
	done, err := s.problems.turn(ctx)
	if err != nil {
		return graph.Problems{}, err
	}
	defer done()
	at, err := s.where(ctx)
	if err != nil {
		return graph.Problems{}, err
	}
	all, known := s.problems.of(at.bookmark)
	if !known {
		w, err := s.sweepThrough(ctx, true)
		if err != nil {
			return graph.Problems{}, err
		}
		all = graph.OrderProblems(w.problems)
		s.problems.note(all)
		if w.at == at.bookmark { // nobody committed while we looked
			s.problems.keep(all, at.bookmark)
		}
	}
	return q.Of(all)
}

// ProblemCounts are those of the last look, whoever looked: this store does so
// whenever others have committed.
func (s *Store) ProblemCounts() (counts map[graph.Rule]int, known bool) {
	return s.problems.counted()
}

// maxKept bounds the problems that are kept, each of some hundred bytes.
const maxKept = 10_000

// looks is what the last look at the database found.
type looks struct {
	mu     sync.Mutex
	counts map[graph.Rule]int // nil before the first look
	// all are the problems of the state that bookmark names, "" where none are kept.
	all      []graph.Problem
	bookmark string
	// looking is closed when whoever looks on behalf of a caller is done, nil while
	// nobody does.
	looking chan struct{}
}

// note counts what a look at everything found, in order.
func (l *looks) note(problems []graph.Problem) {
	counts := graph.CountProblems(problems)
	l.mu.Lock()
	defer l.mu.Unlock()
	l.counts, l.all, l.bookmark = counts, nil, ""
}

// keep keeps the problems of a state for those who ask next, where they are not too
// many.
func (l *looks) keep(all []graph.Problem, bookmark string) {
	if len(all) > maxKept {
		return
	}
	l.mu.Lock()
	defer l.mu.Unlock()
	l.all, l.bookmark = all, bookmark
}

// of returns the problems of a state, false where they are not known.
func (l *looks) of(bookmark string) ([]graph.Problem, bool) {
	l.mu.Lock()
	defer l.mu.Unlock()
	return l.all, bookmark != "" && l.bookmark == bookmark
}

func (l *looks) counted() (map[graph.Rule]int, bool) {
	l.mu.Lock()
	defer l.mu.Unlock()
	return maps.Clone(l.counts), l.counts != nil
}

// turn lets one caller look at a time: the others then find what it found.
func (l *looks) turn(ctx context.Context) (done func(), err error) {
	for {
		l.mu.Lock()
		other := l.looking
		if other == nil {
			mine := make(chan struct{})
			l.looking = mine
			l.mu.Unlock()
			return func() {
				l.mu.Lock()
				l.looking = nil
				l.mu.Unlock()
				close(mine)
			}, nil
		}
		l.mu.Unlock()
		select {
		case <-other:
		case <-ctx.Done():
			return nil, fmt.Errorf("neo4j: %w", ctx.Err())
		}
	}
}

// tell adds problems of one node or relationship, which element names.
func (f *findings) tell(element string, problems []graph.Problem) {
	for _, p := range problems {
		p.Element = element
		f.problems = append(f.problems, p.Shown())
	}
}

// doubled is the problem of a node or relationship whose id another has.
func doubled(what, element string, id graph.ID) []graph.Problem {
	reason := "another node has the id"
	if what == "tie" {
		reason = "another relationship has the id"
	}
	return []graph.Problem{{Rule: graph.RuleDuplicateID, Item: what + " " + string(id), Element: element, Field: propID, Value: string(id), Reason: reason}}
}

// isDay reports whether a stored native DATE is the day that a text names. Whoever
// wrote it compares it with other dates: it stays.
func isDay(stored, text any) bool {
	date, ok := stored.(dbtype.Date)
	if !ok {
		return false
	}
	day, ok := dayText(date)
	return ok && day == text
}

// daysOf are the native DATEs among properties, nil where there are none.
func daysOf(stored map[string]any) map[string]any {
	var days map[string]any
	for name, value := range stored {
		if _, ok := value.(dbtype.Date); ok {
			if days == nil {
				days = map[string]any{}
			}
			days[name] = value
		}
	}
	return days
}

// keepDays leaves the native DATEs that are stored where what is to be written has
// the same day.
func keepDays(props, stored map[string]any) {
	for name, value := range stored {
		if isDay(value, props[name]) {
			props[name] = value
		}
	}
}

// tell logs problems that the log does not have yet.
func (s *Store) tell(problems []graph.Problem) {
	const most = 20
	s.mu.Lock()
	defer s.mu.Unlock()
	var fresh []string
	for _, p := range problems {
		if text := p.String(); !s.told[text] {
			s.told[text] = true
			fresh = append(fresh, text)
		}
	}
	if len(fresh) == 0 {
		return
	}
	shown := strings.Join(fresh[:min(most, len(fresh))], "; ")
	s.conf.Log.Warn("what the database has is not served", slog.Int("count", len(fresh)), slog.String("problems", shown))
}
