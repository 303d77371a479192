package exec_test

import (
	"context"
	"encoding/json"
	"strings"
	"testing"
	"time"

	"github.com/vektah/gqlparser/v2/ast"
	"github.com/vektah/gqlparser/v2/lexer"

	"entangle/schema/exec"
)

// What the scan lets pass must hold for the tokens that the parser's lexer sees: no more of them, and no deeper.
func FuzzScan(f *testing.F) {
	for _, req := range hostile() {
		if len(req.Query) < 8<<10 {
			f.Add(req.Query)
		}
	}
	for _, s := range []string{`""""""`, `"""a""""`, `"""\""""""`, `"\"" {`, "1.5e-3.2", "-", "0x1", "..", "...", "#\r{", "\ufeff{a}", `"""a"""" {[(`, "1a", "a\"b\"\"\"c\"\"\""} {
		f.Add(s)
	}
	limits := exec.Limits{Tokens: 200, BracketDepth: 10, Directives: 5, NameLength: 20}
	f.Fuzz(func(t *testing.T, src string) {
		if exec.Scan(src, limits) != nil {
			return
		}
		lex := lexer.New(&ast.Source{Input: src})
		var tokens, depth, directives int
		for {
			tok, err := lex.ReadToken()
			if err != nil || tok.Kind == lexer.EOF {
				return
			}
			switch tokens++; tok.Kind {
			case lexer.BraceL, lexer.BracketL, lexer.ParenL:
				depth++
			case lexer.BraceR, lexer.BracketR, lexer.ParenR:
				depth--
			case lexer.At:
				directives++
			case lexer.Name, lexer.Int, lexer.Float:
				if len(tok.Value) > limits.NameLength {
					t.Fatalf("token %q passed", tok.Value)
				}
			default:
			}
			if tokens > limits.Tokens || depth > limits.BracketDepth || directives > limits.Directives {
				t.Fatalf("%d tokens, depth %d, %d directives passed", tokens, depth, directives)
			}
		}
	})
}

// Whatever comes is answered with JSON, soon.
func FuzzDoor(f *testing.F) {
	for _, req := range hostile() {
		if len(req.Query) < 2<<10 {
			f.Add(req.Query, `{"v":1}`)
		}
	}
	for _, q := range []string{
		fullIntrospection, "{ out { int nan enum text json list } }", "mutation { add(n: 1) { id } }", "{ hits { ... on Person { name friend { id } } ... on Group { size } } }",
		"query($v: Filter, $w: [Role!] = MINISTER) { echo(filter: $v, json: {a: $w}) }", "{ boom secret strict }", "{ page(first: 3) { nodes { id must(fail: true) } totalCount } }",
	} {
		f.Add(q, `{"v":{"and":{"name":null}}}`)
	}
	d := newDoor(f, func(o *exec.Options) { o.Limits.ResponseBytes = 1 << 20 })
	batch := exec.NewBatch(func(_ context.Context, ids []string) (map[string][]*person, error) {
		return map[string][]*person{ids[0]: people}, nil
	})
	f.Fuzz(func(t *testing.T, query, variables string) {
		ctx, cancel := context.WithTimeout(context.WithValue(t.Context(), levelsKey{}, batch), 2*time.Second)
		defer cancel()
		askCtx(ctx, t, d, exec.Request{Query: query, Variables: json.RawMessage(variables)})
		if ctx.Err() != nil && !strings.Contains(query, "waiting") {
			t.Fatal("took more than two seconds")
		}
	})
}
