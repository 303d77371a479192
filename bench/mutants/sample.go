package main

import (
	"bytes"
	"cmp"
	"encoding/binary"
	"errors"
	"fmt"
	"hash/fnv"
	"os"
	"slices"
	"strings"
)

// shuffled puts changes into the order in which they are drawn. The place of a change
// follows from the seed and from the change itself, so that a sample stays nearly the
// same when the code around it is edited.
func shuffled(changes []change, seed uint64) []change {
	type placed struct {
		change
		at uint64
	}
	seen := make(map[string]uint64)
	all := make([]placed, len(changes))
	for i, c := range changes {
		h := fnv.New64a()
		_ = binary.Write(h, binary.LittleEndian, [2]uint64{seed, seen[c.key()]}) // a hash takes all
		_, _ = h.Write([]byte(c.key()))
		seen[c.key()]++
		all[i] = placed{c, mixed(h.Sum64())}
	}
	slices.SortStableFunc(all, func(a, b placed) int { return cmp.Compare(a.at, b.at) })
	for i, p := range all {
		changes[i] = p.change
	}
	return changes
}

// mixed spreads a hash over all bits (the finalizer of MurmurHash3): FNV's last bytes
// reach its high bits hardly.
func mixed(x uint64) uint64 {
	x ^= x >> 33
	x *= 0xff51afd7ed558ccd
	x ^= x >> 33
	x *= 0xc4ceb9fe1a85ec53
	return x ^ x>>33
}

// equivalents are the changes that were judged to change nothing, by their keys, with
// the reason.
type equivalents map[string]string

// readEquivalents reads a list of entries with empty lines between them. An entry is
// what is printed of a survivor, and a line with the reason:
//
//	queries/waves.go:12 model.run
//	- if n < limit {
//	+ if n <= limit {
//	= n is never limit, which is odd
//
// The number of the line may be left out. Lines that begin with # are comments.
func readEquivalents(name string) (equivalents, error) {
	text, err := os.ReadFile(name) //nolint:gosec // named by the caller
	if err != nil {
		return nil, err
	}
	known := make(equivalents)
	at := 1
	for entry := range bytes.SplitSeq(text, []byte("\n\n")) {
		key, reason, err := parseEntry(string(entry))
		if err != nil {
			return nil, fmt.Errorf("%s, entry at line %d: %w", name, at, err)
		}
		if key != "" {
			known[key] = reason
		}
		at += bytes.Count(entry, []byte("\n")) + 2
	}
	return known, nil
}

var errEntry = errors.New("want 4 lines: FILE FUNCTION, - BEFORE, + AFTER, = REASON")

func parseEntry(entry string) (key, reason string, err error) {
	var lines []string
	for line := range strings.Lines(entry) {
		if line = strings.TrimSpace(line); line != "" && !strings.HasPrefix(line, "#") {
			lines = append(lines, line)
		}
	}
	if len(lines) == 0 {
		return "", "", nil
	}
	if len(lines) != 4 {
		return "", "", errEntry
	}
	place, fn, _ := strings.Cut(lines[0], " ")
	file, _, _ := strings.Cut(place, ":")
	parts := []string{file, strings.TrimSpace(fn)}
	for i, sign := range []string{"-", "+", "="} {
		part, ok := strings.CutPrefix(lines[i+1], sign+" ")
		if !ok {
			return "", "", errEntry
		}
		parts = append(parts, part)
	}
	return strings.Join(parts[:4], "\n"), parts[4], nil
}

// stale returns the entries for files of a package that name none of its changes.
func (e equivalents) stale(p pkg, changes []change) []string {
	found := make(map[string]bool, len(changes))
	for _, c := range changes {
		found[c.key()] = true
	}
	var stale []string
	for key := range e {
		file, _, _ := strings.Cut(key, "\n")
		rest, ok := strings.CutPrefix(file, p.path+"/")
		if ok && !strings.Contains(rest, "/") && !found[key] {
			parts := strings.Split(key, "\n")
			stale = append(stale, fmt.Sprintf("%s %s\n- %s\n+ %s", parts[0], parts[1], parts[2], parts[3]))
		}
	}
	slices.Sort(stale)
	return stale
}
