package person

import (
	"cmp"
	"context"
	"slices"

	"go.mongodb.org/mongo-driver/v2/bson"

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
	sums, err := s.store.wantedTogether(ctx, f)
	if err != nil {
		return nil, err
	}
	people := map[SkillWishes]int{}
	for _, sum := range sums {
		for _, skillID := range sum.Of.SkillIDs {
			if f.SkillID == nil || skillID == *f.SkillID {
				people[SkillWishes{SkillID: skillID, AreaID: sum.areaID()}] += sum.N
			}
		}
	}
	list := make([]SkillWishes, 0, len(people))
	for of, n := range people {
		if of.People = n; n >= f.Least {
			list = append(list, of)
		}
	}
	slices.SortFunc(list, func(a, b SkillWishes) int {
		return cmp.Or(b.People-a.People, cmp.Compare(a.SkillID, b.SkillID), cmp.Compare(a.AreaID, b.AreaID))
	})
	return list[:min(len(list), f.Limit)], nil
}

// wantedTogether is how many people of an area want just these skills.
type wantedTogether struct {
	Of struct {
		SkillIDs []string `bson:"skillIds"`
		AreaID   *string  `bson:"areaId"` // nil: they have none
	} `bson:"_id"`
	N int `bson:"n"`
}

func (w *wantedTogether) areaID() string {
	if w.Of.AreaID == nil {
		return ""
	}
	return *w.Of.AreaID
}

// wantedTogether groups people by their area and all that they want: the embedded database cannot take lists apart
// without losing the rest of the document.
func (s store) wantedTogether(ctx context.Context, f SkillWishFilter) ([]wantedTogether, error) {
	wanted := any(bson.D{{Key: "$gte", Value: ""}}) // whoever wants any
	if f.SkillID != nil {
		wanted = *f.SkillID
	}
	match := bson.D{{Key: "skillsWanted", Value: wanted}}
	if f.AreaID != nil {
		match = append(match, bson.E{Key: "homeAreaId", Value: *f.AreaID})
	}
	of := bson.D{{Key: "skillIds", Value: "$skillsWanted"}, {Key: "areaId", Value: "$homeAreaId"}}
	return mongodb.Sums[wantedTogether](ctx, "count wishes for skills", s.db.Collection(collection), bson.A{
		bson.D{{Key: "$match", Value: match}},
		bson.D{{Key: "$group", Value: bson.D{{Key: "_id", Value: of}, {Key: "n", Value: bson.D{{Key: "$sum", Value: 1}}}}}},
	})
}
