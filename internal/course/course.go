package course

import (
	"context"
	"slices"
	"time"

	"faellesskab/internal/auth"
	"faellesskab/internal/booking"
	"faellesskab/internal/clock"
	"faellesskab/internal/i18n"
	"faellesskab/internal/notify"
	"faellesskab/internal/outbox"
	"faellesskab/internal/page"
	"faellesskab/internal/schedule"
	"faellesskab/internal/search"
)

// State is the state of a course.
type State string

// The states.
const (
	StateDraft     State = "DRAFT"
	StatePublished State = "PUBLISHED"
	StateCancelled State = "CANCELLED"
	StateCompleted State = "COMPLETED"
)

// isKnown reports whether this version of the program knows the state. A course in another
// state is shown to nobody and left as it is.
func (s State) isKnown() bool { return s.IsValid() }

// IsValid reports whether it is one of them.
func (s State) IsValid() bool {
	switch s {
	case StateDraft, StatePublished, StateCancelled, StateCompleted:
		return true
	}
	return false
}

// Course is a competence course.
type Course struct {
	ID           string    `bson:"_id"`
	Titles       i18n.Text `bson:"title"`
	Descriptions i18n.Text `bson:"description"`
	State        State     `bson:"state"`
	SkillIDs     []string  `bson:"skillIds"`
	AreaIDs      []string  `bson:"areaIds"` // empty: all
	TeacherIDs   []string  `bson:"teacherIds,omitempty"`
	// Teaching are those who teach it, and who stand in at a session: see setTeaching.
	Teaching     []string   `bson:"teaching,omitempty" json:"-"`
	Sessions     []Session  `bson:"sessions"`   // in order of their starts
	SessionSeq   int        `bson:"sessionSeq"` // how many sessions it has ever had
	TimeZone     clock.Zone `bson:"timeZone"`
	StartsAt     time.Time  `bson:"startsAt"` // the start of the first session
	EndsAt       time.Time  `bson:"endsAt"`   // the end of the last session
	CancelReason *string    `bson:"cancelReason,omitempty"`
	// PublishedAt is when it became public; nil: never. Cancelling a course neither hides
	// one that was public nor shows one that never was.
	PublishedAt *time.Time `bson:"publishedAt,omitempty"`
	// HeadStartEndsAt is when those it is meant for are told, after those who wished for it; nil: they were told at once.
	// FirstNews is the key of the news that it is published, to the latter or to all.
	HeadStartEndsAt *time.Time              `bson:"headStartEndsAt,omitempty"`
	FirstNews       string                  `bson:"firstNews,omitempty" json:"-"`
	Offsets         []notify.ReminderOffset `bson:"offsets"`          // the reminders'; nil: see Reminders
	Telling         schedule.Telling        `bson:"telling" json:"-"` // how far people have been told of changes
	Asked           *booking.Terms          `bson:"asked,omitempty"`  // what is asked of those who enrol; nil: nothing ever was
	Facets          []string                `bson:"facets" json:"-"`  // the terms by which it is found: see setFacets
	CreatedAt       time.Time               `bson:"createdAt"`
	ChangedAt       time.Time               `bson:"changedAt,omitempty" json:"-"` // the zero time: never since it was made
	Version         int                     `bson:"version"`
	// CompletedIn is the version in which the course was last completed, by which completions are told apart; 0: in none,
	// or by an older program.
	CompletedIn int `bson:"completedIn,omitempty" json:"-"`
	// UndoneReason is why a completion was last undone; empty: none was.
	UndoneReason string `bson:"undoneReason,omitempty" json:"-"`

	// unattended are the sessions that an edit removes, or moves into the future. Nobody may
	// have attended them.
	unattended []string

	Rules          `bson:",inline"`
	booking.Seats  `bson:",inline"`
	outbox.Pending `bson:",inline"`
}

// Enrolment is one person's booking of one course.
type Enrolment struct{ *booking.Booking }

func enrolment(b *booking.Booking) *Enrolment { return &Enrolment{b} }

// Pages of courses and enrolments.
type (
	Connection          = page.Connection[*Course]
	Edge                = page.Edge[*Course]
	EnrolmentConnection = page.Connection[*Enrolment]
	EnrolmentEdge       = page.Edge[*Enrolment]
)

// Title is the course's title in that language; in the viewer's if nil.
func (c *Course) Title(ctx context.Context, language *i18n.Language) string {
	return c.Titles.In(auth.LanguageOf(ctx, language))
}

// TitleTranslations are all its titles.
func (c *Course) TitleTranslations() []i18n.Translation { return c.Titles }

// Description is what the course is about in that language; in the viewer's if
// nil.
func (c *Course) Description(ctx context.Context, language *i18n.Language) string {
	return c.Descriptions.In(auth.LanguageOf(ctx, language))
}

// DescriptionTranslations are all its descriptions.
func (c *Course) DescriptionTranslations() []i18n.Translation {
	return slices.Concat(i18n.Text{}, c.Descriptions)
}

// wasPublic reports whether the course has ever been published.
func (c *Course) wasPublic() bool {
	return c.PublishedAt != nil || c.State == StatePublished || c.State == StateCompleted
}

// CanSee reports whether the viewer may see the course at an instant. A course that was
// never published is only for people with COURSES.
func (c *Course) CanSee(v auth.Viewer, now time.Time) bool {
	return c.State.isKnown() && (c.wasPublic() || v.Can(auth.CapabilityCourses, now))
}

// everyArea stands for the area of a course that is for all areas.
const everyArea = "*"

func areaFacet(areaID string) string   { return "area:" + areaID }
func skillFacet(skillID string) string { return "skill:" + skillID }

// setFacets gathers words, areas and skills into one array, because an index
// can hold only one.
func (c *Course) setFacets() {
	c.Facets = search.Terms(append(c.Titles.All(), c.Descriptions.All()...)...)
	for _, areaID := range c.AreaIDs {
		c.Facets = append(c.Facets, areaFacet(areaID))
	}
	if len(c.AreaIDs) == 0 {
		c.Facets = append(c.Facets, areaFacet(everyArea))
	}
	for _, skillID := range c.SkillIDs {
		c.Facets = append(c.Facets, skillFacet(skillID))
	}
	c.Facets = append(c.Facets, c.Audience().facets()...)
}

// terms is what is asked of those who enrol, for the start that the course has; nil: nothing ever was.
func (c *Course) terms() *booking.Terms {
	return c.Asked.At(clock.LocalOf(c.StartsAt, c.TimeZone), c.TimeZone, c.Version)
}

// hasEnded reports whether the last session is over.
func (c *Course) hasEnded(now time.Time) bool { return !c.EndsAt.After(now) }

// isChangeable reports whether the course may be edited and cancelled: a draft, whose sessions can be given
// other dates when they have passed, and what is published until its last session is over.
func (c *Course) isChangeable(now time.Time) bool {
	return c.State == StateDraft || c.State == StatePublished && !c.hasEnded(now)
}

// Action is what a viewer may do with a course.
type Action string

// The actions.
const (
	ActionEdit             Action = "EDIT"
	ActionPublish          Action = "PUBLISH"
	ActionCancel           Action = "CANCEL"
	ActionRecordAttendance Action = "RECORD_ATTENDANCE"
	ActionComplete         Action = "COMPLETE"
	ActionEnrol            Action = "ENROL"
	ActionViewEnrolments   Action = "VIEW_ENROLMENTS"
	ActionMessage          Action = "MESSAGE"
	ActionSignUpByHand     Action = "SIGN_UP_BY_HAND"
	ActionTeach            Action = "TEACH"
	ActionHold             Action = "HOLD"
	ActionCopy             Action = "COPY"
	ActionUndoCompletion   Action = "UNDO_COMPLETION"
)

// Can are the actions that the server would accept from the viewer at an instant; own is
// their own booking, or nil.
func (c *Course) Can(v auth.Viewer, own booking.View, now time.Time) []Action {
	can := []Action{}
	if v.Can(auth.CapabilityCourses, now) {
		if c.isChangeable(now) {
			can = append(can, ActionEdit, ActionCancel)
		}
		switch c.State {
		case StateDraft:
			if c.StartsAt.After(now) && c.checkDecideBy(now) == nil {
				can = append(can, ActionPublish)
			}
		case StatePublished:
			if c.hasEnded(now) {
				can = append(can, ActionComplete)
			}
			if c.isUndecided(now) {
				can = append(can, ActionHold)
			}
		case StateCompleted:
			can = append(can, ActionUndoCompletion)
		}
		can = append(can, ActionCopy)
		if booking.CanSignUpByHand(string(c.State), clock.Moment{At: c.EndsAt, Zone: c.TimeZone}, c.Seats, now) {
			can = append(can, ActionSignUpByHand)
		}
	}
	can = append(can, c.canAsTeacher(v, now)...)
	if !v.IsAnonymous() && booking.CanSignUp(string(c.State), c.StartsAt, c.Seats, own, now) {
		can = append(can, ActionEnrol)
	}
	return can
}
