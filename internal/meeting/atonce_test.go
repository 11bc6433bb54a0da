package meeting_test

import (
	"errors"
	"fmt"
	"sync"
	"testing"

	ct "faellesskab/internal/community/communitytest"
	"faellesskab/internal/fault"
	"faellesskab/internal/meeting"
)

// Of those who save an agenda at the same moment one is kept whole, and the others are told: no item that somebody was told is
// saved is gone, and no id is given twice. Whoever does not say on which version theirs is based takes the place of the whole.
func TestAgendasThatAreSavedAtTheSameMoment(t *testing.T) {
	t.Parallel()
	w := ct.New(t)
	g := w.Group("anna")
	e := w.PublishedEvent("anna", g.ID, nil)
	as := w.As("anna")
	agenda := func() *meeting.Agenda { return ct.Must(w.Meetings.Agendas(as, []string{e.ID}))(t)[e.ID] }
	add := func(text string) error {
		was := agenda()
		in := meeting.SaveAgendaInput{EventID: e.ID, ExpectedVersion: new(was.Number())}
		for _, item := range was.List() {
			in.Items = append(in.Items, meeting.AgendaItemInput{ID: &item.ID, Text: item.Text})
		}
		in.Items = append(in.Items, meeting.AgendaItemInput{Text: text})
		_, err := w.Meetings.SaveAgenda(as, in)
		return err
	}
	replace := func(text string) error {
		_, err := w.Meetings.SaveAgenda(as, meeting.SaveAgendaInput{EventID: e.ID, Items: []meeting.AgendaItemInput{{Text: text}}})
		return err
	}
	atOnce(t, 6, add)
	texts, ids := map[string]bool{}, map[string]bool{}
	for _, item := range agenda().List() {
		texts[item.Text], ids[item.ID] = true, true
	}
	if len(texts) != 6 || len(ids) != 6 || agenda().Number() != 6 {
		t.Errorf("%d texts and %d ids in version %d", len(texts), len(ids), agenda().Number())
	}
	atOnce(t, 6, replace)
	if a := agenda(); len(a.Items) != 1 || a.Number() != 12 {
		t.Errorf("%d items in version %d", len(a.Items), a.Number())
	}
}

// atOnce saves at the same moment, each again until it is not told of a conflict.
func atOnce(t *testing.T, n int, save func(text string) error) {
	t.Helper()
	var calls sync.WaitGroup
	for i := range n {
		calls.Go(func() {
			f := (*fault.Error)(nil)
			err := save(fmt.Sprintf("Punkt %d", i))
			for errors.As(err, &f) && f.Code == fault.CodeVersionConflict {
				err = save(fmt.Sprintf("Punkt %d", i))
			}
			if err != nil {
				t.Error(err)
			}
		})
	}
	calls.Wait()
}
