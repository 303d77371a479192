package querytest

import (
	"fmt"
	"go/ast"
	"go/constant"
	"go/parser"
	"go/token"
)

// number reads a number or a sum, such as 1/3, -1/2 or 1-0.5*0.25, so that a case
// shows how an expected value comes about. Arithmetic is exact.
func number(text string) (float64, error) {
	expr, err := parser.ParseExpr(text)
	if err != nil {
		return 0, fmt.Errorf("%q is not a number", text)
	}
	v := eval(expr)
	if v.Kind() == constant.Unknown {
		return 0, fmt.Errorf("%q is not a number", text)
	}
	f, _ := constant.Float64Val(v)
	return f, nil
}

func eval(expr ast.Expr) constant.Value {
	unknown := constant.MakeUnknown()
	switch e := expr.(type) {
	case *ast.BasicLit:
		if e.Kind == token.INT || e.Kind == token.FLOAT {
			return constant.ToFloat(constant.MakeFromLiteral(e.Value, e.Kind, 0))
		}
	case *ast.ParenExpr:
		return eval(e.X)
	case *ast.UnaryExpr:
		if x := eval(e.X); e.Op == token.SUB && x.Kind() != constant.Unknown {
			return constant.UnaryOp(token.SUB, x, 0)
		}
	case *ast.BinaryExpr:
		x, y := eval(e.X), eval(e.Y)
		switch e.Op {
		case token.ADD, token.SUB, token.MUL, token.QUO:
			if e.Op == token.QUO && y.Kind() != constant.Unknown && constant.Sign(y) == 0 {
				return unknown
			}
			return constant.BinaryOp(x, e.Op, y)
		default:
		}
	default:
	}
	return unknown
}
