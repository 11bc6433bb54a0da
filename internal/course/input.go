package course

import (
	"strconv"
	"time"

	"faellesskab/internal/booking"
	"faellesskab/internal/clock"
	"faellesskab/internal/fault"
	"faellesskab/internal/i18n"
	"faellesskab/internal/id"
	"faellesskab/internal/idempotency"
	"faellesskab/internal/notify"
	"faellesskab/internal/optional"
	"faellesskab/internal/text"
)

// maxPeople is how many people one record of attendance names.
const maxPeople = 500

// Filter says which courses to list.
type Filter struct {
	AreaID  *string
	SkillID *string
	Query   *string
	State   *State
	// HasEnded says whether their last session is over; nil: as their state has it. Of drafts that is both.
	HasEnded *bool
}

// areOver reports whether the filter asks for courses that have ended.
func (f *Filter) areOver() bool {
	if f.HasEnded != nil {
		return *f.HasEnded
	}
	return *f.State == StateCompleted
}

func (f *Filter) clean() error {
	var p fault.Problems
	if f.AreaID != nil {
		p.Add(id.Check("filter.areaId", id.Area, *f.AreaID))
	}
	if f.SkillID != nil {
		p.Add(id.Check("filter.skillId", id.Skill, *f.SkillID))
	}
	if f.Query != nil {
		query := text.Clean(&p, "filter.query", *f.Query, text.Limits{Max: 100})
		f.Query = &query
	}
	if f.State == nil {
		published := StatePublished
		f.State = &published
	}
	return p.Err()
}

// CreateInput is a new course.
type CreateInput struct {
	ClientMutationID *string
	Title            []i18n.Translation
	Description      []i18n.Translation
	SkillIDs         []string
	AreaIDs          []string
	TeacherIDs       []string `json:",omitempty"`
	Sessions         []SessionInput
	TimeZone         clock.Zone
	Capacity         *int
	SignUp           *booking.TermsInput `json:",omitempty"`
	Reminders        []notify.ReminderOffset
	RulesInput
}

// Clean checks everything about the input except that the start is still to come, and
// makes a course without ids of it. Returns Problems.
func (in *CreateInput) Clean() (*Course, error) {
	var p fault.Problems
	p.Add(idempotency.CheckKey(in.ClientMutationID))
	c := &Course{TimeZone: in.TimeZone, Offsets: notify.TidyOffsets(in.Reminders), AreaIDs: []string{}}
	c.Titles = i18n.Text(in.Title).Clean(&p, "input.title", text.Line)
	c.Descriptions = i18n.Text(in.Description).Clean(&p, "input.description", text.Paragraph)
	c.checkLanguages(&p)
	c.SkillIDs = cleanSkills(&p, in.SkillIDs)
	rules, areas := in.edit(), optional.List[string]{}
	if in.AreaIDs != nil {
		areas = optional.ListOf(in.AreaIDs...)
	}
	c.address(&p, rules.Audience, areas)
	c.TeacherIDs = cleanTeachers(&p, in.TeacherIDs)
	c.setSessions(&p, in.Sessions, time.Time{})
	rules.apply(&p, c, time.Time{})
	booking.CheckCapacity(&p, "input.capacity", in.Capacity)
	c.checkMinimum(&p, "input.minimum", in.Capacity)
	c.ask(&p, in.SignUp, in.Capacity)
	return c, p.Err()
}

// ask changes what is asked of those who enrol; nil is nothing.
func (c *Course) ask(p *fault.Problems, in *booking.TermsInput, capacity *int) {
	if len(*p) > 0 && in != nil {
		in.Check(p, "input.signUp")
		return // without a start there is no time before it
	}
	t := in.Clean(p, "input.signUp", booking.Asked{StartsAt: clock.LocalOf(c.StartsAt, c.TimeZone), TimeZone: c.TimeZone, Capacity: capacity, Had: c.Asked, Given: c.Given(), IsCourse: true})
	if t == nil && c.Asked != nil {
		t = booking.NoTerms()
	}
	c.Asked = t
}

// checkLanguages refuses a course that is described in other languages than it is named in.
func (c *Course) checkLanguages(p *fault.Problems) {
	i18n.SameLanguages(p, "input.title", c.Titles, "input.description", c.Descriptions)
}

// maxIDs is how many skills or areas a course names.
const maxIDs = 20

func cleanSkills(p *fault.Problems, list []string) []string {
	return id.Clean(p, "input.skillIds", list, id.Limits{Prefix: id.Skill, Max: maxIDs})
}

func cleanAreas(p *fault.Problems, field string, list []string) []string {
	return id.Clean(p, field, list, id.Limits{Prefix: id.Area, Max: maxIDs})
}

// UpdateInput changes a course. What is left out stays as it is.
type UpdateInput struct {
	ClientMutationID *string
	CourseID         string
	ExpectedVersion  *int
	Title            optional.List[i18n.Translation]      `json:",omitzero"`
	Description      optional.List[i18n.Translation]      `json:",omitzero"` // null: none
	SkillIDs         optional.List[string]                `json:",omitzero"` // null: none
	AreaIDs          optional.List[string]                `json:",omitzero"` // null: all
	TeacherIDs       optional.List[string]                `json:",omitzero"` // null: nobody
	Sessions         optional.List[SessionInput]          `json:",omitzero"`
	Capacity         optional.Edit[int]                   `json:",omitzero"` // null: no limit
	SignUp           optional.Edit[booking.TermsInput]    `json:",omitzero"` // null: nothing is asked
	Reminders        optional.List[notify.ReminderOffset] `json:",omitzero"` // null: the defaults
	RulesEdit
}

// Clean checks what can be checked without the course, its texts among it. Returns Problems.
func (in *UpdateInput) Clean() error {
	p := checkCourse(in.ClientMutationID, in.CourseID)
	optional.Refuse(&p, "input.title", in.Title)
	optional.Refuse(&p, "input.sessions", in.Sessions)
	optional.Refuse(&p, "input.givesCertificate", in.GivesCertificate)
	if title := in.Title.Value(); title != nil {
		i18n.Text(title).Clean(&p, "input.title", text.Line)
	}
	i18n.Text(in.Description.Value()).Clean(&p, "input.description", text.Paragraph)
	for i, session := range in.Sessions.Value() {
		session.Place.Value().Clean(&p, "input.sessions."+strconv.Itoa(i)+".place")
	}
	cleanMaterials(&p, in.Materials.Value())
	booking.CheckCapacity(&p, "input.capacity", in.Capacity.Value())
	in.SignUp.Value().Check(&p, "input.signUp")
	return p.Err()
}

// apply changes the course. Returns Problems, and Conflict if it removes a session that
// somebody attended, or moves it into the future.
func (in *UpdateInput) apply(c *Course, now time.Time) error {
	var p fault.Problems
	if in.Title.IsSet() {
		c.Titles = i18n.Text(in.Title.Value()).Clean(&p, "input.title", text.Line)
	}
	if in.Description.IsSet() {
		c.Descriptions = i18n.Text(in.Description.Value()).Clean(&p, "input.description", text.Paragraph)
	}
	if in.Title.IsSet() || in.Description.IsSet() {
		c.checkLanguages(&p)
	}
	if in.SkillIDs.IsSet() {
		c.SkillIDs = cleanSkills(&p, in.SkillIDs.Value())
	}
	c.address(&p, in.Audience, in.AreaIDs)
	if in.TeacherIDs.IsSet() {
		c.TeacherIDs = cleanTeachers(&p, in.TeacherIDs.Value())
	}
	if in.Reminders.IsSet() {
		c.Offsets = notify.TidyOffsets(in.Reminders.Value())
	}
	if in.Sessions.IsSet() {
		c.setSessions(&p, in.Sessions.Value(), now)
	}
	in.RulesEdit.apply(&p, c, now)
	capacity := c.Capacity
	optional.Put(&capacity, in.Capacity)
	c.checkMinimum(&p, in.fieldOfMinimum(), capacity)
	if in.SignUp.IsSet() {
		c.ask(&p, in.SignUp.Value(), capacity)
	} else if in.Capacity.IsSet() {
		c.Asked.CheckReserved(&p, "input.capacity", in.Capacity.Value())
	}
	if err := p.Err(); err != nil {
		return err
	}
	return c.checkUnattended()
}

// PublishInput is a draft to be published.
type PublishInput struct {
	ClientMutationID *string
	CourseID         string
	HeadStartHours   *int // nil: 0
	ExpectedVersion  *int
}

// CancelInput is a course to be cancelled.
type CancelInput struct {
	ClientMutationID *string
	CourseID         string
	Reason           *string
	ExpectedVersion  *int
}

// Clean checks the input and tidies its text. Returns Problems.
func (in *CancelInput) Clean() error {
	p := checkCourse(in.ClientMutationID, in.CourseID)
	if in.Reason != nil {
		reason := text.Clean(&p, "input.reason", *in.Reason, text.Limits{Max: 500, Lines: true})
		in.Reason = &reason
	}
	return p.Err()
}

// CompleteInput is a course to be ended.
type CompleteInput struct {
	ClientMutationID *string
	CourseID         string
	ExpectedVersion  *int
}

// EnrolInput is a course to enrol in.
type EnrolInput struct {
	ClientMutationID *string
	CourseID         string
	Answers          []booking.AnswerInput `json:",omitempty"`
}

// LeaveInput is a course that the viewer does not want to take after all.
type LeaveInput struct {
	ClientMutationID *string
	CourseID         string
}

// RecordInput says who attended a session.
type RecordInput struct {
	ClientMutationID *string
	SessionID        string
	PersonIDs        []string
}

// Clean checks the input. Returns Problems.
func (in *RecordInput) Clean() error {
	var p fault.Problems
	p.Add(idempotency.CheckKey(in.ClientMutationID))
	p.Add(id.Check("input.sessionId", sessionPrefix, in.SessionID))
	in.PersonIDs = id.Clean(&p, "input.personIds", in.PersonIDs, id.Limits{Prefix: id.Person, Max: maxPeople})
	return p.Err()
}

func checkCourse(key *string, courseID string) fault.Problems {
	var p fault.Problems
	p.Add(idempotency.CheckKey(key))
	p.Add(id.Check("input.courseId", id.Course, courseID))
	return p
}
