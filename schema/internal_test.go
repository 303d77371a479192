package schema

import (
	"context"
	"go/ast"
	"go/parser"
	"go/token"
	"math"
	"path/filepath"
	"slices"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"entangle/graph"
	"entangle/queries"
	"entangle/schema/exec"
	"entangle/schema/questions"
)

func sdlOf(t *testing.T, v vocabulary) string {
	t.Helper()
	types, _, err := buildTypes(v, Config{})
	if err != nil {
		t.Fatal(err)
	}
	sdl, err := exec.PrintSDL(types)
	if err != nil {
		t.Fatal(err)
	}
	return sdl
}

func table() vocabulary { return vocabulary{kinds: graph.Kinds(), ties: graph.TieTypes()} }

// TestNewRowIsEnough adds a type of tie and a property to the table and finds
// them in the schema: nothing else has to be written.
func TestNewRowIsEnough(t *testing.T) {
	v := table()
	v.ties = append(slices.Clone(v.ties), graph.TieInfo{
		Type: graph.TieType(len(v.ties) + 1), Name: "TAUGHT_BY", Out: "taughtBy", In: "pupils",
		Ends:  []graph.Ends{{From: graph.Person, To: graph.Person}, {From: graph.Person, To: graph.Institution}},
		Props: []graph.PropSpec{{Name: "subject", Help: "What was taught."}},
		Help:  "A person was taught by another or at an institution.",
	})
	v.kinds = slices.Clone(v.kinds)
	v.kinds[0].Props = append(slices.Clone(v.kinds[0].Props), graph.PropSpec{Name: "height", Type: graph.FloatProp, Help: "Height, m."})
	before, after := sdlOf(t, table()), sdlOf(t, v)
	for _, line := range []string{
		"  TAUGHT_BY\n", "  taughtBy(\n", "  pupils(\n", "  subject: String\n", "  height: Float\n", "  height: FloatWhere\n",
		"  taughtBy: TaughtByEntityFilter\n", "  pupils: TaughtByPersonFilter\n", "input TaughtByTieWhere {\n",
	} {
		if strings.Contains(before, line) || !strings.Contains(after, line) {
			t.Errorf("the new row does not bring %q", line)
		}
	}
}

// TestTableMistakes: a table that cannot become a schema is refused with the row.
func TestTableMistakes(t *testing.T) {
	tie := graph.TieInfo{Type: 100, Name: "NEW_TIE", Out: "newOut", In: "newIn", Ends: []graph.Ends{{From: graph.Person, To: graph.Group}}, Help: "New."}
	for name, tt := range map[string]struct {
		change func(*graph.TieInfo)
		want   string
	}{
		"field of every node":    {func(i *graph.TieInfo) { i.Out = "name" }, "Person.name (NEW_TIE): every node has that field"},
		"property of the kind":   {func(i *graph.TieInfo) { i.Out = "born" }, "Person.born (NEW_TIE): a property has that name"},
		"property of other kind": {func(i *graph.TieInfo) { i.Out = "echelon" }, "Institution.echelon: ties of type NEW_TIE have a field of that name"},
		"field of another tie":   {func(i *graph.TieInfo) { i.In = "members" }, "Group.members (NEW_TIE): MEMBER_OF has that field"},
		"one name both ways":     {func(i *graph.TieInfo) { i.In = i.Out }, "the field newOut is of NEW_TIE and of NEW_TIE"},
		"field of every tie":     {func(i *graph.TieInfo) { i.Props = []graph.PropSpec{{Name: "weight"}} }, "NEW_TIE.weight: every tie has that field"},
		"another type":           {func(i *graph.TieInfo) { i.Props = []graph.PropSpec{{Name: "seats"}} }, "NEW_TIE.seats: another type of tie has it with another type"},
	} {
		t.Run(name, func(t *testing.T) {
			row := tie
			tt.change(&row)
			v := table()
			v.ties = append(slices.Clone(v.ties), row)
			if _, _, err := buildTypes(v, Config{}); err == nil || !strings.Contains(err.Error(), tt.want) {
				t.Errorf("got %v, want %q", err, tt.want)
			}
		})
	}
}

// TestQuestionsAreTheTable: each question of the table is a root field and has its price;
// no other field has.
func TestQuestionsAreTheTable(t *testing.T) {
	types, asked, err := buildTypes(table(), Config{})
	if err != nil {
		t.Fatal(err)
	}
	var want, names []string
	for _, row := range queries.Questions() {
		want = append(want, row.Name)
	}
	for _, q := range asked {
		names = append(names, q.Name)
	}
	slices.Sort(want)
	slices.Sort(names)
	if diff := cmp.Diff(want, names); diff != "" {
		t.Errorf("a question of queries.Questions has a line in New of schema/questions, and no other has (-of the table +of New)\n%s", diff)
	}
	ctx, args := t.Context(), func() map[string]any { return nil }
	some := queries.Size{Ties: 500, Groups: 40}
	cost := questionCost(asked, func(context.Context, any) queries.Size { return some })
	for name, field := range types.QueryType().Fields() {
		i := slices.IndexFunc(asked, func(q questions.Question) bool { return q.Name == name })
		want := -1
		if i >= 0 {
			want = int(math.Ceil(asked[i].Cost(ctx, nil, some).Units))
			if want <= 0 || field.Description != asked[i].Field.Description {
				t.Errorf("%s costs %d and is said to be: %s", name, want, field.Description)
			}
		}
		if got, _ := cost(ctx, nil, "Query", name, args); got != want {
			t.Errorf("%s is priced at %d, want %d", name, got, want)
		}
		if got, _ := cost(ctx, nil, "Purge", name, args); got != -1 {
			t.Errorf("%s of another type is priced at %d", name, got)
		}
	}
}

// TestNoRowIsNamed reads this package's source: no type of tie is named in it,
// and no kind but Source, which citations point to. The questions, whose model is made
// of rows, have a package of their own.
func TestNoRowIsNamed(t *testing.T) {
	names := map[string]bool{}
	for _, row := range graph.TieTypes() {
		names[pascal(row.Name)] = true
		names[`"`+row.Name+`"`], names[`"`+row.Out+`"`], names[`"`+row.In+`"`] = true, true, true
	}
	for _, row := range graph.Kinds() {
		if row.Kind != graph.Source {
			names[row.Name], names[`"`+row.Name+`"`], names[`"`+row.Plural+`"`] = true, true, true
		}
	}
	files, err := filepath.Glob("*.go")
	if err != nil {
		t.Fatal(err)
	}
	fset := token.NewFileSet()
	for _, file := range files {
		if strings.HasSuffix(file, "_test.go") {
			continue
		}
		tree, err := parser.ParseFile(fset, file, nil, 0)
		if err != nil {
			t.Fatal(err)
		}
		ast.Inspect(tree, func(n ast.Node) bool {
			switch n := n.(type) {
			case *ast.SelectorExpr:
				if pkg, ok := n.X.(*ast.Ident); ok && pkg.Name == "graph" && names[n.Sel.Name] {
					t.Errorf("%s names graph.%s", fset.Position(n.Pos()), n.Sel.Name)
				}
			case *ast.BasicLit:
				if names[n.Value] {
					t.Errorf("%s names %s", fset.Position(n.Pos()), n.Value)
				}
			}
			return true
		})
	}
}

// FuzzCursor: whatever a client sends as a cursor is an error or the place that
// was sealed.
func FuzzCursor(f *testing.F) {
	s := newScope("people", "{}")
	other := newScope("people", `{"sort":1}`)
	f.Add(s.nodeCursor(graph.NodeCursor{Key: "adel karim", ID: "p-adel"}))
	f.Add(s.tieCursor(graph.TieCursor{Start: graph.MinDay, ID: "t-1"}))
	f.Add("")
	f.Add("AAAA")
	f.Fuzz(func(t *testing.T, cursor string) {
		if c, err := s.parseNode(cursor); err == nil {
			if c.ID == "" {
				t.Errorf("%q: no id", cursor)
			}
			if _, err := other.parseNode(s.nodeCursor(*c)); err == nil {
				t.Errorf("%q: good in another list too", cursor)
			}
			if again, err := s.parseNode(s.nodeCursor(*c)); err != nil || *again != *c {
				t.Errorf("%q: reads %v, then %v, %v", cursor, c, again, err)
			}
		}
		if c, err := s.parseTie(cursor); err == nil {
			if again, err := s.parseTie(s.tieCursor(*c)); err != nil || *again != *c {
				t.Errorf("%q: reads %v, then %v, %v", cursor, c, again, err)
			}
		}
	})
}
