package main

import (
	"bytes"
	"context"
	"encoding/gob"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"log/slog"
	"net/http"
	"net/http/httptest"
	"os"
	"os/exec"
	"regexp"
	"strings"
	"testing"
	"time"

	"faellesskab/internal/clock"
	"faellesskab/internal/community/communitytest"
	"faellesskab/internal/config"
	"faellesskab/internal/demo"
	"faellesskab/internal/mongodb"
	"faellesskab/internal/push/fcmsim"
	"faellesskab/internal/testkit"
	"faellesskab/internal/testkit/byhand"
	wire "faellesskab/internal/testkit/replay"
)

// The screens are measured in a process that has no database in it, since the database's memory and
// work would be measured with them. Another process fills the world and records what the calls ask the
// database; a third answers in place of the database. Both are this test binary, and end when their
// input does.
const (
	runAsScreensWorld  = "FAELLESSKAB_TEST_SCREENS_WORLD"
	runAsScreensReplay = "FAELLESSKAB_TEST_SCREENS_REPLAY"
)

// screensWorld is what the measuring process needs to know of the world.
type screensWorld struct {
	URI, Database string
	Now           time.Time
	Able          mongodb.Capabilities
	Calls         []screenCall
	Answers       map[string]string // of the server on the database, by call
	People        map[string]string // the ids of the personas by their accounts
	Said          []wire.Exchange
}

// screenCall is an operation that is measured.
type screenCall struct {
	Name, Persona, Operation string
	Body                     []byte
	ByHand                   [2]string // what is to be replaced in the body, and by what, before it is answered by hand for comparison
	// Fresh are more requests like it, where a database remembers that one has been made.
	Fresh [][]byte
}

// operationName finds the name of a document's operation.
var operationName = regexp.MustCompile(`(?:query|mutation) (\w+)`)

// signsUp is the name of the call that changes something.
const signsUp = "sign-up"

// signUp is what the app sends when somebody taps "I'm coming".
const signUp = `mutation SignUp($input: AttendEventInput!) { attendEvent(input: $input) {
	outcome { __typename ... on BookingConfirmed { booking { id state guests position offerExpiresAt viewerCan } } }
	occurrence { id seatsLeft viewerCan } } }`

// calls are the screens and the other operations that are measured.
func (s *stage) calls() []screenCall {
	s.t.Helper()
	cases := readCases(s.t, screensFolder)
	cases = append(cases,
		goldenCase{path: "trivial", persona: "member", document: "query Trivial { viewer { person { id } } }"},
		goldenCase{path: "anonymous", persona: "anonymous", document: "query Anonymous { __typename }"},
		goldenCase{path: "signed-in", persona: "member", document: "query Anonymous { __typename }"},
		goldenCase{path: signsUp, persona: "member", document: signUp, variables: vars{"input": vars{"occurrenceId": "$freeDate"}}},
	)
	list := make([]screenCall, len(cases))
	for i, c := range cases {
		operation := operationName.FindStringSubmatch(c.document)[1]
		body, err := json.Marshal(map[string]any{"query": c.document, "variables": s.resolve(c.variables), "operationName": operation})
		if err != nil {
			s.t.Fatal(err)
		}
		list[i] = screenCall{Name: c.name(), Persona: personas[c.persona], Operation: operation, Body: body}
		if c.path == signsUp { // a place can be taken once
			list[i].ByHand = [2]string{s.names["freeDate"], s.names["otherFreeDate"]}
		}
	}
	return list
}

// fillWorld is the process that fills the world, and records what the calls ask.
func fillWorld(t *testing.T) {
	s := newScreensWorld(t)
	var recorder wire.Recorder
	db := testkit.Reopen(t, s.db, append(communitytest.Watched(), testkit.WithDialer(recorder.Dialer))...)
	able, err := db.Capabilities(t.Context())
	if err != nil {
		t.Fatal(err)
	}
	w := screensWorld{URI: os.Getenv("MONGODB_URI"), Database: s.db.Name(), Now: s.clock.Now(), Able: able, Calls: s.calls(), People: map[string]string{}}
	for _, p := range demo.Personas {
		w.People[p.UID()] = s.people[p.Name]
	}
	w.Answers = w.answers(t, w.open(t, db))
	if w.URI != "" {
		last := &w.Calls[len(w.Calls)-1]
		for _, date := range s.copyDate(s.names["freeDate"]) {
			last.Fresh = append(last.Fresh, bytes.ReplaceAll(last.Body, []byte(s.names["freeDate"]), []byte(date)))
		}
	}
	w.Said = recorder.Said()
	w.handOver(t)
}

// handOver gives the world to the process that measures, and keeps it until that needs it no more.
func (w *screensWorld) handOver(t *testing.T) {
	t.Helper()
	pipe := os.NewFile(3, "the process that measures")
	if err := errors.Join(gob.NewEncoder(pipe).Encode(w), pipe.Close()); err != nil {
		t.Fatal(err)
	}
	if _, err := io.Copy(io.Discard, os.Stdin); err != nil {
		t.Error(err)
	}
}

// connect opens the database of the world as the program does in production, and takes it to be the
// server's alone if it is replayed: nobody else can change it.
func (w *screensWorld) connect(t testing.TB) *mongodb.DB {
	t.Helper()
	o := mongodb.Options{URI: w.URI, Database: w.Database, AppName: "screens"}
	if w.Said != nil {
		able := w.Able
		able.SoleWriter = true
		o.Able = &able
	}
	db, err := mongodb.Connect(t.Context(), o)
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() {
		if err := db.Close(context.Background()); err != nil {
			t.Error(err)
		}
	})
	return db
}

// open starts a server on the database, whose workers rest, at the time of the world.
func (w *screensWorld) open(t testing.TB, db *mongodb.DB) *App {
	t.Helper()
	db.SetClock(clock.NewManual(w.Now))
	cfg, err := config.Load([]string{"-addr", "127.0.0.1:0"}, nil)
	if err != nil {
		t.Fatal(err)
	}
	app, err := Start(t.Context(), Setup{Config: cfg, Log: slog.New(slog.DiscardHandler), Stdout: io.Discard, DB: db, Simulator: fcmsim.New(fcmsim.Options{}), NoDemo: true})
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() {
		if err := app.Close(context.Background()); err != nil {
			t.Error(err)
		}
	})
	return app
}

// request is a call as the server reads it. Its body can be read once.
func (c screenCall) request(t testing.TB, app *App) *http.Request {
	t.Helper()
	r := httptest.NewRequestWithContext(context.Background(), http.MethodPost, "http://127.0.0.1/graphql", strings.NewReader(string(c.Body)))
	r.Header.Set("Content-Type", "application/json")
	if c.Persona != "" {
		token := httptest.NewRecorder()
		app.http.Handler.ServeHTTP(token, httptest.NewRequestWithContext(context.Background(), http.MethodGet, "http://127.0.0.1/dev/tokens/"+c.Persona, http.NoBody))
		r.Header.Set("Authorization", "Bearer "+strings.TrimSpace(token.Body.String()))
	}
	return r
}

// answers are the answers to the calls, which must have no errors, and be those that are given by hand. The
// screens are asked for twice, since the first answer may warm something; the call that changes something
// comes last.
func (w *screensWorld) answers(t testing.TB, app *App) map[string]string {
	t.Helper()
	hand, list := w.byHand(t, app), map[string]string{}
	for _, c := range w.Calls {
		if len(c.Fresh) > 0 {
			continue // the database has answered it once
		}
		for range 1 + map[bool]int{false: 1}[c.Name == signsUp] {
			answer := httptest.NewRecorder()
			app.http.Handler.ServeHTTP(answer, c.request(t, app))
			if answer.Code != http.StatusOK || strings.Contains(answer.Body.String(), `"errors":`) {
				t.Fatalf("%s: %d %s", c.Name, answer.Code, answer.Body)
			}
			list[c.Name] = answer.Body.String()
		}
		if byhand.Answers(c.Operation) {
			again := c
			if c.ByHand[0] != "" {
				again.Body = bytes.ReplaceAll(c.Body, []byte(c.ByHand[0]), []byte(c.ByHand[1]))
			}
			c.compareByHand(t, list[c.Name], hand, again.request(t, app))
		}
	}
	return list
}

// beginWorld lets another process fill and record the world. With MONGODB_URI the world is there, and
// stays until the test ends.
func beginWorld(t testing.TB) *screensWorld {
	t.Helper()
	read, write, err := os.Pipe()
	if err != nil {
		t.Fatal(err)
	}
	cmd, in := self(t, runAsScreensWorld, "-test.run=^TestAllocationsOfTheScreens$", "-test.v")
	var said strings.Builder
	cmd.Stdout, cmd.Stderr, cmd.ExtraFiles = &said, &said, []*os.File{write}
	if err := errors.Join(cmd.Start(), write.Close()); err != nil {
		t.Fatal(err)
	}
	w := &screensWorld{}
	if err := gob.NewDecoder(read).Decode(w); err != nil {
		t.Fatalf("the world of the screens: %v, %v\n%s", err, errors.Join(in.Close(), cmd.Wait()), said.String())
	}
	end := func() error { return errors.Join(in.Close(), cmd.Wait()) }
	if w.URI != "" {
		w.Said = nil
		t.Cleanup(func() {
			if err := end(); err != nil {
				t.Error(err)
			}
		})
		return w
	}
	if err := end(); err != nil {
		t.Fatalf("the world of the screens: %v\n%s", err, said.String())
	}
	w.URI = serveReplay(t, w.Said)
	return w
}

// self is this test binary with a task, and its input.
func self(t testing.TB, task string, args ...string) (cmd *exec.Cmd, in io.WriteCloser) {
	t.Helper()
	me, err := os.Executable()
	if err != nil {
		t.Fatal(err)
	}
	cmd = exec.Command(me, args...) //nolint:noctx // it ends with its input
	cmd.Env = append(os.Environ(), task+"=yes")
	if in, err = cmd.StdinPipe(); err != nil {
		t.Fatal(err)
	}
	return cmd, in
}

// serveReplay starts the process that answers in place of the database, and returns its address.
func serveReplay(t testing.TB, said []wire.Exchange) (uri string) {
	t.Helper()
	cmd, in := self(t, runAsScreensReplay)
	out, err := cmd.StdoutPipe()
	cmd.Stderr = os.Stderr
	if err := errors.Join(err, cmd.Start(), gob.NewEncoder(in).Encode(said)); err != nil {
		t.Fatal(err)
	}
	if _, err := fmt.Fscanln(out, &uri); err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() {
		if err := errors.Join(in.Close(), cmd.Wait()); err != nil {
			t.Error(err)
		}
	})
	return uri
}

// replayScreens is the process that answers in place of the database.
func replayScreens(in io.Reader, out io.Writer) error {
	var said []wire.Exchange
	if err := gob.NewDecoder(in).Decode(&said); err != nil {
		return err
	}
	s, err := wire.Listen(context.Background(), said)
	if err != nil {
		return err
	}
	fmt.Fprintln(out, s.URI())
	ended := make(chan struct{})
	go func() {
		_, _ = io.Copy(io.Discard, in)
		close(ended)
		s.Close()
	}()
	err = s.Serve()
	<-ended
	for _, said := range s.Unknown() {
		err = errors.Join(err, errors.New(said))
	}
	return err
}
