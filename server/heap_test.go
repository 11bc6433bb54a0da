package main

import (
	"runtime/debug"
	"testing"
	"testing/fstest"

	"github.com/google/go-cmp/cmp"
)

// The garbage collector gets room by the container's memory, or by the machine's, and never
// against what the operator has set.
func TestHeapRoom(t *testing.T) {
	const gib = 1 << 30
	machine := map[string]string{"proc/meminfo": "MemFree: 5 kB\nMemTotal:       16777216 kB\n"}
	for name, c := range map[string]struct {
		files       map[string]string
		environ     []string
		development bool
		want        heapRoom
	}{
		"container":                 {beside(machine, "sys/fs/cgroup/memory.max", "1073741824\n"), nil, false, heapRoom{limit: gib * 8 / 10, percent: 400}},
		"unlimited container":       {beside(machine, "sys/fs/cgroup/memory.max", "max\n"), nil, false, heapRoom{limit: 4 * gib, percent: 400}},
		"version 1":                 {beside(machine, "sys/fs/cgroup/memory/memory.limit_in_bytes", "1073741824\n"), nil, false, heapRoom{limit: gib * 8 / 10, percent: 400}},
		"version 1 without a limit": {beside(machine, "sys/fs/cgroup/memory/memory.limit_in_bytes", "9223372036854771712\n"), nil, false, heapRoom{limit: 4 * gib, percent: 400}},
		"group above its own": {beside(beside(beside(machine, "proc/self/cgroup", "0::/apps.slice/it.service\n"),
			"sys/fs/cgroup/apps.slice/memory.max", "1073741824\n"), "sys/fs/cgroup/apps.slice/it.service/memory.max", "max\n"), nil, false,
			heapRoom{limit: gib * 8 / 10, percent: 400}},
		"container on an unknown machine": {map[string]string{"sys/fs/cgroup/memory.max": "1073741824"}, nil, false, heapRoom{limit: gib * 8 / 10, percent: 400}},
		"tiny container":                  {beside(machine, "sys/fs/cgroup/memory.max", "1048576\n"), nil, false, heapRoom{limit: 64 << 20, percent: 400}},
		"development":                     {machine, nil, true, heapRoom{limit: gib, percent: 400}},
		"nothing known":                   {nil, nil, false, heapRoom{}},
		"limit given":                     {machine, []string{"GOMEMLIMIT=350MiB"}, false, heapRoom{percent: 400}},
		"percent given":                   {machine, []string{"GOGC=100"}, false, heapRoom{limit: 4 * gib}},
		"no limit, by the operator":       {machine, []string{"GOMEMLIMIT=off"}, false, heapRoom{}},
		"both given":                      {machine, []string{"GOGC=off", "GOMEMLIMIT=1GiB"}, false, heapRoom{}},
		"both empty":                      {machine, []string{"GOGC=", "GOMEMLIMIT="}, false, heapRoom{limit: 4 * gib, percent: 400}},
	} {
		t.Run(name, func(t *testing.T) {
			files := fstest.MapFS{}
			for name, text := range c.files {
				files[name] = &fstest.MapFile{Data: []byte(text)}
			}
			got := chooseHeapRoom(files, c.environ, c.development)
			if diff := cmp.Diff(c.want, got, cmp.AllowUnexported(heapRoom{})); diff != "" {
				t.Error(diff)
			}
		})
	}
}

// What is chosen is what the garbage collector is told.
func TestHeapRoomIsApplied(t *testing.T) {
	limit, percent := debug.SetMemoryLimit(-1), debug.SetGCPercent(100)
	t.Cleanup(func() { heapRoom{limit: limit, percent: percent}.apply() })
	heapRoom{}.apply()
	if got := debug.SetMemoryLimit(-1); got != limit {
		t.Errorf("nothing was chosen, and the limit is %d", got)
	}
	heapRoom{limit: 1 << 40, percent: 123}.apply()
	if got := debug.SetMemoryLimit(-1); got != 1<<40 {
		t.Errorf("the limit is %d", got)
	}
	if got := debug.SetGCPercent(100); got != 123 {
		t.Errorf("garbage is collected at %d percent", got)
	}
}

func beside(files map[string]string, name, text string) map[string]string {
	all := map[string]string{name: text}
	for name, text := range files {
		all[name] = text
	}
	return all
}
