package main

import (
	"bytes"
	"fmt"
	"go/ast"
	"go/parser"
	"go/token"
	"os"
	"path"
	"path/filepath"
	"slices"
	"strings"
)

// change is one small change of a file.
type change struct {
	file, fn    string // file from the module's root; the function, "Type.Method" for a method, "" outside
	line        int
	kind        string
	from, to    int    // bytes of the file that are replaced
	text        string // what stands there instead
	minus, plus string // the line before and after, without the blanks around it
}

// key names the change without its line, which moves.
func (c change) key() string { return strings.Join([]string{c.file, c.fn, c.minus, c.plus}, "\n") }

// changesOf returns all the changes of a package, in the order of the source.
func changesOf(p pkg) ([]change, error) {
	var all []change
	for _, name := range p.files {
		src, err := os.ReadFile(filepath.Join(p.dir, name)) //nolint:gosec // a file of the module
		if err != nil {
			return nil, err
		}
		changes, err := changesIn(path.Join(p.path, name), src)
		if err != nil {
			return nil, err
		}
		all = append(all, changes...)
	}
	return all, nil
}

// changesIn returns the changes of one file, in the order of the source.
func changesIn(name string, src []byte) ([]change, error) {
	fset := token.NewFileSet()
	file, err := parser.ParseFile(fset, name, src, parser.SkipObjectResolution|parser.ParseComments)
	if err != nil {
		return nil, fmt.Errorf("%w", err)
	}
	if ast.IsGenerated(file) {
		return nil, nil
	}
	f := finder{name: name, src: src, file: fset.File(file.Pos())}
	for _, d := range file.Decls {
		switch d := d.(type) {
		case *ast.FuncDecl:
			f.fn = nameOf(d)
			if d.Body != nil {
				f.body(d.Type, d.Body)
			}
		case *ast.GenDecl:
			f.fn = ""
			if d.Tok == token.CONST || d.Tok == token.VAR {
				f.values(d)
			}
		}
	}
	slices.SortStableFunc(f.found, func(a, b change) int { return a.from - b.from })
	return f.found, nil
}

func nameOf(d *ast.FuncDecl) string {
	if d.Recv == nil || len(d.Recv.List) == 0 {
		return d.Name.Name
	}
	t := d.Recv.List[0].Type
	for {
		switch x := t.(type) {
		case *ast.StarExpr:
			t = x.X
		case *ast.IndexExpr:
			t = x.X
		case *ast.IndexListExpr:
			t = x.X
		case *ast.Ident:
			return x.Name + "." + d.Name.Name
		default:
			return d.Name.Name
		}
	}
}

// finder goes through one file.
type finder struct {
	name  string
	src   []byte
	file  *token.File
	fn    string
	found []change
}

// add notes that the bytes of [from, to) may be replaced.
func (f *finder) add(kind string, from, to token.Pos, text string) {
	c := change{file: f.name, fn: f.fn, line: f.file.Line(from), kind: kind, text: text, from: f.file.Offset(from), to: f.file.Offset(to)}
	c.minus = lineAt(f.src, c.from)
	c.plus = lineAt(c.apply(f.src), c.from)
	f.found = append(f.found, c)
}

// apply returns the source with the change made. What is replaced keeps its number of
// lines, so that positions in messages stay true.
func (c change) apply(src []byte) []byte {
	lines := bytes.Count(src[c.from:c.to], []byte("\n")) - strings.Count(c.text, "\n")
	return slices.Concat(src[:c.from], []byte(c.text), bytes.Repeat([]byte("\n"), max(lines, 0)), src[c.to:])
}

// lineAt returns the line of a byte, without the blanks around it.
func lineAt(src []byte, at int) string {
	from := bytes.LastIndexByte(src[:at], '\n') + 1
	line, _, _ := bytes.Cut(src[from:], []byte("\n"))
	if line := strings.TrimSpace(string(line)); line != "" {
		return line
	}
	return "(nothing)"
}
