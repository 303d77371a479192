package main

import (
	"context"
	"encoding/json"
	"io"
	"math"
	"os"
	"runtime"
	"runtime/debug"
	"strconv"
	"strings"
	"syscall"
	"time"
)

// figure is one line of results, ours or a peer's.
type figure struct {
	Task string `json:"task"`
	Tool string `json:"tool"`
	// Ties and Worlds tell the size; 0 where they are not varied.
	Ties   int `json:"ties"`
	Worlds int `json:"worlds"`
	// Wall and CPU, user and system, are seconds: the least of the rounds.
	Wall float64 `json:"wall"`
	CPU  float64 `json:"cpu"`
	// Peak is the greatest resident size of the process while it worked, the graph
	// included, in MiB; Built that of the time in which the graph was built.
	Peak  float64 `json:"peak"`
	Built float64 `json:"built"`
	// Load is the load average of the minute before.
	Load float64 `json:"load"`
	// Answer is what was worked out, to see that tools agree.
	Answer string `json:"answer"`
}

// timed runs f rounds times and returns the least wall and processor time.
func timed(rounds int, f func() error) (wall, cpu float64, err error) {
	wall, cpu = math.Inf(1), math.Inf(1)
	for range rounds {
		runtime.GC()
		before, began := processor(), time.Now()
		if err := f(); err != nil {
			return 0, 0, err
		}
		wall, cpu = min(wall, time.Since(began).Seconds()), min(cpu, processor()-before)
	}
	return wall, cpu, nil
}

func usage() (u syscall.Rusage) {
	_ = syscall.Getrusage(syscall.RUSAGE_SELF, &u) // cannot fail for the process itself
	return u
}

func processor() float64 {
	u := usage()
	return float64(u.Utime.Nano()+u.Stime.Nano()) / float64(time.Second)
}

func (f figure) write(w io.Writer) error {
	f.Peak, f.Built = highest(), built
	f.Load = load()
	return json.NewEncoder(w).Encode(f)
}

// load is the load average of the last minute, 0 where the system does not tell.
func load() (average float64) {
	text, err := os.ReadFile("/proc/loadavg")
	if err == nil {
		first, _, _ := strings.Cut(string(text), " ")
		_ = json.Unmarshal([]byte(first), &average)
	}
	return average
}

// built is the greatest resident size until settled, in MiB.
var built float64

// settled gives back to the system what building a graph took and is of no more use, and
// begins to watch the resident size anew.
func settled(ctx context.Context) error {
	debug.FreeOSMemory()
	built = max(built, highest())
	_ = os.WriteFile("/proc/self/clear_refs", []byte("5"), 0) // where there is none, the peak is that of all
	return ctx.Err()
}

// highest is the greatest resident size of the process, in MiB.
func highest() float64 {
	text, err := os.ReadFile("/proc/self/status")
	if err != nil {
		return float64(usage().Maxrss) / 1024
	}
	_, after, _ := strings.Cut(string(text), "VmHWM:")
	kilobytes, _, _ := strings.Cut(after, "kB")
	n, _ := strconv.ParseFloat(strings.TrimSpace(kilobytes), 64)
	return n / 1024
}
