package storecopy

import (
	"bytes"
	"context"
	"crypto/sha256"
	"encoding/binary"
	"encoding/hex"
	"encoding/json"
	"errors"
	"fmt"
	"hash"
	"iter"

	"entangle/graph"
)

// Content says what a store holds.
type Content struct {
	Nodes, Ties int
	// Hash is the SHA-256, in hexadecimal, of the loads, the nodes and the ties in
	// the order of their ids. Stores that hold the same have the same.
	Hash string
}

// Read reads all that a reader can see.
func Read(ctx context.Context, r graph.Reader) (Content, error) {
	d := newDigest()
	if err := d.loads(ctx, r); err != nil {
		return Content{}, err
	}
	for item, err := range items(ctx, r) {
		if err != nil {
			return Content{}, err
		}
		d.add(item)
	}
	return d.content(), nil
}

// Compare reads two stores side by side. Where they differ the error wraps
// ErrDiffer and names the first thing that does.
func Compare(ctx context.Context, source, target graph.Reader, o Options) (Content, error) {
	counts, err := source.Counts(ctx)
	if err != nil {
		return Content{}, err
	}
	nodes, ties := counts.Total()
	a, b := newDigest(), newDigest()
	if err := errors.Join(a.loads(ctx, source), b.loads(ctx, target)); err != nil {
		return Content{}, err
	}
	if !bytes.Equal(a.hash.Sum(nil), b.hash.Sum(nil)) {
		return Content{}, fmt.Errorf("%w: they name other loads", ErrDiffer)
	}
	next, stop := iter.Pull2(items(ctx, target))
	defer stop()
	for want, err := range items(ctx, source) {
		if err != nil {
			return Content{}, err
		}
		got, err, ok := next()
		if err != nil {
			return Content{}, err
		}
		if err := differ(want, got, ok); err != nil {
			return Content{}, err
		}
		a.add(want)
		o.tell("comparing", a.nodes+a.ties, nodes+ties)
	}
	got, err, ok := next()
	if err != nil {
		return Content{}, err
	}
	if ok {
		return Content{}, fmt.Errorf("%w: %s is in the target only", ErrDiffer, got)
	}
	return a.content(), nil
}

func compareStores(ctx context.Context, from, to graph.Store, o Options) (c Content, err error) {
	source, err := from.View(ctx, graph.Red)
	if err != nil {
		return c, err
	}
	defer func() { err = errors.Join(err, source.Close()) }()
	target, err := to.View(ctx, graph.Red)
	if err != nil {
		return c, err
	}
	defer func() { err = errors.Join(err, target.Close()) }()
	return Compare(ctx, source, target, o)
}

// item is a node or a tie in canonical text.
type item struct {
	tie  bool
	id   graph.ID
	text []byte
}

func (i item) String() string {
	if i.tie {
		return fmt.Sprintf("tie %q", i.id)
	}
	return fmt.Sprintf("node %q", i.id)
}

// before is the order of items: nodes, then ties, by id.
func (i item) before(j item) bool {
	if i.tie != j.tie {
		return j.tie
	}
	return i.id < j.id
}

// differ compares an item of the source with the one at its place in the target.
func differ(want, got item, ok bool) error {
	switch {
	case !ok || want.before(got):
		return fmt.Errorf("%w: %s is in the source only", ErrDiffer, want)
	case got.before(want):
		return fmt.Errorf("%w: %s is in the target only", ErrDiffer, got)
	case !bytes.Equal(want.text, got.text):
		return fmt.Errorf("%w: %s is %s in the source and %s in the target", ErrDiffer, want, want.text, got.text)
	}
	return nil
}

// items streams all nodes, then all ties, each in the order of their ids.
func items(ctx context.Context, r graph.Reader) iter.Seq2[item, error] {
	return func(yield func(item, error) bool) {
		for n, err := range r.Nodes(ctx, graph.NodeQuery{}) {
			if !one(yield, item{id: n.ID}, plainNode(n), err) {
				return
			}
		}
		for t, err := range r.Ties(ctx, everyTie()) {
			if !one(yield, item{tie: true, id: t.ID}, plainTie(t), err) {
				return
			}
		}
	}
}

// one yields an item and reports whether to go on.
func one(yield func(item, error) bool, i item, v any, err error) bool {
	if err == nil {
		i.text, err = json.Marshal(v)
	}
	return yield(i, err) && err == nil
}

// plainNode makes equal nodes equal in their JSON: what is empty is nil.
func plainNode(n graph.Node) graph.Node {
	n.Names, n.Types, n.Aliases, n.Citations = plain(n.Names), plain(n.Types), plain(n.Aliases), plain(n.Citations)
	n.Props = plainProps(n.Props)
	return n
}

func plainTie(t graph.Tie) graph.Tie {
	t.Citations, t.Props = plain(t.Citations), plainProps(t.Props)
	return t
}

func plain[T any](list []T) []T {
	if len(list) == 0 {
		return nil
	}
	return list
}

func plainProps(props graph.Props) graph.Props {
	var out graph.Props
	for name, values := range props {
		out = out.Set(name, values...)
	}
	return out
}

// digest is a running hash of items.
type digest struct {
	hash        hash.Hash
	nodes, ties int
}

func newDigest() *digest { return &digest{hash: sha256.New()} }

func (d *digest) write(text []byte) {
	var length [8]byte
	binary.BigEndian.PutUint64(length[:], uint64(len(text)))
	d.hash.Write(length[:])
	d.hash.Write(text)
}

func (d *digest) loads(ctx context.Context, r graph.Reader) error {
	loads, err := r.Loads(ctx)
	if err != nil {
		return err
	}
	text, err := json.Marshal(plain(loads))
	d.write(text)
	return err
}

func (d *digest) add(i item) {
	d.write(i.text)
	if i.tie {
		d.ties++
	} else {
		d.nodes++
	}
}

func (d *digest) content() Content {
	return Content{Nodes: d.nodes, Ties: d.ties, Hash: hex.EncodeToString(d.hash.Sum(nil))}
}
