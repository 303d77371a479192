package neo4jstore

import (
	"context"
	"errors"
	"fmt"
	"log/slog"

	"github.com/neo4j/neo4j-go-driver/v5/neo4j"

	"entangle/graph"
)

// A load balancer drops connections that were idle for long, and often tells neither end.
// Who uses one then waits until his own time is up, and the pool hands the next of them to
// the next caller. So the question where the database stands, with which every reading
// begins, has a short limit of its own; where it is not answered in time the pool is given
// up for a new one, and asked once more.

// link is a driver with its pool of connections.
type link struct {
	driver  neo4j.DriverWithContext
	users   int  // sessions that are open
	retired bool // another has taken its place
}

// session opens a session on the present link. The caller closes it with the function
// returned, which also returns errors of the driver's closing.
func (s *Store) session(ctx context.Context, mode neo4j.AccessMode) (neo4j.SessionWithContext, func() error) {
	s.linkMu.Lock()
	l := s.link
	l.users++
	s.linkMu.Unlock()
	session := l.driver.NewSession(ctx, neo4j.SessionConfig{
		AccessMode: mode, DatabaseName: s.conf.Database, BookmarkManager: s.bookmarks, FetchSize: s.conf.FetchSize,
	})
	return session, func() error {
		// A context that is gone must not keep the connection from going back, nor a
		// connection that is gone its user from going on.
		closing, done := context.WithTimeout(context.WithoutCancel(ctx), s.conf.ConnectTimeout)
		defer done()
		err := session.Close(closing)
		s.linkMu.Lock()
		l.users--
		dropLocked(ctx, l)
		s.linkMu.Unlock()
		return err
	}
}

// dropLocked closes a link that was given up, when nobody uses it any more.
func dropLocked(ctx context.Context, l *link) {
	if l.retired && l.users == 0 {
		go func() { _ = l.driver.Close(context.WithoutCancel(ctx)) }()
	}
}

// presentLink returns the link that sessions are opened on.
func (s *Store) presentLink() *link {
	s.linkMu.Lock()
	defer s.linkMu.Unlock()
	return s.link
}

// renew gives a link up, unless another caller did. What is under way on it goes on.
func (s *Store) renew(ctx context.Context, old *link) error {
	s.linkMu.Lock()
	defer s.linkMu.Unlock()
	if s.link != old || s.closed.Load() {
		return nil
	}
	driver, err := s.conf.driver()
	if err != nil {
		return err
	}
	s.link, old.retired = &link{driver: driver}, true
	dropLocked(ctx, old)
	return nil
}

// patient is by how much longer the second probe waits than the first: a server may have
// been busy.
const patient = 3

// probe asks where the database stands.
func (s *Store) probe(ctx context.Context) (at standing, err error) {
	limit := s.conf.ProbeTimeout
	for range 2 {
		l := s.presentLink()
		limited, done := context.WithTimeout(ctx, limit)
		var rows []*neo4j.Record
		rows, at.bookmark, err = s.read(limited, "tip", nil, nil)
		done()
		if err == nil {
			at.versions, err = s.checkTip(rows)
		}
		if err == nil || ctx.Err() != nil || !errors.Is(err, context.DeadlineExceeded) {
			return at, err
		}
		s.conf.Log.WarnContext(ctx, "no answer in time: new connections are made", slog.String("uri", s.conf.URI), slog.Duration("limit", limit))
		if err := s.renew(ctx, l); err != nil {
			return standing{}, err
		}
		limit *= patient
	}
	return standing{}, fmt.Errorf("%w: Neo4j at %s takes connections and answers nothing within %v", graph.ErrUnavailable, s.conf.URI, limit/patient)
}

// checkTip reads the layout and the versions of the database beside where it stands: it may have been emptied,
// or brought to the layout of a newer program, beneath an open store.
func (s *Store) checkTip(rows []*neo4j.Record) ([]graph.Version, error) {
	if len(rows) != 1 || rows[0].Values[0] == nil {
		return nil, errNoSchema
	}
	have, _ := rows[0].Values[0].(int64)
	if err := s.checkLayout(have); err != nil {
		return nil, err
	}
	versions := versionsOf(rows[0].Values[1])
	if versions == nil {
		return nil, errNoSchema
	}
	return versions, nil
}
