package sqlitestore

import (
	"context"
	"crypto/rand"
	"database/sql/driver"
	"embed"
	"errors"
	"fmt"
	"io/fs"
	"path/filepath"
	"sync"
	"time"

	"entangle/graph"
	"entangle/graph/memory"
)

// applicationID marks a file as ours (PRAGMA application_id): "entg".
const applicationID = 0x656e7467

// ErrForeign tells that the file is a database, but not one of this program, or one of a
// newer version of it.
var ErrForeign = errors.New("not a database that this program can use")

//go:embed migrations/*.sql
var migrationFiles embed.FS

// Option changes how a store is opened.
type Option func(*settings) error

type settings struct {
	wait  time.Duration
	idle  int
	pages int64 // 0 for no bound
	kept  int
}

// pageSize is SQLite's default, which no file of ours changes.
const pageSize = 4096

// WithMaxSize bounds what the file may grow to, in bytes, rounded up to pages of
// 4 KiB: a batch that would not fit is refused as it is where the disk is full. The
// default is no bound; one below what the file has keeps it from growing.
func WithMaxSize(bytes int64) Option {
	return func(s *settings) error {
		if bytes <= 0 {
			return fmt.Errorf("size of at most %d bytes: must be more than 0", bytes)
		}
		s.pages = (bytes + pageSize - 1) / pageSize
		return nil
	}
}

// WithWait sets how long a writer waits for the writer of another process
// before it gives up with graph.ErrUnavailable; the default is 10 s.
func WithWait(d time.Duration) Option {
	return func(s *settings) error {
		if d < 0 {
			return fmt.Errorf("wait %v: must not be negative", d)
		}
		s.wait = d
		return nil
	}
}

// WithIdleConns sets how many connections of closed views are kept for the
// next; the default is 8.
func WithIdleConns(n int) Option {
	return func(s *settings) error {
		if n < 0 {
			return fmt.Errorf("idle connections %d: must not be negative", n)
		}
		s.idle = n
		return nil
	}
}

// WithMemory sets about how many nodes, and as many ties, are kept in memory for each
// clearance until the data changes; the default is memory.DefaultSize, 0 keeps none.
func WithMemory(n int) Option {
	return func(s *settings) error {
		if n < 0 {
			return fmt.Errorf("memory of %d nodes and ties: must not be negative", n)
		}
		s.kept = n
		return nil
	}
}

// Store is a graph.Store in one file.
type Store struct {
	path     string
	settings settings
	labels   labels
	// turn is held by the one writer of this process. writer is its connection.
	turn   chan struct{}
	writer *conn

	mu     sync.Mutex // guards what follows
	idle   []*conn
	views  map[*view]struct{}
	closed bool
	// states are the last that views of a clearance began with.
	states map[graph.Marking]*state
}

var _ graph.Store = (*Store)(nil)

// Open opens the file, makes it where it does not exist, and brings an older
// one up to date. Errors name the path; ErrForeign tells a file that is not
// ours or is too new.
func Open(ctx context.Context, path string, opts ...Option) (*Store, error) {
	set := settings{wait: 10 * time.Second, idle: 8, kept: memory.DefaultSize}
	for _, o := range opts {
		if err := o(&set); err != nil {
			return nil, fmt.Errorf("database %s: %w", path, err)
		}
	}
	absolute, err := filepath.Abs(path)
	if err != nil {
		return nil, fmt.Errorf("database %s: %w", path, err)
	}
	w, err := openConn(absolute, "rwc")
	if err != nil {
		return nil, err
	}
	s := &Store{path: absolute, settings: set, labels: newLabels(), turn: make(chan struct{}, 1), writer: w, views: map[*view]struct{}{}, states: map[graph.Marking]*state{}}
	if err := s.prepareFile(ctx); err != nil {
		return nil, errors.Join(err, w.close())
	}
	return s, nil
}

// prepareFile checks whose file it is and runs the migrations it lacks.
func (s *Store) prepareFile(ctx context.Context) error {
	if err := s.settle(ctx, s.writer, "PRAGMA busy_timeout = 100"); err != nil {
		return err
	}
	if err := s.patiently(ctx, func() error { return s.writer.reading(ctx, s.checkOwner) }); err != nil {
		return err
	}
	// FULL: a load that was reported done is on the disk.
	pragmas := []string{"PRAGMA journal_mode = WAL", "PRAGMA synchronous = FULL", "PRAGMA wal_autocheckpoint = 8000", "PRAGMA mmap_size = 1073741824", "PRAGMA cache_size = -128000", "PRAGMA temp_store = MEMORY"}
	if s.settings.pages > 0 {
		pragmas = append(pragmas, fmt.Sprintf("PRAGMA max_page_count = %d", s.settings.pages))
	}
	for _, pragma := range pragmas {
		if err := s.settle(ctx, s.writer, pragma); err != nil {
			return err
		}
	}
	return s.migrate(ctx)
}

// settle runs a statement and waits while another process holds the file.
func (s *Store) settle(ctx context.Context, c *conn, statement string) error {
	return s.patiently(ctx, func() error { return c.exec(ctx, statement) })
}

// beginWriting begins the writer's transaction, when no other process writes.
func (s *Store) beginWriting(ctx context.Context) error {
	return s.patiently(ctx, func() error { return s.writer.begin(ctx, "BEGIN IMMEDIATE") })
}

// patiently does something again until no other process holds the file, or the wait is over.
func (s *Store) patiently(ctx context.Context, do func() error) error {
	deadline := time.NewTimer(s.settings.wait)
	defer deadline.Stop()
	pause := time.NewTicker(10 * time.Millisecond)
	defer pause.Stop()
	for {
		err := do()
		if !errors.Is(err, graph.ErrUnavailable) {
			return err
		}
		select {
		case <-ctx.Done():
			return ctx.Err()
		case <-deadline.C:
			return err
		case <-pause.C:
		}
	}
}

// one reads a single number.
func (c *conn) one(ctx context.Context, query string, args ...driver.Value) (n int64, err error) {
	err = c.query(ctx, query, args, func(row []driver.Value) error {
		n = number(row[0])
		return nil
	})
	return n, err
}

// checkOwner refuses the file of another program. It reads twice: the caller holds a
// transaction, or another process could make the file between the two.
func (s *Store) checkOwner(ctx context.Context) error {
	owner, err := s.writer.one(ctx, "PRAGMA application_id")
	if err != nil {
		return err
	}
	tables, err := s.writer.one(ctx, "SELECT count(*) FROM sqlite_schema")
	if err != nil {
		return err
	}
	if owner != applicationID && (owner != 0 || tables > 0) {
		return fmt.Errorf("%s: %w: it has tables of something else; name another file", s.path, ErrForeign)
	}
	return nil
}

// migrate runs the migrations that the file lacks, each in a transaction of its
// own. Running it again, or in two processes at once, does no harm.
func (s *Store) migrate(ctx context.Context) error {
	names, err := fs.Glob(migrationFiles, "migrations/*.sql")
	if err != nil {
		return err
	}
	for i, name := range names {
		if err := s.migrateTo(ctx, i+1, name, len(names)); err != nil {
			return err
		}
	}
	return nil
}

func (s *Store) migrateTo(ctx context.Context, to int, name string, newest int) (err error) {
	if err := s.beginWriting(ctx); err != nil {
		return err
	}
	defer func() {
		if err != nil {
			err = errors.Join(err, s.writer.exec(context.WithoutCancel(ctx), "ROLLBACK"))
		}
	}()
	if err := s.checkOwner(ctx); err != nil {
		return err
	}
	have, err := s.writer.one(ctx, "PRAGMA user_version")
	if err != nil {
		return err
	}
	if have > int64(newest) {
		return fmt.Errorf("%s: %w: its form is %d, this program knows up to %d; use the newer program", s.path, ErrForeign, have, newest)
	}
	if have < int64(to) {
		script, err := migrationFiles.ReadFile(name)
		if err != nil {
			return err
		}
		for _, statement := range []string{string(script), fmt.Sprintf("PRAGMA application_id = %d", applicationID), fmt.Sprintf("PRAGMA user_version = %d", to)} {
			if err := s.writer.exec(ctx, statement); err != nil {
				return fmt.Errorf("%s: %w", name, err)
			}
		}
		if err := s.writer.exec(ctx, "INSERT OR IGNORE INTO meta VALUES (1, ?, 0)", rand.Text()); err != nil {
			return err
		}
	}
	return s.writer.exec(ctx, "COMMIT")
}

// take gives a connection for reading.
func (s *Store) take(ctx context.Context) (*conn, error) {
	s.mu.Lock()
	if s.closed {
		s.mu.Unlock()
		return nil, s.errClosed()
	}
	if n := len(s.idle); n > 0 {
		c := s.idle[n-1]
		s.idle = s.idle[:n-1]
		s.mu.Unlock()
		return c, nil
	}
	s.mu.Unlock()
	c, err := openConn(s.path, "rw")
	if err != nil {
		return nil, err
	}
	for _, pragma := range []string{"PRAGMA busy_timeout = 5000", "PRAGMA query_only = ON", "PRAGMA mmap_size = 1073741824", "PRAGMA cache_size = -16000", "PRAGMA temp_store = MEMORY"} {
		if err := c.exec(ctx, pragma); err != nil {
			return nil, errors.Join(err, c.close())
		}
	}
	return c, nil
}

// give takes a connection back, which must be out of any transaction.
func (s *Store) give(c *conn) error {
	s.mu.Lock()
	keep := !s.closed && len(s.idle) < s.settings.idle
	if keep {
		s.idle = append(s.idle, c)
	}
	s.mu.Unlock()
	if keep {
		return nil
	}
	return c.close()
}

func (s *Store) errClosed() error { return fmt.Errorf("database %s: %w", s.path, graph.ErrClosed) }

// Version returns the version of the data now, whichever process wrote it, as a reading sees
// it that nothing is hidden from.
func (s *Store) Version(ctx context.Context) (graph.Version, error) {
	if err := ctx.Err(); err != nil {
		return "", err
	}
	c, err := s.take(ctx)
	if err != nil {
		return "", err
	}
	v, err := c.version(ctx)
	return v, errors.Join(err, s.give(c))
}

// Close waits for the calls that run, closes the views left open and frees the
// file.
func (s *Store) Close() error {
	s.turn <- struct{}{} // the writer's last batch
	defer func() { <-s.turn }()
	s.mu.Lock()
	if s.closed {
		s.mu.Unlock()
		return nil
	}
	s.closed = true
	views, idle := s.views, s.idle
	s.views, s.idle = nil, nil
	s.mu.Unlock()
	var errs []error
	for v := range views {
		errs = append(errs, v.Close())
	}
	for _, c := range idle {
		errs = append(errs, c.close())
	}
	return errors.Join(append(errs, s.writer.close())...)
}
