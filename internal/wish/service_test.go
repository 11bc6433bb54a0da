package wish_test

import (
	"fmt"
	"testing"
	"time"

	"faellesskab/internal/auth"
	"faellesskab/internal/clock"
	ct "faellesskab/internal/community/communitytest"
	"faellesskab/internal/course"
	"faellesskab/internal/fault"
	"faellesskab/internal/i18n"
	"faellesskab/internal/optional"
	"faellesskab/internal/person"
	"faellesskab/internal/wish"
)

// world has two areas, and staff.
func world(t *testing.T) (w *ct.World, areas []string) {
	t.Helper()
	w = ct.New(t)
	for _, a := range ct.Must(w.LoadAreas(t.Context()))(t)[:2] {
		areas = append(areas, a.ID)
	}
	w.Grant("sara", auth.RoleStaff)
	w.Grant("poul", auth.RolePolitician)
	return w, areas
}

// wishFor has somebody wish in an area.
func wishFor(w *ct.World, who, words, areaID string) *wish.Wish {
	w.T.Helper()
	return ct.Must(w.Wishes.ForCourse(w.As(who), wish.ForCourseInput{Text: words, AreaID: &areaID}))(w.T)
}

// rows are what somebody sees of the wishes, as "words area count".
func rows(w *ct.World, who string, f *wish.Filter) (list []string) {
	w.T.Helper()
	for _, row := range ct.Must(w.Wishes.Counts(w.As(who), f))(w.T) {
		list = append(list, fmt.Sprintf("%s%s %d", row.Words, row.SkillID, row.Count))
	}
	return list
}

func same(t *testing.T, what string, got []string, want ...string) {
	t.Helper()
	if fmt.Sprint(got) != fmt.Sprint(want) {
		t.Errorf("%s: %q, want %q", what, got, want)
	}
}

// A person counts once, the same words are one wish, and what staff merge stays merged.
func TestWishesOfLikeWordsAreOne(t *testing.T) {
	t.Parallel()
	w, areas := world(t)
	wishFor(w, "anna", "Knob og stik", areas[0])
	wishFor(w, "bo", "knob  og STIK", areas[0])
	wishFor(w, "bo", "Knob og stik", areas[0])
	wishFor(w, "cara", "Knob og stik", areas[1])
	knots := wishFor(w, "anna", "Knuder", areas[0])
	same(t, "before", rows(w, "sara", nil), "Knob og stik 2", "Knob og stik 1", "Knuder 1")
	same(t, "in an area", rows(w, "sara", &wish.Filter{AreaID: &areas[1]}), "Knob og stik 1")

	all := ct.Must(w.Wishes.Counts(w.As("sara"), &wish.Filter{AreaID: &areas[0]}))(t)
	ids := []string{*all[0].WishID(), knots.ID}
	d := ct.Must(w.Wishes.Merge(w.As("sara"), wish.MergeInput{WishIDs: ids, Text: "Knob"}))(t)
	if merged := ct.Must(w.Wishes.Rows(w.As("sara"), d))(t); len(merged) != 1 || merged[0].Count != 2 || merged[0].Words != "Knob" {
		t.Errorf("merged into %+v", merged)
	}
	same(t, "merged", rows(w, "sara", &wish.Filter{AreaID: &areas[0]}), "Knob 2")
	wishFor(w, "dan", "knuder", areas[0])
	wishFor(w, "eva", "KNOB", areas[0])
	same(t, "later", rows(w, "sara", &wish.Filter{AreaID: &areas[0]}), "Knob 4")

	own := ct.Must(w.Wishes.Own(w.As("anna")))(t)
	for _, mine := range own {
		ct.Must(w.Wishes.Withdraw(w.As("anna"), wish.WithdrawInput{WishID: mine.ID}))(t)
	}
	same(t, "withdrawn", rows(w, "sara", &wish.Filter{AreaID: &areas[0]}), "Knob 3")
	for _, entry := range w.Wishes.Part().Collections {
		if entry.Erase != nil {
			ct.Must(entry.Erase(t.Context(), ct.PersonID("dan")))(t)
		}
	}
	same(t, "erased", rows(w, "sara", &wish.Filter{AreaID: &areas[0]}), "Knob 2")
}

// Without COURSES nobody sees fewer than five people, by whatever filter, and residents see nothing.
func TestFewerThanFiveAreSeenByStaffAlone(t *testing.T) {
	t.Parallel()
	w, areas := world(t)
	sewing := ct.Must(w.Skills.Ensure(t.Context(), i18n.Text{{Language: i18n.Danish, Text: "Syning"}}))(t)
	for i := range 5 {
		who := fmt.Sprintf("p%d", i)
		ct.Must(w.People.CompleteProfile(w.As(who), person.ProfileInput{HomeAreaID: optional.Of(areas[i/4]), SkillsWanted: optional.ListOf(sewing.ID)}))(t)
		wishFor(w, who, "Knob", areas[0])
		if i < 4 {
			wishFor(w, who, "Stik", areas[0])
		}
	}
	same(t, "staff", rows(w, "sara", nil), "Knob 5", sewing.ID+" 4", "Stik 4", sewing.ID+" 1")
	for name, f := range map[string]*wish.Filter{"all": nil, "area": {AreaID: &areas[0]}} {
		same(t, name, rows(w, "poul", f), "Knob 5")
	}
	for name, f := range map[string]*wish.Filter{"other area": {AreaID: &areas[1]}, "skill": {SkillID: &sewing.ID}, "both": {SkillID: &sewing.ID, AreaID: &areas[0]}} {
		same(t, name, rows(w, "poul", f))
	}
	wishFor(w, "p4", "Stik", areas[0])
	ct.Must(w.People.CompleteProfile(w.As("p4"), person.ProfileInput{HomeAreaID: optional.Of(areas[0])}))(t)
	same(t, "with a fifth", rows(w, "poul", nil), sewing.ID+" 5", "Knob 5", "Stik 5")
	if _, err := w.Wishes.Counts(w.As("anna"), nil); !fault.Is(err, fault.KindForbidden) {
		t.Errorf("a resident: %v", err)
	}
}

// A wish answered by a text is told, by a draft when that is published, and by a cancelled course not at all.
func TestAnswersReachThoseWhoWished(t *testing.T) {
	t.Parallel()
	w, areas := world(t)
	staff := w.As("sara")
	a := wishFor(w, "anna", "Knob", areas[0])
	b := wishFor(w, "bo", "Stik", areas[0])
	text := "Til foråret"
	ct.Must(w.Wishes.Answer(staff, wish.AnswerInput{WishIDs: []string{a.ID}, Text: &text}))(t)
	c := draft(t, w, areas[0])
	ct.Must(w.Wishes.Answer(staff, wish.AnswerInput{WishIDs: []string{b.ID}, CourseID: &c.ID}))(t)
	w.Drain()
	same(t, "anna", told(w, "anna"), "WISH_ANSWERED Svar på dit ønske: Knob")
	same(t, "bo of a draft", told(w, "bo"))

	ct.Must(w.People.CompleteProfile(w.As("bo"), person.ProfileInput{HomeAreaID: optional.Of(areas[0])}))(t)
	ct.Must(w.People.CompleteProfile(w.As("cara"), person.ProfileInput{HomeAreaID: optional.Of(areas[0])}))(t)
	hours := 48
	c = ct.Must(w.Courses.Publish(staff, course.PublishInput{CourseID: c.ID, HeadStartHours: &hours}))(t)
	w.Drain()
	same(t, "bo at once", told(w, "bo"), "COURSE_PUBLISHED Nyt kursus: Sømandskab")
	same(t, "cara at once", told(w, "cara"))
	if c.HeadStartEndsAt == nil || !c.HeadStartEndsAt.Equal(w.Clock.Now().Add(48*time.Hour)) {
		t.Errorf("the head start ends at %v", c.HeadStartEndsAt)
	}
	w.Clock.Advance(49 * time.Hour)
	ct.Must(w.Timers.Fire(t.Context()))(t)
	w.Drain()
	same(t, "cara later", told(w, "cara"), "COURSE_PUBLISHED Nyt kursus: Sømandskab")
	same(t, "bo only once", told(w, "bo"), "COURSE_PUBLISHED Nyt kursus: Sømandskab")

	ct.Must(w.Courses.Cancel(staff, course.CancelInput{CourseID: c.ID}))(t)
	if again := ct.Must(w.Wishes.Own(w.As("bo")))(t)[0]; again.State != wish.StateOpen || again.CourseID != "" {
		t.Errorf("after the course is cancelled: %+v", again)
	}
}

// told are the notices of somebody, as "KIND title".
func told(w *ct.World, who string) (list []string) {
	for _, n := range w.Notices(who) {
		title, _ := w.Read(who, n)
		list = append(list, fmt.Sprintf("%s %s", n.Kind, title))
	}
	return list
}

// draft is a course in two weeks that is for an area.
func draft(t *testing.T, w *ct.World, areaID string) *course.Course {
	t.Helper()
	return ct.Must(w.Courses.Create(w.As("sara"), course.CreateInput{Title: i18n.Text{{Language: i18n.Danish, Text: "Sømandskab"}}, TimeZone: clock.Copenhagen, AreaIDs: []string{areaID},
		Sessions: []course.SessionInput{{StartsAt: "2026-05-15T17:00:00", EndsAt: "2026-05-15T19:00:00"}}}))(t)
}
