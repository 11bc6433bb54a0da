package config

import (
	"fmt"
	"reflect"
	"strings"
)

// Setting is one thing that can be set: a flag or a variable.
type Setting struct {
	Group       string // the heading it stands under
	Env         string // name of the variable; empty for a flag
	Flag        string // name of the flag without its dash; empty for a variable
	Default     string // empty if there is none
	Description string
}

// Name is the name in the form that people write.
func (s Setting) Name() string {
	if s.Flag != "" {
		return "-" + s.Flag
	}
	return s.Env
}

// Settings are all settings, in the order of the struct.
func Settings() []Setting {
	var all []Setting
	for _, f := range new(Config).fields() {
		all = append(all, f.Setting)
	}
	return all
}

// field is a setting and where its value is kept.
type field struct {
	Setting

	goName string
	value  reflect.Value
}

func (f field) name() string { return f.Name() }

// fields reads the struct's tags. The values can be set.
func (c *Config) fields() []field {
	var (
		all   []field
		group string
		v     = reflect.ValueOf(c).Elem()
	)
	for i := range v.NumField() {
		sf := v.Type().Field(i)
		if !sf.IsExported() {
			continue
		}
		if g, ok := sf.Tag.Lookup("group"); ok {
			group = g
		}
		all = append(all, field{
			Setting: Setting{
				Group:       group,
				Env:         sf.Tag.Get("env"),
				Flag:        sf.Tag.Get("flag"),
				Default:     sf.Tag.Get("default"),
				Description: sf.Tag.Get("desc"),
			},
			goName: sf.Name,
			value:  v.Field(i),
		})
	}
	return all
}

// Usage is the text of -h.
func Usage() string {
	var b strings.Builder
	b.WriteString("Usage: server [flags]\n" +
		"       server grant-role -uid FIREBASE_UID [-role ROLE] [-create]\n" +
		"       server dead list | show ID | retry ID\n" +
		"       server privacy export | erase -person PERSON_ID\n" +
		"       server certificate-key\n\n" +
		"Without Firebase settings the server runs in development: it signs its own\n" +
		"tokens, gives them to anyone who asks, and is reached from this machine only.\n" +
		"With MONGODB_URI, FIREBASE_PROJECT_ID and\n" +
		"GOOGLE_APPLICATION_CREDENTIALS it runs in production. Flags begin with a dash;\n" +
		"the rest are variables of the environment.\n")
	group := ""
	for _, s := range Settings() {
		if s.Group != group {
			group = s.Group
			fmt.Fprintf(&b, "\n%s\n", group)
		}
		fmt.Fprintf(&b, "  %s", s.Name())
		if s.Default != "" {
			fmt.Fprintf(&b, " (default %s)", s.Default)
		}
		fmt.Fprintf(&b, "\n        %s\n", s.Description)
	}
	return b.String()
}

// MarkdownTable is the table in the README.
func MarkdownTable() string {
	var b strings.Builder
	b.WriteString("| Setting | Default | What it does |\n|---|---|---|\n")
	for _, s := range Settings() {
		value := ""
		if s.Default != "" {
			value = "`" + s.Default + "`"
		}
		description := strings.ReplaceAll(s.Description, "|", `\|`)
		fmt.Fprintf(&b, "| `%s` | %s | %s |\n", s.Name(), value, description)
	}
	return b.String()
}
