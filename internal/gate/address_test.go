package gate

import (
	"net/http"
	"net/http/httptest"
	"net/netip"
	"strings"
	"testing"
)

var proxies = Proxies{netip.MustParsePrefix("10.0.0.0/8"), netip.MustParsePrefix("2001:db8:1::/48"), netip.MustParsePrefix("192.0.2.7/32")}

// calls have a caller, the lines of X-Forwarded-For, and the client that must be found.
var calls = map[string]struct {
	peer      string
	forwarded []string
	want      string
}{
	"directly":                      {"203.0.113.5:1234", nil, "203.0.113.5/32"},
	"directly, by IPv6":             {"[2001:db8:9:8:7:6:5:4]:1234", nil, "2001:db8:9:8::/64"},
	"an interface's name":           {"[fe80::1%eth0]:1234", nil, "fe80::/64"},
	"IPv4 in the dress of IPv6":     {"[::ffff:203.0.113.5]:1234", nil, "203.0.113.5/32"},
	"a stranger says so":            {"203.0.113.5:1234", []string{"198.51.100.1"}, "203.0.113.5/32"},
	"a stranger says it is a proxy": {"203.0.113.5:1234", []string{"198.51.100.1, 10.0.0.1"}, "203.0.113.5/32"},
	"a proxy":                       {"10.0.0.1:1234", []string{"198.51.100.1"}, "198.51.100.1/32"},
	"a proxy in another dress":      {"[::ffff:10.0.0.1]:1234", []string{"198.51.100.1"}, "198.51.100.1/32"},
	"a proxy by IPv6":               {"[2001:db8:1::2]:1234", []string{"2001:db8:9:8:7::1"}, "2001:db8:9:8::/64"},
	"one address is trusted":        {"192.0.2.7:1234", []string{"198.51.100.1"}, "198.51.100.1/32"},
	"its neighbour is not":          {"192.0.2.8:1234", []string{"198.51.100.1"}, "192.0.2.8/32"},
	"what the client made up":       {"10.0.0.1:1234", []string{"1.1.1.1, 198.51.100.1"}, "198.51.100.1/32"},
	"made up on a line of its own":  {"10.0.0.1:1234", []string{"1.1.1.1", "198.51.100.1"}, "198.51.100.1/32"},
	"two proxies":                   {"10.0.0.1:1234", []string{"1.1.1.1, 198.51.100.1, 10.0.0.2"}, "198.51.100.1/32"},
	"two proxies, two lines":        {"10.0.0.1:1234", []string{"1.1.1.1, 198.51.100.1", "10.0.0.2"}, "198.51.100.1/32"},
	"behind a stranger's proxy":     {"10.0.0.1:1234", []string{"10.0.0.9, 198.51.100.1"}, "198.51.100.1/32"},
	"only proxies":                  {"10.0.0.1:1234", []string{"10.0.0.3, 10.0.0.2"}, "10.0.0.3/32"},
	"nobody":                        {"10.0.0.1:1234", nil, "10.0.0.1/32"},
	"an empty header":               {"10.0.0.1:1234", []string{""}, "10.0.0.1/32"},
	"empty parts":                   {"10.0.0.1:1234", []string{", 198.51.100.1, ,"}, "198.51.100.1/32"},
	"with a port":                   {"10.0.0.1:1234", []string{"198.51.100.1:4711"}, "198.51.100.1/32"},
	"IPv6 with a port":              {"10.0.0.1:1234", []string{"[2001:db8:9:8::1]:4711"}, "2001:db8:9:8::/64"},
	"IPv6 in brackets":              {"10.0.0.1:1234", []string{"[2001:db8:9:8::1]"}, "2001:db8:9:8::/64"},
	"IPv6 in quotes":                {"10.0.0.1:1234", []string{`"[2001:db8:9:8::1]:4711"`}, "2001:db8:9:8::/64"},
	"IPv6 with an interface":        {"10.0.0.1:1234", []string{"fe80::1%eth0"}, "fe80::/64"},
	"IPv4 in another dress":         {"10.0.0.1:1234", []string{"::ffff:198.51.100.1"}, "198.51.100.1/32"},
	"a proxy in another dress, 2":   {"10.0.0.1:1234", []string{"198.51.100.1, ::ffff:10.0.0.2"}, "198.51.100.1/32"},
	"garbage from the proxy":        {"10.0.0.1:1234", []string{"198.51.100.1, unknown"}, "10.0.0.1/32"},
	"garbage from the second proxy": {"10.0.0.1:1234", []string{"198.51.100.1, _hidden, 10.0.0.2"}, "10.0.0.2/32"},
	"garbage before what is true":   {"10.0.0.1:1234", []string{"garbage, \x00, 198.51.100.1"}, "198.51.100.1/32"},
	"zeros before":                  {"10.0.0.1:1234", []string{"010.0.0.2"}, "10.0.0.1/32"},
	"a port and nothing else":       {"10.0.0.1:1234", []string{":80"}, "10.0.0.1/32"},
	"IPv4 in brackets":              {"10.0.0.1:1234", []string{"[198.51.100.1]"}, "10.0.0.1/32"},
	"an open bracket":               {"10.0.0.1:1234", []string{"[2001:db8::1"}, "10.0.0.1/32"},
	"a name":                        {"10.0.0.1:1234", []string{"localhost"}, "10.0.0.1/32"},
	"a network":                     {"10.0.0.1:1234", []string{"198.51.100.0/24"}, "10.0.0.1/32"},
}

func TestWhoseRequestItIs(t *testing.T) {
	t.Parallel()
	for name, row := range calls {
		var got Home
		r := httptest.NewRequest(http.MethodGet, "/", nil)
		r.RemoteAddr = row.peer
		r.Header["X-Forwarded-For"] = row.forwarded
		proxies.Handler(http.HandlerFunc(func(_ http.ResponseWriter, r *http.Request) { got = HomeFrom(r.Context()) })).ServeHTTP(nil, r)
		if got.String() != row.want {
			t.Errorf("%s: %s, %q is %s, want %s", name, row.peer, row.forwarded, got, row.want)
		}
	}
}

// Without trusted proxies the header is ignored.
func TestNobodyIsTrustedByItself(t *testing.T) {
	t.Parallel()
	for name, row := range calls {
		peer := netip.MustParseAddrPort(row.peer).Addr()
		if got := (Proxies)(nil).client(peer, row.forwarded); got != plain(peer) {
			t.Errorf("%s: %s is taken for %s", row.peer, name, got)
		}
	}
}

// The entry that the trusted proxy has written decides, whatever stands before it. For a
// stranger only the connection counts.
func FuzzForwarded(f *testing.F) {
	for _, row := range calls {
		f.Add(strings.Join(row.forwarded, ","))
	}
	f.Fuzz(func(t *testing.T, said string) {
		stranger, proxy, client := netip.MustParseAddr("203.0.113.5"), netip.MustParseAddr("10.0.0.1"), netip.MustParseAddr("198.51.100.1")
		if got := proxies.client(stranger, []string{said}); got != stranger {
			t.Errorf("a stranger is %s by saying %q", got, said)
		}
		for _, lines := range [][]string{{said + ", 198.51.100.1"}, {said, "198.51.100.1"}, {said, "198.51.100.1,10.1.1.1:80"}} {
			if got := proxies.client(proxy, lines); got != client {
				t.Errorf("%q is %s", lines, got)
			}
		}
		if got := proxies.client(proxy, []string{said}); !got.IsValid() || homeOf(got) == (Home{}) || got.Zone() != "" {
			t.Errorf("%q is %s", said, got)
		}
	})
}
