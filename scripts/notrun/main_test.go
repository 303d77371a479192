package main

import (
	"errors"
	"io"
	"os"
	"os/exec"
	"strings"
	"testing"
	"testing/iotest"
)

// TestMain runs the program itself where a test asks for that.
func TestMain(m *testing.M) {
	if os.Getenv("NOTRUN_ITSELF") != "" {
		main()
		return
	}
	os.Exit(m.Run())
}

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
		// What other tests of the package said is told when the package ends, in the order
		// of their names; what passed or was skipped says nothing, nor do other packages.
		"one of several": {
			in: output("x", "TestC", "=== RUN   TestC\n", "c\n") + output("b", "TestGood", "good\n") + output("b", "TestLate", "late\n") +
				output("b", "TestEarly", "early\n") + output("b", "TestBad", "=== RUN   TestBad\n", "bad 1\n", "bad 2\n") +
				ended("pass", "b", "TestGood") + output("b", "TestSkip", "b_test.go:1: left out: it\n") + ended("skip", "b", "TestSkip") +
				ended("fail", "b", "TestBad") + output("b", "", "=== NAME  \n", "FAIL\tb\n") + ended("fail", "b", ""),
			want: "bad 1\nbad 2\nFAIL\tb\nearly\nlate\nnot run: b TestSkip: left out: it\n",
		},
		"reasons": {
			in: output("d", "TestA", "    d_test.go:1: chatter: too\n", "    d_test.go:2: no: net\n", "--- SKIP\n") + ended("skip", "d", "TestA") +
				ended("skip", "d", "TestSilent") + output("d", "TestB", "no place\n") + ended("skip", "d", "TestB"),
			ok: true, want: "not run: d TestB, d TestSilent: no reason is given\nnot run: d TestA: no: net\n",
		},
		"many of one reason": {
			in: skipped("TestE") + skipped("TestB") + skipped("TestD") + skipped("TestA") + skipped("TestC"), ok: true,
			want: "not run: d TestA, d TestB, d TestC and 2 more: no net\n",
		},
		"four of one reason":  {in: skipped("TestC") + skipped("TestB") + skipped("TestA") + skipped("TestD"), ok: true, want: "not run: d TestA, d TestB, d TestC and 1 more: no net\n"},
		"three of one reason": {in: skipped("TestC") + skipped("TestB") + skipped("TestA"), ok: true, want: "not run: d TestA, d TestB, d TestC: no net\n"},
		"left out and not": {
			in: meant + skips, ci: true,
			want: "not run: d TestPage: chromium is missing\nnot run: d TestData: left out: the data set is not here\nnot run: CI is set, where all of it has to run\n",
		},
		"not left out and left out": {
			in: meant + strings.ReplaceAll(skips, "chromium", "zlib"), ci: true,
			want: "not run: d TestData: left out: the data set is not here\nnot run: d TestPage: zlib is missing\nnot run: CI is set, where all of it has to run\n",
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

func ended(action, pkg, test string) string {
	return `{"Action":"` + action + `","Package":"` + pkg + `","Test":"` + test + `"}` + "\n"
}

func output(pkg, test string, lines ...string) string {
	var b strings.Builder
	for _, line := range lines {
		line = strings.NewReplacer("\n", `\n`, "\t", `\t`).Replace(line)
		b.WriteString(`{"Action":"output","Package":"` + pkg + `","Test":"` + test + `","Output":"` + line + `"}` + "\n")
	}
	return b.String()
}

func skipped(test string) string {
	return output("d", test, "    d_test.go:2: no net\n") + ended("skip", "d", test)
}

// TestReadingFails: what cannot be read to its end is no success.
func TestReadingFails(t *testing.T) {
	t.Parallel()
	broken := errors.New("the pipe is broken")
	ok, err := report(io.MultiReader(strings.NewReader(passes), iotest.ErrReader(broken)), io.Discard, false)
	if ok || !errors.Is(err, broken) {
		t.Errorf("%t, %v", ok, err)
	}
}

// TestProgram: its status is 0 where all went well, 1 where something failed or, in CI
// alone, was not run.
func TestProgram(t *testing.T) {
	t.Parallel()
	for name, tt := range map[string]struct {
		in, ci string
		status int
	}{
		"passes":         {passes, "1", 0},
		"fails":          {fails, "", 1},
		"skips":          {skips, "", 0},
		"skips in CI":    {skips, "1", 1},
		"without an end": {strings.TrimSuffix(fails, "\n"), "", 1},
	} {
		cmd := exec.CommandContext(t.Context(), os.Args[0])
		cmd.Env = append(os.Environ(), "NOTRUN_ITSELF=1", "CI="+tt.ci)
		cmd.Stdin = strings.NewReader(tt.in)
		out, err := cmd.Output()
		exit, _ := errors.AsType[*exec.ExitError](err)
		if err != nil && exit == nil {
			t.Fatal(err)
		}
		if got := cmd.ProcessState.ExitCode(); got != tt.status || !strings.Contains(string(out), "not run: ") {
			t.Errorf("%s: status %d, want %d:\n%s", name, got, tt.status, out)
		}
	}
	cmd := exec.CommandContext(t.Context(), os.Args[0])
	cmd.Env = append(os.Environ(), "NOTRUN_ITSELF=1")
	folder, err := os.Open(t.TempDir()) // reading it fails
	if err != nil {
		t.Fatal(err)
	}
	defer folder.Close()
	cmd.Stdin = folder
	out, err := cmd.CombinedOutput()
	if cmd.ProcessState.ExitCode() != 1 || !strings.Contains(string(out), "notrun: ") {
		t.Errorf("what cannot be read: %v\n%s", err, out)
	}
}
