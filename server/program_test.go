package main

import (
	"bufio"
	"bytes"
	"context"
	"encoding/json"
	"io"
	"net"
	"net/http"
	"strings"
	"sync"
	"testing"
	"time"

	"go.uber.org/goleak"
)

// program is the whole program under test. It runs with flags, can be told to stop, and returns
// its exit code.
type program struct {
	*harness
	stop func() (code int, stderr string)
}

// startProgram runs the program on the embedded database, even if there is a mongod, and waits
// until it is ready. Tests that use it are not parallel.
func startProgram(t *testing.T, args ...string) *program {
	t.Helper()
	t.Setenv("PATH", "")
	ctx, cancel := context.WithCancel(context.Background())
	out, stdout := io.Pipe()
	stderr := &lockedBuffer{}
	done := make(chan int, 1)
	go func() {
		done <- run(ctx, append([]string{"-addr", "127.0.0.1:0"}, args...), nil, stdout, stderr)
		stdout.Close()
	}()
	lines := bufio.NewScanner(out)
	url := ""
	for url == "" && lines.Scan() {
		_, url, _ = strings.Cut(lines.Text(), "listens on ")
	}
	if url == "" {
		cancel()
		t.Fatalf("the program ended with %d: %s", <-done, stderr)
	}
	go func() {
		for lines.Scan() {
		}
	}()
	p := &program{harness: &harness{t: t, url: url, tokens: map[string]string{}}}
	p.stop = sync.OnceValues(func() (int, string) {
		cancel()
		return <-done, stderr.String()
	})
	t.Cleanup(func() { p.stop() })
	for p.status("/readyz") != http.StatusOK {
		time.Sleep(5 * time.Millisecond)
	}
	p.readTokens()
	return p
}

// stopped stops the program and fails unless it ends well.
func (p *program) stopped() {
	p.t.Helper()
	if code, stderr := p.stop(); code != 0 {
		p.t.Errorf("the program ended with %d: %s", code, stderr)
	}
}

func (p *program) status(path string) int {
	p.t.Helper()
	status, _, err := fetch(p.url + path)
	if err != nil {
		return 0
	}
	return status
}

// fetch gets a page over a connection of its own.
func fetch(url string) (status int, body string, err error) {
	client := &http.Client{Transport: &http.Transport{DisableKeepAlives: true}, Timeout: 10 * time.Second}
	res, err := client.Get(url) //nolint:noctx // the client has a timeout
	if err != nil {
		return 0, "", err
	}
	defer res.Body.Close()
	raw, err := io.ReadAll(res.Body)
	return res.StatusCode, string(raw), err
}

type lockedBuffer struct {
	mu sync.Mutex
	b  bytes.Buffer
}

func (l *lockedBuffer) Write(p []byte) (int, error) {
	l.mu.Lock()
	defer l.mu.Unlock()
	return l.b.Write(p)
}

func (l *lockedBuffer) String() string {
	l.mu.Lock()
	defer l.mu.Unlock()
	return l.b.String()
}

func TestProgramServesAndLeavesNothingBehind(t *testing.T) {
	leaks := goleak.IgnoreCurrent()
	p := startProgram(t, "-data", t.TempDir())
	for path, want := range map[string]string{"/livez": "ok", "/readyz": "ok", "/": "graphiql.min.js", "/graphiql/graphiql.min.js": "CodeMirror", "/graphiql/start.js": "createFetcher", "/dev/jwks": `"RS256"`} {
		status, body, err := fetch(p.url + path)
		if err != nil || status != http.StatusOK || !strings.Contains(body, want) {
			t.Errorf("%s: status %d, %v, %.200q; want %q in it", path, status, err, body, want)
		}
	}
	p.ringPhone()
	for path, want := range map[string][]string{
		"/dev/tokens": {"persona", "displayName", "roles", "token"},
		"/dev/phones": {"device", "platform", "title", "body", "data", "channel", "sound", "thread", "level", "actions", "collapseKey", "receivedAt"},
	} {
		var list []map[string]any
		p.get(path, &list)
		for _, key := range want {
			if len(list) == 0 || list[0][key] == nil {
				t.Errorf("%s has no %q: %v", path, key, list)
			}
		}
	}
	if status := p.status("/graphql/"); status != http.StatusNotFound {
		t.Errorf("/graphql/: status %d", status)
	}
	p.stopped()
	http.DefaultClient.CloseIdleConnections()
	if err := goleak.Find(leaks); err != nil {
		t.Errorf("after the stop: %v", err)
	}
}

// ringPhone publishes an event to a resident and waits for the push.
func (p *program) ringPhone() {
	p.t.Helper()
	group := p.must("resident-1", `{ groups(filter: {kind: HOUSING}) { edges { node { id } } } }`, nil).text("groups", "edges", 0, "node", "id")
	p.must("resident-1", `mutation ($g: ID!) { joinGroup(input: {groupId: $g}) { group { id } } }`, vars{"g": group})
	event := p.must("leader-1", `mutation ($g: ID!) { createEvent(input: {groupId: $g, title: "Fest", startsAt: "2090-06-01T18:00:00", endsAt: "2090-06-01T19:00:00"}) {
		event { id } } }`, vars{"g": group}).text("createEvent", "event", "id")
	p.must("leader-1", `mutation ($e: ID!) { publishEvent(input: {eventId: $e}) { event { id } } }`, vars{"e": event})
	for deadline := time.Now().Add(15 * time.Second); time.Now().Before(deadline); time.Sleep(5 * time.Millisecond) { //nolint:forbidigo // a test's patience
		var pushes []map[string]any
		if p.get("/dev/phones", &pushes); len(pushes) > 0 {
			return
		}
	}
	p.t.Fatal("no phone rang")
}

// A call that is under way when the server is told to stop is answered. New calls are not
// taken.
func TestStopLetsCallsFinish(t *testing.T) {
	p := startProgram(t, "-data", t.TempDir())
	conn, err := (&net.Dialer{}).DialContext(t.Context(), "tcp", strings.TrimPrefix(p.url, "http://"))
	if err != nil {
		t.Fatal(err)
	}
	defer conn.Close()
	body := inQuery("{ areas { slug } }")
	head := "POST /graphql HTTP/1.1\r\nHost: test\r\nContent-Type: application/json\r\nExpect: 100-continue\r\nContent-Length: "
	if _, err := io.WriteString(conn, head+itoa(len(body))+"\r\n\r\n"); err != nil {
		t.Fatal(err)
	}
	// When the server asks for the body, the call is under way.
	answers := bufio.NewReader(conn)
	if res, err := http.ReadResponse(answers, nil); err != nil || res.StatusCode != http.StatusContinue {
		t.Fatalf("the server did not ask for the body: %v (%v)", res, err)
	}
	ended := make(chan struct{})
	go func() {
		defer close(ended)
		p.stopped()
	}()
	for p.status("/livez") != 0 {
		time.Sleep(5 * time.Millisecond)
	}
	select {
	case <-ended:
		t.Fatal("the program ended before its last call")
	default:
	}
	if _, err := io.WriteString(conn, body); err != nil {
		t.Fatal(err)
	}
	res, err := http.ReadResponse(answers, nil)
	if err != nil {
		t.Fatalf("the call under way got no answer: %v", err)
	}
	defer res.Body.Close()
	answer, err := io.ReadAll(res.Body)
	if err != nil || !strings.Contains(string(answer), `"tuse-naes"`) {
		t.Errorf("the call under way was answered with %s: %.200s (%v)", res.Status, answer, err)
	}
	<-ended
}

func itoa(n int) string { raw, _ := json.Marshal(n); return string(raw) } //nolint:errchkjson // an int

func TestDataStaysUntilReset(t *testing.T) {
	folder := t.TempDir()
	find := func(p *program) int {
		list, _ := p.must("", `{ groups(filter: {query: "Syngekoret"}) { edges { cursor } } }`, nil).at("groups", "edges").([]any)
		return len(list)
	}
	first := startProgram(t, "-data", folder)
	first.must("resident-1", `mutation { createGroup(input: {name: "Syngekoret", kind: ASSOCIATION}) { group { id } } }`, nil)
	first.stopped()

	second := startProgram(t, "-data", folder)
	if n := find(second); n != 1 {
		t.Errorf("after a restart there are %d groups of that name", n)
	}
	if code, stderr := runOnce(t, "-addr", "127.0.0.1:0", "-data", folder); code != 1 || !strings.Contains(stderr, folder) || !strings.Contains(stderr, "in use by another server") {
		t.Errorf("a second server on the folder ended with %d: %s", code, stderr)
	}
	if n := find(second); n != 1 {
		t.Errorf("the second server has hurt the first: %d groups", n)
	}
	second.stopped()

	third := startProgram(t, "-data", folder, "-reset")
	if n := find(third); n != 0 {
		t.Errorf("after -reset there are %d groups of that name", n)
	}
	third.personID("resident-1")
}

// runOnce runs the program to its end.
func runOnce(t *testing.T, args ...string) (code int, stderr string) {
	t.Helper()
	ctx, cancel := context.WithTimeout(t.Context(), 20*time.Second)
	defer cancel()
	out := &lockedBuffer{}
	code = run(ctx, args, nil, out, out)
	return code, out.String()
}
