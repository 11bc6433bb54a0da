package notify

import "time"

// Channel is what becomes of a notice.
type Channel string

// The channels.
const (
	Push    Channel = "PUSH"    // the inbox and a push
	Summary Channel = "SUMMARY" // the inbox and a line in the evening's summary
	Inbox   Channel = "INBOX"   // the inbox alone
	Drop    Channel = "DROP"    // nothing: recorded, but not shown
)

// IsValid reports whether it is one of them, or none was chosen.
func (c Channel) IsValid() bool {
	switch c {
	case Push, Summary, Inbox, Drop:
		return true
	}
	return c == ""
}

// Rule is why a notice went the way it did.
type Rule string

// The rules, in the order in which they are asked. The first that says less than
// a push has decided.
const (
	RuleNotAdmitted   Rule = "NOT_ADMITTED"   // banned or disabled: nothing
	RuleLeft          Rule = "LEFT"           // no longer who it is for: nothing
	RuleUntrue        Rule = "UNTRUE"         // what it says is no longer so: no push, and of an invitation nothing
	RuleNotWanted     Rule = "NOT_WANTED"     // a reminder at a time the person did not choose: nothing
	RuleOver          Rule = "OVER"           // it is past: no push
	RulePushOff       Rule = "PUSH_OFF"       // the person's global off
	RuleThreadMuted   Rule = "THREAD_MUTED"   // the person's mute of the event or course
	RuleGroupMuted    Rule = "GROUP_MUTED"    // the person's mute of the group
	RuleReasonStopped Rule = "REASON_STOPPED" // the person stopped every reason for it
	RuleKindSetting   Rule = "KIND_SETTING"   // the person's word on the kind
	RuleKindDefault   Rule = "KIND_DEFAULT"   // what the kind does by itself
	RuleGroupSummary  Rule = "GROUP_SUMMARY"  // of this group only in the summary
	RuleRead          Rule = "READ"           // read in the app before the push went out: no push
	RuleQuietHours    Rule = "QUIET_HOURS"    // held until the quiet hours end, or past by then
	RuleBudget        Rule = "BUDGET"         // the pushes of the day are used up: summary
)

// Rules are all of them, in order.
var Rules = []Rule{RuleNotAdmitted, RuleLeft, RuleUntrue, RuleNotWanted, RuleOver, RulePushOff, RuleThreadMuted, RuleGroupMuted,
	RuleReasonStopped, RuleKindSetting, RuleKindDefault, RuleGroupSummary, RuleRead, RuleQuietHours, RuleBudget}

// Policy is what is particular to a kind of news.
type Policy struct {
	// ByMembership says that people hear of it because they belong to the group:
	// people who have muted the group get no push, people who have left get nothing.
	ByMembership bool
	// PassesQuiet says that it passes through quiet hours if it is about the next
	// hours: people who are not told would turn up in vain.
	PassesQuiet bool
	// PassesBudget says that it is not counted among the pushes of a day.
	PassesBudget bool
	// Fleeting says that it is worth nothing once its subject has begun, not even
	// in the inbox.
	Fleeting bool
	// Reminds says that it is a reminder, with ReminderArgs: people choose at which
	// offsets they are reminded.
	Reminds bool
	// ByTheClock says that the person has chosen its time: on time it passes through
	// quiet hours.
	ByTheClock bool
}

// Recipient is what is known of a person who might be told.
type Recipient struct {
	PersonID string
	Language string // "DA" or "EN"
	Admitted bool   // neither banned nor disabled
	// Groups are what the person wants to hear of the groups they are an active member
	// of.
	Groups   map[string]Level
	Settings Settings
}

// Matter is a piece of news for one person, as Decide sees it.
type Matter struct {
	Kind        Kind
	Default     Channel // of the kind
	Policy      Policy  // of the kind
	Subject     string
	GroupID     string         // the group it comes from; empty if there is none
	MembersOnly bool           // only members of the group may see the subject
	Offset      ReminderOffset // of a reminder
	Optional    bool           // a reminder that the organiser did not choose
	ExpiresAt   *time.Time
	TurnsUpAt   *time.Time
	Reasons     []Reason
	Ended       *Verdict // what becomes of it because it no longer concerns the person; nil: it does
	Read        bool     // in the app, before it was pushed or summed up
}

// Verdict is what becomes of one notice for one person, and by which rule.
type Verdict struct {
	Channel   Channel
	Rule      Rule
	HoldUntil *time.Time // nil: now
}

// Decide says what becomes of a piece of news for a person to whom pushed
// budgeted pushes have gone on the day on which this one would. It is pure: the
// same question has the same answer at expansion and again right before sending.
// The order is: what may not be → the person's global off → thread mute → the
// person's word on the group and on the reasons → the kind → read already → quiet
// hours → the daily budget.
func Decide(m Matter, r Recipient, pushed int, now time.Time) Verdict {
	v := DecideChannel(m, r, now)
	switch {
	case m.Read && (v.Channel == Push || v.Channel == Summary):
		return Verdict{Channel: Inbox, Rule: RuleRead}
	case v.Channel != Push:
		return v
	}
	if end := r.Settings.quietEnd(now); end != nil && !m.passesQuiet(now) {
		v = Verdict{Channel: Push, Rule: RuleQuietHours, HoldUntil: end}
		if m.isOver(*end) {
			return Verdict{Channel: m.past(), Rule: RuleQuietHours}
		}
	}
	if !m.Policy.PassesBudget && pushed >= r.Settings.PushesADay() {
		return Verdict{Channel: Summary, Rule: RuleBudget}
	}
	return v
}

// DecideChannel are the rules that do not depend on the hour.
func DecideChannel(m Matter, r Recipient, now time.Time) Verdict {
	level, member := r.Groups[m.GroupID]
	switch {
	case !r.Admitted:
		return Verdict{Channel: Drop, Rule: RuleNotAdmitted}
	case (m.Policy.ByMembership || m.MembersOnly) && !member:
		return Verdict{Channel: Drop, Rule: RuleLeft}
	case m.Ended != nil:
		return *m.Ended
	case m.Offset != "" && !r.Settings.wantsOffset(m.Offset, m.Optional):
		return Verdict{Channel: Drop, Rule: RuleNotWanted}
	case m.isOver(now):
		return Verdict{Channel: m.past(), Rule: RuleOver}
	case r.Settings.PushOff:
		return Verdict{Channel: Inbox, Rule: RulePushOff}
	case !r.Settings.MutedThreads[m.Subject].IsZero():
		return Verdict{Channel: Inbox, Rule: RuleThreadMuted}
	case m.Policy.ByMembership && level == LevelInbox:
		return Verdict{Channel: Inbox, Rule: RuleGroupMuted}
	case m.isStopped(r.Settings):
		return Verdict{Channel: Inbox, Rule: RuleReasonStopped}
	}
	v := Verdict{Channel: m.Default, Rule: RuleKindDefault}
	if chosen := r.Settings.chosen(m.Kind); chosen != "" {
		v = Verdict{Channel: chosen, Rule: RuleKindSetting}
	}
	if v.Channel == Push && m.Policy.ByMembership && level == LevelSummary {
		v = Verdict{Channel: Summary, Rule: RuleGroupSummary}
	}
	return v
}

// past is what becomes of news whose subject has begun.
func (m Matter) past() Channel {
	if m.Policy.Fleeting {
		return Drop
	}
	return Inbox
}

func (m Matter) isOver(at time.Time) bool { return m.ExpiresAt != nil && !m.ExpiresAt.After(at) }

// passesQuiet reports whether the news passes through quiet hours. What comes at the
// time that the person has chosen does, unless it is late.
func (m Matter) passesQuiet(now time.Time) bool {
	if m.Policy.ByTheClock {
		return m.TurnsUpAt == nil || now.Before(m.TurnsUpAt.Add(lateSummary))
	}
	return m.Policy.PassesQuiet && m.TurnsUpAt != nil && m.TurnsUpAt.Before(now.Add(passesQuietWithin))
}

// isStopped reports whether the person has stopped every reason for the news.
func (m Matter) isStopped(s Settings) bool {
	for _, reason := range m.Reasons {
		if _, stopped := s.Stopped[reason.Key()]; !stopped {
			return false
		}
	}
	return len(m.Reasons) > 0
}
