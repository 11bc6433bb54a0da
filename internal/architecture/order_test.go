package architecture

import (
	"bytes"
	"go/ast"
	"go/printer"
	"go/token"
	"maps"
	"regexp"
	"slices"
	"strings"
	"testing"
)

// sorts are the functions that sort by a comparison of one's own.
var sorts = []string{"SortFunc", "SortStableFunc", "SortedFunc", "SortedStableFunc", "Slice", "SliceStable"}

// tellsApart fits a comparison that ends with what tells all elements apart.
var tellsApart = regexp.MustCompile(`(\.(ID|PersonID|Key|Answer|Channel|Name)\b[^\n]*|(strings|cmp)\.Compare\(a, b\)\)?)\s*\}?$`)

// equals are the sorts whose comparison does not end so, and why the order is no matter of chance there.
var equals = map[string]string{
	"internal/course/area.go: func":                   "positions end with the session's id",
	"internal/course/calendar.go: func":               "positions end with the session's id",
	"internal/course/feed.go: func":                   "positions end with the session's id",
	"internal/ical/ical.go: func":                     "names of events are their own",
	"internal/ical/zone.go: time.Time.Compare":        "equal instants are the same",
	"internal/person/store_wish.go: func":             "a skill in an area is counted once",
	"internal/page/merge.go: func":                    "positions end with the item's id",
	"internal/group/deed.go: time.Time.Compare":       "equal instants are the same",
	"internal/booking/export.go: time.Time.Compare":   "equal instants are the same",
	"internal/delivery/summary.go: time.Time.Compare": "equal instants are the same",
	"internal/delivery/send.go: func":                 "a device's place is its person's id and its own",
	"internal/device/room.go: newestFirst":            "it ends with the device's id",
	"internal/device/room.go: func":                   "newestFirst ends with the device's id",
	"internal/embedded/order.go: func":                "a query says by what it sorts, and the query guard sees to it",
	"internal/inbox/store_summary.go: oldestFirst":    "it ends with the notice's id",
	"internal/text/gen/main.go: func":                 "what it sorts has different beginnings",
	"internal/event/edit.go: func":                    "dates have ids, and new ones different starts",
	"internal/schedule/herald/change.go: h.inOrder":   "it ends with the id of the thing",
	"internal/schedule/fact.go: byName":               "facts of one thing have different names",
	"internal/inbox/ledger.go: func":                  "the lines of one notice at one instant stay as they were written",
}

// What people see is in the same order each time: a sort ends with what tells all elements apart. The query
// guard of testkit holds the sorts of the database to the same.
func TestEverySortTellsAllElementsApart(t *testing.T) {
	t.Parallel()
	unused := maps.Clone(equals)
	eachFile(t, func(s source, set *token.FileSet, file *ast.File) {
		ast.Inspect(file, func(n ast.Node) bool {
			call, ok := n.(*ast.CallExpr)
			if !ok {
				return true
			}
			f, ok := call.Fun.(*ast.SelectorExpr)
			if !ok || !slices.Contains(sorts, f.Sel.Name) || !isOf(f.X, "slices", "sort") {
				return true
			}
			by := text(set, call.Args[len(call.Args)-1])
			name, _, isLiteral := strings.Cut(by, "(")
			if !isLiteral {
				name = by
			}
			site := s.path + ": " + name
			delete(unused, site)
			if equals[site] == "" && !tellsApart.MatchString(strings.TrimSpace(by)) {
				t.Errorf("%s sorts by %s\nin which several elements may be equal: end with what tells them apart, or say here why that is no matter", s.path, by)
			}
			return true
		})
	})
	for site := range unused {
		t.Errorf("there is no sort %s any more", site)
	}
}

func isOf(x ast.Expr, names ...string) bool {
	name, ok := x.(*ast.Ident)
	return ok && slices.Contains(names, name.Name)
}

func text(set *token.FileSet, n ast.Node) string {
	var b bytes.Buffer
	_ = printer.Fprint(&b, set, n)
	return b.String()
}
