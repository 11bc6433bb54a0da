package group_test

import (
	"maps"
	"slices"
	"testing"
	"time"

	ct "faellesskab/internal/community/communitytest"
	"faellesskab/internal/group"
	"faellesskab/internal/page"
)

// The holder of a role that ends soon and the people who can renew it are reminded once,
// in their language, unless the role was renewed, taken or given up meanwhile. The push, which others may read on a
// locked screen, names nobody; the inbox does.
func TestARoleThatEndsIsRemindedOf(t *testing.T) {
	t.Parallel()
	renew := func(w *ct.World, g string) {
		later := w.Clock.Now().AddDate(1, 0, 0)
		ct.Must(grant(w, "anna", "bo-en", g, group.RoleTreasurer, &later))(w.T)
	}
	for name, row := range map[string]struct {
		meanwhile func(w *ct.World, g string)
		want      []string
	}{
		"nothing":  {func(*ct.World, string) {}, []string{"anna", "bo-en"}},
		"renewed":  {renew, nil},
		"taken":    {func(w *ct.World, g string) { ct.Must(revoke(w, "anna", "bo-en", g, group.RoleTreasurer))(w.T) }, nil},
		"has left": {func(w *ct.World, g string) { ct.Must("", leave(w, "bo-en", g))(w.T) }, nil},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			w := ct.New(t)
			g := w.Group("anna").ID
			w.Join(g, "bo-en", "cara")
			for _, name := range []string{"anna", "bo-en", "cara"} {
				w.Phone(name, name)
			}
			ends := w.Clock.Now().AddDate(0, 0, 60)
			ct.Must(grant(w, "anna", "bo-en", g, group.RoleTreasurer, &ends))(t)
			w.Clock.Advance(45 * 24 * time.Hour)
			w.Fire()
			row.meanwhile(w, g)
			w.Clock.Advance(25 * time.Hour)
			for range 2 {
				w.Fire()
				w.Drain()
			}
			var got []string
			for _, p := range w.Phones.Pushes() {
				got = append(got, p.Device)
				if p.Device == "bo-en" && (p.Title != "Haven: your role of treasurer ends" || p.Body != "You have the role until Tuesday 30 June at 14:00. A leader can renew it.") {
					t.Errorf("bo is told %q, %q", p.Title, p.Body)
				}
				if p.Device == "anna" && (p.Title != "Haven: rollen som kasserer udløber" || p.Body != "Rollen gælder til tirsdag den 30. juni kl. 14.00. En leder kan forny den.") {
					t.Errorf("anna is told %q, %q", p.Title, p.Body)
				}
			}
			for _, edge := range ct.Must(w.Inbox.List(w.As("anna"), page.Args{First: 10}))(t).Edges {
				if _, body := w.Read("anna", *edge.Node); len(row.want) > 0 && body != "bo-en har rollen til tirsdag den 30. juni kl. 14.00. En leder kan forny den." {
					t.Errorf("anna reads %q", body)
				}
			}
			slices.Sort(got)
			if !slices.Equal(got, row.want) {
				t.Errorf("told %v, want %v", got, row.want)
			}
		})
	}
}

// A person who has not given their name yet has a role all the same.
func TestAReminderOfSomebodyWithoutAName(t *testing.T) {
	t.Parallel()
	w := ct.New(t)
	g := w.Group("anna").ID
	w.Join(g, "bo-en")
	w.Phone("anna", "anna")
	w.Phone("bo-en", "bo-en")
	w.Set(t.Context(), "persons", ct.PersonID("bo-en"), map[string]any{"displayName": ""})
	ends := w.Clock.Now().AddDate(0, 0, 3)
	ct.Must(grant(w, "anna", "bo-en", g, group.RoleTreasurer, &ends))(t)
	w.Clock.Advance(49 * time.Hour)
	w.Fire()
	w.Drain()
	want := map[string]string{"anna": "Rollen gælder til mandag den 4. maj kl. 14.00. En leder kan forny den.", "bo-en": "You have the role until Monday 4 May at 14:00. A leader can renew it."}
	got := map[string]string{}
	for _, p := range w.Phones.Pushes() {
		got[p.Device] = p.Body
	}
	if !maps.Equal(got, want) {
		t.Errorf("told %v", got)
	}
}
