package schema_test

import (
	"fmt"
	"os"
	"path/filepath"
	"regexp"
	"slices"
	"strconv"
	"strings"
	"testing"

	"github.com/vektah/gqlparser/v2"
	"github.com/vektah/gqlparser/v2/ast"

	"faellesskab/schema"
)

var (
	pascal     = regexp.MustCompile(`^[A-Z][a-zA-Z0-9]*$`)
	camel      = regexp.MustCompile(`^[a-z][a-zA-Z0-9]*$`)
	upperSnake = regexp.MustCompile(`^[A-Z][A-Z0-9]*(_[A-Z0-9]+)*$`)
	dated      = regexp.MustCompile(`^\d{4}-\d{2}-\d{2}: .`)
)

func load(t *testing.T) *ast.Schema {
	t.Helper()
	s, err := schema.Load()
	if err != nil {
		t.Fatal(err)
	}
	return s
}

// The schema keeps the rules of docs/SCHEMA_GUIDE.md. Each complaint names the
// place and the rule.
func TestSchemaKeepsTheRules(t *testing.T) {
	for _, complaint := range lint(load(t)) {
		t.Error(complaint)
	}
}

// The noun that make noun adds keeps them too, since it is what people copy. In the copy to which it has been
// added the schema has it already.
func TestTheExampleOfANewNounKeepsTheRules(t *testing.T) {
	t.Parallel()
	const path = "../internal/architecture/newnoun/testdata/poll/schema/poll.graphqls"
	text, err := os.ReadFile(path)
	if err != nil {
		t.Fatal(err)
	}
	sources := slices.DeleteFunc(schema.Sources(), func(s *ast.Source) bool { return filepath.Base(s.Name) == filepath.Base(path) })
	s, err := gqlparser.LoadSchema(append(sources, &ast.Source{Name: path, Input: string(text)})...)
	if err != nil {
		t.Fatal(err)
	}
	for _, complaint := range lint(s) {
		t.Error(complaint)
	}
}

// linter gathers complaints.
type linter struct {
	schema     *ast.Schema
	complaints []string
}

func lint(s *ast.Schema) []string {
	l := &linter{schema: s}
	for _, d := range s.Types {
		if d.BuiltIn {
			continue
		}
		l.definition(d)
	}
	for _, d := range s.Directives {
		if d.Position == nil || d.Position.Src.BuiltIn {
			continue
		}
		l.described("@"+d.Name, d.Description)
		l.worded("@"+d.Name, d.Description, d.Name)
		l.named("@"+d.Name, d.Name, camel)
		l.arguments("@"+d.Name, d.Arguments, d.Name)
		l.valuedArguments("@"+d.Name, d.Arguments)
	}
	for _, root := range []*ast.Definition{s.Query, s.Mutation, s.Subscription} {
		if root != nil {
			l.access(root)
			l.failsAlone(root)
			l.tellsRoots(root)
		}
	}
	if s.Mutation != nil {
		for _, f := range s.Mutation.Fields {
			l.mutation(f)
			l.limitsReturn(f)
		}
	}
	slices.Sort(l.complaints)
	return l.complaints
}

func (l *linter) complain(at, format string, args ...any) {
	l.complaints = append(l.complaints, at+": "+fmt.Sprintf(format, args...))
}

func (l *linter) described(at, text string) {
	if strings.TrimSpace(text) == "" {
		l.complain(at, "has no description")
	}
}

func (l *linter) named(at, name string, style *regexp.Regexp) {
	if !style.MatchString(name) {
		l.complain(at, "the name does not match %s", style)
	}
}

func (l *linter) definition(d *ast.Definition) {
	l.named(d.Name, d.Name, pascal)
	l.described(d.Name, d.Description)
	l.worded(d.Name, d.Description, d.Name)
	l.phrased(d.Name, flat(d.Description))
	for _, v := range d.EnumValues {
		at := d.Name + "." + v.Name
		l.described(at, v.Description)
		l.worded(at, v.Description, d.Name, v.Name)
		l.whenGiven(at, v.Description)
		l.named(at, v.Name, upperSnake)
		l.deprecation(at, v.Directives)
	}
	for _, f := range d.Fields {
		if strings.HasPrefix(f.Name, "__") {
			continue
		}
		at := d.Name + "." + f.Name
		l.described(at, f.Description)
		l.worded(at, f.Description, d.Name, f.Name, f.Type.Name())
		l.valued(d, f)
		l.named(at, f.Name, camel)
		l.id(at, f.Name, f.Type)
		l.deprecation(at, f.Directives)
		l.arguments(at, f.Arguments, d.Name, f.Name)
		l.list(at, f)
		l.holds(at, d, f)
	}
	l.node(d)
	l.connection(d)
	l.limitsOfPart(d)
}

func (l *linter) arguments(at string, args ast.ArgumentDefinitionList, names ...string) {
	for _, a := range args {
		at := at + "(" + a.Name + ":)"
		l.described(at, a.Description)
		l.worded(at, a.Description, append(slices.Clone(names), a.Name, a.Type.Name())...)
		l.named(at, a.Name, camel)
		l.id(at, a.Name, a.Type)
	}
}

// namedOtherwise are ids with other names, since the inputs of a profile and of skills have the names under which they
// are read, and a phone says what it replaces.
var namedOtherwise = []string{"CompleteProfileInput.skillsWanted", "RegisterDeviceInput.replaces", "SetSkillsInput.wanted", "SetSkillsInput.teach"}

// id checks that a field is called an id if and only if it is one.
func (l *linter) id(at, name string, typ *ast.Type) {
	isID := name == "id" || name == "ids" || strings.HasSuffix(name, "Id") || strings.HasSuffix(name, "Ids")
	if name == "clientMutationId" {
		if typ.String() != "String" {
			l.complain(at, "is %s, want String", typ)
		}
		return
	}
	if isID && typ.Name() != "ID" {
		l.complain(at, "is %s, want ID", typ)
	}
	if !isID && typ.Name() == "ID" && !slices.Contains(namedOtherwise, at) {
		l.complain(at, "is an ID but not called one")
	}
}

func (l *linter) deprecation(at string, directives ast.DirectiveList) {
	d := directives.ForName("deprecated")
	if d == nil {
		return
	}
	reason := d.Arguments.ForName("reason")
	if reason == nil || !dated.MatchString(reason.Value.Raw) {
		l.complain(at, `@deprecated(reason:) must read "2027-03-01: use startsAt"`)
	}
}

// parts are types with an id that only counts inside another object, where node does not look for them.
var parts = []string{"SignUpQuestion"}

// node checks that an object with an id implements Node.
func (l *linter) node(d *ast.Definition) {
	if d.Kind != ast.Object {
		return
	}
	f, isNode := d.Fields.ForName("id"), slices.Contains(d.Interfaces, "Node")
	if f != nil && f.Type.String() != "ID!" {
		l.complain(d.Name+".id", "is %s, want ID!", f.Type)
	}
	if f != nil && !isNode && !slices.Contains(parts, d.Name) {
		l.complain(d.Name, "has an id but does not implement Node")
	}
}

func (l *linter) connection(d *ast.Definition) {
	stem, ok := strings.CutSuffix(d.Name, "Connection")
	if !ok || d.Kind != ast.Object {
		return
	}
	l.has(d, "edges", "["+stem+"Edge!]!")
	l.has(d, "pageInfo", "PageInfo!")
	edge := l.schema.Types[stem+"Edge"]
	if edge == nil {
		l.complain(d.Name, "there is no %sEdge", stem)
		return
	}
	l.has(edge, "node", stem+"!")
	l.has(edge, "cursor", "String!")
}

func (l *linter) has(d *ast.Definition, name, typ string) {
	f := d.Fields.ForName(name)
	if f == nil {
		l.complain(d.Name, "has no field %s", name)
	} else if f.Type.String() != typ {
		l.complain(d.Name+"."+name, "is %s, want %s", f.Type, typ)
	}
}

// list checks that a field takes the arguments of a page if and only if it returns a connection. A
// subscription may take the cursor from which it goes on.
func (l *linter) list(at string, f *ast.FieldDefinition) {
	first, after := f.Arguments.ForName("first"), f.Arguments.ForName("after")
	if !strings.HasSuffix(f.Type.Name(), "Connection") {
		isFeed := strings.HasPrefix(at, "Subscription.") && first == nil
		if !isFeed && (first != nil || after != nil) {
			l.complain(at, "takes a page but returns %s", f.Type)
		}
		return
	}
	if f.Type.Elem != nil || f.Type.NonNull {
		l.complain(at, "is %s, want one connection that may be null: a page has its own query and a cursor that may be bad", f.Type)
	}
	if first == nil || first.Type.String() != "Int!" || first.DefaultValue == nil || first.DefaultValue.Raw != "20" {
		l.complain(at, "does not take first: Int! = 20")
	}
	if after == nil || after.Type.String() != "String" || after.DefaultValue != nil {
		l.complain(at, "does not take after: String")
	}
}

// holds checks that a list of objects says how many it holds at most, unless a page, the ids it is asked
// for, or the connection it is in say so. What nobody says is not counted rightly.
func (l *linter) holds(at string, d *ast.Definition, f *ast.FieldDefinition) {
	holds := f.Directives.ForName("holds")
	isSized := f.Arguments.ForName("first") != nil || f.Arguments.ForName("ids") != nil || strings.HasSuffix(d.Name, "Connection")
	isObjects := d.Kind != ast.InputObject && f.Type.Elem != nil && l.schema.Types[f.Type.Name()].IsCompositeType()
	switch {
	case isObjects && !isSized && holds == nil:
		l.complain(at, "is %s without first, and @holds(atMost:) does not say how many it holds", f.Type)
	case holds != nil && (!isObjects || isSized):
		l.complain(at, "@holds is for a list of objects whose size nothing else says")
	}
}

// A list with one item for each value of an enum says that it holds as many.
func TestListsOfAllValuesHoldThemAll(t *testing.T) {
	s := load(t)
	for _, list := range []struct {
		typ, field string
		enums      []string
	}{
		{"NotificationSettings", "kinds", []string{"NoticeKind"}},
		{"Person", "capabilityGrants", []string{"Capability"}},
		{"AnnouncementPreview", "rules", []string{"NoticeRule", "NoticeChannel"}},
	} {
		values := 1
		for _, enum := range list.enums {
			values *= len(s.Types[enum].EnumValues)
		}
		holds := s.Types[list.typ].Fields.ForName(list.field).Directives.ForName("holds")
		if most, err := strconv.Atoi(holds.Arguments.ForName("atMost").Value.Raw); err != nil || most < values {
			t.Errorf("%s.%s may have %d items, and says %d, %v", list.typ, list.field, values, most, err)
		}
	}
}
