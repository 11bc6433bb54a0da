package schema_test

import (
	"encoding/json"
	"go/ast"
	"go/parser"
	"go/token"
	"os"
	"path/filepath"
	"regexp"
	"slices"
	"strconv"
	"strings"
	"testing"

	"faellesskab/internal/fault"
)

// The lint knows exactly the codes that the program has.
func TestTheCodesAreThose(t *testing.T) {
	t.Parallel()
	file, err := parser.ParseFile(token.NewFileSet(), "../internal/fault/fault.go", nil, 0)
	if err != nil {
		t.Fatal(err)
	}
	var declared []fault.Code
	ast.Inspect(file, func(n ast.Node) bool {
		spec, ok := n.(*ast.ValueSpec)
		if !ok || len(spec.Values) != 1 || !strings.HasPrefix(spec.Names[0].Name, "Code") {
			return true
		}
		if text, err := strconv.Unquote(spec.Values[0].(*ast.BasicLit).Value); err == nil {
			declared = append(declared, fault.Code(text))
		}
		return true
	})
	if !slices.Equal(declared, codes) {
		t.Errorf("the program has the codes %v, the lint knows %v", declared, codes)
	}
}

// ofEveryField are the codes that every root field may answer, as Query and Mutation say in their
// descriptions. FORBIDDEN is not among them: it also has causes of the field's own.
var ofEveryField = []fault.Code{fault.CodeUnauthenticated, fault.CodeBadID, fault.CodeBadUserInput, fault.CodeRateLimited, fault.CodeIdempotencyKeyReused,
	fault.CodeUnavailable, fault.CodeInternal}

// The description of a root field names every code that it answers in the goldens of the API, unless
// every field may.
func TestDescriptionsNameTheCodesThatCome(t *testing.T) {
	t.Parallel()
	s := load(t)
	goldens, err := filepath.Glob("../server/testdata/api/*/*/*.golden.json")
	if err != nil || len(goldens) == 0 {
		t.Fatalf("no goldens: %v", err)
	}
	compared := 0
	for _, path := range goldens {
		for _, e := range errorsOf(t, path) {
			f := s.Mutation.Fields.ForName(e.field)
			if f == nil {
				f = s.Query.Fields.ForName(e.field)
			}
			if f == nil || slices.Contains(ofEveryField, e.code) {
				continue
			}
			compared++
			if named := capitals.FindAllString(f.Description, -1); !slices.Contains(named, string(e.code)) {
				t.Errorf("%s: the description does not name %s, which it answers in %s", e.field, e.code, filepath.ToSlash(path))
			}
		}
	}
	if compared < 100 {
		t.Errorf("only %d errors were compared", compared)
	}
}

// Query and Mutation name the codes that every field may answer.
func TestTheCodesOfEveryFieldAreNamed(t *testing.T) {
	t.Parallel()
	s := load(t)
	for _, c := range ofEveryField {
		word := regexp.MustCompile(`\b` + string(c) + `\b`)
		if !word.MatchString(s.Mutation.Description) {
			t.Errorf("Mutation does not name %s", c)
		}
		if c != fault.CodeIdempotencyKeyReused && !word.MatchString(s.Query.Description) {
			t.Errorf("Query does not name %s", c)
		}
	}
}

type answeredError struct {
	field string // the root field
	code  fault.Code
}

// errorsOf are the errors of root fields in a golden answer.
func errorsOf(t *testing.T, path string) []answeredError {
	t.Helper()
	raw, err := os.ReadFile(path)
	if err != nil {
		t.Fatal(err)
	}
	var answer struct {
		Errors []struct {
			Path       []any
			Extensions struct{ Code fault.Code }
		}
	}
	if err := json.Unmarshal(raw, &answer); err != nil {
		t.Fatalf("%s: %v", path, err)
	}
	var list []answeredError
	for _, e := range answer.Errors {
		if len(e.Path) == 1 {
			field, _ := e.Path[0].(string)
			list = append(list, answeredError{field, e.Extensions.Code})
		}
	}
	return list
}
