package community_test

import (
	"fmt"
	"testing"
	"time"

	"github.com/google/uuid"

	"faellesskab/internal/announcement"
	"faellesskab/internal/auth"
	"faellesskab/internal/clock"
	ct "faellesskab/internal/community/communitytest"
	"faellesskab/internal/course"
	"faellesskab/internal/event"
	"faellesskab/internal/fault"
	"faellesskab/internal/group"
	"faellesskab/internal/i18n"
	"faellesskab/internal/inbox"
	"faellesskab/internal/optional"
	"faellesskab/internal/person"
)

// A phone that missed the answer repeats its call after the time for it has passed, and gets the first answer. A
// first call at that time is refused.
func TestARepeatIsAnsweredAlsoWhenItsTimeHasPassed(t *testing.T) {
	t.Parallel()
	w := ct.New(t)
	w.Grant("admin", auth.RoleAdmin)
	w.Grant("staff", auth.RoleStaff)
	g := w.Group("anna").ID
	w.Join(g, "bo", "cara")
	ct.Must(w.Groups.GrantRole(w.As("anna"), group.GrantRoleInput{GroupID: g, PersonID: ct.PersonID("cara"), Key: group.RoleTreasurer}))(t)
	soon := w.Clock.Now().Add(time.Hour)
	from, to := clock.LocalOf(soon, clock.Copenhagen), clock.LocalOf(soon.Add(time.Hour), clock.Copenhagen)
	for i, ask := range []func(key string) (string, error){
		func(key string) (string, error) {
			m, err := w.Groups.GrantRole(w.As("anna"), group.GrantRoleInput{ClientMutationID: &key, GroupID: g, PersonID: ct.PersonID("bo"),
				Key: group.RoleTreasurer, ExpiresAt: &soon})
			return answer(m, err, func() int { return m.Version })
		},
		func(key string) (string, error) {
			m, err := w.Groups.RevokeRole(w.As("anna"), group.RevokeRoleInput{ClientMutationID: &key, GroupID: g, PersonID: ct.PersonID("cara"),
				Key: group.RoleTreasurer, ExpiresAt: &soon})
			return answer(m, err, func() int { return m.Version })
		},
		func(key string) (string, error) {
			p, err := w.People.GrantCapability(w.As("admin"), person.GrantCapabilityInput{ClientMutationID: &key, PersonID: ct.PersonID("bo"),
				Capability: auth.CapabilityCourses, ExpiresAt: &soon})
			return answer(p, err, func() int { return p.Version })
		},
		func(key string) (string, error) {
			e, err := w.Events.Create(w.As("anna"), event.CreateInput{ClientMutationID: &key, GroupID: g, Title: "Spisning",
				StartsAt: from, EndsAt: to, TimeZone: clock.Copenhagen})
			return answer(e, err, func() string { return e.ID })
		},
		func(key string) (string, error) {
			c, err := w.Courses.Create(w.As("staff"), course.CreateInput{ClientMutationID: &key, Title: []i18n.Translation{{Language: "DA", Text: "Kursus"}},
				Sessions: []course.SessionInput{{StartsAt: from, EndsAt: to}}, TimeZone: clock.Copenhagen})
			return answer(c, err, func() string { return c.ID })
		},
	} {
		key := fmt.Sprintf("11111111-1111-4111-8111-11111111111%d", i)
		first := ct.Must(ask(key))(t)
		w.Clock.Advance(2 * time.Hour)
		if again, err := ask(key); err != nil || again != first {
			t.Errorf("call %d was answered %s, and is now %s, %v", i, first, again, err)
		}
		_, err := ask(fmt.Sprintf("22222222-2222-4222-8222-22222222222%d", i))
		ct.WantKind(t, err, fault.KindInvalid)
		w.Clock.Advance(-2 * time.Hour)
	}
}

// A phone that missed the answer repeats its call after the subject has vanished, and gets the first answer. A first
// call is refused then.
func TestARepeatIsAnsweredAlsoWhenItsSubjectIsGone(t *testing.T) {
	t.Parallel()
	w := ct.New(t)
	g := w.Group("anna")
	w.Join(g.ID, "bo")
	ct.Must(w.Groups.GrantRole(w.As("anna"), group.GrantRoleInput{GroupID: g.ID, PersonID: ct.PersonID("bo"), Key: group.RoleLeader}))(t)
	e := w.PublishedEvent("anna", g.ID, nil)
	w.Drain()
	n := w.Notices("bo")[0]
	ask := map[string]func(key string) (string, error){
		"muteThread": func(key string) (string, error) {
			s, err := w.Settings.MuteThread(w.As("bo"), inbox.ThreadInput{ClientMutationID: &key, SubjectID: e.ID})
			return answer(s, err, func() string { return s.PersonID })
		},
		"stopReason": func(key string) (string, error) {
			s, err := w.Settings.StopReason(w.As("bo"), inbox.StopReasonInput{ClientMutationID: &key, NoticeID: n.ID, ReasonKey: n.Why()[0].Key()})
			return answer(s, err, func() string { return s.PersonID })
		},
		"announceToGroup": func(key string) (string, error) {
			a, err := w.Announcements.ToGroup(w.As("bo"), announcement.GroupInput{ClientMutationID: &key, GroupID: g.ID, Title: "Hej", Text: "Hej med jer."})
			return answer(a, err, func() string { return a.ID })
		},
	}
	key := func(name string) string { return uuid.NewSHA1(uuid.NameSpaceOID, []byte(name)).String() }
	first := map[string]string{}
	for name, call := range ask {
		first[name] = ct.Must(call(key(name)))(t)
	}
	visibility := group.VisibilityHidden
	ct.Must(w.Groups.Update(w.As("anna"), group.UpdateInput{GroupID: g.ID, Visibility: optional.Of(visibility)}))(t)
	ct.Must(w.Groups.Leave(w.As("bo"), group.LeaveInput{GroupID: g.ID}))(t)
	w.Remove("notices", n.ID)
	for name, call := range ask {
		if again, err := call(key(name)); err != nil || again != first[name] {
			t.Errorf("%s was answered %s, and is now %s, %v", name, first[name], again, err)
		}
		if _, err := call(key("another " + name)); !fault.Is(err, fault.KindNotFound) {
			t.Errorf("another %s: %v", name, err)
		}
	}
}

// answer is a text by which answers are compared.
func answer[V any, S any](_ V, err error, of func() S) (string, error) {
	if err != nil {
		return "", err
	}
	return fmt.Sprint(of()), nil
}
