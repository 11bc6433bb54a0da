package group_test

import (
	"fmt"
	"slices"
	"testing"
	"time"

	ct "faellesskab/internal/community/communitytest"
	"faellesskab/internal/fault"
	"faellesskab/internal/group"
	"faellesskab/internal/id"
	"faellesskab/internal/notify"
)

func saveRole(w *ct.World, by, groupID string, key *string, name string, permissions ...group.Permission) (*group.Role, error) {
	return w.Groups.SaveRole(w.As(by), group.SaveRoleInput{GroupID: groupID, Key: key, Name: name, Permissions: permissions})
}

func deleteRole(w *ct.World, by, groupID, key string) error {
	_, err := w.Groups.DeleteRole(w.As(by), group.DeleteRoleInput{GroupID: groupID, Key: key})
	return err
}

func TestTheRolesOfEveryGroup(t *testing.T) {
	t.Parallel()
	w := ct.New(t)
	const all = "POST POST_EVENTS APPROVE_MEMBERS INVITE MANAGE_MEMBERS EDIT_GROUP MODERATE CHECK_IN SPEAK_FOR_GROUP"
	want := []string{"MEMBER POST", "ORGANISER POST POST_EVENTS CHECK_IN", "MODERATOR POST POST_EVENTS APPROVE_MEMBERS INVITE MODERATE CHECK_IN",
		"LEADER " + all, "TREASURER POST MANAGE_MONEY", "CARETAKER POST APPROVE_MEMBERS INVITE MANAGE_MEMBERS EDIT_GROUP"}
	g := w.Group("anna")
	for i, r := range g.AllRoles() {
		got := r.Key
		for _, p := range r.Permissions {
			got += " " + string(p)
		}
		if got != want[i] || r.Name != nil {
			t.Errorf("role %d is %s, want %s", i, got, want[i])
		}
	}
	// The roles allow exactly what the server accepts.
	w.Join(g.ID, "bo")
	for _, r := range g.AllRoles() {
		if r.Key != group.RoleMember {
			ct.Must(grant(w, "anna", "bo", g.ID, r.Key, nil))(t)
		}
		if got := may(t, w, "bo", g.ID); !slices.Equal(got, r.Permissions) {
			t.Errorf("as %s bo may %v", r.Key, got)
		}
		if r.Key != group.RoleMember {
			ct.Must(revoke(w, "anna", "bo", g.ID, r.Key))(t)
		}
	}
}

func TestSeveralRolesAddUpAndEachEndsByItself(t *testing.T) {
	t.Parallel()
	w := ct.New(t)
	g := w.Group("anna").ID
	w.Join(g, "bo")
	soon, later := w.Clock.Now().Add(time.Hour), w.Clock.Now().Add(2*time.Hour)
	ct.Must(grant(w, "anna", "bo", g, group.RoleTreasurer, &later))(t)
	ct.Must(grant(w, "anna", "bo", g, group.RoleOrganiser, &soon))(t)
	for _, want := range [][]group.Permission{
		{group.Post, group.PostEvents, group.CheckIn, group.ManageMoney}, {group.Post, group.ManageMoney}, {group.Post},
	} {
		if got := may(t, w, "bo", g); !slices.Equal(got, want) {
			t.Errorf("bo may %v, want %v", got, want)
		}
		w.Clock.Advance(time.Hour)
	}
	w.Fire()
	if m := membershipOf(t, w, "bo", g); len(m.Holds) != 0 || m.Version != 5 {
		t.Errorf("two ends leave version %d and %v", m.Version, m.Holds)
	}
	// A person who leaves loses their roles, and does not have them when they come back.
	ct.Must(grant(w, "anna", "bo", g, group.RoleModerator, nil))(t)
	ct.Must("", leave(w, "bo", g))(t)
	w.Join(g, "bo")
	if got := may(t, w, "bo", g); !slices.Equal(got, []group.Permission{group.Post}) {
		t.Errorf("bo came back and may %v", got)
	}
}

func TestWhoGrantsWhat(t *testing.T) {
	t.Parallel()
	w := ct.New(t)
	g := w.Group("anna").ID
	w.Join(g, "bo", "cara", "dan", "eva")
	for name, key := range map[string]string{"bo": group.RoleCaretaker, "cara": group.RoleModerator, "dan": group.RoleTreasurer} {
		ct.Must(grant(w, "anna", name, g, key, nil))(t)
	}
	for by, gives := range map[string][]string{
		"anna": {group.RoleOrganiser, group.RoleModerator, group.RoleTreasurer, group.RoleCaretaker, group.RoleLeader},
		"bo":   {group.RoleCaretaker}, "cara": nil, "dan": nil, "eva": nil,
	} {
		for _, r := range ct.Must(w.Groups.Get(w.As("anna"), g))(t).AllRoles()[1:] {
			for _, to := range []string{"eva", by} {
				_, err := grant(w, by, to, g, r.Key, nil)
				if want := to != by && slices.Contains(gives, r.Key); want != (err == nil) || err != nil && !fault.Is(err, fault.KindForbidden) {
					t.Errorf("%s gives %s %s: %v", by, to, r.Key, err)
				} else if err == nil {
					ct.Must(revoke(w, "anna", to, g, r.Key))(t)
				}
			}
		}
	}
	ends := w.Clock.Now().Add(time.Hour)
	for key, err := range map[string]error{
		"group.role.member":       mistake(grant(w, "anna", "eva", g, group.RoleMember, nil)),
		"id.bad":                  mistake(grant(w, "anna", "eva", g, "SECRETARY", nil)),
		"group.role.not_found":    mistake(grant(w, "anna", "eva", g, id.New(id.GroupRole), nil)),
		"group.person_not_member": mistake(grant(w, "anna", "zoe", g, group.RoleOrganiser, nil)),
		"group.role.no_end":       mistake(grant(w, "anna", "eva", g, group.RoleLeader, &ends)),
	} {
		if key == "id.bad" {
			ct.WantField(t, err, "input.key")
			continue
		}
		ct.WantKey(t, err, key)
	}
}

func mistake[V any](_ V, err error) error { return err }

// Everybody may give up their roles, at once or at an earlier end.
func TestARoleIsGivenUp(t *testing.T) {
	t.Parallel()
	w := ct.New(t)
	g := w.Group("anna").ID
	w.Join(g, "bo", "cara")
	ends := w.Clock.Now().Add(48 * time.Hour)
	ct.Must(grant(w, "anna", "bo", g, group.RoleTreasurer, &ends))(t)
	ct.WantKey(t, mistake(revoke(w, "cara", "bo", g, group.RoleTreasurer)), "group.permission")
	ct.WantKey(t, mistake(revoke(w, "bo", "bo", g, group.RoleModerator)), "group.role.not_found")
	ct.WantKey(t, mistake(grant(w, "bo", "bo", g, group.RoleTreasurer, nil)), "group.permission")
	at := func(d time.Duration) error {
		until := w.Clock.Now().Add(d)
		_, err := w.Groups.RevokeRole(w.As("bo"), group.RevokeRoleInput{GroupID: g, PersonID: ct.PersonID("bo"), Key: group.RoleTreasurer, ExpiresAt: &until})
		return err
	}
	ct.WantKey(t, at(72*time.Hour), "group.role.ends_sooner")
	ct.Must("", at(time.Hour))(t)
	w.Clock.Advance(2 * time.Hour)
	if got := held(t, w, "bo", g); !slices.Equal(got, []string{group.RoleMember}) {
		t.Errorf("bo holds %v", got)
	}
	ct.Must(grant(w, "anna", "bo", g, group.RoleTreasurer, nil))(t)
	ct.Must(revoke(w, "bo", "bo", g, group.RoleTreasurer))(t)
	if got := held(t, w, "bo", g); !slices.Equal(got, []string{group.RoleMember}) {
		t.Errorf("bo holds %v", got)
	}
}

func TestAGroupHasRolesOfItsOwn(t *testing.T) {
	t.Parallel()
	w := ct.New(t)
	g := w.Group("anna").ID
	w.Join(g, "bo", "cara")
	ct.Must(grant(w, "anna", "bo", g, group.RoleCaretaker, nil))(t)
	money := ct.Must(saveRole(w, "anna", g, nil, "  Økonomi ", group.ManageMoney, group.Post, group.Post))(t)
	if id.Prefix(money.Key) != id.GroupRole || *money.Name != "Økonomi" || !slices.Equal(money.Permissions, []group.Permission{group.Post, group.ManageMoney}) {
		t.Errorf("the role is %+v", money)
	}
	vaert := ct.Must(saveRole(w, "bo", g, nil, "Vært", group.Invite))(t)
	found := ct.Must(w.Groups.Get(w.As("anna"), g))(t)
	names := []string{}
	for _, r := range found.AllRoles()[6:] {
		names = append(names, *r.Name)
	}
	if !slices.Equal(names, []string{"Vært", "Økonomi"}) {
		t.Errorf("the group's own roles are %v", names)
	}
	own := ct.Must(w.Groups.OwnByGroup(w.As("cara"), []string{g}))(t)[g]
	if inside, outside := w.Groups.RolesOf(w.As("cara"), found, own), w.Groups.RolesOf(w.As("zoe"), found, nil); len(inside) != 8 || outside != nil {
		t.Errorf("cara sees %d roles, an outsider %v", len(inside), outside)
	}

	ct.Must(grant(w, "anna", "cara", g, money.Key, nil))(t)
	ct.Must(grant(w, "bo", "cara", g, vaert.Key, nil))(t)
	if got := may(t, w, "cara", g); !slices.Equal(got, []group.Permission{group.Post, group.Invite, group.ManageMoney}) {
		t.Errorf("cara may %v", got)
	}
	for what, err := range map[string]error{
		"group.role.not_held":  mistake(saveRole(w, "bo", g, &money.Key, "Økonomi", group.Post, group.ManageMoney, group.Moderate)),
		"group.role.fixed":     deleteRole(w, "anna", g, group.RoleTreasurer),
		"group.role.not_found": deleteRole(w, "anna", g, id.New(id.GroupRole)),
		"group.permission":     deleteRole(w, "cara", g, money.Key),
	} {
		ct.WantKey(t, err, what)
	}
	ct.WantField(t, mistake(saveRole(w, "anna", g, nil, "økonomi")), "input.name")
	ct.WantField(t, mistake(saveRole(w, "anna", g, nil, " ")), "input.name")
	leader := group.RoleLeader
	ct.WantKey(t, mistake(saveRole(w, "anna", g, &leader, "Boss")), "group.role.fixed")
	// Everybody who manages members may take permissions from a role that others hold.
	ct.Must(saveRole(w, "bo", g, &money.Key, "Kasse", group.Post))(t)
	if got := may(t, w, "cara", g); !slices.Equal(got, []group.Permission{group.Post, group.Invite}) {
		t.Errorf("once it is narrower cara may %v", got)
	}
	code := link(w, "cara", g)
	ct.Must("", deleteRole(w, "anna", g, vaert.Key))(t)
	wantClosed(t, w, g, code)
	if got := held(t, w, "cara", g); !slices.Equal(got, []string{group.RoleMember, money.Key}) {
		t.Errorf("cara holds %v", got)
	}
	if m := membershipOf(t, w, "cara", g); len(m.Holds) != 1 {
		t.Errorf("what is left of it is %v", m.Holds)
	}
}

// Nobody, not even a leader, may add permissions to a role that they hold.
func TestNobodyWidensARoleTheyHold(t *testing.T) {
	t.Parallel()
	w := ct.New(t)
	g := w.Group("anna").ID
	w.Join(g, "bo", "cara")
	r := ct.Must(saveRole(w, "anna", g, nil, "Bestyrelse", group.ManageMembers, group.Moderate))(t)
	ct.Must(grant(w, "anna", "bo", g, group.RoleLeader, nil))(t)
	ct.Must(grant(w, "anna", "bo", g, r.Key, nil))(t)
	ct.WantKey(t, mistake(saveRole(w, "bo", g, &r.Key, "Bestyrelse", group.ManageMembers, group.Moderate, group.ManageMoney)), "auth.self")
	ct.WantKey(t, mistake(saveRole(w, "bo", g, &r.Key, "Bestyrelse", group.ManageMoney)), "auth.self")
	ct.Must(saveRole(w, "bo", g, &r.Key, "Bestyrelsen", group.ManageMembers))(t)
	ct.WantKey(t, mistake(saveRole(w, "bo", g, &r.Key, "Bestyrelsen", group.ManageMembers, group.Moderate)), "auth.self")
	ct.Must(saveRole(w, "anna", g, &r.Key, "Bestyrelsen", group.ManageMembers, group.ManageMoney))(t)
	if got := may(t, w, "bo", g); !slices.Contains(got, group.ManageMoney) {
		t.Errorf("bo may %v", got)
	}
	ct.Must("", deleteRole(w, "bo", g, r.Key))(t)
}

// A change of a role reaches all its holders, however many there are. A person who gets the
// role meanwhile gets it in its new form.
func TestManyHoldersFollowTheirRole(t *testing.T) {
	t.Parallel()
	m := &ct.Moment{}
	w := ct.New(t, m.Option())
	g := w.Group("anna").ID
	r := ct.Must(saveRole(w, "anna", g, nil, "Vært", group.Invite))(t)
	names := []string{"bo"}
	for i := range 44 {
		names = append(names, fmt.Sprint("host-", i))
	}
	w.Join(g, names...)
	for _, name := range names[1:] {
		ct.Must(grant(w, "anna", name, g, r.Key, nil))(t)
	}
	anna := w.As("anna")
	m.Before("update", "group_memberships", func() { // bo is about to get the role, and the group has been read
		ct.Must(saveRole(w, "anna", g, &r.Key, "Vært", group.Moderate))(t)
	})
	ct.Must(w.Groups.GrantRole(anna, group.GrantRoleInput{GroupID: g, PersonID: ct.PersonID("bo"), Key: r.Key}))(t)
	w.Fire()
	for _, name := range names {
		if got := may(t, w, name, g); !slices.Equal(got, []group.Permission{group.Post, group.Moderate}) {
			t.Fatalf("%s may %v", name, got)
		}
	}
}

func TestRolesHaveLimits(t *testing.T) {
	t.Parallel()
	w := ct.New(t)
	g := w.Group("anna").ID
	w.Join(g, "bo")
	var keys []string
	for i := range group.MaxOwnRoles {
		keys = append(keys, ct.Must(saveRole(w, "anna", g, nil, fmt.Sprint("Rolle ", i), group.Post))(t).Key)
	}
	ct.WantKey(t, mistake(saveRole(w, "anna", g, nil, "En til")), "group.role.many")
	ct.Must(saveRole(w, "anna", g, &keys[0], "En anden"))(t)
	for _, key := range keys[:group.MaxHeld] {
		ct.Must(grant(w, "anna", "bo", g, key, nil))(t)
	}
	ct.WantKey(t, mistake(grant(w, "anna", "bo", g, group.RoleLeader, nil)), "group.role.held_many")
	ends := w.Clock.Now().Add(time.Hour)
	ct.Must(grant(w, "anna", "bo", g, keys[0], &ends))(t)
}

// Roles and permissions that only a newer version knows allow nothing, and stay.
func TestRolesOfANewerVersionAreLeftAlone(t *testing.T) {
	t.Parallel()
	w := ct.New(t)
	g := w.Group("anna").ID
	w.Join(g, "bo")
	r := ct.Must(saveRole(w, "anna", g, nil, "Skriver", group.Moderate))(t)
	membershipID := id.Pair(g, ct.PersonID("bo"))
	w.Set(t.Context(), "group_memberships", membershipID, map[string]any{"roles": []map[string]any{{"key": "SECRETARY"}, {"key": r.Key}}})
	w.Set(t.Context(), "groups", g, map[string]any{"roles." + r.Key + ".permissions": []string{"VOTE", "MODERATE"}})
	ct.Must(w.Groups.SetNotifications(w.As("bo"), group.NotificationsInput{GroupID: g, Level: notify.LevelInbox}))(t)
	if got := may(t, w, "bo", g); !slices.Equal(got, []group.Permission{group.Post, group.Moderate}) {
		t.Errorf("bo may %v", got)
	}
	if got := held(t, w, "bo", g); !slices.Equal(got, []string{group.RoleMember, r.Key}) {
		t.Errorf("bo holds %v", got)
	}
	if left := membershipOf(t, w, "bo", g); len(left.Holds) != 2 || left.Holds[0].Key != "SECRETARY" {
		t.Errorf("left of it: %v", left.Holds)
	}
	ct.Must(saveRole(w, "anna", g, &r.Key, "Sekretær", group.Invite))(t)
	stored := ct.Must(w.Groups.Load(t.Context(), []string{g}))(t)[g].OwnRoles[r.Key]
	if !slices.Equal(stored.Permissions, []group.Permission{group.Invite, "VOTE"}) {
		t.Errorf("stored %v", stored.Permissions)
	}
	// Only a leader may give permissions that this version does not know.
	w.Join(g, "cara", "dan")
	ct.Must(grant(w, "anna", "cara", g, group.RoleCaretaker, nil))(t)
	ct.WantKey(t, mistake(grant(w, "cara", "dan", g, r.Key, nil)), "group.role.not_held")
	ct.Must(grant(w, "anna", "dan", g, r.Key, nil))(t)
}
