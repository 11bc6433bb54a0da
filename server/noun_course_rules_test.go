package main

// courseRulesNoun has the rows of what staff say of a course besides what it is about and when; the rows of createCourse and
// updateCourse stand with those of courses.
func courseRulesNoun() noun {
	return noun{
		name: "course_rules",
		neverNull: map[string]string{
			"Course.prerequisiteSkills": "what is gone is left out",
			"CourseAudience.areas":      "what is gone is left out",
		},
	}
}
