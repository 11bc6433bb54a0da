package config

import (
	"encoding/json"
	"errors"
	"flag"
	"fmt"
	"log/slog"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"
)

// A machine where nothing is set gets a development server.
func TestLoadDefaults(t *testing.T) {
	for name, environ := range map[string][]string{
		"nothing set":      nil,
		"unrelated":        {"HOME=/root", "=C:=C:\\", "EMPTY"},
		"set to nothing":   {"MONGODB_URI=", "MONGODB_DATABASE=", "LOG_LEVEL= ", "LOG_FORMAT=", "SHUTDOWN_TIMEOUT=", "FIREBASE_AUTH_EMULATOR_HOST="},
		"the last of many": {"LOG_LEVEL=loud", "LOG_LEVEL=warn"},
	} {
		t.Run(name, func(t *testing.T) {
			c := load(t, nil, environ...)
			if c.Mode() != Development || !c.IsDevelopment() {
				t.Errorf("mode is %s", c.Mode())
			}
			want := "-addr=127.0.0.1:8080 -data=.data SHUTDOWN_TIMEOUT=15s CONNECTIONS_PER_ADDRESS=2000 SOCKETS_PER_ADDRESS=1000 PAGES_PER_ADDRESS=600 CONNECTIONS_PER_PERSON=50 SOCKETS_PER_PERSON=20 " +
				"MONGODB_DATABASE=faellesskab PUSH_IN_FLIGHT=50 APPROVAL_OVER=1000 CERTIFICATE_ISSUER=Fællesskab LOG_LEVEL=warn LOG_FORMAT=text"
			if got := c.String(); got != want {
				t.Errorf("got  %s\nwant %s", got, want)
			}
		})
	}
}

func TestLoadProduction(t *testing.T) {
	c := load(t, []string{"-addr", ":80"}, production(t, "LOG_LEVEL=debug", "SHUTDOWN_TIMEOUT=1m")...)
	if c.Mode() != Production || c.IsDevelopment() {
		t.Errorf("mode is %s", c.Mode())
	}
	if c.Addr != ":80" || c.LogFormat != FormatJSON || c.Level() != slog.LevelDebug || c.ShutdownTimeout != time.Minute {
		t.Errorf("got %s", c)
	}
	if err := c.Validate(); err != nil {
		t.Errorf("validated twice: %v", err)
	}
	if c := load(t, nil, production(t, "LOG_FORMAT=text")...); c.LogFormat != FormatText || c.Level() != slog.LevelInfo {
		t.Errorf("the format asked for became %s, and the level %s", c.LogFormat, c.LogLevel)
	}
}

func TestLoadFlags(t *testing.T) {
	c := load(t, []string{"-addr=[::1]:0", "--data", "elsewhere", "-reset"})
	if c.Addr != "[::1]:0" || c.DataDir != "elsewhere" || !c.Reset {
		t.Errorf("got %s", c)
	}
	for _, help := range []string{"-h", "-help", "--help"} {
		if _, err := Load([]string{"-nonsense", help}, nil); !errors.Is(err, flag.ErrHelp) {
			t.Errorf("%s: %v", help, err)
		}
	}
}

// The version is said even where the rest is refused.
func TestLoadVersion(t *testing.T) {
	if c := load(t, []string{"-version", "-addr", "x"}, "FIREBASE_PROJECT_ID="); !c.Version {
		t.Error("the version was not asked for")
	}
}

// Good configurations are not refused.
func TestLoadTakes(t *testing.T) {
	for name, environ := range map[string][]string{
		"a database in development": {"MONGODB_URI=mongodb://localhost"},
		"several hosts":             production(t, "MONGODB_URI=mongodb://u:p%40@a:27017,b:27018/db?replicaSet=rs0"),
		"a DNS seed list":           production(t, "MONGODB_URI=mongodb+srv://u:p@cluster.example.net"),
		"a socket":                  {"MONGODB_URI=mongodb://%2Ftmp%2Fmongodb-27017.sock"},
		"pushes to a test server":   {"FCM_ENDPOINT=http://127.0.0.1:9000/v1"},
		"keys of a test server":     production(t, "FIREBASE_JWKS_URL=http://localhost:9000/keys"),
		"keys elsewhere":            production(t, "FIREBASE_JWKS_URL=https://keys.example.net/"),
		"the Auth emulator":         emulator(),
		"the emulator and MongoDB":  emulator("MONGODB_URI=mongodb://localhost"),
		"web clients":               production(t, "PUBLIC_ORIGINS=https://app.example.net, https://b.example.net:8443"),
		"web clients being made":    {"PUBLIC_ORIGINS=http://localhost:5173,http://[::1]:1,https://app.example.net"},
	} {
		if _, err := Load(nil, environ); err != nil {
			t.Errorf("%s: %v", name, err)
		}
	}
}

// Exactly the problems that there are are named.
func TestLoadRefuses(t *testing.T) {
	notJSON, list, null := file(t, "{"), file(t, "[]"), file(t, "null")
	for name, c := range map[string]struct {
		args    []string
		environ []string
		want    []string // one for each line, in order
	}{
		"project alone": {nil, []string{"FIREBASE_PROJECT_ID=p", "MONGODB_URI=mongodb://h"}, []string{"FIREBASE_PROJECT_ID is set without"}},
		"credentials alone": {nil, []string{"GOOGLE_APPLICATION_CREDENTIALS=" + file(t, `{"type":"x"}`), "MONGODB_URI=mongodb://h"},
			[]string{"GOOGLE_APPLICATION_CREDENTIALS is set without"}},
		"no database":              {nil, without(production(t), "MONGODB_URI"), []string{"without MONGODB_URI"}},
		"empty database":           {nil, production(t, "MONGODB_URI="), []string{"without MONGODB_URI"}},
		"empty project":            {nil, []string{"FIREBASE_PROJECT_ID="}, []string{"FIREBASE_PROJECT_ID is set but empty"}},
		"blank credentials":        {nil, []string{"GOOGLE_APPLICATION_CREDENTIALS= \t"}, []string{"GOOGLE_APPLICATION_CREDENTIALS is set but empty"}},
		"empty credentials":        {nil, production(t, "GOOGLE_APPLICATION_CREDENTIALS="), []string{"GOOGLE_APPLICATION_CREDENTIALS is set but empty", "FIREBASE_PROJECT_ID is set without"}},
		"odd project":              {nil, production(t, "FIREBASE_PROJECT_ID=a/b"), []string{"not a project's id"}},
		"reset in production":      {[]string{"-reset"}, production(t), []string{"-reset only empties", "-reset is refused"}},
		"reset of a real one":      {[]string{"-reset"}, []string{"MONGODB_URI=mongodb://localhost"}, []string{"-reset only empties"}},
		"data in production":       {[]string{"-data", ".data"}, production(t), []string{"-data is refused"}},
		"pushes in production":     {nil, production(t, "FCM_ENDPOINT=http://127.0.0.1:1"), []string{"FCM_ENDPOINT is refused"}},
		"pushes in the clear":      {nil, []string{"FCM_ENDPOINT=http://example.net"}, []string{"FCM_ENDPOINT must be"}},
		"emulator without project": {nil, []string{"FIREBASE_AUTH_EMULATOR_HOST=localhost:9099"}, []string{"FIREBASE_AUTH_EMULATOR_HOST needs a FIREBASE_PROJECT_ID that begins with demo-"}},
		"emulator of a project":    {nil, emulator("FIREBASE_PROJECT_ID=faellesskab"), []string{"PROJECT_ID is set without", "HOST needs a FIREBASE_PROJECT_ID", "without MONGODB_URI"}},
		"emulator in production":   {nil, production(t, "FIREBASE_AUTH_EMULATOR_HOST=localhost:9099"), []string{"HOST is refused beside", "HOST needs a FIREBASE_PROJECT_ID"}},
		"emulator beside credentials": {nil, production(t, "FIREBASE_AUTH_EMULATOR_HOST=localhost:9099", "FIREBASE_PROJECT_ID=demo-x"),
			[]string{"HOST is refused beside GOOGLE_APPLICATION_CREDENTIALS"}},
		"emulator, credentials lost":   {nil, emulator("GOOGLE_APPLICATION_CREDENTIALS="), []string{"is set but empty", "HOST is refused beside GOOGLE_APPLICATION_CREDENTIALS"}},
		"emulator elsewhere":           {nil, emulator("FIREBASE_AUTH_EMULATOR_HOST=10.0.0.7:9099"), []string{"HOST must be an address of this machine"}},
		"emulator by a name":           {nil, emulator("FIREBASE_AUTH_EMULATOR_HOST=localhost.example.net:9099"), []string{"HOST must be an address of this machine"}},
		"emulator as an address":       {nil, emulator("FIREBASE_AUTH_EMULATOR_HOST=http://localhost:9099"), []string{"HOST must be an address of this machine"}},
		"emulator on every address":    {[]string{"-addr", ":0"}, emulator(), []string{"-addr :0 reaches beyond"}},
		"emulator, database away":      {nil, emulator("MONGODB_URI=mongodb://h"), []string{"MONGODB_URI is not on this machine"}},
		"emulator beyond this machine": {[]string{"-allow-unsafe-development"}, emulator(), []string{"HOST is refused with -allow-unsafe-development"}},
		"emulator behind a proxy":      {nil, emulator("TRUSTED_PROXIES=127.0.0.1"), []string{"HOST is refused beside TRUSTED_PROXIES"}},
		"emulator and keys":            {nil, emulator("FIREBASE_JWKS_URL=https://h"), []string{"FIREBASE_JWKS_URL is refused in development"}},
		"keys in development":          {nil, []string{"FIREBASE_JWKS_URL=https://h"}, []string{"FIREBASE_JWKS_URL is refused in development"}},
		"demo project alone":           {nil, []string{"FIREBASE_PROJECT_ID=demo-x", "MONGODB_URI=mongodb://h"}, []string{"FIREBASE_PROJECT_ID is set without"}},
		"every origin":                 {nil, production(t, "PUBLIC_ORIGINS=*,https://*.example.net"), []string{`"*"`, `"https://*.example.net"`}},
		"origins in the clear":         {nil, production(t, "PUBLIC_ORIGINS=http://app.example.net, http://localhost:5173"), []string{"http://app.example.net", "http://localhost:5173"}},
		"origins with odd ports":       {nil, []string{"PUBLIC_ORIGINS=https://a.example.net:,https://a.example.net:65536,https://a.example.net:0443"}, []string{`net:"`, `65536"`, `0443"`}},
		"origins with letters":         {nil, []string{"PUBLIC_ORIGINS=https://fællesskab.dk"}, []string{"xn--…"}},
		"almost here":                  {nil, []string{"PUBLIC_ORIGINS=http://localhost.example.net"}, []string{"PUBLIC_ORIGINS names"}},
		"no origins": {nil, []string{"PUBLIC_ORIGINS=app.example.net,https://a.example.net/,https://u@a.example.net,null,https://"},
			[]string{`"app.example.net"`, `"https://a.example.net/"`, `"https://u@a.example.net"`, `"null"`, `"https://"`}},
		"keys in the clear":       {nil, production(t, "FIREBASE_JWKS_URL=http://example.net"), []string{"FIREBASE_JWKS_URL must be"}},
		"keys almost here":        {nil, production(t, "FIREBASE_JWKS_URL=http://localhost.example.net"), []string{"FIREBASE_JWKS_URL must be"}},
		"keys behind a password":  {nil, production(t, "FIREBASE_JWKS_URL=https://u:p@h"), []string{"FIREBASE_JWKS_URL must be"}},
		"credentials missing":     {nil, production(t, "GOOGLE_APPLICATION_CREDENTIALS=/nowhere/at.json"), []string{"cannot be read"}},
		"credentials a folder":    {nil, production(t, "GOOGLE_APPLICATION_CREDENTIALS="+t.TempDir()), []string{"cannot be read"}},
		"credentials not JSON":    {nil, production(t, "GOOGLE_APPLICATION_CREDENTIALS="+notJSON), []string{"not a JSON object"}},
		"credentials a list":      {nil, production(t, "GOOGLE_APPLICATION_CREDENTIALS="+list), []string{"not a JSON object"}},
		"credentials null":        {nil, production(t, "GOOGLE_APPLICATION_CREDENTIALS="+null), []string{"not a JSON object"}},
		"database of another":     {nil, []string{"MONGODB_URI=postgres://h"}, []string{"MONGODB_URI must be"}},
		"database without scheme": {nil, []string{"MONGODB_URI=localhost:27017"}, []string{"MONGODB_URI must be"}},
		"database without host":   {nil, []string{"MONGODB_URI=mongodb://"}, []string{"MONGODB_URI must be"}},
		"database with only user": {nil, []string{"MONGODB_URI=mongodb://u:p@/db"}, []string{"MONGODB_URI must be"}},
		"database with only port": {nil, []string{"MONGODB_URI=mongodb://a,:1"}, []string{"MONGODB_URI must be"}},
		"database name":           {nil, []string{"MONGODB_DATABASE=a.b"}, []string{"MONGODB_DATABASE is not"}},
		"log level":               {nil, []string{"LOG_LEVEL=INFO"}, []string{"LOG_LEVEL must be"}},
		"log format":              {nil, []string{"LOG_FORMAT=xml"}, []string{"LOG_FORMAT must be"}},
		"duration":                {nil, []string{"SHUTDOWN_TIMEOUT=15"}, []string{`SHUTDOWN_TIMEOUT cannot be read: "15"`}},
		"no duration":             {nil, []string{"SHUTDOWN_TIMEOUT=0s"}, []string{"SHUTDOWN_TIMEOUT must be longer"}},
		"negative duration":       {nil, []string{"SHUTDOWN_TIMEOUT=-1s"}, []string{"SHUTDOWN_TIMEOUT must be longer"}},
		"everybody is trusted":    {nil, []string{"TRUSTED_PROXIES=0.0.0.0/0"}, []string{`not everybody: "0.0.0.0/0"`}},
		"all of IPv6 is trusted":  {nil, []string{"TRUSTED_PROXIES=10.0.0.1, ::/0"}, []string{`not everybody: "::/0"`}},
		"IPv4 in another dress":   {nil, []string{"TRUSTED_PROXIES=::ffff:0.0.0.0/96"}, []string{"TRUSTED_PROXIES names"}},
		"a proxy by name":         {nil, []string{"TRUSTED_PROXIES=proxy.local,10.0.0.0/33"}, []string{`"proxy.local"`, `"10.0.0.0/33"`}},
		"nobody may connect": {nil, []string{"CONNECTIONS_PER_ADDRESS=0", "SOCKETS_PER_ADDRESS=-1", "PAGES_PER_ADDRESS=0", "CONNECTIONS_PER_PERSON=0", "SOCKETS_PER_PERSON=0"},
			[]string{"CONNECTIONS_PER_ADDRESS must", "SOCKETS_PER_ADDRESS must", "PAGES_PER_ADDRESS must", "CONNECTIONS_PER_PERSON must", "SOCKETS_PER_PERSON must"}},
		"app's pages":            {nil, []string{"APP_URL=http://h"}, []string{"APP_URL must be"}},
		"app's pages with slash": {nil, []string{"APP_URL=https://h/"}, []string{"APP_URL must be"}},
		"pages in the clear":     {nil, []string{"PUBLIC_URL=http://h"}, []string{"PUBLIC_URL must be"}},
		"pages below a path":     {nil, []string{"PUBLIC_URL=https://h/x"}, []string{"PUBLIC_URL must be"}},
		"a short secret":         {nil, []string{"SECRET_KEYS=0123456789012345678901234567890123456789,hunter2"}, []string{"SECRET_KEYS has a secret of fewer than 32"}},
		"too many in flight":     {nil, []string{"PUSH_IN_FLIGHT=501"}, []string{"PUSH_IN_FLIGHT must be"}},
		"none in flight":         {nil, []string{"PUSH_IN_FLIGHT=0"}, []string{"PUSH_IN_FLIGHT must be"}},
		"nobody may announce":    {nil, []string{"APPROVAL_OVER=-1"}, []string{"APPROVAL_OVER must not"}},
		"control characters":     {nil, []string{"MONGOD=/usr/bin/mongod\n-x"}, []string{"MONGOD contains"}},
		"address without port":   {[]string{"-addr", "localhost"}, nil, []string{"-addr is not"}},
		"port too high":          {[]string{"-addr", ":65536"}, nil, []string{"-addr is not"}},
		"empty address":          {[]string{"-addr", ""}, nil, []string{"-addr is not"}},
		"empty data":             {[]string{"-data="}, nil, []string{"-data is empty"}},
		"unknown flags":          {[]string{"-one", "-two=2", "-addr", "x"}, nil, []string{"not defined: -one", "not defined: -two", "-addr is not"}},
		"flag without value":     {[]string{"-addr"}, nil, []string{"needs an argument: -addr"}},
		"argument":               {[]string{"start"}, nil, []string{`unexpected argument "start"`}},
		"everything at once": {[]string{"-x", "-reset", "-addr=x"}, []string{"FIREBASE_PROJECT_ID=p", "LOG_LEVEL=x", "FIREBASE_AUTH_EMULATOR_HOST=h"},
			[]string{"-x", "-addr", "PROJECT_ID is set without", "EMULATOR_HOST needs", "EMULATOR_HOST must be", "without MONGODB_URI", "-reset is refused", "LOG_LEVEL"}},
	} {
		t.Run(name, func(t *testing.T) {
			_, err := Load(c.args, c.environ)
			var problems Problems
			if !errors.As(err, &problems) {
				t.Fatalf("got %v, want problems", err)
			}
			if len(problems) != len(c.want) || strings.Count(err.Error(), "\n") != len(problems) {
				t.Fatalf("want %d problems, each on its line: %v", len(c.want), err)
			}
			for i, want := range c.want {
				if !strings.Contains(problems[i], want) {
					t.Errorf("problem %d is %q, want %q", i, problems[i], want)
				}
			}
		})
	}
}

func TestProxies(t *testing.T) {
	if got := load(t, nil).Proxies(); len(got) > 0 {
		t.Errorf("%v are trusted by themselves", got)
	}
	got := load(t, nil, "TRUSTED_PROXIES= 10.1.2.3/8 ,192.0.2.7,, ::ffff:192.0.2.9,::ffff:172.16.0.0/108, 2001:db8::1/32,fe80::1%eth0")
	if want := "[10.0.0.0/8 192.0.2.7/32 192.0.2.9/32 172.16.0.0/12 2001:db8::/32 fe80::1/128]"; fmt.Sprint(got.Proxies()) != want {
		t.Errorf("got %v, want %s", got.Proxies(), want)
	}
}

// A configuration with only a part of Firebase is not development, even before it is validated.
func TestModeOfHalfSet(t *testing.T) {
	for _, c := range []Config{{FirebaseProjectID: "p"}, {FirebaseCredentials: "f"}} {
		if c.Mode() != Production {
			t.Errorf("%s is %s", c, c.Mode())
		}
	}
}

// Unsigned sign-ins are taken in development alone, for a project that does not exist.
func TestEmulatorProjectID(t *testing.T) {
	c := load(t, nil, emulator()...)
	if c.Mode() != Development || c.EmulatorProjectID() != "demo-faellesskab" || c.LogFormat != FormatText {
		t.Errorf("%s is %s, with the project %q", c, c.Mode(), c.EmulatorProjectID())
	}
	for _, c := range []Config{
		{}, {FirebaseProjectID: "demo-x"}, {FirebaseAuthEmulatorHost: "127.0.0.1:1"},
		{FirebaseAuthEmulatorHost: "127.0.0.1:1", FirebaseProjectID: "x"},
		{FirebaseAuthEmulatorHost: "127.0.0.1:1", FirebaseProjectID: "demo-x", FirebaseCredentials: "f"},
	} {
		if got := c.EmulatorProjectID(); got != "" {
			t.Errorf("%s takes the unsigned sign-ins of %q", c, got)
		}
	}
}

func TestOrigins(t *testing.T) {
	if got := load(t, nil).Origins(); len(got) > 0 {
		t.Errorf("%v may call by themselves", got)
	}
	got := load(t, nil, "PUBLIC_ORIGINS= https://App.example.net ,,http://LOCALHOST:5173,https://a.example.net:443,http://127.0.0.1:80,https://b.example.net:80,HTTPS://[2001:DB8:0::1]:443").Origins()
	if want := "[https://app.example.net http://localhost:5173 https://a.example.net http://127.0.0.1 https://b.example.net:80 https://[2001:db8::1]]"; fmt.Sprint(got) != want {
		t.Errorf("got %v, want %s", got, want)
	}
}

// A secret does not show in any way of printing the configuration.
func TestConfigKeepsSecrets(t *testing.T) {
	for _, uri := range []string{
		"mongodb://ada:hunter2@db:27017/x",
		"mongodb+srv://ada:hunter2@db/?tls=true",
		"mongodb://ada:p@hunter2@db",
		"mongodb://ada:p/hunter2@db",
		"mongodb://ada:p?hunter2@db",
		"mongodb://db/?tlsCertificateKeyFilePassword=hunter2",
		"mongodb://db/?appName=a@b&proxyPassword=hunter2",
		"ada:hunter2@db",
	} {
		c := Config{MongoURI: uri, SecretKeys: "hunter2"}
		body, err := json.Marshal(map[string]any{"config": c, "pointer": &c})
		if err != nil {
			t.Fatal(err)
		}
		var lines strings.Builder
		slog.New(slog.NewJSONHandler(&lines, nil)).Info("start", "config", c)
		slog.New(slog.NewTextHandler(&lines, nil)).Info("start", "config", &c)
		text := fmt.Sprintf("%s %v %+v %#v %s %s %v", c, c, c, c, body, lines.String(), c.Validate())
		if strings.Contains(text, "hunter2") {
			t.Errorf("%s: %s", uri, text)
		}
	}
	c := Config{MongoURI: "mongodb://ada:hunter2@one:1,two:2/db?tls=true"}
	if got, want := c.String(), "MONGODB_URI=mongodb://***@one:1,two:2"; got != want {
		t.Errorf("got %s, want %s", got, want)
	}
}

func load(t *testing.T, args []string, environ ...string) Config {
	t.Helper()
	c, err := Load(args, environ)
	if err != nil {
		t.Fatal(err)
	}
	return c
}

// production is a complete environment of production, with more variables.
func production(t *testing.T, more ...string) []string {
	t.Helper()
	return append([]string{
		"MONGODB_URI=mongodb://db.example.net",
		"FIREBASE_PROJECT_ID=faellesskab",
		"GOOGLE_APPLICATION_CREDENTIALS=" + file(t, `{"type":"service_account"}`),
	}, more...)
}

// emulator is an environment with the Auth emulator, with more variables.
func emulator(more ...string) []string {
	return append([]string{"FIREBASE_AUTH_EMULATOR_HOST=127.0.0.1:9099", "FIREBASE_PROJECT_ID=demo-faellesskab"}, more...)
}

func without(environ []string, name string) []string {
	var rest []string
	for _, pair := range environ {
		if !strings.HasPrefix(pair, name+"=") {
			rest = append(rest, pair)
		}
	}
	return rest
}

func file(t *testing.T, body string) string {
	t.Helper()
	path := filepath.Join(t.TempDir(), "account.json")
	if err := os.WriteFile(path, []byte(body), 0o600); err != nil {
		t.Fatal(err)
	}
	return path
}
