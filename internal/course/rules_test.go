package course_test

import (
	"errors"
	"testing"
	"time"

	"faellesskab/internal/booking"
	"faellesskab/internal/clock"
	ct "faellesskab/internal/community/communitytest"
	"faellesskab/internal/course"
	"faellesskab/internal/fault"
	"faellesskab/internal/group"
	"faellesskab/internal/optional"
)

// rulesOf is an edit of a course that changes nothing but its rules.
func rulesOf(c *course.Course, e course.RulesEdit) course.UpdateInput {
	return course.UpdateInput{CourseID: c.ID, RulesEdit: e}
}

func TestRulesAreSetAndUnset(t *testing.T) {
	t.Parallel()
	w, staff, c := school(t, 3)
	area := ct.Must(w.LoadAreas(t.Context()))(t)[0].ID
	decideBy := clock.LocalOf(c.StartsAt.Add(-2*time.Hour), clock.Copenhagen)
	c = ct.Must(w.Courses.Update(staff, rulesOf(c, course.RulesEdit{
		Audience: optional.Of(course.AudienceInput{AreaIDs: []string{area}, GroupKinds: []group.Kind{group.KindLokalforum, group.KindLokalforum},
			GroupRoles: []course.GroupRole{group.RoleTreasurer}}),
		PrerequisiteSkillIDs: optional.ListOf(c.SkillIDs...),
		Materials:            optional.ListOf(course.MaterialInput{Title: "Bogen", URL: "https://bog.example/1"}),
		Completion:           optional.Of(course.CompletionInput{SessionIDs: []string{c.Sessions[2].ID}}),
		GivesCertificate:     optional.Of(true), Minimum: optional.Of(2), DecideBy: optional.Of(decideBy),
	})))(t)
	c = ct.Must(w.Courses.Get(staff, c.ID))(t)
	a := c.Audience()
	if len(a.AreaIDs) != 1 || len(a.GroupKinds) != 1 || len(a.GroupRoles) != 1 || len(c.PrerequisiteSkillIDs) != 1 || !c.GivesCertificate {
		t.Errorf("the rules are %+v, for %+v", c.Rules, a)
	}
	if list := c.Completion().Sessions(); len(list) != 1 || list[0].ID != c.Sessions[2].ID || c.Completion().Share() != nil {
		t.Errorf("completed by %+v", c.Completion())
	}
	if *c.Minimum != 2 || *c.DecideByLocal() != decideBy || *c.Standing != course.StandingWaiting {
		t.Errorf("decided by %v, %v", c.DecideBy, c.Standing)
	}
	c = ct.Must(w.Courses.Update(staff, rulesOf(c, course.RulesEdit{Audience: optional.Null[course.AudienceInput](), PrerequisiteSkillIDs: optional.NoList[string](),
		Materials: optional.NoList[course.MaterialInput](), Completion: optional.Null[course.CompletionInput](), GivesCertificate: optional.Of(false),
		Minimum: optional.Null[int]()})))(t)
	c = ct.Must(w.Courses.Get(staff, c.ID))(t)
	if a := c.Audience(); len(a.AreaIDs)+len(a.GroupKinds)+len(a.GroupRoles)+len(c.PrerequisiteSkillIDs)+len(c.Links) > 0 || c.GivesCertificate {
		t.Errorf("the rules are %+v, for %+v", c.Rules, a)
	}
	if *c.Completion().Share() != 80 || c.DecideBy != nil || c.Minimum != nil || c.Standing != nil {
		t.Errorf("the rules are %+v", c.Rules)
	}
}

func TestBadRulesAreRefusedAtTheirField(t *testing.T) {
	t.Parallel()
	w, staff, c := school(t, 2)
	areas := ct.Must(w.LoadAreas(t.Context()))(t)
	early, late := clock.LocalOf(w.Clock.Now().Add(-time.Hour), clock.Copenhagen), clock.LocalOf(c.StartsAt, clock.Copenhagen)
	others := []byte(c.Sessions[0].ID)
	others[20] = map[bool]byte{true: '1', false: '0'}[others[20] == '0']
	for name, row := range map[string]struct {
		in         course.UpdateInput
		field, key string
	}{
		"two lists of areas": {course.UpdateInput{AreaIDs: optional.ListOf(areas[0].ID), RulesEdit: course.RulesEdit{
			Audience: optional.Of(course.AudienceInput{AreaIDs: []string{areas[1].ID}})}}, "input.audience.areaIds", "course.audience.areas"},
		"no such skill": {course.UpdateInput{RulesEdit: course.RulesEdit{PrerequisiteSkillIDs: optional.ListOf("evt_1")}}, "input.prerequisiteSkillIds.0", "id.bad"},
		"a file": {course.UpdateInput{RulesEdit: course.RulesEdit{Materials: optional.ListOf(course.MaterialInput{Title: "X", URL: "file:///etc/passwd"})}},
			"input.materials.0.url", "place.url"},
		"a script": {course.UpdateInput{RulesEdit: course.RulesEdit{Materials: optional.ListOf(course.MaterialInput{Title: "X", URL: "javascript:alert(1)"})}},
			"input.materials.0.url", "place.url"},
		"a password": {course.UpdateInput{RulesEdit: course.RulesEdit{Materials: optional.ListOf(course.MaterialInput{Title: "X", URL: "https://bo:hemmelig@bog.example/"})}},
			"input.materials.0.url", "place.url"},
		"no link": {course.UpdateInput{RulesEdit: course.RulesEdit{Materials: optional.ListOf(course.MaterialInput{Title: "X", URL: " "})}},
			"input.materials.0.url", "place.url"},
		"too many links": {course.UpdateInput{RulesEdit: course.RulesEdit{Materials: optional.ListOf(make([]course.MaterialInput, 21)...)}}, "input.materials", "list.long"},
		"two rules": {course.UpdateInput{RulesEdit: course.RulesEdit{Completion: optional.Of(course.CompletionInput{Share: new(50), SessionIDs: []string{c.Sessions[0].ID}})}},
			"input.completion", "course.completion.one"},
		"no rule":       {course.UpdateInput{RulesEdit: course.RulesEdit{Completion: optional.Of(course.CompletionInput{})}}, "input.completion", "course.completion.one"},
		"more than all": {course.UpdateInput{RulesEdit: course.RulesEdit{Completion: optional.Of(course.CompletionInput{Share: new(101)})}}, "input.completion.share", "course.completion.share"},
		"no sessions":   {course.UpdateInput{RulesEdit: course.RulesEdit{Completion: optional.Of(course.CompletionInput{SessionIDs: []string{}})}}, "input.completion.sessionIds", "list.empty"},
		"another's session": {course.UpdateInput{RulesEdit: course.RulesEdit{Completion: optional.Of(course.CompletionInput{SessionIDs: []string{c.Sessions[0].ID, string(others)}})}},
			"input.completion.sessionIds.1", "course.session.unknown"},
		"nobody decides":    {course.UpdateInput{RulesEdit: course.RulesEdit{Minimum: optional.Of(2)}}, "input.decideBy", "course.decide.both"},
		"about nothing":     {course.UpdateInput{RulesEdit: course.RulesEdit{DecideBy: optional.Of(late)}}, "input.minimum", "course.decide.both"},
		"decided too early": {course.UpdateInput{RulesEdit: course.RulesEdit{Minimum: optional.Of(2), DecideBy: optional.Of(early)}}, "input.decideBy", "time.past"},
		"decided too late":  {course.UpdateInput{RulesEdit: course.RulesEdit{Minimum: optional.Of(2), DecideBy: optional.Of(late)}}, "input.decideBy", "course.decide.late"},
		"fewer seats":       {course.UpdateInput{RulesEdit: course.RulesEdit{Minimum: optional.Of(3), DecideBy: optional.Of(clock.LocalOf(c.StartsAt.Add(-time.Hour), clock.Copenhagen))}}, "input.minimum", "course.minimum.capacity"},
		"nobody":            {course.UpdateInput{RulesEdit: course.RulesEdit{Minimum: optional.Of(0), DecideBy: optional.Of(clock.LocalOf(c.StartsAt.Add(-time.Hour), clock.Copenhagen))}}, "input.minimum", "course.minimum.range"},
	} {
		row.in.CourseID = c.ID
		_, err := w.Courses.Update(staff, row.in)
		if got := keysOf(err)[row.field]; got != row.key {
			t.Errorf("%s: %q in %v", name, got, err)
		}
	}
	if again := ct.Must(w.Courses.Get(staff, c.ID))(t); again.Version != c.Version {
		t.Errorf("it has the version %d", again.Version)
	}
}

// A session that has to be attended is not removed behind people's backs.
func TestANamedSessionStays(t *testing.T) {
	t.Parallel()
	w, staff, c := school(t, 2)
	c = ct.Must(w.Courses.Update(staff, rulesOf(c, course.RulesEdit{Completion: optional.Of(course.CompletionInput{SessionIDs: []string{c.Sessions[1].ID}})})))(t)
	first := course.SessionInput{ID: &c.Sessions[0].ID, StartsAt: c.Sessions[0].StartsAtLocal, EndsAt: c.Sessions[0].EndsAtLocal}
	_, err := w.Courses.Update(staff, course.UpdateInput{CourseID: c.ID, Sessions: optional.ListOf(first)})
	ct.WantKey(t, err, "course.completion.gone")
	ct.Must(w.Courses.Update(staff, course.UpdateInput{CourseID: c.ID, Sessions: optional.ListOf(first),
		RulesEdit: course.RulesEdit{Completion: optional.Null[course.CompletionInput]()}}))(t)
}

// Whoever was at the named sessions has completed the course, and nobody else.
func TestNamedSessionsDecideWhoHasCompleted(t *testing.T) {
	t.Parallel()
	w, staff, c := school(t, 3)
	ct.Must(w.Courses.Update(staff, rulesOf(c, course.RulesEdit{Completion: optional.Of(course.CompletionInput{SessionIDs: []string{c.Sessions[2].ID}})})))(t)
	ct.Must(w.Courses.Publish(staff, course.PublishInput{CourseID: c.ID}))(t)
	enrol(t, w, "bo", c.ID)
	enrol(t, w, "cara", c.ID)
	w.Clock.Advance(4 * 24 * time.Hour)
	for i, name := range []string{"bo", "bo", "cara"} {
		ct.Must(w.Courses.Record(staff, course.RecordInput{SessionID: c.Sessions[i].ID, PersonIDs: []string{ct.PersonID(name)}}))(t)
	}
	ct.Must(w.Courses.Complete(staff, course.CompleteInput{CourseID: c.ID}))(t)
	w.RunPending()
	for name, want := range map[string]booking.State{"bo": booking.NoShow, "cara": booking.Attended} {
		if own := ct.Must(w.Bookings.OwnOf(w.As(name), []string{c.ID}))(t)[c.ID]; own.State != want {
			t.Errorf("%s: %s, want %s", name, own.State, want)
		}
	}
}

// What people read is for those with a seat, and for staff.
func TestMaterialsAreForThoseWithASeat(t *testing.T) {
	t.Parallel()
	w, staff, c := school(t, 1)
	c = ct.Must(w.Courses.Update(staff, rulesOf(c, course.RulesEdit{Materials: optional.ListOf(course.MaterialInput{Title: "Bogen", URL: "https://bog.example/1"})})))(t)
	ct.Must(w.Courses.Publish(staff, course.PublishInput{CourseID: c.ID}))(t)
	for _, name := range []string{"bo", "cara", "dan"} {
		enrol(t, w, name, c.ID)
	}
	for name, want := range map[string]int{"bo": 1, "cara": 1, "dan": 0, "eva": 0, "staff": 1} {
		ctx := w.As(name)
		if name == "staff" {
			ctx = staff
		}
		own := ct.Must(w.Bookings.OwnViews(ctx, []string{c.ID}))(t)[c.ID]
		if list := w.Courses.Materials(ctx, c, own); len(list) != want || (list == nil) != (want == 0) {
			t.Errorf("%s sees %v", name, list)
		}
	}
}

// keysOf are the keys of what is wrong, by field.
func keysOf(err error) map[string]string {
	wrong := map[string]string{}
	if one := (*fault.Error)(nil); errors.As(err, &one) {
		wrong[one.Field] = one.Key
	}
	if list := (fault.Problems)(nil); errors.As(err, &list) {
		for _, problem := range list {
			wrong[problem.Field] = problem.Key
		}
	}
	return wrong
}
