package notify

import "time"

// Channel is what becomes of a notice.
type Channel string

// The channels. Summary is not chosen yet: the daily budget and the evening
// summary will.
const (
	Push    Channel = "PUSH"
	Summary Channel = "SUMMARY"
	Inbox   Channel = "INBOX"
	Drop    Channel = "DROP"
)

// Rule is why a notice went the way it did.
type Rule string

// The rules, in the order in which they are asked.
const (
	RuleNotAdmitted Rule = "NOT_ADMITTED" // banned or disabled: nothing
	RuleLeft        Rule = "LEFT"         // no longer who it is for: nothing
	RulePushOff     Rule = "PUSH_OFF"     // the person's global off
	RuleGroupMuted  Rule = "GROUP_MUTED"  // the person's mute of the group
	RuleKindDefault Rule = "KIND_DEFAULT" // what the kind does by itself
)

// Traits are what is particular to a kind of news.
type Traits struct {
	Default Channel
	// ByMembership says that people hear of it because they belong to the group:
	// who has muted the group gets no push, who has left gets nothing.
	ByMembership bool
}

// TraitsOf are the kinds' traits: data, so that a product person can read them.
var TraitsOf = map[Kind]Traits{
	KindEventPublished:      {Default: Push, ByMembership: true},
	KindEventCancelled:      {Default: Push},
	KindEventMoved:          {Default: Push},
	KindEventChanged:        {Default: Inbox},
	KindEventReminder:       {Default: Push},
	KindSeatGranted:         {Default: Push},
	KindSeatOffered:         {Default: Push},
	KindCoursePublished:     {Default: Push},
	KindCourseCancelled:     {Default: Push},
	KindCourseMoved:         {Default: Push},
	KindCourseReminder:      {Default: Push},
	KindCourseMatched:       {Default: Inbox},
	KindJoinRequested:       {Default: Push, ByMembership: true},
	KindJoinRequestAnswered: {Default: Push},
	KindGroupInvited:        {Default: Push},
	KindGroupAnnouncement:   {Default: Push, ByMembership: true},
	KindBroadcast:           {Default: Push},
	KindSummary:             {Default: Push},
}

// Recipient is what is known of a person who might be told.
type Recipient struct {
	PersonID string
	Language string // "DA" or "EN"
	Admitted bool   // neither banned nor disabled
	PushOff  bool
	Groups   map[string]GroupPreference // groups the person is an active member of
}

// GroupPreference is what a member wants to hear of a group.
type GroupPreference struct{ Muted bool }

// Verdict is what becomes of one notice for one person, and by which rule.
type Verdict struct {
	Channel   Channel
	Rule      Rule
	HoldUntil *time.Time // nil: now. Quiet hours will set it
}

// Decide says what becomes of a kind of news for a person. groupID is the group
// it comes from; empty if there is none. It is pure: the same question has the
// same answer at expansion and again right before sending. The order is: what
// may not be (banned, left) → the person's global off → thread mute (to come) →
// the person's word on the group → the kind's default → quiet hours and the
// daily budget (to come).
func Decide(kind Kind, r Recipient, groupID string) Verdict {
	traits := TraitsOf[kind]
	group, member := r.Groups[groupID]
	switch {
	case !r.Admitted:
		return Verdict{Channel: Drop, Rule: RuleNotAdmitted}
	case traits.ByMembership && !member:
		return Verdict{Channel: Drop, Rule: RuleLeft}
	case r.PushOff:
		return Verdict{Channel: Inbox, Rule: RulePushOff}
	case traits.ByMembership && group.Muted:
		return Verdict{Channel: Inbox, Rule: RuleGroupMuted}
	}
	return Verdict{Channel: traits.Default, Rule: RuleKindDefault}
}
