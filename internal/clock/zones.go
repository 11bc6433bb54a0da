package clock

import (
	"archive/zip"
	"bytes"
	_ "embed" // the zones
	"io"
	"maps"
	"slices"
	"strings"
	"sync"
	"time"
)

// zoneinfo is the zone data of the Go toolchain ("make zones"). Go's own time.LoadLocation looks
// into the files of the machine first and into package time/tzdata last, so that two machines may
// disagree about what time it is, and about which zones there are.
//
//go:embed zoneinfo.zip
var zoneinfo []byte

// regions are the first parts of the names that IANA gives to zones by where they are. The data
// has other names for old programs, such as "US/Eastern", "CET" and "Factory".
var regions = []string{"Africa/", "America/", "Antarctica/", "Arctic/", "Asia/", "Atlantic/", "Australia/", "Europe/", "Indian/", "Pacific/"}

// utc is the one zone that is not named by where it is.
const utc Zone = "UTC"

// zones are the zones that the program knows, by name. They are part of the program, so data that
// cannot be read is a mistake in the program and panics.
var zones = sync.OnceValue(func() map[Zone]*zip.File {
	archive, err := zip.NewReader(bytes.NewReader(zoneinfo), int64(len(zoneinfo)))
	if err != nil {
		panic(err)
	}
	known := map[Zone]*zip.File{}
	for _, f := range archive.File {
		if !f.FileInfo().IsDir() && isRegion(f.Name) {
			known[Zone(f.Name)] = f
		}
	}
	return known
})

func isRegion(name string) bool {
	for _, region := range regions {
		if strings.HasPrefix(name, region) {
			return true
		}
	}
	return name == string(utc)
}

// isKnown reports whether there is such a zone. The name must be spelled as in the data.
func (z Zone) isKnown() bool { return zones()[z] != nil }

// locations are the zones that have been read. They are kept, since reading one takes longer than
// a decision about a notice.
var locations sync.Map

// location is the zone with its rules; UTC if there is no such zone. A Zone is checked when it
// comes in, so a stored one is known.
func (z Zone) location() *time.Location {
	if loc, ok := locations.Load(z); ok {
		return loc.(*time.Location)
	}
	f := zones()[z]
	if f == nil || z == utc {
		return time.UTC
	}
	loc, err := read(f)
	if err != nil {
		panic(err)
	}
	locations.Store(z, loc)
	return loc
}

func read(f *zip.File) (*time.Location, error) {
	in, err := f.Open()
	if err != nil {
		return nil, err
	}
	defer in.Close()
	data, err := io.ReadAll(in)
	if err != nil {
		return nil, err
	}
	return time.LoadLocationFromTZData(f.Name, data)
}

// Zones are the names of all zones, sorted.
func Zones() []Zone { return slices.Sorted(maps.Keys(zones())) }
