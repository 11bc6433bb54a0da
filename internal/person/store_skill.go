package person

import (
	"context"

	"go.mongodb.org/mongo-driver/v2/bson"

	"faellesskab/internal/outbox"
)

// setSkills writes what people say of their skills, and grants that have changed: nil for one that is taken back. Returns
// VERSION_CONFLICT if the person has changed since that version, or has been erased.
func (s store) setSkills(ctx context.Context, p *Person, oldVersion int, grants map[string]*SkillGrant, b outbox.Batch) error {
	set := bson.D{{Key: "saidSkills", Value: p.SaidSkills}, {Key: "skillsTaught", Value: p.SkillsTaught}, {Key: "skillsWanted", Value: p.OwnSkillsWanted},
		{Key: "skillsVisibleTo", Value: p.SkillsVisibleTo}, {Key: "skillsVersion", Value: p.SkillsVersion}, {Key: "version", Value: p.Version}}
	update, gone := bson.D{}, bson.D{}
	for skillID, g := range grants {
		if g == nil {
			gone = append(gone, bson.E{Key: "skills." + skillID, Value: ""})
		} else {
			set = append(set, bson.E{Key: "skills." + skillID, Value: *g})
		}
	}
	if update = append(update, bson.E{Key: "$set", Value: set}); len(gone) > 0 {
		update = append(update, bson.E{Key: "$unset", Value: gone})
	}
	return s.updateVersion(ctx, p.ID, oldVersion, outbox.Stamp(update, b))
}
