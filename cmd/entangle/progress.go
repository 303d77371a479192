package main

import (
	"bytes"
	"io"
	"path/filepath"
	"sync"
	"time"

	"github.com/schollz/progressbar/v3"
)

// patience is how long work may take before a bar is drawn.
const patience = 2 * time.Second

// slowBar is a progress bar that is drawn on a terminal only, and only of work
// that takes longer than two seconds. It is safe for concurrent use.
type slowBar struct {
	app   *app
	start time.Time

	mu    sync.Mutex // guards what follows
	bar   *progressbar.ProgressBar
	done  int64
	ended bool
}

func (a *app) slowBar() *slowBar { return &slowBar{app: a, start: a.now()} }

// set moves the bar to a place; total is -1 where unknown.
func (b *slowBar) set(what string, done, total int64, bytes bool) {
	b.mu.Lock()
	defer b.mu.Unlock()
	b.done = max(b.done, done)
	if !b.app.terminal || b.ended || b.app.now().Sub(b.start) < patience {
		return
	}
	if b.bar == nil {
		b.bar = progressbar.NewOptions64(total,
			progressbar.OptionSetWriter(b.app.stderr),
			progressbar.OptionSetDescription(what),
			progressbar.OptionSetWidth(30),
			progressbar.OptionShowBytes(bytes),
			progressbar.OptionThrottle(100*time.Millisecond),
			progressbar.OptionClearOnFinish(),
			// No clock of its own: the bar is drawn by those who move it, under the lock.
			progressbar.OptionSetSpinnerChangeInterval(0),
		)
	}
	_ = b.bar.Set64(b.done)
}

// next ends the bar of one piece of work and makes room for that of the next.
func (b *slowBar) next() {
	b.mu.Lock()
	defer b.mu.Unlock()
	if b.bar != nil {
		_ = b.bar.Clear()
	}
	b.bar, b.done = nil, 0
}

// end takes the bar away for good.
func (b *slowBar) end() {
	b.next()
	b.mu.Lock()
	defer b.mu.Unlock()
	b.ended = true
}

// loadProgress shows how far a load is, file by file.
type loadProgress struct {
	*slowBar
	name        string
	done, bytes int64
}

// File begins a file.
func (p *loadProgress) File(name string, bytes int64) {
	p.next()
	if bytes <= 0 {
		bytes = -1
	}
	p.name, p.done, p.bytes = filepath.Base(name), 0, bytes
}

// Add moves the bar on.
func (p *loadProgress) Add(bytes int64, _ int) {
	p.done += bytes
	p.set(p.name, p.done, p.bytes, true)
}

// lineCounter moves a bar on by the lines that are written.
type lineCounter struct {
	bar         *slowBar
	done, total int64
}

func (c *lineCounter) writer(w io.Writer) io.Writer { return countedWriter{w, c} }

type countedWriter struct {
	io.Writer
	count *lineCounter
}

func (w countedWriter) Write(p []byte) (int, error) {
	n, err := w.Writer.Write(p)
	w.count.done += int64(bytes.Count(p[:n], []byte{'\n'}))
	w.count.bar.set("rows", min(w.count.done, w.count.total), w.count.total, false)
	return n, err
}
