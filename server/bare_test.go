package main

import (
	"context"
	"maps"
	"slices"
	"strings"
	"testing"

	"github.com/vektah/gqlparser/v2/ast"

	"faellesskab/internal/id"
	"faellesskab/internal/testkit"
)

// Whoever has set nothing, and whoever looks at what was made with nothing but what must be
// there, gets values of the types that the schema promises. So does everybody on an empty
// database.

// known are the values of arguments, by name, or by field and name where only one field takes such a value. Others are left
// out.
type known map[string]any

// withInputs are known values with the inputs of the queries that need one: about an event and its group.
func (k known) withInputs(eventID, groupID string) known {
	k["calendarFeed.scope"] = vars{"groupId": groupID}
	k["othersThatEvening.input"] = vars{"groupId": groupID, "startsAt": "2027-01-12T18:00"}
	k["previewEventEdit.input"] = vars{"eventId": eventID, "title": "Fællesspisning"}
	return k
}

// nothing are arguments that name what is not there.
var nothing = known{
	"subjectId": id.Derive(id.Event, "nothing"), "groupId": id.Derive(id.Group, "nothing"), "id": id.Derive(id.Event, "nothing"),
	"ids": []any{id.Derive(id.Event, "nothing")}, "code": "ingenkode", "areaIds": []any{}, "occurrenceId": id.Derive(id.Occurrence, "nothing"),
}.withInputs(id.Derive(id.Event, "nothing"), id.Derive(id.Group, "nothing"))

// everything are all fields of a type, and of what is in it, as far as the next things with ids.
func (k known) everything(def *ast.Definition) []*selected {
	all := []*selected{{name: "__typename"}}
	if def.IsAbstractType() {
		for _, each := range theSchema().GetPossibleTypes(def) {
			all = append(all, &selected{on: each.Name, kids: k.everything(each)})
		}
		return all
	}
	for _, f := range fieldsOf(def) {
		all = append(all, k.whole(f))
	}
	return all
}

// whole is a field with everything in it.
func (k known) whole(f *ast.FieldDefinition) *selected {
	field := &selected{name: f.Name}
	for _, arg := range f.Arguments {
		value, isKnown := k[f.Name+"."+arg.Name]
		if !isKnown {
			value, isKnown = k[arg.Name]
		}
		if isKnown {
			field.args = append(field.args, argument{arg.Name, arg.Type, value})
		}
	}
	of := theSchema().Types[f.Type.Name()]
	switch {
	case of.Kind == ast.Scalar || of.Kind == ast.Enum:
	case of.Name == "Node" || slices.Contains(of.Interfaces, "Node"):
		field.kids = []*selected{{name: "__typename"}, {name: "id"}}
	default:
		field.kids = k.everything(of)
	}
	return field
}

// roots are the fields of Query with everything in them.
func (k known) roots() []*selected {
	var all []*selected
	for _, f := range fieldsOf(theSchema().Query) {
		all = append(all, k.whole(f))
	}
	return all
}

// judged asks a query, and complains about what is not of its type. An error may say that there
// is nothing, or that the viewer may not.
func (h *harness) judged(persona string, root *selected, prefixes map[string]string) reply {
	h.t.Helper()
	c := &call{persona: persona, kind: "query", root: root}
	document, values := c.document()
	got := h.do(persona, document, values)
	for _, e := range got.Errors {
		if !slices.Contains([]string{"NOT_FOUND", "BAD_ID", "FORBIDDEN", "UNAUTHENTICATED"}, e.Extensions.Code) {
			h.t.Errorf("%.300s as %s: %+v", document, persona, e)
		}
	}
	if wrong := judge(c, answered{reply: got, may: 1 << 62}, prefixes); wrong != nil {
		h.t.Errorf("%.300s as %s: %s: %s", document, persona, wrong.class, wrong.detail)
	}
	return got
}

func TestAnEmptyDatabaseAnswersInItsTypes(t *testing.T) {
	t.Parallel()
	h := newHarness(t, withoutDemo())
	prefixes := map[string]string{}
	for _, persona := range []string{"", "resident-1"} {
		for _, root := range nothing.roots() {
			h.judged(persona, root, prefixes)
		}
	}
}

func TestWhoeverHasSetNothingGetsValuesOfTheirTypes(t *testing.T) {
	t.Parallel()
	w := newAccessWorld(t)
	code := w.makeBare()
	w.forgetWhatWasSet()
	w.send("resident-1", `stopReason(input: {noticeId: $notice, reasonKey: "GROUP_MEMBER/`+w.ids["members"]+`"}) { settings { version } }`)
	there := known{"subjectId": w.ids["event"], "groupId": w.ids["members"], "occurrenceId": w.ids["date"], "code": code}.withInputs(w.ids["event"], w.ids["members"])
	seen, prefixes := map[string]bool{}, map[string]string{}
	ask := func(persona string, root *selected) {
		note(theSchema().Query, []*selected{root}, w.judged(persona, root, prefixes).Data, seen)
	}
	node := theSchema().Query.Fields.ForName("node")
	for _, persona := range []string{"", "resident-4", "resident-1", "leader-1", "staff-1", "admin-1"} {
		for _, root := range there.roots() {
			if !slices.Contains([]string{"node", "nodes", "area", "course", "event", "group"}, root.name) { // these are asked by their ids below
				ask(persona, root)
			}
		}
		for _, nodeID := range slices.Sorted(maps.Values(w.ids)) {
			if !isID.MatchString(nodeID) {
				continue
			}
			look := &selected{name: "node", args: []argument{{"id", node.Arguments[0].Type, nodeID}}, kids: []*selected{{name: "__typename"}}}
			if typ := theSchema().Types[w.judged(persona, look, prefixes).text("node", "__typename")]; typ != nil {
				look.kids = append(look.kids, &selected{on: typ.Name, kids: there.everything(typ)})
				ask(persona, look)
			}
		}
	}
	for _, def := range theSchema().Types {
		for _, f := range fieldsOf(def) {
			at := def.Name + "." + f.Name
			if def.Kind == ast.Object && !def.BuiltIn && !seen[at] && seenElsewhere(def.Name) == "" {
				t.Errorf("nobody has seen %s", at)
			}
		}
	}
}

// seenElsewhere says where the fields of a type are judged if not here; empty if here.
func seenElsewhere(typ string) string {
	switch {
	case strings.HasSuffix(typ, "Payload"), typ == "InvitationLink", slices.Contains(outcomes(), typ):
		return "TestASmallDifferenceMakesNoOtherCall judges the answers of all mutations"
	case strings.HasSuffix(typ, "Reason"):
		return "TestEveryKindOfNoticeReachesSomebody judges all reasons"
	case slices.Contains([]string{"Query", "Mutation", "Subscription", "NoticeArrival"}, typ):
		return "TestMonkey judges what comes live"
	case typ == "OccurrenceOutcome":
		return "the goldens of attendDates show it"
	case typ == "Minutes", typ == "Feedback":
		return "the goldens of saveMinutes and giveFeedback show them: nothing was held here"
	case typ == "WeekdayQuietHours":
		return "TestASmallDifferenceMakesNoOtherCall judges what somebody has set"
	case typ == "AnnouncementCorrection":
		return "TestASmallDifferenceMakesNoOtherCall judges a correction that waits"
	case typ == "AnnouncementFailure":
		return "only a push service that fails makes one"
	}
	return ""
}

// outcomes are the types that only the payloads of mutations hold.
func outcomes() []string {
	var names []string
	for _, d := range theSchema().Types {
		if d.Kind == ast.Union && strings.HasSuffix(d.Name, "Outcome") {
			names = append(names, d.Types...)
		}
	}
	return names
}

// makeBare makes what the world lacks, with nothing but what must be there. It returns the code
// of an invitation link.
func (w *accessWorld) makeBare() (code string) {
	w.t.Helper()
	w.send("builder-1", `setAreaContacts(input: {areaId: $area, contacts: [{kind: LOCAL, name: "Bestyrelsen"}]}) { area { id } }`)
	w.send("admin-1", `grantCapability(input: {personId: $member, capability: FIGURES}) { person { id } }`)
	w.send("leader-1", `updateEvent(input: {eventId: $draft, place: {latitude: 55.7, longitude: 11.7}}) { event { id } }`)
	w.send("leader-1", `announceToGroup(input: {groupId: $members, title: "Mødet", text: "Kl. 19."}) { announcement { id } }`)
	w.send("staff-1", `broadcast(input: {title: [{language: DA, text: "Vejen"}], text: [{language: DA, text: "Den er spærret."}]}) { announcement { id } }`)
	asked := w.send("leader-1", `updateEvent(input: {eventId: $event, signUp: {namesGuests: true, maxGuests: 2, questions: [{text: "Tager du kage med?", kind: TEXT}]}}) { event { signUp { questions { id } } } }`)
	w.ids["question"] = asked.text("updateEvent", "event", "signUp", "questions", 0, "id")
	told := w.send("leader-1", `attendEvent(input: {occurrenceId: $date, guests: 1, guestNames: ["En gæst"], answers: [{questionId: $question, text: "Ja"}]}) { outcome { ... on BookingConfirmed { booking { id } } } }`)
	w.ids["answered"] = told.text("attendEvent", "outcome", "booking", "id")
	return w.send("leader-1", `createInvitationLink(input: {groupId: $members}) { link { code } }`).text("createInvitationLink", "link", "code")
}

// note notes which fields an answer has.
func note(def *ast.Definition, kids []*selected, got map[string]any, seen map[string]bool) {
	if name, ok := got["__typename"].(string); ok {
		def = theSchema().Types[name]
	}
	for _, k := range kids {
		if k.on == def.Name {
			note(def, k.kids, got, seen)
		}
		f := def.Fields.ForName(k.name)
		if value, ok := got[k.name]; ok && f != nil {
			seen[def.Name+"."+k.name] = true
			noteAll(theSchema().Types[f.Type.Name()], k.kids, value, seen)
		}
	}
}

func noteAll(def *ast.Definition, kids []*selected, value any, seen map[string]bool) {
	switch value := value.(type) {
	case map[string]any:
		note(def, kids, value, seen)
	case []any:
		for _, item := range value {
			noteAll(def, kids, item, seen)
		}
	}
}

// forgetWhatWasSet takes from all people what they have chosen, or what a sign-in chose for them.
func (w *accessWorld) forgetWhatWasSet() {
	w.t.Helper()
	db := testkit.Reopen(w.t, w.app.DB, testkit.WithoutGuard("notify_settings", "persons"))
	ctx, gone := context.Background(), map[string]any{"displayName": "", "language": "", "homeAreaId": "", "interests": "", "skillsWanted": ""}
	for _, personID := range w.people {
		if _, err := db.Collection("notify_settings").DeleteOne(ctx, map[string]any{"_id": personID}); err != nil {
			w.t.Fatal(err)
		}
		if _, err := db.Collection("persons").UpdateOne(ctx, map[string]any{"_id": personID}, map[string]any{"$unset": gone}); err != nil {
			w.t.Fatal(err)
		}
	}
}
