// Package device knows the installations of the app that pushes go to.
//
// There is one document per installation. Its id is derived from Firebase's name for it, so
// registering it again moves it to the person who has signed in. It is removed at sign-out,
// and when Firebase no longer knows it. A person has at most ten: if they register one more,
// the one that has not been seen for the longest time goes.
package device

import (
	"context"
	"errors"
	"log/slog"
	"time"

	"faellesskab/internal/auth"
	"faellesskab/internal/clock"
	"faellesskab/internal/fault"
	"faellesskab/internal/i18n"
	"faellesskab/internal/id"
	"faellesskab/internal/idempotency"
	"faellesskab/internal/mongodb"
	"faellesskab/internal/outbox"
	"faellesskab/internal/person"
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

	// Replaced are the devices that this phone was before, as long as they are not gone.
	Replaced map[string]bool `bson:"replaced,omitempty" json:"-"`

	Report         `bson:",inline" json:"-"`
	Doubts         `bson:",inline" json:"-"`
	outbox.Pending `bson:",inline"`
}

// Service is what can be done with devices.
type Service struct {
	Deps
	store store
}

// Deps are what the service works with.
type Deps struct {
	DB     *mongodb.DB
	Outbox *outbox.Outbox
	Keys   *idempotency.Keys
	Log    *slog.Logger
	// Language is the language of a person's profile as it is now.
	Language func(ctx context.Context, personID string) (i18n.Language, error)
}

// The kinds of effects of this package.
const (
	effectRoom = "device.room" // the devices that a person has too many are removed
	effectGone = "device.gone" // the document of a device that has signed out is removed
	// A claim: the device that a phone was until it got a new address is signed out.
	effectReplaced = "device.replaced"
)

type roomArgs struct{ DeviceID, PersonID string }

type goneArgs struct{ DeviceID string }

// New makes the service and registers its effects.
func New(d Deps) *Service {
	s := &Service{Deps: d, store: store{d.DB}}
	d.Outbox.Watch(collection)
	outbox.On(d.Outbox, effectRoom, "device.room", func(ctx context.Context, _ outbox.Call, a roomArgs) error {
		return s.makeRoom(ctx, a.PersonID, a.DeviceID)
	})
	outbox.On(d.Outbox, effectGone, "device.gone", s.removeGone)
	outbox.On(d.Outbox, effectReplaced, "device.replaced", s.replace)
	outbox.On(d.Outbox, person.EffectLanguage, "device.languages", func(ctx context.Context, _ outbox.Call, a person.Spoke) error {
		return s.followLanguage(ctx, a.PersonID)
	})
	idempotency.ShowsByID(d.Keys, func(d *Device) string { return d.ID }, s.ByIDs)
	return s
}

func ref(deviceID string) outbox.Ref { return outbox.Ref{Collection: collection, ID: deviceID} }

// Register sends the viewer's pushes to an installation from now on, and no longer to the one that it
// replaces. Returns Problems, Exhausted if they have registered too many new ones today, and Conflict if
// somebody else has registered it since the call began.
func (s *Service) Register(ctx context.Context, in RegisterInput) (*Device, error) {
	v, err := auth.Require(ctx)
	if err != nil {
		return nil, err
	}
	if err := in.Clean(); err != nil {
		return nil, err
	}
	d := &Device{ID: id.Derive(id.Device, string(in.Kind), in.Value), PersonID: v.PersonID, Kind: in.Kind, Value: in.Value,
		Platform: in.Platform, Language: auth.LanguageOf(ctx, in.Language), LastSeenAt: s.store.db.Now(), Report: in.report()}
	if in.AppVersion != nil {
		d.AppVersion = *in.AppVersion
	}
	call := idempotency.Call{Operation: "registerDevice", Key: in.ClientMutationID, Input: in, On: []outbox.Ref{ref(d.ID)}}
	return idempotency.Do(ctx, s.Keys, call, func(ctx context.Context, t idempotency.Token) (*Device, error) {
		return d, s.register(ctx, d, in.replaced(), t)
	})
}

// Unregister removes an installation of the viewer. The write that decides takes the owner from the device
// and keeps the outcome with it; the device is removed when the outcome is stored elsewhere. Returns BAD_ID,
// or NotFound if the viewer has no such device.
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
	call := idempotency.Call{Operation: "unregisterDevice", Key: in.ClientMutationID, Input: in, On: []outbox.Ref{ref(in.DeviceID)}}
	return idempotency.Do(ctx, s.Keys, call, func(ctx context.Context, t idempotency.Token) (string, error) {
		effects := outbox.InOrder(append(t.Outcome(in.DeviceID), outbox.New(effectGone, goneArgs{in.DeviceID}))...)
		return in.DeviceID, s.Outbox.Commit(ctx, ref(in.DeviceID), effects, func(b outbox.Batch) error {
			return s.store.disown(ctx, in.DeviceID, v.PersonID, b)
		})
	})
}

// errOthers says that somebody else's write to a device still has effects, such as the outcome of their
// own sign-out.
var errOthers = errors.New("another write to the device still has effects")

// removeGone removes a device that somebody has signed out of, unless somebody has registered it since.
// What others have left in its document is carried out first: of several sign-outs the last one
// removes it.
func (s *Service) removeGone(ctx context.Context, call outbox.Call, a goneArgs) error {
	if gone, err := s.store.removeOwnerless(ctx, a.DeviceID); err != nil || gone {
		return err
	}
	d, err := s.store.get(ctx, a.DeviceID)
	if err != nil || d.PersonID != "" {
		return fault.UnlessNotFound(err)
	}
	if others := d.Beside(call.Batch); len(others) > 0 && others[len(others)-1] > call.Batch {
		return nil
	}
	return errOthers
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

// Remove removes devices that Firebase no longer knows. If something is under way with one, its
// document stays until then: the next push tells again that it is gone.
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
