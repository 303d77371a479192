package neo4jstore

import (
	"context"
	"time"

	"github.com/neo4j/neo4j-go-driver/v5/neo4j"
)

// maxCommits is how many of its own commits a store remembers.
const maxCommits = 4_096

// commits are the store's own: what one found, it left as the next bookmark. So a state that the
// store has looked at whole is still known after commits that were all its own.
type commits struct {
	next  map[string]string // by the bookmark before it
	order []string
}

// own remembers a commit of this store.
func (s *Store) own(before, after string) {
	s.mu.Lock()
	defer s.mu.Unlock()
	if s.settled == before {
		s.settled = after
	}
	c := &s.commits
	if c.next == nil {
		c.next = map[string]string{}
	}
	if _, known := c.next[before]; !known {
		if c.order = append(c.order, before); len(c.order) > maxCommits {
			delete(c.next, c.order[0])
			c.order = c.order[1:]
		}
	}
	c.next[before] = after
}

// commitOwn runs a writing transaction, of at most so long, under the lock of all writers, and
// remembers its commit.
func (s *Store) commitOwn(ctx context.Context, limit time.Duration, work func(r runner) error) (bookmark string, err error) {
	var before string
	bookmark, err = s.transactWithin(ctx, min(limit, s.conf.TxTimeout), neo4j.AccessModeWrite, func(r runner) error {
		if _, err := r.lock(ctx); err != nil {
			return err
		}
		if err := work(r); err != nil {
			return err
		}
		var err error
		before, err = s.bookmark(ctx, neo4j.AccessModeWrite)
		return err
	})
	if err == nil {
		s.own(before, bookmark)
	}
	return bookmark, err
}

// isOwn reports whether nobody but this store has committed between two bookmarks.
func (s *Store) isOwn(from, to string) bool {
	s.mu.Lock()
	defer s.mu.Unlock()
	for range maxCommits {
		next, ok := s.commits.next[from]
		if from == to || !ok {
			break
		}
		from = next
	}
	return from == to
}

// settledAt is where the database stood when all of it was last known to be taken in.
func (s *Store) settledAt() string {
	s.mu.Lock()
	defer s.mu.Unlock()
	return s.settled
}

func (s *Store) setSettled(bookmark string) {
	s.mu.Lock()
	defer s.mu.Unlock()
	s.settled = bookmark
}
