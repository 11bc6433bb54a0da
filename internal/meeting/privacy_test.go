package meeting_test

import (
	"slices"
	"strings"
	"testing"

	ct "faellesskab/internal/community/communitytest"
	"faellesskab/internal/meeting"
	"faellesskab/internal/privacy"
	"faellesskab/internal/testkit"
)

// Whoever is erased is named by nothing of a meeting any more; what they wrote for the group stays, and so do answers,
// which are nobody's.
func TestErasureTakesThePersonAndLeavesTheMeeting(t *testing.T) {
	t.Parallel()
	w, e, names := over(t, 1)
	date := ct.DateOf(e.ID)
	next := w.PublishedEvent("anna", e.GroupID, nil)
	for _, who := range []string{"anna", "anna"} {
		items := []meeting.AgendaItemInput{{Text: "Valg"}}
		for _, item := range ct.Must(w.Meetings.Agendas(w.As(who), []string{next.ID}))(t)[next.ID].List() {
			items = append(items, meeting.AgendaItemInput{ID: &item.ID, Text: item.Text})
		}
		ct.Must(w.Meetings.SaveAgenda(w.As(who), meeting.SaveAgendaInput{EventID: next.ID, Items: items}))(t)
	}
	ct.Must(w.Meetings.SaveMinutes(w.As("anna"), meeting.SaveMinutesInput{OccurrenceID: date, Text: "Vi valgte"}))(t)
	if err := give(w, names[0], e, 4, "godt"); err != nil {
		t.Fatal(err)
	}
	entries := slices.DeleteFunc(slices.Clone([]privacy.Collection(w.Privacy)), func(c privacy.Collection) bool {
		return !slices.Contains([]string{"agendas", "minutes", "feedback_marks"}, c.Name)
	})
	for collection, want := range map[string]string{"agendas": "Valg", "minutes": "Vi valgte"} {
		if got := ct.ExportFrom(t, entries, collection, "anna"); len(got) == 0 || !strings.Contains(got[0], want) {
			t.Errorf("of %s anna is given %v", collection, got)
		}
	}
	if got := ct.ExportFrom(t, entries, "feedback_marks", names[0]); len(got) != 1 || !strings.Contains(got[0], date) || strings.Contains(got[0], "godt") {
		t.Errorf("of their feedback they are given %v", got)
	}
	for _, name := range []string{"anna", names[0]} {
		ct.EraseFrom(t, entries, name)
		for _, c := range entries {
			if at := testkit.Mentions(t, w.DB, c.Name, ct.PersonID(name)); len(at) > 0 {
				t.Errorf("%s names %s: %v", c.Name, name, at)
			}
		}
	}
	items := ct.Must(w.Meetings.Agendas(w.As("bo"), []string{next.ID}))(t)[next.ID].List()
	if len(items) != 2 || items[0].ProposedBy != "" || items[0].Text != "Valg" {
		t.Errorf("the agenda is %+v", items)
	}
	if m := ct.Must(w.Meetings.MinutesOf(w.As("bo"), []string{date}))(t)[date]; m == nil || m.Text != "Vi valgte" || m.WrittenBy != "" {
		t.Errorf("the minutes are %+v", m)
	}
	if n := w.Count("feedback_answers"); n != 1 {
		t.Errorf("%d answers", n)
	}
}
