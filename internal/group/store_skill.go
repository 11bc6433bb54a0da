package group

import (
	"context"

	"go.mongodb.org/mongo-driver/v2/bson"
	"go.mongodb.org/mongo-driver/v2/mongo/options"

	"faellesskab/internal/mongodb"
	"faellesskab/internal/page"
	"faellesskab/internal/person"
)

// skilled are the members of a group who are found by this term, longest in it first.
func (s store) skilled(ctx context.Context, groupID string, term string, k page.Keyset) ([]*Membership, error) {
	filter := bson.D{{Key: "groupId", Value: groupID}, {Key: "skills", Value: term}, {Key: "state", Value: StateActive}}
	if !k.IsStart() {
		filter = append(filter, mongodb.After("since", false, k.Time(), k.ID)...)
	}
	return s.expireAll(mongodb.All[*Membership](ctx, "find members by skill", s.db.Collection(memberships), filter,
		options.Find().SetSort(mongodb.KeysetSort("since", false)).SetLimit(int64(k.Limit))))
}

// copySkills copies what a person is found by into those of their memberships, or one of them, in which they are active and
// whose copy is older. The version of the memberships stays, since nothing has changed that the person's copies have.
func (s store) copySkills(ctx context.Context, which bson.D, p *person.Person) error {
	change := bson.D{{Key: "$set", Value: bson.D{{Key: "skills", Value: p.Findable()}, {Key: "skillsAsOf", Value: p.SkillsVersion}}}}
	if len(p.Findable()) == 0 {
		change = bson.D{{Key: "$set", Value: bson.D{{Key: "skillsAsOf", Value: p.SkillsVersion}}}, {Key: "$unset", Value: bson.D{{Key: "skills", Value: ""}}}}
	}
	older := bson.D{{Key: "$not", Value: bson.D{{Key: "$gte", Value: p.SkillsVersion}}}}
	_, err := s.memberships().UpdateMany(ctx, append(which, bson.E{Key: "state", Value: StateActive}, bson.E{Key: "skillsAsOf", Value: older}), change)
	return mongodb.Translate("copy skills", err)
}

func (s store) copySkillsToAll(ctx context.Context, p *person.Person) error {
	return s.copySkills(ctx, bson.D{{Key: "personId", Value: p.ID}}, p)
}

func (s store) copySkillsTo(ctx context.Context, m *Membership, p *person.Person) error {
	return s.copySkills(ctx, s.memberships().One(m.ID), p)
}
