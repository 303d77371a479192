package main

import (
	"bytes"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
)

// TestRun judges all the changes of a small module. Two of eight are listed, one does not
// compile, one never ends, and no test notices what Less says of equals.
func TestRun(t *testing.T) {
	t.Chdir(t.TempDir())
	for name, text := range map[string]string{
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
	} {
		if err := os.MkdirAll(filepath.Dir(name), 0o700); err != nil {
			t.Fatal(err)
		}
		if err := os.WriteFile(name, []byte(text), 0o600); err != nil {
			t.Fatal(err)
		}
	}
	var out bytes.Buffer
	err := run(t.Context(), []string{"-packages", "./a", "-equivalent", "same.txt", "-patience", "5s"}, &out)
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

// TestPatternsLeaveTestCodeOut: it is judged where it is named.
func TestPatternsLeaveTestCodeOut(t *testing.T) {
	root, err := moduleRoot(t.Context())
	if err != nil {
		t.Fatal(err)
	}
	t.Chdir(root)
	paths := func(patterns string) string {
		packages, err := listPackages(t.Context(), root, options{packages: patterns, tags: "nomsgpack"})
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
