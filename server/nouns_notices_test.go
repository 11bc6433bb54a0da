package main

import (
	"bytes"
	"context"
	"encoding/json"
	"net/http"
	"net/http/httptest"
	"strings"
	"testing"
	"time"

	"faellesskab/internal/auth"
)

// noticeCase is one way in which a kind of notice comes about, and the people who get it.
type noticeCase struct {
	kind   string
	whom   string
	happen func(r *crashRig)
}

// Every kind of notice reaches somebody, has a text and a reason, and leads somewhere.
func TestEveryKindOfNoticeReachesSomebody(t *testing.T) {
	t.Parallel()
	cases := rowsOf(func(n noun) []noticeCase { return n.notices })
	told := map[string]bool{}
	rig := newCrashRig(t)
	for _, c := range cases {
		told[c.kind] = true
		t.Run(c.kind, func(t *testing.T) {
			rig.t = t
			rig.base.Restore(t, rig.db)
			rig.clock.Advance(crashStart.Sub(rig.clock.Now()))
			c.happen(rig)
			rig.later(0)
			rig.hasNotice(c.whom, c.kind)
			rig.judgesNotices(c.whom)
			rig.checkExport(c.whom)
			rig.checkInvariants("after a notice " + c.kind)
		})
	}
	for _, kind := range enumsOfSchema()["NoticeKind"] {
		if !told[kind] {
			t.Errorf("no noun has a row for notices of the kind %s", kind)
		}
	}
}

func (r *crashRig) hasNotice(whom, kind string) {
	r.t.Helper()
	got := r.ask(whom, `{ viewer { notices { edges { node { id kind title body subject { id } items { id } why { key text stopText } } } } } }`)
	if got.code() != "" {
		r.t.Fatalf("%s is answered with %+v", whom, got.Errors)
	}
	edges, _ := got.at("viewer", "notices", "edges").([]any)
	var kinds []string
	for i := range edges {
		at := func(path ...any) []any { return append([]any{"viewer", "notices", "edges", i, "node"}, path...) }
		if kinds = append(kinds, got.text(at("kind")...)); kinds[i] != kind {
			continue
		}
		isAbout := got.text(at("subject", "id")...) != "" || got.text(at("items", 0, "id")...) != ""
		if got.text(at("title")...) == "" || got.text(at("body")...) == "" || got.text(at("why", 0, "text")...) == "" || !isAbout {
			r.t.Errorf("the notice is %v", got.at(at()...))
		}
		// Summaries copy titles, and are not erased with the people they would name. Whoever answers a
		// request reads in the inbox who asks, and whoever has invited who answers; what is stored of it names nobody.
		for name := range crashPeople {
			if title := got.text(at("title")...); strings.Contains(title, name) && kind != "JOIN_REQUESTED" && kind != "BOOKING_REQUESTED" && kind != "INVITATION_ANSWERED" {
				r.t.Errorf("the title %q names %s", title, name)
			}
		}
		if noticeID := got.text(at("id")...); !isID.MatchString(noticeID) {
			r.t.Errorf("%q is no id: it has other characters than those of ids", noticeID)
		}
		return
	}
	r.t.Errorf("%s was told of %v, not of %s", whom, kinds, kind)
}

// judgesNotices checks that all of somebody's notices are of the types that the schema promises.
func (r *crashRig) judgesNotices(whom string) {
	r.t.Helper()
	notice := &selected{name: "node", kids: nothing.everything(theSchema().Types["Notice"])}
	root := &selected{name: "viewer", kids: []*selected{{name: "notices", kids: []*selected{{name: "edges", kids: []*selected{notice}}}}}}
	c := &call{kind: "query", root: root}
	document, _ := c.document()
	if wrong := judge(c, answered{reply: r.ask(whom, document), may: time.Hour}, map[string]string{}); wrong != nil {
		r.t.Errorf("%s: %s", wrong.class, wrong.detail)
	}
}

// checkExport checks that what somebody is given does not lead to others: news and what they have done names
// nobody else by their ids.
func (r *crashRig) checkExport(whom string) {
	r.t.Helper()
	var out bytes.Buffer
	if err := r.process(r.db).Export(context.Background(), crashPerson(whom), &out); err != nil {
		r.t.Error(err)
	}
	for name := range crashPeople {
		if name != whom && bytes.Contains(out.Bytes(), []byte(crashPerson(name))) {
			r.t.Errorf("%s is given the id of %s in\n%s", whom, name, &out)
		}
	}
}

// later lets time pass, and does what is due then.
func (r *crashRig) later(by time.Duration) {
	r.t.Helper()
	p := r.process(r.db)
	r.restart(p)
	r.clock.Advance(by)
	if _, err := p.Timers.Fire(r.t.Context()); err != nil {
		r.t.Error(err)
	}
	r.restart(p)
}

// ask sends a query as somebody.
func (r *crashRig) ask(whom, document string) reply {
	r.t.Helper()
	p := r.process(r.db)
	found, err := p.People.Load(context.Background(), []string{crashPerson(whom)})
	if err != nil || found[crashPerson(whom)] == nil {
		r.t.Fatalf("no %s: %v", whom, err)
	}
	body, err := json.Marshal(vars{"query": document})
	if err != nil {
		r.t.Fatal(err)
	}
	ctx := auth.WithViewer(context.Background(), found[crashPerson(whom)].Viewer())
	req := httptest.NewRequestWithContext(ctx, http.MethodPost, "/graphql", bytes.NewReader(body))
	req.Header.Set("Content-Type", "application/json")
	w := httptest.NewRecorder()
	p.handler.ServeHTTP(w, req)
	var got reply
	if err := json.Unmarshal(w.Body.Bytes(), &got); err != nil {
		r.t.Fatalf("answered %q", w.Body)
	}
	return got
}
