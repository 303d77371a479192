package schema

import (
	"context"
	"errors"
	"fmt"
	"io"
	"log/slog"
	"math"
	"time"

	"github.com/graphql-go/graphql"

	"entangle/graph"
	"entangle/graph/projection"
	"entangle/queries"
	"entangle/schema/exec"
	"entangle/schema/questions"
)

// The sizes of pages where Config gives none.
const (
	DefaultPage    = 50
	DefaultTiePage = 20
	DefaultMaxPage = 1000
	// defaultSnapshots is the number of pictures kept.
	defaultSnapshots = 8
)

// ErrView says that no view of the store could be opened: nothing was executed
// and nothing written. The cause is wrapped beside it.
var ErrView = errors.New("schema: no view of the store")

// Config says what a schema answers from and how. Store is needed; the zero
// value of every other field is a default.
type Config struct {
	Store graph.Store

	Limits        exec.Limits
	Introspection bool
	Log           *slog.Logger  // masked errors; nil discards
	ErrorID       func() string // id of a masked error; nil is random
	Observe       func(ctx context.Context, o exec.Observation)

	Page    int // items of a list where first is left out
	TiePage int // items of a tie field where first is left out
	MaxPage int // the most that first may ask for

	Snapshots *projection.Cache // shared with whoever else asks questions; nil makes one
	// Staleness is how old the state of the data may be that a question is asked of
	// where it does not say; it takes a Clock, as does the argument.
	Staleness  time.Duration
	Clock      func() time.Time
	MaxSamples int // the most worlds that one question may draw; 0 is queries.ServedSamples
	MaxSearch  int // the most worlds in which a plan may be searched for; 0 is queries.ServedSearch
	Workers    int // goroutines of one question; 0 is one a processor

	// Progress, where not nil, is told of the worlds that a purge has done, from
	// any goroutine.
	Progress func(done, total int)
}

func (c Config) withDefaults() Config {
	for _, p := range []struct {
		value    *int
		standard int
	}{{&c.Page, DefaultPage}, {&c.TiePage, DefaultTiePage}, {&c.MaxPage, DefaultMaxPage}} {
		if *p.value <= 0 {
			*p.value = p.standard
		}
	}
	if c.Snapshots == nil {
		conf := projection.CacheConfig{Limit: defaultSnapshots, Clock: c.Clock}
		if c.Store != nil { // printing the schema takes none
			conf.Open = c.Store.View
			if a, ok := c.Store.(graph.Adopting); ok {
				conf.Settle = a.Settle
			}
		}
		c.Snapshots = projection.NewCache(conf)
	}
	return c
}

// Schema answers GraphQL operations from a store. It is safe for concurrent
// use.
type Schema struct {
	store graph.Store
	door  *exec.Door
	log   *slog.Logger
}

// New makes the schema from the vocabulary table of package graph.
func New(cfg Config) (*Schema, error) {
	if cfg.Store == nil {
		return nil, errors.New("schema: Config.Store is missing")
	}
	return newSchema(vocabulary{kinds: graph.Kinds(), ties: graph.TieTypes()}, cfg)
}

func newSchema(v vocabulary, cfg Config) (*Schema, error) {
	cfg = cfg.withDefaults() // the pictures are those of the questions and of their prices
	built, asked, err := buildTypes(v, cfg)
	if err != nil {
		return nil, err
	}
	sizes := &sizes{store: cfg.Store, pictures: cfg.Snapshots, counted: map[graph.Marking]queries.Size{}}
	door, err := exec.New(built, exec.Options{
		Limits:        cfg.Limits,
		Introspection: cfg.Introspection,
		Log:           cfg.Log,
		ErrorID:       cfg.ErrorID,
		Observe:       cfg.Observe,
		Notes:         notes,
		Extensions:    extensions,
		FieldCost:     questionCost(asked, sizes.of),
		Again:         again,
	})
	if err != nil {
		return nil, fmt.Errorf("schema: %w", err)
	}
	log := cfg.Log
	if log == nil {
		log = slog.New(slog.DiscardHandler)
	}
	return &Schema{store: cfg.Store, door: door, log: log}, nil
}

// buildTypes makes the types of graphql-go, and the questions that are among the root
// fields.
func buildTypes(v vocabulary, cfg Config) (graphql.Schema, []questions.Question, error) {
	b, err := newBuilder(v, cfg.withDefaults())
	if err != nil {
		return graphql.Schema{}, nil, err
	}
	built, err := b.schema()
	if err != nil {
		return graphql.Schema{}, nil, fmt.Errorf("schema: %w", err)
	}
	return built, b.questions, nil
}

var notes = exec.Notes{
	Description: "Ties between armed groups and state institutions, as dated, sourced and graded claims.",
	SpecifiedBy: map[string]string{
		"EDTF":     "https://www.loc.gov/standards/datetime/",
		"Interval": "https://www.loc.gov/standards/datetime/",
	},
}

// extensions names the state of the data that an answer was read from, and where a question was
// asked of an older picture, how many seconds old that may be.
func extensions(ctx context.Context) map[string]any {
	s, err := sessionOf(ctx)
	if err != nil {
		return nil
	}
	ext := map[string]any{"dataVersion": string(s.view.Version())}
	if graph.Moved(s.view) {
		ext["dataMoved"] = true
	}
	if age := time.Duration(s.age.Load()); age > 0 {
		ext["dataAge"] = int(math.Ceil(age.Seconds()))
	}
	return ext
}

// maxReopened bounds how often a request starts again because the data changed.
const maxReopened = 2

// reopening is how a request begins anew.
type reopening struct {
	open  func(ctx context.Context) (graph.View, error)
	views []graph.View // opened so far
	used  []*scratch
}

// again is the door's hook: what was read of several states of the data is read
// anew from a new view. A request that asked a question, which is dear and was
// asked of a picture of one state, is not; the extensions tell that it moved.
func again(ctx context.Context) (context.Context, bool) {
	s, err := sessionOf(ctx)
	if err != nil || s.reopening == nil || s.pictured.Load() || !graph.Moved(s.view) || len(s.reopening.views) > maxReopened || ctx.Err() != nil {
		return nil, false
	}
	view, err := s.reopening.open(ctx)
	if err != nil {
		return nil, false // what there is says that it moved
	}
	s.reopening.views = append(s.reopening.views, view)
	next := newSession(view, s.clearance, s.want)
	next.reopening = s.reopening
	s.reopening.used = append(s.reopening.used, next.scratch)
	return context.WithValue(ctx, sessionKey{}, next), true
}

// SDL returns the schema in the schema definition language.
func (s *Schema) SDL() string { return s.door.SDL() }

// Prepare bounds, parses and validates a request and tells what it will be
// before anything is read, but for how much there is, where it asks a question
// and no picture was taken yet. Its Asker is the clearance, a graph.Marking, of
// whoever asks; without one the request is priced as of the lowest. Where it returns errors the request must not be
// executed; exec.WriteErrors writes the answer.
func (s *Schema) Prepare(ctx context.Context, req exec.Request) (*exec.Prepared, []*exec.Error) {
	return s.door.Prepare(ctx, req)
}

// Execute runs an operation on a view under the clearance and writes the
// response to w. An error that wraps ErrView means that nothing was written;
// any other is that of w. What goes wrong with the operation itself is in the
// response.
func (s *Schema) Execute(ctx context.Context, p *exec.Prepared, clearance graph.Marking, w io.Writer) (exec.Result, error) {
	open := func(ctx context.Context) (graph.View, error) { return s.store.View(ctx, clearance) }
	view, err := open(ctx)
	if err != nil {
		return exec.Result{}, fmt.Errorf("%w: %w", ErrView, err)
	}
	first := newSession(view, clearance, wantIn(p))
	first.reopening = &reopening{open: open, views: []graph.View{view}, used: []*scratch{first.scratch}}
	result, err := s.door.Execute(context.WithValue(ctx, sessionKey{}, first), p, w)
	for _, used := range first.reopening.used {
		used.release()
	}
	for _, view := range first.reopening.views {
		if closing := view.Close(); closing != nil {
			// The answer is complete: whoever asked is not made to pay for it.
			s.log.WarnContext(ctx, "closing a view", slog.Any("error", closing))
		}
	}
	return result, err
}
