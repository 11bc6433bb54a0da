package config

import (
	"encoding/json"
	"net"
	"net/url"
	"os"
	"strconv"
	"strings"

	"faellesskab/internal/keyring"
)

// Validate returns everything that is wrong, as Problems. Load calls it.
func (c Config) Validate() error {
	var problems Problems
	c.check(&problems)
	return problems.err()
}

func (c Config) check(problems *Problems) {
	c.checkServer(problems)
	c.checkCallers(problems)
	c.checkDatabase(problems)
	c.checkFirebase(problems)
	c.checkEmulator(problems)
	c.checkOrigins(problems)
	if c.Mode() == Production {
		c.checkProduction(problems)
	} else {
		c.checkReach(problems)
	}
	c.checkNotifications(problems)
	c.checkPages(problems)
	c.checkCertificates(problems)
	c.checkLog(problems)
}

func (c Config) checkNotifications(problems *Problems) {
	if u, err := url.Parse(c.AppURL); c.AppURL != "" && (err != nil || u.Scheme != "https" || u.Host == "" || strings.HasSuffix(c.AppURL, "/")) {
		problems.add("APP_URL must be https://host, without a slash at the end: %q", c.AppURL)
	}
	if c.PushInFlight < 10 || c.PushInFlight > 500 {
		problems.add("PUSH_IN_FLIGHT must be from 10 to 500: %d", c.PushInFlight)
	}
	if c.ApprovalOver < 0 {
		problems.add("APPROVAL_OVER must not be negative: %d", c.ApprovalOver)
	}
}

// minSecret is how many characters a secret has at least.
const minSecret = 32

// checkPages never repeats SECRET_KEYS.
func (c Config) checkPages(problems *Problems) {
	if u, err := url.Parse(c.PublicURL); c.PublicURL != "" && (err != nil || !isSafeURL(c.PublicURL) || u.Path != "" || u.RawQuery != "" || u.Fragment != "") {
		problems.add("PUBLIC_URL must be https://host, without a path (http only on this machine): %q", c.PublicURL)
	}
	for _, s := range c.Secrets() {
		if len(s) < minSecret {
			problems.add("SECRET_KEYS has a secret of fewer than %d characters", minSecret)
		}
	}
}

// checkCertificates never repeats CERTIFICATE_KEYS.
func (c Config) checkCertificates(problems *Problems) {
	if c.CertificateKeys != "" {
		if _, err := keyring.Parse(c.CertificateKeys); err != nil {
			problems.add("CERTIFICATE_KEYS: %v", err)
		}
	}
	if c.CertificateIssuer == "" {
		problems.add("CERTIFICATE_ISSUER is empty")
	}
}

func (c Config) checkServer(problems *Problems) {
	if !isAddress(c.Addr) {
		problems.add("-addr is not host:port: %q", c.Addr)
	}
	if c.DataDir == "" {
		problems.add("-data is empty")
	}
	if c.ShutdownTimeout <= 0 {
		problems.add("SHUTDOWN_TIMEOUT must be longer than nothing: %s", c.ShutdownTimeout)
	}
}

func (c Config) checkCallers(problems *Problems) {
	for _, entry := range entries(c.TrustedProxies) {
		if _, ok := network(entry); !ok {
			problems.add("TRUSTED_PROXIES names an address (192.0.2.7) or a network (10.0.0.0/8), and not everybody: %q", entry)
		}
	}
	for _, most := range []struct {
		name string
		of   int
	}{
		{"CONNECTIONS_PER_ADDRESS", c.ConnectionsPerAddress}, {"SOCKETS_PER_ADDRESS", c.SocketsPerAddress},
		{"PAGES_PER_ADDRESS", c.PagesPerAddress},
		{"CONNECTIONS_PER_PERSON", c.ConnectionsPerPerson}, {"SOCKETS_PER_PERSON", c.SocketsPerPerson},
	} {
		if most.of < 1 {
			problems.add("%s must be at least 1: %d", most.name, most.of)
		}
	}
}

// checkDatabase never repeats MONGODB_URI, which may hold a password.
func (c Config) checkDatabase(problems *Problems) {
	if c.MongoURI != "" && !isMongoURI(c.MongoURI) {
		problems.add("MONGODB_URI must be mongodb://host… or mongodb+srv://host…")
	}
	if c.MongoURI != "" && c.Reset {
		problems.add("-reset only empties the database that development brings along: remove it, or MONGODB_URI")
	}
	if name := c.MongoDatabase; name == "" || len(name) > 63 || strings.ContainsAny(name, "/\\. \"$*<>:|?\x00") {
		problems.add("MONGODB_DATABASE is not a name MongoDB takes: %q", name)
	}
}

func (c Config) checkFirebase(problems *Problems) {
	// Otherwise a deployment that lost the values of these would become a development
	// server, which gives tokens to anybody who asks.
	for _, name := range []string{"FIREBASE_PROJECT_ID", "GOOGLE_APPLICATION_CREDENTIALS"} {
		if c.empty[name] {
			problems.add("%s is set but empty: give it a value, or remove it for development", name)
		}
	}
	switch {
	case c.FirebaseProjectID != "" && c.FirebaseCredentials == "" && !c.namesEmulator():
		problems.add("FIREBASE_PROJECT_ID is set without GOOGLE_APPLICATION_CREDENTIALS")
	case c.FirebaseProjectID == "" && c.FirebaseCredentials != "":
		problems.add("GOOGLE_APPLICATION_CREDENTIALS is set without FIREBASE_PROJECT_ID")
	}
	if strings.ContainsAny(c.FirebaseProjectID, " \t/?#") {
		problems.add("FIREBASE_PROJECT_ID is not a project's id: %q", c.FirebaseProjectID)
	}
	if c.FirebaseCredentials != "" {
		if problem := credentialsProblem(c.FirebaseCredentials); problem != "" {
			problems.add("GOOGLE_APPLICATION_CREDENTIALS: %s", problem)
		}
	}
	if c.FirebaseJWKSURL != "" {
		if c.IsDevelopment() {
			problems.add("FIREBASE_JWKS_URL is refused in development, which has keys of its own")
		}
		if !isSafeURL(c.FirebaseJWKSURL) {
			problems.add("FIREBASE_JWKS_URL must be an https address without a password (http only on this machine)")
		}
	}
	if c.FCMEndpoint != "" && c.Mode() == Development && !isSafeURL(c.FCMEndpoint) {
		problems.add("FCM_ENDPOINT must be an https address without a password (http only on this machine)")
	}
}

// checkEmulator lets unsigned tokens in only where nobody but this machine's own people can bring
// one, and never beside a setting of production.
func (c Config) checkEmulator(problems *Problems) {
	if c.FirebaseAuthEmulatorHost == "" {
		return
	}
	const name = "FIREBASE_AUTH_EMULATOR_HOST"
	if c.FirebaseCredentials != "" || c.empty["GOOGLE_APPLICATION_CREDENTIALS"] {
		problems.add("%s is refused beside GOOGLE_APPLICATION_CREDENTIALS, because the emulator's tokens are not signed: remove one of them", name)
	}
	if !strings.HasPrefix(c.FirebaseProjectID, demoProjectPrefix) {
		problems.add("%s needs a FIREBASE_PROJECT_ID that begins with %s, the same as in the app", name, demoProjectPrefix)
	}
	if !isAddress(c.FirebaseAuthEmulatorHost) || !staysHere(c.FirebaseAuthEmulatorHost) {
		problems.add("%s must be an address of this machine, such as 127.0.0.1:9099: %q", name, c.FirebaseAuthEmulatorHost)
	}
	if c.TrustedProxies != "" {
		problems.add("%s is refused beside TRUSTED_PROXIES, through which others reach the server: anybody could sign in as anybody", name)
	}
	if c.AllowUnsafeDevelopment {
		problems.add("%s is refused with -allow-unsafe-development: anybody who reached the server could sign in as anybody", name)
	}
}

func (c Config) checkProduction(problems *Problems) {
	if c.MongoURI == "" {
		problems.add("Firebase is configured without MONGODB_URI: production needs a MongoDB")
	}
	if c.Reset {
		problems.add("-reset is refused in production")
	}
	if c.given["data"] {
		problems.add("-data is refused in production: the data is in MONGODB_URI")
	}
	if c.FCMEndpoint != "" {
		problems.add("FCM_ENDPOINT is refused in production: push messages go to Google")
	}
}

func (c Config) checkLog(problems *Problems) {
	if _, ok := levels[c.LogLevel]; !ok {
		problems.add("LOG_LEVEL must be debug, info, warn or error: %q", c.LogLevel)
	}
	if c.LogFormat != FormatText && c.LogFormat != FormatJSON {
		problems.add("LOG_FORMAT must be text or json: %q", c.LogFormat)
	}
}

func isAddress(addr string) bool {
	host, port, err := net.SplitHostPort(addr)
	if err != nil || strings.ContainsAny(host, " /") {
		return false
	}
	_, err = strconv.ParseUint(port, 10, 16)
	return err == nil
}

// isMongoURI checks the scheme and that there is a host. The driver does the
// rest; net/url cannot, because there may be several hosts.
func isMongoURI(uri string) bool {
	scheme, rest, found := strings.Cut(uri, "://")
	if !found || (scheme != "mongodb" && scheme != "mongodb+srv") {
		return false
	}
	rest = hosts(rest)
	names := rest[strings.LastIndexByte(rest, '@')+1:]
	for host := range strings.SplitSeq(names, ",") {
		if host == "" || strings.HasPrefix(host, ":") || strings.ContainsAny(host, " \t") {
			return false
		}
	}
	return true
}

// isSafeURL reports whether calls to an address are encrypted or stay on this machine.
func isSafeURL(address string) bool {
	u, err := url.Parse(address)
	if err != nil || u.Hostname() == "" || u.User != nil {
		return false
	}
	return u.Scheme == "https" || (u.Scheme == "http" && isLoopback(u.Hostname()))
}

// credentialsProblem never repeats the content of the file.
func credentialsProblem(path string) string {
	body, err := os.ReadFile(path)
	if err != nil {
		return "the file cannot be read: " + err.Error()
	}
	var account map[string]any
	if json.Unmarshal(body, &account) != nil || len(account) == 0 {
		return "the file is not a JSON object: " + path
	}
	return ""
}
