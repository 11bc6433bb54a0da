package inbox_test

import (
	"slices"
	"testing"

	"faellesskab/internal/inbox"
	"faellesskab/internal/notify"
)

// A reader who was found in several audiences, or at several dates of one event, is told
// each reason once: two that are stopped together are one.
func TestEachReasonIsToldOnce(t *testing.T) {
	t.Parallel()
	n := inbox.Notice{SubjectID: "evt_1", Words: map[string]string{"Title": "Fællesspisning"}, Reasons: []notify.Reason{
		{Kind: notify.ReasonBooking, Subject: "occ_1", Audience: "SEATED"},
		{Kind: notify.ReasonGroupMember, Subject: "grp_1", Audience: "GROUP_MEMBERS"},
		{Kind: notify.ReasonBooking, Subject: "occ_1", Audience: "CONCERNED"},
		{Kind: notify.ReasonBooking, Subject: "occ_2", Audience: "SEATED"},
		{Kind: notify.ReasonGroupMember, Subject: "grp_2", Audience: "GROUP_MEMBERS"},
		{Kind: notify.ReasonGroupMember, Subject: "grp_1", Audience: "PEOPLE"},
	}}
	var got []string
	for _, why := range n.Why() {
		got = append(got, why.Key())
	}
	if want := []string{"BOOKING/occ_1", "GROUP_MEMBER/grp_1", "GROUP_MEMBER/grp_2"}; !slices.Equal(got, want) {
		t.Errorf("reasons %v, want %v", got, want)
	}
}
