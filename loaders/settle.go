package loaders

import (
	"cmp"
	"context"
	"fmt"
	"hash/maphash"
	"iter"
	"maps"
	"slices"

	"entangle/graph"
)

// settle brings items into the store or rejects them. Items that lack an end or
// a source wait for later records; in the final round they are rejected.
func (r *run) settle(ctx context.Context, items []*item, final bool) error {
	for len(items) > 0 {
		if err := ctx.Err(); err != nil {
			return err
		}
		look, err := r.look(ctx, items)
		if err != nil {
			return err
		}
		ready, waiting := r.admit(items, look, final)
		for _, it := range waiting {
			switch {
			case final:
				r.rejectLacking(it)
			case len(r.held) >= r.opt.MaxHeld:
				it.rec.Bad(Place{Line: it.rec.Line}, CodeMissing, "too many records wait for nodes that were not read yet: load the nodes first")
				it.file.settle(it.rec)
			default:
				r.hold(it)
			}
		}
		if items, err = r.apply(ctx, ready, look); err != nil {
			return err
		}
	}
	return nil
}

func (r *run) hold(it *item) {
	r.held = append(r.held, it)
	for _, n := range it.rec.Nodes {
		r.heldIDs[n.ID] = true
	}
}

// release takes the held items, to be tried again in the order of reading.
func (r *run) release() []*item {
	items := r.held
	slices.SortFunc(items, func(a, b *item) int { return cmp.Compare(a.seq, b.seq) })
	r.held, r.heldIDs = nil, map[graph.ID]bool{}
	return items
}

func (r *run) rejectLacking(it *item) {
	for _, l := range it.lacks {
		it.rec.Bad(l.place, CodeMissing, l.reason)
		r.missing[l.ref]++
	}
	it.file.settle(it.rec)
}

// lack is a reference that leads nowhere, as the file writes it.
type lack struct {
	ref    string
	place  Place
	reason string
}

// lookup is what the store knows of the ids in some items.
type lookup struct {
	nodes map[graph.ID]graph.Node
	refs  map[string]graph.ID
}

// look asks the store, in two calls, for the nodes that the items bring or
// point to and that this run has not applied.
func (r *run) look(ctx context.Context, items []*item) (lookup, error) {
	view, err := r.store.View(ctx, graph.Red)
	if err != nil {
		return lookup{}, err
	}
	defer view.Close()
	own, others := map[graph.ID]bool{}, map[graph.ID]bool{}
	for _, it := range items {
		for _, n := range slices.Concat(it.rec.Nodes, it.rec.Stubs) {
			own[n.ID] = true
		}
	}
	for _, it := range items {
		for _, ref := range it.refs() {
			if _, known := r.kinds[ref]; !known && !own[ref] {
				others[ref] = true
			}
		}
	}
	var look lookup
	if look.nodes, err = view.NodesByID(ctx, slices.Sorted(keys(own, others))); err != nil {
		return look, err
	}
	var refs []string
	for id := range others {
		if _, found := look.nodes[id]; !found {
			refs = append(refs, string(id))
		}
	}
	if len(refs) == 0 {
		return look, nil
	}
	slices.Sort(refs)
	if look.refs, err = view.Resolve(ctx, refs); err != nil || len(look.refs) == 0 {
		return look, err
	}
	behind, err := view.NodesByID(ctx, slices.Sorted(maps.Values(look.refs)))
	maps.Copy(look.nodes, behind)
	return look, err
}

func keys(sets ...map[graph.ID]bool) iter.Seq[graph.ID] {
	return func(yield func(graph.ID) bool) {
		for _, set := range sets {
			for id := range set {
				if !yield(id) {
					return
				}
			}
		}
	}
}

// refs are the ids of other records that the item points to.
func (it *item) refs() []graph.ID {
	var refs []graph.ID
	for _, n := range it.rec.Nodes {
		for _, c := range n.Citations {
			refs = append(refs, c.Source)
		}
	}
	for _, t := range it.rec.Ties {
		refs = append(refs, t.From, t.To)
		for _, c := range t.Citations {
			refs = append(refs, c.Source)
		}
	}
	return refs
}

// scene is what exists while some items are judged: the store, what this run
// applied, and what the items bring themselves.
type scene struct {
	run     *run
	look    lookup
	kinds   map[graph.ID]graph.Kind
	aliases map[string]graph.ID
	claims  map[uint64]claim
}

// claim is a tie that the run has, as hashes: a load may have millions.
type claim struct {
	content uint64
	line    int
}

func (r *run) scene(items []*item, look lookup) scene {
	s := scene{run: r, look: look, kinds: map[graph.ID]graph.Kind{}, aliases: map[string]graph.ID{}, claims: map[uint64]claim{}}
	for _, it := range items {
		for _, list := range [][]graph.Node{it.rec.Nodes, it.rec.Stubs} {
			for _, n := range list {
				if _, ok := s.kinds[n.ID]; !ok {
					s.kinds[n.ID] = n.Kind
				}
				for _, a := range n.Aliases {
					if old, ok := s.aliases[a]; !ok || n.ID < old {
						s.aliases[a] = n.ID
					}
				}
			}
		}
	}
	return s
}

// find returns the id and kind that a reference leads to, 0 for none.
func (s scene) find(ref graph.ID) (graph.ID, graph.Kind) {
	if k := s.kindOf(ref); k != 0 {
		return ref, k
	}
	for _, aliases := range []map[string]graph.ID{s.run.aliases, s.aliases, s.look.refs} {
		if id, ok := aliases[string(ref)]; ok {
			if k := s.kindOf(id); k != 0 {
				return id, k
			}
		}
	}
	return ref, 0
}

func (s scene) kindOf(id graph.ID) graph.Kind {
	if k, ok := s.run.kinds[id]; ok {
		return k
	}
	if n, ok := s.look.nodes[id]; ok {
		return n.Kind
	}
	return s.kinds[id]
}

// admit sorts items into those that can be applied together and those that
// lack something; items that are wrong are rejected. Items may need one
// another, so what falls out is taken from the scene until nothing more falls.
//
// A node waits behind an earlier row of the same node that waits, for the
// earlier row has the first say; in the final round nothing waits any more.
func (r *run) admit(items []*item, look lookup, final bool) (ready, waiting []*item) {
	behind := maps.Clone(r.heldIDs)
	ready = items
	for {
		s := r.scene(ready, look)
		var stay []*item
		for _, it := range ready {
			it.lacks = s.lacks(it)
			mine := func(n graph.Node) bool { return behind[n.ID] }
			if len(it.lacks) > 0 || (!final && slices.ContainsFunc(it.rec.Nodes, mine)) {
				waiting = append(waiting, it)
				for _, n := range it.rec.Nodes {
					behind[n.ID] = true
				}
				continue
			}
			if s.judge(it); len(it.rec.Rejects) > 0 {
				it.file.settle(it.rec)
				continue
			}
			stay = append(stay, it)
		}
		if len(stay) == len(ready) {
			return stay, waiting
		}
		ready = stay
	}
}

// lacks lists what the item points to and nobody has, and replaces aliases by
// the ids they stand for.
func (s scene) lacks(it *item) []lack {
	var lacks []lack
	rec := it.rec
	end := func(ref graph.ID, field string) graph.ID {
		id, kind := s.find(ref)
		if kind == 0 {
			place := rec.place(field)
			if place.Value == "" {
				place.Value = string(ref)
			}
			lacks = append(lacks, lack{place.Value, place, "no such node in this load or in the store"})
		}
		return id
	}
	cite := func(citations []graph.Citation) []graph.Citation {
		out := slices.Clone(citations)
		for i, c := range out {
			if k := s.kindOf(c.Source); k == 0 && slices.Contains(rec.Gone, c.Source) {
				continue
			}
			id, kind := s.find(c.Source)
			out[i].Source = id
			if kind == graph.Source {
				continue
			}
			place := rec.place("source")
			place.Value = string(c.Source)
			lacks = append(lacks, lack{place.Value, place, "no such source in this load or in the store"})
		}
		return out
	}
	for i, n := range rec.Nodes {
		rec.Nodes[i].Citations = cite(n.Citations)
	}
	for i, t := range rec.Ties {
		rec.Ties[i].From = end(t.From, t.FromField)
		rec.Ties[i].To = end(t.To, t.ToField)
		rec.Ties[i].Citations = cite(t.Citations)
	}
	return lacks
}

var seed = maphash.MakeSeed()

// judge rejects what the item's neighbours or the store contradict. An item that is rejected
// makes no claim that another could repeat.
func (s scene) judge(it *item) {
	rec := it.rec
	var made []uint64
	for _, n := range rec.Nodes {
		if k := s.kindOf(n.ID); k != n.Kind {
			place := rec.place("kind")
			place.Value = n.Kind.String()
			rec.Bad(place, CodeValue, fmt.Sprintf("node %s is a %s already", n.ID, k))
		}
	}
	for i, t := range rec.Ties {
		if normal := t.Normal(); normal.From != t.From {
			t = Tie{normal, t.ToField, t.FromField}
		} else {
			t.Tie = normal
		}
		rec.Ties[i] = t
		for _, p := range graph.ValidateTie(t.Tie, s.kindOf(t.From), s.kindOf(t.To)) {
			rec.Bad(rec.tiePlace(t, p), CodeValue, p.Reason)
		}
		key, content := maphash.String(seed, string(t.ID)), hashTie(t.Tie)
		old, ok := s.run.claims[key]
		if !ok {
			old, ok = s.claims[key]
		}
		if ok && old.content != content {
			place := rec.place("id")
			place.Value = string(t.ID)
			rec.Bad(place, CodeDuplicate, fmt.Sprintf("line %d makes the same claim (type, ends, dates, properties, sources) with other particulars: give one of them an id of its own", old.line))
			continue
		}
		if !ok {
			s.claims[key] = claim{content, rec.Line}
			made = append(made, key)
		}
	}
	if len(rec.Rejects) > 0 {
		for _, key := range made {
			delete(s.claims, key)
		}
	}
}

// tiePlace finds the column behind a problem of a tie.
func (r *Record) tiePlace(t Tie, p graph.Problem) Place {
	switch {
	case p.Field == "from" && t.FromField != "":
		p.Field = t.FromField
	case p.Field == "to" && t.ToField != "":
		p.Field = t.ToField
	}
	return r.at(p)
}

// hashTie hashes everything that a tie says, but not the load that brought it.
func hashTie(t graph.Tie) uint64 {
	var h maphash.Hash
	h.SetSeed(seed)
	text := func(parts ...string) {
		for _, p := range parts {
			maphash.WriteComparable(&h, p)
		}
	}
	text(string(t.From), string(t.To), t.Confidence.Rule, t.ConflictSet, t.DerivedBy, t.Note)
	for _, d := range []graph.Date{t.Span.Start, t.Span.End, t.Span.First, t.Span.Last} {
		text(d.Text)
	}
	for _, name := range t.Props.Names() {
		text(name)
		text(t.Props[name]...)
	}
	for _, c := range t.Citations {
		maphash.WriteComparable(&h, c)
	}
	maphash.WriteComparable(&h, [6]float64{float64(t.Type), t.Confidence.Value, t.Weight.Value, float64(t.Marking), float64(t.Status)})
	maphash.WriteComparable(&h, t.Grade)
	maphash.WriteComparable(&h, [2]bool{t.Weight.Known, t.Derived})
	return h.Sum64()
}
