package inbox

import (
	"strconv"

	"faellesskab/internal/clock"
	"faellesskab/internal/fault"
	"faellesskab/internal/idempotency"
	"faellesskab/internal/notify"
	"faellesskab/internal/optional"
)

// UpdateSettingsInput changes what a person wants to be told, and when. What is left out stays
// as it is. Unless something else is said, null is what holds for people who never chose.
type UpdateSettingsInput struct {
	ClientMutationID *string
	ExpectedVersion  *int
	PushEnabled      optional.Edit[bool]              `json:",omitzero"`
	QuietHours       optional.Edit[notify.QuietHours] `json:",omitzero"` // null: none
	// QuietHoursByWeekday replaces the whole list; null: no day has hours of its own.
	QuietHoursByWeekday optional.List[notify.WeekdayQuietHours] `json:",omitzero"`
	TimeZone            optional.Edit[clock.Zone]               `json:",omitzero"`
	PushesADay          optional.Edit[int]                      `json:",omitzero"`
	SummaryTime         optional.Edit[clock.Daily]              `json:",omitzero"`
	Reminders           optional.Edit[RemindersInput]           `json:",omitzero"`
	Kinds               optional.List[KindInput]                `json:",omitzero"`
}

// RemindersInput are the offsets a person wants; null: those of the organisers.
type RemindersInput struct {
	Offsets optional.List[notify.ReminderOffset] `json:",omitzero"`
}

// KindInput chooses a channel for a kind of news; null: the default.
type KindInput struct {
	Kind    notify.Kind
	Channel optional.Edit[notify.Channel] `json:",omitzero"`
}

// Clean checks the input. Returns Problems.
func (in *UpdateSettingsInput) Clean(kinds *notify.Kinds) error {
	var p fault.Problems
	p.Add(idempotency.CheckKey(in.ClientMutationID))
	if n := in.PushesADay.Value(); n != nil && (*n < 0 || *n > notify.MaxPushesADay) {
		p.Add(fault.Invalid("input.pushesADay", "settings.pushes").With("Max", notify.MaxPushesADay))
	}
	p.Add(in.checkWeekdays())
	kindInputs := in.Kinds.Value()
	for i, k := range kindInputs {
		if channel := k.Channel.Value(); k.Kind == notify.KindSummary && channel != nil && *channel == notify.Summary {
			p.Add(fault.Invalid("input.kinds."+strconv.Itoa(i)+".channel", "settings.summary"))
		}
	}
	if most := len(kinds.All()); len(kindInputs) > most {
		p.Add(fault.Invalid("input.kinds", "list.long").With("Max", most))
	}
	return p.Err()
}

// checkWeekdays refuses more days than a week has, and one that is named twice.
func (in *UpdateSettingsInput) checkWeekdays() *fault.Error {
	if most := len(notify.Weekdays); len(in.QuietHoursByWeekday.Value()) > most {
		return fault.Invalid("input.quietHoursByWeekday", "list.long").With("Max", most)
	}
	named := map[notify.Weekday]bool{}
	for i, day := range in.QuietHoursByWeekday.Value() {
		if named[day.Weekday] {
			return fault.Invalid("input.quietHoursByWeekday."+strconv.Itoa(i)+".weekday", "settings.weekday_twice")
		}
		named[day.Weekday] = true
	}
	return nil
}

// change changes settings. Returns Invalid for quiet hours that would last too long together.
func (in *UpdateSettingsInput) change(s *notify.Settings) error {
	in.apply(s)
	field := ""
	switch {
	case !s.IsTooQuiet():
		return nil
	case in.QuietHoursByWeekday.IsSet():
		field = "input.quietHoursByWeekday"
	case in.QuietHours.IsSet():
		field = "input.quietHours"
	default:
		return nil // they were so before
	}
	return fault.Invalid(field, "settings.quiet_long")
}

func (in *UpdateSettingsInput) apply(s *notify.Settings) {
	if in.PushEnabled.IsSet() {
		on := in.PushEnabled.Value()
		s.PushOff = on != nil && !*on
	}
	if in.QuietHours.IsSet() {
		hours := in.QuietHours.Value()
		if hours == nil {
			hours = &notify.QuietHours{From: "00:00", Until: "00:00"} // alike: none
		}
		s.QuietFrom, s.QuietUntil = hours.From, hours.Until
	}
	if in.QuietHoursByWeekday.IsSet() {
		s.SetQuietDays(in.QuietHoursByWeekday.Value())
	}
	optional.Set(&s.Zone, in.TimeZone)
	optional.Put(&s.Pushes, in.PushesADay)
	optional.Set(&s.SummaryTime, in.SummaryTime)
	in.applyReminders(s)
	in.applyKinds(s)
}

func (in *UpdateSettingsInput) applyReminders(s *notify.Settings) {
	offsets := optional.NoList[notify.ReminderOffset]()
	if in.Reminders.Value() != nil {
		offsets = in.Reminders.Value().Offsets
	}
	if in.Reminders.IsSet() && offsets.IsSet() {
		s.Offsets = nil
		if tidy := notify.TidyOffsets(offsets.Value()); tidy != nil {
			s.Offsets = &tidy
		}
	}
}

func (in *UpdateSettingsInput) applyKinds(s *notify.Settings) {
	if in.Kinds.IsSet() && in.Kinds.Value() == nil {
		s.Kinds = nil
	}
	for _, k := range in.Kinds.Value() {
		channel, isSet := k.Channel.ValueOK()
		switch {
		case !isSet:
		case channel == nil:
			delete(s.Kinds, k.Kind)
		case s.Kinds == nil:
			s.Kinds = map[notify.Kind]notify.Channel{k.Kind: *channel}
		default:
			s.Kinds[k.Kind] = *channel
		}
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
