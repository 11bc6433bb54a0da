package person

import (
	"context"

	"go.mongodb.org/mongo-driver/v2/bson"
	"go.mongodb.org/mongo-driver/v2/mongo/options"

	"faellesskab/internal/mongodb"
)

// SkillWishFilter says which wishes for skills are counted.
type SkillWishFilter struct {
	SkillID *string // nil: all
	AreaID  *string // of the people's homes; nil: all
	Least   int     // how many people want a skill in an area that is listed
	Limit   int
}

// SkillWishes is how many people of an area want to learn a skill.
type SkillWishes struct {
	SkillID string
	AreaID  string // empty: those without an area
	People  int
}

// SkillWishes counts who wants to learn which skill, by area, the most first. It names nobody.
func (s *Service) SkillWishes(ctx context.Context, f SkillWishFilter) ([]SkillWishes, error) {
	return s.store.skillWishes(ctx, f)
}

func (s store) skillWishes(ctx context.Context, f SkillWishFilter) ([]SkillWishes, error) {
	wanted := any(bson.D{{Key: "$gte", Value: ""}}) // whoever wants any
	if f.SkillID != nil {
		wanted = *f.SkillID
	}
	match := bson.D{{Key: "skillsWanted", Value: wanted}}
	if f.AreaID != nil {
		match = append(match, bson.E{Key: "homeAreaId", Value: *f.AreaID})
	}
	pipeline := bson.A{bson.D{{Key: "$match", Value: match}}, bson.D{{Key: "$unwind", Value: "$skillsWanted"}}}
	if f.SkillID != nil {
		pipeline = append(pipeline, bson.D{{Key: "$match", Value: bson.D{{Key: "skillsWanted", Value: wanted}}}})
	}
	of := bson.D{{Key: "skillId", Value: "$skillsWanted"}, {Key: "areaId", Value: "$homeAreaId"}}
	sums, err := mongodb.Sums[struct {
		Of struct {
			SkillID string  `bson:"skillId"`
			AreaID  *string `bson:"areaId"`
		} `bson:"_id"`
		N int `bson:"n"`
	}](ctx, "count wishes for skills", s.db.Collection(collection), append(pipeline,
		bson.D{{Key: "$group", Value: bson.D{{Key: "_id", Value: of}, {Key: "n", Value: bson.D{{Key: "$sum", Value: 1}}}}}},
		bson.D{{Key: "$match", Value: bson.D{{Key: "n", Value: bson.D{{Key: "$gte", Value: f.Least}}}}}},
		bson.D{{Key: "$sort", Value: bson.D{{Key: "n", Value: -1}, {Key: "_id", Value: 1}}}},
		bson.D{{Key: "$limit", Value: f.Limit}}))
	list := make([]SkillWishes, len(sums))
	for i, sum := range sums {
		list[i] = SkillWishes{SkillID: sum.Of.SkillID, People: sum.N}
		if sum.Of.AreaID != nil {
			list[i].AreaID = *sum.Of.AreaID
		}
	}
	return list, err
}

// WantSkill reports whether anybody wants to learn one of these skills.
func (s *Service) WantSkill(ctx context.Context, skillIDs []string) (bool, error) {
	if len(skillIDs) == 0 {
		return false, nil
	}
	list, err := mongodb.All[struct {
		ID string `bson:"_id"`
	}](ctx, "find somebody who wants a skill", s.DB.Collection(collection), bson.D{{Key: "skillsWanted", Value: bson.D{{Key: "$in", Value: skillIDs}}}},
		options.Find().SetProjection(bson.D{{Key: "_id", Value: 1}}).SetLimit(1))
	return len(list) > 0, err
}
