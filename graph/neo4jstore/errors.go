package neo4jstore

import (
	"context"
	"errors"
	"fmt"
	"strings"

	"github.com/neo4j/neo4j-go-driver/v5/neo4j"

	"entangle/graph"
)

// Sentinels that errors of this package wrap besides those of package graph.
var (
	// ErrConfig: a configuration that cannot work.
	ErrConfig = errors.New("neo4j: invalid configuration")
	// ErrCredentials: the server does not take the user, password or token.
	ErrCredentials = errors.New("neo4j: refused the credentials")
	// ErrServer: what answers is no Neo4j, too old a one, lacks the database, or
	// holds a schema that this program does not know.
	ErrServer = errors.New("neo4j: not a server to work with")
	// ErrReadOnly: the server or database takes no writes.
	ErrReadOnly = errors.New("neo4j: read only")
)

// errUnchanged rolls a transaction back that has nothing to write.
var errUnchanged = errors.New("nothing to write")

// refused carries a refusal to write past the driver, which would try the same
// server again and again.
type refused struct{ text string }

func (r refused) Error() string { return r.text }

const (
	codeReadOnly   = "Neo.ClientError.General.ForbiddenOnReadOnlyDatabase"
	codeWriteOnRO  = "Neo.ClientError.General.WriteOnReadOnlyAccessDatabase"
	codeNotLeader  = "Neo.ClientError.Cluster.NotALeader"
	codeAccessMode = "Neo.ClientError.Statement.AccessMode"
	codeNoDatabase = "Neo.ClientError.Database.DatabaseNotFound"
	// What a transaction gets that waits for a lock when its time is up.
	codeLockStopped = "Neo.ClientError.Transaction.LockClientStopped"
	codeConstraint  = "Neo.ClientError.Schema.ConstraintValidationFailed"
	codeProcedure   = "Neo.ClientError.Procedure.ProcedureCallFailed"
	codeTooLarge    = "Neo.TransientError.General.MemoryPoolOutOfMemoryError"
)

func isReadOnly(code string) bool {
	return code == codeReadOnly || code == codeWriteOnRO || code == codeNotLeader || code == codeAccessMode
}

// within keeps the driver from trying a read-only server again; a cluster may
// have a new leader the next time.
func (s *Store) within(err error) error {
	if server, ok := errors.AsType[*neo4j.Neo4jError](err); ok && isReadOnly(server.Code) && !s.conf.routed() {
		return refused{server.Msg}
	}
	return err
}

// explain turns an error of the driver into one of the contract, with the
// address and what to do.
func (s *Store) explain(ctx context.Context, err error) error {
	if err == nil {
		return nil
	}
	if s.closed.Load() {
		return fmt.Errorf("neo4j: %w", graph.ErrClosed)
	}
	if ctx.Err() != nil {
		return fmt.Errorf("neo4j: %w", ctx.Err())
	}
	if isOurs(err) {
		return err
	}
	if r, ok := errors.AsType[refused](err); ok {
		return s.readOnly(r.text)
	}
	if limit, ok := errors.AsType[*neo4j.TransactionExecutionLimit](err); ok && len(limit.Errors) > 0 {
		err = limit.Errors[len(limit.Errors)-1]
	}
	if server, ok := errors.AsType[*neo4j.Neo4jError](err); ok {
		return s.explainServer(server)
	}
	text := err.Error()
	if strings.Contains(text, "x509: ") || strings.Contains(text, "tls: ") {
		return fmt.Errorf("%w: no TLS with %s: give the certificate that signed its own, or a scheme without +s where it has none: %w", ErrServer, s.conf.URI, err)
	}
	if strings.Contains(text, "responded HTTP") || strings.Contains(text, "did not accept any of the requested Bolt versions") {
		return fmt.Errorf("%w: %s does not speak Bolt as Neo4j 5 does: give the Bolt port (7687 by default), not the one for browsers: %w", ErrServer, s.conf.URI, err)
	}
	return fmt.Errorf("%w: no answer from Neo4j at %s: start the server or correct the address: %w", graph.ErrUnavailable, s.conf.URI, err)
}

func (s *Store) readOnly(text string) error {
	hint := "it is a follower or set to read only: connect to the leader, or use the scheme neo4j:// so that writes are routed to it"
	if s.conf.routed() {
		hint = "the cluster has no member that takes writes to it now"
	}
	return fmt.Errorf("%w: database %q at %s takes no writes: %s (%s)", ErrReadOnly, s.conf.Database, s.conf.URI, hint, text)
}

func (s *Store) explainServer(err *neo4j.Neo4jError) error {
	switch code := err.Code; {
	case strings.HasPrefix(code, "Neo.ClientError.Security."):
		return fmt.Errorf("%w: %s refuses user %q: correct user and password: %w", ErrCredentials, s.conf.URI, s.conf.User, err)
	case strings.Contains(code, ".TransactionTimedOut"), code == codeLockStopped:
		return fmt.Errorf("neo4j: the server ended a transaction after its time was over, at most %v: %w", s.conf.TxTimeout, errors.Join(context.DeadlineExceeded, err))
	case isReadOnly(code):
		return s.readOnly(err.Msg)
	case code == codeNoDatabase:
		return fmt.Errorf("%w: there is no database %q at %s: %w", ErrServer, s.conf.Database, s.conf.URI, err)
	case code == codeTooLarge:
		return fmt.Errorf("%w: the server at %s lacks the memory for this transaction: apply smaller batches or raise its limit: %w", graph.ErrUnavailable, s.conf.URI, err)
	case strings.HasPrefix(code, "Neo.TransientError."), strings.Contains(code, ".TransactionStartFailed"), strings.Contains(code, "DatabaseUnavailable"),
		strings.Contains(code, ".Transaction.Terminated"):
		return fmt.Errorf("%w: Neo4j at %s: %w", graph.ErrUnavailable, s.conf.URI, err)
	}
	return fmt.Errorf("neo4j at %s: %w", s.conf.URI, err)
}

// isOurs reports whether the error says already what the contract wants.
func isOurs(err error) bool {
	for _, sentinel := range []error{graph.ErrInvalid, graph.ErrQuery, graph.ErrUnavailable, graph.ErrClosed, graph.ErrMoved, ErrConfig, ErrCredentials, ErrServer, ErrReadOnly, errUnchanged, errNoSchema, errNotKnown} {
		if errors.Is(err, sentinel) {
			return true
		}
	}
	return false
}
