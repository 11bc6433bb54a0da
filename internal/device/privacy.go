package device

import (
	"strconv"

	"faellesskab/internal/privacy"
)

// collections are the entries of the register of what is kept about people.
func (s *Service) collections() []privacy.Collection {
	return []privacy.Collection{
		{
			Name:    collection,
			Purpose: "Pushes reach the phones, tablets and browsers on which a person has signed in and allowed them.",
			Basis:   privacy.Consent,
			Whose:   "The person's who has signed in on the device.",
			Retention: "Until the person signs out on the device, and at most " + privacy.For(keepUnseen) + " after it last reported. A person has at most " +
				strconv.Itoa(maxDevices) + ".",
			Ends:     "Signing out, Firebase saying that the device is gone, the job “devices not seen for long”, and erasure.",
			ShardKey: privacy.HashedID,
			AskAll: map[string]string{
				"personId":   "a device moves from person to person, so it does not lie with one",
				"lastSeenAt": "the hourly job looks everywhere for what is old",
			},
			Export: s.store.exportDevices,
			Erase:  s.store.eraseDevices,
		},
		{
			Name:      days,
			Purpose:   "Nobody registers so many devices on one day that others have to wait for theirs.",
			Basis:     privacy.Security,
			Whose:     "The person's who registered the devices.",
			Retention: "Until the end of the day.",
			Ends:      "The job “devices not seen for long”, and erasure.",
			ShardKey:  privacy.Unsharded,
			Export:    s.store.exportDays,
			Erase:     s.store.eraseDays,
		},
	}
}
