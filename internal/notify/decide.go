package notify

import (
	"time"

	"faellesskab/internal/auth"
)

// Channel is what becomes of a notice.
type Channel string

// The channels.
const (
	Push    Channel = "PUSH"    // the inbox and a push
	Summary Channel = "SUMMARY" // the inbox and a line in the evening's summary
	Inbox   Channel = "INBOX"   // the inbox alone
	Drop    Channel = "DROP"    // nothing: recorded, but not shown
)

// IsValid reports whether it is one of the channels, or empty, which is no choice.
func (c Channel) IsValid() bool {
	switch c {
	case Push, Summary, Inbox, Drop:
		return true
	}
	return c == ""
}

// Rule says why a notice got its channel.
type Rule string

// The rules, in the order in which they are asked. The first rule that allows less
// than a push decides.
const (
	RuleNotAdmitted   Rule = "NOT_ADMITTED"   // the person is banned or disabled: nothing
	RuleLeft          Rule = "LEFT"           // the person no longer belongs to an audience: nothing
	RuleUntrue        Rule = "UNTRUE"         // the news is no longer true: no push, and for an invitation nothing
	RuleNotWanted     Rule = "NOT_WANTED"     // the person did not choose this time for reminders: nothing
	RuleOver          Rule = "OVER"           // the subject has begun: no push
	RulePushOff       Rule = "PUSH_OFF"       // the person has switched off all pushes
	RulePhoneOff      Rule = "PHONE_OFF"      // every phone of the person refuses pushes of the kind's family: summary
	RuleUrgent        Rule = "URGENT"         // it is an urgent broadcast, which passes all that follows
	RuleThreadMuted   Rule = "THREAD_MUTED"   // the person has muted the event or course
	RuleGroupMuted    Rule = "GROUP_MUTED"    // the person has muted the group
	RuleReasonStopped Rule = "REASON_STOPPED" // the person has stopped every reason for it
	RuleSnoozed       Rule = "SNOOZED"        // the person has put it off until now: a push
	RuleKindSetting   Rule = "KIND_SETTING"   // the person has chosen a channel for the kind
	RuleKindDefault   Rule = "KIND_DEFAULT"   // the kind's own channel holds
	RuleGroupSummary  Rule = "GROUP_SUMMARY"  // the person wants news of this group in the summary
	RuleRead          Rule = "READ"           // the person read it in the app before the push went out: no push
	RuleQuietHours    Rule = "QUIET_HOURS"    // the push waits for the end of the quiet hours, or would come too late then
	RuleBudget        Rule = "BUDGET"         // the pushes of the day are used up: summary
)

// Rules are all rules, in order.
var Rules = []Rule{RuleNotAdmitted, RuleLeft, RuleUntrue, RuleNotWanted, RuleOver, RulePushOff, RulePhoneOff, RuleUrgent, RuleThreadMuted,
	RuleGroupMuted, RuleReasonStopped, RuleSnoozed, RuleKindSetting, RuleKindDefault, RuleGroupSummary, RuleRead, RuleQuietHours, RuleBudget}

// Policy is the special treatment of a kind of news.
type Policy struct {
	// ByMembership says that people hear of it because they belong to the group:
	// people who have muted the group get no push, people who have left get nothing.
	ByMembership bool
	// PassesQuiet says that it passes through quiet hours if it is about the next
	// hours, since people who are not told would turn up in vain.
	PassesQuiet bool
	// PassesBudget says that it is not counted among the pushes of a day.
	PassesBudget bool
	// Fleeting says that it is worth nothing once its subject has begun, not even
	// in the inbox.
	Fleeting bool
	// Reminds says that it is a reminder, with ReminderArgs: people choose at which
	// offsets they are reminded.
	Reminds bool
	// ByTheClock says that the person has chosen its time, so that it passes through
	// quiet hours unless it is late.
	ByTheClock bool
	// IsUrgent says that it passes quiet hours, the budget, mutes and the person's setting for the kind, and
	// not the switch that turns all pushes off.
	IsUrgent bool
}

// IsUncounted reports whether news is not counted among the pushes of a day.
func (p Policy) IsUncounted() bool { return p.PassesBudget || p.IsUrgent }

// Recipient is a person who might be told, with what the decision must know of them.
type Recipient struct {
	PersonID string
	Language string // "DA" or "EN"
	Admitted bool   // neither banned nor disabled
	// Groups says how much the person wants to hear of each group of which they are an
	// active member.
	Groups   map[string]Level
	Settings Settings
	Viewer   auth.Viewer // as whom they look at their inbox
}

// Matter is a piece of news for one person, as Decide sees it.
type Matter struct {
	Kind        Kind
	Default     Channel // the kind's
	Policy      Policy  // the kind's
	Subject     string
	Thread      string         // whose mute counts; empty: the subject's
	GroupID     string         // the group it comes from; empty if there is none
	MembersOnly bool           // only members of the group may see the subject
	Offset      ReminderOffset // set if it is a reminder
	Optional    bool           // a reminder that the organiser did not choose
	ExpiresAt   *time.Time
	TurnsUpAt   *time.Time
	Reasons     []Reason
	Ended       *Verdict // set if it no longer concerns the person: what becomes of it then
	Snoozed     bool     // the person has put it off, and it comes back
	Read        bool     // the person read it in the app before it was pushed or summed up
	PhonesOff   bool     // the person has phones, and all of them refuse pushes of the kind's family
}

// Verdict says what becomes of a notice for one person, and by which rule.
type Verdict struct {
	Channel   Channel
	Rule      Rule
	HoldUntil *time.Time // nil: now
}

// Decide says what becomes of a piece of news for a person. pushed is how many pushes
// that count have gone to them on the day on which this one would go. Decide is pure:
// the same question has the same answer when an audience is expanded and right before
// sending. The order of the rules is: what must not be told at all → all pushes off → what is urgent →
// the mute of the thread → the person's choice for the group and for the reasons → put off until
// now → the kind → read already → quiet hours → the daily budget. What would be a push by one of them is none
// if all phones refuse it.
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
	if !m.Policy.IsUncounted() && !m.Snoozed && pushed >= r.Settings.PushesADay() {
		return Verdict{Channel: Summary, Rule: RuleBudget}
	}
	return v
}

// DecideChannel is Decide by the rules that do not depend on the hour.
func DecideChannel(m Matter, r Recipient, now time.Time) Verdict {
	v := wish(m, r, now)
	if v.Channel == Push && m.PhonesOff {
		return Verdict{Channel: m.unshown(), Rule: RulePhoneOff}
	}
	return v
}

// wish is the channel that the person and the kind ask for, whatever the phones let through.
func wish(m Matter, r Recipient, now time.Time) Verdict {
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
	case m.Policy.IsUrgent:
		return Verdict{Channel: Push, Rule: RuleUrgent}
	case m.isMuted(r.Settings):
		return Verdict{Channel: Inbox, Rule: RuleThreadMuted}
	case m.Policy.ByMembership && level == LevelInbox:
		return Verdict{Channel: Inbox, Rule: RuleGroupMuted}
	case m.isStopped(r):
		return Verdict{Channel: Inbox, Rule: RuleReasonStopped}
	case m.Snoozed:
		return Verdict{Channel: Push, Rule: RuleSnoozed}
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

// past is the channel of news whose subject has begun.
func (m Matter) past() Channel {
	if m.Policy.Fleeting {
		return Drop
	}
	return Inbox
}

// unshown is the channel of news that no phone of the person shows. What they should read at once, what they have
// waited for, and the summary itself wait for no summary.
func (m Matter) unshown() Channel {
	if m.Policy.IsUrgent || m.Snoozed || m.Kind == KindSummary {
		return Inbox
	}
	return Summary
}

func (m Matter) isOver(at time.Time) bool { return m.ExpiresAt != nil && !m.ExpiresAt.After(at) }

// passesQuiet reports whether the news passes through quiet hours. News that comes at
// a time chosen by the person does, unless it is late.
func (m Matter) passesQuiet(now time.Time) bool {
	if m.Policy.IsUrgent {
		return true
	}
	if m.Policy.ByTheClock || m.Snoozed {
		return m.TurnsUpAt == nil || now.Before(m.TurnsUpAt.Add(lateSummary))
	}
	return m.Policy.PassesQuiet && isSoon(m.TurnsUpAt, now)
}

// isSoon reports whether an instant is so near that people who are not told would turn up in vain.
func isSoon(at *time.Time, now time.Time) bool {
	return at != nil && at.Before(now.Add(passesQuietWithin))
}

// isMuted reports whether the person has muted what the news is about, or all of what they are told for.
func (m Matter) isMuted(s Settings) bool {
	if !s.MutedThreads[m.Subject].IsZero() || !s.MutedThreads[m.Thread].IsZero() {
		return true
	}
	for _, reason := range m.Reasons {
		if reason.Thread == "" || s.MutedThreads[reason.Thread].IsZero() {
			return false
		}
	}
	return len(m.Reasons) > 0
}

// isStopped reports whether the person has stopped every reason for the news.
func (m Matter) isStopped(r Recipient) bool {
	for _, reason := range m.Reasons {
		if stopped, ok := r.Settings.Stopped[reason.Key()]; !ok || r.Settings.isOver(stopped, r.Groups) {
			return false
		}
	}
	return len(m.Reasons) > 0
}
