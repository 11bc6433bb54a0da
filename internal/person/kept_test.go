package person_test

import (
	"context"
	"testing"
	"time"

	"faellesskab/internal/auth"
	ct "faellesskab/internal/community/communitytest"
	"faellesskab/internal/i18n"
	"faellesskab/internal/person"
	"faellesskab/internal/testkit"
)

func recognise(w *ct.World) (auth.Viewer, bool) {
	w.T.Helper()
	v, isKept, err := w.People.Recognise(w.T.Context(), annas, i18n.English)
	if err != nil {
		w.T.Fatal(err)
	}
	return v, isKept
}

// keep makes the viewer one who is kept.
func keep(w *ct.World) auth.Viewer {
	w.T.Helper()
	recognise(w)
	recognise(w)
	v, isKept := recognise(w)
	if !isKept {
		w.T.Fatal("the viewer is not kept")
	}
	return v
}

func TestAViewerIsKeptForTenSeconds(t *testing.T) {
	t.Parallel()
	w := ct.New(t, testkit.WithSoleWriter())
	keep(w)
	w.Clock.Advance(9 * time.Second)
	if _, isKept := recognise(w); !isKept {
		t.Error("it is read again after nine seconds")
	}
	w.Clock.Advance(time.Second)
	if _, isKept := recognise(w); isKept {
		t.Error("it is kept for longer than ten seconds, since it was used meanwhile")
	}
}

func TestNobodyIsKeptWhereOthersAreNotHeard(t *testing.T) {
	t.Parallel()
	w := ct.New(t)
	for range 3 {
		if _, isKept := recognise(w); isKept {
			t.Error("a viewer is kept although others may write and are not heard")
		}
	}
}

// A change by this process is seen by the next request, whatever it changes.
func TestAKeptViewerIsDroppedWithEachChange(t *testing.T) {
	t.Parallel()
	w := ct.New(t, testkit.WithSoleWriter())
	me := keep(w)
	member := person.GroupCopy{Active: true, Version: 1}
	for _, c := range []struct {
		name   string
		change func(ctx context.Context) error
	}{
		{"a role", func(ctx context.Context) error {
			_, err := w.People.GrantRoleAsOperator(ctx, annas.UID, auth.RoleStaff)
			return err
		}},
		{"a membership", func(ctx context.Context) error {
			_, err := w.People.CopyMembership(ctx, me.PersonID, "grp_a", member)
			return err
		}},
		{"a membership that ends", func(ctx context.Context) error {
			return w.People.ForgetCopies(ctx, me.PersonID, map[string]int{"grp_a": 1})
		}},
		{"a skill", func(ctx context.Context) error {
			_, err := w.People.GrantSkill(ctx, me.PersonID, "skl_a", person.SkillGrant{CourseID: "crs_a"})
			return err
		}},
		{"said by the bus", func(context.Context) error { w.Bus.Tell("persons", me.PersonID); return nil }},
		{"the bus has lost track", func(context.Context) error { w.Bus.LoseTrack(); return nil }},
	} {
		keep(w)
		if err := c.change(t.Context()); err != nil {
			t.Fatalf("%s: %v", c.name, err)
		}
		if _, isKept := recognise(w); isKept {
			t.Errorf("%s: the viewer is still kept", c.name)
		}
	}
}

// Whoever is written while they are being read is not kept: what was read may be older.
func TestAReadingThatAChangeOvertakesIsNotKept(t *testing.T) {
	t.Parallel()
	m := &ct.Moment{}
	w := ct.New(t, testkit.WithSoleWriter(), m.Option())
	me := keep(w)
	w.Bus.LoseTrack()
	m.Before("find", "persons", func() { w.Bus.Tell("persons", me.PersonID) })
	recognise(w)
	if _, isKept := recognise(w); isKept {
		t.Error("a reading that began before a change is kept")
	}
	keep(w)
	// While a write is under way, nobody is kept as the person.
	m.Before("update", "persons", func() {
		recognise(w)
		if _, isKept := recognise(w); isKept {
			t.Error("somebody is kept who is being written")
		}
	})
	if _, err := w.People.GrantRoleAsOperator(t.Context(), annas.UID, auth.RoleStaff); err != nil {
		t.Fatal(err)
	}
	if v, isKept := recognise(w); isKept || !v.Has(auth.RoleStaff) {
		t.Errorf("after the write the viewer is %+v, kept %t", v, isKept)
	}
}

// Somebody who is erased, and comes back, is a new person at once.
func TestAnErasedViewerIsNotKept(t *testing.T) {
	t.Parallel()
	w := ct.New(t, testkit.WithSoleWriter())
	me := keep(w)
	erase(w, &person.Person{ID: me.PersonID}, true)
	w.Bus.Tell("persons", me.PersonID) // another process has erased them
	if v, _ := recognise(w); v.PersonID == me.PersonID {
		t.Error("the erased person is recognised")
	}
}
