package group_test

import (
	"testing"

	"faellesskab/internal/auth"
	ct "faellesskab/internal/community/communitytest"
	"faellesskab/internal/fault"
	"faellesskab/internal/group"
	"faellesskab/internal/id"
	"faellesskab/internal/optional"
)

func TestNoGroupTakesTheNameOfAnother(t *testing.T) {
	t.Parallel()
	w := ct.New(t)
	areas := ct.Must(w.LoadAreas(t.Context()))(t)
	here, there := areas[0], areas[1]
	lokalforum := ct.Must(w.Groups.EnsureLokalforum(t.Context(), here))(t)
	support := w.Grant("support", auth.RoleCommunityBuilder)
	ct.Must(w.Groups.Create(support, group.CreateInput{Name: "Udvalget for Trivsel", Kind: group.KindCommittee, Visibility: group.VisibilityPublic, JoinPolicy: group.JoinOpen}))(t)
	in := func(areaID, name string, visibility group.Visibility) func(*group.CreateInput) {
		return func(in *group.CreateInput) {
			in.Name, in.Visibility = name, visibility
			if in.AreaID = &areaID; areaID == "" {
				in.AreaID = nil
			}
		}
	}
	w.Group("anna", in(here.ID, "Strikkeklubben", group.VisibilityPublic))
	w.Group("anna", in(here.ID, "Den Lille", group.VisibilityHidden))
	g := w.Group("anna", in(here.ID, "Haveholdet", group.VisibilityPublic))
	for _, tc := range []struct {
		areaID, name string
		taken        bool
	}{
		{here.ID, "Strikkekluḃben", true},
		{here.ID, "Strikkek1ubben", true},
		{here.ID, "Strikke-klubben", true},
		{here.ID, "Strikkeklubben", false}, // an honest namesake
		{here.ID, "STRIKKEKLUBBEN", false},
		{there.ID, "Strikkek1ubben", false}, // another area
		{"", "Strikkek1ubben", false},
		{here.ID, "Den LiIle", false}, // a refusal would tell of a hidden group
		{there.ID, lokalforum.Name, true},
		{"", lokalforum.Name + ".", true},
		{"", "udvalget for trivsel", true},
		{"", "Udvalget for Triνsel", true}, // a Greek ν
		{"", "Holbæk kommune", true},
		{here.ID, "Haveholdet 2", false},
	} {
		create := group.CreateInput{Kind: group.KindAssociation, JoinPolicy: group.JoinOpen}
		in(tc.areaID, tc.name, group.VisibilityPublic)(&create)
		_, err := w.Groups.Create(w.As("bo"), create)
		_, edited := w.Groups.Update(w.As("anna"), group.UpdateInput{GroupID: g.ID, Name: optional.Of(tc.name)})
		if tc.taken {
			ct.WantKey(t, err, "group.name_taken")
		} else if err != nil {
			t.Errorf("%q: %v", tc.name, err)
		}
		if tc.areaID == here.ID && tc.taken {
			ct.WantKey(t, edited, "group.name_taken")
		}
	}
	if _, err := w.Groups.Update(w.As("anna"), group.UpdateInput{GroupID: g.ID, Name: optional.Of("Haveholdet!")}); err != nil {
		t.Errorf("a group may look like itself: %v", err)
	}
	twin := w.Group("bo", in(there.ID, "Strikkek1ubben", group.VisibilityPublic))
	_, err := w.Groups.Update(w.As("bo"), group.UpdateInput{GroupID: twin.ID, AreaID: optional.Of(here.ID)})
	ct.WantKey(t, err, "group.name_taken")
}

// A lokalforum is that of its area, and an area must exist.
func TestAGroupMovesToAnotherArea(t *testing.T) {
	t.Parallel()
	w := ct.New(t)
	areas := ct.Must(w.LoadAreas(t.Context()))(t)
	lokalforum := ct.Must(w.Groups.EnsureLokalforum(t.Context(), areas[0]))(t)
	support := w.Grant("support", auth.RoleCommunityBuilder)
	for _, areaID := range []optional.Edit[string]{optional.Of(areas[1].ID), optional.Null[string]()} {
		_, err := w.Groups.Update(support, group.UpdateInput{GroupID: lokalforum.ID, AreaID: areaID})
		ct.WantKey(t, err, "group.lokalforum.stays")
	}
	if _, err := w.Groups.Update(support, group.UpdateInput{GroupID: lokalforum.ID, AreaID: optional.Of(areas[0].ID)}); err != nil {
		t.Errorf("its own area: %v", err)
	}
	g := w.Group("anna")
	_, err := w.Groups.Update(w.As("anna"), group.UpdateInput{GroupID: g.ID, AreaID: optional.Of(id.Derive(id.Area, "nowhere"))})
	ct.WantKind(t, err, fault.KindNotFound)
	_, err = w.Groups.Update(w.As("anna"), group.UpdateInput{GroupID: g.ID, AreaID: optional.Of(g.ID)})
	ct.WantKind(t, err, fault.KindInvalid)
}

// A group that comes into the open is looked at as a new one is.
func TestAGroupThatIsShownTakesNoName(t *testing.T) {
	t.Parallel()
	w := ct.New(t)
	area := ct.Must(w.LoadAreas(t.Context()))(t)[0]
	named := func(name string, visibility group.Visibility) func(*group.CreateInput) {
		return func(in *group.CreateInput) { in.Name, in.Visibility, in.AreaID = name, visibility, &area.ID }
	}
	hidden := w.Group("bo", named("Strikkek1ubben", group.VisibilityHidden))
	w.Group("anna", named("Strikkeklubben", group.VisibilityPublic))
	_, err := w.Groups.Update(w.As("bo"), group.UpdateInput{GroupID: hidden.ID, Visibility: optional.Of(group.VisibilityPublic)})
	ct.WantKey(t, err, "group.name_taken")
	for _, in := range []group.UpdateInput{
		{Description: optional.Of("Vi strikker.")},
		{Visibility: optional.Of(group.VisibilityPublic), Name: optional.Of("Bos strikkeklub")},
		{Visibility: optional.Of(group.VisibilityMembers)},
	} {
		in.GroupID = hidden.ID
		if _, err := w.Groups.Update(w.As("bo"), in); err != nil {
			t.Errorf("%+v: %v", in, err)
		}
	}
}

// A resident cannot keep the municipality from its names by taking one that looks like it first.
func TestTheMunicipalityTakesItsNames(t *testing.T) {
	t.Parallel()
	w := ct.New(t)
	w.Group("bo", func(in *group.CreateInput) { in.Name, in.AreaID = "Udvalget for Triνsel", nil }) // a Greek ν
	support := w.Grant("support", auth.RoleCommunityBuilder)
	committee := group.CreateInput{Name: "Udvalget for Trivsel", Kind: group.KindCommittee, Visibility: group.VisibilityPublic, JoinPolicy: group.JoinOpen}
	if _, err := w.Groups.Create(support, committee); err != nil {
		t.Errorf("a committee: %v", err)
	}
	committee.Name = "Udvalget for Tr1vsel"
	_, err := w.Groups.Create(support, committee)
	ct.WantKey(t, err, "group.name_taken")
}
