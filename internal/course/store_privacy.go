package course

import (
	"go.mongodb.org/mongo-driver/v2/bson"

	"faellesskab/internal/mongodb"
)

func (s store) walkEnrolments(personID string) mongodb.Walk[Enrolment] {
	return mongodb.Walk[Enrolment]{Op: "walk enrolments", Collection: s.db.Collection(enrolments), Filter: bson.D{{Key: "personId", Value: personID}},
		SortKey: "createdAt", Position: func(e *Enrolment) (any, string) { return e.CreatedAt, e.ID }}
}
