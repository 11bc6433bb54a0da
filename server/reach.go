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
// were its own; but its calls name that domain. If the server may be reached from other machines,
// any address and any name without a dot will do, since nobody outside can make those lead here.
func onlyNamed(next http.Handler, anyAddress bool) http.Handler {
	return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		if !isNamed(r.Host, anyAddress) {
			http.Error(w, "This is the development server. Call it by the address that it listens on, such as 127.0.0.1 or localhost.", http.StatusForbidden)
			return
		}
		next.ServeHTTP(w, r)
	})
}

func isNamed(host string, anyAddress bool) bool {
	if name, _, err := net.SplitHostPort(host); err == nil {
		host = name
	}
	host = strings.ToLower(strings.TrimSuffix(strings.TrimPrefix(host, "["), "]"))
	if ip, err := netip.ParseAddr(host); err == nil {
		return anyAddress || ip.Unmap().IsLoopback()
	}
	return host == "localhost" || strings.HasSuffix(host, ".localhost") || anyAddress && host != "" && !strings.Contains(host, ".")
}
