package byhand

import (
	"context"
	"time"

	"go.mongodb.org/mongo-driver/v2/bson"
	"go.mongodb.org/mongo-driver/v2/mongo/options"
	"golang.org/x/sync/errgroup"
)

const (
	groupsToJoin  = 10
	skillsToLearn = 50
)

type joinableGroup struct {
	ID               string     `bson:"_id"         json:"id"`
	Name             string     `bson:"name"        json:"name"`
	SortName         string     `bson:"sortName"    json:"-"`
	Kind             string     `bson:"kind"        json:"kind"`
	JoinPolicy       string     `bson:"joinPolicy"  json:"joinPolicy"`
	MemberCount      int        `bson:"memberCount" json:"memberCount"`
	ArchivedAt       *time.Time `bson:"archivedAt"  json:"archivedAt"`
	AreaID           *string    `bson:"areaId"      json:"-"`
	ViewerMembership *ownPlace  `bson:"-"           json:"viewerMembership"`
	ViewerCan        []string   `bson:"-"           json:"viewerCan"`
}

type ownPlace struct {
	ID      string `bson:"_id"     json:"id"`
	GroupID string `bson:"groupId" json:"-"`
	State   string `bson:"state"   json:"state"`
}

// groupInAnArea is a group of the list, which also says where it is.
type groupInAnArea struct {
	*joinableGroup
	Area *id `json:"area"`
}

type areaToJoin struct {
	ID         string         `json:"id"`
	Slug       string         `json:"slug"`
	Name       string         `json:"name"`
	MainTown   string         `json:"mainTown"`
	Contacts   []contact      `json:"contacts"`
	Builders   []atWork       `json:"communityBuilders"`
	Lokalforum *joinableGroup `json:"lokalforum"`
}

type profile struct {
	ID           string   `json:"id"`
	DisplayName  string   `json:"displayName"`
	Language     string   `json:"language"`
	HomeArea     *id      `json:"homeArea"`
	Interests    []string `json:"interests"`
	SkillsWanted []id     `json:"skillsWanted"`
}

type skillNode struct {
	ID        string `json:"id"`
	Name      string `json:"name"`
	IsRetired bool   `json:"isRetired"`
}

type skill struct {
	ID      string `bson:"_id"`
	Name    texts  `bson:"name"`
	Retired bool   `bson:"retired"`
}

type onboardingAnswer struct {
	Viewer struct {
		Person       profile  `json:"person"`
		Capabilities []string `json:"capabilities"`
	} `json:"viewer"`
	Areas  []areaToJoin        `json:"areas"`
	Groups list[groupInAnArea] `json:"groups"`
	Skills struct {
		Edges []edge[skillNode] `json:"edges"`
	} `json:"skills"`
}

// onboarding is what a new resident can choose from.
func (h *handler) onboarding(ctx context.Context, c call) (any, error) {
	var a onboardingAnswer
	g, ctx := errgroup.WithContext(ctx)
	g.Go(func() error { return h.readAreasToJoin(ctx, c.viewer, &a) })
	g.Go(func() error { return h.readGroupsToJoin(ctx, c.viewer, &a) })
	g.Go(func() error {
		skills, err := find[skill](ctx, h.skills, bson.D{{Key: "retired", Value: bson.D{{Key: "$ne", Value: true}}}},
			options.Find().SetSort(bson.D{{Key: "sortName", Value: 1}, {Key: "_id", Value: 1}}).SetLimit(skillsToLearn+1))
		for _, s := range skills[:min(len(skills), skillsToLearn)] {
			a.Skills.Edges = append(a.Skills.Edges, edge[skillNode]{skillNode{s.ID, s.Name.danish(), s.Retired}})
		}
		return err
	})
	return &a, g.Wait()
}

// readAreasToJoin reads the areas; then their community builders together with the viewer, and beside them
// their groups, which are named after them.
func (h *handler) readAreasToJoin(ctx context.Context, viewer *person, a *onboardingAnswer) error {
	areas, err := h.allAreas(ctx)
	if err != nil {
		return err
	}
	var people map[string]*fullPerson
	var forums map[string]*joinableGroup
	g, ctx := errgroup.WithContext(ctx)
	g.Go(func() (err error) {
		people, err = h.peopleAtWork(ctx, append(builders(areas), viewer.ID))
		return err
	})
	g.Go(func() (err error) { forums, err = h.readForums(ctx, viewer, areas); return err })
	if err := g.Wait(); err != nil {
		return err
	}
	a.Areas = make([]areaToJoin, len(areas))
	for i := range areas {
		of := &areas[i]
		a.Areas[i] = areaToJoin{of.ID, of.Slug, of.Name, of.MainTown, of.Contacts, of.builders(people), forums[forumOf(of.ID)]}
	}
	own := people[viewer.ID]
	if own == nil {
		return errUnauthenticated
	}
	a.Viewer.Capabilities = []string{}
	a.Viewer.Person = profile{own.ID, own.DisplayName, own.Language, nil, own.Interests, make([]id, len(own.SkillsWanted))}
	if own.HomeAreaID != "" {
		a.Viewer.Person.HomeArea = &id{own.HomeAreaID}
	}
	for i, wanted := range own.SkillsWanted {
		a.Viewer.Person.SkillsWanted[i] = id{wanted}
	}
	return nil
}

// forumOf is the id of the group of an area, which is made from the area's.
func forumOf(area string) string { return derive("grp", "lokalforum\x00"+area) }

func (h *handler) readForums(ctx context.Context, viewer *person, areas []storedArea) (map[string]*joinableGroup, error) {
	ids := make([]string, len(areas))
	for i := range areas {
		ids[i] = forumOf(areas[i].ID)
	}
	groups, err := find[joinableGroup](ctx, h.groups, byIDs(ids))
	if err != nil {
		return nil, err
	}
	byID := make(map[string]*joinableGroup, len(groups))
	for i := range groups {
		byID[groups[i].ID] = &groups[i]
	}
	return byID, h.readPlaces(ctx, viewer, ids, groups)
}

// readPlaces adds the viewer's own places to groups, and what the viewer can do.
func (h *handler) readPlaces(ctx context.Context, viewer *person, ids []string, groups []joinableGroup) error {
	places := make([]string, len(ids))
	for i, group := range ids {
		places[i] = group + ":" + viewer.ID
	}
	own, err := find[ownPlace](ctx, h.memberships, append(bson.D{{Key: "groupId", Value: bson.D{{Key: "$in", Value: ids}}}}, byIDs(places)...))
	if err != nil {
		return err
	}
	byGroup := make(map[string]*ownPlace, len(own))
	for i := range own {
		byGroup[own[i].GroupID] = &own[i]
	}
	for i := range groups {
		groups[i].ViewerMembership, groups[i].ViewerCan = byGroup[groups[i].ID], []string{"JOIN"}
		if groups[i].ViewerMembership != nil {
			groups[i].ViewerCan = []string{"LEAVE", "MUTE", "VIEW_MEMBERS"}
		}
	}
	return nil
}

func (h *handler) readGroupsToJoin(ctx context.Context, viewer *person, a *onboardingAnswer) error {
	groups, err := find[joinableGroup](ctx, h.groups, bson.D{{Key: "listing", Value: bson.D{{Key: "$in", Value: viewer.openTo()}}}},
		options.Find().SetSort(bson.D{{Key: "sortName", Value: 1}, {Key: "_id", Value: 1}}).SetLimit(groupsToJoin+1))
	if err != nil || len(groups) == 0 {
		return err
	}
	shown := groups[:min(len(groups), groupsToJoin)]
	ids := make([]string, len(shown))
	for i := range shown {
		ids[i] = shown[i].ID
	}
	if err := h.readPlaces(ctx, viewer, ids, shown); err != nil {
		return err
	}
	for i := range shown {
		node := groupInAnArea{joinableGroup: &shown[i]}
		if shown[i].AreaID != nil {
			node.Area = &id{*shown[i].AreaID}
		}
		a.Groups.add(node)
	}
	last := &shown[len(shown)-1]
	a.Groups.PageInfo.HasNextPage = len(groups) > groupsToJoin
	a.Groups.PageInfo.EndCursor, err = cursorBehind("groups", last.SortName, last.ID)
	return err
}
