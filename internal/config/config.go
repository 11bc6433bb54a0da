package config

import (
	"fmt"
	"log/slog"
	"strings"
	"time"
)

// Mode is what the server is for.
type Mode string

// The modes. An incomplete configuration counts as Production, so that a forgotten setting makes
// the server strict and never lenient. Validate then says what is missing.
const (
	Development Mode = "development"
	Production  Mode = "production"
)

// The formats of the log.
const (
	FormatText = "text"
	FormatJSON = "json"
)

// Config is the configuration of the server. A field with a flag tag is a flag, and one with an
// env tag a variable of the environment; a group tag opens a group.
type Config struct {
	Addr    string `group:"Server" flag:"addr" default:"127.0.0.1:8080" desc:"Address to listen on, as host:port."`
	DataDir string `flag:"data" default:".data" desc:"Folder of the development database. Not for production."`
	Reset   bool   `flag:"reset" desc:"Empty the development database before starting. Not with MONGODB_URI."`
	Version bool   `flag:"version" desc:"Say which version this is, and end."`

	AllowUnsafeDevelopment bool `flag:"allow-unsafe-development" desc:"Let the development server listen beyond this machine, or work on a MongoDB elsewhere, although it gives its tokens to anyone who asks."`

	ShutdownTimeout time.Duration `env:"SHUTDOWN_TIMEOUT" default:"15s" desc:"How long calls under way may take to finish when the server stops."`

	TrustedProxies        string `group:"Callers" env:"TRUSTED_PROXIES" desc:"Addresses and networks (10.0.0.0/8, 192.0.2.7) of the proxies in front, with commas between: their X-Forwarded-For says who calls, and nobody else's. Unless set, none."`
	ConnectionsPerAddress int    `env:"CONNECTIONS_PER_ADDRESS" default:"2000" desc:"How many connections an address (IPv6: a /64) may have; behind a trusted proxy, how many requests under way."`
	SocketsPerAddress     int    `env:"SOCKETS_PER_ADDRESS" default:"1000" desc:"How many sockets and streams an address (IPv6: a /64) may have open. A school or an office is one address."`
	PagesPerAddress       int    `env:"PAGES_PER_ADDRESS" default:"600" desc:"How many pages of events and certificates, calendars, and checks of certificates an address (IPv6: a /64) may ask for within a minute."`
	ConnectionsPerPerson  int    `env:"CONNECTIONS_PER_PERSON" default:"50" desc:"How many requests a person may have under way."`
	SocketsPerPerson      int    `env:"SOCKETS_PER_PERSON" default:"20" desc:"How many sockets and streams a person may have open: one for each device and open page."`
	PublicOrigins         string `env:"PUBLIC_ORIGINS" desc:"Origins of web clients on other addresses (https://app.example.org), with commas between: their pages may call the API. In development also http://localhost:5173 and the like. Unless set, none."`

	MongoURI      string `group:"Database" env:"MONGODB_URI" desc:"The MongoDB to use, as mongodb:// or mongodb+srv://. Required in production; without it development brings its own database."`
	MongoDatabase string `env:"MONGODB_DATABASE" default:"faellesskab" desc:"Name of the database in MongoDB."`
	Mongod        string `env:"MONGOD" desc:"Path of the mongod to start when MONGODB_URI is not set; otherwise the one on the PATH, otherwise an embedded database."`

	FirebaseProjectID        string `group:"Firebase" env:"FIREBASE_PROJECT_ID" desc:"The project whose sign-ins are taken. With MONGODB_URI and credentials it puts the server in production; with FIREBASE_AUTH_EMULATOR_HOST it names the emulator's project."`
	FirebaseCredentials      string `env:"GOOGLE_APPLICATION_CREDENTIALS" desc:"Path of the JSON file with the service account that sends push messages."`
	FirebaseJWKSURL          string `env:"FIREBASE_JWKS_URL" desc:"Where to fetch the keys that sign-ins are checked with, if not from Google."`
	FCMEndpoint              string `env:"FCM_ENDPOINT" desc:"Where push messages go instead of the simulator in the process. Refused in production."`
	FirebaseAuthEmulatorHost string `env:"FIREBASE_AUTH_EMULATOR_HOST" desc:"Firebase's Auth emulator (127.0.0.1:9099), on this machine only: development then also takes the unsigned sign-ins of FIREBASE_PROJECT_ID, which must begin with demo-. Refused in production."`

	AppURL       string `group:"Notifications" env:"APP_URL" desc:"Where the app's pages are, as https://…: what a push in a browser opens, and an invitation link. Phones open the app by the link in the push's data."`
	PushInFlight int    `env:"PUSH_IN_FLIGHT" default:"50" desc:"How many pushes a worker hands to FCM at once, 10–500; also how many may come twice when it is killed."`
	ApprovalOver int    `env:"APPROVAL_OVER" default:"1000" desc:"How many people an announcement may reach without a second person's approval."`

	PublicURL  string `group:"Pages and calendars" env:"PUBLIC_URL" desc:"Where this server is reached from outside, as https://…: the addresses of calendars and of the pages of events. Unless set, APP_URL, and in development the server's own address."`
	SecretKeys string `env:"SECRET_KEYS" desc:"Random secrets of at least 32 characters, with commas between, the same on all replicas: the first makes the addresses of calendars and the codes of tickets, those of the others are still taken. Unless set, they are made from the service account, and in development from the key of its tokens."`

	CertificateKeys   string `group:"Certificates" env:"CERTIFICATE_KEYS" desc:"The Ed25519 keys that sign certificates of courses, as a set of JSON Web Keys on one line, the same on all replicas: the first signs, and what the others have signed can still be checked. server certificate-key makes one. Unless set, development makes its own below -data, and production gives no certificates."`
	CertificateIssuer string `env:"CERTIFICATE_ISSUER" default:"Fællesskab" desc:"Who issues certificates, as it stands on them: the name of the municipality."`

	LogLevel  string `group:"Log" env:"LOG_LEVEL" desc:"The least important lines to write: debug, info, warn or error. Unless set, warn in development, where pushes are printed, and info in production."`
	LogFormat string `env:"LOG_FORMAT" desc:"text or json. Unless set, text in development and json in production."`

	given map[string]bool // the flags on the command line, by name
	empty map[string]bool // the variables that are set and empty
}

// Mode is Development if nothing of Firebase is configured, or only its Auth emulator, and
// Production otherwise.
func (c Config) Mode() Mode {
	if c.FirebaseCredentials == "" && (c.FirebaseProjectID == "" || c.namesEmulator()) {
		return Development
	}
	return Production
}

// IsDevelopment reports whether the server signs its own tokens.
func (c Config) IsDevelopment() bool { return c.Mode() == Development }

// EmulatorProjectID is the project whose unsigned sign-ins are taken, besides those that
// development signs. It is empty unless the Auth emulator is configured, and always in production.
func (c Config) EmulatorProjectID() string {
	if c.IsDevelopment() && c.namesEmulator() {
		return c.FirebaseProjectID
	}
	return ""
}

// namesEmulator reports whether the project is one of the Auth emulator: Firebase keeps ids that
// begin with demo- for projects that do not exist.
func (c Config) namesEmulator() bool {
	return c.FirebaseAuthEmulatorHost != "" && strings.HasPrefix(c.FirebaseProjectID, demoProjectPrefix)
}

// demoProjectPrefix begins the id of each project of the Auth emulator.
const demoProjectPrefix = "demo-"

// Level is LogLevel for slog; info if it is not one of the levels.
func (c Config) Level() slog.Level {
	return levels[c.LogLevel]
}

var levels = map[string]slog.Level{
	"debug": slog.LevelDebug,
	"info":  slog.LevelInfo,
	"warn":  slog.LevelWarn,
	"error": slog.LevelError,
}

// String is the configuration for the log, one "name=value" after another, without secrets: it
// shows only the scheme and hosts of addresses.
func (c Config) String() string {
	var parts []string
	for _, f := range c.fields() {
		if f.value.IsZero() {
			continue
		}
		value := fmt.Sprint(f.value.Interface())
		switch {
		case f.name() == "SECRET_KEYS", f.name() == "CERTIFICATE_KEYS":
			value = "***"
		case strings.Contains(value, "://"), f.name() == "MONGODB_URI":
			value = redact(value)
		}
		parts = append(parts, f.name()+"="+value)
	}
	return strings.Join(parts, " ")
}

// GoString keeps the secrets from %#v too.
func (c Config) GoString() string { return "config.Config{" + c.String() + "}" }

// MarshalText keeps the secrets from encoding/json and slog too.
func (c Config) MarshalText() ([]byte, error) { return []byte(c.String()), nil }

// redact keeps the scheme and the hosts of an address. It looks for the last "@" and does not
// parse, so that a password with characters that should have been escaped is hidden too. It also
// hides the query, which may have passwords.
func redact(address string) string {
	scheme, rest, found := strings.Cut(address, "://")
	if !found {
		return "***"
	}
	if i := strings.LastIndexByte(rest, '@'); i >= 0 {
		return scheme + "://***@" + hosts(rest[i+1:])
	}
	return scheme + "://" + hosts(rest)
}

// hosts is the part of an address before its path or query.
func hosts(rest string) string {
	if i := strings.IndexAny(rest, "/?#&"); i >= 0 {
		return rest[:i]
	}
	return rest
}
