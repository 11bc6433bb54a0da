package event_test

import (
	"slices"
	"testing"

	ct "faellesskab/internal/community/communitytest"
	"faellesskab/internal/event"
	"faellesskab/internal/group"
	"faellesskab/internal/page"
)

// People who may check others in see who comes, even if they may not post events. Besides them only
// people who may post events do.
func TestWhoChecksInSeesWhoComes(t *testing.T) {
	t.Parallel()
	w := ct.New(t)
	g := w.Group("anna")
	w.Join(g.ID, "bo", "cara")
	door := ct.Must(w.Groups.SaveRole(w.As("anna"), group.SaveRoleInput{GroupID: g.ID, Name: "Døren", Permissions: []group.Permission{group.CheckIn}}))(t)
	ct.Must(w.Groups.GrantRole(w.As("anna"), group.GrantRoleInput{GroupID: g.ID, PersonID: ct.PersonID("bo"), Key: door.Key}))(t)
	ct.Must(w.Groups.GrantRole(w.As("anna"), group.GrantRoleInput{GroupID: g.ID, PersonID: ct.PersonID("cara"), Key: group.RoleTreasurer}))(t)
	e, draft := w.PublishedEvent("anna", g.ID, nil), w.Draft("anna", g.ID, nil)
	date := ct.Must(w.Events.Occurrence(w.As("anna"), ct.DateOf(e.ID)))(t)
	for name, sees := range map[string]bool{"anna": true, "bo": true, "cara": false, "zoe": false} {
		_, err := w.Events.Attendances(w.As(name), date, e, nil, page.Args{First: 1})
		if offered := slices.Contains(w.Events.CanOfDate(w.As(name), date, e, nil), event.ActionViewAttendances); offered != sees || (err == nil) != sees {
			t.Errorf("%s is offered to see who comes: %t, and gets %v", name, offered, err)
		}
	}
	if _, err := w.Events.Get(w.As("bo"), draft.ID); err == nil {
		t.Error("whoever checks in sees a draft")
	}
}
