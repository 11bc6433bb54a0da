package notify

import (
	"os"
	"regexp"
	"slices"
	"testing"
	"time"

	"faellesskab/internal/id"
)

// Every reason and rule of this version is known. One that the list left out would be
// taken for a newer version's, and would not be shown.
func TestEveryReasonAndRuleIsKnown(t *testing.T) {
	t.Parallel()
	declared := func(file, pattern string) []string {
		source, err := os.ReadFile(file)
		if err != nil {
			t.Fatal(err)
		}
		var list []string
		for _, found := range regexp.MustCompile(pattern).FindAllSubmatch(source, -1) {
			list = append(list, string(found[1]))
		}
		return list
	}
	reasons := declared("reason.go", `\bReason\w+\s+ReasonKind = "(\w+)"`)
	for _, k := range reasons {
		if !(Reason{Kind: ReasonKind(k)}).IsKnown() {
			t.Errorf("reason %s is not known", k)
		}
	}
	rules := declared("decide.go", `\bRule\w+\s+Rule = "(\w+)"`)
	for _, r := range rules {
		if !slices.Contains(Rules, Rule(r)) {
			t.Errorf("rule %s is not known", r)
		}
	}
	if len(reasons) < 9 || len(rules) != len(Rules) {
		t.Errorf("%d reasons, %d rules", len(reasons), len(rules))
	}
}

// A reason with words but without a type of its own is shown with its subject. One
// without words is taken for a newer version's.
func TestAReasonOfANewNounIsAboutItsSubject(t *testing.T) {
	t.Parallel()
	r := Reason{Kind: "BOOKING_COURSE", Subject: "crs_1"}
	why, ok := r.Why("crs_1", map[string]string{"Title": "Knob"}).(*SubjectReason)
	if !ok || !r.IsKnown() || why.SubjectID() != "crs_1" || why.Text(t.Context()) == "" || why.Text(t.Context()) == why.StopText(t.Context()) {
		t.Errorf("the reason is shown as %+v", why)
	}
	if (Reason{Kind: "NEIGHBOUR"}).IsKnown() {
		t.Error("a reason without words is known")
	}
}

// News that a booking has ended does not claim that the person is still signed up.
func TestAReasonOfAnEndedBookingSaysThatItWas(t *testing.T) {
	t.Parallel()
	title := map[string]string{"Title": "Knob"}
	for subject, want := range map[string]string{
		id.NewAt(id.Event, time.Unix(0, 0)):  "Fordi du var tilmeldt Knob",
		id.NewAt(id.Course, time.Unix(0, 0)): "Fordi du var tilmeldt kurset Knob",
	} {
		had, has := Reason{Kind: ReasonHadBooking, Subject: subject}.Why(subject, title), Reason{Kind: ReasonBooking, Subject: subject}.Why(subject, title)
		if got := had.Text(t.Context()); got != want {
			t.Errorf("it says %q, want %q", got, want)
		}
		if _, ok := had.(*BookingReason); !ok || had.StopText(t.Context()) != has.StopText(t.Context()) || has.Text(t.Context()) == want {
			t.Errorf("%+v beside %+v", had, has)
		}
	}
}
