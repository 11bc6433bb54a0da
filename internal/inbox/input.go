package inbox

import (
	"strconv"

	"faellesskab/internal/clock"
	"faellesskab/internal/fault"
	"faellesskab/internal/idempotency"
	"faellesskab/internal/notify"
)

// UpdateSettingsInput changes what a person wants to be told, and when; nil
// leaves a field as it is.
type UpdateSettingsInput struct {
	ClientMutationID *string
	ExpectedVersion  *int
	PushEnabled      *bool
	QuietHours       *notify.QuietHours
	TimeZone         *clock.Zone
	PushesADay       *int
	SummaryTime      *clock.Daily
	Reminders        *RemindersInput
	Kinds            []KindInput
}

// RemindersInput are the offsets a person wants; nil: those of the organisers.
type RemindersInput struct{ Offsets []notify.ReminderOffset }

// KindInput chooses a channel for a kind of news; nil: the default.
type KindInput struct {
	Kind    notify.Kind
	Channel *notify.Channel
}

// Clean checks the input. Returns Problems.
func (in *UpdateSettingsInput) Clean(kinds *notify.Kinds) error {
	var p fault.Problems
	p.Add(idempotency.CheckKey(in.ClientMutationID))
	if n := in.PushesADay; n != nil && (*n < 0 || *n > notify.MaxPushesADay) {
		p.Add(fault.Invalid("input.pushesADay", "settings.pushes").With("Max", notify.MaxPushesADay))
	}
	for i, k := range in.Kinds {
		if k.Kind == notify.KindSummary && k.Channel != nil && *k.Channel == notify.Summary {
			p.Add(fault.Invalid("input.kinds."+strconv.Itoa(i)+".channel", "settings.summary"))
		}
	}
	if most := len(kinds.All()); len(in.Kinds) > most {
		p.Add(fault.Invalid("input.kinds", "list.long").With("Max", most))
	}
	return p.Err()
}

func (in *UpdateSettingsInput) apply(s *notify.Settings) {
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
			tidy := notify.TidyOffsets(in.Reminders.Offsets)
			s.Offsets = &tidy
		}
	}
	for _, k := range in.Kinds {
		if k.Channel == nil {
			delete(s.Kinds, k.Kind)
			continue
		}
		if s.Kinds == nil {
			s.Kinds = map[notify.Kind]notify.Channel{}
		}
		s.Kinds[k.Kind] = *k.Channel
	}
}

// ThreadInput is an event or course whose pushes stop or resume.
type ThreadInput struct {
	ClientMutationID *string
	SubjectID        string
}

// StopReasonInput is a reason of a notice that shall no longer count.
type StopReasonInput struct {
	ClientMutationID *string
	NoticeID         string
	ReasonKey        string
}

// ResumeReasonInput is a reason that was stopped and shall count again.
type ResumeReasonInput struct {
	ClientMutationID *string
	ReasonKey        string
}
