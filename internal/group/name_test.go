package group_test

import (
	"testing"

	"faellesskab/internal/auth"
	ct "faellesskab/internal/community/communitytest"
	"faellesskab/internal/group"
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
}
