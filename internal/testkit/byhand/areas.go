package byhand

import (
	"context"
	"slices"

	"go.mongodb.org/mongo-driver/v2/bson"
	"go.mongodb.org/mongo-driver/v2/mongo/options"
)

type storedArea struct {
	ID         string    `bson:"_id"`
	Slug       string    `bson:"slug"`
	Name       string    `bson:"name"`
	MainTown   string    `bson:"mainTown"`
	Contacts   []contact `bson:"contacts"`
	BuilderIDs []string  `bson:"communityBuilderIds"`
}

type contact struct {
	Kind  string  `bson:"kind"  json:"kind"`
	Name  string  `bson:"name"  json:"name"`
	Phone *string `bson:"phone" json:"phone"`
	Email *string `bson:"email" json:"email"`
}

// fullPerson is a person with all that anybody may be asked for.
type fullPerson struct {
	ID           string   `bson:"_id"`
	DisplayName  string   `bson:"displayName"`
	Language     string   `bson:"language"`
	HomeAreaID   string   `bson:"homeAreaId"`
	Interests    []string `bson:"interests"`
	SkillsWanted []string `bson:"skillsWanted"`
	WorkPhone    string   `bson:"workPhone"`
	WorkEmail    string   `bson:"workEmail"`
}

// atWork is how a person can be reached at work.
type atWork struct {
	ID          string  `json:"id"`
	DisplayName string  `json:"displayName"`
	WorkPhone   *string `json:"workPhone"`
	WorkEmail   *string `json:"workEmail"`
}

func (p *fullPerson) atWork() atWork {
	return atWork{p.ID, p.DisplayName, orNull(p.WorkPhone), orNull(p.WorkEmail)}
}

func orNull(s string) *string {
	if s == "" {
		return nil
	}
	return &s
}

func (h *handler) allAreas(ctx context.Context) ([]storedArea, error) {
	return find[storedArea](ctx, h.areas, bson.D{}, options.Find().SetSort(bson.D{{Key: "sortName", Value: 1}, {Key: "_id", Value: 1}}))
}

// builders are the ids of the community builders of some areas.
func builders(areas []storedArea) []string {
	var ids []string
	for i := range areas {
		ids = append(ids, areas[i].BuilderIDs...)
	}
	return ids
}

func (a *storedArea) builders(people map[string]*fullPerson) []atWork {
	list := make([]atWork, 0, len(a.BuilderIDs))
	for _, id := range a.BuilderIDs {
		if p := people[id]; p != nil {
			list = append(list, p.atWork())
		}
	}
	return list
}

// peopleAtWork are people by their ids.
func (h *handler) peopleAtWork(ctx context.Context, ids []string) (map[string]*fullPerson, error) {
	slices.Sort(ids)
	people, err := find[fullPerson](ctx, h.persons, byIDs(slices.Compact(ids)))
	byID := make(map[string]*fullPerson, len(people))
	for i := range people {
		byID[people[i].ID] = &people[i]
	}
	return byID, err
}
