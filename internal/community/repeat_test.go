package community_test

import (
	"fmt"
	"testing"
	"time"

	"faellesskab/internal/auth"
	"faellesskab/internal/clock"
	ct "faellesskab/internal/community/communitytest"
	"faellesskab/internal/course"
	"faellesskab/internal/event"
	"faellesskab/internal/fault"
	"faellesskab/internal/group"
	"faellesskab/internal/i18n"
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

// answer is a text by which answers are compared.
func answer[V any, S any](_ V, err error, of func() S) (string, error) {
	if err != nil {
		return "", err
	}
	return fmt.Sprint(of()), nil
}
