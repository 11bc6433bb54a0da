// Package communitytest gives tests of the domains a whole community: every
// service on a database of the test's own, phones that can be questioned, and a
// clock that moves only when told to. It is for tests only.
package communitytest

import (
	"context"
	"log/slog"
	"strings"
	"sync"
	"testing"
	"time"

	"faellesskab/internal/auth"
	"faellesskab/internal/clock"
	"faellesskab/internal/community"
	"faellesskab/internal/event"
	"faellesskab/internal/fault"
	"faellesskab/internal/group"
	"faellesskab/internal/i18n"
	"faellesskab/internal/id"
	"faellesskab/internal/keyring"
	"faellesskab/internal/mongodb"
	"faellesskab/internal/person"
	"faellesskab/internal/push"
	"faellesskab/internal/push/fcmsim"
	"faellesskab/internal/secret"
	"faellesskab/internal/testkit"
)

// Noon is where the clock of a new world stands: a Friday.
var Noon = time.Date(2026, 5, 1, 12, 0, 0, 0, time.UTC)

// AppURL is where the app's pages are.
const AppURL = "https://app.test"

// PublicURL is where the server is.
const PublicURL = "https://server.test"

// World is a community under test. Its clock is the database's.
type World struct {
	*community.Community
	T      testing.TB
	Clock  *clock.Manual
	Phones *fcmsim.Simulator
	// Sender sends pushes to the phones. A test that changes it changes only the
	// worlds that Again makes afterwards.
	Sender push.Sender
	// PhonesURL is where the phones listen, for a sender of a test's own.
	PhonesURL string

	planted *sync.Map // the names for which a sign-in has been planted
}

// Indexes are all indexes of the community. The query guard checks queries against
// them.
func Indexes() []mongodb.Index {
	return onPaper().Indexes()
}

// Watched are the options by which the query guard checks every query and write against
// the community's indexes, and against how a sharded cluster would spread its collections.
func Watched() []testkit.Option {
	c := onPaper()
	return []testkit.Option{testkit.WithIndexes(c.Indexes()), shardsOf(c)}
}

// WatchedAgain is Watched for one more connection to a database that has its indexes.
func WatchedAgain() []testkit.Option {
	c := onPaper()
	return []testkit.Option{testkit.WithDeclared(c.Indexes()), shardsOf(c)}
}

func shardsOf(c *community.Community) testkit.Option {
	shards := testkit.Shards{}
	for name, s := range c.Privacy.Spreads() {
		shards[name] = testkit.Shard(s)
	}
	return testkit.WithShards(shards)
}

// onPaper is a community without a database.
func onPaper() *community.Community {
	return community.New(community.Options{DB: &mongodb.DB{}, Log: slog.New(slog.DiscardHandler)})
}

// New makes a world that ends with the test. opts are for its database.
func New(t testing.TB, opts ...testkit.Option) *World {
	t.Helper()
	w := &World{T: t, Clock: clock.NewManual(Noon), planted: &sync.Map{}}
	w.Phones = fcmsim.New(fcmsim.Options{Clock: w.Clock})
	url, stop, err := fcmsim.Start(t.Context(), w.Phones)
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(stop)
	w.PhonesURL = url
	w.Sender = w.FCM(0)
	return w.on(testkit.DB(t, append(Watched(), opts...)...))
}

// FCM is a sender that waits for an answer as long as timeout says; 0: as long as in
// production.
func (w *World) FCM(timeout time.Duration) *push.FCM {
	w.T.Helper()
	fcm := Must(push.NewFCM(w.T.Context(), push.Options{ProjectID: "test", Endpoint: w.PhonesURL, InsecureEndpoint: true, Timeout: timeout, Clock: w.Clock}))(w.T)
	w.T.Cleanup(fcm.Close)
	return fcm
}

// Issuer is who issues certificates.
const Issuer = "Nordbjerg Kommune"

// ring has the keys that sign the certificates of all worlds.
var ring = sync.OnceValue(keyring.Chance)

func (w *World) on(db *mongodb.DB) *World {
	db.SetClock(w.Clock)
	log := slog.New(slog.NewTextHandler(&output{t: w.T}, &slog.HandlerOptions{Level: slog.LevelWarn}))
	w.Community = community.New(community.Options{DB: db, Sender: w.Sender, Log: log, Owner: "test", AppURL: AppURL, PublicURL: PublicURL, Secrets: new(secret.New([]byte("a secret for tests, in all worlds"))),
		CertificateKeys: ring(), CertificateIssuer: Issuer})
	return w
}

// Again is the same world seen by another process. It has the same database, clock
// and phones, and connections of its own.
func (w *World) Again(opts ...testkit.Option) *World {
	w.T.Helper()
	again := *w
	return again.on(testkit.Reopen(w.T, w.DB, append(Watched(), opts...)...))
}

// output is t.Output, which must not be written to once the test has ended.
type output struct {
	t     testing.TB
	once  sync.Once
	mu    sync.Mutex
	ended bool
}

func (o *output) Write(p []byte) (int, error) {
	o.once.Do(func() {
		o.t.Cleanup(func() {
			o.mu.Lock()
			defer o.mu.Unlock()
			o.ended = true
		})
	})
	o.mu.Lock()
	defer o.mu.Unlock()
	if o.ended {
		return len(p), nil
	}
	return o.t.Output().Write(p)
}

// Fire fires all timers that are due.
func (w *World) Fire() {
	w.T.Helper()
	if _, err := w.Timers.Fire(w.T.Context()); err != nil {
		w.T.Fatal(err)
	}
}

// PersonID is the id of a person of that name.
func PersonID(name string) string { return personIDOf(uidOf(name)) }

func uidOf(name string) string { return "uid-" + name }

// personIDOf is the id that tests give to the person of an account. The program's own
// ids are random; this one is known beforehand and the same in every run.
func personIDOf(uid string) string { return id.Derive(id.Person, "uid", uid) }

// plant writes a sign-in that leads to the id that tests know, and no person yet. The
// program takes it for a first sign-in that was interrupted, and makes the person.
func (w *World) plant(name string) {
	w.T.Helper()
	once, _ := w.planted.LoadOrStore(name, &sync.Once{})
	once.(*sync.Once).Do(func() {
		uid := uidOf(name)
		Must(w.DB.Collection("sign_ins").InsertOne(w.T.Context(), person.NewSignIn(uid, personIDOf(uid), w.Clock.Now())))(w.T)
	})
}

// Person signs somebody in and returns a context in which they are the viewer.
// Their language is Danish, or English if the name ends in "-en".
func (w *World) Person(name string) (context.Context, *person.Person) {
	w.T.Helper()
	language := i18n.Danish
	if strings.HasSuffix(name, "-en") {
		language = i18n.English
	}
	w.plant(name)
	p, err := w.People.SignIn(w.T.Context(), auth.Claims{UID: uidOf(name), Name: name}, language)
	if err != nil {
		w.T.Fatalf("sign %s in: %v", name, err)
	}
	return auth.WithViewer(w.T.Context(), p.Viewer()), p
}

// As is a context in which that person is the viewer, as they are now.
func (w *World) As(name string) context.Context {
	w.T.Helper()
	ctx, _ := w.Person(name)
	return ctx
}

// Stranger is a context with a viewer who has never signed in. It is cheap, for tests
// that need many viewers of whom only the id matters.
func (w *World) Stranger(name string) context.Context {
	return auth.WithViewer(w.T.Context(), auth.Viewer{PersonID: PersonID(name), Language: i18n.Danish})
}

// Grant gives a person a role in the whole system.
func (w *World) Grant(name string, role auth.Role) context.Context {
	w.T.Helper()
	w.plant(name)
	if _, err := w.People.GrantRoleAsOperator(w.T.Context(), uidOf(name), role); err != nil {
		w.T.Fatal(err)
	}
	return w.As(name)
}

// Group makes a group with that leader: a public association that anybody may
// join, unless change says otherwise.
func (w *World) Group(leader string, change ...func(*group.CreateInput)) *group.Group {
	w.T.Helper()
	in := group.CreateInput{Name: "Haven", Kind: group.KindAssociation, Visibility: group.VisibilityPublic, JoinPolicy: group.JoinOpen}
	for _, c := range change {
		c(&in)
	}
	return Must(w.Groups.Create(w.As(leader), in))(w.T)
}

// Join makes people members of a group, or files their requests if the group wants
// them approved.
func (w *World) Join(groupID string, names ...string) {
	w.T.Helper()
	for _, name := range names {
		Must(w.Groups.Join(w.As(name), group.JoinInput{GroupID: groupID}))(w.T)
	}
}

// Draft makes the draft of an event a day from now; capacity nil: no limit.
func (w *World) Draft(organiser, groupID string, capacity *int) *event.Event {
	w.T.Helper()
	return w.draft(organiser, groupID, w.Clock.Now().Add(24*time.Hour), capacity)
}

// DraftAt makes the draft of an event that begins at an instant and has no limit.
func (w *World) DraftAt(organiser, groupID string, start time.Time) *event.Event {
	w.T.Helper()
	return w.draft(organiser, groupID, start, nil)
}

func (w *World) draft(organiser, groupID string, start time.Time, capacity *int) *event.Event {
	w.T.Helper()
	return Must(w.Events.Create(w.As(organiser), event.CreateInput{GroupID: groupID, Title: "Fællesspisning",
		StartsAt: clock.LocalOf(start, clock.Copenhagen), EndsAt: clock.LocalOf(start.Add(2*time.Hour), clock.Copenhagen),
		TimeZone: clock.Copenhagen, Capacity: capacity}))(w.T)
}

// PublishedEvent is Draft, published.
func (w *World) PublishedEvent(organiser, groupID string, capacity *int) *event.Event {
	w.T.Helper()
	return w.PublishedAt(organiser, groupID, w.Clock.Now().Add(24*time.Hour), capacity)
}

// PublishedAt is a published event that begins at an instant.
func (w *World) PublishedAt(organiser, groupID string, start time.Time, capacity *int) *event.Event {
	w.T.Helper()
	e := w.draft(organiser, groupID, start, capacity)
	return Must(w.Events.Publish(w.As(organiser), event.PublishInput{EventID: e.ID}))(w.T)
}

// Seats is a capacity.
func Seats(n int) *int { return &n }

// Must takes the value of a call that must not fail.
func Must[V any](v V, err error) func(testing.TB) V {
	return func(t testing.TB) V {
		t.Helper()
		if err != nil {
			t.Fatal(err)
		}
		return v
	}
}

// WantKind fails the test unless err is a fault of that kind.
func WantKind(t testing.TB, err error, kind fault.Kind) {
	t.Helper()
	if !fault.Is(err, kind) {
		t.Errorf("got %v, want a fault of kind %d", err, kind)
	}
}

// WantKey fails the test unless err is the fault with that text.
func WantKey(t testing.TB, err error, key string) {
	t.Helper()
	if f := faultOf(err); f == nil || f.Key != key {
		t.Errorf("got %v, want %s", err, key)
	}
}

// WantField fails the test unless err is the fault of that field of the input.
func WantField(t testing.TB, err error, field string) {
	t.Helper()
	if f := faultOf(err); f == nil || f.Field != field {
		t.Errorf("got %v, want it at %s", err, field)
	}
}
