package site

import (
	"mime"
	"strconv"
	"strings"
)

// preferred is the type that a client would rather have (RFC 9110, 12.5.1), of those that there are: the one it names
// rather than one that it takes as well, and otherwise the first. Empty if it takes none. A client that says nothing takes
// all of them.
func preferred(accept []string, types ...string) string {
	ranges := strings.Join(accept, ",")
	if strings.TrimSpace(ranges) == "" {
		return types[0]
	}
	best, most := "", rank{}
	for _, typ := range types {
		if r := rankOf(ranges, typ); r.quality > 0 && r.isAbove(most) {
			best, most = typ, r
		}
	}
	return best
}

// rank is how much a client wants a type, and how exactly it says so: 3 by its name, 1 by any.
type rank struct {
	quality float64
	exact   int
}

func (r rank) isAbove(other rank) bool {
	return r.quality > other.quality || r.quality == other.quality && r.exact > other.exact
}

// rankOf is the rank of a type by the range that names it most exactly.
func rankOf(ranges, typ string) (found rank) {
	family, _, _ := strings.Cut(typ, "/")
	for part := range strings.SplitSeq(ranges, ",") {
		name, parameters, err := mime.ParseMediaType(part)
		if err != nil {
			continue
		}
		exact := map[string]int{typ: 3, family + "/*": 2, "*/*": 1}[name]
		if exact > found.exact {
			found = rank{quality(parameters["q"]), exact}
		}
	}
	return found
}

func quality(q string) float64 {
	if q == "" {
		return 1
	}
	v, err := strconv.ParseFloat(q, 64)
	if err != nil || v < 0 || v > 1 {
		return 0
	}
	return v
}
