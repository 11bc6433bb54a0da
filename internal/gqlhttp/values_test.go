package gqlhttp

import (
	"strings"
	"testing"

	"github.com/vektah/gqlparser/v2"
	"github.com/vektah/gqlparser/v2/ast"
	"github.com/vektah/gqlparser/v2/validator/rules"
)

// testRules are the rules of validation on the test schema.
func testRules(suggest bool) func() *rules.Rules {
	return (&handler{values: newValues(Options{Schema: &stub{}})}).validationRules(suggest)
}

// A value that its type does not have is refused with the argument it stands in, however it got
// there.
func TestValuesAreOfTheirTypes(t *testing.T) {
	t.Parallel()
	s := newServer()
	for name, c := range map[string]struct{ query, variables, field, key string }{
		// Literals.
		"text for a number":         {`{groups(first:"1"){totalCount}}`, `{}`, "first", "value.int"},
		"a number too large":        {`{groups(first:2147483648){totalCount}}`, `{}`, "first", "value.int"},
		"a number no machine knows": {`{groups(first:99999999999999999999){totalCount}}`, `{}`, "first", "value.int"},
		"half a number":             {`{groups(first:1.5){totalCount}}`, `{}`, "first", "value.int"},
		"number for a text":         {`{echo(text:5)}`, `{}`, "text", "value.text"},
		"enum for a text":           {`{echo(text:OPEN)}`, `{}`, "text", "value.text"},
		"list for a text":           {`{echo(text:["a"])}`, `{}`, "text", "value.text"},
		"text for an enum":          {`{groups(filter:{kind:"OPEN"}){totalCount}}`, `{}`, "filter.kind", "value.enum"},
		"enum that is none":         {`{groups(filter:{and:[{kind:OPEN},{kind:AJAR}]}){totalCount}}`, `{}`, "filter.and.1.kind", "value.enum"},
		"number in a list":          {`{groups(filter:{tags:["a",5]}){totalCount}}`, `{}`, "filter.tags.1", "value.text"},
		"null in a list":            {`{groups(filter:{tags:["a",null]}){totalCount}}`, `{}`, "filter.tags.1", "value.null"},
		"null":                      {`{search(text:null){__typename}}`, `{}`, "text", "value.null"},
		"truth for an id":           {`{person(id:true){id}}`, `{}`, "id", "value.id"},
		"text for a truth":          {`{echo @include(if:"true")}`, `{}`, "if", "value.boolean"},
		"text for an object":        {`{groups(filter:"a"){totalCount}}`, `{}`, "filter", "variable.bad"},
		"in a nested field":         {`{groups{nodes{members(first:"1"){totalCount}}}}`, `{}`, "first", "value.int"},
		"in a fragment":             {`{groups{nodes{...f}}} fragment f on Group{members(first:true){totalCount}}`, `{}`, "first", "value.int"},
		"a variable's default":      {`query($n:Int="1"){groups(first:$n){totalCount}}`, `{}`, "n", "value.int"},

		// Variables.
		"variable of a number":    {`query($n:Int){groups(first:$n){totalCount}}`, `{"n":"1"}`, "first", "value.int"},
		"variable too large":      {`query($n:Int){groups(first:$n){totalCount}}`, `{"n":2147483648}`, "first", "value.int"},
		"variable beyond reason":  {`query($n:Int){groups(first:$n){totalCount}}`, `{"n":1e999}`, "first", "value.int"},
		"variable of a text":      {`query($t:String){echo(text:$t)}`, `{"t":5}`, "text", "value.text"},
		"variable of an enum":     {`query($k:Kind){groups(filter:{kind:$k}){totalCount}}`, `{"k":"open"}`, "filter.kind", "value.enum"},
		"empty enum":              {`query($k:Kind){groups(filter:{kind:$k}){totalCount}}`, `{"k":""}`, "filter.kind", "value.enum"},
		"deep in a variable":      {`query($f:GroupFilter){groups(filter:$f){totalCount}}`, `{"f":{"and":[{"tags":["a",5]}]}}`, "filter.and.0.tags.1", "value.text"},
		"null deep in a variable": {`query($f:GroupFilter){groups(filter:$f){totalCount}}`, `{"f":{"and":[null]}}`, "filter.and.0", "value.null"},
		"an unknown field":        {`query($f:GroupFilter){groups(filter:$f){totalCount}}`, `{"f":{"colour":1}}`, "filter.colour", "variable.bad"},
		"a field left out":        {`mutation($i:RenameInput!){rename(input:$i){id}}`, `{"i":{}}`, "input.name", "value.missing"},
		"no variable":             {`mutation($i:RenameInput!){rename(input:$i){id}}`, `{}`, "input", "value.missing"},
		"a variable nobody uses":  {`query($b:Boolean!){echo @skip(if:$b)}`, `{"b":"true"}`, "if", "value.boolean"},

		// Null where a default lets a nullable variable stand.
		"null for a default of the argument":  {`query($n:Int){limited(first:$n)}`, `{"n":null}`, "first", "value.null"},
		"null for a default of the field":     {`query($k:Kind){limited(in:{kind:$k})}`, `{"k":null}`, "in.kind", "value.null"},
		"null for the variable's own default": {`query($t:String="a"){search(text:$t){__typename}}`, `{"t":null}`, "text", "value.null"},
		"null for a default in a list":        {`query($t:String="a"){groups(filter:{tags:["b",$t]}){totalCount}}`, `{"t":null}`, "filter.tags.1", "value.null"},
		"null for a directive":                {`query($b:Boolean=true){echo @include(if:$b)}`, `{"b":null}`, "if", "value.null"},
		"null on a fragment spread":           {`query($b:Boolean=true){...f @skip(if:$b)} fragment f on Query{echo}`, `{"b":null}`, "if", "value.null"},
		"null in a fragment":                  {`query($n:Int){...f} fragment f on Query{limited(first:$n)}`, `{"n":null}`, "first", "value.null"},
		"null in a variable's object":         {`query($i:LimitInput){limited(in:$i)}`, `{"i":{"kind":null}}`, "in.kind", "value.null"},
		"null in a mutation":                  {`mutation($n:String="a"){rename(input:{name:$n}){id}}`, `{"n":null}`, "input.name", "value.null"},
		"null in a subscription":              {`subscription($n:Int){ticks(first:$n)}`, `{"n":null}`, "first", "value.null"},
	} {
		before := s.stub.calls
		got := s.query(t, c.query, c.variables)
		if len(got.Errors) != 1 || got.code() != "BAD_USER_INPUT" || got.key() != c.key || got.Errors[0].Extensions["field"] != c.field || got.Data != nil {
			t.Errorf("%s: want %s at %s and no more, got %s", name, c.key, c.field, got.body)
		}
		if s.stub.calls != before {
			t.Errorf("%s: it was carried out", name)
		}
	}
}

// A value that is left out takes the default, unlike null.
func TestLeavingOutTakesTheDefault(t *testing.T) {
	t.Parallel()
	s := newServer()
	for name, c := range map[string]struct{ query, variables string }{
		"the argument's":     {`query($n:Int){limited(first:$n)}`, `{}`},
		"the field's":        {`query($k:Kind){limited(in:{kind:$k})}`, `{}`},
		"the variable's":     {`query($t:String="a"){search(text:$t){__typename}}`, `{}`},
		"in a list":          {`query($t:String="a"){groups(filter:{tags:["b",$t]}){totalCount}}`, `{}`},
		"of a directive":     {`query($b:Boolean=true){echo @include(if:$b)}`, `{}`},
		"null where it may":  {`query($t:String,$f:GroupFilter){echo(text:$t) groups(filter:$f){totalCount}}`, `{"t":null,"f":{"tags":null,"kind":null}}`},
		"one for a list":     {`query($f:GroupFilter){groups(filter:$f){totalCount}}`, `{"f":{"tags":"a","and":{"kind":"OPEN"}}}`},
		"a number for an id": {`query($i:ID!){person(id:$i){id}}`, `{"i":5}`},
		"a literal of each":  {`{groups(first:1,filter:{tags:"a",area:5,kind:OPEN,and:[{}]}){totalCount} echo(text:"""a""") @skip(if:false)}`, `{}`},
	} {
		before := s.stub.calls
		if got := s.query(t, c.query, c.variables); len(got.Errors) > 0 || s.stub.calls != before+1 {
			t.Errorf("%s: %s", name, got.body)
		}
	}
}

// A socket checks values as HTTP does.
func TestASocketRefusesNullAndJunkToo(t *testing.T) {
	t.Parallel()
	c := dial(t, newServer())
	c.greets()
	for id, payload := range map[string]string{
		"a": `{"query":"subscription ($n: Int) { ticks(first: $n) }","variables":{"n":null}}`,
		"b": `{"query":"subscription ($n: Int!) { ticks(first: $n) }","variables":{"n":"1"}}`,
		"c": `{"query":"subscription { ticks(first: true) }"}`,
	} {
		c.say(`{"id":"` + id + `","type":"subscribe","payload":` + payload + `}`)
		_, raw, err := c.conn.Read(t.Context())
		if err != nil || !strings.Contains(string(raw), `"type":"error"`) || !strings.Contains(string(raw), `"field":"first"`) {
			t.Errorf("%s: %s %v", payload, raw, err)
		}
	}
}

type foreign struct{ stub }

func (*foreign) Schema() *ast.Schema {
	return gqlparser.MustLoadSchema(&ast.Source{Input: `scalar Colour type Query { a(c: Colour): Int }`})
}

func TestEveryScalarHasSomebodyWhoReadsIt(t *testing.T) {
	t.Parallel()
	defer func() {
		if recover() == nil {
			t.Error("a scalar that nobody reads is let through")
		}
	}()
	New(Options{Schema: &foreign{}})
}
