package main

import (
	"fmt"
	"go/types"
	"strings"

	"github.com/99designs/gqlgen/codegen"
)

// plainFields are the fields of the objects that are leaves and need no resolver: by the name of the type, the
// cases of a switch that put them into the object.
type plainFields map[string][]string

// Name is the plugin's name.
func (plainFields) Name() string { return "plain fields" }

// GenerateCode notes the fields; the code is written when gqlgen has written its own.
func (p plainFields) GenerateCode(data *codegen.Data) error { //nolint:unparam // gqlgen asks for an error
	for _, object := range data.Objects {
		if object.Root {
			continue
		}
		p[object.Name] = append(p[object.Name], fmt.Sprintf("case \"__typename\":\n\t\tout.Text(i, %q)\n", object.Name))
		for _, f := range object.Fields {
			if put := putOf(f); put != "" {
				p[object.Name] = append(p[object.Name], fmt.Sprintf("case %q:\n%s", f.Name, put))
			}
		}
	}
	return nil
}

// putOf is the code that puts a field into its object; empty if the field is not plain.
func putOf(f *codegen.Field) string {
	ref := f.TypeReference
	switch {
	case f.IsResolver, f.IsMap(), len(f.Args) > 0, f.HasDirectives(), f.HasHaser, f.VOkFunc, f.IsMethod() && !f.NoErr, f.Type.Elem != nil,
		ref.IsContext, ref.IsOmittable, ref.Definition.IsCompositeType():
		return ""
	}
	put := putSelf
	if !ref.IsMarshaler {
		if ref.Marshaler == nil {
			return ""
		}
		put = putBy[ref.Marshaler.Name()]
	}
	if put == "" {
		return ""
	}
	value := f.GoReceiverName + "." + f.GoFieldName
	if f.IsMethod() {
		value += "(" + f.CallArgs() + ")"
	}
	if _, isPointer := ref.GO.(*types.Pointer); !isPointer {
		return strings.ReplaceAll(put, "$v", value)
	}
	null := "return false"
	if !f.Type.NonNull {
		null = "out.Values[i] = graphql.Null\n\t\t\treturn true"
	}
	return fmt.Sprintf("\t\tv := %s\n\t\tif v == nil {\n\t\t\t%s\n\t\t}\n%s", value, null, strings.ReplaceAll(put, "$v", "*v"))
}

// putSelf puts a value into an object that writes itself, as the scalars of package clock do.
const putSelf = "\t\tout.Values[i] = $v\n"

// putBy is how a value is put into an object, by the function with which gqlgen would write it.
var putBy = map[string]string{
	"MarshalString":   "\t\tout.Text(i, string($v))\n",
	"MarshalID":       "\t\tout.Text(i, string($v))\n",
	"MarshalInt":      "\t\tout.Int(i, int64($v))\n",
	"MarshalInt32":    "\t\tout.Int(i, int64($v))\n",
	"MarshalInt64":    "\t\tout.Int(i, int64($v))\n",
	"MarshalBoolean":  "\t\tout.Bool(i, bool($v))\n",
	"MarshalDateTime": "\t\treturn out.Time(i, $v)\n",
}
