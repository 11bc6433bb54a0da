package main

import (
	"errors"
	"fmt"
	"go/ast"
	"go/parser"
	"go/token"
	"maps"
	"path"
	"path/filepath"
	"regexp"
	"slices"
	"strings"

	schemaast "github.com/vektah/gqlparser/v2/ast"
)

const (
	module = "faellesskab"
	suffix = ".graphqls"
)

// home is where the Go types of a schema file are.
type home struct {
	packages []string // below internal
	words    string   // the noun's part in names of the schema, which Go names leave out; an expression
}

// unusual are the homes of files whose types are not just in the noun's own package.
var unusual = map[string]home{
	"checkin":      {[]string{"checkin"}, "CheckIn"},
	"course_rules": {[]string{"course"}, "Course"},
	"series":       {[]string{"event"}, "Event"},
	"edit":         {[]string{"event"}, "Event"},
	"notify":       {[]string{"notify", "inbox", "delivery"}, "Notice|Notification"},
	"signup":       {[]string{"booking"}, "SignUp|Booking"},

	"skills_of_person": {[]string{"person", "group"}, "Person|Group"},
}

func homeOf(file string) home {
	noun := strings.TrimSuffix(path.Base(file), suffix)
	if h, ok := unusual[noun]; ok {
		return h
	}
	return home{[]string{noun}, strings.ToUpper(noun[:1]) + noun[1:]}
}

// bind finds the Go types of the schema's types, by name. exported are the types
// that a package below internal exports.
func bind(s *schemaast.Schema, exported func(pkg string) (map[string]bool, error)) (map[string]string, error) {
	models, known := map[string]string{}, map[string]map[string]bool{}
	for _, t := range s.Types {
		if t.BuiltIn || t.Position == nil {
			continue
		}
		h := homeOf(t.Position.Src.Name)
		for _, pkg := range h.packages {
			if known[pkg] == nil {
				names, err := exported(pkg)
				if err != nil {
					return nil, err
				}
				known[pkg] = names
			}
		}
		if goType := h.find(t.Name, known); goType != "" {
			models[t.Name] = goType
		}
	}
	return models, nil
}

// unbound refuses types of the schema without a Go type, which gqlgen would make silently. It allows
// gqlgen to make the root types, payloads, and unions with their members.
func unbound(s *schemaast.Schema, isBound func(name string) bool) error {
	made := map[string]bool{}
	for _, t := range s.Types {
		made[t.Name] = made[t.Name] || t == s.Query || t == s.Mutation || t == s.Subscription || t.Kind == schemaast.Union ||
			t.Kind == schemaast.Object && strings.HasSuffix(t.Name, "Payload")
		for _, member := range t.Types { // the members of a union
			made[member] = true
		}
	}
	var errs []error
	for _, name := range slices.Sorted(maps.Keys(s.Types)) {
		t := s.Types[name]
		if t.BuiltIn || t.Position == nil || made[name] || isBound(name) {
			continue
		}
		h := homeOf(t.Position.Src.Name)
		wanted := name
		if short := h.short(name); short != "" {
			wanted += " or " + short
		}
		errs = append(errs, fmt.Errorf("%s: there is no Go type for %s: export %s from internal/%s, or name another one in gqlgen.yml",
			t.Position.Src.Name, name, wanted, strings.Join(h.packages, ", internal/")))
	}
	return errors.Join(errs...)
}

func (h home) find(name string, known map[string]map[string]bool) string {
	for _, candidate := range []string{name, h.short(name)} {
		for _, pkg := range h.packages {
			if known[pkg][candidate] {
				return fmt.Sprintf("%s/internal/%s.%s", module, pkg, candidate)
			}
		}
	}
	return ""
}

// short is a name without the noun, and without the small word before it: JoinInput
// for JoinGroupInput, InviteInput for InviteToGroupInput.
func (h home) short(name string) string {
	noun := regexp.MustCompile(`(To|In|From|For)?(` + h.words + `)s?([A-Z]|$)`)
	at := noun.FindStringSubmatchIndex(name)
	if at == nil {
		return ""
	}
	next := at[6] // where the word after the noun begins
	return name[:at[0]] + name[next:]
}

// exported are the types that a package below internal exports; none if there is no
// such package.
func exported(pkg string) (map[string]bool, error) {
	files, err := filepath.Glob(filepath.Join("internal", pkg, "*.go"))
	if err != nil {
		return nil, err
	}
	names := map[string]bool{}
	for _, name := range files {
		if strings.HasSuffix(name, "_test.go") {
			continue
		}
		file, err := parser.ParseFile(token.NewFileSet(), name, nil, parser.SkipObjectResolution)
		if err != nil {
			return nil, err
		}
		for _, decl := range file.Decls {
			types, ok := decl.(*ast.GenDecl)
			if !ok || types.Tok != token.TYPE {
				continue
			}
			for _, spec := range types.Specs {
				if t := spec.(*ast.TypeSpec); t.Name.IsExported() {
					names[t.Name.Name] = true
				}
			}
		}
	}
	return names, nil
}
