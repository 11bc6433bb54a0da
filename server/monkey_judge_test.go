package main

import (
	"fmt"
	"regexp"
	"slices"
	"strconv"
	"strings"
	"time"

	"github.com/vektah/gqlparser/v2/ast"

	"faellesskab/internal/clock"
	"faellesskab/internal/gqlhttp"
)

// finding is something wrong that was found. class is its kind, by which two can be compared, and
// detail says more.
type finding struct{ class, detail string }

// answered is the answer to a call.
type answered struct {
	reply
	took time.Duration
	may  time.Duration // how long it may take
	bad  string        // why the answer could not be read
}

// grace is how much the network and a busy machine may add to a deadline.
const grace = 3 * time.Second

// deadlines are how long a kind of operation may take.
var deadlines = map[string]time.Duration{"query": gqlhttp.DefaultQueryTimeout, "mutation": gqlhttp.DefaultMutationTimeout}

// judge is the first thing that is wrong with an answer; nil if it is good. prefixes are the
// prefixes of the ids of each type, as far as they are known.
func judge(c *call, got answered, prefixes map[string]string) *finding {
	if got.bad != "" {
		return &finding{"unreadable", got.bad}
	}
	for _, e := range got.Errors {
		switch {
		case e.Extensions.Code == "INTERNAL":
			return &finding{"INTERNAL in " + c.root.name, e.Message}
		case e.Extensions.Code == "" || e.Message == "":
			return &finding{"an error without a word in " + c.root.name, fmt.Sprintf("%+v", e)}
		}
	}
	if got.took > got.may {
		return &finding{"late: " + c.root.name, fmt.Sprintf("after %v", got.took)}
	}
	if got.Data == nil {
		if len(got.Errors) == 0 {
			return &finding{"neither data nor errors", fmt.Sprintf("status %d", got.Status)}
		}
		return nil
	}
	j := judgement{prefixes: prefixes}
	of := map[string]*ast.Definition{"query": theSchema().Query, "mutation": theSchema().Mutation, "subscription": theSchema().Subscription}[c.kind]
	j.object(of, []*selected{c.root}, got.Data, "")
	return j.found
}

// judgement compares an answer with what was asked for.
type judgement struct {
	prefixes map[string]string // the prefixes of ids, by type
	found    *finding
}

func (j *judgement) say(at, format string, args ...any) {
	if j.found == nil {
		j.found = &finding{"of another type: " + regexp.MustCompile(`\.\d+`).ReplaceAllString(at, ""), at + ": " + fmt.Sprintf(format, args...)}
	}
}

// object checks that an object has exactly the fields that were selected.
func (j *judgement) object(def *ast.Definition, kids []*selected, got map[string]any, at string) {
	if name, ok := got["__typename"].(string); ok {
		found := theSchema().Types[name]
		if found == nil || found.Kind != ast.Object || found != def && !slices.Contains(theSchema().GetPossibleTypes(def), found) {
			j.say(at, "%s is no %s", name, def.Name)
			return
		}
		def = found
	}
	wanted := map[string]bool{"__typename": true}
	j.fields(def, kids, got, at, wanted)
	for name := range got {
		if !wanted[name] {
			j.say(at, "nobody asked for %s", name)
		}
	}
	if value, ok := got["id"].(string); ok {
		prefix, _, _ := strings.Cut(value, "_")
		if known := j.prefixes[def.Name]; known == "" {
			j.prefixes[def.Name] = prefix
		} else if prefix != known {
			j.say(at, "%s is the id of a %s, others begin with %s", value, def.Name, known)
		}
	}
}

func (j *judgement) fields(def *ast.Definition, kids []*selected, got map[string]any, at string, wanted map[string]bool) {
	for _, k := range kids {
		if k.on != "" {
			if k.on == def.Name {
				j.fields(def, k.kids, got, at, wanted)
			}
			continue
		}
		wanted[k.name] = true
		value, ok := got[k.name]
		if !ok {
			j.say(at, "%s is missing", k.name)
		}
		if f := def.Fields.ForName(k.name); f != nil {
			j.value(f.Type, k.kids, value, at+"."+def.Name+"."+k.name)
		}
	}
}

func (j *judgement) value(t *ast.Type, kids []*selected, got any, at string) {
	if got == nil {
		if t.NonNull {
			j.say(at, "null for %s", t)
		}
		return
	}
	if t.Elem != nil {
		list, ok := got.([]any)
		if !ok {
			j.say(at, "%v for %s", got, t)
		}
		for i, item := range list {
			j.value(t.Elem, kids, item, at+"."+strconv.Itoa(i))
		}
		return
	}
	def := theSchema().Types[t.NamedType]
	switch def.Kind {
	case ast.Enum:
		if text, _ := got.(string); !slices.Contains(enumsOfSchema()[def.Name], text) {
			j.say(at, "%v is no %s", got, def.Name)
		}
	case ast.Scalar:
		if !isScalar(def.Name, got) {
			j.say(at, "%v is no %s", got, def.Name)
		}
	default:
		object, ok := got.(map[string]any)
		if !ok {
			j.say(at, "%v for %s", got, t)
			return
		}
		j.object(def, kids, object, at)
	}
}

var (
	isID        = regexp.MustCompile(`^[a-z]{3,4}_[0-9a-z]{26}(:[a-zA-Z0-9_:.-]+)?$`)
	isInstant   = regexp.MustCompile(`^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d(\.\d+)?Z$`)
	isLocal     = regexp.MustCompile(`^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d$`)
	isTimeOfDay = regexp.MustCompile(`^([01]\d|2[0-3]):[0-5]\d$`)
)

// isScalar reports whether a value of an answer is a value of a scalar.
func isScalar(name string, got any) bool {
	text, isText := got.(string)
	number, isNumber := got.(float64)
	switch name {
	case "Boolean":
		_, ok := got.(bool)
		return ok
	case "Int":
		return isNumber && number == float64(int32(number))
	case "Float":
		return isNumber
	case "String":
		return isText
	case "ID":
		return isID.MatchString(text)
	case "DateTime":
		_, err := time.Parse(time.RFC3339, text)
		return isInstant.MatchString(text) && err == nil
	case "LocalDateTime":
		_, err := time.Parse("2006-01-02T15:04:05", text)
		return isLocal.MatchString(text) && err == nil
	case "TimeOfDay":
		return isTimeOfDay.MatchString(text)
	case "TimeZone":
		_, err := clock.ParseZone(text)
		return isText && err == nil
	}
	return false
}
