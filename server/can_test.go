package main

import (
	"bytes"
	"context"
	"encoding/json"
	"maps"
	"net/http/httptest"
	"slices"
	"strconv"
	"strings"
	"sync"
	"testing"

	"faellesskab/internal/auth"
	"faellesskab/schema"
)

// viewerCan is what an app draws its buttons by. For every type that has it, in every state, and
// for every sort of person, these tests ask for viewerCan, and then do everything that its enum
// names. The server accepts exactly what viewerCan lists.

// canThing is a thing in one state.
type canThing struct {
	id string
	// ids are those that the calls need besides, by name; a call writes $id, and $name.
	ids map[string]string
}

// canCase is a thing of a type, in a state, and the people who try.
type canCase struct {
	state string
	make  func(r *crashRig) canThing
	who   []string // "" is nobody
}

// canTry is one way of doing what an action offers.
type canTry struct {
	body    string // of a mutation, or of a query that begins with "query"
	gives   string // the outcome that is meant, if the mutation has several
	refused string // an outcome that is a refusal
}

// canType is a type with viewerCan.
type canType struct {
	tries map[string][]canTry // by action
	cases []canCase
}

// canTypes are the types of all nouns that have viewerCan.
func canTypes() map[string]canType {
	return rowsBy(func(n noun) map[string]canType {
		if n.can == nil {
			return nil
		}
		return n.can()
	})
}

// actionsOf are the values of the enums of viewerCan, by the types that have it.
var actionsOf = sync.OnceValue(func() map[string][]string {
	s, err := schema.Load()
	if err != nil {
		panic(err)
	}
	found := map[string][]string{}
	for _, typ := range s.Types {
		f := typ.Fields.ForName("viewerCan")
		if f == nil || typ.Kind != "OBJECT" {
			continue
		}
		for _, v := range s.Types[f.Type.Elem.Name()].EnumValues {
			found[typ.Name] = append(found[typ.Name], v.Name)
		}
	}
	return found
})

// No type and no action is left out.
func TestEveryActionIsTried(t *testing.T) {
	t.Parallel()
	types := canTypes()
	for name, actions := range actionsOf() {
		for _, action := range actions {
			if len(types[name].tries[action]) == 0 {
				t.Errorf("nothing tries %s of %s", action, name)
			}
		}
		if len(types[name].cases) == 0 || len(types[name].tries) != len(actions) {
			t.Errorf("%s has %d cases and tries %d of %d actions", name, len(types[name].cases), len(types[name].tries), len(actions))
		}
	}
}

// withoutAction are the mutations that no action offers, and why.
var withoutAction = map[string]string{
	"broadcast": "a capability offers it", "createCourse": "a capability offers it", "createSkill": "a capability offers it",
	"setAreaContacts": "a capability offers it", "assignCommunityBuilder": "a capability offers it", "unassignCommunityBuilder": "a capability offers it",
	"grantRole": "a capability offers it", "revokeRole": "a capability offers it", "grantCapability": "a capability offers it",
	"revokeCapability": "a capability offers it", "inspectNoticeLedger": "a capability offers it",
	"searchPersons": "a capability offers it", "handOver": "a capability offers it",
	"updateSkill": "a capability offers it", "retireSkill": "a capability offers it",
	"attendDates": "ATTEND of each date offers it", "copyEvent": "the group's action for posting events offers it",
	"substituteTeacher": "EDIT offers it, for sessions that have not ended", "declineSession": "viewerMayDecline of the session offers it",
	"undoDeclineSession": "viewerHasDeclined of the session offers it",
	"giveFeedback":       "viewerMayGiveFeedback offers it", "renewCalendarFeed": "everybody may, with a feed of their own",
	"setCertificateName": "everybody may, for themselves",
	"wishForCourse":      "everybody may", "mergeWishes": "a capability offers it", "answerWish": "a capability offers it",
	"createGroup": "everybody may", "completeProfile": "everybody may", "setSkills": "everybody may", "registerDevice": "everybody may", "unregisterDevice": "everybody may, with their own",
	"markNoticesRead": "everybody may, with their own", "noticeOpened": "everybody may, with their own", "updateNotificationSettings": "everybody may",
	"markAllNoticesRead": "everybody may, with their own", "snoozeNotice": "everybody may, with what is unread of their own",
	"muteThread": "everybody may, with what they see", "unmuteThread": "everybody may", "stopReason": "the reason says so", "resumeReason": "everybody may, with their own",
	"removeCoOrganiser": "everybody may, for themselves; for others it is NAME_CO_ORGANISERS",
	"revokeGroupRole":   "everybody may, with a role of their own; for others it is MANAGE_MEMBERS, as granting it is",
}

// Every mutation is offered by an action, or somebody has said why it is not.
func TestEveryMutationIsOfferedByAnAction(t *testing.T) {
	t.Parallel()
	var bodies strings.Builder
	for _, typ := range canTypes() {
		for _, tries := range typ.tries {
			for _, try := range tries {
				bodies.WriteString(try.body + "\n")
			}
		}
	}
	for _, f := range loadSchema(t).Mutation.Fields {
		isTried := strings.Contains("\n"+bodies.String(), "\n"+f.Name+"(")
		if isTried == (withoutAction[f.Name] != "") {
			t.Errorf("%s: tried %t, without an action because %q", f.Name, isTried, withoutAction[f.Name])
		}
	}
}

func TestViewerCanIsWhatTheServerAccepts(t *testing.T) {
	t.Parallel()
	for name, typ := range canTypes() {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			r := newCrashRig(t)
			c := &canRun{crashRig: r, accepted: map[string]int{}, refused: map[string]int{}}
			for _, one := range typ.cases {
				c.try(one, typ)
			}
			for action := range typ.tries {
				if c.accepted[action] == 0 || c.refused[action] == 0 {
					t.Errorf("%s was accepted %d times and refused %d times: this proves nothing", action, c.accepted[action], c.refused[action])
				}
			}
			t.Logf("accepted %v, refused %v", c.accepted, c.refused)
		})
	}
}

// canRun tries the cases of a type.
type canRun struct {
	*crashRig
	accepted, refused map[string]int // by action
}

// try makes a thing, and lets everybody do everything to it, each time from the same state.
func (c *canRun) try(one canCase, typ canType) {
	c.t.Helper()
	c.base.Restore(c.t, c.db)
	c.clock.Advance(crashStart.Sub(c.clock.Now()))
	thing := one.make(c.crashRig)
	c.from, c.at = c.from.Next(c.t, c.db), c.clock.Now()
	p := c.process(c.db)
	for _, who := range one.who {
		can := c.can(p, who, thing)
		for _, action := range slices.Sorted(maps.Keys(typ.tries)) {
			for _, try := range typ.tries[action] {
				if strings.Contains(try.body, "$who") && who == "" {
					continue // nobody has no booking
				}
				accepted, got := c.does(p, who, thing, try)
				if accepted != slices.Contains(can, action) {
					c.t.Errorf("%s, %q: can %v, and %s gives %v %v", one.state, who, can, try.body, got.Data, got.Errors)
				}
				if accepted {
					c.accepted[action]++
				} else {
					c.refused[action]++
				}
				if len(got.Errors) == 0 && !strings.HasPrefix(try.body, "query") {
					c.from.Restore(c.t, c.db)
				}
			}
		}
	}
}

// can is what viewerCan tells somebody. Of what they may not see they can do nothing.
func (c *canRun) can(p *crashProcess, who string, thing canThing) []string {
	c.t.Helper()
	got := c.send(p, who, `query { node(id: $id) { ... on Course { course: viewerCan } ... on Certificate { certificate: viewerCan } ... on Wish { wish: viewerCan } ... on Event { event: viewerCan } ... on Occurrence { occurrence: viewerCan }
		... on Group { group: viewerCan } ... on Announcement { announcement: viewerCan } ... on Enrolment { enrolment: viewerCan } ... on Attendance { attendance: viewerCan } } }`, thing)
	node, _ := got.at("node").(map[string]any)
	var can []string
	for _, list := range node {
		for _, action := range list.([]any) {
			can = append(can, action.(string))
		}
	}
	return can
}

// refusals are the codes of what is refused. Any other error is a fault of the test or of the server.
var refusals = []string{"FORBIDDEN", "CONFLICT", "NOT_FOUND", "UNAUTHENTICATED", "RATE_LIMITED"}

func (c *canRun) does(p *crashProcess, who string, thing canThing, try canTry) (accepted bool, got reply) {
	c.t.Helper()
	body := try.body
	if !strings.HasPrefix(body, "query") {
		body = "mutation { " + body + " }"
	}
	got = c.send(p, who, body, thing)
	if code := got.code(); code != "" {
		if !slices.Contains(refusals, code) {
			c.t.Errorf("%q: %s gives %v", who, body, got.Errors)
		}
		return false, got
	}
	if strings.Contains(body, "list:") {
		return valueAt(got.Data, "node.list") != nil, got
	}
	for _, payload := range got.Data {
		if payload == nil {
			return false, got
		}
		if already, _ := valueAt(payload, "already").(bool); already {
			return false, got // nothing was done
		}
		outcome, _ := valueAt(payload, "outcome.__typename").(string)
		if outcome != "" && outcome == try.refused || try.gives != "" && outcome != try.gives {
			return false, got
		}
	}
	return true, got
}

// version is the present version of an announcement, as somebody has read it.
func (c *canRun) version(announcementID string) int {
	c.t.Helper()
	var a struct{ Version int }
	if err := c.db.Collection("announcements").FindOne(c.t.Context(), vars{"_id": announcementID}).Decode(&a); err != nil {
		c.t.Fatal(err)
	}
	return a.Version
}

// send sends a document to a process as somebody.
func (c *canRun) send(p *crashProcess, who, document string, thing canThing) reply {
	c.t.Helper()
	ids := maps.Clone(thing.ids)
	if ids == nil {
		ids = map[string]string{}
	}
	ids["id"], ids["who"] = thing.id, crashPerson(who)
	if strings.Contains(document, "$version") {
		document = strings.ReplaceAll(document, "$version", strconv.Itoa(c.version(thing.id)))
	}
	for _, name := range slices.Backward(slices.Sorted(maps.Keys(ids))) {
		document = strings.ReplaceAll(document, "$"+name, `"`+ids[name]+`"`)
	}
	body, err := json.Marshal(vars{"query": document})
	if err != nil {
		c.t.Fatal(err)
	}
	ctx := context.Background()
	if who != "" {
		found, err := c.outside.People.Load(ctx, []string{crashPerson(who)})
		if err != nil || found[crashPerson(who)] == nil {
			c.t.Fatalf("no %s: %v", who, err)
		}
		ctx = auth.WithViewer(ctx, found[crashPerson(who)].Viewer())
	}
	req := httptest.NewRequestWithContext(ctx, "POST", "/graphql", bytes.NewReader(body))
	req.Header.Set("Content-Type", "application/json")
	w := httptest.NewRecorder()
	p.handler.ServeHTTP(w, req)
	var got reply
	if err := json.Unmarshal(w.Body.Bytes(), &got); err != nil {
		c.t.Fatalf("answered %q", w.Body)
	}
	return got
}
