package main

import (
	"io/fs"
	"math"
	"path"
	"runtime/debug"
	"strconv"
	"strings"
)

// These say how much memory is given for less work of Go's garbage collector. Most of a small heap is
// garbage, so the default setting collects it many times a second.
const (
	collectAt       = 400      // garbage in percent of what is in use, while there is room
	partOfContainer = 0.8      // the rest is for what Go does not count, and for a moment's excess
	partOfMachine   = 0.25     // of a machine that gives the process no limit, and has other programs
	mostInDev       = 1 << 30  // bytes
	leastLimit      = 64 << 20 // with less, the collector would do nothing but collect
)

// heapRoom is what the garbage collector is told; zero: nothing.
type heapRoom struct {
	limit   int64 // bytes, from which it collects as often as it must
	percent int
}

// chooseHeapRoom reads from the files of Linux how much memory the process may have. What the operator has
// set by GOMEMLIMIT or GOGC is theirs. Without a limit nothing is told, because garbage would have no
// bound.
func chooseHeapRoom(files fs.FS, environ []string, isDevelopment bool) heapRoom {
	given := map[string]string{}
	for _, e := range environ {
		name, value, _ := strings.Cut(e, "=")
		given[name] = value
	}
	var r heapRoom
	switch given["GOMEMLIMIT"] {
	case "off":
		return r
	case "":
		if r.limit = limitOf(files); r.limit == 0 {
			return r
		}
		if isDevelopment {
			r.limit = min(r.limit, mostInDev)
		}
		r.limit = max(r.limit, leastLimit)
	}
	if given["GOGC"] == "" {
		r.percent = collectAt
	}
	return r
}

// apply tells the garbage collector.
func (r heapRoom) apply() {
	if r.limit > 0 {
		debug.SetMemoryLimit(r.limit)
	}
	if r.percent > 0 {
		debug.SetGCPercent(r.percent)
	}
}

// limitOf is what of the container's memory, or of the machine's if there is no limit, Go may use; 0: not
// known.
func limitOf(files fs.FS) int64 {
	machine := machineMemory(files)
	container := containerMemory(files)
	if container < machine || machine == 0 && container < math.MaxInt64 {
		return int64(partOfContainer * float64(container))
	}
	return int64(partOfMachine * float64(machine))
}

// containerMemory is the smallest limit of the process's control groups, from its own up to the root;
// MaxInt64: none has a limit. Inside a container its own group usually looks like the root.
func containerMemory(files fs.FS) int64 {
	least := int64(math.MaxInt64)
	consider := func(name string) {
		if n := number(files, name); n > 0 {
			least = min(least, n)
		}
	}
	consider("sys/fs/cgroup/memory/memory.limit_in_bytes") // version 1
	group := "/"
	own, _ := fs.ReadFile(files, "proc/self/cgroup")
	for line := range strings.Lines(string(own)) {
		if found, ok := strings.CutPrefix(strings.TrimSpace(line), "0::"); ok { // version 2
			group = path.Clean("/" + found)
		}
	}
	for ; ; group = path.Dir(group) {
		consider(path.Join("sys/fs/cgroup", group, "memory.max"))
		if group == "/" {
			return least
		}
	}
}

// machineMemory is the machine's memory in bytes; 0: not known.
func machineMemory(files fs.FS) int64 {
	raw, _ := fs.ReadFile(files, "proc/meminfo")
	for line := range strings.Lines(string(raw)) {
		if f := strings.Fields(line); len(f) == 3 && f[0] == "MemTotal:" && f[2] == "kB" {
			kilobytes, _ := strconv.ParseInt(f[1], 10, 64)
			return kilobytes << 10
		}
	}
	return 0
}

// number is the number in a file; 0 if there is none, as in "max".
func number(files fs.FS, name string) int64 {
	raw, _ := fs.ReadFile(files, name)
	n, _ := strconv.ParseInt(strings.TrimSpace(string(raw)), 10, 64)
	return n
}
