package course

import (
	"context"
	"slices"

	"go.mongodb.org/mongo-driver/v2/bson"
	"go.mongodb.org/mongo-driver/v2/mongo/options"

	"faellesskab/internal/mongodb"
)

// erasePage is of how many courses one call takes a person from those who teach.
const erasePage = 100

func taughtBy(personID string) bson.D { return bson.D{{Key: "teaching", Value: personID}} }

func (s store) walkTaught(personID string) mongodb.Walk[Course] {
	return mongodb.Walk[Course]{Op: "walk courses of a teacher", Collection: s.db.Collection(courses), Filter: taughtBy(personID),
		SortKey: "_id", Position: func(c *Course) (any, string) { return nil, c.ID }}
}

// eraseTeacher takes a person from those who teach courses or stand in. Whoever changes such a course meanwhile is refused by its
// version, and a course that somebody has changed meanwhile is found again.
func (s store) eraseTeacher(ctx context.Context, personID string) (left bool, err error) {
	list, err := mongodb.All[*Course](ctx, "courses of a teacher", s.db.Collection(courses), taughtBy(personID), options.Find().SetLimit(erasePage))
	for _, c := range list {
		c.TeacherIDs = slices.DeleteFunc(c.TeacherIDs, func(id string) bool { return id == personID })
		for i := range c.Sessions {
			if c.Sessions[i].SubstituteID == personID {
				c.Sessions[i].SubstituteID = ""
			}
		}
		c.setTeaching()
		_, err := s.db.Collection(courses).UpdateOne(ctx, bson.D{{Key: "_id", Value: c.ID}, {Key: "version", Value: c.Version}},
			bson.D{{Key: "$set", Value: bson.D{{Key: "teacherIds", Value: c.TeacherIDs}, {Key: "teaching", Value: c.Teaching}, {Key: "sessions", Value: c.Sessions}}},
				{Key: "$inc", Value: bson.D{{Key: "version", Value: 1}}}})
		if err != nil {
			return false, mongodb.Translate("erase teacher", err)
		}
	}
	return len(list) > 0, err
}
