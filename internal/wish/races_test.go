package wish_test

import (
	"fmt"
	"testing"
	"time"

	"faellesskab/internal/auth"
	"faellesskab/internal/booking"
	"faellesskab/internal/clock"
	ct "faellesskab/internal/community/communitytest"
	"faellesskab/internal/course"
	"faellesskab/internal/fault"
	"faellesskab/internal/id"
	"faellesskab/internal/mongodb"
	"faellesskab/internal/optional"
	"faellesskab/internal/person"
	"faellesskab/internal/text"
	"faellesskab/internal/wish"
)

// answer has staff answer a wish by a course.
func answer(w *ct.World, wishID, courseID string) {
	w.T.Helper()
	ct.Must(w.Wishes.Answer(w.As("sara"), wish.AnswerInput{WishIDs: []string{wishID}, CourseID: &courseID}))(w.T)
}

// publish has staff publish a course with a head start of some hours.
func publish(w *ct.World, courseID string, hours int) *course.Course {
	w.T.Helper()
	return ct.Must(w.Courses.Publish(w.As("sara"), course.PublishInput{CourseID: courseID, HeadStartHours: &hours}))(w.T)
}

func stateOf(w *ct.World, who string) string {
	w.T.Helper()
	own := ct.Must(w.Wishes.Own(w.As(who)))(w.T)
	return string(own[0].State) + " " + own[0].CourseID
}

// A page of people that holds somebody twice is not the last one.
func TestWhoeverWishedTwiceHidesNobody(t *testing.T) {
	t.Parallel()
	w, areas := world(t)
	c := draft(t, w, areas[0])
	for _, who := range []string{"anna", "bo", "cara", "dan"} {
		for i := range 3 {
			answer(w, wishFor(w, who, fmt.Sprintf("Knob %d", i), areas[0]).ID, c.ID)
			w.RunPending()
		}
	}
	walk := w.Wishes.Part().Audiences[0].Walk
	for limit := 1; limit < 6; limit++ {
		var found int
		for after := ""; ; {
			page := ct.Must(walk(t.Context(), []string{c.ID}, after, limit))(t)
			if found += len(page); len(page) < limit {
				break
			}
			after = page[len(page)-1].PersonID
		}
		if found != 4 {
			t.Errorf("%d at a time, %d people are found, want 4", limit, found)
		}
	}
}

// Whoever knows a person and the words does not know the id of the wish, and cannot try who wished.
func TestTheIDOfAWishLeadsToNobody(t *testing.T) {
	t.Parallel()
	w, areas := world(t)
	_, p := w.Person("anna")
	v := p.Viewer()
	v.Account = "an account that nobody else knows"
	mine := ct.Must(w.Wishes.ForCourse(auth.WithViewer(t.Context(), v), wish.ForCourseInput{Text: "At læse", AreaID: &areas[0]}))(t)
	guess := id.Derive(id.Wish, p.ID, text.Skeleton("At læse"))
	if _, err := w.Wishes.Merge(w.As("sara"), wish.MergeInput{WishIDs: []string{guess}, Text: "Læsning"}); mine.ID == guess || !fault.Is(err, fault.KindNotFound) {
		t.Errorf("the wish %s is found by %s: %v", mine.ID, guess, err)
	}
}

// decisionOf is the id of the only decision of a world.
func decisionOf(w *ct.World) string {
	w.T.Helper()
	var d struct {
		ID string `bson:"_id"`
	}
	if err := w.DB.Collection("wish_decisions").FindOne(mongodb.AllowScan(w.T.Context()), map[string]any{}).Decode(&d); err != nil {
		w.T.Fatal(err)
	}
	return d.ID
}

// notAnswered has the wishes be as they were before an answer was carried out.
func notAnswered(w *ct.World) {
	w.T.Helper()
	open := map[string]any{"$set": map[string]any{"state": "OPEN"}, "$unset": map[string]any{"courseId": ""}}
	if _, err := w.DB.Collection("course_wishes").UpdateMany(mongodb.AllowScan(w.T.Context()), map[string]any{}, open); err != nil {
		w.T.Fatal(err)
	}
}

// answerLate has a process carry an answer out after everything else that happened, as if it had stood still meanwhile.
func answerLate(w *ct.World) {
	w.T.Helper()
	notAnswered(w)
	if err := w.Wishes.AnswerLate(w.T.Context(), decisionOf(w)); err != nil {
		w.T.Fatal(err)
	}
	w.Drain()
}

// An answer that is carried out after its draft was published, and after the news of that, is told to those whom the news
// has left out, and to nobody twice.
func TestADraftThatIsPublishedWhileItAnswers(t *testing.T) {
	t.Parallel()
	w, areas := world(t)
	ct.Must(w.People.CompleteProfile(w.As("bo"), person.ProfileInput{HomeAreaID: optional.Of(areas[0])}))(t)
	a := wishFor(w, "anna", "Knob", areas[0])
	wishFor(w, "bo", "Knob", areas[0])
	c := draft(t, w, areas[0])
	answer(w, a.ID, c.ID)
	w.Drain()
	notAnswered(w)
	publish(w, c.ID, 0)
	w.Drain()
	same(t, "anna, of whom nobody knew", told(w, "anna"))
	answerLate(w)
	same(t, "anna", told(w, "anna"), "WISH_ANSWERED Et kursus, du har ønsket dig: Sømandskab")
	same(t, "bo", told(w, "bo"), "COURSE_PUBLISHED Nyt kursus: Sømandskab")
}

// An answer that is carried out after its course was cancelled leaves the wishes open.
func TestAnAnswerByACourseThatIsCancelledMeanwhile(t *testing.T) {
	t.Parallel()
	w, areas := world(t)
	a := wishFor(w, "anna", "Knob", areas[0])
	c := draft(t, w, areas[0])
	answer(w, a.ID, c.ID)
	w.Drain()
	ct.Must(w.Courses.Cancel(w.As("sara"), course.CancelInput{CourseID: c.ID}))(t)
	w.Drain()
	answerLate(w)
	if got := stateOf(w, "anna"); got != "OPEN " {
		t.Errorf("the wish is %q", got)
	}
	same(t, "anna", told(w, "anna"))
}

// A wish that is open again is where staff have put its like meanwhile.
func TestAMergeHoldsForWishesThatAreOpenAgain(t *testing.T) {
	t.Parallel()
	w, areas := world(t)
	a := wishFor(w, "anna", "Knob", areas[0])
	c := draft(t, w, areas[0])
	answer(w, a.ID, c.ID)
	w.RunPending()
	ct.Must(w.Wishes.Merge(w.As("sara"), wish.MergeInput{WishIDs: []string{wishFor(w, "bo", "Knob", areas[0]).ID, wishFor(w, "cara", "Stik", areas[0]).ID}, Text: "Knob og stik"}))(t)
	w.RunPending()
	ct.Must(w.Courses.Cancel(w.As("sara"), course.CancelInput{CourseID: c.ID}))(t)
	w.RunPending()
	same(t, "staff", rows(w, "sara", nil), "Knob og stik 3")
}

// A course for which nobody can sign up any more answers no wish.
func TestACourseThatIsClosedAnswersNoWish(t *testing.T) {
	t.Parallel()
	w, areas := world(t)
	closes := clock.Local("2026-05-10T12:00:00")
	c := draft(t, w, areas[0])
	ct.Must(w.Courses.Update(w.As("sara"), course.UpdateInput{CourseID: c.ID, SignUp: optional.Of(booking.TermsInput{ClosesAt: &closes})}))(t)
	publish(w, c.ID, 0)
	w.Clock.Advance(time.Date(2026, 5, 11, 0, 0, 0, 0, time.UTC).Sub(w.Clock.Now()))
	a := wishFor(w, "anna", "Knob", areas[0])
	if _, err := w.Wishes.Answer(w.As("sara"), wish.AnswerInput{WishIDs: []string{a.ID}, CourseID: &c.ID}); !fault.Is(err, fault.KindConflict) {
		t.Errorf("it answers: %v", err)
	}
}
