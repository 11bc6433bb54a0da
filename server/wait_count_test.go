package main

import (
	"testing"

	"faellesskab/internal/testkit"
)

// The parts of an operation are counted as they begin and end, whatever the document is made of: none is left
// when it is over (the harness looks at that), and what belongs together is read together.
func TestPartsAreCountedInEveryDocument(t *testing.T) {
	t.Parallel()
	s := newStage(t, testkit.WithPatience())
	s.names["date"] = s.fillFeed(2, 3)[0]
	for _, c := range []struct {
		name, document string
		variables      vars
	}{
		{name: "no relation", document: `{ __typename }`},
		{name: "introspection beside relations", document: `{ __schema { types { name fields { name } } } viewer { person { id } } __type(name: "Event") { fields { name type { name } } } }`},
		{name: "aliases of one field", document: `{ a: viewer { person { id } } b: viewer { x: person { id } y: person { homeArea { id } } } }`},
		{name: "one field twice", document: `{ viewer { person { id } } viewer { person { homeArea { id } } memberships(first: 3) { totalCount edges { node { group { id } } } } } }`},
		{name: "fragments in fragments", document: `query { viewer { ...A ... { ...B } ... on Viewer { ...A } } } fragment A on Viewer { person { id ...C } } fragment B on Viewer { person { ...C } } fragment C on Person { homeArea { communityBuilders { id } } }`},
		{name: "left out by variables", document: `query ($no: Boolean!, $yes: Boolean!) { viewer @skip(if: $no) { person @include(if: $no) { id } unreadNoticeCount @skip(if: $yes) upcoming(first: 5) @include(if: $yes) { edges { node { ... @skip(if: $yes) { group { id } } place { name } } } } } other: viewer @include(if: $no) { person { id } } }`,
			variables: vars{"no": false, "yes": true}},
		{name: "an interface by its interface and by its types", document: `{ viewer { upcoming(first: 10) { pageInfo { hasNextPage } edges { node { __typename ... on CalendarEntry { group { id } viewerBooking { id person { id } } } ... on Node { id ... on Occurrence { group { name memberships { totalCount } } event { organiser { id } group { id } } } } ... on CourseSession { course { id } viewerBooking { position } } } } } } }`},
		{name: "a union", document: `mutation ($d: ID!) { attendEvent(input: {occurrenceId: $d}) { outcome { ... on BookingConfirmed { booking { person { id } ... on Attendance { occurrence { event { organiser { id } } } } } } ... on WaitlistJoined { booking { person { id } } } } occurrence { event { group { id } } } } }`,
			variables: vars{"d": "$date"}},
		{name: "nodes with what is missing, malformed, twice", document: `query ($a: ID!, $b: ID!, $c: ID!, $p: ID!, $d: ID!) { nodes(ids: [$a, $b, $b, $c, "nonsense", $p]) { __typename id ... on Occurrence { event { group { id } } } ... on Event { occurrences { edges { node { viewerBooking { id } } } } organiser { id } } ... on Person { homeArea { id } } } node(id: $d) { ... on Occurrence { event { id organiser { id } } } } }`,
			variables: vars{"a": "$date", "b": "$event", "c": "unknown.evt", "p": "$member", "d": "$date"}},
		{name: "a root field that fails beside others", document: `query { broken: node(id: "nonsense") { id ... on Event { organiser { id } } } groups(first: 99) { edges { node { name } } } viewer { person { id } memberships(first: 0) { edges { node { group { id } } } } upcoming { edges { node { group { id } } } } } }`},
		{name: "what may not be seen", document: `query ($d: ID!) { node(id: $d) { ... on Occurrence { attendances { edges { node { person { id } } } } event { viewerCan occurrences { edges { node { attendances { edges { node { person { id } } } } } } } } } } }`,
			variables: vars{"d": "$date"}},
		{name: "several mutations", document: `mutation ($e: ID!) { a: muteThread(input: {subjectId: $e}) { settings { mutedThreads { ... on Event { organiser { id } group { id } } } } } b: unmuteThread(input: {subjectId: $e}) { settings { mutedThreads { id } } } __typename }`,
			variables: vars{"e": "$event"}},
		{name: "the inbox", document: `{ viewer { notices(first: 20, filter: {isUnread: true}) { edges { node { id why { text ... on GroupMemberReason { group { id } } } subject { __typename ... on Event { organiser { id } } ... on Occurrence { event { id } } } } } } unreadNoticeCount } }`},
	} {
		got := s.answer("member", "", c.document, c.variables)
		if got["data"] == nil {
			t.Errorf("%s: it was not executed: %v", c.name, got["errors"])
		}
	}
}

// Arguments that cannot be read are found before anything begins: a field with such would never begin, and the
// others would wait for it.
func TestArgumentsThatCannotBeReadAreFoundBefore(t *testing.T) {
	t.Parallel()
	s := newStage(t, testkit.WithPatience())
	for document, variables := range map[string]vars{
		`query ($i: ID = "x") { node(id: $i) { id } viewer { person { id } } }`:                                           {"i": nil},
		`query ($n: Int = 3) { viewer { memberships(first: $n) { totalCount } person { id } } }`:                          {"n": nil},
		`query ($n: Int) { viewer { memberships(first: $n) { totalCount } person { id } } }`:                              {"n": 3000000000},
		`query ($i: ID = "x") { nodes(ids: [$i]) { id } viewer { person { id } } }`:                                       {"i": nil},
		`query ($k: NoticeKind) { viewer { notices(filter: {kinds: [$k]}) { edges { node { id } } } person { id } } }`:    {},
		`query ($k: [NoticeKind!]) { viewer { notices(filter: {kinds: $k}) { edges { node { id } } } person { id } } }`:   {"k": []any{"NO_SUCH"}},
		`query ($f: NoticeFilter) { viewer { notices(filter: $f) { edges { node { id } } } person { id } } }`:             {"f": vars{"kinds": []any{nil}}},
		`query ($d: DateTime) { occurrences(filter: {from: $d}) { edges { node { id } } } viewer { person { id } } }`:     {"d": "yesterday"},
		`query ($b: Boolean = true) { viewer @skip(if: $b) { person { id } } other: viewer { person { id } } }`:           {"b": nil},
		`query ($d: OrderDirection) { occurrences(order: {field: STARTS_AT, direction: $d}) { edges { node { id } } } }`:  {"d": nil},
		`{ occurrences(filter: {from: "2026-02-30T10:00:00Z"}) { edges { node { id } } } viewer { person { id } } }`:      nil,
		`{ occurrences(order: {field: STARTS_AT, direction: "ASC"}) { edges { node { id } } } viewer { person { id } } }`: nil,
		`{ viewer { memberships(first: 99999999999999999999) { totalCount } person { id } } }`:                            nil,
		`{ viewer { notices(filter: {isUnread: 1}) { edges { node { id } } } person { id } } }`:                           nil,
	} {
		if got := s.answer("member", "", document, variables); got["data"] != nil || got["errors"] == nil {
			t.Errorf("%s with %v was executed: %v", document, variables, got)
		}
	}
}
