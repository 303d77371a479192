package main

import (
	"bytes"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
)

// inModule makes a module of files and goes there.
func inModule(t *testing.T, files map[string]string) {
	t.Helper()
	t.Chdir(t.TempDir())
	for name, text := range files {
		if err := os.MkdirAll(filepath.Dir(name), 0o700); err != nil {
			t.Fatal(err)
		}
		if err := os.WriteFile(name, []byte(text), 0o600); err != nil {
			t.Fatal(err)
		}
	}
}

// TestRun judges all the changes of a small module. Two of eight are listed, one does not
// compile, one never ends, and no test notices what Less says of equals.
func TestRun(t *testing.T) {
	inModule(t, map[string]string{
		"go.mod": "module small\n\ngo 1.26\n",
		"a/a.go": `package a

func Less(a, b int) bool { return a < b }

func Down(n uint) uint {
	for n > 0 {
		n--
	}
	return n
}
`,
		"a/a_test.go": `package a

import "testing"

func Test(t *testing.T) {
	if !Less(1, 2) || Less(2, 1) || Down(1) != 0 {
		t.Error("wrong")
	}
}
`,
		"same.txt": `a/a.go Down
- n--
+ n++
= as an example

a/a.go Down
- for n > 0 {
+ for n >= 0 {
= as an example

a/a.go gone
- a
+ b
= as an example
`,
		"tests.txt": "",
	})
	var out bytes.Buffer
	err := run(t.Context(), []string{"-packages", "./a", "-equivalent", "same.txt", "-tests", "tests.txt", "-patience", "5s"}, &out)
	if err == nil || err.Error() != "noticed less than 90 %: a" {
		t.Errorf("error %v, want one that names the package", err)
	}
	got, _, _ := strings.Cut(out.String(), "; drawn besides: 2 equivalent, 1 that do not compile; ")
	want := `
a/a.go:3 Less
- func Less(a, b int) bool { return a < b }
+ func Less(a, b int) bool { return a <= b }

listed as equivalent, and no such change is found any more:
a/a.go gone
- a
+ b
a: 4 of 5 noticed (80 %)`
	if diff := cmp.Diff(want, got); diff != "" {
		t.Errorf("printed (-want +got):\n%s", diff)
	}
}

// TestRunElsewhere judges a package without tests of its own: half of it is tested by one
// package, half by another, which has a test that fails and is not to run.
func TestRunElsewhere(t *testing.T) {
	inModule(t, map[string]string{
		"go.mod": "module small\n\ngo 1.26\n",
		"a/a.go": `package a

func One() bool { return true }

func Two() bool { return true }

func Three() bool { return true }
`,
		"one/one_test.go": `package one

import (
	"testing"

	"small/a"
)

func Test(t *testing.T) {
	if !a.One() || !testing.Short() {
		t.Error("wrong")
	}
}
`,
		"two/two_test.go": `package two

import (
	"testing"

	"small/a"
)

func Test(t *testing.T) {
	if !a.Two() || testing.Short() {
		t.Error("wrong")
	}
}

func TestNot(t *testing.T) { t.Error("not to run") }
`,
		"same.txt":  "",
		"tests.txt": "# where the tests of a are\na one\na two -short=false -run ^Test$\n",
	})
	var out bytes.Buffer
	err := run(t.Context(), []string{"-packages", "./...", "-equivalent", "same.txt", "-tests", "tests.txt"}, &out)
	if err == nil || err.Error() != "noticed less than 90 %: a" {
		t.Errorf("error %v, want one that names the package", err)
	}
	got, _, _ := strings.Cut(out.String(), "; drawn besides:")
	want := `
a/a.go:7 Three
- func Three() bool { return true }
+ func Three() bool { return false }
a: 2 of 3 noticed (66 %)`
	if diff := cmp.Diff(want, got); diff != "" {
		t.Errorf("printed (-want +got):\n%s", diff)
	}
}

// TestTableOfTests: each package of it exists, and what is wrong in a line is named.
func TestTableOfTests(t *testing.T) {
	t.Parallel()
	runs, err := readTestRuns("tests.txt")
	if err != nil {
		t.Fatal(err)
	}
	for changed, tests := range runs {
		for _, path := range append(tests, testRun{path: changed}) {
			if files, err := filepath.Glob(filepath.Join("..", "..", path.path, "*.go")); err != nil || len(files) == 0 {
				t.Errorf("tests.txt names %s, where no Go file is (%v)", path.path, err)
			}
		}
	}
	for _, bad := range []string{"a", "a -short=false"} {
		name := filepath.Join(t.TempDir(), "table")
		if err := os.WriteFile(name, []byte("# one\n\n"+bad+"\n"), 0o600); err != nil {
			t.Fatal(err)
		}
		if _, err := readTestRuns(name); err == nil || !strings.Contains(err.Error(), "table:3: ") || !strings.Contains(err.Error(), `"`+bad+`"`) {
			t.Errorf("%q: error %v, want one that names line and text", bad, err)
		}
	}
}

// TestPatternsLeaveTestCodeOut: it is judged where it is named.
func TestPatternsLeaveTestCodeOut(t *testing.T) {
	root, err := moduleRoot(t.Context())
	if err != nil {
		t.Fatal(err)
	}
	t.Chdir(root)
	paths := func(patterns string) string {
		packages, err := listPackages(t.Context(), root, options{packages: patterns, tags: "nomsgpack"},
			map[string][]testRun{"schema/questions": {{path: "schema"}}})
		if err != nil {
			t.Fatal(err)
		}
		var all []string
		for _, p := range packages {
			all = append(all, p.path)
		}
		return strings.Join(all, " ")
	}
	if got, want := paths("./graph/fold,./graph/storecopy/... ./bench/..."), "graph/fold graph/storecopy"; got != want {
		t.Errorf("packages %q, want %q", got, want)
	}
	if got, want := paths("./schema/questions,./bench/madeup"), "schema/questions"; got != want {
		t.Errorf("packages %q, want those that are tested elsewhere too: %q", got, want)
	}
	if got, want := paths("./bench/mutants"), "bench/mutants"; got != want {
		t.Errorf("packages %q, want %q", got, want)
	}
}

func TestBadArguments(t *testing.T) {
	t.Parallel()
	for _, args := range [][]string{{"./loaders"}, {"-n", "0"}, {"-min", "101"}, {"-parallel", "0"}} {
		if _, err := parse(args); err == nil || !strings.Contains(err.Error(), args[len(args)-1]) {
			t.Errorf("%q: error %v, want one that names the value", args, err)
		}
	}
}
