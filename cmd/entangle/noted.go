package main

import (
	"io"
	"sync"
)

// noted passes on what is written and keeps the first error. What prints help does not
// return its errors, and text that was not written must not end as if it were.
type noted struct {
	w   io.Writer
	mu  sync.Mutex
	err error
}

func (n *noted) Write(p []byte) (int, error) {
	n.mu.Lock()
	defer n.mu.Unlock()
	written, err := n.w.Write(p)
	if n.err == nil {
		n.err = err
	}
	return written, err
}

func (n *noted) failed() error {
	n.mu.Lock()
	defer n.mu.Unlock()
	return n.err
}
