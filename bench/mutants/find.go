package main

import (
	"go/ast"
	"go/token"
	"slices"
	"strings"
)

// The kinds of change.
const (
	comparison = "comparison" // < to >=, == to !=
	boundary   = "boundary"   // < to <=
	negation   = "negation"   // if ok to if !ok
	logic      = "logic"      // && to ||
	arithmetic = "arithmetic" // + to -
	dropped    = "dropped"    // a call or an assignment is not there
	swallowed  = "swallowed"  // nil is returned instead of an error
	constant   = "constant"   // 3 to 4 and 2, true to false
	loop       = "loop"       // break to continue
)

var opposites = map[token.Token]string{
	token.EQL: "!=", token.NEQ: "==", token.LSS: ">=", token.GEQ: "<", token.GTR: "<=", token.LEQ: ">",
}

var neighbours = map[token.Token]string{
	token.LSS: "<=", token.LEQ: "<", token.GTR: ">=", token.GEQ: ">",
}

var others = map[token.Token]string{
	token.ADD: "-", token.SUB: "+", token.MUL: "/", token.QUO: "*", token.REM: "*",
	token.AND: "|", token.OR: "&", token.XOR: "&", token.SHL: ">>", token.SHR: "<<", token.AND_NOT: "&",
	token.ADD_ASSIGN: "-=", token.SUB_ASSIGN: "+=", token.MUL_ASSIGN: "/=", token.QUO_ASSIGN: "*=",
	token.OR_ASSIGN: "&=", token.AND_ASSIGN: "|=", token.XOR_ASSIGN: "&=", token.SHL_ASSIGN: ">>=",
	token.SHR_ASSIGN: "<<=", token.REM_ASSIGN: "*=", token.AND_NOT_ASSIGN: "&=",
	token.INC: "--", token.DEC: "++",
}

// capacityOnly are the functions whose call changes what is allocated and nothing else.
var capacityOnly = map[string]bool{"Grow": true, "Clip": true}

// ofFloats are the functions of strconv that read and write floats.
var ofFloats = map[string]bool{"ParseFloat": true, "FormatFloat": true, "AppendFloat": true}

// values finds the changes in the values of constants and variables outside functions.
func (f *finder) values(d *ast.GenDecl) {
	for _, s := range d.Specs {
		for _, v := range s.(*ast.ValueSpec).Values {
			f.walk(v)
		}
	}
}

// body finds the changes in a function.
func (f *finder) body(t *ast.FuncType, body *ast.BlockStmt) {
	fails := lastIsError(t)
	ast.Inspect(body, func(n ast.Node) bool {
		switch n := n.(type) {
		case *ast.FuncLit:
			f.body(n.Type, n.Body)
			return false
		case *ast.ReturnStmt:
			if fails {
				f.swallow(n)
			}
			return !saysNothing(n, fails)
		}
		return f.node(n)
	})
}

// walk finds the changes in an expression outside functions.
func (f *finder) walk(x ast.Expr) {
	ast.Inspect(x, func(n ast.Node) bool {
		if lit, ok := n.(*ast.FuncLit); ok {
			f.body(lit.Type, lit.Body)
			return false
		}
		return f.node(n)
	})
}

// node finds the changes of one node and reports whether to go on below it.
func (f *finder) node(n ast.Node) bool {
	switch n := n.(type) {
	case *ast.BinaryExpr:
		f.binary(n)
	case *ast.IfStmt:
		f.negate(n.Cond)
	case *ast.ForStmt:
		f.negate(n.Cond)
	case *ast.IncDecStmt:
		f.add(arithmetic, n.TokPos, n.TokPos+2, others[n.Tok])
	case *ast.AssignStmt:
		if other, ok := others[n.Tok]; ok {
			f.add(arithmetic, n.TokPos, n.TokPos+token.Pos(len(n.Tok.String())), other)
		}
	case *ast.BasicLit:
		f.literal(n)
	case *ast.Ident:
		if n.Name == "true" || n.Name == "false" {
			f.add(constant, n.Pos(), n.End(), map[string]string{"true": "false", "false": "true"}[n.Name])
		}
	case *ast.BranchStmt:
		f.branch(n)
	case *ast.BlockStmt:
		f.drop(n.List)
	case *ast.CaseClause:
		f.drop(n.Body)
	case *ast.CommClause:
		f.drop(n.Body)
	case *ast.CallExpr:
		return f.call(n)
	case *ast.GenDecl: // types within a function
		return n.Tok == token.VAR || n.Tok == token.CONST
	}
	return true
}

func (f *finder) binary(n *ast.BinaryExpr) {
	to := n.OpPos + token.Pos(len(n.Op.String()))
	if text, ok := opposites[n.Op]; ok {
		f.add(comparison, n.OpPos, to, text)
	}
	if text, ok := neighbours[n.Op]; ok {
		f.add(boundary, n.OpPos, to, text)
	}
	if text := map[token.Token]string{token.LAND: "||", token.LOR: "&&"}[n.Op]; text != "" {
		f.add(logic, n.OpPos, to, text)
		f.negate(n.X)
		f.negate(n.Y)
	}
	// Text is added and not subtracted: that would not compile.
	if text, ok := others[n.Op]; ok && !isText(n.X) && !isText(n.Y) {
		f.add(arithmetic, n.OpPos, to, text)
	}
}

func isText(x ast.Expr) bool {
	switch x := x.(type) {
	case *ast.BasicLit:
		return x.Kind == token.STRING
	case *ast.BinaryExpr:
		return x.Op == token.ADD && (isText(x.X) || isText(x.Y))
	}
	return false
}

// negate turns a condition that is not a comparison, which has changes of its own.
func (f *finder) negate(x ast.Expr) {
	for {
		p, ok := x.(*ast.ParenExpr)
		if !ok {
			break
		}
		x = p.X
	}
	switch x := x.(type) {
	case *ast.UnaryExpr:
		if x.Op == token.NOT {
			f.add(negation, x.OpPos, x.OpPos+1, "")
		}
	case *ast.CallExpr, *ast.Ident, *ast.SelectorExpr, *ast.IndexExpr, *ast.TypeAssertExpr:
		f.add(negation, x.Pos(), x.Pos(), "!")
	}
}

func (f *finder) literal(n *ast.BasicLit) {
	number := n.Kind == token.INT || n.Kind == token.FLOAT || n.Kind == token.CHAR
	if !number || strings.HasPrefix(n.Value, "0o") { // the rights of a file
		return
	}
	f.add(constant, n.Pos(), n.End(), "("+n.Value+" + 1)")
	f.add(constant, n.Pos(), n.End(), "("+n.Value+" - 1)")
}

func (f *finder) branch(n *ast.BranchStmt) {
	other := map[token.Token]string{token.BREAK: "continue", token.CONTINUE: "break"}[n.Tok]
	if other != "" {
		f.add(loop, n.TokPos, n.TokPos+token.Pos(len(n.Tok.String())), other)
	}
}

// drop takes statements away: calls, assignments to what is declared before, ++ and --,
// deferred calls.
func (f *finder) drop(list []ast.Stmt) {
	for _, s := range list {
		switch s := s.(type) {
		case *ast.ExprStmt:
			if call, ok := s.X.(*ast.CallExpr); ok && !spares(call) {
				f.add(dropped, s.Pos(), s.End(), "")
			}
		case *ast.AssignStmt:
			if s.Tok == token.DEFINE || len(s.Rhs) == 1 && onlyCapacity(s.Rhs[0]) {
				continue
			}
			f.add(dropped, s.Pos(), s.End(), "")
		case *ast.IncDecStmt, *ast.DeferStmt:
			f.add(dropped, s.Pos(), s.End(), "")
		}
	}
}

// spares reports whether the absence of a call is nothing that a test should see: room
// that is asked for ahead, a panic that no input reaches.
func spares(call *ast.CallExpr) bool {
	id, ok := call.Fun.(*ast.Ident)
	return ok && id.Name == "panic" || onlyCapacity(call)
}

func onlyCapacity(x ast.Expr) bool {
	call, ok := x.(*ast.CallExpr)
	if !ok {
		return false
	}
	sel, ok := call.Fun.(*ast.SelectorExpr)
	return ok && capacityOnly[sel.Sel.Name]
}

// call leaves alone what only says how much room is asked for, and how exact a float is
// read and written: there all but 32 is 64 bits, all below 0 the shortest.
func (f *finder) call(n *ast.CallExpr) bool {
	sel, ok := n.Fun.(*ast.SelectorExpr)
	if onlyCapacity(n) || ok && ofFloats[sel.Sel.Name] {
		return false
	}
	id, ok := n.Fun.(*ast.Ident)
	if !ok || id.Name != "make" || len(n.Args) < 2 {
		return true
	}
	_, isMap := n.Args[0].(*ast.MapType)
	return !isMap && len(n.Args) == 2
}

// swallow replaces the error that a function returns by nil.
func (f *finder) swallow(n *ast.ReturnStmt) {
	if len(n.Results) == 0 {
		return
	}
	last := n.Results[len(n.Results)-1]
	if id, ok := last.(*ast.Ident); ok && id.Name == "nil" {
		return
	}
	f.add(swallowed, last.Pos(), last.End(), "nil")
}

// saysNothing reports whether a return is that of a failure with nothing beside it, as in
// "return 0, false" or "return 0, err": nobody looks at the 0.
func saysNothing(n *ast.ReturnStmt, fails bool) bool {
	if len(n.Results) < 2 {
		return false
	}
	for _, x := range n.Results[:len(n.Results)-1] {
		lit, ok := x.(*ast.BasicLit)
		if zero := ok && (lit.Value == "0" || lit.Value == `""`); !zero && !isWord(x, "nil", "false") {
			return false
		}
	}
	last := n.Results[len(n.Results)-1]
	if fails {
		return !isWord(last, "nil")
	}
	return isWord(last, "false")
}

func isWord(x ast.Expr, words ...string) bool {
	id, ok := x.(*ast.Ident)
	return ok && slices.Contains(words, id.Name)
}

func lastIsError(t *ast.FuncType) bool {
	if t.Results == nil || len(t.Results.List) == 0 {
		return false
	}
	id, ok := t.Results.List[len(t.Results.List)-1].Type.(*ast.Ident)
	return ok && id.Name == "error"
}
