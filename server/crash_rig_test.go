package main

import (
	"bytes"
	"context"
	"encoding/json"
	"log/slog"
	"maps"
	"net/http"
	"net/http/httptest"
	"sync"
	"sync/atomic"
	"testing"
	"time"

	"github.com/google/uuid"

	"faellesskab/internal/auth"
	"faellesskab/internal/clock"
	"faellesskab/internal/community"
	"faellesskab/internal/community/communitytest"
	"faellesskab/internal/device"
	"faellesskab/internal/i18n"
	"faellesskab/internal/id"
	"faellesskab/internal/mongodb"
	"faellesskab/internal/person"
	"faellesskab/internal/push"
	"faellesskab/internal/secret"
	"faellesskab/internal/testkit"
	"faellesskab/schema"
)

// crashRig is a database with a few people in it, on which the same thing is
// tried again and again with a crash at another point each time. The clock
// moves only when told to, and everything but the ids of effects is the same in
// every run.
type crashRig struct {
	t       testing.TB // the test that is running
	db      *mongodb.DB
	clock   *clock.Manual
	base    testkit.Snapshot
	outside *community.Community // reads what the calls need to know
	phone   *countingSender
	tried   *atomic.Int64 // how many crashes all rigs together have recovered from

	// These fields belong to the present case: the database and the time before the call,
	// and how describe tells of each collection of that state.
	from  testkit.Snapshot
	at    time.Time
	lines map[string][]string
}

// crashStart is when every run begins.
var crashStart = time.Date(2030, time.January, 15, 10, 0, 0, 0, time.UTC)

// crashPeople are the people of every rig and their roles in the whole system.
var crashPeople = map[string][]auth.Role{
	"leader": nil, "co-leader": nil, "member": nil, "resident": nil, "other": nil,
	"staff": {auth.RoleStaff}, "staff-2": {auth.RoleStaff}, "builder": {auth.RoleCommunityBuilder}, "admin": {auth.RoleAdmin}, "admin-2": {auth.RoleAdmin},
}

// crashApprovalOver makes an announcement to everybody wait for approval.
var crashApprovalOver = 5

func crashPerson(name string) string { return id.Derive(id.Person, "crash", name) }

func newCrashRig(t testing.TB) *crashRig {
	t.Helper()
	r := &crashRig{t: t, db: testkit.DB(t, communitytest.Watched()...), clock: clock.NewManual(crashStart), phone: &countingSender{}}
	r.db.SetClock(r.clock)
	p := r.process(r.db)
	r.outside = p.Community
	ctx := t.Context()
	areas, err := p.Areas.Load(ctx)
	if err != nil {
		t.Fatal(err)
	}
	if _, err := p.Groups.EnsureLokalforum(ctx, areas[0]); err != nil {
		t.Fatal(err)
	}
	var phones []*device.Device
	for name, roles := range crashPeople {
		in := person.NewSignIn("crash-"+name, crashPerson(name), crashStart)
		if _, err := r.db.Collection("sign_ins").InsertOne(ctx, in); err != nil {
			t.Fatal(err)
		}
		if _, err := p.People.SignIn(ctx, auth.Claims{UID: "crash-" + name, Name: name}, i18n.Danish); err != nil {
			t.Fatal(err)
		}
		for _, role := range roles {
			if _, err := p.People.GrantRoleAsOperator(ctx, "crash-"+name, role); err != nil {
				t.Fatal(err)
			}
		}
		phones = append(phones, device.Demo(crashPerson(name), "phone-"+name, crashStart))
	}
	if err := p.Devices.PutAll(ctx, phones); err != nil {
		t.Fatal(err)
	}
	r.base = testkit.Keep(t, r.db)
	return r
}

// crashProcess is the part of a server that matters for a crash: the services and the GraphQL
// handler, on a connection of its own.
type crashProcess struct {
	*community.Community
	handler http.Handler
}

func (r *crashRig) process(db *mongodb.DB) *crashProcess {
	log := slog.New(slog.DiscardHandler)
	c := community.New(community.Options{DB: db, Sender: r.phone, Log: log, Owner: "crash", ApprovalOver: &crashApprovalOver,
		Secrets: new(secret.New([]byte("the secret of all processes that crash"))), PublicURL: "https://server.test", CertificateKeys: crashRing(), CertificateIssuer: "Kommunen"})
	return &crashProcess{c, named(r.t, (&App{Community: c, log: log}).newGraphQL())}
}

// crashCall is one mutation as somebody calls it.
type crashCall struct {
	as    string
	field string // the mutation's name
	input vars
	want  string // the selection of the payload
}

// inputTypes are the input types of the schema's mutations, by mutation.
var inputTypes = sync.OnceValue(func() map[string]string {
	s, err := schema.Load()
	if err != nil {
		panic(err)
	}
	types := map[string]string{}
	for _, f := range s.Mutation.Fields {
		types[f.Name] = f.Arguments.ForName("input").Type.String()
	}
	return types
})

func (m crashCall) document() string {
	return "mutation($input: " + inputTypes()[m.field] + ") { " + m.field + "(input: $input) { " + m.want + " } }"
}

// crashAnswer is what a caller sees: the data as JSON, and the code of the first
// error.
type crashAnswer struct{ data, code string }

// call sends the mutation to a process.
func (r *crashRig) call(p *crashProcess, m crashCall, key string) crashAnswer {
	r.t.Helper()
	data, problems := r.send(p, m, key)
	if len(problems) > 0 {
		return crashAnswer{string(data), problems[0].Extensions.Code}
	}
	return crashAnswer{string(data), ""}
}

// send sends the mutation to a process, and returns the data and the errors. The viewer is read
// over the rig's own connection, since these tests are not about sign-ins.
func (r *crashRig) send(p *crashProcess, m crashCall, key string) (json.RawMessage, []problem) {
	r.t.Helper()
	input := vars{"clientMutationId": key}
	maps.Copy(input, m.input)
	return r.post(p, m.as, m.document(), input)
}

// post sends a document with an input to a process.
func (r *crashRig) post(p *crashProcess, as, document string, input vars) (json.RawMessage, []problem) {
	r.t.Helper()
	found, err := r.outside.People.Load(context.Background(), []string{crashPerson(as)})
	if err != nil || found[crashPerson(as)] == nil {
		r.t.Fatalf("no %s: %v", as, err)
	}
	body, err := json.Marshal(vars{"query": document, "variables": vars{"input": input}})
	if err != nil {
		r.t.Fatal(err)
	}
	ctx := auth.WithViewer(context.Background(), found[crashPerson(as)].Viewer())
	req := httptest.NewRequestWithContext(ctx, http.MethodPost, "/graphql", bytes.NewReader(body))
	req.Header.Set("Content-Type", "application/json")
	w := httptest.NewRecorder()
	p.handler.ServeHTTP(w, req)
	var res struct {
		Data   json.RawMessage
		Errors []problem
	}
	if err := json.Unmarshal(w.Body.Bytes(), &res); err != nil {
		r.t.Fatalf("%s answered %q", document, w.Body)
	}
	return res.Data, res.Errors
}

// arrange makes a call that prepares the case. It must succeed, and the clock moves on by a
// second, so that things have an order.
func (r *crashRig) arrange(as, field string, input vars, want string) reply {
	r.t.Helper()
	got := r.call(r.process(r.db), crashCall{as, field, input, want}, crashKey(as+field+r.clock.Now().String()))
	if got.code != "" {
		r.t.Fatalf("arrange %s as %s: %s", field, as, got.code)
	}
	r.clock.Advance(time.Second)
	var out reply
	if err := json.Unmarshal([]byte(got.data), &out.Data); err != nil {
		r.t.Fatal(err)
	}
	return out
}

// crashKey is a clientMutationId that is the same in every run.
func crashKey(name string) string { return uuid.NewSHA1(uuid.NameSpaceOID, []byte(name)).String() }

// countingSender stands in for Firebase and counts how often each notice came to each phone.
type countingSender struct {
	mu      sync.Mutex
	sent    map[string]int
	through push.Sender // hands it to the phones; nil: nobody does
}

func (s *countingSender) Send(ctx context.Context, to push.Device, m push.Message) push.Result {
	s.mu.Lock()
	defer s.mu.Unlock()
	if s.sent == nil {
		s.sent = map[string]int{}
	}
	s.sent[effectIDs.ReplaceAllString(m.NoticeID, "eff")+" on "+to.Value]++
	if s.through != nil {
		return s.through.Send(ctx, to, m)
	}
	return push.Result{Outcome: push.Sent}
}

// reset returns what was sent, and starts to count anew.
func (s *countingSender) reset() map[string]int {
	s.mu.Lock()
	defer s.mu.Unlock()
	sent := s.sent
	s.sent = nil
	return sent
}
