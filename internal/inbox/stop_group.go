package inbox

import (
	"cmp"
	"context"
	"strings"
	"time"

	"faellesskab/internal/idempotency"
	"faellesskab/internal/notify"
	"faellesskab/internal/outbox"
)

// A membership that is no reason any more is a group that is muted. The write of the membership decides, and the
// settings follow: they say how it is undone.
const (
	effectStopped = "inbox.stopped" // the settings keep that a group was muted by its reason, and what it was before
	effectResumed = "inbox.resumed" // the settings forget it
)

type stoppedArgs struct {
	PersonID string
	Reason   notify.StoppedReason
}

type resumedArgs struct {
	PersonID, ReasonKey string
	At                  time.Time // when it was stopped
}

func (s *SettingsService) registerEffects() {
	outbox.On(s.Outbox, effectStopped, "inbox.stopped", func(ctx context.Context, _ outbox.Call, a stoppedArgs) error {
		_, err := s.keepStop(ctx, a)
		return err
	})
	outbox.On(s.Outbox, effectResumed, "inbox.resumed", func(ctx context.Context, _ outbox.Call, a resumedArgs) error {
		_, err := s.forgetStop(ctx, a)
		return err
	})
}

// keepStop stores that a group was muted by its reason, unless that is known.
func (s *SettingsService) keepStop(ctx context.Context, a stoppedArgs) (*notify.Settings, error) {
	a.Reason.At = a.Reason.At.Truncate(time.Millisecond) // as it is stored
	old, err := s.store.settings(ctx, a.PersonID)
	if err != nil {
		return nil, err
	}
	if known, ok := old.Stopped[a.Reason.Key()]; ok && !known.At.Before(a.Reason.At) {
		return old, nil
	}
	return s.save(ctx, a.PersonID, nil, idempotency.Token{}, func(_ context.Context, old *notify.Settings) error {
		old.KeepStop(a.Reason)
		return nil
	})
}

// forgetStop removes what keepStop stored, unless the reason was stopped again since.
func (s *SettingsService) forgetStop(ctx context.Context, a resumedArgs) (*notify.Settings, error) {
	old, err := s.store.settings(ctx, a.PersonID)
	if err != nil {
		return nil, err
	}
	if known, ok := old.Stopped[a.ReasonKey]; !ok || known.At.After(a.At) {
		return old, nil
	}
	return s.save(ctx, a.PersonID, nil, idempotency.Token{}, func(_ context.Context, old *notify.Settings) error {
		old.Resume(a.ReasonKey)
		return nil
	})
}

// groupOf is the group that is muted by stopping a reason.
func groupOf(reasonKey string) (groupID string, ok bool) {
	return strings.CutPrefix(reasonKey, notify.Reason{Kind: notify.ReasonGroupMember}.Key())
}

// muteGroup stops a reason by muting a group. One that is muted already stays so, and is listed from now on.
func (s *SettingsService) muteGroup(ctx context.Context, personID string, stop notify.StoppedReason, t idempotency.Token) (*notify.Settings, error) {
	levels, err := s.Levels(ctx, personID)
	if err != nil {
		return nil, err
	}
	level, isMember := levels[stop.Subject]
	if isMember && level == notify.LevelInbox {
		return s.save(ctx, personID, nil, t, func(_ context.Context, old *notify.Settings) error {
			stop.Level = level
			if earlier, ok := old.Stopped[stop.Key()]; ok {
				stop.Level = earlier.Level
			}
			return old.Stop(stop)
		})
	}
	old, err := s.store.settings(ctx, personID)
	if err != nil {
		return nil, err
	}
	if err := old.Stop(stop); err != nil {
		return nil, err
	}
	stop.Level = level
	kept := stoppedArgs{PersonID: personID, Reason: stop}
	err = s.Groups.SetLevel(ctx, stop.Subject, notify.LevelInbox, func() []outbox.Effect {
		return append([]outbox.Effect{outbox.New(effectStopped, kept)}, t.Outcome(old)...)
	})
	if err != nil {
		return nil, err
	}
	return s.keepStop(ctx, kept) // it is done, unless the group was muted meanwhile
}

// unmuteGroup gives a group back the level that it had before it was muted by its reason. If the person has
// chosen another one since, that one stays.
func (s *SettingsService) unmuteGroup(ctx context.Context, personID, key string, t idempotency.Token) (*notify.Settings, error) {
	old, err := s.store.settings(ctx, personID)
	if err != nil {
		return nil, err
	}
	stop, ok := old.Stopped[key]
	if !ok {
		return old, nil
	}
	levels, err := s.Levels(ctx, personID)
	if err != nil {
		return nil, err
	}
	if levels[stop.Subject] != notify.LevelInbox || stop.Level == notify.LevelInbox {
		return s.save(ctx, personID, nil, t, func(_ context.Context, old *notify.Settings) error {
			old.Resume(key)
			return nil
		})
	}
	forgotten := resumedArgs{PersonID: personID, ReasonKey: key, At: stop.At}
	err = s.Groups.SetLevel(ctx, stop.Subject, cmp.Or(stop.Level, notify.LevelAll), func() []outbox.Effect {
		return append([]outbox.Effect{outbox.New(effectResumed, forgotten)}, t.Outcome(old)...)
	})
	if err != nil {
		return nil, err
	}
	return s.forgetStop(ctx, forgotten)
}
