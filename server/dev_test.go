package main

import (
	"bytes"
	"io"
	"net"
	"net/http"
	"net/http/httptest"
	"net/url"
	"path/filepath"
	"regexp"
	"runtime/debug"
	"strings"
	"testing"
	"time"

	"github.com/golang-jwt/jwt/v5"

	"faellesskab/internal/config"
	"faellesskab/internal/push/fcmsim"
)

// withEnviron starts the server with these variables.
func withEnviron(t *testing.T, environ ...string) harnessOption {
	cfg, err := config.Load([]string{"-addr", "127.0.0.1:0"}, environ)
	if err != nil {
		t.Fatal(err)
	}
	return func(s *Setup) { s.Config = cfg }
}

// The list says who everybody is, once they have signed in.
func TestTokensSayWhoPeopleAre(t *testing.T) {
	t.Parallel()
	h := newHarness(t, withoutDemo())
	me := h.personID("resident-1")
	var list []devToken
	h.get("/dev/tokens", &list)
	for _, token := range list {
		isMe := token.PersonID != nil && *token.PersonID == me
		if isMe != (token.Persona == "resident-1") || !isMe && token.PersonID != nil {
			t.Errorf("%s is %v, and resident-1 is %s", token.Persona, token.PersonID, me)
		}
	}
}

// Everybody new is somebody else, and signs in for the first time.
func TestTokensOfSomebodyNew(t *testing.T) {
	t.Parallel()
	h := newHarness(t, withoutDemo())
	known := map[string]bool{}
	for _, name := range []string{"Ny Æble", "Ny Æble"} {
		var list []devToken
		h.get("/dev/tokens?new="+url.QueryEscape(name), &list)
		if len(list) != 1 || list[0].PersonID != nil || list[0].Persona != "" || list[0].DisplayName != name {
			t.Fatalf("somebody new is %+v", list)
		}
		h.tokens["new"] = list[0].Token
		me := h.must("new", `{ viewer { person { id displayName homeArea { id } } } }`, nil)
		personID := me.text("viewer", "person", "id")
		if personID == "" || known[personID] || me.text("viewer", "person", "displayName") != name || me.at("viewer", "person", "homeArea") != nil {
			t.Errorf("somebody new is %+v", me.Data)
		}
		known[personID] = true
	}
	for _, bad := range []string{"", "%20", "%ff", strings.Repeat("a", 101), "a;b", "100%"} {
		if status, body, err := fetch(h.url + "/dev/tokens?new=" + bad); err != nil || status != http.StatusBadRequest {
			t.Errorf("%q: %d %s (%v)", bad, status, body, err)
		}
	}
}

// A shell gets a token without anything around it.
func TestOneToken(t *testing.T) {
	t.Parallel()
	h := newHarness(t, withoutDemo())
	want := h.personID("staff-1")
	status, body, err := fetch(h.url + "/dev/tokens/staff-1")
	if err != nil || status != http.StatusOK {
		t.Fatalf("%d %s (%v)", status, body, err)
	}
	h.tokens["by itself"] = strings.TrimSuffix(body, "\n")
	if got := h.personID("by itself"); got != want {
		t.Errorf("it is %s's, want %s's", got, want)
	}
	if status, body, err := fetch(h.url + "/dev/tokens/nobody"); err != nil || status != http.StatusNotFound || !strings.Contains(body, "/dev/tokens") {
		t.Errorf("nobody: %d %s (%v)", status, body, err)
	}
}

// A phone's screen has a page, also if its address has a colon. A phone that has got nothing has none.
func TestAPhonesScreen(t *testing.T) {
	t.Parallel()
	h := newHarness(t, withoutDemo())
	w := httptest.NewRecorder()
	h.phones.ServeHTTP(w, httptest.NewRequest(http.MethodPost, "/v1/projects/p/messages:send",
		strings.NewReader(`{"message":{"token":"a:b","notification":{"title":"Gårdfest"},"android":{"notification":{"tag":"n1","channel_id":"events"}}}}`)))
	if w.Code != http.StatusOK {
		t.Fatal(w.Body)
	}
	var screen fcmsim.Screen
	h.get("/dev/phones/a%3Ab/screen", &screen)
	if len(screen.Threads) != 1 || screen.Threads[0].Pushes[0].Title != "Gårdfest" || screen.Threads[0].Pushes[0].Channel != "events" {
		t.Errorf("the screen is %+v", screen)
	}
	status, body, err := fetch(h.url + "/dev/phones/nobody/screen")
	if err != nil || status != http.StatusNotFound || !strings.Contains(body, `"error": "No push has come to the device \"nobody\".`) {
		t.Errorf("nobody's screen: %d %s (%v)", status, body, err)
	}
}

func TestTheTimeOfDay(t *testing.T) {
	t.Parallel()
	h := newHarness(t, withoutDemo())
	at := time.Date(2026, 7, 1, 21, 59, 30, 0, time.UTC) // 23:59:30 in Copenhagen
	h.app.DB.SetClock(fixed(at))
	for query, want := range map[string]string{"": "23:59\n", "?in=2m": "00:01\n", "?in=-1m": "23:58\n", "?in=1h": "00:59\n", "?in=2m&date": "2026-07-02T00:01:30\n", "?date": "2026-07-01T23:59:30\n"} {
		if status, body, err := fetch(h.url + "/dev/clock" + query); err != nil || status != http.StatusOK || body != want {
			t.Errorf("%s: %d %q (%v), want %q", query, status, body, err, want)
		}
	}
	if status, body, err := fetch(h.url + "/dev/clock?in=soon"); err != nil || status != http.StatusBadRequest || !strings.Contains(body, "2m") {
		t.Errorf("soon: %d %q (%v)", status, body, err)
	}
}

type fixed time.Time

func (f fixed) Now() time.Time { return time.Time(f) }

// A token is good after a restart on the same folder, and on no other. Where only warnings are
// logged, calls leave the terminal to the pushes.
func TestTokensSurviveARestart(t *testing.T) {
	folder := t.TempDir()
	first := startProgram(t, "-data", folder)
	token, me := first.tokens["resident-1"], first.personID("resident-1")
	if code, stderr := first.stop(); code != 0 || strings.Contains(stderr, "operation") {
		t.Errorf("the program ended with %d, and wrote %s", code, stderr)
	}
	second := startProgram(t, "-data", folder)
	second.tokens["before"] = token
	if got := second.personID("before"); got != me {
		t.Errorf("the token is %s's after the restart, and was %s's", got, me)
	}
	second.stopped()
	other := startProgram(t, "-data", t.TempDir())
	other.tokens["before"] = token
	if r := other.do("before", `{ viewer { person { id } } }`, nil); r.code() != "UNAUTHENTICATED" {
		t.Errorf("another folder's server answers %+v", r)
	}
}

// Where the key cannot be kept, the server starts all the same, and says so.
func TestAKeyThatCannotBeKept(t *testing.T) {
	t.Parallel()
	var log lockedBuffer
	cfg, err := config.Load([]string{"-data", "/proc/data"}, nil)
	if err != nil {
		t.Fatal(err)
	}
	a := &App{cfg: cfg, log: newLogger(cfg, &log), db: &database{}}
	if key, err := a.devKey(t.Context()); key == nil || err != nil || !strings.Contains(log.String(), "will not survive a restart") {
		t.Errorf("%v, %v: %s", key, err, log.String())
	}
}

// The sign-ins of Firebase's Auth emulator are taken for its project, if it is configured, and not
// otherwise.
func TestSignInsOfTheEmulator(t *testing.T) {
	t.Parallel()
	with := newHarness(t, withoutDemo(), withEnviron(t, "FIREBASE_AUTH_EMULATOR_HOST=127.0.0.1:9099", "FIREBASE_PROJECT_ID=demo-faellesskab"))
	without := newHarness(t, withoutDemo())
	for project, welcome := range map[string]bool{"demo-faellesskab": true, "demo-another": false, "faellesskab": false} {
		now := time.Now()
		token, err := jwt.NewWithClaims(jwt.SigningMethodNone, jwt.MapClaims{
			"iss": "https://securetoken.google.com/" + project, "aud": project, "sub": "uid-of-the-emulator", "name": "Navn",
			"iat": now.Unix(), "auth_time": now.Unix(), "exp": now.Add(time.Hour).Unix(), "firebase": map[string]any{"sign_in_provider": "password"},
		}).SignedString(jwt.UnsafeAllowNoneSignatureType)
		if err != nil {
			t.Fatal(err)
		}
		with.tokens[project], without.tokens[project] = token, token
		r := with.do(project, `{ viewer { person { displayName } } }`, nil)
		if welcome != (r.text("viewer", "person", "displayName") == "Navn") || !welcome && r.code() != "UNAUTHENTICATED" {
			t.Errorf("%s: %+v", project, r)
		}
		if r := without.do(project, `{ viewer { person { id } } }`, nil); r.code() != "UNAUTHENTICATED" {
			t.Errorf("%s, without the emulator: %+v", project, r)
		}
	}
	if with.personID("resident-1") == "" {
		t.Error("the development server's own tokens are not taken beside the emulator's")
	}
}

// Pages of PUBLIC_ORIGINS may call the API, and read no tokens.
func TestPublicOrigins(t *testing.T) {
	t.Parallel()
	const origin = "http://localhost:5173"
	h := newHarness(t, withoutDemo(), withEnviron(t, "PUBLIC_ORIGINS="+origin))
	for _, c := range []struct {
		method, path, origin, allowed string
		status                        int
	}{
		{http.MethodOptions, "/graphql", origin, origin, http.StatusNoContent},
		{http.MethodPost, "/graphql", origin, origin, http.StatusOK},
		{http.MethodPost, "/graphql", "http://localhost:5174", "", http.StatusForbidden},
		{http.MethodGet, "/dev/tokens", origin, "", http.StatusOK},
		{http.MethodGet, "/dev/tokens/resident-1", origin, "", http.StatusOK},
	} {
		r := httptest.NewRequestWithContext(t.Context(), c.method, c.path, strings.NewReader(inQuery("{ areas { slug } }")))
		r.Host = "127.0.0.1"
		r.Header.Set("Content-Type", "application/json")
		r.Header.Set("Origin", c.origin)
		r.Header.Set("Sec-Fetch-Site", "same-site")
		if c.method == http.MethodOptions {
			r.Header.Set("Access-Control-Request-Method", http.MethodPost)
			r.Header.Set("Access-Control-Request-Headers", "authorization,content-type")
		}
		w := httptest.NewRecorder()
		h.app.http.Handler.ServeHTTP(w, r)
		if got := w.Header().Get("Access-Control-Allow-Origin"); got != c.allowed || w.Code != c.status {
			t.Errorf("%s %s from %s: %d, for %q; want %d, for %q: %s", c.method, c.path, c.origin, w.Code, got, c.status, c.allowed, w.Body)
		}
	}
}

// Somebody whose address is taken is told what to do, and nothing is opened.
func TestAnAddressInUseNamesTheFlag(t *testing.T) {
	t.Parallel()
	taken, err := (&net.ListenConfig{}).Listen(t.Context(), "tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	defer taken.Close()
	var stderr bytes.Buffer
	folder := filepath.Join(t.TempDir(), "data")
	code := run(t.Context(), []string{"-addr", taken.Addr().String(), "-data", folder}, nil, io.Discard, &stderr)
	for _, want := range []string{taken.Addr().String() + " is in use", "-addr 127.0.0.1:0"} {
		if code != 1 || !strings.Contains(stderr.String(), want) {
			t.Errorf("it ended with %d: %s; want %q", code, stderr.String(), want)
		}
	}
}

func TestVersion(t *testing.T) {
	t.Parallel()
	for _, flag := range []string{"-version", "--version"} {
		var stdout, stderr bytes.Buffer
		code := run(t.Context(), []string{flag}, []string{"FIREBASE_PROJECT_ID=half"}, &stdout, &stderr)
		if code != 0 || stderr.Len() > 0 || !regexp.MustCompile(`^server \S.* built with go\S+\n$`).MatchString(stdout.String()) {
			t.Errorf("%s: %d %q %q", flag, code, stdout.String(), stderr.String())
		}
	}
	info := &debug.BuildInfo{GoVersion: "go1.26", Main: debug.Module{Version: "v1.2.3"}}
	if got, want := versionOf(info), "server v1.2.3 of an unknown commit, built with go1.26"; got != want {
		t.Errorf("got %q, want %q", got, want)
	}
	info.Settings = []debug.BuildSetting{{Key: "vcs.revision", Value: "abc"}, {Key: "vcs.time", Value: "2026-01-02T03:04:05Z"}, {Key: "vcs.modified", Value: "true"}}
	if got, want := versionOf(info), "server v1.2.3 commit abc 2026-01-02T03:04:05Z with changes built with go1.26"; got != want {
		t.Errorf("got %q, want %q", got, want)
	}
}
