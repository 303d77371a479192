package loaders

import "iter"

// aheadRecords is how many records go from the reader of a file to the run at once,
// aheadChunks how many such portions may wait.
const (
	aheadRecords = 256
	aheadChunks  = 8
)

// ahead reads a file's records in a goroutine of its own, some before they are asked
// for: reading goes on while the store writes. at tells how far the reading is, and
// told is given that again, by the goroutine that takes the records, when it has come
// to what was read there. The reading has ended when the sequence has.
func ahead(records iter.Seq2[Record, error], at func() int64, told func(int64)) iter.Seq2[Record, error] {
	type step struct {
		rec  Record
		err  error
		read int64
	}
	return func(yield func(Record, error) bool) {
		chunks, stop := make(chan []step, aheadChunks), make(chan struct{})
		go func() {
			defer close(chunks)
			var chunk []step
			send := func() bool {
				select {
				case chunks <- chunk:
					chunk = make([]step, 0, aheadRecords)
					return true
				case <-stop:
					return false
				}
			}
			for rec, err := range records {
				chunk = append(chunk, step{rec, err, at()})
				if len(chunk) >= aheadRecords && !send() {
					return
				}
			}
			send()
		}()
		defer func() {
			close(stop)
			for range chunks { // until the reader has ended
			}
		}()
		for chunk := range chunks {
			for _, s := range chunk {
				told(s.read)
				if !yield(s.rec, s.err) {
					return
				}
			}
		}
		told(at())
	}
}
