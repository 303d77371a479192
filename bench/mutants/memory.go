package main

import (
	"context"
	"fmt"
	"os"
	"path/filepath"
	"strconv"
	"strings"
	"time"
)

// endGreedy ends those processes below a process that take more than mostMemory, until
// the context ends: a loop that appends without an end would take the machine. It does
// nothing on systems without /proc.
func endGreedy(ctx context.Context, root int) {
	ticker := time.NewTicker(time.Second)
	defer ticker.Stop()
	for {
		select {
		case <-ctx.Done():
			return
		case <-ticker.C:
		}
		for _, p := range below(processes(), root) {
			if p.memory <= mostMemory {
				continue
			}
			if process, err := os.FindProcess(p.id); err == nil {
				_ = process.Kill() // it may have ended by itself
			}
		}
	}
}

type process struct {
	id, parent int
	memory     int // bytes that are resident
}

// processes returns those that run now.
func processes() []process {
	files, err := filepath.Glob("/proc/[0-9]*/stat")
	if err != nil {
		return nil
	}
	var all []process
	for _, file := range files {
		text, err := os.ReadFile(file) //nolint:gosec // of /proc
		if err != nil {
			continue // it has ended
		}
		if p, err := parseStat(string(text)); err == nil {
			all = append(all, p)
		}
	}
	return all
}

// parseStat reads a line as described in proc(5).
func parseStat(text string) (process, error) {
	// The second field, the name in parentheses, may have blanks in it.
	open, end := strings.IndexByte(text, '('), strings.LastIndexByte(text, ')')
	if open < 0 || end < open {
		return process{}, fmt.Errorf("no name in %q", text)
	}
	fields := append([]string{strings.TrimSpace(text[:open]), ""}, strings.Fields(text[end+1:])...)
	const id, parent, pages = 0, 3, 23
	if len(fields) <= pages {
		return process{}, fmt.Errorf("only %d fields in %q", len(fields), text)
	}
	var n [3]int
	for i, f := range []int{id, parent, pages} {
		var err error
		if n[i], err = strconv.Atoi(fields[f]); err != nil {
			return process{}, err
		}
	}
	return process{id: n[0], parent: n[1], memory: n[2] * os.Getpagesize()}, nil
}

// below returns the processes that a process started, and those that they started.
func below(all []process, root int) []process {
	children := make(map[int][]process)
	for _, p := range all {
		children[p.parent] = append(children[p.parent], p)
	}
	var found []process
	for todo := children[root]; len(todo) > 0; {
		p := todo[0]
		found = append(found, p)
		todo = append(todo[1:], children[p.id]...)
	}
	return found
}
