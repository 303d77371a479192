package exec_test

import (
	"bytes"
	"math"
	"sort"
	"strings"
	"testing"

	"github.com/graphql-go/graphql"

	"entangle/schema/exec"
)

// TestAnswerBoundCountsBytes: no answer that is longer than the bound goes out, and the
// count is not far above what goes out: numbers below zero, long ones, lists of nothing
// and lists of lists included.
func TestAnswerBoundCountsBytes(t *testing.T) {
	var negative, positive []int
	var fractions []float64
	var words []string
	var flags []bool
	for i := range 300 {
		negative, positive = append(negative, -1-i), append(positive, i*i*1000)
		fractions = append(fractions, -1/float64(i+3), -math.Pow(10, float64(i-150)), float64(-i))
		words, flags = append(words, strings.Repeat("\"ب\n<", i%7)), append(flags, i%2 == 0)
	}
	matrix, empty, nulls := [][]int{}, [][]int{}, make([]any, 200)
	for i := range 60 {
		matrix, empty = append(matrix, negative[:i%5]), append(empty, nil)
	}
	list := graphql.NewList
	values := map[string]struct {
		typ   graphql.Output
		value any
	}{
		"negative": {list(graphql.Int), negative}, "positive": {list(graphql.Int), positive}, "least": {list(graphql.Int), []int{math.MinInt32, math.MaxInt32, 0, -9, -10, 9, 10, 99, 100}},
		"fractions": {list(graphql.Float), fractions}, "words": {list(graphql.String), words}, "flags": {list(graphql.Boolean), flags},
		"matrix": {list(list(graphql.Int)), matrix}, "empty": {list(list(graphql.Int)), empty}, "nulls": {list(graphql.Int), nulls},
		"wide": {list(graphql.Int), []int64{-1, -22, -333, -4444, -55555, -666666, -7777777, -88888888, -999999999}},
		"any":  {list(graphql.Int), []any{-1, -2, -3, nil, -4}},
	}
	fields := graphql.Fields{}
	for name, v := range values {
		fields[name] = &graphql.Field{Type: v.typ, Resolve: func(graphql.ResolveParams) (any, error) { return v.value, nil }}
	}
	schema, err := graphql.NewSchema(graphql.SchemaConfig{Query: graphql.NewObject(graphql.ObjectConfig{Name: "Query", Fields: fields})})
	if err != nil {
		t.Fatal(err)
	}
	answer := func(name string, bound int64) (data string, whole bool) {
		d := doorOver(t, schema, func(o *exec.Options) { o.Limits.ResponseBytes = bound })
		p, errs := d.Prepare(t.Context(), exec.Request{Query: "{ " + name + " }"})
		if errs != nil {
			t.Fatal(errs)
		}
		var out bytes.Buffer
		res, err := d.Execute(t.Context(), p, &out)
		if err != nil {
			t.Fatal(err)
		}
		if res.DataNull && res.Errors[0].Code() != exec.CodeCostLimit {
			t.Fatalf("%s: %+v", name, res)
		}
		data, _, _ = strings.Cut(strings.TrimPrefix(out.String(), `{"data":`), `,"extensions"`)
		return data, !res.DataNull
	}
	for name := range values {
		data, whole := answer(name, 1<<40)
		if !whole {
			t.Fatalf("%s: no answer", name)
		}
		length := int64(len(data))
		least := int64(sort.Search(1<<20, func(bound int) bool {
			_, whole := answer(name, int64(max(bound, 1)))
			return whole
		}))
		most := length + length/4 + 8
		if name == "fractions" { // each is counted at its longest
			most = 2 * length
		}
		if least < length || least > most {
			t.Errorf("%s: %d bytes go out from a bound of %d on", name, length, least)
		}
	}
}
