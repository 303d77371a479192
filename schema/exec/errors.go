package exec

import (
	"cmp"
	"context"
	"errors"
	"fmt"
	"slices"
	"strings"
	"unicode/utf8"
)

// Code is the machine-readable kind of an error, sent as extensions.code.
type Code string

// The codes a client may meet.
const (
	CodeParse           Code = "GRAPHQL_PARSE_FAILED"      // the document is not GraphQL
	CodeValidation      Code = "GRAPHQL_VALIDATION_FAILED" // the document does not fit the schema
	CodeBadInput        Code = "BAD_USER_INPUT"            // a variable, an argument or the operation name is wrong
	CodeUnauthenticated Code = "UNAUTHENTICATED"           // who asks is not known
	CodeForbidden       Code = "FORBIDDEN"                 // who asks may not
	CodeNotFound        Code = "NOT_FOUND"                 // the thing named does not exist, or may not be seen
	CodeReadOnly        Code = "READ_ONLY"                 // a mutation came where only queries are served (GET)
	CodeCostLimit       Code = "COST_LIMIT"                // one of Limits is exceeded
	CodeUnavailable     Code = "UNAVAILABLE"               // the data cannot be reached now
	CodeTimeout         Code = "TIMEOUT"                   // the request's context ended first
	CodeInternal        Code = "INTERNAL"                  // our fault; extensions.errorId finds it in the log
)

// Location is a place in the document; lines and columns start at 1.
type Location struct {
	Line   int `json:"line"`
	Column int `json:"column"`
}

// Error is an entry of a response's errors. Path holds response keys (string) and list positions (int).
type Error struct {
	Message    string         `json:"message"`
	Locations  []Location     `json:"locations,omitempty"`
	Path       []any          `json:"path,omitempty"`
	Extensions map[string]any `json:"extensions,omitempty"`
}

// Error returns the message with its code.
func (e *Error) Error() string { return string(e.Code()) + ": " + e.Message }

// Code returns extensions.code, or the empty string.
func (e *Error) Code() Code {
	c, _ := e.Extensions["code"].(string)
	return Code(c)
}

// CodedError is an error whose message is meant for the client. Other errors are masked.
type CodedError struct {
	Code       Code
	Message    string
	Extensions map[string]any // sent beside code; may be nil
	err        error
}

// Error returns the message.
func (e *CodedError) Error() string { return e.Message }

// Unwrap returns what Errorf wrapped with %w.
func (e *CodedError) Unwrap() error { return errors.Unwrap(e.err) }

// Errorf returns a *CodedError. All of its text is shown to the client, that of a wrapped error too.
func Errorf(code Code, format string, args ...any) error {
	err := fmt.Errorf(format, args...)
	return &CodedError{Code: code, Message: err.Error(), err: err}
}

// maxMessage bounds an error message, which may quote the client's own text.
const maxMessage = 400

func newError(code Code, message string, locs ...Location) *Error {
	return &Error{Message: clip(message, maxMessage), Locations: locs, Extensions: map[string]any{"code": string(code)}}
}

func limitError(format string, args ...any) *Error {
	return newError(CodeCostLimit, fmt.Sprintf(format, args...))
}

// clip shortens s to at most n bytes without cutting a character.
func clip(s string, n int) string {
	if len(s) <= n {
		return s
	}
	n -= len("…")
	for n > 0 && !utf8.RuneStart(s[n]) {
		n--
	}
	return s[:n] + "…"
}

// public turns what a resolver returned into an Error without place. The second result is true when err was masked and
// has to be logged under the errorId.
func (d *Door) public(ctx context.Context, err error) (*Error, bool) {
	if ce, ok := errors.AsType[*CodedError](err); ok {
		e := newError(ce.Code, ce.Message)
		for k, v := range ce.Extensions {
			if k != "code" {
				e.Extensions[k] = v
			}
		}
		return e, false
	}
	if errors.Is(err, context.DeadlineExceeded) || ctx.Err() != nil && errors.Is(err, context.Canceled) {
		return newError(CodeTimeout, "the request ran out of time before this was answered"), false
	}
	e := newError(CodeInternal, "an internal error occurred; quote the errorId when you report it")
	if ne, ok := errors.AsType[*nullError](err); ok {
		e.Message = ne.Error()
	}
	e.Extensions["errorId"] = d.opts.ErrorID()
	return e, true
}

// nullError is a null where the schema promises a value. It tells nothing that the schema does not.
type nullError struct{ parent, field string }

func (e *nullError) Error() string {
	return fmt.Sprintf("Cannot return null for non-nullable field %s.%s.", e.parent, e.field)
}

// sortErrors orders by path: keys by name, list positions by number, shorter first.
func sortErrors(errs []*Error) {
	slices.SortStableFunc(errs, func(a, b *Error) int {
		return slices.CompareFunc(a.Path, b.Path, func(p, q any) int {
			ps, pok := p.(string)
			qs, qok := q.(string)
			if pok && qok {
				return strings.Compare(ps, qs)
			}
			pi, _ := p.(int)
			qi, _ := q.(int)
			return cmp.Compare(pi, qi)
		})
	})
}
