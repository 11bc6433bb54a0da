package notify

import (
	"time"

	"faellesskab/internal/outbox"
)

// EffectKind is the kind of the effect by which a domain's write causes
// notices.
const EffectKind = "notify"

// Kind is what sort of news it is.
type Kind string

// The kinds.
const (
	KindEventPublished      Kind = "EVENT_PUBLISHED"
	KindEventCancelled      Kind = "EVENT_CANCELLED"
	KindEventMoved          Kind = "EVENT_MOVED"
	KindEventChanged        Kind = "EVENT_CHANGED"
	KindEventReminder       Kind = "EVENT_REMINDER"
	KindSeatGranted         Kind = "SEAT_GRANTED"
	KindSeatOffered         Kind = "SEAT_OFFERED"
	KindPlaceEnded          Kind = "PLACE_ENDED"
	KindCoursePublished     Kind = "COURSE_PUBLISHED"
	KindCourseCancelled     Kind = "COURSE_CANCELLED"
	KindCourseMoved         Kind = "COURSE_MOVED"
	KindCourseChanged       Kind = "COURSE_CHANGED"
	KindCourseReminder      Kind = "COURSE_REMINDER"
	KindCourseMatched       Kind = "COURSE_MATCHED"
	KindJoinRequested       Kind = "JOIN_REQUESTED"
	KindJoinRequestAnswered Kind = "JOIN_REQUEST_ANSWERED"
	KindGroupInvited        Kind = "GROUP_INVITED"
	KindGroupAnnouncement   Kind = "GROUP_ANNOUNCEMENT"
	KindBroadcast           Kind = "BROADCAST"
	KindSummary             Kind = "SUMMARY"
)

// Kinds are all of them.
var Kinds = []Kind{KindEventPublished, KindEventCancelled, KindEventMoved, KindEventChanged, KindEventReminder,
	KindSeatGranted, KindSeatOffered, KindPlaceEnded, KindCoursePublished, KindCourseCancelled, KindCourseMoved, KindCourseChanged,
	KindCourseReminder, KindCourseMatched, KindJoinRequested, KindJoinRequestAnswered, KindGroupInvited, KindGroupAnnouncement, KindBroadcast,
	KindSummary}

// IsKnown reports whether this version knows the kind.
func (k Kind) IsKnown() bool {
	_, ok := PolicyOf[k]
	return ok
}

// AudienceKind says how an audience is found.
type AudienceKind string

// The audiences. Each but AudiencePeople is walked by the domain that has it.
const (
	AudiencePeople         AudienceKind = "PEOPLE"          // ids are people
	AudienceGroupMembers   AudienceKind = "GROUP_MEMBERS"   // ids are groups
	AudienceGroupApprovers AudienceKind = "GROUP_APPROVERS" // ids are groups
	AudienceAttendees      AudienceKind = "ATTENDEES"       // ids are occurrences
	AudienceConcerned      AudienceKind = "CONCERNED"       // ids are occurrences or courses: who has a place, or was in line to the end
	AudienceSeated         AudienceKind = "SEATED"          // ids are occurrences or courses: who has a seat
	AudienceEnrolled       AudienceKind = "ENROLLED"        // ids are courses
	AudienceSkillWanted    AudienceKind = "SKILL_WANTED"    // ids are skills
	AudienceHomeArea       AudienceKind = "HOME_AREA"       // ids are areas
	AudienceEveryone       AudienceKind = "EVERYONE"        // no ids: all who may sign in
	AudienceSummary        AudienceKind = "SUMMARY"         // the id is the instant of the summary
)

// AudienceOf are some of the people a cause concerns.
type AudienceOf struct {
	Kind AudienceKind `bson:"kind"`
	IDs  []string     `bson:"ids"`
	// Why is the reason of AudiencePeople; nil: they asked.
	Why *Reason `bson:"why,omitempty"`
}

// Cause is something that happened and concerns people.
type Cause struct {
	// Key is "<subject>:<what>:<version>": deterministic, so that a cause that
	// is queued twice is one.
	Key     string `bson:"_id"`
	Kind    Kind   `bson:"kind"`
	Subject string `bson:"subject"` // id of what it is about
	// GroupID is the group whose mute counts; empty if there is none.
	GroupID string `bson:"groupId,omitempty"`
	// MembersOnly says that only members of the group may see the subject: nobody
	// else is told, for whatever reason they would be.
	MembersOnly bool `bson:"membersOnly,omitempty"`
	// Audiences in the order in which reasons are given. One person in several
	// gets one notice with several reasons.
	Audiences []AudienceOf `bson:"audiences"`
	Actor     string       `bson:"actor,omitempty"` // who did it: they are not told
	// Optional says that it is a reminder on an offset that the organiser did not
	// choose: only those are told who chose it themselves.
	Optional bool `bson:"optional,omitempty"`
	// Data are the words the text mentions, by name; see text.go.
	Data map[string]string `bson:"data"`
	// ExpiresAt is when it is no longer worth a push: the subject's start.
	ExpiresAt *time.Time `bson:"expiresAt,omitempty"`
	// TurnsUpAt is when somebody who is not told would turn up in vain: the start
	// of what is cancelled, the earlier of the two starts of what is moved. News of
	// the next hours passes through quiet hours. Of a summary it is its time.
	TurnsUpAt *time.Time `bson:"turnsUpAt,omitempty"`
}

// Key makes the key of a cause.
func Key(subject, what, version string) string { return subject + ":" + what + ":" + version }

// Effect is the effect that queues the cause.
func Effect(c Cause) outbox.Effect { return outbox.New(EffectKind, c) }
