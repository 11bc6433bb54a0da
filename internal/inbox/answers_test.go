package inbox_test

import (
	"log/slog"
	"slices"
	"strings"
	"testing"
	"time"

	"faellesskab/internal/announcement"
	"faellesskab/internal/auth"
	"faellesskab/internal/community"
	ct "faellesskab/internal/community/communitytest"
	"faellesskab/internal/group"
	"faellesskab/internal/i18n"
	"faellesskab/internal/notify"
	"faellesskab/internal/optional"
	"faellesskab/internal/person"
	"faellesskab/internal/push/fcmsim"
)

// News of requests, invitations and the answers to them says what has become of them, and of several about one
// of them only the last is unread.
func TestTheInboxShowsWhatBecameOfAnAnswer(t *testing.T) {
	t.Parallel()
	type world struct {
		*ct.World
		g string
	}
	do := func(w *world, _ *group.Membership, err error) {
		w.T.Helper()
		if err != nil {
			w.T.Fatal(err)
		}
		w.Drain()
	}
	ask := func(w *world) { w.Join(w.g, "cara"); w.Drain() }
	answer := func(w *world, yes bool) {
		in, by := group.AnswerInput{GroupID: w.g, PersonID: ct.PersonID("cara")}, w.As("bo")
		if yes {
			m, err := w.Groups.Approve(by, in)
			do(w, m, err)
			return
		}
		m, err := w.Groups.Decline(by, in)
		do(w, m, err)
	}
	invites := func(w *world) {
		w.As("cara")
		m, err := w.Groups.Invite(w.As("bo"), group.InviteInput{GroupID: w.g, PersonID: ct.PersonID("cara")})
		do(w, m, err)
	}
	leave := func(w *world, name string) {
		m, err := w.Groups.Leave(w.As(name), group.LeaveInput{GroupID: w.g})
		do(w, m, err)
	}
	declines := func(w *world) {
		m, err := w.Groups.DeclineInvitation(w.As("cara"), group.DeclineInput{GroupID: w.g})
		do(w, m, err)
	}
	open := func(w *world) {
		ct.Must(w.Groups.Update(w.As("anna"), group.UpdateInput{GroupID: w.g, JoinPolicy: optional.Of(group.JoinOpen)}))(w.T)
		w.Drain()
	}
	const request, answered, invited, inviter = "JOIN_REQUESTED Haven: en ny vil gerne være med | ", "JOIN_REQUEST_ANSWERED Haven: svar på din anmodning | ",
		"GROUP_INVITED Du er inviteret til Haven | ", "INVITATION_ANSWERED Haven: svar på en invitation | "
	for name, row := range map[string]struct {
		do     func(w *world)
		reader string
		want   []string
	}{
		"declined, asked again and let in": {func(w *world) { ask(w); answer(w, false); ask(w); answer(w, true) }, "cara",
			[]string{"* " + answered + "Velkommen! Du er nu medlem.", answered + "Du er blevet medlem siden."}},
		"declined and asked again":                    {func(w *world) { ask(w); answer(w, false); ask(w) }, "cara", []string{answered + "Du har spurgt igen siden."}},
		"let in and left":                             {func(w *world) { ask(w); answer(w, true); leave(w, "cara") }, "cara", []string{answered + "Du er ikke med i gruppen længere."}},
		"asked, and the group opened, whoever did it": {func(w *world) { ask(w); open(w) }, "anna", []string{request + "Anmodningen er besvaret."}},
		"asked, let in and left":                      {func(w *world) { ask(w); answer(w, true); leave(w, "cara") }, "anna", []string{request + "Anmodningen er besvaret."}},
		"asked and taken back":                        {func(w *world) { ask(w); leave(w, "cara") }, "anna", []string{request + "Anmodningen er trukket tilbage."}},
		"no longer one who answers": {func(w *world) {
			ask(w)
			ct.Must(w.Groups.RevokeRole(w.As("anna"), group.RevokeRoleInput{GroupID: w.g, PersonID: ct.PersonID("bo"), Key: group.RoleModerator}))(w.T)
			w.Drain()
		}, "bo", []string{request + "Det er ikke længere dig, der skal svare."}},
		"invited and declined": {func(w *world) { invites(w); declines(w) }, "cara", []string{invited + "Du har sagt nej til invitationen."}},
		"invited and joined":   {func(w *world) { invites(w); ask(w) }, "cara", []string{invited + "Du har sagt ja til invitationen."}},
		"invited and withdrawn": {func(w *world) {
			invites(w)
			m, err := w.Groups.Remove(w.As("anna"), group.RemoveInput{GroupID: w.g, PersonID: ct.PersonID("cara")})
			do(w, m, err)
		}, "cara", []string{invited + "Invitationen er trukket tilbage."}},
		"invited again on the next day": {func(w *world) {
			invites(w)
			declines(w)
			w.Clock.Advance(25 * time.Hour)
			invites(w)
		}, "cara", []string{"* " + invited + "Se invitationen, og svar på den.", invited + "Du er inviteret igen siden."}},

		"the inviter hears a yes": {func(w *world) { invites(w); ask(w) }, "bo", []string{"* INVITATION_ANSWERED Haven: cara har sagt ja til din invitation | Personen er nu medlem af gruppen."}},
		"the inviter hears a no":  {func(w *world) { invites(w); declines(w) }, "bo", []string{"* INVITATION_ANSWERED Haven: cara har sagt nej til din invitation | Personen bliver ikke medlem denne gang."}},
		"the inviter hears of it once a day": {func(w *world) {
			for range 3 {
				invites(w)
				ask(w)
				leave(w, "cara")
			}
			invites(w)
			declines(w)
		}, "bo", []string{"* INVITATION_ANSWERED Haven: cara har sagt nej til din invitation | Personen bliver ikke medlem denne gang."}},
		"a yes that was taken back":         {func(w *world) { invites(w); ask(w); leave(w, "cara") }, "bo", []string{inviter + "Personen er ikke med i gruppen længere."}},
		"an inviter who has left":           {func(w *world) { invites(w); leave(w, "bo"); ask(w) }, "bo", nil},
		"another than the inviter hears no": {func(w *world) { invites(w); ask(w) }, "anna", nil},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			w := &world{World: ct.New(t)}
			w.g = w.Group("anna", asks).ID
			w.Join(w.g, "bo")
			ct.Must(w.Groups.Approve(w.As("anna"), group.AnswerInput{GroupID: w.g, PersonID: ct.PersonID("bo")}))(t)
			ct.Must(w.Groups.GrantRole(w.As("anna"), group.GrantRoleInput{GroupID: w.g, PersonID: ct.PersonID("bo"), Key: group.RoleModerator}))(t)
			w.Drain()
			for _, reader := range []string{"anna", "bo"} {
				for _, n := range w.Notices(reader) {
					w.Remove("notices", n.ID)
				}
			}
			row.do(w)
			got := shows(w.As(row.reader), w.World)
			if row.reader == "bo" && len(row.want) > 0 && strings.Contains(row.want[0], "INVITATION_ANSWERED") {
				got = slices.DeleteFunc(got, func(line string) bool { return strings.Contains(line, string(group.NoticeJoinRequested)) })
			}
			if !slices.Equal(got, row.want) {
				t.Errorf("%s sees\n%s\nwant\n%s", row.reader, strings.Join(got, "\n"), strings.Join(row.want, "\n"))
			}
		})
	}
}

// What an inviter hears goes to their inbox, and is pushed for those who choose so.
func TestAnAnswerToAnInvitationRingsNobodyByItself(t *testing.T) {
	t.Parallel()
	w := ct.New(t)
	g := w.Group("anna")
	w.Phone("anna", "anna-phone")
	invite(w, g.ID, "cara")
	w.Join(g.ID, "cara")
	w.Drain()
	if pushes := w.Phones.Pushes(); len(pushes) > 0 {
		t.Errorf("the pushes are %v", pushes)
	}
	list := w.Notices("anna")
	if len(list) != 1 || list[0].Channel != notify.Inbox || strings.Contains(list[0].Words["Name"], "cara") {
		t.Errorf("anna's notices are %+v", list)
	}
}

// Whoever may no longer approve what waits has nothing left to do about it, and is not pushed in the morning.
func TestWhoMayNoLongerApproveHasNothingUnread(t *testing.T) {
	t.Parallel()
	nobody := 0
	w := ct.New(t)
	w.Community = community.New(community.Options{DB: w.DB, Sender: w.Sender, Log: slog.New(slog.DiscardHandler), Owner: "test", ApprovalOver: &nobody})
	w.Grant("one", auth.RoleStaff)
	w.Grant("two", auth.RoleStaff)
	w.Grant("chief", auth.RoleAdmin)
	w.Phone("two", "two-phone")
	w.Clock.Advance(10 * time.Hour) // the push waits for the morning
	said := i18n.Text{{Language: i18n.Danish, Text: "Møde"}, {Language: i18n.English, Text: "Meeting"}}
	ct.Must(w.Announcements.Broadcast(w.As("one"), announcement.BroadcastInput{Title: said, Text: said}))(t)
	w.Drain()
	if got := shows(w.As("two"), w); len(got) != 1 || !strings.HasPrefix(got[0], "* ANNOUNCEMENT_WAITS") {
		t.Errorf("two sees %q", got)
	}
	ct.Must(w.People.RevokeRole(w.As("chief"), person.RoleInput{PersonID: ct.PersonID("two"), Role: auth.RoleStaff}))(t)
	if got := shows(w.As("two"), w); len(got) != 1 || got[0] != "ANNOUNCEMENT_WAITS Et opslag skal godkendes | Det er ikke længere dig, der skal svare." {
		t.Errorf("two sees %q", got)
	}
	w.Clock.Advance(12 * time.Hour)
	w.Fire()
	w.Drain()
	if pushes := w.Phones.Pushes(); slices.ContainsFunc(pushes, func(p fcmsim.Push) bool { return p.Device == "two-phone" }) {
		t.Errorf("the pushes are %v", pushes)
	}
}
