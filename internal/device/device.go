// Package device knows the installations of the app that pushes go to.
//
// There is one document per installation. Its id is derived from Firebase's name for it, so
// registering it again moves it to the person who has signed in. It is removed at sign-out,
// and when Firebase no longer knows it. A person has at most ten: if they register one more,
// the one that has not been seen for the longest time goes.
package device

import (
	"context"
	"log/slog"
	"strings"
	"time"

	"faellesskab/internal/auth"
	"faellesskab/internal/clock"
	"faellesskab/internal/fault"
	"faellesskab/internal/i18n"
	"faellesskab/internal/id"
	"faellesskab/internal/idempotency"
	"faellesskab/internal/mongodb"
)

// Kind is how Firebase knows an installation.
type Kind string

// The kinds.
const (
	KindToken Kind = "TOKEN"
	KindFID   Kind = "FID"
)

// IsValid reports whether it is one of them.
func (k Kind) IsValid() bool {
	switch k {
	case KindToken, KindFID:
		return true
	}
	return false
}

// Platform is what an app runs on.
type Platform string

// The platforms.
const (
	PlatformAndroid Platform = "ANDROID"
	PlatformIOS     Platform = "IOS"
	PlatformWeb     Platform = "WEB"
)

// IsValid reports whether it is one of them.
func (p Platform) IsValid() bool {
	switch p {
	case PlatformAndroid, PlatformIOS, PlatformWeb:
		return true
	}
	return false
}

// Device is one installation.
type Device struct {
	ID         string        `bson:"_id"`
	PersonID   string        `bson:"personId"`
	Kind       Kind          `bson:"kind"`
	Value      string        `bson:"value" json:"-"` // kept secret: never shown, and stored nowhere else
	Platform   Platform      `bson:"platform"`
	Language   i18n.Language `bson:"language"`
	AppVersion string        `bson:"appVersion"`
	LastSeenAt time.Time     `bson:"lastSeenAt"`

	Doubts `bson:",inline" json:"-"`
}

// RegisterInput is an installation that reports itself.
type RegisterInput struct {
	ClientMutationID *string
	Kind             Kind
	Value            string
	Platform         Platform
	Language         *i18n.Language
	AppVersion       *string
}

// Clean checks the input and tidies its texts. Returns Problems.
func (in *RegisterInput) Clean() error {
	var p fault.Problems
	p.Add(idempotency.CheckKey(in.ClientMutationID))
	switch {
	case in.Value == "":
		p.Add(fault.Invalid("input.value", "text.empty"))
	case len(in.Value) > maxValue:
		p.Add(fault.Invalid("input.value", "text.long").With("Max", maxValue))
	case strings.ContainsFunc(in.Value, isForeign):
		p.Add(fault.Invalid("input.value", "text.characters"))
	}
	if in.AppVersion != nil {
		version := i18n.CleanText(&p, "input.appVersion", *in.AppVersion, i18n.Limits{Max: 40})
		in.AppVersion = &version
	}
	return p.Err()
}

// maxValue is how long a token or an installation id may be. Firebase promises no length; at
// present they have about 160 characters.
const maxValue = 1024

// isForeign reports whether a character cannot be part of a token. Tokens are made of letters,
// digits and a few signs that may stand in addresses.
func isForeign(r rune) bool {
	return (r < 'a' || r > 'z') && (r < 'A' || r > 'Z') && (r < '0' || r > '9') && !strings.ContainsRune("-_.:~=+/%", r)
}

// UnregisterInput is an installation that signs out.
type UnregisterInput struct {
	ClientMutationID *string
	DeviceID         string
}

// Service is what can be done with devices.
type Service struct {
	store store
	keys  *idempotency.Keys
	log   *slog.Logger
}

// New makes the service.
func New(db *mongodb.DB, keys *idempotency.Keys, log *slog.Logger) *Service {
	return &Service{store: store{db}, keys: keys, log: log}
}

// Register sends the viewer's pushes to an installation from now on. Returns Problems,
// Exhausted if they have registered too many new ones today, and Conflict if somebody else
// has registered it since the call began.
func (s *Service) Register(ctx context.Context, in RegisterInput) (*Device, error) {
	v, err := auth.Require(ctx)
	if err != nil {
		return nil, err
	}
	if err := in.Clean(); err != nil {
		return nil, err
	}
	d := &Device{ID: id.Derive(id.Device, string(in.Kind), in.Value), PersonID: v.PersonID, Kind: in.Kind, Value: in.Value,
		Platform: in.Platform, Language: auth.LanguageOf(ctx, in.Language), LastSeenAt: s.store.db.Now()}
	if in.AppVersion != nil {
		d.AppVersion = *in.AppVersion
	}
	call := idempotency.Call{Operation: "registerDevice", Key: in.ClientMutationID, Input: in}
	return idempotency.Do(ctx, s.keys, call, func(ctx context.Context, _ idempotency.Token) (*Device, error) {
		return d, s.register(ctx, d)
	})
}

// Unregister removes an installation of the viewer. Returns BAD_ID, or NotFound if the viewer
// has no such device.
func (s *Service) Unregister(ctx context.Context, in UnregisterInput) (string, error) {
	v, err := auth.Require(ctx)
	if err != nil {
		return "", err
	}
	var p fault.Problems
	p.Add(idempotency.CheckKey(in.ClientMutationID))
	p.Add(id.Check("input.deviceId", id.Device, in.DeviceID))
	if err := p.Err(); err != nil {
		return "", err
	}
	call := idempotency.Call{Operation: "unregisterDevice", Key: in.ClientMutationID, Input: in}
	return idempotency.Do(ctx, s.keys, call, func(ctx context.Context, t idempotency.Token) (string, error) {
		err := s.store.removeOf(ctx, in.DeviceID, v.PersonID)
		if t.TookOver() && fault.Is(err, fault.KindNotFound) {
			// If it is gone, an interrupted call under the same key has removed it. If it
			// exists, it is somebody else's.
			left, errLeft := s.store.byIDs(ctx, []string{in.DeviceID})
			if errLeft != nil || left[in.DeviceID] == nil {
				err = errLeft
			}
		}
		return in.DeviceID, err
	})
}

// isKnown reports whether this version can show the device, which a newer one may have
// registered.
func (d *Device) isKnown() bool {
	return (d.Kind == KindToken || d.Kind == KindFID) && (d.Platform == PlatformAndroid || d.Platform == PlatformIOS || d.Platform == PlatformWeb) &&
		d.Language.IsValid()
}

// ByIDs are the viewer's own devices with those ids, by id.
func (s *Service) ByIDs(ctx context.Context, ids []string) (map[string]*Device, error) {
	found, err := s.store.byIDs(ctx, ids)
	for deviceID, d := range found {
		if d.PersonID != auth.FromContext(ctx).PersonID || !d.isKnown() {
			delete(found, deviceID)
		}
	}
	return found, err
}

// Remove removes devices that Firebase no longer knows.
func (s *Service) Remove(ctx context.Context, ids ...string) error {
	return s.store.remove(ctx, ids)
}

// keepUnseen is how long a device that does not report is kept. Firebase drops its token at
// about the same time.
const keepUnseen = 270 * 24 * time.Hour

// Prune removes devices that have not reported for 270 days, and the counts of new devices
// from past days.
func (s *Service) Prune(ctx context.Context) error {
	now := s.store.db.Now()
	if err := s.store.removeDays(ctx, clock.Day(now, clock.Copenhagen)); err != nil {
		return err
	}
	return s.store.removeUnseen(ctx, now.Add(-keepUnseen))
}

// PutAll stores devices unchecked. It is for seeding and tests.
func (s *Service) PutAll(ctx context.Context, devices []*Device) error {
	return s.store.putAll(ctx, devices)
}

// Demo is a made-up Android phone.
func Demo(personID, value string, now time.Time) *Device {
	return &Device{ID: id.Derive(id.Device, string(KindToken), value), PersonID: personID, Kind: KindToken, Value: value,
		Platform: PlatformAndroid, Language: i18n.Danish, AppVersion: "demo", LastSeenAt: now}
}
