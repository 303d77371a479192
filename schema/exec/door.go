package exec

import (
	"context"
	"crypto/rand"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"log/slog"
	"runtime/debug"
	"sync"

	"github.com/graphql-go/graphql"
	"github.com/vektah/gqlparser/v2/ast"
	"github.com/vektah/gqlparser/v2/validator"
)

// Options say how a Door behaves. The zero value has default limits, no introspection and no log.
type Options struct {
	Limits        Limits
	Introspection bool // serve __schema and __type, and suggest names in validation errors
	Notes         Notes
	Log           *slog.Logger  // gets every masked error; nil discards
	ErrorID       func() string // makes the errorId of a masked error; nil means a random one

	// FieldCost prices a field; a negative result means the default, which is 1 for a field that selects fields of its own
	// and 0 for a leaf. args returns the arguments of the field as its resolver gets them, nil where they cannot be read;
	// asker is that of the request. Whether a field has a price of its own must not differ between requests. why tells the client what makes the field dear, where it is too dear. FieldCost may be
	// nil.
	FieldCost func(ctx context.Context, asker any, parentType, field string, args func() map[string]any) (cost int, why string)
	// Extensions adds entries to the extensions of a response, once its data is complete. It may be nil.
	Extensions func(ctx context.Context) map[string]any
	// Again is asked once the data of an operation is complete, before anything is written: where it returns true, the
	// data is dropped and the operation executed once more, in the context it returns. It may be nil.
	Again func(ctx context.Context) (context.Context, bool)
	// Observe is told of every executed operation. It may be nil.
	Observe func(ctx context.Context, o Observation)
}

// Observation is what an executed operation came to.
type Observation struct {
	Kind      Kind
	Operation string // its name, may be empty
	Cost      int
	Result    Result
}

// Door answers documents over one schema. It may be used by several goroutines.
type Door struct {
	opts   Options
	limits Limits
	schema graphql.Schema
	ast    *ast.Schema
	sdl    string
	types  types
	meta   map[string]*fieldDef // __schema and __type
	cache  *cache
}

// New builds a Door over a schema. It fails if the schema cannot be printed, or its print does not load, or a default
// value does not fit its type.
func New(schema graphql.Schema, opts Options) (*Door, error) {
	if schema.QueryType() == nil {
		return nil, errors.New("exec: the schema has no query type")
	}
	if opts.Log == nil {
		opts.Log = slog.New(slog.DiscardHandler)
	}
	if opts.ErrorID == nil {
		opts.ErrorID = rand.Text
	}
	d := &Door{opts: opts, limits: opts.Limits.withDefaults(), schema: schema}
	d.cache = newCache(d.limits.CacheBytes)
	var err error
	if d.sdl, err = printSDL(&schema, opts.Notes); err != nil {
		return nil, fmt.Errorf("exec: print schema: %w", err)
	}
	if d.ast, err = validator.LoadSchema(validator.Prelude, &ast.Source{Name: "schema.graphql", Input: d.sdl}); err != nil {
		return nil, fmt.Errorf("exec: load the printed schema: %w", err)
	}
	// gqlparser declares @defer; it is not executed here, so it must not be accepted.
	delete(d.ast.Directives, "defer")
	metaRoot, metaType := metaSchema(func() introspection { return introspection{d.ast} })
	if d.types, err = compile(&schema, []graphql.Type{metaRoot}, opts.Notes); err != nil {
		return nil, fmt.Errorf("exec: %w", err)
	}
	if err := d.addMetaFields(metaRoot, metaType); err != nil {
		return nil, fmt.Errorf("exec: %w", err)
	}
	if err := d.types.setDefaults(d.ast); err != nil {
		return nil, fmt.Errorf("exec: %w", err)
	}
	return d, nil
}

// addMetaFields defines __schema and __type, which only the query root has.
func (d *Door) addMetaFields(schema, typ *graphql.Object) error {
	root := d.types[d.schema.QueryType().Name()]
	out, err := d.types.typ(graphql.NewNonNull(schema))
	if err != nil {
		return err
	}
	one, err := d.types.typ(typ)
	if err != nil {
		return err
	}
	name, err := d.types.typ(graphql.NewNonNull(graphql.String))
	if err != nil {
		return err
	}
	d.meta = map[string]*fieldDef{
		"__schema": {name: "__schema", parent: root, t: out, out: graphql.NewNonNull(schema), resolve: func(graphql.ResolveParams) (any, error) {
			return d.ast, nil
		}},
		"__type": {name: "__type", parent: root, t: one, out: typ, args: []*input{{name: "name", t: name}}, resolve: func(p graphql.ResolveParams) (any, error) {
			return introspection{d.ast}.def(d.ast.Types[p.Args["name"].(string)]), nil
		}},
	}
	return nil
}

// SDL returns the schema in the schema definition language, sorted by name.
func (d *Door) SDL() string { return d.sdl }

// Limits returns the limits in force.
func (d *Door) Limits() Limits { return d.limits }

// Kind is the kind of an operation.
type Kind string

// The kinds of operation. Subscriptions are refused in Prepare.
const (
	Query    Kind = "query"
	Mutation Kind = "mutation"
)

// Request is what a client sends.
type Request struct {
	Query         string
	OperationName string          // empty if the document has one operation
	Variables     json.RawMessage // a JSON object, null or empty
	Extensions    json.RawMessage // not read here

	ReadOnly          bool // refuse mutations, as for GET
	DenyIntrospection bool // refuse __schema and __type for this caller although Options allow them
	Cost              int  // the caller's cost limit; 0 means Limits.Cost
	Asker             any  // who asks, for Options.FieldCost
}

// Prepared is an operation that is ready to run. It is never changed and may be executed several times.
type Prepared struct {
	doc   *document
	op    *ast.OperationDefinition
	vars  map[string]any
	cost  int
	limit int
}

// Kind reports whether the operation is a query or a mutation.
func (p *Prepared) Kind() Kind { return Kind(p.op.Operation) }

// OperationName returns the operation's name, empty if it has none.
func (p *Prepared) OperationName() string { return p.op.Name }

// Cost returns the static cost of the operation and the limit it was held against.
func (p *Prepared) Cost() (requested, limit int) { return p.cost, p.limit }

// Introspection reports whether the document asks for __schema or __type.
func (p *Prepared) Introspection() bool { return p.doc.introspection }

// FieldNames returns the names of all fields in the document, sorted: what an operation of it can ask for of any object.
// The caller must not change it.
func (p *Prepared) FieldNames() []string { return p.doc.fields }

// Kept is where the caller keeps what it worked out from the text of the document alone.
func (p *Prepared) Kept() *sync.Map { return &p.doc.kept }

// Hash returns the SHA-256 of the document's text.
func (p *Prepared) Hash() [32]byte { return p.doc.key }

// Prepare bounds, parses and validates a document, chooses its operation, coerces the variables and computes the cost.
// If it returns errors the request is not to be executed, and WriteErrors writes the response.
func (d *Door) Prepare(ctx context.Context, req Request) (p *Prepared, errs []*Error) {
	defer func() {
		if r := recover(); r != nil {
			e, _ := d.public(ctx, &panicked{value: r})
			d.opts.Log.ErrorContext(ctx, "prepare failed",
				slog.Any("errorId", e.Extensions["errorId"]), slog.Any("panic", r), slog.String("stack", string(debug.Stack())))
			p, errs = nil, []*Error{e}
		}
	}()
	doc, errs := d.document(req.Query, d.opts.Introspection && !req.DenyIntrospection)
	if errs != nil {
		return nil, errs
	}
	op, err := doc.operation(req.OperationName)
	if err != nil {
		return nil, []*Error{err}
	}
	if req.ReadOnly && op.Operation != ast.Query {
		return nil, []*Error{newError(CodeReadOnly, fmt.Sprintf("a %s is not served here, only queries are", op.Operation), at(op.Position))}
	}
	vars, errs := d.variables(op, req.Variables)
	if errs != nil {
		return nil, errs
	}
	p = &Prepared{doc: doc, op: op, vars: vars, limit: d.limits.Cost}
	if req.Cost > 0 {
		p.limit = req.Cost
	}
	c := &coster{ctx: ctx, asker: req.Asker, door: d, doc: doc, vars: vars}
	p.cost = c.set(op.SelectionSet, 0)
	if p.cost > p.limit {
		e := limitError("the operation costs %d, the limit is %d; %s", p.cost, p.limit, c.advice(p.cost))
		e.Extensions["cost"] = p.costExtension()
		return nil, []*Error{e}
	}
	return p, nil
}

func (p *Prepared) costExtension() map[string]int {
	return map[string]int{"requested": p.cost, "limit": p.limit}
}

func (doc *document) operation(name string) (*ast.OperationDefinition, *Error) {
	ops := doc.ast.Operations
	if name == "" {
		if len(ops) == 1 {
			return ops[0], nil
		}
		return nil, newError(CodeBadInput, fmt.Sprintf("the document has %d operations, name the one to run", len(ops)))
	}
	for _, op := range ops {
		if op.Name == name {
			return op, nil
		}
	}
	return nil, newError(CodeBadInput, fmt.Sprintf("Unknown operation named %q.", clip(name, 80)))
}

// variables decodes and coerces the variables of an operation. A variable that was not given and has no default is not
// in the result. Variables the operation does not declare are ignored, as the specification has it.
func (d *Door) variables(op *ast.OperationDefinition, raw json.RawMessage) (map[string]any, []*Error) {
	one := func(format string, args ...any) []*Error {
		return []*Error{newError(CodeBadInput, fmt.Sprintf(format, args...))}
	}
	if len(raw) > d.limits.VariablesBytes {
		return nil, []*Error{limitError("the variables have %d bytes, the limit is %d", len(raw), d.limits.VariablesBytes)}
	}
	switch depth, values := jsonShape(raw); {
	case depth > d.limits.VariablesDepth:
		return nil, []*Error{limitError("the variables nest %d deep, the limit is %d", depth, d.limits.VariablesDepth)}
	case values > d.limits.VariableValues:
		return nil, []*Error{limitError("the variables have %d values, the limit is %d", values, d.limits.VariableValues)}
	}
	// Values are decoded only for variables that the operation declares.
	given, err := variableValues(raw)
	if err != nil {
		return nil, one("the variables are not a JSON object: %v", err)
	}
	vars := make(map[string]any, len(op.VariableDefinitions))
	var errs []*Error
	for _, def := range op.VariableDefinitions {
		t := d.types.ref(def.Type)
		var x any
		var err error
		value, ok := given[def.Variable]
		switch {
		case ok:
			var decoded any
			if decoded, err = decodeValue(value); err == nil {
				x, err = (&coercion{}).json(decoded, t)
			}
		case def.DefaultValue != nil:
			x, err = (&coercion{}).literal(def.DefaultValue, t)
		case def.Type.NonNull:
			err = fmt.Errorf("a value of required type %s was not provided", t)
		default:
			continue
		}
		if err != nil {
			errs = append(errs, newError(CodeBadInput, fmt.Sprintf("Variable $%s: %v", def.Variable, err), at(def.Position)))
			if len(errs) >= d.limits.Errors {
				break
			}
			continue
		}
		vars[def.Variable] = x
	}
	return vars, errs
}

// begin makes what an execution needs.
func (d *Door) begin(p *Prepared, root *graphql.Object) *execution {
	a := takeArena()
	return &execution{
		door: d, doc: p.doc, vars: p.vars, plan: d.planFor(p.doc, p.op, d.types[root.Name()], p.vars),
		arena: a, groups: a.byNumber, args: a.args,
	}
}

// release gives back what the execution took; its data must have been written.
func (x *execution) release() {
	x.arena.byNumber, x.arena.args = x.groups, x.args
	x.arena.release()
}

// Result is what Execute wrote.
type Result struct {
	Errors   []*Error // sorted by path, as written
	Omitted  int      // field errors beyond Limits.FieldErrors
	DataNull bool     // data is null as a whole
	Objects  int      // objects made
	Bytes    int64    // bytes written
}

// Execute runs an operation and streams the response to w: data, then errors if there are any, then extensions. The
// error it returns is that of w; everything else is in the response. When ctx ends, data is null and the code TIMEOUT.
func (d *Door) Execute(ctx context.Context, p *Prepared, w io.Writer) (Result, error) {
	root := d.schema.QueryType()
	if p.op.Operation == ast.Mutation {
		root = d.schema.MutationType()
	}
	x := d.begin(p, root)
	data := x.execute(ctx, p.op)
	for again := d.opts.Again; again != nil; {
		next, more := again(ctx)
		if !more {
			break
		}
		ctx = next //nolint:fatcontext // one takes the place of the other, at most a few times
		x = d.begin(p, root)
		data = x.execute(ctx, p.op)
	}
	sortErrors(x.errs)
	res := Result{Errors: x.errs, Omitted: x.omitted, DataNull: data == nil, Objects: x.objects}

	// What will be written was counted: the buffer need not grow.
	buf := x.arena.text[:0]
	if need := int(min(x.bytes+extensionBytes, flushAt+extensionBytes)); cap(buf) < need {
		buf = make([]byte, 0, need)
	}
	out := &writer{w: w, buf: buf}
	out.text(`{"data":`)
	if data == nil {
		out.text("null")
	} else {
		out.node(data)
	}
	if len(x.errs) > 0 {
		out.text(`,"errors":`)
		out.json(x.errs)
	}
	var ext map[string]any
	if d.opts.Extensions != nil {
		ext = d.opts.Extensions(ctx)
	}
	out.text(`,"extensions":`)
	out.extensions(ext, p, x.omitted)
	out.text("}")
	out.flush()
	res.Bytes = out.n
	if cap(out.buf) <= 2*flushAt {
		x.arena.text = out.buf
	}
	x.release()
	if d.opts.Observe != nil {
		d.opts.Observe(ctx, Observation{Kind: p.Kind(), Operation: p.op.Name, Cost: p.cost, Result: res})
	}
	return res, out.err
}
