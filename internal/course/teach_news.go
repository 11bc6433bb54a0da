package course

import (
	"cmp"
	"context"
	"slices"
	"strconv"
	"time"

	"faellesskab/internal/auth"
	"faellesskab/internal/fault"
	"faellesskab/internal/i18n"
	"faellesskab/internal/notify"
	"faellesskab/internal/outbox"
)

// The actions in the record of what was done to others.
const (
	auditRecord     = "recordCourseAttendance"
	auditTeachers   = "course.teachers"
	auditSubstitute = "substituteTeacher"
)

// reasonTeacher is the reason of people who teach a course, or taught it.
const reasonTeacher notify.ReasonKind = "TEACHER"

// AudienceTeachers are those who teach a course, and who stand in at a session of it that is not over; its ids are courses.
const AudienceTeachers notify.AudienceKind = "COURSE_TEACHERS"

func (s *Service) audienceOfTeachers() notify.Audience {
	return notify.Audience{Kind: AudienceTeachers, Reason: reasonTeacher, Now: "not_teacher",
		Walk: notify.EachFor(func(ctx context.Context, courseID, after string, limit int) ([]notify.Found, error) {
			c, err := s.store.get(ctx, courseID)
			if err != nil {
				return nil, fault.UnlessNotFound(err)
			}
			var found []notify.Found
			for _, personID := range c.teachingAt(s.now()) {
				if personID > after && len(found) < limit {
					found = append(found, notify.Found{PersonID: personID, Reasons: []notify.Reason{c.teacherReason()}})
				}
			}
			return found, nil
		}),
		Still: func(ctx context.Context, asked []notify.Concern) (map[notify.Concern]bool, error) {
			ids := make([]string, len(asked))
			for i, c := range asked {
				ids[i] = c.Subject
			}
			found, err := s.store.byIDs(ctx, ids)
			still := make(map[notify.Concern]bool, len(asked))
			for _, c := range asked {
				still[c] = found[c.Subject] != nil && slices.Contains(found[c.Subject].Teaching, c.PersonID)
			}
			return still, err
		}}
}

// teachingAt are those who teach the course, and who stand in at a session that is not over at an instant, in order.
func (c *Course) teachingAt(now time.Time) []string {
	list := slices.Clone(c.TeacherIDs)
	for _, s := range c.Sessions {
		if s.SubstituteID != "" && !s.IsOver(now) {
			list = append(list, s.SubstituteID)
		}
	}
	slices.Sort(list)
	return slices.Compact(list)
}

func (c *Course) teacherReason() notify.Reason {
	return notify.Reason{Kind: reasonTeacher, Subject: c.ID, Words: c.titles()}
}

// teacherKinds are the kinds of news for those who teach.
func teacherKinds() []notify.KindSpec {
	spec := func(k notify.Kind) notify.KindSpec {
		return notify.KindSpec{Kind: k, Default: notify.Push, Family: notify.FamilyCourses, Args: teachingArgs{}}
	}
	return []notify.KindSpec{spec(NoticeTeacherNamed), spec(NoticeTeacherRemoved), spec(NoticeTeacherSubstituted)}
}

// teachingArgs say who teaches, and which session; empty: all of the course.
type teachingArgs struct {
	PersonID  string `json:",omitempty"`
	SessionID string `json:",omitempty"`
}

// teaching is a change of those who teach.
type teaching struct {
	kind      notify.Kind
	args      teachingArgs
	personIDs []string // who is told
	as        *Course  // has the words; nil: the course as it is now
}

// teachersChanged tells those who teach a published course from now on, or teach it no longer, and records it.
func (s *Service) teachersChanged(ctx context.Context, before, c *Course) []outbox.Effect {
	var effects []outbox.Effect
	if !slices.Equal(before.TeacherIDs, c.TeacherIDs) && before.ID != "" {
		effects = append(effects, s.Audit.Effect(ctx, auditTeachers, c.ID, map[string]string{"version": strconv.Itoa(c.Version)}))
	}
	if c.State != StatePublished {
		return effects
	}
	for _, personID := range without(c.TeacherIDs, before.TeacherIDs) {
		effects = append(effects, s.tellTeaching(ctx, c, teaching{kind: NoticeTeacherNamed, args: teachingArgs{PersonID: personID}, personIDs: []string{personID}}))
	}
	for _, personID := range without(before.TeacherIDs, c.TeacherIDs) {
		effects = append(effects, s.tellTeaching(ctx, c, teaching{kind: NoticeTeacherRemoved, args: teachingArgs{PersonID: personID}, personIDs: []string{personID}}))
	}
	for i := range c.Sessions {
		x := &c.Sessions[i]
		was := before.session(x.ID)
		if was == nil && x.SubstituteID != "" || was != nil && was.SubstituteID != x.SubstituteID {
			effects = append(effects, s.substituteChanged(ctx, c, was, x)...)
		}
	}
	return append(effects, s.sessionsGone(ctx, before, c)...)
}

// sessionsGone tells those who were to stand in at sessions that the course no longer has.
func (s *Service) sessionsGone(ctx context.Context, before, c *Course) []outbox.Effect {
	var effects []outbox.Effect
	for _, was := range before.Sessions {
		if c.session(was.ID) == nil && was.SubstituteID != "" && !was.IsOver(s.now()) && !slices.Contains(c.TeacherIDs, was.SubstituteID) {
			effects = append(effects, s.tellTeaching(ctx, c, teaching{kind: NoticeTeacherRemoved, args: teachingArgs{was.SubstituteID, was.ID},
				personIDs: []string{was.SubstituteID}, as: before}))
		}
	}
	return effects
}

// substituteChanged tells the people concerned of another substitute at a session.
func (s *Service) substituteChanged(ctx context.Context, c *Course, was, is *Session) []outbox.Effect {
	var effects []outbox.Effect
	if is.SubstituteID != "" {
		effects = append(effects, s.tellTeaching(ctx, c, teaching{kind: NoticeTeacherNamed, args: teachingArgs{is.SubstituteID, is.ID}, personIDs: []string{is.SubstituteID}}))
	}
	if was != nil && was.SubstituteID != "" && !slices.Contains(c.TeacherIDs, was.SubstituteID) {
		effects = append(effects, s.tellTeaching(ctx, c, teaching{kind: NoticeTeacherRemoved, args: teachingArgs{was.SubstituteID, is.ID}, personIDs: []string{was.SubstituteID}}))
	}
	if others := without(c.TeacherIDs, []string{is.SubstituteID}); len(others) > 0 {
		effects = append(effects, s.tellTeaching(ctx, c, teaching{kind: NoticeTeacherSubstituted, args: teachingArgs{is.SubstituteID, is.ID}, personIDs: others}))
	}
	return effects
}

func without(list, others []string) []string {
	return slices.DeleteFunc(slices.Clone(list), func(one string) bool { return slices.Contains(others, one) })
}

// tellTeaching tells people of a change of those who teach.
func (s *Service) tellTeaching(ctx context.Context, c *Course, t teaching) outbox.Effect {
	cause := c.about()
	if t.kind == NoticeTeacherSubstituted {
		cause.About = t.args.PersonID
	}
	cause.Kind, cause.Args, cause.Actor = t.kind, notify.ArgsOf(t.args), auth.FromContext(ctx).PersonID
	cause.Key = notify.Key(c.ID, "teaching", string(t.kind)+":"+t.args.PersonID+":"+t.args.SessionID+":"+strconv.Itoa(c.Version))
	cause.Data = cmp.Or(t.as, c).wordsOfTeaching(t.args)
	why := c.teacherReason()
	cause.Audiences = []notify.AudienceOf{{Kind: notify.AudiencePeople, IDs: t.personIDs, Why: &why}}
	return notify.Effect(cause)
}

func (c *Course) titles() map[string]string {
	words := map[string]string{}
	for _, l := range i18n.Languages {
		words["Title_"+string(l)] = c.Titles.In(l)
	}
	return words
}

// wordsOfTeaching are the words about a course, or about the one session that is meant. Several says that it is all of
// the course, and Nobody that no substitute comes.
func (c *Course) wordsOfTeaching(a teachingArgs) map[string]string {
	words := c.words()
	if session := c.session(a.SessionID); session != nil {
		words = c.wordsOf(c.Titles, session.entry())
	}
	words["Once"], words["Nobody"] = "", ""
	if a.SessionID != "" {
		words["Once"] = "1"
	}
	if a.PersonID == "" {
		words["Nobody"] = "1"
	}
	return words
}

// stateOfTeaching is the present state of news about those who teach: it is true as long as they do, or do not.
func (c *Course) stateOfTeaching(n notify.News) (notify.SubjectState, error) {
	var a teachingArgs
	if err := n.Args.Decode(&a); err != nil {
		return notify.SubjectState{}, err
	}
	now := notify.SubjectState{Words: c.wordsOfTeaching(a), ExpiresAt: &c.EndsAt}
	if c.State == StateCancelled {
		now.Now = "cancelled"
		return now, nil
	}
	teaches := slices.Contains(c.TeacherIDs, a.PersonID)
	if a.SessionID != "" {
		session := c.session(a.SessionID)
		if session == nil { // nobody stands in there, and its words say when it was to be
			return notify.SubjectState{Alive: c.State == StatePublished && n.Kind == NoticeTeacherRemoved, ExpiresAt: &c.EndsAt}, nil
		}
		now.ExpiresAt, teaches = &session.EndsAt, session.SubstituteID == a.PersonID
	}
	now.Alive = c.State == StatePublished && teaches == (n.Kind != NoticeTeacherRemoved)
	return now, nil
}
