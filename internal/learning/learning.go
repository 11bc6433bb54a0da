package learning

import (
	"context"
	"slices"

	"faellesskab/internal/auth"
	"faellesskab/internal/course"
	"faellesskab/internal/i18n"
	"faellesskab/internal/person"
	"faellesskab/internal/skill"
	"faellesskab/internal/wish"
)

// Reason is why a step is on a person's path.
type Reason string

// The reasons; those of suggestions from the strongest.
const (
	ReasonCompleted   Reason = "COMPLETED"    // they have completed the course
	ReasonEnrolled    Reason = "ENROLLED"     // they have a seat on it
	ReasonInLine      Reason = "IN_LINE"      // they wait for a seat, for an answer, or are offered one
	ReasonSkillWanted Reason = "SKILL_WANTED" // they want to learn a skill
	ReasonWished      Reason = "WISHED"       // they wished for it in words of their own
	ReasonGroup       Reason = "GROUP"        // the course is for groups like theirs, or for what they do in one
	ReasonInterest    Reason = "INTEREST"     // they are interested in what it is about
	ReasonHomeArea    Reason = "HOME_AREA"    // it is for the area where they live
)

// IsValid reports whether it is one of them.
func (r Reason) IsValid() bool {
	return slices.Contains([]Reason{ReasonCompleted, ReasonEnrolled, ReasonInLine, ReasonSkillWanted, ReasonWished, ReasonGroup, ReasonInterest, ReasonHomeArea}, r)
}

// Step is one step of a person's path: a course, a skill, or a wish, and a course that teaches it.
type Step struct {
	CourseID string     // empty: no course is known
	SkillID  string     // empty: it is not about one skill
	Wish     *wish.Wish // nil: it is not about a wish
	Reason   Reason

	key   string // of the text that says why
	words func(l i18n.Language) map[string]any
}

// Why is the reason in the words of the viewer's language.
func (s *Step) Why(ctx context.Context) string {
	l := auth.LanguageOf(ctx, nil)
	return i18n.Translate(l, s.key, s.words(l))
}

func titled(c *course.Course, more map[string]any) func(i18n.Language) map[string]any {
	return func(l i18n.Language) map[string]any {
		words := map[string]any{"Title": c.Titles.In(l)}
		for name, value := range more {
			words[name] = value
		}
		return words
	}
}

func wanted(k *skill.Skill, courseID string) *Step {
	return &Step{CourseID: courseID, SkillID: k.ID, Reason: ReasonSkillWanted, key: "why.skill_wanted",
		words: func(l i18n.Language) map[string]any { return map[string]any{"Skill": k.Names.In(l)} }}
}

func wished(w *wish.Wish) *Step {
	return &Step{CourseID: w.CourseID, Wish: w, Reason: ReasonWished, key: "why.wished",
		words: func(i18n.Language) map[string]any { return map[string]any{"Wish": w.Text} }}
}

func said(key, name, value string) func(courseID string, r Reason) *Step {
	return func(courseID string, r Reason) *Step {
		return &Step{CourseID: courseID, Reason: r, key: key, words: func(i18n.Language) map[string]any { return map[string]any{name: value} }}
	}
}

// lacks reports whether the course asks for a skill that the person does not have, so that they could not enrol.
func lacks(p *person.Person, c *course.Course) bool { return len(c.Lacking(p)) > 0 }

// knows reports whether courses have given the person all that the course teaches.
func knows(p *person.Person, c *course.Course) bool {
	return len(c.SkillIDs) > 0 && !slices.ContainsFunc(c.SkillIDs, func(skillID string) bool {
		_, has := p.Skills[skillID]
		return !has
	})
}

// teaches reports whether the person is one of the course's teachers.
func teaches(p *person.Person, c *course.Course) bool { return slices.Contains(c.TeacherIDs, p.ID) }
