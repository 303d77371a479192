package loaders

import (
	"bufio"
	"bytes"
	"compress/gzip"
	"crypto/sha256"
	"encoding/hex"
	"errors"
	"fmt"
	"io"
	"io/fs"
	"os"
	"path/filepath"
	"strings"
)

// Input is something to load: a file, a folder, or bytes from elsewhere.
type Input struct {
	// Path of a file or a folder; a folder stands for the files in it that any
	// format may read, in the order of their paths.
	Path string
	// Name and Open take the place of Path for what is no file. Open is called
	// several times, each time for the whole input; Size is 0 where unknown.
	Name string
	Open func() (io.ReadCloser, error)
	Size int64

	dataset string
}

// Path is the input of a file or a folder.
func Path(path string) Input { return Input{Path: path} }

// Bytes is an input that is in memory.
func Bytes(name string, data []byte) Input {
	return Input{
		Name: name, Size: int64(len(data)),
		Open: func() (io.ReadCloser, error) { return io.NopCloser(bytes.NewReader(data)), nil },
	}
}

// Skipped is a file of a folder that was not looked at.
type Skipped struct {
	Name   string `json:"name"`
	Reason string `json:"reason"`
}

// expand turns folders into their files.
func expand(inputs []Input, reg *Registry) (files []Input, skipped []Skipped, err error) {
	for _, in := range inputs {
		if in.Open != nil {
			in.dataset = stem(in.Name)
			files = append(files, in)
			continue
		}
		info, err := os.Stat(in.Path)
		if err != nil {
			return nil, nil, fmt.Errorf("%w: %w", ErrInput, err)
		}
		if !info.IsDir() {
			files = append(files, fileInput(in.Path, info.Size(), stem(in.Path)))
			continue
		}
		found, passed, err := walk(in.Path, reg)
		if err != nil {
			return nil, nil, fmt.Errorf("%w: %w", ErrInput, err)
		}
		files, skipped = append(files, found...), append(skipped, passed...)
	}
	return files, skipped, nil
}

func walk(root string, reg *Registry) (files []Input, skipped []Skipped, err error) {
	err = filepath.WalkDir(root, func(path string, entry fs.DirEntry, err error) error {
		switch {
		case err != nil:
			return err
		case strings.HasPrefix(entry.Name(), ".") && path != root:
			if entry.IsDir() {
				return fs.SkipDir
			}
			skipped = append(skipped, Skipped{path, "a hidden file"})
		case entry.IsDir():
		case !reg.reads(entry.Name()):
			skipped = append(skipped, Skipped{path, "no format has files of this name's extension: name the file itself to load it"})
		default:
			info, err := os.Stat(path) // follows a link
			if err != nil {
				return err
			}
			if !info.Mode().IsRegular() {
				skipped = append(skipped, Skipped{path, "not a regular file"})
				return nil
			}
			files = append(files, fileInput(path, info.Size(), folderName(path)))
		}
		return nil
	})
	return files, skipped, err
}

func fileInput(path string, size int64, dataset string) Input {
	return Input{
		Path: path, Name: path, Size: size, dataset: dataset,
		Open: func() (io.ReadCloser, error) { return os.Open(path) }, //nolint:gosec // the file the user named
	}
}

// folderName names the data after the folder it stands in.
func folderName(path string) string {
	abs, err := filepath.Abs(path)
	if err != nil {
		return stem(path)
	}
	return filepath.Base(filepath.Dir(abs))
}

// stem is a file's name without its extensions.
func stem(path string) string {
	name := strings.TrimSuffix(filepath.Base(path), ".gz")
	return strings.TrimSuffix(name, filepath.Ext(name))
}

// headSize is how much of a file the formats judge it by.
const headSize = 64 << 10

var byteOrderMark = []byte{0xEF, 0xBB, 0xBF}

// opener opens an input's content: decompressed, bounded, without byte order
// mark.
type opener struct {
	in       Input
	maxBytes int64
	maxRatio int64
	count    func(read int64) // raw bytes read since opening, nil for none
}

type content struct {
	io.Reader
	mark  bool // a byte order mark was taken off
	close func() error
}

func (c content) Close() error { return c.close() }

func (o opener) open() (content, error) {
	raw, err := o.in.Open()
	if err != nil {
		return content{}, fmt.Errorf("%w: %w", ErrInput, err)
	}
	counted := &counter{r: raw, count: o.count}
	buffered := bufio.NewReaderSize(counted, headSize)
	magic, _ := buffered.Peek(2)
	if !bytes.Equal(magic, []byte{0x1F, 0x8B}) {
		return content{buffered, skipMark(buffered), raw.Close}, nil
	}
	zip, err := gzip.NewReader(buffered)
	if err != nil {
		return content{}, errors.Join(&Fault{Place: Place{Line: 1}, Reason: "broken gzip data: " + err.Error()}, raw.Close())
	}
	plain := bufio.NewReaderSize(&inflated{r: zip, raw: counted, maxBytes: o.maxBytes, maxRatio: o.maxRatio}, headSize)
	return content{plain, skipMark(plain), raw.Close}, nil
}

func skipMark(r *bufio.Reader) bool {
	if mark, _ := r.Peek(len(byteOrderMark)); !bytes.Equal(mark, byteOrderMark) {
		return false
	}
	_, err := r.Discard(len(byteOrderMark))
	return err == nil
}

// counter counts what is read. Its first error stays: whoever looks at the beginning of
// a file may meet it and not tell.
type counter struct {
	r     io.Reader
	n     int64
	count func(int64)
	err   error
}

func (c *counter) Read(p []byte) (int, error) {
	if c.err != nil {
		return 0, c.err
	}
	n, err := c.r.Read(p)
	c.err = err
	c.n += int64(n)
	if c.count != nil && n > 0 {
		c.count(c.n)
	}
	return n, err
}

// inflated bounds what a gzip file may grow to.
type inflated struct {
	r                  io.Reader
	raw                *counter
	n                  int64
	maxBytes, maxRatio int64
}

func (i *inflated) Read(p []byte) (int, error) {
	n, err := i.r.Read(p)
	i.n += int64(n)
	const small = 16 << 20 // below this no ratio is a danger
	switch {
	case i.n > i.maxBytes:
		return 0, &Fault{Reason: fmt.Sprintf("the gzip data unpacks to more than %d bytes: unpack it first", i.maxBytes)}
	case i.n > small && i.n > i.maxRatio*i.raw.n:
		return 0, &Fault{Reason: fmt.Sprintf("the gzip data unpacks to more than %d times its size: unpack it first", i.maxRatio)}
	case i.raw.err != nil && !errors.Is(i.raw.err, io.EOF):
		return n, i.raw.err
	case err != nil && !errors.Is(err, io.EOF):
		return n, &Fault{Reason: "broken gzip data: " + err.Error()}
	}
	return n, err
}

// survey is what a first reading of a file tells.
type survey struct {
	head  []byte
	mark  bool // had a byte order mark
	bytes int64
	sum   string // SHA-256 of the content, hex
}

// look reads a file once: its head and the hash of its content.
func (o opener) look() (survey, error) {
	var s survey
	r, err := o.open()
	if err != nil {
		return s, err
	}
	defer r.Close()
	s.mark = r.mark
	s.head = make([]byte, headSize)
	n, err := io.ReadFull(r, s.head)
	s.head = s.head[:n]
	h := sha256.New()
	h.Write(s.head)
	s.bytes = int64(n)
	if err == nil {
		var rest int64
		rest, err = io.Copy(h, r)
		s.bytes += rest
	}
	if errors.Is(err, io.EOF) || errors.Is(err, io.ErrUnexpectedEOF) {
		err = nil
	}
	if fault, ok := errors.AsType[*Fault](err); ok {
		if len(s.head) == 0 {
			fault.Line = 1
			return s, fault
		}
		err = nil // the reading proper will meet it and tell where
	}
	s.sum = hex.EncodeToString(h.Sum(nil))
	return s, err
}

// refuse says why a file cannot be data, "" where it may be.
func refuse(head []byte) (value, reason string) {
	switch {
	case len(bytes.TrimSpace(head)) == 0:
		return "", "an empty file"
	case bytes.HasPrefix(head, []byte("version https://git-lfs")):
		return string(firstLine(head)), "a Git LFS pointer, not data: run git lfs pull"
	case bytes.HasPrefix(head, []byte{0xFF, 0xFE}), bytes.HasPrefix(head, []byte{0xFE, 0xFF}), wide(head):
		return "", "UTF-16 text: convert it to UTF-8 (iconv -f UTF-16 -t UTF-8)"
	case bytes.HasPrefix(head, []byte("PK\x03\x04")):
		return "", "a ZIP archive or an Office document: unpack it, or save the sheet as CSV"
	case bytes.HasPrefix(head, []byte("%PDF")), bytes.HasPrefix(head, []byte("SQLite format 3\x00")):
		return string(head[:min(len(head), 15)]), "a binary file, not data in a known format"
	case bytes.IndexByte(firstLine(head), 0) >= 0: // further down it spoils its row alone
		return "", "a binary file, not data in a known format"
	}
	return "", ""
}

// wide reports text in UTF-16 without a byte order mark: every other byte of
// its beginning is zero.
func wide(head []byte) bool {
	if len(head) < 8 {
		return false
	}
	var zeros [2]int
	for i, c := range head[:8] {
		if c == 0 {
			zeros[i%2]++
		}
	}
	return zeros[0] == 4 && zeros[1] == 0 || zeros[1] == 4 && zeros[0] == 0
}

func firstLine(head []byte) []byte {
	line, _, _ := bytes.Cut(head, []byte{'\n'})
	return line
}
