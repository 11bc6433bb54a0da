// Package community puts the domains together: it makes their services, connects a
// service that asks a question with the one that answers it, and gathers the parts
// that the nouns bring. A server runs one community, and a test starts one.
package community

import (
	"context"
	"log/slog"
	"sync"

	"faellesskab/internal/announcement"
	"faellesskab/internal/area"
	"faellesskab/internal/audit"
	"faellesskab/internal/auth"
	"faellesskab/internal/booking"
	"faellesskab/internal/bus"
	"faellesskab/internal/calendar"
	"faellesskab/internal/certificate"
	"faellesskab/internal/checkin"
	"faellesskab/internal/course"
	"faellesskab/internal/dead"
	"faellesskab/internal/delivery"
	"faellesskab/internal/device"
	"faellesskab/internal/event"
	"faellesskab/internal/group"
	"faellesskab/internal/id"
	"faellesskab/internal/idempotency"
	"faellesskab/internal/inbox"
	"faellesskab/internal/job"
	"faellesskab/internal/keyring"
	"faellesskab/internal/learning"
	"faellesskab/internal/meeting"
	"faellesskab/internal/mongodb"
	"faellesskab/internal/notify"
	"faellesskab/internal/outbox"
	"faellesskab/internal/part"
	"faellesskab/internal/person"
	"faellesskab/internal/privacy"
	"faellesskab/internal/push"
	"faellesskab/internal/secret"
	"faellesskab/internal/skill"
	"faellesskab/internal/timer"
	"faellesskab/internal/wish"
)

// Options are what a community is made of.
type Options struct {
	DB     *mongodb.DB
	Sender push.Sender
	Log    *slog.Logger
	NewID  id.Maker // nil: id.New, and id.Random for people
	Owner  string   // names this process in leases

	AppURL       string // the base of the links in pushes and of invitation links; empty: phones only
	PushInFlight int    // 0: delivery.DefaultInFlight
	ApprovalOver *int   // people; nil: announcement.DefaultApprovalOver

	CertificateKeys   *keyring.Ring // sign certificates; nil: none are issued
	CertificateIssuer string        // who issues them, as they say it
	// AdmitCheck returns Exhausted if somebody checks too many certificates; nil: nobody does.
	AdmitCheck func(ctx context.Context) error

	PublicURL string       // where the server is reached from outside
	Secrets   *secret.Keys // what addresses and codes are made from; nil: chance, for a community that ends with its process
}

// Community is all services, put together.
type Community struct {
	DB       *mongodb.DB
	Outbox   *outbox.Outbox
	Timers   *timer.Timers
	Bus      *bus.Bus
	Keys     *idempotency.Keys
	Dead     dead.Desk // work that was put aside after too many failures
	Audit    *audit.Log
	Areas    *area.Service
	People   *person.Service
	Devices  *device.Service
	Skills   *skill.Service
	Groups   *group.Service
	Events   *event.Service
	Courses  *course.Service
	Calendar *calendar.Service
	News     *notify.Registry // the kinds, audiences and subjects that the nouns bring
	Notifier *delivery.Notifier
	Inbox    *inbox.Service
	Settings *inbox.SettingsService
	Ledger   *inbox.Ledger
	Bookings *booking.Service
	CheckIns *checkin.Service

	Announcements *announcement.Service
	Certificates  *certificate.Service
	Meetings      *meeting.Service
	Learning      *learning.Service
	Wishes        *wish.Service

	Privacy privacy.Register // what is kept about people in which collection

	parts []part.Part
	log   *slog.Logger
}

func (o Options) secrets() secret.Keys {
	if o.Secrets == nil {
		return secret.Chance()
	}
	return *o.Secrets
}

// New puts a community together. It does not touch the database.
func New(o Options) *Community {
	newPersonID := o.NewID
	if o.NewID == nil {
		o.NewID, newPersonID = id.New, id.Random
	}
	c := &Community{DB: o.DB, Outbox: outbox.NewOutbox(o.DB, o.Log), News: notify.NewRegistry(), log: o.Log}
	c.Timers = timer.NewTimers(o.DB, c.Outbox, o.Log, o.Owner)
	c.Bus = bus.New(o.DB, o.Log)
	c.Keys = idempotency.New(o.DB, c.Outbox, o.NewID)
	c.Audit = audit.New(o.DB, c.Outbox)
	c.Areas = area.New(area.Deps{DB: o.DB, Outbox: c.Outbox, Keys: c.Keys, Audit: c.Audit,
		HasRole: func(ctx context.Context, personID string, role auth.Role) (bool, error) {
			return c.People.HasRole(ctx, personID, role)
		}})
	c.Skills = skill.New(skill.Deps{DB: o.DB, Outbox: c.Outbox, Keys: c.Keys, Audit: c.Audit})
	c.People = person.New(person.Deps{DB: o.DB, Outbox: c.Outbox, Keys: c.Keys, Audit: c.Audit, Areas: c.Areas, Skills: c.Skills, Groups: names{c}, Bus: c.Bus, NewID: newPersonID, Log: o.Log})
	c.Devices = device.New(device.Deps{DB: o.DB, Outbox: c.Outbox, Keys: c.Keys, Log: o.Log, Language: c.languageOf})
	enqueue := func(ctx context.Context, cause notify.Cause) error { return c.Notifier.Enqueue(ctx, cause) }
	c.Groups = group.New(group.Deps{DB: o.DB, Log: o.Log, Outbox: c.Outbox, Keys: c.Keys, Timers: c.Timers, Enqueue: enqueue, Audit: c.Audit, Areas: c.Areas, People: c.People, AppURL: o.AppURL,
		HasEventsAhead: func(ctx context.Context, groupID string) (bool, error) { return c.Events.HasAhead(ctx, groupID) }})
	c.Bookings = booking.New(booking.Deps{DB: o.DB, Outbox: c.Outbox, Keys: c.Keys, Timers: c.Timers, Log: o.Log, Settings: c.settingsOf, Erased: c.People.Erased,
		Audit: c.Audit, Admitted: c.People.Admitted})
	c.CheckIns = checkin.New(checkin.Deps{DB: o.DB, Keys: c.Keys, Audit: c.Audit, Bookings: c.Bookings, People: c.People, PublicURL: o.PublicURL, Secrets: o.secrets()})
	c.Events = event.New(event.Deps{DB: o.DB, Outbox: c.Outbox, Keys: c.Keys, Timers: c.Timers, Booking: c.Bookings, Enqueue: enqueue, People: c.People, Groups: c.Groups, PublicURL: o.PublicURL})
	c.Certificates = certificate.New(certificate.Deps{DB: o.DB, Outbox: c.Outbox, Keys: c.Keys, Audit: c.Audit, People: c.People,
		PublicURL: o.PublicURL, Issuer: o.CertificateIssuer, Ring: o.CertificateKeys, Admit: o.AdmitCheck})
	c.Courses = course.New(course.Deps{DB: o.DB, Outbox: c.Outbox, Keys: c.Keys, Timers: c.Timers, Booking: c.Bookings, Enqueue: enqueue, Areas: c.Areas, Skills: c.Skills, Audit: c.Audit, People: c.People, Groups: c.Groups,
		Certificates: c.Certificates, Wishes: wishes{c}})
	c.Wishes = wish.New(wish.Deps{DB: o.DB, Outbox: c.Outbox, Keys: c.Keys, Audit: c.Audit, Timers: c.Timers, Areas: c.Areas, People: c.People, Courses: c.Courses, Enqueue: enqueue})
	c.Meetings = meeting.New(meeting.Deps{DB: o.DB, Outbox: c.Outbox, Keys: c.Keys, Bookings: c.Bookings, Events: c.Events, Courses: c.Courses, Timers: c.Timers, Enqueue: enqueue, People: c.People, Hosts: c.hosts})
	c.Learning = learning.New(learning.Deps{Bookings: c.Bookings, Courses: c.Courses, Groups: c.Groups, Skills: c.Skills, Wishes: c.Wishes, Areas: c.Areas})
	c.Calendar = c.newCalendar(o)
	c.Inbox = inbox.New(inbox.Deps{DB: o.DB, Outbox: c.Outbox, Keys: c.Keys, Bus: c.Bus, News: c.News, Admitted: c.admitted, Names: c.personNames, Viewers: c.viewers, Refresh: c.RefreshViewer, Log: o.Log,
		Recall: c.recall})
	c.Notifier = delivery.New(delivery.Deps{DB: o.DB, Outbox: c.Outbox, Sender: o.Sender, Registry: c.News,
		People: c.recipients, Erased: c.People.Erased, Devices: c.devices, AllRefuse: c.Devices.AllRefuse, Discreet: c.discreet, RemoveDevices: c.Devices.Remove, DoubtDevices: c.Devices.Doubt, TrustDevice: c.Devices.Trust,
		Timers: c.Timers, Bus: c.Bus, Log: o.Log, Owner: o.Owner, InFlight: o.PushInFlight, AppURL: o.AppURL})
	c.Announcements = announcement.New(announcement.Deps{DB: o.DB, Outbox: c.Outbox, Keys: c.Keys, Timers: c.Timers,
		Audit: c.Audit, Areas: c.Areas, People: c.People, Groups: c.Groups, Hosts: c.hosts, Bookings: c.Bookings, Notifier: c.Notifier, ApprovalOver: o.ApprovalOver})
	c.Ledger = inbox.NewLedger(inbox.LedgerDeps{DB: o.DB, Keys: c.Keys, News: c.News, Record: c.Audit.Record})
	c.Settings = inbox.NewSettings(inbox.SettingsDeps{DB: o.DB, Outbox: c.Outbox, Keys: c.Keys, Registry: c.News, Groups: c.Groups, Levels: c.levels})
	c.Outbox.Wrote = func(doc outbox.Ref) { c.Bus.Tell(doc.Collection, doc.ID) }
	c.Inbox.FollowWrites(c.Outbox.Collections())
	c.Notifier.FollowWrites(c.Outbox.Collections())
	c.registerErasure()
	c.gather()
	return c
}

// gather puts together what the domains bring.
func (c *Community) gather() {
	c.parts = append(c.nouns(), c.foundations()...)
	if err := part.Check(c.parts); err != nil {
		panic("community: " + err.Error()) // such a program finds the wrong things
	}
	c.Privacy = privacy.New(all(c.parts, func(p part.Part) []privacy.Collection { return p.Collections })...)
	for _, p := range c.parts {
		c.News.Add(p.Kinds, p.Audiences, p.Subjects)
	}
	c.Dead = dead.Desk(all(c.parts, func(p part.Part) []dead.Source { return p.Letters }))
}

// settingsOf are a person's settings of notices.
func (c *Community) settingsOf(ctx context.Context, personID string) (*notify.Settings, error) {
	return c.Settings.Of(ctx, personID)
}

// recall has notices taken off a person's phones.
func (c *Community) recall(ctx context.Context, personID string, noticeIDs []string) error {
	return c.Notifier.Recall(ctx, personID, noticeIDs)
}

// nouns lists the parts of the domains. People see the kinds of news in this order.
func (c *Community) nouns() []part.Part {
	return []part.Part{
		c.People.Part(), c.Events.Part(), c.Bookings.Part(), c.Courses.Part(), c.Certificates.Part(), c.Wishes.Part(), c.Meetings.Part(), c.Groups.Part(), c.Announcements.Part(), c.Notifier.Part(),
		c.Areas.Part(), c.Audit.Part(), c.Calendar.Part(), c.Devices.Part(), c.Inbox.Part(), c.Skills.Part(),
	}
}

// LoadAreas adds the local areas that are missing, each with its lokalforum.
func (c *Community) LoadAreas(ctx context.Context) ([]*area.Area, error) {
	areas, err := c.Areas.Load(ctx)
	if err != nil {
		return nil, err
	}
	for _, a := range areas {
		if _, err := c.Groups.EnsureLokalforum(ctx, a); err != nil {
			return nil, err
		}
	}
	return areas, nil
}

// Work runs the notifier, the timers and the jobs until ctx ends.
func (c *Community) Work(ctx context.Context) error {
	jobs := job.NewRunner(c.log, c.Jobs()...)
	var rest sync.WaitGroup
	rest.Go(func() { jobs.Run(ctx) })
	rest.Go(func() { c.Outbox.Run(ctx) })
	rest.Go(func() { c.Inbox.Run(ctx) })
	rest.Go(func() { job.Keep(ctx, c.log, "timers", c.Timers.Run) })
	rest.Go(func() { job.Keep(ctx, c.log, "bus", c.Bus.Run) })
	err := c.Notifier.Run(ctx)
	rest.Wait()
	return err
}
