package meeting_test

import (
	"fmt"
	"slices"
	"strings"
	"sync"
	"testing"

	ct "faellesskab/internal/community/communitytest"
	"faellesskab/internal/event"
	"faellesskab/internal/fault"
	"faellesskab/internal/meeting"
	"faellesskab/internal/testkit"
)

func results(w *ct.World, who string, e *event.Event) *meeting.Feedback {
	w.T.Helper()
	date := ct.DateOf(e.ID)
	return ct.Must(w.Meetings.FeedbackOf(w.As(who), []string{date}))(w.T)[date]
}

// An organiser who looks again after every answer learns nobody's: what is shown changes by five answers or more, or not at
// all.
func TestNobodyIsFoundByComparingTwoViews(t *testing.T) {
	t.Parallel()
	w, e, names := over(t, 12)
	want := []int{0, 0, 0, 0, 5, 5, 5, 5, 5, 10, 10, 10}
	for i, name := range names {
		if err := give(w, name, e, 1+i%5, "fra "+name); err != nil {
			t.Fatal(err)
		}
		count, texts := 0, 0
		if f := results(w, "anna", e); f != nil {
			count, texts = f.Count, len(f.Texts)
		}
		if count != want[i] || texts != count {
			t.Errorf("after %d answers %d are shown, with %d texts; want %d", i+1, count, texts, want[i])
		}
	}
}

// Whoever first looks late sees all there is, and then again nothing new until five more have answered.
func TestWhoLooksLateSeesAll(t *testing.T) {
	t.Parallel()
	w, e, names := over(t, 12)
	for i, name := range names {
		if err := give(w, name, e, 3, ""); err != nil {
			t.Fatal(err)
		}
		if want := map[int]int{6: 7, 7: 7, 10: 7, 11: 12}[i]; want > 0 {
			if f := results(w, "anna", e); f == nil || f.Count != want {
				t.Errorf("after %d answers the organiser sees %+v, want %d", i+1, f, want)
			}
		}
	}
}

// Organisers who look at the same moment, while people answer, see the same steps.
func TestThoseWhoLookAtTheSameMomentSeeTheSame(t *testing.T) {
	t.Parallel()
	w, e, names := over(t, 17)
	var looking sync.WaitGroup
	var mu sync.Mutex
	seen, done := map[int]bool{0: true}, make(chan struct{})
	for range 3 {
		as := w.As("anna")
		looking.Go(func() {
			for isOver := false; !isOver; {
				select {
				case <-done:
					isOver = true
				default:
				}
				found, err := w.Meetings.FeedbackOf(as, []string{ct.DateOf(e.ID)})
				if err != nil {
					t.Error(err)
				}
				if f := found[ct.DateOf(e.ID)]; f != nil {
					mu.Lock()
					seen[f.Count] = true
					mu.Unlock()
				}
			}
		})
	}
	for _, name := range names {
		if err := give(w, name, e, 3, ""); err != nil {
			t.Error(err)
		}
	}
	close(done)
	looking.Wait()
	var steps []int
	for n := range seen {
		steps = append(steps, n)
	}
	slices.Sort(steps)
	for i := range steps[1:] {
		if steps[i+1]-steps[i] < 5 {
			t.Errorf("views of %v answers", steps)
		}
	}
	if len(steps) < 2 {
		t.Error("nobody saw anything")
	}
}

// Whoever began to look before an answer more came sees what another organiser has been shown meanwhile, and not one more.
func TestWhoIsLateSeesWhatTheFirstHasSeen(t *testing.T) {
	t.Parallel()
	w, e, names := over(t, 6)
	for i, name := range names {
		if i == 5 {
			results(w, "anna", e)
		}
		if err := give(w, name, e, 3, ""); err != nil {
			t.Fatal(err)
		}
	}
	if f := ct.Must(w.Meetings.LateView(w.As("anna"), ct.DateOf(e.ID)))(t); f == nil || f.Count != 5 {
		t.Errorf("the second sees %+v", f)
	}
}

// The order of the texts is not that in which they were given, and an answer is kept with its day and nothing finer.
func TestNothingTellsWhenAnAnswerWasGiven(t *testing.T) {
	t.Parallel()
	w, e, names := over(t, 20)
	var given []string
	for _, name := range names {
		if err := give(w, name, e, 3, "fra "+name); err != nil {
			t.Fatal(err)
		}
		given = append(given, "fra "+name)
	}
	f := results(w, "anna", e)
	if slices.Equal(f.Texts, given) || len(f.Texts) != len(given) {
		t.Errorf("the texts stand as they were given: %v", f.Texts)
	}
	snapshot := testkit.Take(t, w.DB)
	for _, a := range snapshot.Docs(t, "feedback_answers") {
		fields := make([]string, 0, len(a))
		for field := range a {
			fields = append(fields, field)
		}
		slices.Sort(fields)
		if !slices.Equal(fields, []string{"_id", "day", "of", "rating", "text"}) || len(a["day"].(string)) != len("2027-06-05") {
			t.Errorf("an answer is kept as %v", a)
		}
	}
	for _, r := range snapshot.Docs(t, "feedback_results") {
		ids := fmt.Sprint(r["answers"])
		sorted := strings.Fields(strings.Trim(ids, "[]"))
		if !slices.IsSorted(sorted) || len(sorted) != 20 {
			t.Errorf("the results keep the order in which answers came: %s", ids)
		}
	}
}

// Of calls of one person at the same moment one counts, under whatever keys they come.
func TestOnePersonAnswersOnceAlsoAtTheSameMoment(t *testing.T) {
	t.Parallel()
	w, e, names := over(t, 1)
	as := w.As(names[0])
	var calls sync.WaitGroup
	var mu sync.Mutex
	given := 0
	for i := range 8 {
		calls.Go(func() {
			_, err := w.Meetings.GiveFeedback(as, meeting.GiveFeedbackInput{OccurrenceID: new(ct.DateOf(e.ID)), Rating: 1 + i%5})
			mu.Lock()
			defer mu.Unlock()
			switch {
			case err == nil:
				given++
			case !fault.Is(err, fault.KindConflict):
				t.Error(err)
			}
		})
	}
	calls.Wait()
	if answers, marks := w.Count("feedback_answers"), w.Count("feedback_marks"); given != 1 || answers != 1 || marks != 1 {
		t.Errorf("%d calls succeeded; %d answers, %d marks", given, answers, marks)
	}
}

// A process that dies between the answer and its mark loses no answer, and may double one.
func TestACrashLosesNoAnswer(t *testing.T) {
	t.Parallel()
	w, e, names := over(t, 1)
	for writes := range 4 {
		crasher := testkit.NewCrasher()
		dying := w.Again(testkit.WithCrasher(crasher))
		as := dying.As(names[0])
		crasher.Revive()
		crasher.After(writes)
		if _, err := dying.Meetings.GiveFeedback(as, meeting.GiveFeedbackInput{OccurrenceID: new(ct.DateOf(e.ID)), Rating: 4}); err == nil {
			break
		}
	}
	if err := give(w, names[0], e, 4, ""); err != nil && !fault.Is(err, fault.KindConflict) {
		t.Error(err)
	}
	answers, marks := w.Count("feedback_answers"), w.Count("feedback_marks")
	if answers < 1 || marks != 1 {
		t.Errorf("%d answers, %d marks", answers, marks)
	}
}

// Under one key only the first answer counts, and a repeat leaves no trace of what it said.
func TestARepeatLeavesNoTrace(t *testing.T) {
	t.Parallel()
	w, e, names := over(t, 1)
	for _, said := range []string{"foerstesvar", "andetsvar"} {
		_, err := w.Meetings.GiveFeedback(w.As(names[0]), meeting.GiveFeedbackInput{ClientMutationID: new("5f0c6c1e-8a1b-4a57-9d5e-1f2a3b4c5d6e"),
			OccurrenceID: new(ct.DateOf(e.ID)), Rating: 3, Text: &said})
		if err != nil {
			t.Error(err)
		}
	}
	w.Drain()
	if at := testkit.MentionsAnywhere(t, w.DB, "foerstesvar"); len(at) != 1 || len(at["feedback_answers"]) != 1 {
		t.Errorf("the first answer is in %v", at)
	}
	if at := testkit.MentionsAnywhere(t, w.DB, "andetsvar"); len(at) > 0 {
		t.Errorf("the second answer is in %v", at)
	}
}
