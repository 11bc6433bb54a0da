package main

import (
	"fmt"
	"os"
	"path/filepath"
	"regexp"
	"strings"
)

// rewrite has the code that gqlgen has written call package gqlexec. It fails if the code does not look as it
// should, which a new version of gqlgen may bring about.
func rewrite(folder string, plain plainFields) error {
	names, err := filepath.Glob(filepath.Join(folder, "*.generated.go"))
	if err != nil {
		return err
	}
	code, all := map[string]string{}, strings.Builder{}
	for _, name := range names {
		text, err := os.ReadFile(name)
		if err != nil {
			return err
		}
		code[name] = string(text)
		all.Write(text)
	}
	r := rewriter{plain: plain, describers: describersOf(all.String()), textMarshalers: textMarshalersOf(all.String())}
	for _, name := range names {
		if err := os.WriteFile(name, []byte(r.file(code[name])), 0o600); err != nil {
			return err
		}
	}
	return r.check()
}

// rewriter knows what is said of fields in other places than where they are resolved.
type rewriter struct {
	plain          plainFields
	describers     map[string]string // the gqlexec.Place of fields without arguments, by the function that describes them
	textMarshalers map[string]bool   // functions that write a value as a text
	left           []string          // calls of gqlgen that should have gone
	fields, hooks  int
}

var (
	scalarDescriber = regexp.MustCompile(`func \(ec \*executionContext\) (fieldContext_\w+)\(_ context\.Context, field [^\n]*\n\treturn graphql\.NewScalarFieldContext\("(\w+)", field, (\w+), (\w+), `)
	objectDescriber = regexp.MustCompile(`func \(ec \*executionContext\) (fieldContext_\w+)\(_ context\.Context, field [^\n]*\n\tfc = &graphql\.FieldContext\{\n\t\tObject: +"(\w+)",\n\t\tField: +field,\n\t\tIsMethod: +(\w+),\n\t\tIsResolver: +(\w+),\n`)
	textMarshaler   = regexp.MustCompile(`func \(ec \*executionContext\) (marshal[^\s(]+)\([^)]*\) graphql\.Marshaler \{\n\t_ = sel\n\tres := graphql\.Marshal(?:String|ID)\((?:string\(v\)|v)\)\n`)
)

func describersOf(code string) map[string]string {
	places := map[string]string{}
	for _, form := range []*regexp.Regexp{scalarDescriber, objectDescriber} {
		for _, m := range form.FindAllStringSubmatch(code, -1) {
			places[m[1]] = fmt.Sprintf("gqlexec.Place{Object: %q, IsMethod: %s, IsResolver: %s}", m[2], m[3], m[4])
		}
	}
	return places
}

func textMarshalersOf(code string) map[string]bool {
	names := map[string]bool{}
	for _, m := range textMarshaler.FindAllStringSubmatch(code, -1) {
		names[m[1]] = true
	}
	return names
}

// simple are the edits that depend on nothing else.
var simple = []struct {
	form *regexp.Regexp
	by   string
}{
	{regexp.MustCompile(`(?m)^(type executionContext struct \{\n(?:.*\n)*?)\}$`), "$1\n\top *gqlexec.Operation\n}"},
	{regexp.MustCompile(`(?m)^(\treturn &executionContext\{\n)`), "$1\t\top: gqlexec.NewOperation(opCtx),\n"},
	{regexp.MustCompile(`graphql\.NewFieldSet\(`), "gqlexec.NewFieldSet("},
	{regexp.MustCompile(`graphql\.CollectFields\(ec\.OperationContext, `), "ec.op.CollectFields("},
	{regexp.MustCompile(`(?m)^\tdeferred := graphql\.NewDeferredGroup\(ctx\)\n`), ""},
	{regexp.MustCompile(`\.ResolveConcurrently\(ec\.OperationContext, &deferred, i,\n\t+true, (\w+),\n`), ".ResolveConcurrently(i, $1,\n"},
	{regexp.MustCompile(`\.ResolveRootConcurrently\(innerCtx, ec\.OperationContext, i,\n\t+true, (\w+),\n`), ".ResolveRootConcurrently(innerCtx, ec.op, i, $1,\n"},
	{regexp.MustCompile(`\.Dispatch\(ctx\)`), ".Dispatch(ctx, ec.op)"},
	{regexp.MustCompile(`(?m)^\tif n := len\(deferred\.Defers\); n > 0 \{\n(?:\t\t.*\n)+\t\}\n\n`), ""},
	{regexp.MustCompile(`graphql\.MarshalSliceConcurrently\(ctx, len\(v\), 0, false, `), "gqlexec.MarshalSlice(ctx, ec.op, len(v), "},
}

var (
	resolved = regexp.MustCompile(`graphql\.ResolveField\(\n\t\tctx,\n\t\tec\.OperationContext,\n\t\tfield,\n` +
		`\t\tfunc\(ctx context\.Context, field graphql\.CollectedField\) \(\*graphql\.FieldContext, error\) \{\n\t\t\treturn ec\.(fieldContext_\w+)\(ctx, field\)\n\t\t\},\n` +
		`((?s:.*?))\n\t\ttrue,\n\t\t(true|false),\n\t\)\n\}`)
	directed = "\n\t\tfunc(ctx context.Context, next graphql.Resolver) graphql.Resolver {"
	marshals = regexp.MustCompile(`\n\t\t(func\(ctx context\.Context, selections ast\.SelectionSet, v ([^)]+)\) graphql\.Marshaler \{(?s:.*))$`)
	textList = regexp.MustCompile(`(?m)^(func \(ec \*executionContext\) marshal[^\s(]+\(ctx context\.Context, sel ast\.SelectionSet, v \[\][\w.]+\) graphql\.Marshaler \{\n` +
		`(?:\tif v == nil \{\n\t\treturn graphql\.Null\n\t\}\n)?)\tret := graphql\.MarshalSliceConcurrently\((?:.*\n){3}\t\treturn ec\.(marshal[^\s(]+)\(ctx, sel, v\[i\]\)\n\t\}\)\n(?:.*\n)*?\treturn ret\n\}$`)
	object = regexp.MustCompile(`(?m)^func \(ec \*executionContext\) _(\w+)\(ctx context\.Context, sel ast\.SelectionSet, obj (\S+)\) graphql\.Marshaler \{\n\tfields := .*\n\n\tout := .*\n\tfor i, field := range fields \{\n`)
)

// file rewrites one file.
func (r *rewriter) file(code string) string {
	code = textList.ReplaceAllStringFunc(code, r.textList)
	code = resolved.ReplaceAllStringFunc(code, r.field)
	for _, edit := range simple {
		code = edit.form.ReplaceAllString(code, edit.by)
	}
	code = object.ReplaceAllStringFunc(code, r.object)
	for _, gone := range []string{"graphql.ResolveField(", "graphql.NewFieldSet(", "graphql.CollectFields(", "graphql.MarshalSliceConcurrently(", "&deferred"} {
		if strings.Contains(code, gone) {
			r.left = append(r.left, gone)
		}
	}
	return imports(code)
}

// textList writes a list of texts as a whole.
func (r *rewriter) textList(code string) string {
	m := textList.FindStringSubmatch(code)
	if !r.textMarshalers[m[2]] {
		return code
	}
	return m[1] + "\t_ = sel\n\treturn gqlexec.Texts(v)\n}"
}

// field has gqlexec resolve a field.
func (r *rewriter) field(code string) string {
	r.fields++
	m := resolved.FindStringSubmatch(code)
	place, describe := r.describers[m[1]], ""
	if place == "" {
		place, describe = "gqlexec.Place{}", "\n\t\tDescribe: ec."+m[1]+","
	}
	marshal := marshals.FindStringSubmatch(m[2])
	call, resolve := "ResolveField", strings.TrimSuffix(m[2], marshal[0])
	if before, after, ok := strings.Cut(resolve, directed); ok {
		call, resolve = "ResolveDirected", before+"\n\t\tDirectives: "+strings.TrimSpace(directed)+after
	} else {
		resolve = strings.TrimSuffix(resolve, "\n\t\tnil,")
	}
	return fmt.Sprintf("gqlexec.%s(ctx, ec.op, field, %s, gqlexec.Field[%s]{%s\n\t\tResolve: %s\n\t\tMarshal: %s\n\t\tNonNull: %s,\n\t})\n}",
		call, place, marshal[2], describe, strings.TrimSpace(resolve), marshal[1], m[3])
}

// object puts the plain fields of an object into it before the others are resolved.
func (r *rewriter) object(code string) string {
	m := object.FindStringSubmatch(code)
	cases := r.plain[m[1]]
	if len(cases) == 0 {
		return code
	}
	r.hooks++
	return fmt.Sprintf(`func (ec *executionContext) plain_%[1]s(ctx context.Context, out *gqlexec.FieldSet, i int, name string, obj %[2]s) (done bool) {
	defer gqlexec.OrNot(&done)
	switch name {
	%[3]s	default:
		return false
	}
	return true
}

%[4]s		if ec.plain_%[1]s(ctx, out, i, field.Name, obj) {
			continue
		}
`, m[1], m[2], strings.Join(cases, "\t"), code)
}

// imports names gqlexec among the imports, and no package that is not used any more.
func imports(code string) string {
	head, body, _ := strings.Cut(code, "\n)\n")
	for _, used := range []string{"errors", "math", "strconv", "sync/atomic"} {
		if !strings.Contains(body, filepath.Base(used)+".") {
			head = strings.Replace(head, "\n\t\""+used+"\"", "", 1)
		}
	}
	if strings.Contains(body, "gqlexec.") {
		head = strings.Replace(head, "import (", "import (\n\t\"faellesskab/internal/gqlexec\"", 1)
	}
	return head + "\n)\n" + body
}

// check fails if something was not found that must be there.
func (r *rewriter) check() error {
	if len(r.left) > 0 || r.fields < 100 || r.hooks < 50 {
		return fmt.Errorf("the code of gqlgen does not look as it did: %d fields and %d objects were rewritten, and left were %v", r.fields, r.hooks, r.left)
	}
	return nil
}
