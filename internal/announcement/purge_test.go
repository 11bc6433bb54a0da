package announcement_test

import (
	"fmt"
	"testing"
	"time"

	"faellesskab/internal/announcement"
	"faellesskab/internal/auth"
	ct "faellesskab/internal/community/communitytest"
	"faellesskab/internal/job"
)

// purge runs the program's job that removes old announcements.
func purge(t *testing.T, w *ct.World) {
	t.Helper()
	var found []job.Job
	for _, j := range w.Community.Jobs() {
		if j.Name == "old announcements" {
			found = append(found, j)
		}
	}
	if len(found) != 1 {
		t.Fatalf("%d jobs remove old announcements", len(found))
	}
	if err := found[0].Run(t.Context()); err != nil {
		t.Fatal(err)
	}
}

// Announcements are removed two years after they were written, however many there are. The
// audit trail still knows who made them.
func TestOldAnnouncementsAreRemoved(t *testing.T) {
	t.Parallel()
	w := ct.New(t)
	old := make([]any, 450)
	for i := range old {
		old[i] = announcement.Announcement{ID: fmt.Sprint("ann_old", i), Slot: fmt.Sprint("old", i), State: announcement.StateSent, CreatedAt: ct.Noon.Add(-time.Duration(i) * time.Second)}
	}
	if _, err := w.DB.Collection("announcements").InsertMany(t.Context(), old); err != nil {
		t.Fatal(err)
	}
	w.Clock.Advance(time.Minute)
	a := ct.Must(w.Announcements.Broadcast(w.Grant("staff", auth.RoleStaff), spoken()))(t)
	w.Clock.Advance(2*365*24*time.Hour - 2*time.Minute)
	purge(t, w)
	if n := w.Count("announcements"); n != 62 {
		t.Errorf("a minute too early for 61 and for the last one, %d are left", n)
	}
	w.Clock.Advance(time.Minute + time.Second)
	purge(t, w)
	if n := w.Count("announcements"); n != 1 {
		t.Errorf("a minute too early for the last one, %d are left", n)
	}
	w.Clock.Advance(2 * time.Minute)
	purge(t, w)
	if n := w.Count("announcements"); n != 0 {
		t.Errorf("%d are left", n)
	}
	if entries := ct.Must(w.Audit.Of(t.Context(), a.ID))(t); len(entries) != 1 {
		t.Errorf("recorded: %+v", entries)
	}
}
