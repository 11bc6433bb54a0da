package schema_test

import (
	"slices"
	"strings"
	"testing"

	"github.com/vektah/gqlparser/v2"
	"github.com/vektah/gqlparser/v2/ast"
)

// inWords is a schema without complaints, into which each case puts one description that breaks a rule.
const inWords = `
"Lets everyone call the field." directive @public on FIELD_DEFINITION
"An instant of time." scalar DateTime
"A time of day in some zone." scalar LocalDateTime
"Says how many items there are." directive @holds("The largest number." atMost: Int!) on FIELD_DEFINITION
"Lets those call the field who have the capability." directive @can("The one that is needed. Left out or null: see the other." capability: Capability
  "Those of which one is enough. Left out or null: see the other." anyOf: [Capability!]) on FIELD_DEFINITION
"Something that a person may do for the municipality." enum Capability { "Lets its holder write about things to learn." COURSES }
"Everything that can be read." type Query {
  """
  The hours that are left.

  Who may: everyone.

  Codes: none besides those of every field.
  """
  rest("The part that is asked for, in hours. Left out or null: all of it." hours: Int): Day @public
}
"Everything that can be changed." type Mutation {
  """
  Makes a day longer than others.

  Who may: people with the capability COURSES.

  Codes: FORBIDDEN without the capability; VERSION_CONFLICT at ^input^ if another was quicker.
  """
  stretchDay("The values of this call." input: StretchDayInput!): StretchDayPayload @can(capability: COURSES)
}
"The time from midnight to midnight." type Day {
  "The brightness of the sky, in lux. Null if it is night." light: Int
  "Whether people work." isWorkday: Boolean!
  "The name that people have for it: 1–120 characters." name: String!
  "The instant at which the sun rises." sunrise: DateTime!
  "The hour at which people get up, in the zone ^timeZone^." alarm: LocalDateTime!
  "The days that follow, soonest first." following: [Day!]! @holds(atMost: 7)
  "The mood of most people." mood: Mood!
}
"The way in which people feel about a day." enum Mood { "Given when the sun shines." HAPPY }
"By how much the next one gets longer." input StretchDayInput {
  "A key of the app's own. Left out or null: none." clientMutationId: String
  "The hours to add. Left out or null: one." hours: Int
  "The name that people have for the day: 1–120 characters on one line." name: String!
  "The version that was read. Left out or null: any." expectedVersion: Int
  "The mood that is wanted." mood: Mood! = HAPPY
}
"The result of stretching." type StretchDayPayload { "The longer one." day: Day! }
`

// Each rule about words finds a description that breaks it, in each place where one may stand.
func TestLintFindsPoorWords(t *testing.T) {
	good := strings.ReplaceAll(inWords, "^", "`")
	for name, c := range map[string]struct{ old, now, want string }{
		"one word": {`"The brightness of the sky, in lux. Null if it is night."`, `"Light."`,
			"Day.light: the description is one word"},
		"one word of an enum value": {`"Given when the sun shines."`, `"Happy."`,
			"Mood.HAPPY: the description is one word"},
		"a type's name": {`"The time from midnight to midnight."`, `"A day."`,
			"Day: the description only repeats the name"},
		"a field's name": {`"The mood of most people."`, `"The mood."`,
			"Day.mood: the description only repeats the name"},
		"a field's name and its type's": {`"The mood of most people."`, `"The day's own mood."`,
			"Day.mood: the description only repeats the name"},
		"a name in camel case": {`"A key of the app's own. Left out or null: none."`, `"The client mutation id."`,
			"StretchDayInput.clientMutationId: the description only repeats the name"},
		"a name in the plural": {`"The mood of most people."`, `"The moods of these days."`,
			"Day.mood: the description only repeats the name"},
		"the name of what it holds": {`"The longer one."`, `"The new day."`,
			"StretchDayPayload.day: the description only repeats the name"},
		"a value's name": {`"Given when the sun shines."`, `"A happy mood."`,
			"Mood.HAPPY: the description only repeats the name"},
		"an argument's name": {`"The part that is asked for, in hours. Left out or null: all of it."`, `"The hours."`,
			"Query.rest(hours:): the description only repeats the name"},
		"a directive's name": {`"Lets everyone call the field."`, `"It is public."`,
			"@public: the description only repeats the name"},
		"words that say nothing": {`"The mood of most people."`, `"What it is."`,
			"Day.mood: the description only repeats the name"},
		"a value of which nobody knows when it comes": {`"Given when the sun shines."`, `"The sun shines."`,
			`Mood.HAPPY: the description does not say when it is given: "Given when …", "Sent to …", "Chosen for …", "Held by …", "Lets its holder …"`},
		"a value that is given, and nobody knows when": {`"Given when the sun shines."`, `"Given the sun."`,
			`Mood.HAPPY: the description does not say when it is given: "Given when …", "Sent to …", "Chosen for …", "Held by …", "Lets its holder …"`},
		"a clause for a type": {`"The time from midnight to midnight."`, `"How long it is light and dark."`,
			`Day: the description begins with "how": a noun phrase says what it is`},
		"a name in another inflection": {`"The brightness of the sky, in lux. Null if it is night."`, `"The lighting of the day."`,
			"Day.light: the description only repeats the name"},
		"a name as a verb": {`"By how much the next one gets longer." input`, `"The stretching of days." input`,
			"StretchDayInput: the description only repeats the name"},
		"a time that is no instant": {`"The instant at which the sun rises."`, `"The time at which the sun rises."`,
			"Day.sunrise: is a DateTime, but the description does not say that it is an instant"},
		"a local time without a zone": {"people get up, in the zone `timeZone`.", "people get up.",
			"Day.alarm: is a local time, but the description does not say in which zone"},
		"a limit that only the input has": {`"The name that people have for it: 1–120 characters."`, `"The name that people have for it."`,
			`Day.name: does not say "1–120 characters", as StretchDayInput.name does`},
		"a list in no order": {`"The days that follow, soonest first."`, `"The days that follow this one."`,
			"Day.following: is a list, but the description does not say in which order"},
		"people who are nobody": {"Who may: everyone.", "Who may: see above.",
			`Query.rest: "Who may:" begins with "see above.": name people, by one of ["everyone" "people with " "the person " "the members "]`},
		"a sentence that is read twice": {`"The mood of most people."`,
			`"The mood of most people who got up in the morning and looked out of the window to see whether the sun was shining on the other side of the street or whether it was raining there as it had been the day before."`,
			"Day.mood: a sentence has 44 words, want 36 at most: The mood of most people who got up in th…"},
		"what came of it": {`"The result of stretching."`, `"What came of stretching."`,
			`StretchDayPayload: says "came of": say the result of, or what happened to`},
		"to answer for": {`"The mood of most people."`, `"The mood of those who answer for it."`,
			`Day.mood: says "answer for": say is responsible for`},
		"for good": {`"The mood of most people."`, `"The mood that stays for good."`,
			`Day.mood: says "for good": say without an end, or that it cannot be undone`},
		"some sort": {`"The mood of most people."`, `"The sort of day that people like."`,
			`Day.mood: says "sort of": say kind of`},
		"once": {`"Given when the sun shines."`, `"Given when people meet once the sun shines."`,
			`Mood.HAPPY: says "once the": say when, or after`},
		"to turn down": {`"The mood of most people."`, `"The mood of those who turn it down."`,
			`Day.mood: says "turn it down": say rejects, or declines`},
		"to take back": {`"The mood of most people."`, `"The mood of those who take the request back."`,
			`Day.mood: says "take the request back": say withdraws`},
		"a party": {`"The mood of most people."`, `"The mood of a party."`,
			`Day.mood: says "party": say the person and their guests`},
		"bookish words": {`"The mood of most people."`, `"The mood of whoever is up."`,
			`Day.mood: says "whoever": say it in everyday words`},
		"a number in letters": {`"The mood of most people."`, `"The mood of the last two hours."`,
			`Day.mood: says "two hours": say it in figures, which are compared with the program`},
		"a clause": {`"The mood of most people."`, `"How most people feel."`,
			`Day.mood: the description begins with "how": a noun phrase says what it is`},
		"a clause for an argument": {`"The part that is asked for, in hours. Left out or null: all of it."`, `"When it is. Left out or null: now."`,
			`Query.rest(hours:): the description begins with "when": a noun phrase says what it is`},
		"no full stop": {`"The mood of most people."`, `"The mood of most people"`,
			"Day.mood: the description is no sentence: it begins with a small letter or ends without a full stop"},
		"a small letter": {`"The mood of most people."`, `"the mood of most people."`,
			"Day.mood: the description is no sentence: it begins with a small letter or ends without a full stop"},
		"the line": {`"The mood of most people."`, `"The mood of people in line."`,
			`Day.mood: says "in line": say waiting list`},
		"the clock": {`"The mood of most people."`, `"The mood by the clock on it."`,
			`Day.mood: says "clock": say local time`},
		"the news": {`"The mood of most people."`, `"The mood of the news of most."`,
			`Day.mood: says "news": say notice`},
		"pushes": {`"The mood of most people."`, `"The mood when pushes come."`,
			`Day.mood: says "pushes": say push notification`},
		"a push": {`"The mood of most people."`, `"The mood when a push comes."`,
			`Day.mood: says "a push": say push notification`},
		"a place": {`"The mood of most people."`, `"The mood of those with a place."`,
			`Day.mood: says "a place": say seat (what one has), or venue (where it happens)`},
		"people who are told": {`"The mood of most people."`, `"The mood that people are told of."`,
			`Day.mood: says "told": say gets a notice`},
		"the evening's": {`"The mood of most people."`, `"The mood of the evening's summary."`,
			`Day.mood: says "evening's": say daily summary`},
		"null, of which nothing is said": {`"The brightness of the sky, in lux. Null if it is night."`, `"The brightness of the sky, in lux."`,
			`Day.light: may be null, but the description does not say "Null if …", or another time`},
		"null, of which something else is said": {`"The brightness of the sky, in lux. Null if it is night."`, `"The brightness of the sky, in lux, never null."`,
			`Day.light: may be null, but the description does not say "Null if …", or another time`},
		"left out, without a meaning": {`"The hours to add. Left out or null: one."`, `"The hours to add, which may be left out or null."`,
			`StretchDayInput.hours: may be left out or null, but the description does not say "Left out: …" and "Null: …"`},
		"a directive's argument": {`"The one that is needed. Left out or null: see the other."`, `"The one that is needed."`,
			`@can(capability:): may be left out or null, but the description does not say "Left out: …" and "Null: …"`},
		"what may be left out": {`"The hours to add. Left out or null: one."`, `"The hours to add. Null: one."`,
			"StretchDayInput.hours: may be left out or null, but the description does not say \"Left out: …\" and \"Null: …\""},
		"what may be null": {`"The hours to add. Left out or null: one."`, `"The hours to add. Left out: one."`,
			"StretchDayInput.hours: may be left out or null, but the description does not say \"Left out: …\" and \"Null: …\""},
		"an argument that may be left out": {`"The part that is asked for, in hours. Left out or null: all of it."`, `"The part that is asked for, in hours."`,
			"Query.rest(hours:): may be left out or null, but the description does not say \"Left out: …\" and \"Null: …\""},
		"true or false": {`"Whether people work."`, `"If people work."`,
			`Day.isWorkday: is true or false, but the description does not begin with "Whether"`},
		"a root field for nobody": {"Who may: everyone.", "For everyone.",
			`Query.rest: the description has no paragraph "Who may: …"`},
		"a mutation for nobody": {"Who may: people with the capability COURSES.", "For people.",
			`Mutation.stretchDay: the description has no paragraph "Who may: …"`},
		"a capability that is not said": {"Who may: people with the capability COURSES.", "Who may: people who are awake.",
			"Mutation.stretchDay: the description does not say that COURSES may call it"},
		"the imperative": {"Makes a day longer", "Make a day longer",
			"Mutation.stretchDay: the description does not begin with a verb in the third person: Make"},
		"no codes": {"Codes: FORBIDDEN", "It fails with FORBIDDEN",
			`Mutation.stretchDay: the description has no paragraph "Codes: …"`},
		"no codes of a query": {"Codes: none besides those of every field.", "It never fails.",
			`Query.rest: the description has no paragraph "Codes: …"`},
		"a code that there is not": {"FORBIDDEN without", "NOT_ALLOWED without",
			"Mutation.stretchDay: NOT_ALLOWED is no code"},
		"a code that comes at any time": {"FORBIDDEN without the capability;", "FORBIDDEN;",
			"Mutation.stretchDay: the description does not say when FORBIDDEN comes"},
		"a version that does not matter": {"VERSION_CONFLICT at", "CONFLICT at",
			"Mutation.stretchDay: takes expectedVersion, but the description does not say when VERSION_CONFLICT comes"},
		"a capability that does not matter": {"FORBIDDEN without the capability;", "CONFLICT if it is night;",
			"Mutation.stretchDay: needs a capability, but the description does not say when FORBIDDEN comes"},
	} {
		t.Run(name, func(t *testing.T) {
			if complaints := lintOf(t, good); len(complaints) > 0 {
				t.Fatalf("the good one has complaints: %q", complaints)
			}
			if !strings.Contains(good, c.old) {
				t.Fatalf("the good one does not say %s", c.old)
			}
			if got := lintOf(t, strings.Replace(good, c.old, c.now, 1)); !slices.Contains(got, c.want) {
				t.Errorf("got %q\nwant %q", got, c.want)
			}
		})
	}
}

func lintOf(t *testing.T, sdl string) []string {
	t.Helper()
	s, err := gqlparser.LoadSchema(&ast.Source{Name: "words", Input: sdl})
	if err != nil {
		t.Fatal(err)
	}
	return lint(s)
}
