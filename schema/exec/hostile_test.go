package exec_test

import (
	"bytes"
	"encoding/json"
	"fmt"
	"strings"
	"syscall"
	"testing"
	"time"

	"entangle/schema/exec"
)

// cpu returns the processor time this process has used.
func cpu(tb testing.TB) time.Duration {
	tb.Helper()
	var u syscall.Rusage
	if err := syscall.Getrusage(syscall.RUSAGE_SELF, &u); err != nil {
		tb.Fatal(err)
	}
	return time.Duration(u.Utime.Nano() + u.Stime.Nano())
}

// doubled nests a selection n levels deep, each level asked for twice.
func doubled(n int) string {
	if n == 0 {
		return "id"
	}
	s := doubled(n - 1)
	return "friend{" + s + "} friend{" + s + "}"
}

func hostile() map[string]exec.Request {
	many := func(n int, f func(i int) string) string {
		var b strings.Builder
		for i := range n {
			b.WriteString(f(i))
		}
		return b.String()
	}
	short := map[string]string{
		"cycle of one, 43 bytes": `{people{...A}}fragment A on Person{id...A}`,
		"cycle of two, 90 bytes": `query{people{...A}} fragment A on Person{id ...B} fragment B on Person{id friend{...A}}`,
		"cycle of two, flat":     `query{node{...A}} fragment A on Node{id ...B} fragment B on Node{id ...A}`,
		"cycle through 50":       "{people{...F0}}" + many(50, func(i int) string { return fmt.Sprintf("fragment F%d on Person{...F%d ...F%d}", i, (i+1)%50, (i+7)%50) }),
		"z ten thousand times":   "{" + strings.Repeat("z:path ", 10_000) + "}",
		"z as often as allowed":  "{person(id:\"p1\"){" + strings.Repeat("id ", 4_900) + "}}",
		"inline fragments 120²":  "{person(id:\"p1\"){" + strings.Repeat("...on Person{"+strings.Repeat("name ", 120)+"}", 120) + "}}",
		"inline fragments 30²":   "{person(id:\"p1\"){" + strings.Repeat("...on Person{"+strings.Repeat("name ", 30)+"}", 120) + "}}",
		"doubled 12 levels":      "{person(id:\"p1\"){" + doubled(12) + "}}",
		"doubled 9 levels":       "{person(id:\"p1\"){" + doubled(9) + "}}",
		"18 fragments twice": "{person(id:\"p1\"){...F0}}" + many(18, func(i int) string {
			return fmt.Sprintf("fragment F%d on Person{a:friend{...F%d} friend{...F%d}}", i, i+1, i+1)
		}) + "fragment F18 on Person{id}",
		"18 fragments twice, meta": "{__schema{types{...F0}}}" + many(18, func(i int) string {
			return fmt.Sprintf("fragment F%d on __Type{a:ofType{...F%d} ofType{...F%d}}", i, i+1, i+1)
		}) + "fragment F18 on __Type{name}",
		"40 fragments twice, flat": "{person(id:\"p1\"){...F0}}" + many(40, func(i int) string { return fmt.Sprintf("fragment F%d on Person{...F%d ...F%d}", i, i+1, i+1) }) + "fragment F40 on Person{id}",
		"chain of wide fragments": "{person(id:\"p1\"){...F0}}" + many(49, func(i int) string {
			return fmt.Sprintf("fragment F%d on Person{%s ...F%d}", i, strings.Repeat("id ", 90), i+1)
		}) + "fragment F49 on Person{id}",
		"many operations":          many(10, func(i int) string { return fmt.Sprintf("query Q%d{person(id:\"p1\"){...F}}", i) }) + "fragment F on Person{" + strings.Repeat("id ", 4_000) + "}",
		"selection 4,000 deep":     "{person(id:\"p1\")" + strings.Repeat("{friend", 4_000) + strings.Repeat("}", 4_001),
		"list 1,000 deep":          "{echo(ints:" + strings.Repeat("[", 1_000) + strings.Repeat("]", 1_000) + ")}",
		"list 40 deep":             "{echo(ints:" + strings.Repeat("[", 40) + strings.Repeat("]", 40) + ")}",
		"object 1,000 deep":        "{echo(filter:" + strings.Repeat("{and:", 1_000) + "1" + strings.Repeat("}", 1_000) + ")}",
		"object 40 deep":           "{echo(filter:" + strings.Repeat("{and:", 40) + "1" + strings.Repeat("}", 40) + ")}",
		"list type 1,000 deep":     "query($v:" + strings.Repeat("[", 1_000) + "Int" + strings.Repeat("]", 1_000) + "){echo(ints:$v)}",
		"5,000 unknown fields":     "{" + many(5_000, func(i int) string { return fmt.Sprintf("unknown%d ", i) }) + "}",
		"4,900 unknown fields":     "{person(id:\"p1\"){" + many(4_900, func(i int) string { return fmt.Sprintf("nam%d ", i) }) + "}}",
		"long unknown fields":      "{person(id:\"p1\"){" + many(480, func(i int) string { return fmt.Sprintf("n%d%s ", i, strings.Repeat("x", 120)) }) + "}}",
		"name of 100 KB":           "{" + strings.Repeat("n", 100<<10) + "}",
		"name of 60 KB":            "{" + strings.Repeat("n", 60<<10) + "}",
		"integer of 60 KB":         "{echo(int:" + strings.Repeat("9", 60<<10) + ")}",
		"1 MB of rubbish":          strings.Repeat("\x00{\"\\u%$\xff", 128<<10),
		"60 KB of braces":          strings.Repeat("{", 60<<10),
		"60 KB of quotes":          strings.Repeat(`"`, 60<<10),
		"block string":             `{echo(string:"""` + strings.Repeat("\n   \"\" \\\"\"\" {[(", 4_000) + `""")}`,
		"block string, deep lines": `{echo(string:"""` + many(300, func(i int) string { return "\n" + strings.Repeat(" ", i%150) + "x" }) + `""")}`,
		"strings":                  `{echo(string:"` + strings.Repeat(`\u00e9`, 10_000) + `")}`,
		"null everywhere":          `query($v:Int=null){echo(int:null,ints:[null],filter:null,page:null,id:$v)}`,
		"fields of one object":     "{echo(filter:{" + strings.Repeat("limit:1 ", 1_600) + "})}",
		"arguments":                "{echo(" + strings.Repeat("int:1 ", 1_600) + ")}",
		"variables":                "query(" + many(1_200, func(i int) string { return fmt.Sprintf("$v%d:Int ", i) }) + "){echo(ints:[" + many(1_200, func(i int) string { return fmt.Sprintf("$v%d ", i) }) + "])}",
		"directives":               "{path " + strings.Repeat("@skip(if:false)", 1_000) + "}",
		"comments":                 strings.Repeat("#x\n", 4_900) + "{path}",
		"comments of 60 KB":        "#" + strings.Repeat("x", 60<<10) + "\n{path}",
		"circular introspection":   "{__schema{types{fields{type{fields{type{fields{type{name}}}}}}}}}",
		"wide introspection": "{" + many(20, func(i int) string {
			return fmt.Sprintf("a%d:__schema{types{fields{args{type{name}}type{name ofType{name}}}}}", i)
		}) + "}",
		"response 10⁶ × field": "{count(first:49000)" + many(40, func(i int) string { return fmt.Sprintf(" c%d:count(first:1)", i) }) + "}",
	}
	out := map[string]exec.Request{}
	for name, q := range short {
		out[name] = exec.Request{Query: q}
	}
	out["operation name of 1 MB"] = exec.Request{Query: "{path}", OperationName: strings.Repeat("x", 1<<20)}
	out["variables 500 KB, unknown"] = exec.Request{Query: "{path}", Variables: json.RawMessage(`{"v":[` + strings.Repeat("1,", 200_000) + `1]}`)}
	out["variables of brackets"] = exec.Request{Query: "{path}", Variables: json.RawMessage(strings.Repeat("[", 400<<10))}
	out["variable of 400 KB, valid"] = exec.Request{Query: "query($v:[Int]){path @skip(if:true) echo(ints:$v) @skip(if:true)}", Variables: json.RawMessage(`{"v":[` + strings.Repeat("1234567,", 49_900) + `1]}`)}
	out["variable of 400 KB list"] = exec.Request{Query: "query($v:[Int]){echo(ints:$v)}", Variables: json.RawMessage(`{"v":[` + strings.Repeat(`"x",`, 100_000) + `1]}`)}
	return out
}

// Each hostile request is answered, with the process alive, within 100 ms of processor time.
func TestHostileRequestsAreCheap(t *testing.T) {
	d := newDoor(t)
	ask(t, d, "{ path }", "") // first use pays for the runtime's own warm-up
	budget := 100 * time.Millisecond * raceFactor
	for name, req := range hostile() {
		t.Run(name, func(t *testing.T) {
			start := cpu(t)
			p, errs := d.Prepare(t.Context(), req)
			var out bytes.Buffer
			if errs != nil {
				if err := exec.WriteErrors(&out, errs); err != nil {
					t.Fatal(err)
				}
			} else if _, err := d.Execute(t.Context(), p, &out); err != nil {
				t.Fatal(err)
			}
			used := cpu(t) - start
			t.Logf("%v, %d bytes answered: %s", used, out.Len(), clip(out.String())[:min(120, out.Len())])
			if used > budget {
				t.Errorf("took %v of processor time, allowed are %v", used, budget)
			}
			if errs != nil && out.Len() > 10_000 {
				t.Errorf("the refusal has %d bytes", out.Len())
			}
		})
	}
}
