package loaders

import (
	"cmp"
	"slices"

	"entangle/graph"
)

// Tally counts rows or records: In = Accepted + Repaired + Rejected.
type Tally struct {
	In       int `json:"in"`
	Accepted int `json:"accepted"`
	Repaired int `json:"repaired"`
	Rejected int `json:"rejected"`
}

func (t Tally) with(o outcome) Tally {
	t.In++
	switch o {
	case accepted:
		t.Accepted++
	case repaired:
		t.Repaired++
	case rejected:
		t.Rejected++
	case open:
	}
	return t
}

func (t Tally) plus(u Tally) Tally {
	return Tally{t.In + u.In, t.Accepted + u.Accepted, t.Repaired + u.Repaired, t.Rejected + u.Rejected}
}

// Collection counts the records of one kind in a file.
type Collection struct {
	Name string `json:"name"`
	Tally
}

// Changes counts what a load did to the store.
type Changes struct {
	Created int `json:"created"`
	Updated int `json:"updated"`
	Same    int `json:"same"`
}

// Missing is a node that records of the load point to and nobody has.
type Missing struct {
	Ref string `json:"ref"`
	// Records that were rejected for want of it.
	Records int `json:"records"`
}

// Count is how often something was rejected or repaired.
type Count struct {
	// What is the code of a reject or the rule of a repair.
	What  string `json:"what"`
	Count int    `json:"count"`
}

// FileReport tells what became of one file.
type FileReport struct {
	Name    string   `json:"name"`
	Format  string   `json:"format,omitempty"`
	Part    string   `json:"part,omitempty"`
	Dataset string   `json:"dataset,omitempty"`
	Load    graph.ID `json:"load,omitempty"`
	// Bytes of the content, decompressed.
	Bytes int64 `json:"bytes"`
	// Rows of the file. A row is rejected if anything in it was, repaired if
	// something in it was and nothing rejected; what else it says is loaded. A
	// part of the file that cannot be read counts as one rejected row.
	Rows Tally `json:"rows"`
	// Collections count records: a row of some formats has several.
	Collections []Collection `json:"collections,omitempty"`
	// RejectCounts and RepairCounts count all of them; Rejects and Repairs list
	// the first ones, by line.
	RejectCounts []Count  `json:"rejectCounts,omitempty"`
	Rejects      []Reject `json:"rejects,omitempty"`
	RepairCounts []Count  `json:"repairCounts,omitempty"`
	Repairs      []Repair `json:"repairs,omitempty"`
	// Notes tell what of the file as a whole was not loaded, or read otherwise.
	Notes []Note `json:"notes,omitempty"`
	// NotApplied counts rows that were read when the run was stopped and are
	// not in the store, or not wholly; they are not in Rows.
	NotApplied int `json:"notApplied,omitempty"`
}

// Collection returns the counts of a collection, zero where the file has none.
func (f *FileReport) Collection(name string) Tally {
	for _, c := range f.Collections {
		if c.Name == name {
			return c.Tally
		}
	}
	return Tally{}
}

// Report tells what became of every row of a load.
type Report struct {
	// DryRun says that nothing was applied; Nodes and Ties tell what would be.
	DryRun  bool          `json:"dryRun"`
	Files   []*FileReport `json:"files"`
	Skipped []Skipped     `json:"skipped,omitempty"`
	Nodes   Changes       `json:"nodes"`
	Ties    Changes       `json:"ties"`
	// Unsourced counts those of Ties, whether they were new or not, that cite no source.
	Unsourced int `json:"tiesWithoutSource"`
	// Missing lists what was pointed to and not found, by reference.
	Missing []Missing `json:"missing,omitempty"`
	// Stopped says why and where the run ended early, "" where it did not. What
	// was applied stays; the same load run again goes on.
	Stopped string `json:"stopped,omitempty"`
	// Version of the store after the last batch, "" where none was applied.
	Version graph.Version `json:"version,omitempty"`
}

// Rows sums the rows of all files.
func (r *Report) Rows() Tally {
	var sum Tally
	for _, f := range r.Files {
		sum = sum.plus(f.Rows)
	}
	return sum
}

// Changed reports whether the load changed the store, or would have.
func (r *Report) Changed() bool {
	return r.Nodes.Created+r.Nodes.Updated+r.Ties.Created+r.Ties.Updated > 0
}

func (r *Report) add(a graph.Applied) {
	r.Nodes.Created += a.NodesCreated
	r.Nodes.Updated += a.NodesUpdated
	r.Nodes.Same += a.NodesSame
	r.Ties.Created += a.TiesCreated
	r.Ties.Updated += a.TiesUpdated
	r.Ties.Same += a.TiesSame
	if a.Version != "" {
		r.Version = a.Version
	}
}

// outcome is what became of a row or record, the worse the higher.
type outcome uint8

const (
	open outcome = iota
	accepted
	repaired
	rejected
)

// fileState gathers a file's report.
type fileState struct {
	report  *FileReport
	load    graph.Load
	rows    []outcome   // by row number - 1
	waiting map[int]int // row → records not settled
	tallies map[string]Tally
	notes   map[[2]string]int
	rejects map[string]int
	repairs map[string]int
	keep    int
	notify  func(Reject)
}

func newFileState(name string, opt Options) *fileState {
	return &fileState{
		report: &FileReport{Name: name}, waiting: map[int]int{}, tallies: map[string]Tally{},
		notes: map[[2]string]int{}, rejects: map[string]int{}, repairs: map[string]int{}, keep: opt.KeepDetails, notify: opt.OnReject,
	}
}

// begin counts a record that was read.
func (f *fileState) begin(rec *Record) {
	for len(f.rows) < rec.Row {
		f.rows = append(f.rows, open)
	}
	f.waiting[rec.Row]++
	if _, ok := f.tallies[rec.Collection]; !ok {
		f.tallies[rec.Collection] = Tally{}
		f.report.Collections = append(f.report.Collections, Collection{Name: rec.Collection})
	}
}

// settle says what became of a record.
func (f *fileState) settle(rec *Record) {
	o := accepted
	switch {
	case len(rec.Rejects) > 0:
		o = rejected
	case len(rec.Repairs) > 0:
		o = repaired
	}
	f.rows[rec.Row-1] = max(f.rows[rec.Row-1], o)
	if f.waiting[rec.Row]--; f.waiting[rec.Row] == 0 {
		delete(f.waiting, rec.Row)
	}
	f.tallies[rec.Collection] = f.tallies[rec.Collection].with(o)
	for _, rej := range rec.Rejects {
		rej.File, rej.Collection = f.report.Name, rec.Collection
		rej.Value = shorten(rej.Value)
		f.rejects[string(rej.Code)]++
		if f.notify != nil {
			f.notify(rej)
		}
		if len(f.report.Rejects) < f.keep {
			f.report.Rejects = append(f.report.Rejects, rej)
		}
	}
	for _, rep := range rec.Repairs {
		f.repairs[rep.Rule]++
		if len(f.report.Repairs) < f.keep {
			rep.Value, rep.Became = shorten(rep.Value), shorten(rep.Became)
			f.report.Repairs = append(f.report.Repairs, rep)
		}
	}
}

// fault counts what of the file cannot be read as one rejected row.
func (f *fileState) fault(at Place, reason string) {
	rec := &Record{Row: len(f.rows) + 1, Collection: "file", Line: at.Line}
	rec.Bad(at, CodeFile, reason)
	f.begin(rec)
	f.settle(rec)
}

func (f *fileState) note(n Note) { f.notes[[2]string{n.Field, n.Text}] += max(n.Count, 1) }

// finish closes the counts.
func (f *fileState) finish() {
	for row := range f.waiting {
		f.rows[row-1] = open
	}
	for _, o := range f.rows {
		if o == open {
			f.report.NotApplied++
			continue
		}
		f.report.Rows = f.report.Rows.with(o)
	}
	for i, c := range f.report.Collections {
		f.report.Collections[i].Tally = f.tallies[c.Name]
	}
	f.report.RejectCounts, f.report.RepairCounts = counts(f.rejects), counts(f.repairs)
	byPlace := func(a, b Place) int {
		return cmp.Or(cmp.Compare(a.Line, b.Line), cmp.Compare(a.Column, b.Column), cmp.Compare(a.Field, b.Field))
	}
	slices.SortStableFunc(f.report.Rejects, func(a, b Reject) int { return byPlace(a.Place, b.Place) })
	slices.SortStableFunc(f.report.Repairs, func(a, b Repair) int { return byPlace(a.Place, b.Place) })
	for key, n := range f.notes {
		f.report.Notes = append(f.report.Notes, Note{key[0], key[1], n})
	}
	slices.SortFunc(f.report.Notes, func(a, b Note) int { return cmp.Or(cmp.Compare(a.Field, b.Field), cmp.Compare(a.Text, b.Text)) })
}

func counts(of map[string]int) []Count {
	var out []Count
	for what, n := range of {
		out = append(out, Count{what, n})
	}
	slices.SortFunc(out, func(a, b Count) int { return cmp.Compare(a.What, b.What) })
	return out
}
