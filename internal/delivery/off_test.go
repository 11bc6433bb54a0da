package delivery_test

import (
	"fmt"
	"slices"
	"testing"

	ct "faellesskab/internal/community/communitytest"
	"faellesskab/internal/event"
	"faellesskab/internal/notify"
)

// Whoever turns their phone on after a day is shown everything that was pushed meanwhile: one news does not
// take the place of another. FCM keeps at most four collapse keys for an Android phone.
func TestADayWithThePhoneOffLosesNothing(t *testing.T) {
	t.Parallel()
	w, g := club(t, "bo")
	many := 20
	put(w, "bo", func(s *notify.Settings) { s.Pushes = &many })
	phone := w.Phones
	phone.TurnOff("bo")
	var want []string
	for i := range 6 {
		e := later(w, g)
		title := fmt.Sprint("Fest nr. ", i)
		w.MustAttend("bo", e.ID, 0)
		work(w)
		ct.Must(w.Events.Cancel(w.As("anna"), event.CancelInput{EventID: e.ID, Reason: &title}))(t)
		work(w)
		want = append(want, e.ID+" EVENT_CANCELLED", e.ID+" EVENT_PUBLISHED")
	}
	wantPushed(t, w)
	phone.TurnOn("bo")
	var got []string
	keys := map[string]bool{}
	for _, p := range phone.Pushes() {
		got = append(got, p.Data["subjectId"]+" "+p.Data["kind"])
		keys[p.CollapseKey] = true
	}
	slices.Sort(got)
	slices.Sort(want)
	if !slices.Equal(got, want) || len(keys) > 4 {
		t.Errorf("the phone shows %v under the keys %v, want %v", got, keys, want)
	}
}

// A summary takes the place of the one before, if the phone was off for both.
func TestAPhoneThatWasOffShowsTheLastSummary(t *testing.T) {
	t.Parallel()
	w, g := club(t, "bo")
	none := 0
	put(w, "bo", func(s *notify.Settings) { s.Pushes = &none })
	w.Phones.TurnOff("bo")
	for _, day := range []string{"2026-05-01", "2026-05-02"} {
		later(w, g)
		work(w)
		until(t, w, day+"T18:00")
		work(w)
		work(w)
	}
	w.Phones.TurnOn("bo")
	if list := w.Phones.Pushes(); len(list) != 1 || list[0].Data["kind"] != "SUMMARY" || len(summariesOf(w, "bo")) != 2 {
		t.Errorf("the phone shows %+v", list)
	}
}
