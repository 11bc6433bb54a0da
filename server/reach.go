package main

import (
	"fmt"
	"net"
	"net/http"
	"net/netip"
	"strings"

	"faellesskab/internal/config"
)

// checkReach refuses a development server that listens on another address than the configuration
// could tell, since it gives tokens to everybody who can reach it.
func checkReach(cfg config.Config, listens net.Addr) error {
	if !cfg.IsDevelopment() || cfg.AllowUnsafeDevelopment {
		return nil
	}
	if at, err := netip.ParseAddrPort(listens.String()); err != nil || !at.Addr().Unmap().IsLoopback() {
		return fmt.Errorf("%s is %s, which is not this machine alone, and this is the development server: listen on 127.0.0.1, or give -allow-unsafe-development",
			cfg.Addr, listens)
	}
	return nil
}

// onlyNamed answers only calls that name this server as a person at this machine would. A page in
// a browser can make a domain of its own lead to 127.0.0.1, and could then read tokens as if they
// were its own; but its calls name that domain.
func onlyNamed(next http.Handler, is func(host string) bool) http.Handler {
	return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		if !is(withoutPort(r.Host)) {
			http.Error(w, "This is the development server. Call it by the address that it listens on, such as 127.0.0.1 or localhost.", http.StatusForbidden)
			return
		}
		next.ServeHTTP(w, r)
	})
}

func withoutPort(host string) string {
	if name, _, err := net.SplitHostPort(host); err == nil {
		host = name
	}
	return strings.ToLower(strings.TrimSuffix(strings.TrimPrefix(host, "["), "]"))
}

// isHere is a name by which this machine alone calls itself.
func isHere(host string) bool {
	if ip, err := netip.ParseAddr(host); err == nil {
		return ip.Unmap().IsLoopback()
	}
	return host == "localhost" || strings.HasSuffix(host, ".localhost")
}

// isNumbered is also any address: the emulator of a phone calls its host by one. Nobody can make an
// address lead elsewhere.
func isNumbered(host string) bool {
	_, err := netip.ParseAddr(host)
	return err == nil || isHere(host)
}

// isInside is also any name without a dot, for a server that may be reached from other machines.
// Nobody outside can make such a name lead here.
func isInside(host string) bool {
	return isNumbered(host) || host != "" && !strings.Contains(host, ".")
}
