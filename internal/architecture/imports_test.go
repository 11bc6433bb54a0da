package architecture

import (
	"path"
	"slices"
	"strings"
	"testing"
)

// Packages from outside the module may be imported only in these places, also by tests.
func TestOutsidePackagesHaveOneDoor(t *testing.T) {
	for _, rule := range []struct {
		outside string
		inside  string // only within this folder; empty: everywhere
		allowed func(s source) bool
		why     string
	}{
		{"go.mongodb.org/mongo-driver", "", func(s source) bool {
			return path.Base(s.path) == "store.go" || strings.HasPrefix(path.Base(s.path), "store_") ||
				below(s, "internal/mongodb", "internal/embedded", "internal/testkit") || strings.Contains(s.path, "/migrations/")
		}, "the driver is for store.go, mongodb, embedded, testkit and migrations"},
		{"firebase.google.com/go", "", func(s source) bool { return below(s, "internal/auth", "internal/push") },
			"Firebase is for auth and push"},
		{"github.com/FerretDB", "", func(s source) bool { return below(s, "internal/embedded") },
			"FerretDB is for embedded"},
		{"modernc.org/sqlite", "", func(s source) bool { return below(s, "internal/embedded") },
			"SQLite is for embedded"},
		{"github.com/99designs/gqlgen", "internal", func(s source) bool { return below(s, "internal/gqlhttp", "internal/gqlexec", "internal/optional") },
			"inside internal only gqlhttp and gqlexec know gqlgen, and optional, which gives inputs its Omittable"},
	} {
		for _, s := range sources(t) {
			if rule.inside != "" && !below(s, rule.inside) || rule.allowed(s) {
				continue
			}
			if i, ok := s.importsAny(rule.outside); ok {
				t.Errorf("%s imports %s: %s", s.path, i, rule.why)
			}
		}
	}
}

func below(s source, dirs ...string) bool {
	return slices.ContainsFunc(dirs, func(dir string) bool { return strings.HasPrefix(s.path, dir+"/") })
}

// Imports go one way: server, resolvers, graph, internal.
func TestLayersLookDown(t *testing.T) {
	for dir, above := range map[string][]string{
		"internal":  {"graph", "resolvers", "server"},
		"schema":    {"graph", "resolvers", "server", "internal"},
		"graph":     {"resolvers", "server"},
		"resolvers": {"server"},
	} {
		for _, s := range sources(t) {
			if !below(s, dir) || s.isTest() {
				continue
			}
			for _, a := range above {
				if i, ok := s.importsAny(module + a); ok {
					t.Errorf("%s imports %s, which stands above it", s.path, i)
				}
			}
		}
	}
}

// domains are the nouns, each with the nouns below it: area ← person ← group ← event and course, with
// booking below both. All may use notify and audit, which know no noun. No noun knows inbox, which
// keeps what people are told, or delivery, which sends it.
var domains = map[string][]string{
	"area":         {},
	"skill":        {},
	"booking":      {},
	"calendar":     {"area", "person", "group", "booking"},
	"checkin":      {"booking", "person"},
	"notify":       {},
	"inbox":        {"notify"},
	"delivery":     {"notify", "inbox"},
	"audit":        {},
	"person":       {"area", "skill"},
	"device":       {"person"},
	"group":        {"area", "person"},
	"event":        {"area", "person", "group", "booking"},
	"certificate":  {"person"},
	"course":       {"area", "person", "skill", "group", "booking", "certificate"},
	"wish":         {"person", "course"},
	"site":         {"booking", "calendar", "certificate", "checkin", "course", "event", "group"},
	"learning":     {"area", "person", "skill", "group", "booking", "course", "wish"},
	"meeting":      {"person", "booking", "event", "course"},
	"announcement": {"area", "person", "group", "booking"},
}

// wiring are the packages that know all nouns, because they put them together. No noun knows them.
var wiring = []string{"community", "demo"}

// leaves know only each other, and fault knows nobody.
var leaves = []string{"fault", "page", "clock", "id", "i18n", "text", "place", "schedule", "privacy", "search", "config", "optional", "keyring"}

// isForTests reports whether only tests import a package, like net/http/httptest.
func isForTests(name string) bool {
	return name == "testkit" || strings.HasSuffix(name, "test")
}

func TestDomainsFormNoCircle(t *testing.T) {
	for _, s := range sources(t) {
		name, ok := strings.CutPrefix(s.dir(), "internal/")
		if !ok || s.isTest() || isForTests(name) || slices.Contains(wiring, name) {
			continue
		}
		lower, isDomain := domains[name]
		for _, i := range s.imports {
			other, ok := strings.CutPrefix(i, module+"internal/")
			if !ok {
				continue
			}
			_, otherIsDomain := domains[other]
			switch {
			case name == "fault", slices.Contains(leaves, name) && !slices.Contains(leaves, other):
				t.Errorf("%s imports %s, but is a leaf", s.path, other)
			case slices.Contains(wiring, other):
				t.Errorf("%s imports %s, which puts everything together", s.path, other)
			case isForTests(other):
				t.Errorf("%s imports %s, which is for tests", s.path, other)
			case !otherIsDomain || other == name:
			case !isDomain && other != "notify" && other != "audit":
				t.Errorf("%s imports %s: only domains know domains", s.path, other)
			case other == "notify" && name != "audit", other == "audit" && name != "notify" && name != "inbox" && name != "delivery":
			case !slices.Contains(lower, other):
				t.Errorf("%s imports %s, which is not below it: declare a small interface and take it in New", s.path, other)
			}
		}
	}
}

// The table above has no circles.
func TestDomainTableIsADAG(t *testing.T) {
	var walk func(name string, trail []string)
	walk = func(name string, trail []string) {
		if slices.Contains(trail, name) {
			t.Fatalf("a circle: %v", append(trail, name))
		}
		for _, lower := range domains[name] {
			walk(lower, append(slices.Clone(trail), name))
		}
	}
	for name := range domains {
		walk(name, nil)
	}
}
