package notify

import (
	"strings"
	"time"
)

// Family is what people turn on and off together on their phone: a channel of Android's, and a row of the app's
// settings elsewhere.
type Family string

// The families.
const (
	FamilyEvents        Family = "EVENTS"
	FamilyCourses       Family = "COURSES"
	FamilyReminders     Family = "REMINDERS"
	FamilyRequests      Family = "REQUESTS"      // what waits for an answer of the person, and answers to the person
	FamilyAnnouncements Family = "ANNOUNCEMENTS" // what somebody says to many, and the daily summary
	FamilyUrgent        Family = "URGENT"
)

// Families are all families, in the order in which people see them.
var Families = []Family{FamilyEvents, FamilyCourses, FamilyReminders, FamilyRequests, FamilyAnnouncements, FamilyUrgent}

// IsValid reports whether it is one of the families.
func (f Family) IsValid() bool {
	switch f {
	case FamilyEvents, FamilyCourses, FamilyReminders, FamilyRequests, FamilyAnnouncements, FamilyUrgent:
		return true
	}
	return false
}

// ChannelID is the id of the family's channel, which the Android app creates at its start.
func (f Family) ChannelID() string { return strings.ToLower(string(f)) }

// Attention says how much a push asks of its reader. The zero value is what most news asks.
type Attention int

// The attentions, from the least.
const (
	AttentionQuiet    Attention = iota - 1 // it is there when they look: no sound
	AttentionUsual                         // the phone's usual sound, as soon as the phone finds convenient
	AttentionPrompt                        // the usual sound, at once: later is too late
	AttentionPressing                      // it breaks through the phone's own summaries and focus, since it must be acted on now
	AttentionUrgent                        // as loud as the phone lets anybody be
)

// AttentionAt is how much a push of this kind asks of its reader at an instant: what the kind asks, and more if
// they would turn up in vain within the next hours. turnsUpAt is that of the cause.
func (s KindSpec) AttentionAt(now time.Time, turnsUpAt *time.Time) Attention {
	switch {
	case s.Policy.IsUrgent:
		return AttentionUrgent
	case s.Policy.PassesQuiet && isSoon(turnsUpAt, now):
		return max(AttentionPressing, s.Attention)
	}
	return s.Attention
}
