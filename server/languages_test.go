package main

import (
	"encoding/json"
	"fmt"
	"maps"
	"strings"
	"testing"

	"github.com/vektah/gqlparser/v2/ast"
)

// inSeveralLanguages are the fields of an input that are written in several languages.
func inSeveralLanguages(input *ast.Definition) []string {
	var fields []string
	for _, f := range input.Fields {
		if f.Type.Name() == "TranslationInput" {
			fields = append(fields, f.Name)
		}
	}
	return fields
}

func inLanguages(languages ...string) []vars {
	var list []vars
	for _, l := range languages {
		list = append(list, vars{"language": l, "text": "På " + l})
	}
	return list
}

// Whatever staff write for everybody is there in Danish, and a title in the languages of its text.
// The test goes through all inputs of the schema that are written in several languages.
func TestWhatIsForEverybodyIsInDanish(t *testing.T) {
	t.Parallel()
	r, tried := newCrashRig(t), map[string]bool{}
	for _, c := range crashCases() {
		fields := inSeveralLanguages(theSchema().Types[strings.Trim(inputTypes()[c.field()], "!")])
		if len(fields) == 0 || tried[c.field()] {
			continue
		}
		tried[c.field()] = true
		m, calls := r.arrangeCase(c), 0
		call := func(languages func(field string) []vars) string {
			again := crashCall{m.as, m.field, maps.Clone(m.input), m.want}
			delete(again.input, "expectedVersion")
			for _, field := range fields {
				again.input[field] = languages(field)
			}
			calls++
			_, problems := r.send(r.process(r.db), again, crashKey(fmt.Sprint(c.name, calls)))
			refused := ""
			for _, p := range problems {
				refused += p.Extensions.Code + " at " + p.Extensions.Field + "; "
			}
			return refused
		}
		if c.field() != "createSkill" { // of whose name there can be only one
			if got := call(func(string) []vars { return inLanguages("DA") }); got != "" {
				t.Errorf("%s in Danish: %s", c.name, got)
			}
		}
		for i, field := range fields {
			others := func(field string, languages ...string) func(string) []vars {
				return func(of string) []vars {
					if of == field {
						return inLanguages(languages...)
					}
					return inLanguages("DA", "EN")
				}
			}
			r.from.Restore(t, r.db)
			if got := call(others(field, "EN")); got != "BAD_USER_INPUT at input."+field+"; " {
				t.Errorf("%s with its %s in English alone: %q", c.name, field, got)
			}
			if got := call(others(field, "DA")); len(fields) > 1 && got != "BAD_USER_INPUT at input."+field+"; " {
				t.Errorf("%s with its %s in Danish alone: %q", c.name, field, got)
			}
			r.from.Restore(t, r.db)
			if got := call(others(field, "EN", "DA")); i == 0 && got != "" {
				t.Errorf("%s in both: %s", c.name, got)
			}
		}
	}
	if len(tried) < 4 {
		t.Errorf("only %v", tried)
	}
}

// What exists in one language only is shown to readers of the other, also where a text is blank.
func TestWhatIsInDanishAloneIsShownInEnglishToo(t *testing.T) {
	t.Parallel()
	r := newCrashRig(t)
	made := r.arrange("staff", "createCourse", vars{"title": inLanguages("DA", "EN"), "sessions": []vars{session("2030-03-01")},
		"description": []vars{{"language": "DA", "text": "Om ild."}, {"language": "EN", "text": "On fire."}}}, "course { id }")
	courseID := made.text("createCourse", "course", "id")
	edit := func(title, description []vars) (string, reply) {
		data, problems := r.send(r.process(r.db), crashCall{"staff", "updateCourse", vars{"courseId": courseID, "title": title, "description": description},
			"course { da: description(language: DA) en: description(language: EN) title(language: EN) }"}, crashKey(fmt.Sprint(title, description)))
		if len(problems) > 0 {
			return problems[0].Extensions.Field, reply{}
		}
		got := reply{}
		if err := json.Unmarshal(data, &got.Data); err != nil {
			t.Fatal(err)
		}
		return "", got
	}
	blank := []vars{{"language": "DA", "text": "Om ild."}, {"language": "EN", "text": " "}}
	if field, _ := edit(inLanguages("DA", "EN"), blank); field != "input.description" {
		t.Errorf("a description that is blank in English is refused at %q", field)
	}
	if field, _ := edit(inLanguages("DA"), inLanguages("DA", "EN")); field != "input.title" {
		t.Errorf("a title that is not in English is refused at %q", field)
	}
	_, got := edit(inLanguages("DA"), blank)
	if got.text("updateCourse", "course", "en") != "Om ild." || got.text("updateCourse", "course", "da") != "Om ild." || got.text("updateCourse", "course", "title") != "På DA" {
		t.Errorf("the course is %v", got.Data)
	}
}
