package web_test

import (
	"crypto/sha256"
	"encoding/hex"
	"encoding/json"
	"io/fs"
	"os"
	"path/filepath"
	"regexp"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"entangle/web"
)

type manifest struct{ Files, Sources map[string]string }

func readManifest(t *testing.T) manifest {
	t.Helper()
	raw, err := fs.ReadFile(web.Dist(), "manifest.json")
	if err != nil {
		t.Fatal(err)
	}
	var m manifest
	if err := json.Unmarshal(raw, &m); err != nil {
		t.Fatal(err)
	}
	return m
}

func sum(data []byte) string {
	s := sha256.Sum256(data)
	return hex.EncodeToString(s[:])
}

func TestDistIsWhatItsManifestNames(t *testing.T) {
	got := map[string]string{}
	err := fs.WalkDir(web.Dist(), ".", func(name string, entry fs.DirEntry, err error) error {
		if err != nil || entry.IsDir() || name == "manifest.json" {
			return err
		}
		data, err := fs.ReadFile(web.Dist(), name)
		got[name] = sum(data)
		return err
	})
	if err != nil {
		t.Fatal(err)
	}
	if diff := cmp.Diff(readManifest(t).Files, got); diff != "" {
		t.Errorf("dist is not what was built; run `make web` (-manifest +dist):\n%s", diff)
	}
}

func TestDistIsBuiltFromTheSources(t *testing.T) {
	got := map[string]string{}
	entries, err := os.ReadDir("graphiql")
	if err != nil {
		t.Fatal(err)
	}
	for _, entry := range entries {
		if entry.IsDir() {
			continue
		}
		data, err := os.ReadFile(filepath.Join("graphiql", entry.Name()))
		if err != nil {
			t.Fatal(err)
		}
		got[entry.Name()] = sum(data)
	}
	if diff := cmp.Diff(readManifest(t).Sources, got); diff != "" {
		t.Errorf("the sources changed after dist was built; run `make web` (-manifest +graphiql):\n%s", diff)
	}
}

// TestPageNamesNoOtherHost looks at the places by which a browser fetches: what the page
// and the style sheet name has to be relative.
func TestPageNamesNoOtherHost(t *testing.T) {
	fetched := regexp.MustCompile(`(?:src|href)="([^"]*)"|url\(["']?([^"')]*)|@import\s+["']([^"']*)`)
	for name := range readManifest(t).Files {
		if !strings.HasSuffix(name, ".html") && !strings.HasSuffix(name, ".css") {
			continue
		}
		data, err := fs.ReadFile(web.Dist(), name)
		if err != nil {
			t.Fatal(err)
		}
		for _, match := range fetched.FindAllStringSubmatch(string(data), -1) {
			target := match[1] + match[2] + match[3]
			if strings.HasPrefix(target, "data:") {
				continue
			}
			if strings.Contains(target, ":") || strings.HasPrefix(target, "/") {
				t.Errorf("%s fetches %q", name, target)
			}
			if _, err := fs.Stat(web.Dist(), target); err != nil {
				t.Errorf("%s fetches %q: %v", name, target, err)
			}
		}
	}
}

func TestLockFileNamesNoRegistry(t *testing.T) {
	raw, err := os.ReadFile("graphiql/package-lock.json")
	if err != nil {
		t.Fatal(err)
	}
	if strings.Contains(string(raw), `"resolved"`) {
		t.Error("package-lock.json has a \"resolved\" field: install with --omit-lockfile-registry-resolved, as graphiql/.npmrc says")
	}
}
