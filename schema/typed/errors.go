package typed

import (
	"errors"

	"entangle/graph"
	"entangle/schema/exec"
)

// Shown gives an error of the graph the code under which a client may see it.
// Other errors stay as they are: the door masks those without a code.
func Shown(err error) error {
	if err == nil {
		return nil
	}
	if _, ok := errors.AsType[*exec.CodedError](err); ok {
		return err
	}
	for _, sentinel := range []error{graph.ErrQuery, graph.ErrDate, graph.ErrVocabulary, graph.ErrMarking, graph.ErrGrade} {
		if errors.Is(err, sentinel) {
			return exec.Errorf(exec.CodeBadInput, "%w", err)
		}
	}
	switch {
	case errors.Is(err, graph.ErrNotFound):
		return exec.Errorf(exec.CodeNotFound, "%w", err)
	case errors.Is(err, graph.ErrUnavailable):
		return exec.Errorf(exec.CodeUnavailable, "the store cannot be reached now; try again")
	}
	return err
}

// BadInput is an error that says what is wrong with what was asked.
func BadInput(format string, args ...any) error {
	return exec.Errorf(exec.CodeBadInput, format, args...)
}
