package loaders

import (
	"cmp"
	"context"
	"errors"
	"fmt"
	"io"
	"slices"
	"strings"
	"sync/atomic"

	"entangle/graph"
)

// Store is what a load needs of a graph.Store.
type Store interface {
	View(ctx context.Context, clearance graph.Marking) (graph.View, error)
	Apply(ctx context.Context, b graph.Batch) (graph.Applied, error)
}

// Progress is told of the work as it is done. It may be called from the
// goroutine of Run only.
type Progress interface {
	// File begins a file of that many bytes, 0 where unknown.
	File(name string, bytes int64)
	// Add counts bytes of the file, as they are stored, and rows.
	Add(bytes int64, rows int)
}

// Options of a run. The zero value is ready for use.
type Options struct {
	// Format overrides what the content says, "" to detect it.
	Format string
	// Dataset names the data. Default: the file's name without extensions, or
	// the folder's name for a folder.
	Dataset string
	// DryRun reads and checks everything and applies nothing.
	DryRun bool
	// BatchSize is how many nodes and ties go to the store at once; 0 is 5,000.
	BatchSize int
	// MaxHeld bounds the records that wait for an end that was not read yet; 0
	// is 1,000,000.
	MaxHeld int
	// KeepDetails is how many rejects and repairs the report lists for a file;
	// all are counted. 0 is 10,000.
	KeepDetails int
	// OnReject, where not nil, is given every reject as it is found.
	OnReject func(Reject)
	// Deny lists fields that are not loaded; nil is DefaultDeny.
	Deny []string
	// MaxBytes and MaxRatio bound what a gzip file unpacks to; 0 is 4 GiB and 200.
	MaxBytes, MaxRatio int64
	// Progress may be nil.
	Progress Progress
}

func (o Options) withDefaults() Options {
	o.BatchSize = cmp.Or(max(o.BatchSize, 0), 5_000)
	o.MaxHeld = cmp.Or(max(o.MaxHeld, 0), 1_000_000)
	o.KeepDetails = cmp.Or(max(o.KeepDetails, 0), 10_000)
	o.MaxBytes = cmp.Or(max(o.MaxBytes, 0), 4<<30)
	o.MaxRatio = cmp.Or(max(o.MaxRatio, 0), 200)
	if o.Deny == nil {
		o.Deny = DefaultDeny()
	}
	return o
}

// Run loads the inputs into the store and reports on every row. A bad row or
// file is reported and the rest loads; the report's Rows tell whether anything
// was rejected.
//
// The error says why the run as a whole ended early: a name of no format
// (ErrFormat) or an input that is not there (ErrInput), found before anything
// is read; a cancelled context; or an error of the store. The report is then
// still given, nil only where nothing was read: what was applied stays, and the
// same run again goes on where this one ended.
func Run(ctx context.Context, store Store, reg *Registry, inputs []Input, opt Options) (*Report, error) {
	opt = opt.withDefaults()
	var forced Format
	if opt.Format != "" {
		var err error
		if forced, err = reg.Format(opt.Format); err != nil {
			return nil, err
		}
	}
	files, skipped, err := expand(inputs, reg)
	if err != nil {
		return nil, err
	}
	if len(files) == 0 {
		return nil, fmt.Errorf("%w: no file to load", ErrInput)
	}
	r := &run{
		store: store, opt: opt, report: &Report{DryRun: opt.DryRun, Skipped: skipped},
		denied: denier(opt.Deny), kinds: map[graph.ID]graph.Kind{}, aliases: map[string]graph.ID{}, claims: map[uint64]claim{},
		missing: map[string]int{}, pretend: map[graph.ID]graph.Node{}, heldIDs: map[graph.ID]bool{},
	}
	jobs, err := r.prepare(ctx, files, reg, forced)
	if err == nil {
		for _, j := range jobs {
			if err = r.file(ctx, j); err != nil {
				break
			}
		}
	}
	if err == nil {
		err = r.settle(ctx, r.release(), true)
	}
	r.finish(err)
	return r.report, err
}

// run is the state of one load.
type run struct {
	store  Store
	opt    Options
	report *Report
	states []*fileState
	denied func(string) bool

	kinds   map[graph.ID]graph.Kind // nodes of this run that are applied
	aliases map[string]graph.ID     // their aliases
	claims  map[uint64]claim        // ties of this run that are applied
	pretend map[graph.ID]graph.Node // what a dry run would have made of nodes
	missing map[string]int

	seq   int
	batch []*item
	size  int // nodes and ties in batch
	// held wait for what they point to; heldIDs are the nodes that they bring.
	held    []*item
	heldIDs map[graph.ID]bool
	at      string // where reading stands, for Stopped
}

// item is a record on its way into the store.
type item struct {
	seq  int // order of reading
	file *fileState
	rec  *Record
	// lacks are the references that nobody has so far.
	lacks []lack
	// extra are repairs found on the way.
	extra []Repair
}

// job is a file with the format that reads it.
type job struct {
	state  *fileState
	format Format
	match  Match
	open   opener
	in     Input
}

// prepare looks at every file and puts the files into the order of reading.
func (r *run) prepare(ctx context.Context, files []Input, reg *Registry, forced Format) ([]job, error) {
	var jobs []job
	for _, in := range files {
		if err := ctx.Err(); err != nil {
			return nil, err
		}
		state := newFileState(in.Name, r.opt)
		r.states = append(r.states, state)
		r.report.Files = append(r.report.Files, state.report)
		o := opener{in: in, maxBytes: r.opt.MaxBytes, maxRatio: r.opt.MaxRatio}
		seen, err := o.look()
		if fault, ok := errors.AsType[*Fault](err); ok {
			state.fault(fault.Place, fault.Reason)
			continue
		}
		if err != nil {
			state.fault(Place{}, err.Error())
			continue
		}
		state.report.Bytes = seen.bytes
		if value, reason := refuse(seen.head); reason != "" {
			state.fault(Place{Line: 1, Value: value}, reason)
			continue
		}
		format, match := reg.detect(seen.head)
		if forced != nil {
			format, match = forced, forced.Detect(seen.head)
		}
		if format == nil {
			first, _, _ := strings.Cut(string(seen.head), "\n")
			state.fault(Place{Line: 1, Value: first}, "no known format begins like this (known: "+strings.Join(reg.Names(), ", ")+")")
			continue
		}
		if seen.mark {
			state.note(Note{Text: "a byte order mark was taken off the beginning"})
		}
		jobs = append(jobs, r.job(state, format, match, o, seen))
	}
	slices.SortStableFunc(jobs, func(a, b job) int { return cmp.Compare(a.match.Rank, b.match.Rank) })
	return jobs, nil
}

func (r *run) job(state *fileState, format Format, match Match, o opener, seen survey) job {
	rep := state.report
	rep.Format, rep.Part = format.Properties().Name, match.Part
	rep.Dataset = cmp.Or(r.opt.Dataset, o.in.dataset)
	rep.Load = LoadID(rep.Dataset, rep.Format, seen.sum)
	state.load = graph.Load{ID: rep.Load, Dataset: rep.Dataset, Format: rep.Format}
	return job{state: state, format: format, match: match, open: o, in: o.in}
}

// LoadID derives a load's id from the dataset, the format and the hash of the
// content, so that equal files give equal loads.
func LoadID(dataset, format, contentHash string) graph.ID {
	id := graph.DeriveID(graph.Source, "load", dataset, format, contentHash)
	return graph.ID("load-" + strings.TrimPrefix(string(id), "source-"))
}

// file reads one file to its end.
func (r *run) file(ctx context.Context, j job) error {
	var read atomic.Int64 // a format may read a file twice: counted once
	var told int64
	tell := func(int64) {}
	if r.opt.Progress != nil {
		r.opt.Progress.File(j.in.Name, j.in.Size)
		j.open.count = func(n int64) { read.Store(max(n, read.Load())) }
		tell = func(n int64) {
			if n > told {
				r.opt.Progress.Add(n-told, 0)
				told = n
			}
		}
	}
	content := Content{
		Name: j.in.Name, Dataset: j.state.report.Dataset, Named: r.opt.Dataset != "", Denied: r.denied,
		Open: func() (io.ReadCloser, error) { return j.open.open() },
	}
	row, line := 0, 1
	for rec, err := range ahead(j.format.Read(ctx, content), read.Load, tell) {
		if err := ctx.Err(); err != nil {
			return err
		}
		if err != nil { // of this file: the next may be sound
			fault := Unreadable(err, line)
			j.state.fault(fault.Place, fault.Reason)
			break
		}
		line = rec.Line + 1
		r.at = fmt.Sprintf("%s line %d", j.in.Name, rec.Line)
		if rec.Row > row {
			if r.opt.Progress != nil {
				r.opt.Progress.Add(0, rec.Row-row)
			}
			row = rec.Row
		}
		if err := r.take1(ctx, j.state, rec); err != nil {
			return err
		}
	}
	if err := ctx.Err(); err != nil {
		return err
	}
	if err := r.flush(ctx); err != nil {
		return err
	}
	return r.settle(ctx, r.release(), false)
}

// take1 checks a record by itself and puts it into the batch.
func (r *run) take1(ctx context.Context, f *fileState, rec Record) error {
	for _, n := range rec.Notes {
		f.note(n)
	}
	if rec.Row == 0 {
		return nil
	}
	f.begin(&rec)
	if len(rec.Rejects) == 0 {
		for _, n := range slices.Concat(rec.Nodes, rec.Stubs) {
			for _, p := range graph.ValidateNode(n) {
				rec.Bad(rec.at(p), CodeValue, p.Reason)
			}
		}
	}
	if len(rec.Rejects) > 0 {
		f.settle(&rec)
		return nil
	}
	r.seq++
	r.batch = append(r.batch, &item{seq: r.seq, file: f, rec: &rec})
	r.size += len(rec.Nodes) + len(rec.Stubs) + len(rec.Ties)
	if r.size < r.opt.BatchSize {
		return nil
	}
	return r.flush(ctx)
}

// at places a problem: where the reader does not know the field, the problem's
// own value is told.
func (r *Record) at(p graph.Problem) Place {
	place := r.place(p.Field)
	if place.Value == "" {
		place.Value = p.Value
	}
	return place
}

func (r *run) flush(ctx context.Context) error {
	items := r.batch
	r.batch, r.size = nil, 0
	return r.settle(ctx, items, false)
}

func (r *run) finish(err error) {
	if err != nil {
		r.report.Stopped = fmt.Sprintf("%v at %s", err, cmp.Or(r.at, "the beginning"))
	}
	for _, f := range r.states {
		f.finish()
	}
	for ref, n := range r.missing {
		r.report.Missing = append(r.report.Missing, Missing{ref, n})
	}
	slices.SortFunc(r.report.Missing, func(a, b Missing) int { return cmp.Compare(a.Ref, b.Ref) })
}
