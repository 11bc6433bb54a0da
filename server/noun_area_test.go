package main

import (
	"faellesskab/internal/area"
)

// areaNoun has the rows of the local areas, their contact persons and fælles-skabere.
func areaNoun() noun {
	return noun{
		nudges: map[string]nudge{
			"Area": {"areas", vars{"mainTown": "Nyby"}, "mainTown", "Nyby"},
		},
		name: "area", access: areaAccess, crash: areaCrash, notices: areaNotices,
		world: func(w *accessWorld) {
			areas := w.must("", `{ areas { id lokalforum { id } } }`, nil)
			w.ids["area"], w.ids["lokalforum"] = areas.text("areas", 0, "id"), areas.text("areas", 0, "lokalforum", "id")
			w.send("staff-1", `assignCommunityBuilder(input: {areaId: $area, personId: $builder}) { area { id } }`)
		},
		lists: map[string]pagedList{
			"Area.groups":         {"resident-1", `area(id: $area) { %s }`, `list: groups(%s)`, 6},
			"Area.upcomingEvents": {"resident-1", `area(id: $area) { %s }`, `list: upcomingEvents(%s)`, 3},
		},
		neverNull: map[string]string{
			"Area.communityBuilders": "who is gone is left out",
		},
		pages:     func(w *pagesWorld) { w.ids["area"] = w.must("", `{ areas { id } }`, nil).text("areas", 0, "id") },
		stored:    map[string]enums{"areas": {"contacts.kind": "ContactKind"}},
		questions: map[string]string{"areas: | sortName _id": "all areas, by name"},
	}
}

var crashArea = area.IDOf("tuse-naes")

var areaAccess = []accessCall{
	asks("areas", `areas { id name }`, ""),
	asks("area", `area(id: $area) { id missingContacts }`, ""),
	asks("area: groups", `area(id: $area) { groups { edges { node { id } } } }`, "area.groups"),
	asks("area: upcomingEvents", `area(id: $area) { upcomingEvents { edges { node { id } } } }`, "area.upcomingEvents"),
	asks("area: communityBuilders", `area(id: $area) { communityBuilders { id } }`, "area.communityBuilders"),
	does("setAreaContacts", `setAreaContacts(input: {areaId: $area, contacts: []}) { area { id } }`),
	does("assignCommunityBuilder", `assignCommunityBuilder(input: {areaId: $area, personId: $builder}) { area { id } }`),
	does("unassignCommunityBuilder", `unassignCommunityBuilder(input: {areaId: $area, personId: $builder}) { area { id } }`),
	asks("node of an area", `node(id: $area) { id }`, ""),
}

var areaNotices = []noticeCase{
	{"HANDED_OVER", "staff", func(r *crashRig) {
		r.arrange("staff", "assignCommunityBuilder", vars{"areaId": crashArea, "personId": crashPerson("builder")}, "area { id }")
		r.arrange("admin", "grantRole", vars{"personId": crashPerson("staff"), "role": "COMMUNITY_BUILDER"}, "person { id }")
		r.arrange("admin", "handOver", vars{"fromId": crashPerson("builder"), "toId": crashPerson("staff"), "reason": "Går på barsel."}, "to { id }")
	}},
}

var areaCrash = []crashCase{
	{"setAreaContacts", func(*crashRig) crashCall {
		return crashCall{"staff", "setAreaContacts", vars{"areaId": crashArea, "contacts": []vars{{"kind": "LOCAL", "name": "Anna"}}},
			"area { version contacts { kind name } }"}
	}},
	{"assignCommunityBuilder", func(*crashRig) crashCall {
		return crashCall{"staff", "assignCommunityBuilder", vars{"areaId": crashArea, "personId": crashPerson("builder")},
			"area { version communityBuilders { id } }"}
	}},
	{"unassignCommunityBuilder", func(r *crashRig) crashCall {
		in := vars{"areaId": crashArea, "personId": crashPerson("builder")}
		r.arrange("staff", "assignCommunityBuilder", in, "area { id }")
		return crashCall{"staff", "unassignCommunityBuilder", in, "area { version communityBuilders { id } }"}
	}},
}
