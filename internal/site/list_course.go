package site

import (
	"context"
	"html/template"
	"slices"

	"faellesskab/internal/auth"
	"faellesskab/internal/checkin"
	"faellesskab/internal/course"
	"faellesskab/internal/i18n"
)

// rollOfCourse is who is enrolled in a course, and who was at which session, in words.
func (s *site) rollOfCourse(ctx context.Context, courseID string) (*roll, error) {
	l := auth.LanguageOf(ctx, nil)
	list, err := s.CheckIns.CourseList(ctx, courseID, l)
	if err != nil {
		return nil, err
	}
	c, err := s.Courses.Get(ctx, courseID)
	if err != nil {
		return nil, err
	}
	return s.courseInWords(l, c, list), nil
}

func (s *site) courseInWords(l i18n.Language, c *course.Course, list *checkin.List) *roll {
	word := func(key string) string { return i18n.Translate(l, "page.list."+key, nil) }
	reader := i18n.Reader{Language: l, Zone: c.TimeZone, Now: s.Now()}
	r := &roll{Language: l.Tag().String(), Title: c.Titles.In(l), When: reader.When(c.Sessions[0].Start()), Style: template.CSS(listStyle), //nolint:gosec // it is the program's own
		Heads: []string{word("name"), word("state"), word("contact")}}
	for _, part := range list.Parts {
		r.Heads = append(r.Heads, c.TimeZone.At(part.Start.At).Format("2006-01-02 15:04"))
	}
	r.Heads = slices.Concat(r.Heads, list.Questions)
	if list.IsCut {
		r.More = i18n.Translate(l, "page.list.more", map[string]any{"Max": checkin.MostOnList})
	}
	for _, p := range list.People {
		row := []string{p.Name, word("state." + string(p.State)), p.Contact}
		for _, at := range p.At {
			row = append(row, atSession(at, c, word))
		}
		for column := range list.Questions {
			row = append(row, p.Answers[column])
		}
		r.Rows = append(r.Rows, row)
	}
	r.Numbers = []string{i18n.Translate(l, "page.list.people", map[string]any{"Number": len(list.People)})}
	return r
}

// atSession says whether somebody was at a session: when they came, if that is known; nothing if nobody has recorded it.
func atSession(at checkin.At, c *course.Course, word func(string) string) string {
	switch {
	case at.Was && at.CheckedInAt != nil:
		return c.TimeZone.At(*at.CheckedInAt).Format("2006-01-02 15:04")
	case at.Was:
		return word("yes")
	case at.Declined:
		return word("declined")
	case at.Missed:
		return word("no")
	}
	return ""
}
