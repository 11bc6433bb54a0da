package main

import (
	"bytes"
	"net"
	"net/http"
	"net/http/httptest"
	"os"
	"path/filepath"
	"regexp"
	"strings"
	"testing"

	"faellesskab/internal/config"
)

// A development server that other machines could reach ends before it opens anything.
func TestTheDevelopmentServerStaysOnThisMachine(t *testing.T) {
	t.Parallel()
	for name, c := range map[string]struct {
		args, environ []string
	}{
		"every address":        {[]string{"-addr", ":0"}, nil},
		"every IPv4 address":   {[]string{"-addr", "0.0.0.0:0"}, nil},
		"every IPv6 address":   {[]string{"-addr", "[::]:0"}, nil},
		"a database elsewhere": {[]string{"-addr", "127.0.0.1:0"}, []string{"MONGODB_URI=mongodb://db.example.org"}},
	} {
		var stdout, stderr bytes.Buffer
		folder := filepath.Join(t.TempDir(), "data")
		code := run(t.Context(), append([]string{"-data", folder}, c.args...), c.environ, &stdout, &stderr)
		if code != 2 || !strings.Contains(stderr.String(), "-allow-unsafe-development") || stdout.Len() > 0 {
			t.Errorf("%s: it ended with %d: %s%s", name, code, stdout.String(), stderr.String())
		}
		if _, err := os.Stat(folder); err == nil {
			t.Errorf("%s: the folder of the data was made", name)
		}
	}
}

// Which address a name leads to is known only once the server listens.
func TestTheAddressIsLookedAtOnceItListens(t *testing.T) {
	t.Parallel()
	everywhere, here := &net.TCPAddr{IP: net.IPv4zero, Port: 1}, &net.TCPAddr{IP: net.ParseIP("::ffff:127.0.0.1"), Port: 1}
	for name, c := range map[string]struct {
		cfg     config.Config
		addr    net.Addr
		refused bool
	}{
		"elsewhere":          {config.Config{Addr: "localhost:1"}, everywhere, true},
		"here":               {config.Config{}, here, false},
		"elsewhere, allowed": {config.Config{AllowUnsafeDevelopment: true}, everywhere, false},
		"production":         {config.Config{FirebaseProjectID: "p"}, everywhere, false},
	} {
		if err := checkReach(c.cfg, c.addr); (err != nil) != c.refused {
			t.Errorf("%s: %v", name, err)
		}
	}
}

// A page that makes its own name lead to this machine reads no tokens.
func TestDevelopmentConveniencesGoByTheServersName(t *testing.T) {
	t.Parallel()
	h := newHarness(t, withoutDemo())
	get := func(path, host string) int {
		w := httptest.NewRecorder()
		r := httptest.NewRequestWithContext(t.Context(), http.MethodGet, path, nil)
		r.Host = host
		h.app.http.Handler.ServeHTTP(w, r)
		if w.Header().Get("Access-Control-Allow-Origin") != "" {
			t.Errorf("%s lets other pages read it", path)
		}
		if w.Code == http.StatusOK && w.Header().Get("Cross-Origin-Resource-Policy") != "same-origin" {
			t.Errorf("%s can be loaded by other pages", path)
		}
		return w.Code
	}
	for host, want := range map[string]int{
		"127.0.0.1:8080": 200, "localhost:8080": 200, "LOCALHOST": 200, "[::1]:8080": 200, "app.localhost:80": 200,
		"rebound.example.org:8080": 403, "rebound.example.org": 403, "192.168.1.7:8080": 403, "localhost.example.org": 403,
		"127.0.0.1.example.org": 403, "server:8080": 403, "": 403,
	} {
		for _, path := range []string{"/dev/tokens", "/dev/tokens?new=Navn", "/dev/tokens/resident-1", "/dev/phones", "/dev/jwks", "/dev/clock"} {
			if got := get(path, host); got != want {
				t.Errorf("%s by the name of %q: %d, want %d", path, host, got, want)
			}
		}
	}
	for host, want := range map[string]bool{"192.168.1.7:8080": true, "server:8080": true, "localhost": true, "rebound.example.org:8080": false, "": false} {
		if got := isInside(withoutPort(host)); got != want {
			t.Errorf("where it may be reached from elsewhere, by the name of %q: %t", host, got)
		}
	}
}

// A page that makes its own name lead to this machine could write a token that nobody needs to
// sign, if the server takes those of the Auth emulator. Phones call by an address.
func TestUnsignedTokensGoByTheServersName(t *testing.T) {
	t.Parallel()
	with := newHarness(t, withoutDemo(), withEnviron(t, "FIREBASE_AUTH_EMULATOR_HOST=127.0.0.1:9099", "FIREBASE_PROJECT_ID=demo-faellesskab"))
	without := newHarness(t, withoutDemo())
	for host, want := range map[string]int{
		"127.0.0.1:8080": 200, "localhost:8080": 200, "10.0.2.2:8080": 200, "[::1]:8080": 200,
		"rebound.example.org:8080": 403, "10.0.2.2.example.org": 403, "rebound:8080": 403, "": 403,
	} {
		for _, method := range []string{http.MethodGet, http.MethodPost, http.MethodOptions} {
			r := httptest.NewRequestWithContext(t.Context(), method, "/graphql?query={areas{slug}}", strings.NewReader(inQuery("{ areas { slug } }")))
			r.Header.Set("Content-Type", "application/json")
			r.Host = host
			w, plain := httptest.NewRecorder(), httptest.NewRecorder()
			with.app.http.Handler.ServeHTTP(w, r)
			if refused := w.Code == http.StatusForbidden; refused != (want == http.StatusForbidden) {
				t.Errorf("%s by the name of %q: %d, want %d", method, host, w.Code, want)
			}
			without.app.http.Handler.ServeHTTP(plain, r)
			if plain.Code == http.StatusForbidden {
				t.Errorf("%s by the name of %q is refused without the emulator", method, host)
			}
		}
	}
}

// The image starts no development server that the world could reach. Only the compose file
// allows one, and publishes it on this machine alone.
func TestOnlyTheComposeFileAllowsIt(t *testing.T) {
	t.Parallel()
	const allow = "-allow-unsafe-development"
	compose, image := readFile(t, "../compose.yaml"), readFile(t, "../Dockerfile")
	command := regexp.MustCompile(`command: \[-addr, "([^"]+)", (\S+)\]`).FindStringSubmatch(compose)
	uri := regexp.MustCompile(`MONGODB_URI: (\S+)`).FindStringSubmatch(compose)
	if command == nil || command[2] != allow || uri == nil {
		t.Fatalf("the compose file starts the server by %v on %v", command, uri)
	}
	if _, err := config.Load([]string{"-addr", command[1], command[2]}, []string{"MONGODB_URI=" + uri[1]}); err != nil {
		t.Errorf("the compose file's server is refused: %v", err)
	}
	for _, port := range regexp.MustCompile(`ports: .*`).FindAllString(compose, -1) {
		if port != `ports: ["127.0.0.1:8080:8080"]` {
			t.Errorf("the compose file publishes %s", port)
		}
	}
	cmd := regexp.MustCompile(`CMD \["-addr", "([^"]+)"\]`).FindStringSubmatch(image)
	if cmd == nil {
		t.Fatal("the image has another command")
	}
	if _, err := config.Load([]string{"-addr", cmd[1]}, nil); err == nil {
		t.Error("the image starts a development server for everybody")
	}
}

func readFile(t *testing.T, path string) string {
	t.Helper()
	text, err := os.ReadFile(path)
	if err != nil {
		t.Fatal(err)
	}
	return string(text)
}
