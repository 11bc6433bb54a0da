package notify

import (
	"strconv"

	"faellesskab/internal/clock"
	"faellesskab/internal/fault"
	"faellesskab/internal/idempotency"
)

// UpdateSettingsInput changes what a person wants to be told, and when; nil
// leaves a field as it is.
type UpdateSettingsInput struct {
	ClientMutationID *string
	ExpectedVersion  *int
	PushEnabled      *bool
	QuietHours       *QuietHours
	TimeZone         *clock.Zone
	PushesADay       *int
	SummaryTime      *clock.Daily
	Reminders        *RemindersInput
	Kinds            []KindInput
}

// QuietHours are from when until when, by the clock on the wall; from and until
// alike are none.
type QuietHours struct{ From, Until clock.Daily }

// RemindersInput are the offsets a person wants; nil: as the organisers say.
type RemindersInput struct{ Offsets []ReminderOffset }

// KindInput chooses a channel for a kind of news; nil: the default.
type KindInput struct {
	Kind    Kind
	Channel *Channel
}

// Clean checks the input. Returns Problems.
func (in *UpdateSettingsInput) Clean() error {
	var p fault.Problems
	p.Add(idempotency.CheckKey(in.ClientMutationID))
	if n := in.PushesADay; n != nil && (*n < 0 || *n > maxPushesADay) {
		p.Add(fault.Invalid("input.pushesADay", "settings.pushes").With("Max", maxPushesADay))
	}
	for i, k := range in.Kinds {
		if k.Kind == KindSummary && k.Channel != nil && *k.Channel == Summary {
			p.Add(fault.Invalid("input.kinds."+strconv.Itoa(i)+".channel", "settings.summary"))
		}
	}
	if len(in.Kinds) > len(Kinds) {
		p.Add(fault.Invalid("input.kinds", "list.long").With("Max", len(Kinds)))
	}
	return p.Err()
}

func (in *UpdateSettingsInput) apply(s *Settings) {
	if in.PushEnabled != nil {
		s.PushOff = !*in.PushEnabled
	}
	if in.QuietHours != nil {
		s.QuietFrom, s.QuietUntil = in.QuietHours.From, in.QuietHours.Until
	}
	if in.TimeZone != nil {
		s.Zone = *in.TimeZone
	}
	if in.PushesADay != nil {
		s.Pushes = in.PushesADay
	}
	if in.SummaryTime != nil {
		s.SummaryTime = *in.SummaryTime
	}
	if in.Reminders != nil {
		s.Offsets = nil
		if in.Reminders.Offsets != nil {
			tidy := TidyOffsets(in.Reminders.Offsets)
			s.Offsets = &tidy
		}
	}
	for _, k := range in.Kinds {
		if k.Channel == nil {
			delete(s.Kinds, k.Kind)
			continue
		}
		if s.Kinds == nil {
			s.Kinds = map[Kind]Channel{}
		}
		s.Kinds[k.Kind] = *k.Channel
	}
}

// ThreadInput is an event or course whose pushes stop or resume.
type ThreadInput struct {
	ClientMutationID *string
	SubjectID        string
}

// StopReasonInput is a reason of a notice that is to count no longer.
type StopReasonInput struct {
	ClientMutationID *string
	NoticeID         string
	ReasonKey        string
}

// ResumeReasonInput is a reason that was stopped and is to count again.
type ResumeReasonInput struct {
	ClientMutationID *string
	ReasonKey        string
}
