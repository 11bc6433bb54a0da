package config

import (
	"net"
	"net/netip"
	"net/url"
	"strconv"
	"strings"
	"unicode/utf8"
)

// Origins are the origins whose pages may call the API, as browsers write them: in lower case, and
// without the port that the scheme has by itself.
func (c Config) Origins() []string {
	var all []string
	for _, entry := range entries(c.PublicOrigins) {
		if u, err := url.Parse(entry); err == nil {
			all = append(all, origin(u))
		}
	}
	return all
}

func origin(u *url.URL) string {
	host, port := strings.ToLower(u.Hostname()), u.Port()
	if ip, err := netip.ParseAddr(host); err == nil {
		host = ip.String()
	}
	if port == defaultPorts[u.Scheme] {
		port = ""
	}
	switch {
	case port != "":
		host = net.JoinHostPort(host, port)
	case strings.Contains(host, ":"):
		host = "[" + host + "]"
	}
	return u.Scheme + "://" + host
}

var defaultPorts = map[string]string{"http": "80", "https": "443"}

func (c Config) checkOrigins(problems *Problems) {
	for _, entry := range entries(c.PublicOrigins) {
		switch {
		case strings.IndexFunc(entry, isForeign) >= 0:
			problems.add("PUBLIC_ORIGINS names hosts as browsers send them, where letters such as æ are written as xn--…: %q", entry)
		case !c.isOrigin(entry):
			problems.add("PUBLIC_ORIGINS names origins such as https://app.example.org, without a path (in development also http://localhost:5173): %q", entry)
		}
	}
}

// isForeign reports whether a letter is none that browsers send in the name of a host.
func isForeign(r rune) bool { return r >= utf8.RuneSelf }

// isOrigin reports whether a page of that origin can be trusted to be what the municipality made:
// somebody between could change a page that came over http.
func (c Config) isOrigin(entry string) bool {
	u, err := url.Parse(entry)
	if err != nil || u.Hostname() == "" || strings.ContainsAny(u.Host, "*,%") || !strings.EqualFold(entry, u.Scheme+"://"+u.Host) {
		return false
	}
	if port := u.Port(); port != "" || strings.HasSuffix(u.Host, ":") {
		if n, err := strconv.ParseUint(port, 10, 16); err != nil || strconv.FormatUint(n, 10) != port {
			return false // no browser sends such a port
		}
	}
	return u.Scheme == "https" || u.Scheme == "http" && c.IsDevelopment() && isLoopback(strings.ToLower(u.Hostname()))
}
