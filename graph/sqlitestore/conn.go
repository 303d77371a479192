package sqlitestore

import (
	"context"
	"database/sql/driver"
	"errors"
	"fmt"
	"io"
	"strings"

	"modernc.org/sqlite"
	sqlite3 "modernc.org/sqlite/lib"

	"entangle/graph"
)

// conn is one connection to the file with its prepared statements. It speaks to
// the driver itself: a scan of all ties through database/sql takes twice as long,
// and its pool would hand a view's connection to others. Not safe for concurrent
// use: whoever holds a conn holds it alone.
type conn struct {
	path  string
	raw   driver.Conn
	stmts map[string]driver.Stmt
}

// maxStmts bounds the prepared statements of a connection. Conditions come in
// endless shapes; the shapes of look-ups are few.
const maxStmts = 128

// check every so many rows whether the context still stands.
const checkRows = 256

// openConn opens the file. mode is SQLite's: "rwc" creates it.
func openConn(path, mode string) (*conn, error) {
	escaped := strings.NewReplacer("%", "%25", "?", "%3f", "#", "%23").Replace(path)
	raw, err := new(sqlite.Driver).Open("file:" + escaped + "?mode=" + mode)
	if err != nil {
		return nil, fileError(path, err)
	}
	return &conn{path: path, raw: raw, stmts: map[string]driver.Stmt{}}, nil
}

func (c *conn) close() error {
	c.forget()
	return c.raw.Close()
}

func (c *conn) forget() {
	for _, s := range c.stmts {
		_ = s.Close() // closing tells the error of the last run again
	}
	clear(c.stmts)
}

func (c *conn) prepare(query string) (driver.Stmt, error) {
	if s, ok := c.stmts[query]; ok {
		return s, nil
	}
	if len(c.stmts) >= maxStmts {
		c.forget()
	}
	s, err := c.raw.Prepare(query)
	if err != nil {
		return nil, err
	}
	c.stmts[query] = s
	return s, nil
}

func arguments(args []driver.Value) []driver.NamedValue {
	list := make([]driver.NamedValue, len(args))
	for i, v := range args {
		list[i] = driver.NamedValue{Ordinal: i + 1, Value: v}
	}
	return list
}

// exec runs a statement to its end.
func (c *conn) exec(ctx context.Context, query string, args ...driver.Value) error {
	s, err := c.prepare(query)
	if err != nil {
		return c.failed(ctx, err)
	}
	if _, err := s.(driver.StmtExecContext).ExecContext(ctx, arguments(args)); err != nil {
		return c.failed(ctx, err)
	}
	return nil
}

// begin begins a transaction. It does so whole or not at all: a context that ends meanwhile
// would leave it open, or not, and nobody to know.
func (c *conn) begin(ctx context.Context, statement string) error {
	if err := ctx.Err(); err != nil {
		return err
	}
	return c.exec(context.WithoutCancel(ctx), statement)
}

// query runs a statement and calls row for each row; the values are good until
// row returns. row must not use the connection for the same statement.
func (c *conn) query(ctx context.Context, query string, args []driver.Value, row func([]driver.Value) error) error {
	if err := ctx.Err(); err != nil {
		return err
	}
	s, err := c.prepare(query)
	if err != nil {
		return c.failed(ctx, err)
	}
	rows, err := s.(driver.StmtQueryContext).QueryContext(ctx, arguments(args))
	if err != nil {
		return c.failed(ctx, err)
	}
	values := make([]driver.Value, len(rows.Columns()))
	for n := 1; ; n++ {
		if n%checkRows == 0 && ctx.Err() != nil {
			err = ctx.Err()
			break
		}
		if err = rows.Next(values); err != nil {
			break
		}
		if err = row(values); err != nil {
			break
		}
	}
	if closed := rows.Close(); errors.Is(err, io.EOF) {
		err = closed
	}
	return c.failed(ctx, err)
}

// reading runs several reads as one: all of them see the state of the first.
func (c *conn) reading(ctx context.Context, reads func(context.Context) error) error {
	if err := c.begin(ctx, "BEGIN"); err != nil {
		return err
	}
	return errors.Join(reads(ctx), c.exec(context.WithoutCancel(ctx), "ROLLBACK"))
}

// failed says what an error of the driver means to the caller.
func (c *conn) failed(ctx context.Context, err error) error {
	failure, ok := errors.AsType[*sqlite.Error](err)
	if !ok {
		return err
	}
	if failure.Code()&0xff == sqlite3.SQLITE_INTERRUPT && ctx.Err() != nil {
		return ctx.Err()
	}
	return fileError(c.path, err)
}

// fileError maps an error of SQLite: what may pass is ErrUnavailable, the rest
// names the file and what to do.
func fileError(path string, err error) error {
	failure, ok := errors.AsType[*sqlite.Error](err)
	if !ok {
		return fmt.Errorf("database %s: %w", path, err)
	}
	switch failure.Code() & 0xff {
	case sqlite3.SQLITE_BUSY, sqlite3.SQLITE_LOCKED:
		return fmt.Errorf("%w: database %s is locked by another writer: %w", graph.ErrUnavailable, path, err)
	case sqlite3.SQLITE_CANTOPEN:
		return fmt.Errorf("database %s cannot be opened: is it a file, in a folder that exists and may be written to? %w", path, err)
	case sqlite3.SQLITE_READONLY, sqlite3.SQLITE_PERM:
		return fmt.Errorf("database %s cannot be written: check the permissions of the file and its folder: %w", path, err)
	case sqlite3.SQLITE_NOTADB:
		return fmt.Errorf("%s is no database of entangle: %w", path, err)
	case sqlite3.SQLITE_FULL:
		return fmt.Errorf("database %s: the disk is full, or the file as large as it may be: %w", path, err)
	}
	return fmt.Errorf("database %s: %w", path, err)
}
