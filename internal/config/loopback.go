package config

import (
	"net"
	"net/netip"
	"strings"
)

// checkReach refuses a development server that other machines can reach, or that works on a
// database elsewhere, since it gives its tokens to anyone who asks.
func (c Config) checkReach(problems *Problems) {
	if c.AllowUnsafeDevelopment {
		return
	}
	const why = "without Firebase this is the development server, which gives its tokens to anyone who asks"
	if isAddress(c.Addr) && !staysHere(c.Addr) {
		problems.add("-addr %s reaches beyond this machine, and %s: listen on 127.0.0.1, or give -allow-unsafe-development", c.Addr, why)
	}
	if c.MongoURI != "" && isMongoURI(c.MongoURI) && !isMongoHere(c.MongoURI) {
		problems.add("MONGODB_URI is not on this machine, and %s: set the variables of Firebase, or give -allow-unsafe-development", why)
	}
}

// staysHere reports whether an address to listen on is of this machine alone. A
// name other than localhost is not: it may mean another address tomorrow.
func staysHere(addr string) bool {
	host, _, err := net.SplitHostPort(addr)
	return err == nil && isLoopback(host)
}

// isLoopback reports whether a host is this machine, by its name or its address;
// an IPv4 address may be written as an IPv6 one.
func isLoopback(host string) bool {
	ip, err := netip.ParseAddr(host)
	return host == "localhost" || err == nil && ip.Unmap().IsLoopback()
}

// isMongoHere reports whether every host of a mongodb:// address is this machine. A seed list from
// DNS may be anywhere. An address that can be read in two ways counts as elsewhere: the driver
// takes the text before the first "@" for the user.
func isMongoHere(uri string) bool {
	scheme, rest, _ := strings.Cut(uri, "://")
	if user, after, found := strings.Cut(rest, "@"); found {
		if strings.ContainsAny(user, "/?#") || strings.Contains(after, "@") {
			return false
		}
		rest = after
	}
	if scheme != "mongodb" {
		return false
	}
	for host := range strings.SplitSeq(hosts(rest), ",") {
		if !isMongoHostHere(host) {
			return false
		}
	}
	return true
}

// isMongoHostHere reports whether one host, perhaps with its port, is this machine. A socket in the
// file system is.
func isMongoHostHere(host string) bool {
	if lower := strings.ToLower(host); strings.HasPrefix(lower, "%2f") && strings.HasSuffix(lower, ".sock") {
		return true
	}
	if name, _, err := net.SplitHostPort(host); err == nil {
		host = name
	}
	return isLoopback(strings.TrimSuffix(strings.TrimPrefix(host, "["), "]"))
}
