package entangle_test

import (
	"go/types"
	"maps"
	"slices"
	"strings"
	"testing"

	"golang.org/x/tools/go/packages"
)

// kernelFace bounds the names of queries/worlds that the questions use, beside those that
// whoever asks a question sees too. Fewer is better: a rule of the model should be changed
// without a look at the questions. docs/decisions/2026-11-30-kernel-wall.md has what it was.
const kernelFace = 65

// seenByAll are functions, variables and constants that belong to the face of the questions
// themselves: defaults, errors, limits and words.
var seenByAll = []string{"DefaultParams", "ErrInput", "ErrUnknown", "MaxExhaustive", "MaxSamples", "ParseSupport", "Supports"}

// TestKernelFaceIsNarrow counts each function, method, field, type, constant and variable of the
// kernel that a file of package queries names. Types that an input or an answer is made of do
// not count, nor do their fields and constants; their methods do.
func TestKernelFaceIsNarrow(t *testing.T) {
	pkgs, err := packages.Load(&packages.Config{
		Mode:       packages.NeedName | packages.NeedFiles | packages.NeedSyntax | packages.NeedTypes | packages.NeedTypesInfo | packages.NeedImports | packages.NeedExportFile,
		BuildFlags: []string{"-tags=nomsgpack"}, Context: t.Context(),
	}, "./queries")
	if err != nil || len(pkgs) != 1 || len(pkgs[0].Errors) > 0 {
		t.Fatalf("loading ./queries: %v, %d packages", err, len(pkgs))
	}
	questions := pkgs[0]
	parts := partsOfAnswers(questions.Types)
	crossing := map[string]bool{}
	for _, used := range questions.TypesInfo.Uses {
		if !used.Exported() || used.Pkg() == nil || used.Pkg().Path() != "entangle/queries/worlds" {
			continue
		}
		if name, counts := crossingName(used, parts); counts {
			crossing[name] = true
		}
	}
	names := slices.Sorted(maps.Keys(crossing))
	if len(names) > kernelFace {
		t.Errorf("%d names of queries/worlds cross to the questions, at most %d should:\n%s", len(names), kernelFace, strings.Join(names, "\n"))
	}
	if len(names) < kernelFace/2 {
		t.Errorf("%d names cross: is this still counting?", len(names))
	}
}

// crossingName names what is used and says whether it counts.
func crossingName(used types.Object, parts map[*types.TypeName]bool) (name string, counts bool) {
	part := func(t types.Type) bool {
		named, ok := types.Unalias(t).(*types.Named)
		return ok && parts[named.Obj()]
	}
	switch o := used.(type) {
	case *types.TypeName:
		return o.Name(), !parts[o]
	case *types.Func:
		if receiver := o.Signature().Recv(); receiver != nil {
			if part(receiver.Type()) && o.Name() == "String" {
				return o.Name(), false
			}
			return types.TypeString(receiver.Type(), func(*types.Package) string { return "" }) + "." + o.Name(), true
		}
	case *types.Var:
		if o.IsField() {
			for of := range parts {
				if s, ok := of.Type().Underlying().(*types.Struct); ok && hasField(s, o) {
					return o.Name(), false
				}
			}
			return "field " + o.Name() + " of " + o.Type().String(), true
		}
	}
	return used.Name(), !slices.Contains(seenByAll, used.Name()) && !part(used.Type())
}

func hasField(s *types.Struct, field *types.Var) bool {
	for f := range s.Fields() {
		if f == field || f.Pos() == field.Pos() && f.Name() == field.Name() {
			return true
		}
	}
	return false
}

// partsOfAnswers are the types of other packages that the exported structs of a package are
// made of.
func partsOfAnswers(of *types.Package) map[*types.TypeName]bool {
	parts, met := map[*types.TypeName]bool{}, map[types.Type]bool{}
	var visit func(t types.Type)
	visit = func(t types.Type) {
		if t = types.Unalias(t); met[t] {
			return
		}
		met[t] = true
		switch t := t.(type) {
		case *types.Named:
			parts[t.Obj()] = true
			visit(t.Underlying())
		case *types.Struct:
			for f := range t.Fields() {
				if f.Exported() {
					visit(f.Type())
				}
			}
		case *types.Pointer:
			visit(t.Elem())
		case *types.Slice:
			visit(t.Elem())
		case *types.Array:
			visit(t.Elem())
		case *types.Map:
			visit(t.Key())
			visit(t.Elem())
		}
	}
	for _, name := range of.Scope().Names() {
		if o, ok := of.Scope().Lookup(name).(*types.TypeName); ok && o.Exported() {
			visit(o.Type())
		}
	}
	return parts
}
