package person_test

import (
	"slices"
	"testing"

	"faellesskab/internal/area"
	"faellesskab/internal/audit"
	"faellesskab/internal/auth"
	ct "faellesskab/internal/community/communitytest"
	"faellesskab/internal/fault"
	"faellesskab/internal/group"
	"faellesskab/internal/person"
)

func handing(from, to string) person.HandOverInput {
	return person.HandOverInput{FromID: ct.PersonID(from), ToID: ct.PersonID(to), Reason: "Hun går på barsel."}
}

// committee is a committee that somebody with SUPPORT has started and leads.
func committee(t *testing.T, w *ct.World, leader string) *group.Group {
	t.Helper()
	g := ct.Must(w.Groups.Create(w.As(leader), group.CreateInput{Name: "Udvalget", Kind: group.KindCommittee, Visibility: group.VisibilityPublic, JoinPolicy: group.JoinInvite}))(t)
	w.RunPending()
	return g
}

// What an employee supports, leads and organises by office goes to a colleague, and what is theirs as a resident
// stays.
func TestTheWorkOfAnEmployeeGoesToAnother(t *testing.T) {
	t.Parallel()
	w := ct.New(t)
	admin, staff := w.Grant("admin", auth.RoleAdmin), w.Grant("staff", auth.RoleStaff)
	w.Grant("anna", auth.RoleCommunityBuilder)
	w.Grant("bo", auth.RoleCommunityBuilder)
	areas := ct.Must(w.LoadAreas(t.Context()))(t)
	for _, a := range areas[:2] {
		ct.Must(w.Areas.Assign(staff, area.AssignInput{AreaID: a.ID, PersonID: ct.PersonID("anna")}))(t)
	}
	ct.Must(w.Areas.Assign(staff, area.AssignInput{AreaID: areas[1].ID, PersonID: ct.PersonID("bo")}))(t)
	own := w.Group("anna")
	work := committee(t, w, "anna")
	office, private := w.PublishedEvent("anna", work.ID, nil), w.PublishedEvent("anna", own.ID, nil)
	w.Drain()     // bo is no member yet, and hears nothing of the events
	for range 2 { // the second time there is nothing left to do
		ct.Must(w.People.HandOver(admin, handing("anna", "bo")))(t)
		w.RunPending()
	}
	for _, a := range ct.Must(w.Areas.List(t.Context()))(t) {
		if builders := a.CommunityBuilderIDs; slices.Contains(builders, ct.PersonID("anna")) || slices.Contains(builders, ct.PersonID("bo")) && len(builders) != 1 {
			t.Errorf("%s has %v", a.Name, builders)
		}
	}
	if got := len(ct.Must(w.Areas.BuiltBy(t.Context(), ct.PersonID("bo")))(t)); got != 2 {
		t.Errorf("bo supports %d areas", got)
	}
	groups := ct.Must(w.Groups.Load(t.Context(), []string{work.ID, own.ID}))(t)
	if got := groups[work.ID].LeaderIDs; !slices.Equal(got, []string{ct.PersonID("bo")}) {
		t.Errorf("the committee is led by %v", got)
	}
	if got := groups[own.ID].LeaderIDs; !slices.Equal(got, []string{ct.PersonID("anna")}) {
		t.Errorf("anna's own group is led by %v", got)
	}
	w.Drain()
	var told []string
	for _, n := range w.Notices("bo") {
		title, body := w.Read("bo", n)
		told = append(told, title+": "+body)
	}
	slices.Sort(told)
	// Bo supports the second area already, and is told of nothing twice.
	if want := []string{
		"Du er nu arrangør i Udvalget: Du har overtaget en kollegas arbejde, og gruppens kommende arrangementer følger med.",
		"Du er nu fælles-skaber i " + areas[0].Name + ": Du har overtaget en kollegas arbejde, og området følger med.",
		"Du leder nu Udvalget: Du har overtaget en kollegas arbejde, og gruppen følger med.",
	}; !slices.Equal(told, want) {
		t.Errorf("bo reads %q", told)
	}
	if heard := w.Notices("anna"); len(heard) != 0 {
		t.Errorf("anna is told %+v", heard)
	}
	for eventID, want := range map[string]string{office.ID: "bo", private.ID: "anna"} {
		if e := ct.Must(w.Events.Get(w.As("anna"), eventID))(t); e.OrganiserID != ct.PersonID(want) {
			t.Errorf("%s is organised by %s", e.Title, e.OrganiserID)
		}
	}
	log := ct.Must(w.Audit.Of(t.Context(), ct.PersonID("anna")))(t)
	if !slices.ContainsFunc(log, func(e audit.Entry) bool {
		return e.Action == "handOver" && e.Actor == ct.PersonID("admin") && e.Details["to"] == ct.PersonID("bo") && e.Details["reason"] != ""
	}) {
		t.Errorf("the record says %+v", log)
	}
}

// Nobody takes over what they have given themselves, and residents neither give nor take.
func TestWhoCannotHandOver(t *testing.T) {
	t.Parallel()
	w := ct.New(t)
	staff := w.Grant("staff", auth.RoleStaff)
	w.Grant("anna", auth.RoleCommunityBuilder)
	w.As("bo")
	areas := ct.Must(w.LoadAreas(t.Context()))(t)
	ct.Must(w.Areas.Assign(staff, area.AssignInput{AreaID: areas[0].ID, PersonID: ct.PersonID("anna")}))(t)
	w.Grant("pia", auth.RoleStaff)
	for _, c := range []struct{ from, to, key string }{
		{"anna", "staff", "auth.self"},
		{"bo", "pia", "person.handover.from"},
		{"anna", "bo", "person.handover.to"},
		{"anna", "pia", "area.builder.role"},
		{"anna", "nobody", "person.not_found"},
		{"nobody", "anna", "person.not_found"},
	} {
		_, err := w.People.HandOver(staff, handing(c.from, c.to))
		ct.WantKey(t, err, c.key)
	}
	_, err := w.People.HandOver(staff, handing("anna", "anna"))
	ct.WantField(t, err, "input.toId")
	_, err = w.People.HandOver(w.As("bo"), handing("anna", "pia"))
	ct.WantKind(t, err, fault.KindForbidden)
	if log := ct.Must(w.Audit.Of(t.Context(), ct.PersonID("anna")))(t); slices.ContainsFunc(log, func(e audit.Entry) bool { return e.Action == "handOver" }) {
		t.Errorf("the record says %+v", log)
	}
}

// Whoever leaves between the call and what follows it gets nothing, and the work stays where it was.
func TestWorkStaysWhenWhoeverGetsItIsGone(t *testing.T) {
	t.Parallel()
	m := &ct.Moment{}
	w := ct.New(t, m.Option())
	staff, admin := w.Grant("staff", auth.RoleStaff), w.Grant("admin", auth.RoleAdmin)
	w.Grant("anna", auth.RoleCommunityBuilder)
	w.Grant("bo", auth.RoleCommunityBuilder)
	areas := ct.Must(w.LoadAreas(t.Context()))(t)
	ct.Must(w.Areas.Assign(staff, area.AssignInput{AreaID: areas[0].ID, PersonID: ct.PersonID("anna")}))(t)
	work := committee(t, w, "anna")
	m.Before("update", "persons", func() { // the call has looked at both, and not written yet
		ct.Must(w.People.RevokeRole(admin, person.RoleInput{PersonID: ct.PersonID("bo"), Role: auth.RoleCommunityBuilder}))(t)
	})
	ct.Must(w.People.HandOver(staff, handing("anna", "bo")))(t)
	w.RunPending()
	if got := len(ct.Must(w.Areas.BuiltBy(t.Context(), ct.PersonID("anna")))(t)); got != 1 {
		t.Errorf("anna supports %d areas", got)
	}
	if g := ct.Must(w.Groups.Load(t.Context(), []string{work.ID}))(t)[work.ID]; !slices.Equal(g.LeaderIDs, []string{ct.PersonID("anna")}) {
		t.Errorf("the committee is led by %v", g.LeaderIDs)
	}
}
