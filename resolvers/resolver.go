// Package resolvers translates between the schema and the domain services. A
// resolver calls one service or one loader and wraps the answer; it holds no
// rule.
package resolvers

import (
	"log/slog"

	"faellesskab/internal/announcement"
	"faellesskab/internal/area"
	"faellesskab/internal/booking"
	"faellesskab/internal/course"
	"faellesskab/internal/device"
	"faellesskab/internal/event"
	"faellesskab/internal/group"
	"faellesskab/internal/inbox"
	"faellesskab/internal/person"
	"faellesskab/internal/skill"
)

// Resolver holds the services, one for each noun.
type Resolver struct {
	Areas    *area.Service
	People   *person.Service
	Devices  *device.Service
	Skills   *skill.Service
	Groups   *group.Service
	Events   *event.Service
	Courses  *course.Service
	Notices  *inbox.Service
	Settings *inbox.SettingsService
	Ledger   *inbox.Ledger
	Offers   *booking.Offers

	Announcements *announcement.Service

	Log *slog.Logger
}
