package loaders_test

import (
	"context"
	"errors"
	"fmt"
	"io"
	"strings"
	"sync/atomic"
	"testing"
	"time"

	"entangle/graph"
	"entangle/loaders"
	"entangle/loaders/loadertest"
)

// watched is a file that tells how often it is open and how much was read since it
// was opened last.
type watched struct {
	io.Reader
	open *atomic.Int32
	read *atomic.Int64
}

func (w watched) Read(p []byte) (int, error) {
	n, err := w.Reader.Read(p)
	w.read.Add(int64(n))
	return n, err
}

func (w watched) Close() error {
	w.open.Add(-1)
	return nil
}

// applier is a store whose Apply is a function.
type applier struct {
	loaders.Store
	apply func(graph.Batch) error
}

func (s applier) Apply(ctx context.Context, b graph.Batch) (graph.Applied, error) {
	if err := s.apply(b); err != nil {
		return graph.Applied{}, err
	}
	return s.Store.Apply(ctx, b)
}

// TestReadsAhead: a file is read on while the store writes, not further than a bound,
// and it is closed when the store fails.
func TestReadsAhead(t *testing.T) {
	const rows, batch, row = 20_000, 100, 400 // bytes of a row
	var text strings.Builder
	text.WriteString(nodeHead)
	for i := range rows {
		fmt.Fprintf(&text, "p%d,Person,%s,IQ,\n", i, strings.Repeat("n", row))
	}
	var open atomic.Int32
	var read atomic.Int64
	in := loaders.Input{Name: "n.csv", Size: int64(text.Len()), Open: func() (io.ReadCloser, error) {
		open.Add(1)
		read.Store(0)
		return watched{strings.NewReader(text.String()), &open, &read}, nil
	}}
	errGone := errors.New("the store is gone")
	batches := 0
	store := applier{loadertest.NewMemory(), func(graph.Batch) error {
		if batches++; batches == 3 {
			return errGone
		}
		for begun := time.Now(); batches == 1 && read.Load() < 5*batch*row; time.Sleep(time.Millisecond) {
			if time.Since(begun) > 10*time.Second {
				return errors.New("nothing is read while the store writes")
			}
		}
		return nil
	}}
	_, err := loaders.Run(t.Context(), store, registry(), []loaders.Input{in}, loaders.Options{BatchSize: batch})
	if !errors.Is(err, errGone) {
		t.Fatal(err)
	}
	if n := open.Load(); n != 0 {
		t.Errorf("the file is open %d times after the end", n)
	}
	if n := read.Load(); n > rows*row/2 {
		t.Errorf("%d bytes were read for %d batches of %d rows", n, batches, batch)
	}
}
