package resolvers

import (
	"go/ast"
	"go/parser"
	"go/token"
	"go/types"
	"log/slog"
	"path/filepath"
	"reflect"
	"strings"
	"testing"

	"faellesskab/internal/community"
	"faellesskab/internal/id"
	"faellesskab/internal/loader"
	"faellesskab/internal/mongodb"
	"faellesskab/internal/part"
	"faellesskab/schema"
)

func parts() *community.Community {
	return community.New(community.Options{DB: &mongodb.DB{}, Log: slog.New(slog.DiscardHandler)})
}

// Each type of the schema that is a Node has one loader, and each loader a type.
func TestEveryNodeHasItsLoader(t *testing.T) {
	t.Parallel()
	var unused []part.Node
	prefixes := map[string]bool{}
	for _, n := range parts().Nodes() {
		if prefixes[n.Prefix] {
			t.Errorf("two nouns load %s", n.Prefix)
		}
		prefixes[n.Prefix] = true
		unused = append(unused, n)
	}
	for _, def := range schema.MustLoad().PossibleTypes["Node"] {
		var rest []part.Node
		for _, n := range unused {
			// GroupMembership is *group.Membership.
			if !strings.HasSuffix(def.Name, n.Type.Elem().Name()) {
				rest = append(rest, n)
			}
		}
		if got := len(unused) - len(rest); got != 1 {
			t.Errorf("%d loaders for the node %s, want 1: it is in its noun's part.go", got, def.Name)
		}
		unused = rest
	}
	for _, n := range unused {
		t.Errorf("%v is loaded by its id, but is no Node", n.Type)
	}
}

// A lookup is known by the type that it finds, so no two may find the same.
func TestNoTwoLookupsFindTheSame(t *testing.T) {
	t.Parallel()
	seen := map[reflect.Type]bool{}
	for _, l := range parts().Lookups() {
		if seen[l.Type] {
			t.Errorf("two lookups find %v: give what one of them finds a type of its own", l.Type)
		}
		seen[l.Type] = true
	}
}

// Each type that resolvers load by its id is a node of some noun, and each type that they
// look up has a lookup. Otherwise the program would find out only when somebody asks.
func TestWhatResolversLoadHasALoader(t *testing.T) {
	t.Parallel()
	nodes, lookups := map[string]bool{}, map[string]bool{}
	for _, n := range parts().Nodes() {
		nodes[n.Type.String()] = true
	}
	for _, l := range parts().Lookups() {
		lookups[l.Type.String()] = true
	}
	known := map[string]map[string]bool{"one": nodes, "maybe": nodes, "many": nodes, "lookup": lookups}
	files, err := filepath.Glob("*.go")
	if err != nil {
		t.Fatal(err)
	}
	found := 0
	for _, name := range files {
		file, err := parser.ParseFile(token.NewFileSet(), name, nil, parser.SkipObjectResolution)
		if err != nil {
			t.Fatal(err)
		}
		ast.Inspect(file, func(n ast.Node) bool {
			call, _ := n.(*ast.IndexExpr)
			if call == nil {
				return true
			}
			by, _ := call.X.(*ast.Ident)
			if by == nil || known[by.Name] == nil {
				return true
			}
			found++
			if asked := types.ExprString(call.Index); !known[by.Name][asked] {
				t.Errorf("%s: %s[%s] finds nothing: no noun brings it in its part", name, by.Name, asked)
			}
			return true
		})
	}
	if found < 10 {
		t.Errorf("only %d calls were found", found)
	}
}

// An id finds its loader by its prefix, or by its owner's prefix if it has an owner.
func TestAnIDFindsItsLoader(t *testing.T) {
	t.Parallel()
	l := (&Resolver{Community: parts()}).newLoaders(loader.NewPace(0, maxWait, func() {}))
	person, event := id.New(id.Person), id.New(id.Event)
	for nodeID, want := range map[string]string{
		person:                                 "*person.Person",
		event:                                  "*event.Event",
		id.Pair(id.New(id.Group), person):      "*group.Membership",
		id.Pair(person, "welcome"):             "*inbox.Notice",
		id.Pair(person, event):                 "*inbox.Notice",
		id.Pair(person, event+":changed:2026"): "*inbox.Notice",
		id.Pair(event, "changed"):              "",
		id.Pair(person, ""):                    "",
		id.Pair(person, "wel come"):            "",
		id.Pair(event, person):                 "",
		id.New("xyz"):                          "",
		"per_1:welcome":                        "",
		"per_1":                                "",
		"":                                     "",
		":":                                    "",
		id.Pair(id.New(id.Occurrence), id.New(id.Course)): "",
	} {
		got := ""
		for typ, loader := range l.nodes {
			if loader == l.of(nodeID) {
				got = typ.String()
			}
		}
		if got != want {
			t.Errorf("%q is loaded as %q, want %q", nodeID, got, want)
		}
	}
}
