package main

import (
	"strings"
	"testing"
)

const (
	passes = `{"Action":"output","Package":"a","Test":"TestGood","Output":"=== RUN   TestGood\n"}
{"Action":"output","Package":"a","Test":"TestGood","Output":"    a_test.go:3: chatter\n"}
{"Action":"pass","Package":"a","Test":"TestGood"}
{"Action":"output","Package":"a","Output":"PASS\n"}
{"Action":"output","Package":"a","Output":"ok  \ta\t0.1s\n"}
{"Action":"pass","Package":"a"}
`
	fails = `{"Action":"output","Package":"b","Test":"TestBad","Output":"=== RUN   TestBad\n"}
{"Action":"output","Package":"b","Test":"TestBad","Output":"    b_test.go:3: 1, want 2\n"}
{"Action":"fail","Package":"b","Test":"TestBad"}
{"Action":"output","Package":"b","Output":"FAIL\tb\t0.1s\n"}
{"Action":"fail","Package":"b"}
`
	dies = `{"Action":"output","Package":"b","Test":"TestDies","Output":"panic: nil map\n"}
{"Action":"output","Package":"b","Output":"FAIL\tb\t0.1s\n"}
{"Action":"fail","Package":"b"}
`
	unbuilt = `{"ImportPath":"c","Action":"build-output","Output":"c.go:1: undefined: x\n"}
{"ImportPath":"c","Action":"build-fail"}
{"Action":"fail","Package":"c"}
`
	skips = `{"Action":"output","Package":"d","Test":"TestPage","Output":"    d_test.go:59: chromium is missing\n"}
{"Action":"output","Package":"d","Test":"TestPage","Output":"--- SKIP: TestPage (0.00s)\n"}
{"Action":"skip","Package":"d","Test":"TestPage"}
`
	meant = `{"Action":"output","Package":"d","Test":"TestData","Output":"    d_test.go:7: left out: the data set is not here\n"}
{"Action":"skip","Package":"d","Test":"TestData"}
{"Action":"skip","Package":"e"}
`
)

func TestReport(t *testing.T) {
	t.Parallel()
	for name, tt := range map[string]struct {
		in, want string
		ci, ok   bool
	}{
		"passes":         {in: passes, ok: true, ci: true, want: "ok  \ta\t0.1s\nnot run: nothing, every test ran\n"},
		"fails":          {in: passes + fails, want: "ok  \ta\t0.1s\n    b_test.go:3: 1, want 2\nFAIL\tb\t0.1s\nnot run: nothing, every test ran\n"},
		"dies":           {in: dies, want: "FAIL\tb\t0.1s\npanic: nil map\nnot run: nothing, every test ran\n"},
		"does not build": {in: unbuilt, want: "c.go:1: undefined: x\nnot run: nothing, every test ran\n"},
		"skips":          {in: skips, ok: true, want: "not run: d TestPage: chromium is missing\n"},
		"skips in CI":    {in: skips, ci: true, want: "not run: d TestPage: chromium is missing\nnot run: CI is set, where all of it has to run\n"},
		"is left out": {
			in: meant + strings.ReplaceAll(meant, "TestData", "TestMore"), ok: true, ci: true,
			want: "not run: d TestData, d TestMore: left out: the data set is not here\n",
		},
		"is no event": {in: "go: no such tool\n" + passes, ok: true, want: "go: no such tool\nok  \ta\t0.1s\nnot run: nothing, every test ran\n"},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			var out strings.Builder
			ok, err := report(strings.NewReader(tt.in), &out, tt.ci)
			if err != nil || ok != tt.ok || out.String() != tt.want {
				t.Errorf("%t, %v, want %t:\n%swant\n%s", ok, err, tt.ok, out.String(), tt.want)
			}
		})
	}
}
