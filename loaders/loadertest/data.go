package loadertest

import (
	"os"
	"path/filepath"
	"testing"
)

// Data finds a file or folder of the public data sets that are not shipped,
// because their licences do not allow it: below the folder that ENTANGLE_DATA
// names, else below shared/data beside the repository. What a test needs of
// them has invented rows beside it; a test of the real ones is left out where
// they are not, and fails where ENTANGLE_DATA names a folder without them.
func Data(t *testing.T, path string) string {
	t.Helper()
	dir, named := os.LookupEnv("ENTANGLE_DATA")
	if !named {
		// The tests that ask lie two folders below the root.
		dir = filepath.Join("..", "..", "..", "shared", "data")
	}
	path, err := filepath.Abs(filepath.Join(dir, path))
	if err != nil {
		t.Fatal(err)
	}
	switch _, err := os.Stat(path); {
	case err == nil:
	case named:
		t.Fatalf("ENTANGLE_DATA names no folder with this data set: %v", err)
	default:
		t.Skipf("left out: the data set is not here; ENTANGLE_DATA names the folder that has it (%v)", err)
	}
	return path
}
