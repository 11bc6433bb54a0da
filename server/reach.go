package main

import (
	"fmt"
	"net"
	"net/http"
	"net/netip"
	"strings"

	"faellesskab/internal/config"
)

// checkReach refuses a development server whose address turned out to be another
// one than the configuration could see: whoever reaches it is given tokens.
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

// onlyNamed answers calls that name this server as a person at this machine would.
// A page in a browser can make a name of its own lead to 127.0.0.1, and would then
// read tokens as if they were its own; its name betrays it. Where the server may be
// reached from elsewhere, any address and any name without a dot will do: nobody
// outside can make those lead here.
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
