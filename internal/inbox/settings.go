package inbox

import (
	"context"

	"faellesskab/internal/auth"
	"faellesskab/internal/fault"
	"faellesskab/internal/idempotency"
	"faellesskab/internal/mongodb"
	"faellesskab/internal/notify"
	"faellesskab/internal/outbox"
)

// SettingsDeps are what the service of settings works with.
type SettingsDeps struct {
	DB     *mongodb.DB
	Outbox *outbox.Outbox
	Keys   *idempotency.Keys
	*notify.Registry
	Groups levels
	// Levels are how much a person wants to hear of each group of which they are an active member.
	Levels func(ctx context.Context, personID string) (map[string]notify.Level, error)
}

// levels are how much people want to hear of their groups.
type levels interface {
	// SetLevel sets the viewer's level of a group. The write that decides keeps the outcome.
	SetLevel(ctx context.Context, groupID string, level notify.Level, outcome func() []outbox.Effect) error
	// LevelRef is the document that decides about a person's level of a group.
	LevelRef(groupID, personID string) outbox.Ref
}

// SettingsService lets people read and change their settings.
type SettingsService struct {
	SettingsDeps
	store store
}

// NewSettings makes the service.
func NewSettings(d SettingsDeps) *SettingsService {
	d.Outbox.Watch(settings)
	s := &SettingsService{SettingsDeps: d, store: store{db: d.DB, kinds: d.Kinds}}
	s.registerEffects()
	idempotency.Shows(d.Keys, func(ctx context.Context, kept *notify.Settings) (*notify.Settings, error) {
		return s.store.settings(ctx, kept.PersonID)
	})
	return s
}

// Get are the viewer's settings.
func (s *SettingsService) Get(ctx context.Context) (*notify.Settings, error) {
	v, err := auth.Require(ctx)
	if err != nil {
		return nil, err
	}
	return s.store.settings(ctx, v.PersonID)
}

// Of are a person's settings, for the program's own work.
func (s *SettingsService) Of(ctx context.Context, personID string) (*notify.Settings, error) {
	return s.store.settings(ctx, personID)
}

// KindSettings are all kinds of news and their channels for a person.
func (s *SettingsService) KindSettings(of *notify.Settings) []*notify.KindSetting {
	return of.KindSettings(s.Kinds)
}

// Put stores settings of people who have none yet, unchecked. It is for seeding and
// tests.
func (s *SettingsService) Put(ctx context.Context, list []notify.Settings) error {
	return s.store.putSettings(ctx, list)
}

// Update changes the viewer's settings. Returns Problems and VERSION_CONFLICT.
func (s *SettingsService) Update(ctx context.Context, in UpdateSettingsInput) (*notify.Settings, error) {
	if err := in.Clean(s.Kinds); err != nil {
		return nil, err
	}
	call := idempotency.Call{Operation: "updateNotificationSettings", Key: in.ClientMutationID, Input: in}
	return s.change(ctx, call, in.ExpectedVersion, func(_ context.Context, old *notify.Settings) error {
		return in.change(old)
	})
}

// MuteThread stops the viewer's pushes about an event or course. Returns Problems, and
// NotFound if it does not exist or is not visible.
func (s *SettingsService) MuteThread(ctx context.Context, in ThreadInput) (*notify.Settings, error) {
	call := idempotency.Call{Operation: "muteThread", Key: in.ClientMutationID, Input: in}
	return s.change(ctx, call, nil, func(ctx context.Context, old *notify.Settings) error {
		if err := s.Visible(ctx, "input.subjectId", in.SubjectID); err != nil {
			return err
		}
		thread, err := s.Thread(ctx, in.SubjectID)
		if err != nil {
			return err
		}
		return old.Mute(thread, s.store.db.Now())
	})
}

// UnmuteThread resumes the viewer's pushes about an event or course. If it is not
// muted, nothing changes. Returns Problems.
func (s *SettingsService) UnmuteThread(ctx context.Context, in ThreadInput) (*notify.Settings, error) {
	if wrong := s.CheckThread("input.subjectId", in.SubjectID); wrong != nil {
		return nil, wrong
	}
	call := idempotency.Call{Operation: "unmuteThread", Key: in.ClientMutationID, Input: in}
	return s.change(ctx, call, nil, func(ctx context.Context, old *notify.Settings) error {
		thread, err := s.Thread(ctx, in.SubjectID)
		old.Unmute(in.SubjectID)
		old.Unmute(thread)
		return err
	})
}

// maxTries bounds how often a change that met another change is tried again.
const maxTries = 5

// changeOf changes settings that were read.
type changeOf func(ctx context.Context, old *notify.Settings) error

// change writes changed settings of the viewer, if nobody has changed them since the
// expected version. Without an expected version it changes the present settings.
func (s *SettingsService) change(ctx context.Context, call idempotency.Call, expected *int, change changeOf) (*notify.Settings, error) {
	v, err := auth.Require(ctx)
	if err != nil {
		return nil, err
	}
	if problem := idempotency.CheckKey(call.Key); problem != nil {
		return nil, problem
	}
	call.On = []outbox.Ref{settingsRef(v.PersonID)}
	return idempotency.Do(ctx, s.Keys, call, func(ctx context.Context, t idempotency.Token) (*notify.Settings, error) {
		return s.save(ctx, v.PersonID, expected, t, change)
	})
}

func settingsRef(personID string) outbox.Ref { return outbox.Ref{Collection: settings, ID: personID} }

// save writes changed settings together with the outcome.
func (s *SettingsService) save(ctx context.Context, personID string, expected *int, t idempotency.Token, change changeOf) (*notify.Settings, error) {
	for try := 1; ; try++ {
		changed, err := s.store.settings(ctx, personID)
		if err != nil {
			return nil, err
		}
		if expected != nil && *expected != changed.Version {
			return nil, fault.VersionConflict()
		}
		if err := change(ctx, changed); err != nil {
			return nil, err
		}
		changed.Version++
		err = s.Outbox.Commit(ctx, settingsRef(personID), t.Outcome(changed), func(b outbox.Batch) error {
			return s.store.saveSettings(ctx, changed, b)
		})
		if fault.HasCode(err, fault.CodeVersionConflict) && expected == nil && try < maxTries {
			continue
		}
		return changed, err
	}
}
