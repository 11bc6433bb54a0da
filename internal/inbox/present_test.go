package inbox_test

import (
	"context"
	"fmt"
	"log/slog"
	"maps"
	"slices"
	"strings"
	"testing"
	"time"

	"faellesskab/internal/announcement"
	"faellesskab/internal/auth"
	"faellesskab/internal/booking"
	"faellesskab/internal/clock"
	"faellesskab/internal/community"
	ct "faellesskab/internal/community/communitytest"
	"faellesskab/internal/event"
	"faellesskab/internal/group"
	"faellesskab/internal/i18n"
	"faellesskab/internal/inbox"
	"faellesskab/internal/notify"
	"faellesskab/internal/optional"
	"faellesskab/internal/page"
)

// shows is the inbox of a person as they see it, the newest first: "KIND title | text", with a star if it is
// unread.
func shows(ctx context.Context, w *ct.World) []string {
	w.T.Helper()
	var list []string
	unread := 0
	for _, e := range ct.Must(w.Inbox.List(ctx, page.Args{First: 50}))(w.T).Edges {
		n := e.Node
		title, body := n.In(i18n.Reader{Language: i18n.Danish, Zone: clock.Copenhagen, Now: w.Clock.Now()})
		line := fmt.Sprint(n.Kind, " ", title, " | ", body)
		if n.Unread != (n.ReadAt == nil) {
			w.T.Errorf("%s: unread is %t, read at %v", line, n.Unread, n.ReadAt)
		}
		if n.Unread {
			line, unread = "* "+line, unread+1
		}
		list = append(list, line)
	}
	if n := ct.Must(w.Inbox.UnreadCount(ctx))(w.T); n != unread {
		w.T.Errorf("%d are unread, and the count says %d", unread, n)
	}
	reader := auth.FromContext(ctx).PersonID
	if n := unreadOf(ctx, w, reader); n[reader] != unread {
		w.T.Errorf("%d are unread, and the number on the phone is %d", unread, n[reader])
	}
	return list
}

func asks(in *group.CreateInput) { in.JoinPolicy = group.JoinAsk }

// The inbox shows how it stands now, and what needs no more attention is not unread.
func TestTheInboxShowsHowItStands(t *testing.T) {
	t.Parallel()
	type world struct {
		*ct.World
		g *group.Group
		e *event.Event
	}
	party := func(w *world) {
		w.e = w.PublishedAt("anna", w.g.ID, w.Clock.Now().Add(72*time.Hour), nil)
		w.Drain()
	}
	move := func(w *world, hours int) {
		at := w.e.StartsAt.Add(time.Duration(hours) * time.Hour)
		ct.Must(w.Events.Update(w.As("anna"), event.UpdateInput{EventID: w.e.ID, StartsAt: optional.Of(clock.LocalOf(at, clock.Copenhagen)),
			EndsAt: optional.Of(clock.LocalOf(at.Add(time.Hour), clock.Copenhagen))}))(w.T)
		w.Clock.Advance(3 * time.Minute)
		w.Fire()
		w.Drain()
	}
	for name, row := range map[string]struct {
		change []func(*group.CreateInput)
		do     func(w *world)
		reader string
		want   []string
	}{
		"moved": {nil, func(w *world) { party(w); move(w, 2) }, "bo",
			[]string{"* EVENT_PUBLISHED Haven: Fællesspisning | mandag den 4. maj kl. 16.00"}},
		"cancelled": {nil, func(w *world) {
			party(w)
			ct.Must(w.Events.Cancel(w.As("anna"), event.CancelInput{EventID: w.e.ID}))(w.T)
		}, "bo", []string{"EVENT_PUBLISHED Haven: Fællesspisning | Det er aflyst."}},
		"moved twice": {nil, func(w *world) {
			party(w)
			w.MustAttend("bo", w.e.ID, 0)
			move(w, 2)
			move(w, 4)
		}, "bo", []string{"* EVENT_MOVED Haven: Fællesspisning er flyttet | Ny tid: mandag den 4. maj kl. 18.00",
			"EVENT_MOVED Haven: Fællesspisning er flyttet | Det er ændret igen siden.",
			"* EVENT_PUBLISHED Haven: Fællesspisning | mandag den 4. maj kl. 18.00"}},
		"begun": {nil, func(w *world) { party(w); w.Clock.Advance(80 * time.Hour) }, "bo",
			[]string{"EVENT_PUBLISHED Haven: Fællesspisning | mandag den 4. maj kl. 14.00"}},
		"a group renamed": {nil, func(w *world) {
			party(w)
			ct.Must(w.Groups.Update(w.As("anna"), group.UpdateInput{GroupID: w.g.ID, Name: optional.Of("Parken")}))(w.T)
		}, "bo", []string{"* EVENT_PUBLISHED Parken: Fællesspisning | mandag den 4. maj kl. 14.00"}},
		"left": {nil, func(w *world) {
			party(w)
			ct.Must(w.Groups.Leave(w.As("bo"), group.LeaveInput{GroupID: w.g.ID}))(w.T)
		}, "bo", []string{"EVENT_PUBLISHED Haven: Fællesspisning | mandag den 4. maj kl. 14.00"}},
		"an offer accepted": {nil, func(w *world) { offer(w.World, w.g.ID, func(e string) error { return w.Accept("bo", e) }) }, "bo",
			[]string{"SEAT_OFFERED Der er en plads til dig: Fællesspisning | Du har sagt ja til pladsen."}},
		"an offer declined": {nil, func(w *world) { offer(w.World, w.g.ID, func(e string) error { return w.Decline("bo", e) }) }, "bo",
			[]string{"SEAT_OFFERED Der er en plads til dig: Fællesspisning | Du har sagt nej til pladsen."}},
		"an offer left alone": {nil, func(w *world) {
			offer(w.World, w.g.ID, func(string) error { w.Clock.Advance(30 * time.Hour); w.Fire(); w.Drain(); return nil })
		}, "bo", []string{"SEAT_OFFERED Der er en plads til dig: Fællesspisning | Svaret kom ikke i tide, så pladsen er gået videre."}},
		"a request": {[]func(*group.CreateInput){asks}, func(w *world) { w.Join(w.g.ID, "cara"); w.Drain() }, "anna",
			[]string{"* JOIN_REQUESTED Haven: cara vil gerne være med | Se anmodningen, og svar på den."}},
		"a request answered by another": {[]func(*group.CreateInput){asks}, func(w *world) {
			ct.Must(w.Groups.GrantRole(w.As("anna"), group.GrantRoleInput{GroupID: w.g.ID, PersonID: ct.PersonID("bo"), Key: group.RoleModerator}))(w.T)
			w.Join(w.g.ID, "cara")
			w.Drain()
			ct.Must(w.Groups.Decline(w.As("bo"), group.AnswerInput{GroupID: w.g.ID, PersonID: ct.PersonID("cara")}))(w.T)
		}, "anna", []string{"JOIN_REQUESTED Haven: en ny vil gerne være med | Anmodningen er besvaret."}},
		"a request taken back": {[]func(*group.CreateInput){asks}, func(w *world) {
			w.Join(w.g.ID, "cara")
			w.Drain()
			ct.Must(w.Groups.Leave(w.As("cara"), group.LeaveInput{GroupID: w.g.ID}))(w.T)
		}, "anna", []string{"JOIN_REQUESTED Haven: en ny vil gerne være med | Anmodningen er trukket tilbage."}},
		"a request taken back and filed again": {[]func(*group.CreateInput){asks}, func(w *world) {
			w.Join(w.g.ID, "cara")
			w.Drain()
			ct.Must(w.Groups.Leave(w.As("cara"), group.LeaveInput{GroupID: w.g.ID}))(w.T)
			w.Join(w.g.ID, "cara")
		}, "anna", []string{"* JOIN_REQUESTED Haven: cara vil gerne være med | Se anmodningen, og svar på den."}},
		"an invitation withdrawn": {nil, func(w *world) {
			invite(w.World, w.g.ID, "dan")
			ct.Must(w.Groups.Remove(w.As("anna"), group.RemoveInput{GroupID: w.g.ID, PersonID: ct.PersonID("dan")}))(w.T)
		}, "dan", []string{"GROUP_INVITED Du er inviteret til Haven | Invitationen er trukket tilbage."}},
		"an invitation accepted": {nil, func(w *world) { invite(w.World, w.g.ID, "dan"); w.Join(w.g.ID, "dan") }, "dan",
			[]string{"GROUP_INVITED Du er inviteret til Haven | Du har sagt ja til invitationen."}},
		"an announcement stopped": {nil, func(w *world) {
			w.Clock.Advance(9 * time.Hour) // the push waits for the morning
			a := ct.Must(w.Announcements.ToGroup(w.As("anna"), announcement.GroupInput{GroupID: w.g.ID, Title: "Vand", Text: "Lukkes."}))(w.T)
			w.Drain()
			ct.Must(w.Announcements.Stop(w.As("anna"), announcement.DecideInput{AnnouncementID: a.ID}))(w.T)
		}, "bo", []string{"GROUP_ANNOUNCEMENT Haven: Vand | Opslaget er stoppet."}},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			w := &world{World: ct.New(t)}
			w.g = w.Group("anna", row.change...)
			w.Join(w.g.ID, "bo")
			if len(row.change) > 0 {
				ct.Must(w.Groups.Approve(w.As("anna"), group.AnswerInput{GroupID: w.g.ID, PersonID: ct.PersonID("bo")}))(t)
				w.Drain()
				var old []string
				for _, n := range w.Notices("anna") {
					old = append(old, n.ID)
				}
				for _, noticeID := range old {
					w.Remove("notices", noticeID)
				}
			}
			row.do(w)
			if got := shows(w.As(row.reader), w.World); !slices.Equal(got, row.want) {
				t.Errorf("%s sees\n%s\nwant\n%s", row.reader, strings.Join(got, "\n"), strings.Join(row.want, "\n"))
			}
		})
	}
}

// offer lets bo, who wants to hear of nothing else, be offered a seat, and does something then.
func offer(w *ct.World, groupID string, then func(eventID string) error) {
	w.T.Helper()
	one := 1
	e := w.PublishedAt("anna", groupID, w.Clock.Now().Add(10*24*time.Hour), &one)
	w.MustAttend("cara", e.ID, 0)
	if state := w.MustAttend("bo", e.ID, 0); state != booking.Waitlisted {
		w.T.Fatalf("bo is %s", state)
	}
	w.Drain()
	for _, n := range w.Notices("bo") {
		w.Remove("notices", n.ID)
	}
	if err := w.Leave("cara", e.ID); err != nil {
		w.T.Fatal(err)
	}
	w.RunPending()
	w.Drain()
	if err := then(e.ID); err != nil {
		w.T.Fatal(err)
	}
}

func invite(w *ct.World, groupID, name string) {
	w.T.Helper()
	w.As(name)
	ct.Must(w.Groups.Invite(w.As("anna"), group.InviteInput{GroupID: groupID, PersonID: ct.PersonID(name)}))(w.T)
	w.Drain()
}

// The inbox of whoever answers names who asks. The push does not, since others may see the phone, and no
// name is stored.
func TestTheInboxNamesWhoAsks(t *testing.T) {
	t.Parallel()
	w := ct.New(t)
	g := w.Group("anna", asks)
	w.Phone("anna", "anna-phone")
	w.Join(g.ID, "cara")
	w.Drain()
	if got := shows(w.As("anna"), w); len(got) != 1 || !strings.Contains(got[0], "cara vil gerne være med") {
		t.Errorf("the inbox shows %q", got)
	}
	pushes := w.Phones.Pushes()
	if len(pushes) != 1 || pushes[0].Title != "Haven: en ny vil gerne være med" {
		t.Errorf("the pushes are %v", pushes)
	}
	for _, n := range w.Notices("anna") {
		if slices.Contains(slices.Collect(maps.Values(n.Words)), "cara") {
			t.Errorf("stored is %v", n.Words)
		}
	}
}

// What waits for a second person is not unread once somebody has decided.
func TestADecidedAnnouncementWaitsForNobody(t *testing.T) {
	t.Parallel()
	nobody := 0
	w := ct.New(t)
	w.Community = community.New(community.Options{DB: w.DB, Sender: w.Sender, Log: slog.New(slog.DiscardHandler), Owner: "test", ApprovalOver: &nobody})
	for _, name := range []string{"one", "two", "three"} {
		w.Grant(name, auth.RoleStaff)
	}
	said := i18n.Text{{Language: i18n.Danish, Text: "Møde"}, {Language: i18n.English, Text: "Meeting"}}
	a := ct.Must(w.Announcements.Broadcast(w.As("one"), announcement.BroadcastInput{Title: said, Text: said}))(t)
	w.Drain()
	if got := shows(w.As("two"), w); len(got) != 1 || !strings.HasPrefix(got[0], "* ANNOUNCEMENT_WAITS") {
		t.Errorf("two sees %q", got)
	}
	ct.Must(w.Announcements.Reject(w.As("three"), announcement.DecideInput{AnnouncementID: a.ID}))(t)
	if got := shows(w.As("two"), w); len(got) != 1 || got[0] != "ANNOUNCEMENT_WAITS Et opslag skal godkendes | Opslaget bliver ikke sendt." {
		t.Errorf("two sees %q", got)
	}
}

// A person who can no longer know of a group does not learn its new name from their inbox.
func TestTheInboxTellsNothingNewToWhoHasLeft(t *testing.T) {
	t.Parallel()
	w := ct.New(t)
	g := w.Group("anna", func(in *group.CreateInput) { in.Visibility, in.JoinPolicy = group.VisibilityHidden, group.JoinInvite })
	invite(w, g.ID, "dan")
	ct.Must(w.Groups.Remove(w.As("anna"), group.RemoveInput{GroupID: g.ID, PersonID: ct.PersonID("dan")}))(t)
	ct.Must(w.Groups.Update(w.As("anna"), group.UpdateInput{GroupID: g.ID, Name: optional.Of("Hemmelig")}))(t)
	if got := shows(w.As("dan"), w); len(got) != 1 || strings.Contains(got[0], "Hemmelig") || strings.HasPrefix(got[0], "*") {
		t.Errorf("dan sees %q", got)
	}
}

// Whoever opens a summary has read its items, whose titles are those of now, and a summary all of whose items
// are read is not unread.
func TestASummaryAndItsItems(t *testing.T) {
	t.Parallel()
	for name, row := range map[string]struct {
		read func(w *ct.World, summary *inbox.Notice)
		want int
	}{
		"opened": {func(w *ct.World, s *inbox.Notice) {
			ct.Must(w.Inbox.Opened(w.As("bo"), inbox.OpenedInput{NoticeID: s.ID, By: inbox.ByOpening}))(w.T)
		}, 0},
		"marked read": {func(w *ct.World, s *inbox.Notice) {
			ct.Must(w.Inbox.MarkRead(w.As("bo"), inbox.MarkReadInput{NoticeIDs: []string{s.ID}}))(w.T)
		}, 0},
		"its items read": {func(w *ct.World, s *inbox.Notice) {
			ct.Must(w.Inbox.MarkRead(w.As("bo"), inbox.MarkReadInput{NoticeIDs: s.Items}))(w.T)
		}, 0},
		"one item read": {func(w *ct.World, s *inbox.Notice) {
			ct.Must(w.Inbox.MarkRead(w.As("bo"), inbox.MarkReadInput{NoticeIDs: s.Items[:1]}))(w.T)
		}, 2},
		"nothing read": {func(*ct.World, *inbox.Notice) {}, 3},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			w := ct.New(t)
			g := w.Group("anna")
			w.Join(g.ID, "bo")
			none := 0
			ct.Must(w.Settings.Update(w.As("bo"), inbox.UpdateSettingsInput{PushesADay: optional.Of(none)}))(t)
			var last *event.Event
			for range 2 {
				last = w.PublishedAt("anna", g.ID, w.Clock.Now().Add(72*time.Hour), nil)
				w.Drain()
			}
			w.Clock.Advance(ct.Noon.Add(4*time.Hour + time.Minute).Sub(w.Clock.Now()))
			w.Fire()
			w.Drain()
			ct.Must(w.Events.Update(w.As("anna"), event.UpdateInput{EventID: last.ID, Title: optional.Of("Grillaften")}))(t)
			list := ct.Must(w.Inbox.List(w.As("bo"), page.Args{First: 1}))(t).Edges
			if len(list) != 1 || list[0].Node.Kind != notify.KindSummary {
				t.Fatalf("bo's inbox begins with %+v", list)
			}
			summary := list[0].Node
			if _, body := summary.In(i18n.Reader{Language: i18n.Danish, Zone: clock.Copenhagen, Now: w.Clock.Now()}); !strings.Contains(body, "Grillaften") {
				t.Errorf("the summary reads %q", body)
			}
			row.read(w, summary)
			shows(w.As("bo"), w)
			if n := ct.Must(w.Inbox.UnreadCount(w.As("bo")))(t); n != row.want {
				t.Errorf("%d are unread, want %d", n, row.want)
			}
		})
	}
}
