package main

import (
	"bytes"
	"context"
	"encoding/json"
	"io"
	"net/http"
	"os"
	"path/filepath"
	"regexp"
	"strings"
	"testing"
	"time"

	"github.com/99designs/gqlgen/graphql"

	"faellesskab/internal/area"
	"faellesskab/internal/clock"
	"faellesskab/internal/community/communitytest"
	"faellesskab/internal/id"
	"faellesskab/internal/mongodb"
	"faellesskab/internal/testkit"
)

// personas are the people of the goldens, by the names of the demo people.
var personas = map[string]string{
	"anonymous": "", "resident": "resident-1", "member": "resident-2", "other": "resident-3", "banned": "resident-5",
	"leader": "leader-1", "staff": "staff-1", "builder": "builder-1", "politician": "politician-1", "admin": "admin-1",
}

// stage is a server whose clock stands still and whose ids are counted, with the names that
// seeds give to things. It keeps viewers as in production, and for as long as nobody changes them.
type stage struct {
	*harness
	db       *mongodb.DB
	clock    *clock.Manual
	commands *testkit.Counter // counts the commands of operations, without sign-ins and workers
	names    map[string]string
}

// stageApprovalOver makes an announcement to everybody wait for approval.
const stageApprovalOver = 5

// stageTime is a Tuesday.
var stageTime = time.Date(2026, 12, 1, 12, 0, 0, 0, time.UTC)

func newStage(t testing.TB, options ...testkit.Option) *stage { return stageOf(t, options) }

// stageOf is newStage with a server that is started in another way.
func stageOf(t testing.TB, options []testkit.Option, started ...harnessOption) *stage {
	t.Helper()
	s := &stage{clock: clock.NewManual(stageTime), commands: &testkit.Counter{Only: graphql.HasOperationContext}, names: map[string]string{}}
	options = append(append(options, communitytest.Watched()...), testkit.WithCounter(s.commands), testkit.WithSoleWriter())
	db := testkit.DB(t, options...)
	db.SetClock(s.clock)
	s.db = db
	s.harness = newHarness(t, append(started, withDB(db), withoutDemo(), withKeptViewers(), func(setup *Setup) {
		setup.NewID, setup.Config.ApprovalOver = counted(), stageApprovalOver
		setup.Config.PublicURL = "https://server.test"
	})...)
	s.signUpPersonas()
	for name, demoName := range personas {
		s.names[name] = s.people[demoName]
	}
	s.names["area"], s.names["jyderup"] = area.IDOf("holbaek-by"), area.IDOf("jyderup")
	// The API cannot ban a person yet.
	_, err := db.Collection("persons").UpdateOne(t.Context(), vars{"_id": s.names["banned"]}, vars{"$set": vars{"bannedAt": stageTime}})
	if err != nil {
		t.Fatal(err)
	}
	s.app.Bus.Tell("persons", s.names["banned"])
	return s
}

// counted makes ids that are the same in every run. People are counted apart, so that another
// persona changes no other ids.
func counted() id.Maker {
	people, others := id.Sequence(), id.Sequence()
	return func(prefix string) string {
		if prefix == id.Person {
			return people(prefix)
		}
		return others(prefix)
	}
}

// step is one entry of a seed.json: a document run as a persona, which must
// succeed. Names are given to values of the answer by their paths, such as
// {"group": "createGroup.group.id"}; variables then mention them as "$group".
// The names of the personas and of two areas exist from the start, and so do names such as
// unknown.grp, which are ids without an object.
type step struct {
	Use       string // the steps of testdata/api/seeds/<use>.json
	As        string // persona
	Run       string // document
	Variables vars
	Names     map[string]string
	Until     map[string]any // the step runs again until the answer has these values, and the names
	Advance   string         // how far the clock moves first, such as "1m"
	Rests     bool           // all that has begun ends first
}

func (s *stage) seed(path string) {
	s.t.Helper()
	text, err := os.ReadFile(path)
	if err != nil {
		s.t.Fatal(err)
	}
	var steps []step
	decoder := json.NewDecoder(bytes.NewReader(text))
	decoder.DisallowUnknownFields()
	if err := decoder.Decode(&steps); err != nil {
		s.t.Fatalf("%s: %v", path, err)
	}
	for i, st := range steps {
		if st.Advance != "" {
			d, err := time.ParseDuration(st.Advance)
			if err != nil {
				s.t.Fatalf("%s: step %d: %v", path, i, err)
			}
			s.clock.Advance(d)
			s.readTokens() // those from before may have expired
		}
		if st.Rests {
			s.rest()
		}
		if st.Use != "" {
			s.seed(filepath.Join(apiFolder, "seeds", st.Use+".json"))
		}
		if st.Run == "" {
			continue
		}
		got := s.runStep(st)
		if got["errors"] != nil {
			s.t.Fatalf("%s: step %d: %v", path, i, got["errors"])
		}
		for name, at := range st.Names {
			value, ok := valueAt(got["data"], at).(string)
			if !ok {
				s.t.Fatalf("%s: step %d: nothing at %s in %v", path, i, at, got["data"])
			}
			s.names[name] = value
		}
	}
}

// runStep runs a step, again and again if it must wait for a worker.
func (s *stage) runStep(st step) map[string]any {
	s.t.Helper()
	for deadline := time.Now().Add(15 * time.Second); ; time.Sleep(10 * time.Millisecond) { //nolint:forbidigo // a test's patience is the machine's
		got := s.answer(st.As, "", st.Run, st.Variables)
		reached := true
		for at, want := range st.Until {
			reached = reached && valueAt(got["data"], at) == want
		}
		for _, at := range st.Names { // lists and counts of one answer are read one after the other
			reached = reached && (len(st.Until) == 0 || valueAt(got["data"], at) != nil)
		}
		if reached {
			return got
		}
		if time.Now().After(deadline) { //nolint:forbidigo // as above
			s.t.Fatalf("waited in vain for %v; the answer is %v", st.Until, got)
		}
	}
}

func valueAt(v any, path string) any {
	for key := range strings.SplitSeq(path, ".") {
		switch in := v.(type) {
		case map[string]any:
			v = in[key]
		case []any:
			if len(key) != 1 || int(key[0]-'0') >= len(in) {
				return nil
			}
			v = in[key[0]-'0']
		default:
			return nil
		}
	}
	return v
}

var mention = regexp.MustCompile(`\$[a-zA-Z][a-zA-Z.]*`)

// resolve puts ids in place of their names.
func (s *stage) resolve(v any) any {
	switch v := v.(type) {
	case string:
		return mention.ReplaceAllStringFunc(v, func(name string) string {
			value, ok := s.names[name[1:]]
			if prefix, isUnknown := strings.CutPrefix(name, "$unknown."); isUnknown {
				return prefix + "_7zzzzzzzzzzzzzzzzzzzzzzzzz"
			}
			if !ok {
				s.t.Fatalf("nothing is called %s", name)
			}
			return value
		})
	case map[string]any:
		out := vars{}
		for k, e := range v {
			out[k] = s.resolve(e)
		}
		return out
	case []any:
		out := make([]any, len(v))
		for i, e := range v {
			out[i] = s.resolve(e)
		}
		return out
	}
	return v
}

// answer sends a document and returns the answer without its request ids.
func (s *stage) answer(persona, language, document string, variables vars) map[string]any {
	s.t.Helper()
	body, err := json.Marshal(map[string]any{"query": document, "variables": s.resolve(variables)})
	if err != nil {
		s.t.Fatal(err)
	}
	_, got := s.post(persona, language, body)
	list, _ := got["errors"].([]any)
	for _, e := range list {
		if extensions, ok := valueAt(e, "extensions").(map[string]any); ok {
			delete(extensions, "requestId")
		}
	}
	return got
}

// sent are the commands that a call sends.
func (s *stage) sent(call func()) []string {
	s.commands.Reset()
	call()
	return s.commands.Commands()
}

// post sends a body unchanged.
func (s *stage) post(persona, language string, body []byte) (status int, answer map[string]any) {
	s.t.Helper()
	demoName, ok := personas[persona]
	if !ok {
		s.t.Fatalf("no persona %q", persona)
	}
	req, err := http.NewRequestWithContext(context.Background(), http.MethodPost, s.app.URL()+"/graphql", bytes.NewReader(body))
	if err != nil {
		s.t.Fatal(err)
	}
	req.Header.Set("Content-Type", "application/json")
	req.Header.Set("Accept-Language", language)
	if demoName != "" {
		req.Header.Set("Authorization", "Bearer "+s.tokens[demoName])
	}
	res, err := http.DefaultClient.Do(req)
	if err != nil {
		s.t.Fatal(err)
	}
	defer res.Body.Close()
	raw, err := io.ReadAll(res.Body)
	if err != nil {
		s.t.Fatal(err)
	}
	if err := json.Unmarshal(raw, &answer); err != nil {
		s.t.Fatalf("%s: %v in %.300s", res.Status, err, raw)
	}
	codesAreNamed(s.t, body, raw)
	return res.StatusCode, answer
}
