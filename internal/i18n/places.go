package i18n

import (
	"strings"
	"sync"

	"github.com/BurntSushi/toml"

	"faellesskab/internal/clock"
)

// placeNames are the names of the places by whose clocks zones are named, in each language, where they are
// not the last part of the name of the zone. They are part of the program, so a file that cannot be
// read is a mistake in the program and panics.
var placeNames = sync.OnceValue(func() map[string]map[clock.Zone]string {
	names := map[string]map[clock.Zone]string{}
	if _, err := toml.DecodeFS(textFiles, "texts/places.toml", &names); err != nil {
		panic(err)
	}
	return names
})

// place names the clock of a zone: "i New York", "på Færøerne", "dansk tid".
func (r Reader) place(z clock.Zone) string {
	switch z {
	case clock.Copenhagen:
		return r.word("dansk tid", "Danish time")
	case "UTC":
		return "UTC"
	}
	name := placeNames()[r.Language.Tag().String()][z]
	if name == "" {
		name = strings.ReplaceAll(string(z[strings.LastIndexByte(string(z), '/')+1:]), "_", " ")
	}
	for _, preposition := range []string{"på ", "on ", "at "} {
		if strings.HasPrefix(name, preposition) {
			return name
		}
	}
	return r.word("i ", "in ") + name
}
