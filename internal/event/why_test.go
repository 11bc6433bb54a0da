package event_test

import (
	"strings"
	"testing"
	"time"

	"faellesskab/internal/clock"
	ct "faellesskab/internal/community/communitytest"
	"faellesskab/internal/event"
	"faellesskab/internal/i18n"
	"faellesskab/internal/page"
)

// A person in line is told that they are, and never that they are signed up.
func TestWhyASeatAndAPlaceInLineAreToldApart(t *testing.T) {
	t.Parallel()
	wantWhy := func(t *testing.T, w *ct.World, name, want string) {
		t.Helper()
		w.Drain()
		list := w.Notices(name)
		if len(list) == 0 {
			t.Fatalf("%s was told nothing", name)
		}
		if why := list[len(list)-1].Why(); len(why) != 1 || why[0].Text(w.As(name)) != want || why[0].StopText(w.As(name)) != "Ingen notifikationer om Fest" {
			t.Errorf("%s was told %+v, want %q", name, why[0].Text(w.As(name)), want)
		}
	}
	t.Run("moved", func(t *testing.T) {
		t.Parallel()
		w, e := full(t, "2026-05-09T15:00")
		until(t, w, "2026-05-01T12:00")
		ev := ct.Must(w.Events.Get(w.As("anna"), e))(t)
		moveTo(t, w, ev, "2026-05-09T18:00:00")
		until(t, w, "2026-05-01T12:02")
		wantWhy(t, w, "bo", "Fordi du er tilmeldt Fest")
		wantWhy(t, w, "cara", "Fordi du står på venteliste til Fest")
	})
	t.Run("offered", func(t *testing.T) {
		t.Parallel()
		w, e := full(t, "2026-05-09T15:00")
		leave(t, w, "bo", e)
		wantWhy(t, w, "cara", "Fordi du står på venteliste til Fest")
	})
	t.Run("cancelled", func(t *testing.T) {
		t.Parallel()
		w, e := full(t, "2026-05-09T15:00")
		ct.Must(w.Events.Cancel(w.As("anna"), event.CancelInput{EventID: e}))(t)
		wantWhy(t, w, "bo", "Fordi du er tilmeldt Fest")
		wantWhy(t, w, "cara", "Fordi du stod på venteliste til Fest")
	})
	t.Run("lost", func(t *testing.T) {
		t.Parallel()
		w := ct.New(t)
		g, _ := held(t, w, membersOnly)
		for _, name := range []string{"bo", "cara"} {
			leaveGroup(t, w, g, name)
			w.Drain()
		}
		for name, want := range map[string]string{"bo": "Din plads gælder ikke længere: Fest | Fordi du var tilmeldt Fest",
			"cara": "Ikke længere på venteliste: Fest | Fordi du stod på venteliste til Fest"} {
			list := w.Notices(name)
			last := list[len(list)-1]
			title, _ := last.In(i18n.Reader{Language: i18n.Danish, Zone: clock.Copenhagen, Now: w.Clock.Now()})
			if got := title + " | " + last.Why()[0].Text(w.As(name)); got != strings.ReplaceAll(want, "Fest", last.Words["Title"]) {
				t.Errorf("%s was told %q of %v", name, got, last.Words)
			}
		}
	})
}

// Why somebody is told is shown as it is now: they may have got the seat since, or no longer have one.
func TestWhyIsShownAsItIsNow(t *testing.T) {
	t.Parallel()
	for name, row := range map[string]struct {
		do     func(t *testing.T, w *ct.World, eventID string)
		reader string
		want   string
	}{
		"in line": {func(*testing.T, *ct.World, string) {}, "cara", "Fordi du står på venteliste til Fest"},
		"has got the seat": {func(t *testing.T, w *ct.World, e string) {
			leave(t, w, "bo", e)
			w.RunPending()
			w.Drain()
			if err := w.Accept("cara", e); err != nil {
				t.Fatal(err)
			}
		}, "cara", "Fordi du er tilmeldt Fest"},
		"has left the line":  {func(t *testing.T, w *ct.World, e string) { leave(t, w, "cara", e) }, "cara", "Fordi du stod på venteliste til Fest"},
		"has given the seat": {func(t *testing.T, w *ct.World, e string) { leave(t, w, "bo", e) }, "bo", "Fordi du var tilmeldt Fest"},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			w, e := full(t, "2026-05-09T15:00")
			moveTo(t, w, ct.Must(w.Events.Get(w.As("anna"), e))(t), "2026-05-09T18:00:00")
			w.Clock.Advance(3 * time.Minute)
			w.Fire()
			w.Drain()
			row.do(t, w, e)
			for _, edge := range ct.Must(w.Inbox.List(w.As(row.reader), page.Args{First: 10}))(t).Edges {
				if edge.Node.Kind != event.NoticeMoved {
					continue
				}
				if got := edge.Node.Why()[0].Text(w.As(row.reader)); got != row.want {
					t.Errorf("%s reads %q, want %q", row.reader, got, row.want)
				}
				return
			}
			t.Error("there is no news of the move")
		})
	}
}
