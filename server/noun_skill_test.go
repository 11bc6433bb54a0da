package main

import (
	"fmt"

	"faellesskab/internal/id"
)

// skillNoun has the rows of the list of skills.
func skillNoun() noun {
	return noun{
		nudges: map[string]nudge{
			"Skill": {"skills", vars{"name": []vars{{"language": "DA", "text": "Nyt"}}}, "name", "Nyt"},
		},
		name: "skill", access: skillAccess, crash: skillCrash,
		world: func(w *accessWorld) {
			w.ids["skill"] = w.send("staff-1", `createSkill(input: {name: [{language: DA, text: "Knob"}]}) { skill { id } }`).text("createSkill", "skill", "id")
		},
		lists: map[string]pagedList{
			"Query.skills": {"", `%s`, `list: skills(%s)`, 6},
		},
		pages: func(w *pagesWorld) {
			for i := range 6 {
				w.send("staff-1", fmt.Sprintf(`createSkill(input: {name: [{language: DA, text: "Knob %d"}]}) { skill { id } }`, i/2+i%2*10), "createSkill", "skill", "id")
			}
		},
		stored: map[string]enums{"skills": {"name.language": "Language"}},
		questions: map[string]string{
			"skills: | sortName _id": "all skills, by name",
			"skills: nameKey=":       "the skill of a name, of which there is one",
		},
	}
}

var skillAccess = []accessCall{
	asks("skills", `skills { edges { node { id } } }`, "skills"),
	does("createSkill", `createSkill(input: {name: [{language: DA, text: "Nyt"}]}) { skill { id } }`),
	does("updateSkill", `updateSkill(input: {skillId: $skill, name: [{language: DA, text: "Bindeknob"}]}) { skill { id } }`),
	does("retireSkill", `retireSkill(input: {skillId: $skill}) { skill { isRetired } }`),
	asks("node of a skill", `node(id: $skill) { id }`, ""),
}

var skillCrash = []crashCase{
	{"createSkill", func(*crashRig) crashCall {
		return crashCall{"staff", "createSkill", vars{"name": danish("Knob")}, "skill { id name }"}
	}},
	{"createSkill of a retired one", func(r *crashRig) crashCall {
		r.arrange("staff", "retireSkill", vars{"skillId": r.skill()}, "skill { id }")
		return crashCall{"staff", "createSkill", vars{"name": danish("Førstehjælp")}, "skill { id isRetired version }"}
	}},
	{"updateSkill", func(r *crashRig) crashCall {
		return crashCall{"staff", "updateSkill", vars{"skillId": r.skill(), "name": danish("Redning")}, "skill { id name version }"}
	}},
	{"retireSkill", func(r *crashRig) crashCall {
		return crashCall{"staff", "retireSkill", vars{"skillId": r.skill()}, "skill { id isRetired version }"}
	}},
}

// skill is a new skill.
func (r *crashRig) skill() string {
	r.arrange("staff", "createSkill", vars{"name": danish("Førstehjælp")}, "skill { id }")
	return crashSkill
}

// crashSkill is the skill of skill.
var crashSkill = id.Derive(id.Skill, "førstehjælp")

func danish(text string) []vars { return []vars{{"language": "DA", "text": text}} }
