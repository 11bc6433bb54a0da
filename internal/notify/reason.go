package notify

import (
	"cmp"
	"context"
	"strings"

	"faellesskab/internal/auth"
	"faellesskab/internal/i18n"
	"faellesskab/internal/id"
)

// ReasonKind is what sort of reason it is.
type ReasonKind string

// The kinds of reasons.
const (
	ReasonGroupMember ReasonKind = "GROUP_MEMBER"
	ReasonGroupLeader ReasonKind = "GROUP_LEADER"
	ReasonBooking     ReasonKind = "BOOKING"
	ReasonHadBooking  ReasonKind = "HAD_BOOKING" // the person had a booking, which has ended; see ReasonBooking
	ReasonSkillWanted ReasonKind = "SKILL_WANTED"
	ReasonHomeArea    ReasonKind = "HOME_AREA"
	ReasonInvited     ReasonKind = "INVITED"
	ReasonAsked       ReasonKind = "ASKED"
	ReasonSummary     ReasonKind = "SUMMARY"
	ReasonResident    ReasonKind = "RESIDENT"
	ReasonDecider     ReasonKind = "DECIDER" // the person may approve what waits for a second person
	ReasonAuthor      ReasonKind = "AUTHOR"  // the person wrote it
	ReasonInviter     ReasonKind = "INVITER" // the person invited somebody
	ReasonStaff       ReasonKind = "STAFF"   // the person runs courses
)

// Reason is why a person was told.
type Reason struct {
	Kind    ReasonKind `bson:"kind"`
	Subject string     `bson:"subject,omitempty"` // the group, skill or area
	// Of is what else the reason depends on, such as one session of the course that is its subject; empty: nothing.
	Of string `bson:"of,omitempty"`
	// Words name the subject: "Skill_DA", "Area" and so on; the notice's own
	// words are known as well.
	Words map[string]string `bson:"words,omitempty"`
	// Thread is the event or course whose mute counts, and which a stop of the reason mutes; empty: the
	// subject of the news.
	Thread string `bson:"thread,omitempty"`
	// Audience is the audience that found the person. It knows whether the reason
	// still holds.
	Audience AudienceKind `bson:"audience,omitempty"`
}

func (r Reason) concern(personID string) Concern {
	return Concern{Subject: r.Subject, PersonID: personID, Of: r.Of}
}

// IsKnown reports whether this version knows the kind of the reason, which means that
// it has words for it.
func (r Reason) IsKnown() bool {
	return r.isBooking() || i18n.Has(i18n.Danish, r.text())
}

// text is the key of the text that says the reason in words.
func (r Reason) text() string { return "why." + strings.ToLower(string(r.Kind)) }

// isBooking reports whether the person has, or had, booked something, which is muted when the reason is stopped.
func (r Reason) isBooking() bool { return r.Kind == ReasonBooking || r.Kind == ReasonHadBooking }

// threadText is that key for a booking at an event or course.
func (r Reason) threadText(subjectID string) string {
	if id.Prefix(subjectID) == id.Course {
		return r.text() + "_course"
	}
	return r.text() + "_event"
}

// Why is a reason as a reader sees it: one type for each kind.
type Why interface {
	Key() string
	Text(ctx context.Context) string
	StopText(ctx context.Context) string
}

// said is the part that all reasons share.
type said struct {
	text   string
	reason Reason
	words  map[string]string // the notice's
}

// Text is the reason in words, in the viewer's language.
func (s said) Text(ctx context.Context) string { return s.say(ctx, s.text) }

// Key is the key that the mutation stopReason takes.
func (s said) Key() string { return s.reason.Key() }

// StopText is the one action that stops the reason, in words, in the viewer's
// language.
func (s said) StopText(ctx context.Context) string {
	return s.say(ctx, strings.Replace(s.text, "why.", "why.stop.", 1))
}

func (s said) say(ctx context.Context, key string) string {
	l := auth.LanguageOf(ctx, nil)
	args := map[string]any{}
	for _, name := range i18n.Mentioned(key) {
		word, found := wordIn(s.reason.Words, name, l)
		if !found {
			word, found = wordIn(s.words, name, l)
		}
		if found || name != count { // a number, or not there
			args[name] = word
		}
	}
	return i18n.Translate(l, key, args)
}

// SubjectID is the id of what the reason is about; empty if it is about nothing.
func (s said) SubjectID() string { return s.reason.Subject }

// The reasons.
type (
	// GroupMemberReason: the person is a member of the group.
	GroupMemberReason struct{ said }
	// GroupLeaderReason: the person helps to run the group.
	GroupLeaderReason struct{ said }
	// BookingReason: the person has a booking at the event or course.
	BookingReason struct{ said }
	// SkillWantedReason: the person wants to learn the skill.
	SkillWantedReason struct{ said }
	// HomeAreaReason: the person's home is the area.
	HomeAreaReason struct{ said }
	// SummaryReason: the person gets a summary of the news that is not pushed.
	SummaryReason struct{ said }
	// ResidentReason: the news is for everybody who uses the app.
	ResidentReason struct{ said }
	// InvitedReason: the person is invited to the group.
	InvitedReason struct{ said }
	// AskedReason: the person asked for it.
	AskedReason struct{ said }
	// SubjectReason: the person is connected with the subject in the way that the text
	// says. It serves reasons that have no type of their own here.
	SubjectReason struct{ said }
)

// Why is the reason as the reader of a notice sees it, with the subject and the words
// of the notice.
func (r Reason) Why(subjectID string, words map[string]string) Why {
	say := said{text: r.text(), reason: r, words: words}
	switch r.Kind {
	case ReasonGroupMember:
		return &GroupMemberReason{say}
	case ReasonGroupLeader:
		return &GroupLeaderReason{say}
	case ReasonBooking, ReasonHadBooking:
		say.text = r.threadText(cmp.Or(r.Thread, subjectID))
		return &BookingReason{say}
	case ReasonSkillWanted:
		return &SkillWantedReason{say}
	case ReasonHomeArea:
		return &HomeAreaReason{say}
	case ReasonInvited:
		return &InvitedReason{say}
	case ReasonResident:
		return &ResidentReason{say}
	case ReasonSummary:
		return &SummaryReason{say}
	case ReasonAsked:
		return &AskedReason{say}
	}
	return &SubjectReason{say}
}
