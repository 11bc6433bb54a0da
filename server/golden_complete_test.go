package main

import (
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"

	"github.com/vektah/gqlparser/v2/ast"

	"faellesskab/schema"
)

// mutationCases are the cases that every mutation must have.
var mutationCases = []string{"success", "invalid", "anonymous", "wrong-person", "missing"}

// Every mutation has its five cases, every query field a success and a refusal,
// and there is no folder of an operation that does not exist.
func TestAPIGoldensAreComplete(t *testing.T) {
	t.Parallel()
	s, err := schema.Load()
	if err != nil {
		t.Fatal(err)
	}
	known := []string{"seeds"}
	for _, field := range fieldsOf(s.Mutation) {
		folder := folderOf(field)
		known = append(known, folder)
		for _, c := range mutationCases {
			checkCase(t, folder, c, field.Name)
		}
	}
	for _, field := range fieldsOf(s.Query) {
		folder := folderOf(field)
		known = append(known, folder)
		checkCase(t, folder, "success", field.Name)
		refusals, err := filepath.Glob(filepath.Join(apiFolder, folder, "[imw]*.graphql"))
		if err != nil || len(refusals) == 0 {
			if text, err := os.ReadFile(filepath.Join(apiFolder, folder, "invalid.na")); err != nil || len(text) < 20 {
				t.Errorf("%s: no case of a refusal (invalid, missing or wrong-person), and no invalid.na that says why", folder)
			}
		}
	}
	folders, err := filepath.Glob(apiFolder + "/*/*/")
	if err != nil {
		t.Fatal(err)
	}
	for _, f := range folders {
		name, _ := strings.CutPrefix(filepath.ToSlash(f), apiFolder+"/")
		if !slices.Contains(known, strings.TrimSuffix(name, "/")) {
			t.Errorf("%s: there is no such operation", f)
		}
	}
}

func fieldsOf(d *ast.Definition) []*ast.FieldDefinition {
	return slices.DeleteFunc(slices.Clone([]*ast.FieldDefinition(d.Fields)), func(f *ast.FieldDefinition) bool {
		return strings.HasPrefix(f.Name, "__")
	})
}

// folderOf is the noun's schema file and the operation.
func folderOf(f *ast.FieldDefinition) string {
	return strings.TrimSuffix(f.Position.Src.Name, ".graphqls") + "/" + f.Name
}

// checkCase checks that a case has a document that calls the operation and an answer, or a
// reason why the case makes no sense.
func checkCase(t *testing.T, folder, name, operation string) {
	t.Helper()
	at := filepath.Join(apiFolder, folder, name)
	if reason, err := os.ReadFile(at + ".na"); err == nil {
		if len(reason) < 20 {
			t.Errorf("%s.na does not say why", at)
		}
		return
	}
	text, err := os.ReadFile(at + ".graphql")
	if err != nil {
		t.Errorf("%s: no case %s, and no %s.na that says why", folder, name, name)
		return
	}
	if !strings.Contains(string(text), operation) {
		t.Errorf("%s.graphql does not call %s", at, operation)
	}
	if _, err := os.Stat(at + ".golden.json"); err != nil {
		t.Errorf("%s.graphql has no golden answer: run TestAPI with -update", at)
	}
}
