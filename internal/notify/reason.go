package notify

import (
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
	ReasonPlace       ReasonKind = "PLACE"
	ReasonHadPlace    ReasonKind = "HAD_PLACE" // until it ended: see ReasonPlace
	ReasonSkillWanted ReasonKind = "SKILL_WANTED"
	ReasonHomeArea    ReasonKind = "HOME_AREA"
	ReasonInvited     ReasonKind = "INVITED"
	ReasonAsked       ReasonKind = "ASKED"
	ReasonSummary     ReasonKind = "SUMMARY"
	ReasonResident    ReasonKind = "RESIDENT"
)

// Reason is why a person was told.
type Reason struct {
	Kind    ReasonKind `bson:"kind"`
	Subject string     `bson:"subject,omitempty"` // the group, skill or area
	// Words name the subject: "Skill_DA", "Area" and so on; the notice's own
	// words are known as well.
	Words map[string]string `bson:"words,omitempty"`
}

// IsKnown reports whether this version knows the kind of the reason.
func (r Reason) IsKnown() bool {
	switch r.Kind {
	case ReasonGroupMember, ReasonGroupLeader, ReasonPlace, ReasonHadPlace, ReasonSkillWanted, ReasonHomeArea, ReasonInvited, ReasonAsked, ReasonSummary, ReasonResident:
		return true
	}
	return false
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
	words  map[string]string // of the notice
}

// Text is the reason in words, in the viewer's language.
func (s said) Text(ctx context.Context) string { return s.say(ctx, s.text) }

// Key is what stopReason takes.
func (s said) Key() string { return s.reason.Key() }

// StopText is the one action that stops the reason, in words, in the viewer's
// language.
func (s said) StopText(ctx context.Context) string {
	return s.say(ctx, strings.Replace(s.text, "why.", "why.stop.", 1))
}

func (s said) say(ctx context.Context, key string) string {
	l := auth.LanguageOf(ctx, nil)
	args := map[string]any{"Title": "", "Group": "", "Skill": "", "Area": ""}
	speak(args, s.words, l)
	speak(args, s.reason.Words, l)
	return i18n.Translate(l, key, args)
}

// SubjectID is the id of what the reason is about; empty if nothing.
func (s said) SubjectID() string { return s.reason.Subject }

// The reasons.
type (
	// GroupMemberReason: the person is a member of the group.
	GroupMemberReason struct{ said }
	// GroupLeaderReason: the person helps to run the group.
	GroupLeaderReason struct{ said }
	// PlaceReason: the person has a place at the event or course.
	PlaceReason struct{ said }
	// SkillWantedReason: the person wants to learn the skill.
	SkillWantedReason struct{ said }
	// HomeAreaReason: the person's home is the area.
	HomeAreaReason struct{ said }
	// SummaryReason: the person gets in one what is not pushed.
	SummaryReason struct{ said }
	// ResidentReason: it is for everybody who uses the app.
	ResidentReason struct{ said }
	// InvitedReason: the person is invited to the group.
	InvitedReason struct{ said }
	// AskedReason: the person asked for it.
	AskedReason struct{ said }
)

// Why is the reason as the reader of a notice sees it, about a subject and with the
// words of the notice.
func (r Reason) Why(subjectID string, words map[string]string) Why {
	s := func(key string) said { return said{text: key, reason: r, words: words} }
	switch r.Kind {
	case ReasonGroupMember:
		return &GroupMemberReason{s("why.group_member")}
	case ReasonGroupLeader:
		return &GroupLeaderReason{s("why.group_leader")}
	case ReasonPlace, ReasonHadPlace:
		if id.Prefix(subjectID) == id.Course {
			return &PlaceReason{s("why.place_course")}
		}
		return &PlaceReason{s("why.place_event")}
	case ReasonSkillWanted:
		return &SkillWantedReason{s("why.skill_wanted")}
	case ReasonHomeArea:
		return &HomeAreaReason{s("why.home_area")}
	case ReasonInvited:
		return &InvitedReason{s("why.invited")}
	case ReasonResident:
		return &ResidentReason{s("why.resident")}
	case ReasonSummary:
		return &SummaryReason{s("why.summary")}
	}
	return &AskedReason{s("why.asked")}
}
