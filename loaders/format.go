package loaders

import (
	"context"
	"fmt"
	"io"
	"iter"
	"slices"
	"strings"
)

// Properties say what a format is, as data that help texts and docs read.
type Properties struct {
	// Name is what --format takes: one lower-case word.
	Name string `json:"name"`
	// Title is the format's full name.
	Title string `json:"title"`
	// Extensions of its files, without the dot. They decide which files of a
	// folder are looked at, never which format a file has.
	Extensions []string `json:"extensions"`
	// Docs tells in a few sentences what is read and what is not.
	Docs string `json:"docs"`
}

// Match is a format's judgement of a file.
type Match struct {
	// Score is how sure the format is, 0 (not mine) to 100.
	Score int
	// Part names the kind of file within the format: "nodes", "ties".
	Part string
	// Rank orders the files of one run: lower ones are read first.
	Rank int
}

// Format reads one kind of file into records. Implementations are values
// without state, safe for concurrent use.
type Format interface {
	Properties() Properties

	// Detect judges a file by its beginning: at most 64 KiB, decompressed,
	// without byte order mark. It must not panic on any bytes.
	Detect(head []byte) Match

	// Read streams the file's records in its order. An error ends the
	// stream and the file: what came before it stays, and the next file is read. A
	// *Fault says where it is. Memory does not grow with the file, but for what
	// the format's documentation names.
	Read(ctx context.Context, in Content) iter.Seq2[Record, error]
}

// Content is an opened file as a format sees it.
type Content struct {
	// Name is the file's name, for messages.
	Name string
	// Dataset names the data; Named says that the user gave the name.
	Dataset string
	Named   bool
	// Open reads the file from its beginning: decompressed, without byte order
	// mark. It may be called several times.
	Open func() (io.ReadCloser, error)
	// Denied reports whether a field must not be loaded for the privacy of the
	// persons in it.
	Denied func(field string) bool
}

// Registry is a set of formats.
type Registry struct{ formats []Format }

// NewRegistry returns a registry of formats. It panics if two have one name:
// the list stands in the source.
func NewRegistry(formats ...Format) *Registry {
	seen := map[string]bool{}
	for _, f := range formats {
		name := f.Properties().Name
		if seen[name] {
			panic("two formats are named " + name)
		}
		seen[name] = true
	}
	return &Registry{formats: formats}
}

// Formats returns the formats in the order of the list.
func (r *Registry) Formats() []Format { return slices.Clone(r.formats) }

// Names returns the names of the formats in the order of the list.
func (r *Registry) Names() []string {
	names := make([]string, len(r.formats))
	for i, f := range r.formats {
		names[i] = f.Properties().Name
	}
	return names
}

// Format returns the format of that name, or an error that lists the names.
func (r *Registry) Format(name string) (Format, error) {
	for _, f := range r.formats {
		if f.Properties().Name == name {
			return f, nil
		}
	}
	return nil, fmt.Errorf("%w: %q (one of %s)", ErrFormat, name, strings.Join(r.Names(), ", "))
}

// detect returns the format that is surest of the file, nil where none is.
func (r *Registry) detect(head []byte) (Format, Match) {
	var best Format
	var match Match
	for _, f := range r.formats {
		if m := f.Detect(head); m.Score > match.Score {
			best, match = f, m
		}
	}
	return best, match
}

// reads reports whether any format has files of that name.
func (r *Registry) reads(name string) bool {
	name = strings.TrimSuffix(strings.ToLower(name), ".gz")
	for _, f := range r.formats {
		for _, ext := range f.Properties().Extensions {
			if strings.HasSuffix(name, "."+ext) {
				return true
			}
		}
	}
	return false
}
