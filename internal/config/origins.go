package config

import (
	"net/url"
	"strings"
)

// Origins are the origins whose pages may call the API, as browsers write them.
func (c Config) Origins() []string {
	var all []string
	for _, entry := range entries(c.PublicOrigins) {
		all = append(all, strings.ToLower(entry))
	}
	return all
}

func (c Config) checkOrigins(problems *Problems) {
	for _, entry := range entries(c.PublicOrigins) {
		if !c.isOrigin(entry) {
			problems.add("PUBLIC_ORIGINS names origins such as https://app.example.org, without a path (in development also http://localhost:5173): %q", entry)
		}
	}
}

// isOrigin reports whether a page of that origin can be trusted to be what the municipality made:
// somebody between could change a page that came over http.
func (c Config) isOrigin(entry string) bool {
	u, err := url.Parse(entry)
	if err != nil || u.Hostname() == "" || strings.ContainsAny(u.Host, "*,") || !strings.EqualFold(entry, u.Scheme+"://"+u.Host) {
		return false
	}
	return u.Scheme == "https" || u.Scheme == "http" && c.IsDevelopment() && isLoopback(u.Hostname())
}
