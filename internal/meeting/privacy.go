package meeting

import (
	"context"
	"time"

	"faellesskab/internal/privacy"
)

// collections returns the entries of meetings.
func (s *Service) collections() []privacy.Collection {
	return []privacy.Collection{
		{
			Name: agendas, Basis: privacy.PublicTask, ShardKey: privacy.Unsharded,
			Purpose:   "To show what a meeting is about, and who has put it there.",
			Whose:     "The group's. Of people it names who has put an item on the agenda, and whom the organisers name in its texts.",
			Retention: "As long as the event.",
			Ends:      "Erasure takes out who has put an item there.",
			Kept:      "The items, without a person, because they belong to the group. Whoever is named in a text asks the organisers, who can change it.",
			Export:    s.exportItems, Erase: s.store.eraseProposer,
		},
		{
			Name: minutes, Basis: privacy.PublicTask, ShardKey: privacy.Unsharded,
			Purpose:   "To keep what came out of a date of an event, for those who may see the event.",
			Whose:     "The group's. Of people it names who has written the minutes, and whom they name in the text.",
			Retention: "As long as the event: minutes are the group's history.",
			Ends:      "Erasure takes out who has written them. Organisers can take them back.",
			Kept:      "The minutes, without a person, because they belong to the group. Whoever is named in the text asks the organisers, who can change it.",
			Export:    s.exportMinutes, Erase: s.store.eraseWriter,
		},
		{
			Name: feedbackAnswers, Basis: privacy.NotPersonal, ShardKey: "of",
			Purpose:   "To tell organisers how a date or a session was.",
			Whose:     "Nobody's: an answer is kept with an id from chance and a day, and without a person. Whoever gives it is asked to name nobody.",
			Retention: "As long as the event or the course.",
			Ends:      "Nothing: nobody can tell whose it was.",
		},
		{
			Name: feedbackMarks, Basis: privacy.PublicTask, ShardKey: "_id",
			AskAll:    map[string]string{"personId": "an export or an erasure, which is rare", "until": "the hourly job looks everywhere for what is old"},
			Purpose:   "To know that somebody has given feedback, so that everyone does it once. What they have said is kept apart, without them.",
			Whose:     "Those who have given feedback.",
			Retention: "Until nobody can answer any more, which is 30 days after the end.",
			Ends:      "The end of those days; erasure.",
			Export:    s.exportMarks, Erase: s.store.eraseMarks,
		},
		{
			Name: feedbackResults, Basis: privacy.NotPersonal, ShardKey: privacy.Unsharded,
			Purpose:   "To show organisers more answers only when there are at least five more, so that nobody learns one by comparing.",
			Whose:     "Nobody's: it lists ids of answers, which are from chance, in their own order.",
			Retention: "As long as the answers.",
			Ends:      "Nothing: nobody can tell whose answers they are.",
		},
		{
			Name: followUps, Basis: privacy.NotPersonal, ShardKey: privacy.Unsharded,
			Purpose:   "To ask those who came for feedback, and remind organisers of the minutes, once for each date.",
			Whose:     "Nobody's.",
			Retention: "30 days.",
			Ends:      "The end of those days.",
		},
	}
}

// itemRecord is an item of an agenda in the export of the person who has put it there.
type itemRecord struct {
	EventID string `json:"eventId"`
	Text    string `json:"text"`
}

func (s *Service) exportItems(ctx context.Context, personID string, keep func(record any) error) error {
	return s.store.walkProposed(personID).Each(ctx, func(a *Agenda) error {
		for _, item := range a.Items {
			if item.ProposedBy != personID {
				continue
			}
			if err := keep(itemRecord{EventID: a.ID, Text: item.Text}); err != nil {
				return err
			}
		}
		return nil
	})
}

// minutesRecord are minutes in the export of the person who has written them.
type minutesRecord struct {
	OccurrenceID string    `json:"occurrenceId"`
	Text         string    `json:"text"`
	WrittenAt    time.Time `json:"writtenAt"`
}

func (s *Service) exportMinutes(ctx context.Context, personID string, keep func(record any) error) error {
	return s.store.walkWritten(personID).Each(ctx, func(m *Minutes) error {
		return keep(minutesRecord{OccurrenceID: m.ID, Text: m.Text, WrittenAt: m.WrittenAt})
	})
}

// markRecord says in the export of a person to what they have given feedback. What they said is kept without them.
type markRecord struct {
	Of string `json:"of"`
}

func (s *Service) exportMarks(ctx context.Context, personID string, keep func(record any) error) error {
	return s.store.walkMarks(personID).Each(ctx, func(m *mark) error { return keep(markRecord{m.Of}) })
}
