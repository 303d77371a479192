package neo4jstore

import (
	"context"
	"errors"
	"strings"
	"time"

	"github.com/neo4j/neo4j-go-driver/v5/neo4j"
)

// runner sends statements within a transaction.
type runner struct {
	store *Store
	tx    neo4j.ManagedTransaction
}

// run sends a statement and returns its rows.
func (r runner) run(ctx context.Context, name string, fill parts, params map[string]any) ([]*neo4j.Record, error) {
	text := string(statement(name, fill))
	r.store.conf.OnStatement(name, text)
	result, err := r.tx.Run(ctx, text, params)
	if err != nil {
		return nil, r.store.within(err)
	}
	rows, err := result.Collect(ctx)
	return rows, r.store.within(err)
}

// stream sends a statement and hands its rows over as they come.
func (r runner) stream(ctx context.Context, name string, fill parts, params map[string]any, each func(*neo4j.Record)) error {
	text := string(statement(name, fill))
	r.store.conf.OnStatement(name, text)
	result, err := r.tx.Run(ctx, text, params)
	if err != nil {
		return r.store.within(err)
	}
	for result.Next(ctx) {
		each(result.Record())
	}
	return r.store.within(result.Err())
}

// within a transaction of the mode; work may run several times. The bookmark is
// that of the state the transaction ended with.
func (s *Store) transact(ctx context.Context, mode neo4j.AccessMode, work func(runner) error) (bookmark string, err error) {
	return s.transactWithin(ctx, s.conf.TxTimeout, mode, work)
}

// transactWithin is transact, which the server ends after the limit.
func (s *Store) transactWithin(ctx context.Context, limit time.Duration, mode neo4j.AccessMode, work func(runner) error) (bookmark string, err error) {
	if err := s.check(ctx); err != nil {
		return "", err
	}
	session, closing := s.session(ctx, mode)
	defer func() { err = s.explain(ctx, errors.Join(err, closing())) }()
	execute := session.ExecuteRead
	if mode == neo4j.AccessModeWrite {
		execute = session.ExecuteWrite
	}
	_, err = execute(ctx, func(tx neo4j.ManagedTransaction) (any, error) {
		return nil, work(runner{s, tx})
	}, neo4j.WithTxTimeout(limit))
	return strings.Join(session.LastBookmarks(), " "), err
}

// firstPause is how long a read waits before it is tried again; then twice as long.
const firstPause = 50 * time.Millisecond

// read runs one statement as a read transaction of its own, which takes one round
// trip where a managed one takes three. It is tried again as that would be.
func (s *Store) read(ctx context.Context, name string, fill parts, params map[string]any) (rows []*neo4j.Record, bookmark string, err error) {
	text := string(statement(name, fill))
	patience, done := context.WithTimeout(ctx, s.conf.RetryTime)
	defer done()
	mended := false
	for pause := firstPause; ; pause *= 2 {
		if err := s.check(ctx); err != nil {
			return nil, "", err
		}
		s.conf.OnStatement(name, text)
		rows, bookmark, err = s.readOnce(ctx, text, params)
		if err == nil {
			return rows, bookmark, nil
		}
		if lacksIndex(err) && !mended {
			if mended = true; s.mend(ctx) == nil {
				continue
			}
		}
		if neo4j.IsRetryable(err) {
			select {
			case <-time.After(pause):
				continue
			case <-patience.Done():
			}
		}
		return nil, "", s.explain(ctx, err)
	}
}

func (s *Store) readOnce(ctx context.Context, text string, params map[string]any) (rows []*neo4j.Record, bookmark string, err error) {
	session, closing := s.session(ctx, neo4j.AccessModeRead)
	defer func() {
		// Joined to another, the driver would not know an error that a retry heals.
		if closed := closing(); err == nil {
			err = closed
		}
	}()
	result, err := session.Run(ctx, text, params, neo4j.WithTxTimeout(s.conf.TxTimeout))
	if err != nil {
		return nil, "", err
	}
	rows, err = result.Collect(ctx)
	return rows, strings.Join(session.LastBookmarks(), " "), err
}

// inTransactions runs a statement that commits in parts by itself.
func (s *Store) inTransactions(ctx context.Context, name string, fill parts) (err error) {
	if err := s.check(ctx); err != nil {
		return err
	}
	text := string(statement(name, fill))
	s.conf.OnStatement(name, text)
	session, closing := s.session(ctx, neo4j.AccessModeWrite)
	defer func() { err = s.explain(ctx, errors.Join(err, closing())) }()
	result, err := session.Run(ctx, text, nil)
	if err != nil {
		return err
	}
	_, err = result.Consume(ctx)
	return err
}

// bookmark tells the state of the database by an empty transaction.
func (s *Store) bookmark(ctx context.Context, mode neo4j.AccessMode) (string, error) {
	return s.transact(ctx, mode, func(runner) error { return nil })
}
