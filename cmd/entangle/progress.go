package main

import (
	"io"
	"path/filepath"
	"time"

	"github.com/schollz/progressbar/v3"
)

// loadProgress draws a bar for each file of a load on a terminal.
type loadProgress struct {
	w   io.Writer
	bar *progressbar.ProgressBar
}

func newBar(w io.Writer, total int64, what string, opts ...progressbar.Option) *progressbar.ProgressBar {
	return progressbar.NewOptions64(total, append([]progressbar.Option{
		progressbar.OptionSetWriter(w),
		progressbar.OptionSetDescription(what),
		progressbar.OptionSetWidth(30),
		progressbar.OptionThrottle(100 * time.Millisecond),
		progressbar.OptionClearOnFinish(),
	}, opts...)...)
}

// File begins a file.
func (p *loadProgress) File(name string, bytes int64) {
	if p.bar != nil {
		_ = p.bar.Finish()
	}
	if bytes <= 0 {
		bytes = -1
	}
	p.bar = newBar(p.w, bytes, filepath.Base(name), progressbar.OptionShowBytes(true))
}

// Add moves the bar on.
func (p *loadProgress) Add(bytes int64, _ int) {
	if p.bar != nil {
		_ = p.bar.Add64(bytes)
	}
}

func (p *loadProgress) finish() {
	if p.bar != nil {
		_ = p.bar.Finish()
	}
}

// worldProgress draws a bar for the worlds of a question; nil where stderr is
// no terminal.
func (a *app) worldProgress() func(done, total int) {
	if !a.terminal {
		return nil
	}
	var bar *progressbar.ProgressBar
	return func(done, total int) {
		if bar == nil {
			bar = newBar(a.stderr, int64(total), "worlds")
		}
		_ = bar.Set(done)
	}
}
