package neo4jstore

import (
	"context"
	"errors"
	"strings"

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

func (s *Store) session(ctx context.Context, mode neo4j.AccessMode) neo4j.SessionWithContext {
	return s.driver.NewSession(ctx, neo4j.SessionConfig{
		AccessMode: mode, DatabaseName: s.conf.Database, BookmarkManager: s.bookmarks, FetchSize: s.conf.FetchSize,
	})
}

// within a transaction of the mode; work may run several times. The bookmark is
// that of the state the transaction ended with.
func (s *Store) transact(ctx context.Context, mode neo4j.AccessMode, work func(runner) error) (bookmark string, err error) {
	if err := s.check(ctx); err != nil {
		return "", err
	}
	session := s.session(ctx, mode)
	defer func() {
		// A context that is gone must not keep the connection from going back.
		closing := session.Close(context.WithoutCancel(ctx))
		err = s.explain(ctx, errors.Join(err, closing))
	}()
	execute := session.ExecuteRead
	if mode == neo4j.AccessModeWrite {
		execute = session.ExecuteWrite
	}
	_, err = execute(ctx, func(tx neo4j.ManagedTransaction) (any, error) {
		return nil, work(runner{s, tx})
	}, neo4j.WithTxTimeout(s.conf.TxTimeout))
	return strings.Join(session.LastBookmarks(), " "), err
}

// read runs one statement in a read transaction.
func (s *Store) read(ctx context.Context, name string, fill parts, params map[string]any) (rows []*neo4j.Record, bookmark string, err error) {
	bookmark, err = s.transact(ctx, neo4j.AccessModeRead, func(r runner) error {
		var err error
		rows, err = r.run(ctx, name, fill, params)
		return err
	})
	if err != nil {
		rows = nil
	}
	return rows, bookmark, err
}

// bookmark tells the state of the database by an empty transaction.
func (s *Store) bookmark(ctx context.Context, mode neo4j.AccessMode) (string, error) {
	return s.transact(ctx, mode, func(runner) error { return nil })
}
