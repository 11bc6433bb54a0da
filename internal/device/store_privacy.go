package device

import (
	"context"
	"strings"
	"time"

	"go.mongodb.org/mongo-driver/v2/bson"

	"faellesskab/internal/clock"
	"faellesskab/internal/i18n"
	"faellesskab/internal/mongodb"
	"faellesskab/internal/notify"
)

// record is a device as its person is given it. The address is left out: whoever gets
// hold of it can register the device as theirs.
type record struct {
	Platform    Platform
	Language    i18n.Language
	AppVersion  string
	OSVersion   string
	TimeZone    clock.Zone
	PushAllowed bool
	FamiliesOff []notify.Family
	LastSeenAt  time.Time
	DoubtedAt   *time.Time `json:",omitempty"` // when Firebase last called its address bad
}

func (s store) exportDevices(ctx context.Context, personID string, keep func(any) error) error {
	theirs, err := s.ofOne(ctx, personID)
	if err != nil {
		return err
	}
	for _, d := range theirs {
		if err := keep(record{d.Platform, d.Language, d.AppVersion, d.OSVersion, d.TimeZone(), d.PushAllowed(), d.FamiliesOff(), d.LastSeenAt, d.DoubtedAt}); err != nil {
			return err
		}
	}
	return nil
}

func (s store) eraseDevices(ctx context.Context, personID string) (left bool, err error) {
	_, left, err = mongodb.RemovePage(ctx, "erase devices", s.db.Collection(collection), bson.D{{Key: "personId", Value: personID}})
	return left, err
}

// dayRecord is how many devices were new to a person on a day.
type dayRecord struct {
	Day        string
	NewDevices int
}

func (s store) exportDays(ctx context.Context, personID string, keep func(any) error) error {
	return mongodb.EachUnder(ctx, "read days of devices", mongodb.Owned{Collection: s.db.Collection(days)}, personID, func(d *newOnDay) error {
		return keep(dayRecord{strings.TrimPrefix(d.ID, personID+":"), len(d.New)})
	})
}

func (s store) eraseDays(ctx context.Context, personID string) (left bool, err error) {
	return mongodb.RemoveUnder(ctx, "erase days of devices", s.db.Collection(days), personID)
}
