package main

import (
	"bytes"
	"cmp"
	"context"
	"encoding/json"
	"fmt"
	"log/slog"
	"maps"
	"math/rand/v2"
	"net/http"
	"os"
	"slices"
	"strconv"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/vektah/gqlparser/v2/ast"

	"faellesskab/internal/clock"
	"faellesskab/internal/demo"
	"faellesskab/schema"
)

// The monkey tries the whole schema without a line for any noun. It draws operations from the SDL,
// with good and bad values and with ids it has seen in answers, as every persona and as nobody,
// eight at once. No answer may be INTERNAL, late or of another type than the schema says, and
// nothing may be logged as an error. In the end the nouns' invariants must hold. It shrinks what it
// finds to the fewest steps and the smallest documents that still show it.
//
// MONKEY_N is how many operations it tries. MONKEY_SEED repeats the draws of a run; but eight
// operations run at once, so the order of their effects may differ. make slow tries a million.
const (
	monkeyN    = 2000
	monkeySeed = 1
	// monkeyLife is the number of operations after which it begins anew with an empty
	// database.
	monkeyLife  = 2000
	monkeyHands = 8
	// monkeyLooks is the number of operations after which it checks the invariants.
	monkeyLooks = 1000
)

func TestMonkey(t *testing.T) {
	t.Parallel()
	n, seed := monkeySetting(t, "MONKEY_N", monkeyN), monkeySetting(t, "MONKEY_SEED", monkeySeed)
	tally, learnt := chances{}, chances{}
	for life := 0; n > 0 && !t.Failed(); life++ {
		t.Run(fmt.Sprintf("seed %d", seed+life), func(t *testing.T) {
			m := newMonkey(t, uint64(seed+life), tally, learnt)
			if found := m.run(min(n, monkeyLife)); found != nil {
				m.show(found)
			}
		})
		n -= monkeyLife
	}
	reportTally(t, tally)
}

func monkeySetting(t *testing.T, name string, otherwise int) int {
	t.Helper()
	n, err := strconv.Atoi(cmp.Or(os.Getenv(name), strconv.Itoa(otherwise)))
	if err != nil || n < 0 {
		t.Fatalf("%s: %v", name, err)
	}
	return n
}

// monkey is one life of the monkey.
type monkey struct {
	*accessWorld
	t        *testing.T
	rand     *rand.Rand
	clock    *monkeyClock
	client   *http.Client
	errors   *errorText
	memory   *memory
	chances  chances
	tally    chances // how often each field was answered without an error
	prefixes map[string]string

	personas  []string
	people    map[string]string // their ids
	namesOf   map[string]string // who has which id
	errands   []errand
	nodeTypes []string
	keys      []string // clientMutationIds that were used
	steps     []*monkeyStep
	follow    *followed
}

// monkeyStep is a call and its answer.
type monkeyStep struct {
	call  *call
	data  map[string]any
	codes []string
}

func newMonkey(t *testing.T, seed uint64, tally, learnt chances) *monkey {
	m := &monkey{t: t, rand: newRand(seed), clock: &monkeyClock{}, errors: &errorText{}, memory: newMemory(), chances: learnt, tally: tally,
		prefixes: map[string]string{}, people: map[string]string{}, namesOf: map[string]string{}, personas: []string{""},
		client: &http.Client{Transport: &http.Transport{MaxIdleConnsPerHost: 2 * monkeyHands}}}
	t.Cleanup(m.client.CloseIdleConnections)
	m.accessWorld = newAccessWorld(t, func(s *Setup) {
		s.Log = slog.New(slog.NewTextHandler(m.errors, &slog.HandlerOptions{Level: slog.LevelError}))
		s.Config.ApprovalOver = 5
	})
	m.app.DB.SetClock(m.clock)
	for _, d := range theSchema().Types {
		if d.Kind == ast.Object && slices.Contains(d.Interfaces, "Node") {
			m.nodeTypes = append(m.nodeTypes, d.Name)
		}
	}
	slices.Sort(m.nodeTypes)
	for _, p := range demo.Personas {
		m.personas = append(m.personas, p.Name)
		if r := m.do(p.Name, `{ viewer { person { id } } }`, nil); r.code() == "" {
			m.people[p.Name] = r.text("viewer", "person", "id")
			m.namesOf[m.people[p.Name]] = p.Name
		}
	}
	m.seeWorld()
	m.follow = follow(m)
	return m
}

// seeWorld shows the monkey the things that the nouns have put into the world.
func (m *monkey) seeWorld() {
	var ids []string
	for _, name := range slices.Sorted(maps.Keys(m.ids)) {
		if !slices.Contains(ids, m.ids[name]) {
			ids = append(ids, m.ids[name])
		}
	}
	for _, persona := range []string{"leader-1", "staff-1", "resident-1", "admin-1"} {
		for part := range slices.Chunk(ids, 50) {
			r := m.do(persona, `query ($ids: [ID!]!) { nodes(ids: $ids) { __typename id } }`, vars{"ids": part})
			m.memory.see(persona, -1, "", r.Data)
		}
	}
	for _, f := range fieldsOf(theSchema().Query) {
		isOpen := slices.ContainsFunc(f.Arguments, func(a *ast.ArgumentDefinition) bool { return a.Type.NonNull && a.DefaultValue == nil })
		for _, persona := range m.personas {
			if !isOpen {
				m.seeRoot(persona, f)
			}
		}
	}
	things := m.thingsOf(func(string) bool { return true })
	for _, who := range slices.SortedFunc(maps.Keys(things), whose.compare) {
		m.lookAt(who, things[who])
	}
}

// seeRoot shows the monkey what a persona finds under a root field.
func (m *monkey) seeRoot(persona string, f *ast.FieldDefinition) {
	d := &draw{monkey: m, of: f.Name, persona: persona, now: m.clock.Now()}
	c := &call{kind: "query", persona: persona, root: &selected{name: f.Name}}
	d.ask(c.root, f)
	document, values := c.document()
	m.memory.see(persona, -1, "", m.do(persona, document, values).Data)
}

// run tries n operations, or fewer if it finds something.
func (m *monkey) run(n int) *finding {
	for looked := 0; len(m.steps) < n; {
		if found := m.round(); found != nil {
			return found
		}
		if len(m.steps)-looked >= monkeyLooks || len(m.steps) >= n {
			looked = len(m.steps)
			if found := m.look(); found != nil {
				return found
			}
		}
	}
	m.follow.stop()
	return m.follow.finding()
}

// drawn is a call with the choices that were made for it.
type drawn struct {
	call *call
	how  *draw
	got  answered
}

// round makes eight calls at once.
func (m *monkey) round() *finding {
	var calls []*drawn
	for len(calls) < monkeyHands {
		d := &drawn{}
		if d.call, d.how = m.draw(); d.call.passes > 0 {
			m.pass(d.call.passes)
			m.steps = append(m.steps, &monkeyStep{call: d.call})
			continue
		}
		calls = append(calls, d)
	}
	var hands sync.WaitGroup
	for _, d := range calls {
		hands.Go(func() {
			if d.call.kind == "subscription" {
				m.follow.begin(d.call)
				return
			}
			d.got = m.send(context.Background(), d.call)
		})
	}
	hands.Wait()
	var changed []*drawn
	for _, d := range calls {
		if found := m.take(d); found != nil {
			return found
		}
		if d.call.kind == "mutation" && len(d.got.Errors) == 0 {
			changed = append(changed, d)
		}
	}
	m.lookAgain(changed)
	if text := m.errors.take(); text != "" {
		return &finding{"an error in the log", text}
	}
	return m.follow.finding()
}

// take judges an answer and learns from it.
func (m *monkey) take(d *drawn) *finding {
	s := &monkeyStep{call: d.call, data: d.got.Data}
	m.steps = append(m.steps, s)
	if d.call.kind == "subscription" {
		return nil
	}
	for _, e := range d.got.Errors {
		s.codes = append(s.codes, e.Extensions.Code)
	}
	ok := len(s.codes) == 0
	m.tally.note(d.call.kind+" "+d.call.root.name, map[bool]string{true: "ok", false: strings.Join(s.codes[:min(1, len(s.codes))], "")}[ok], ok)
	if !d.how.isBad {
		m.learn(d, ok)
	}
	m.memory.see(d.call.persona, len(m.steps)-1, "", d.got.Data)
	if d.call.kind == "mutation" && ok {
		m.memory.seeChanged(d.got.Data)
	}
	return judge(d.call, d.got, m.prefixes)
}

// learn remembers which personas may call which fields, which way to choose ids succeeded, and which
// types and values were accepted. A value counts as accepted if the call was refused for another
// reason.
func (m *monkey) learn(d *drawn, ok bool) {
	isLetIn := !d.got.has("FORBIDDEN", "UNAUTHENTICATED")
	field := d.call.root.name
	m.chances.note(field, d.call.persona, isLetIn)
	m.chances.note(field+" by way of", d.how.way, ok)
	m.chances.note(field+" in all", "", ok)
	for _, sign := range d.how.signs {
		m.chances.note(field+" with", sign, ok)
	}
	for _, of := range []*ast.Definition{theSchema().Query, theSchema().Mutation} {
		if f := of.Fields.ForName(field); f != nil {
			m.chances.note(openTo(f), d.call.persona, isLetIn)
		}
	}
	blamed := d.got.badPlace()
	for _, c := range d.how.chosen {
		if blamed == "" {
			m.chances.note(c.slot, c.typ, !d.got.has("BAD_ID", "BAD_USER_INPUT"))
		} else if c.slot == blamed || strings.HasSuffix(c.slot, "."+blamed) {
			m.chances.note(c.slot, c.typ, false)
		}
	}
}

// badPlace is the name of the input field whose value was refused, or empty if the answer names
// none.
func (a answered) badPlace() string {
	for _, e := range a.Errors {
		if e.Extensions.Code == "BAD_ID" || e.Extensions.Code == "BAD_USER_INPUT" {
			parts := strings.Split(e.Extensions.Field, ".")
			return parts[len(parts)-1]
		}
	}
	return ""
}

// has reports whether one of the errors has one of the codes.
func (a answered) has(codes ...string) bool {
	return slices.ContainsFunc(a.Errors, func(e problem) bool { return slices.Contains(codes, e.Extensions.Code) })
}

// send makes a call.
func (m *monkey) send(ctx context.Context, c *call) (got answered) {
	began := clock.System{}.Now()
	res, err := m.request(ctx, c, "application/json")
	if err != nil {
		got.bad = err.Error()
		return got
	}
	defer res.Body.Close()
	got.Status = res.StatusCode
	if err := json.NewDecoder(res.Body).Decode(&got.reply); err != nil {
		got.bad = fmt.Sprintf("status %d: %v", res.StatusCode, err)
	}
	got.took, got.may = clock.System{}.Now().Sub(began), m.app.DB.Span(deadlines[c.kind]+grace)
	return got
}

func (m *monkey) request(ctx context.Context, c *call, accept string) (*http.Response, error) {
	document, values := c.document()
	body, err := json.Marshal(vars{"query": document, "variables": values})
	if err != nil {
		return nil, err
	}
	req, err := http.NewRequestWithContext(ctx, http.MethodPost, m.url+"/graphql", bytes.NewReader(body))
	if err != nil {
		return nil, err
	}
	req.Header.Set("Content-Type", "application/json")
	req.Header.Set("Accept", accept)
	if c.persona != "" {
		req.Header.Set("Authorization", "Bearer "+m.tokens[c.persona])
	}
	return m.client.Do(req)
}

// pass lets time pass, and gets new tokens, which are valid for a day.
func (m *monkey) pass(by time.Duration) {
	m.clock.advance(by)
	m.readTokens()
}

// monkeyClock is the machine's clock, put forward and back.
type monkeyClock struct {
	mu sync.Mutex
	by time.Duration
}

func (c *monkeyClock) Now() time.Time {
	c.mu.Lock()
	defer c.mu.Unlock()
	return clock.System{}.Now().Add(c.by)
}

func (c *monkeyClock) advance(by time.Duration) {
	c.mu.Lock()
	defer c.mu.Unlock()
	c.by += by
}

// errorText collects what is logged as an error until it is taken.
type errorText struct {
	mu   sync.Mutex
	text bytes.Buffer
}

func (e *errorText) Write(p []byte) (int, error) {
	e.mu.Lock()
	defer e.mu.Unlock()
	return e.text.Write(p)
}

func (e *errorText) take() string {
	e.mu.Lock()
	defer e.mu.Unlock()
	text := e.text.String()
	e.text.Reset()
	return text
}

var theSchema = sync.OnceValue(schema.MustLoad)

// reportTally logs how often each field succeeded, and which mutations never did.
func reportTally(t *testing.T, tally chances) {
	t.Helper()
	sum, good := 0, 0
	for _, name := range slices.Sorted(maps.Keys(tally)) {
		tries, ok, codes := 0, 0, []string{}
		for _, code := range slices.Sorted(maps.Keys(tally[name])) {
			n := tally[name][code]
			tries, ok = tries+n[0], ok+n[1]
			if code != "ok" {
				codes = append(codes, fmt.Sprintf("%s %d", code, n[0]))
			}
		}
		sum, good = sum+tries, good+ok
		if !t.Failed() { // after a failure, the findings matter more
			t.Logf("%-38s %5d tried, %3d %% without an error   %s", name, tries, 100*ok/tries, strings.Join(codes, ", "))
		}
	}
	never := neverWell(tally)
	t.Logf("%d operations, %d %% without an error; %d mutations never: %s", sum, 100*good/max(1, sum), len(never), strings.Join(never, ", "))
}
