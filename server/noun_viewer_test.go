package main

// viewerNoun has the rows of what only the signed-in person sees.
func viewerNoun() noun {
	return noun{
		name: "viewer", access: viewerAccess,
		sentAgain: []accessCall{
			asks("viewer and all of it", `viewer { capabilities person { id displayName homeArea { id } roles capabilities capabilityGrants { capability } interests skillsWanted { id } }
				memberships { edges { node { id notifications group { name } } } } upcoming { edges { node { id title ... on Occurrence { event { title } } } } } past { edges { node { id title ... on Occurrence { event { title } } } } }
				notices { edges { node { id title body subject { id } } } } skills { id } enrolments { edges { node { id course { id } } } } }`, "").ofOneself(),
		},
		lists: map[string]pagedList{
			"Viewer.memberships": {"resident-1", `viewer { %s }`, `list: memberships(%s)`, 4},
			"Viewer.upcoming":    {"resident-1", `viewer { %s }`, `list: upcoming(%s)`, 6},
			"Viewer.past":        {"resident-1", `viewer { %s }`, `list: past(%s)`, 2},
			"Viewer.notices":     {"resident-1", `viewer { %s }`, `list: notices(%s)`, -1},
			"Viewer.enrolments":  {"resident-1", `viewer { %s }`, `list: enrolments(%s)`, 3},
		},
		neverNull: map[string]string{
			"Viewer.capabilities": "worked out of who is signed in: nothing is read for it",
			"Viewer.person":       "without the person there is no viewer either",
		},
	}
}

var viewerAccess = []accessCall{
	asks("viewer", `viewer { person { id } unreadNoticeCount }`, ""),
	asks("viewer: learning", `viewer { learning { done { why } running { why } wished { reason why skill { id } wish { id } } suggested { course { id } } } }`, "viewer.learning.wished"),
}
