package meeting

import (
	"context"

	"go.mongodb.org/mongo-driver/v2/bson"
	"go.mongodb.org/mongo-driver/v2/mongo/options"

	"faellesskab/internal/mongodb"
)

// erasePage is how many documents one call takes a person out of.
const erasePage = 100

func proposedBy(personID string) bson.D { return bson.D{{Key: "items.proposedBy", Value: personID}} }

func writtenBy(personID string) bson.D { return bson.D{{Key: "writtenBy", Value: personID}} }

func markOfPerson(personID string) bson.D { return bson.D{{Key: "personId", Value: personID}} }

func (s store) walkProposed(personID string) mongodb.Walk[Agenda] {
	return mongodb.Walk[Agenda]{Op: "walk items of a person", Collection: s.db.Collection(agendas), Filter: proposedBy(personID),
		SortKey: "_id", Position: func(a *Agenda) (any, string) { return nil, a.ID }}
}

func (s store) walkWritten(personID string) mongodb.Walk[Minutes] {
	return mongodb.Walk[Minutes]{Op: "walk minutes of a person", Collection: s.db.Collection(minutes), Filter: writtenBy(personID),
		SortKey: "_id", Position: func(m *Minutes) (any, string) { return nil, m.ID }}
}

func (s store) walkMarks(personID string) mongodb.Walk[mark] {
	return mongodb.Walk[mark]{Op: "walk marks of a person", Collection: s.db.Collection(feedbackMarks), Filter: markOfPerson(personID),
		SortKey: "_id", Position: func(m *mark) (any, string) { return nil, m.ID }}
}

// eraseProposer takes a person from the items of agendas. Whoever saves an agenda meanwhile is refused by its version, and
// an agenda that somebody has saved meanwhile is found again.
func (s store) eraseProposer(ctx context.Context, personID string) (left bool, err error) {
	list, err := mongodb.All[*Agenda](ctx, "agendas of a person", s.db.Collection(agendas), proposedBy(personID), options.Find().SetLimit(erasePage))
	for _, a := range list {
		for i := range a.Items {
			if a.Items[i].ProposedBy == personID {
				a.Items[i].ProposedBy = ""
			}
		}
		_, err := s.db.Collection(agendas).UpdateOne(ctx, bson.D{{Key: "_id", Value: a.ID}, {Key: "version", Value: a.Version}},
			bson.D{{Key: "$set", Value: bson.D{{Key: "items", Value: a.Items}}}, {Key: "$inc", Value: bson.D{{Key: "version", Value: 1}}}})
		if err != nil {
			return false, mongodb.Translate("erase proposer", err)
		}
	}
	return len(list) > 0, err
}

// eraseWriter takes a person from the minutes that they have written.
func (s store) eraseWriter(ctx context.Context, personID string) (left bool, err error) {
	_, err = s.db.Collection(minutes).UpdateMany(ctx, writtenBy(personID), bson.D{{Key: "$set", Value: bson.D{{Key: "writtenBy", Value: ""}}}})
	return false, mongodb.Translate("erase writer", err)
}

func (s store) eraseMarks(ctx context.Context, personID string) (left bool, err error) {
	_, err = s.db.Collection(feedbackMarks).DeleteMany(ctx, markOfPerson(personID))
	return false, mongodb.Translate("erase marks", err)
}

func (s store) followUps(ctx context.Context, dateIDs []string) (map[string]*followUp, error) {
	return mongodb.ByIDs(ctx, "find follow-ups", s.db.Collection(followUps), dateIDs, func(f *followUp) string { return f.ID })
}

// insertFollowUp writes that a date is followed up. Returns Conflict if it was.
func (s store) insertFollowUp(ctx context.Context, f *followUp) error {
	_, err := s.db.Collection(followUps).InsertOne(ctx, f)
	return mongodb.Translate("insert follow-up", err)
}
