package gate

import (
	"context"
	"net"
	"net/http"
	"net/netip"
	"strings"
)

// homeBits is how many bits of an IPv6 address count. A home or a phone has a network of 2^64
// addresses to choose from, which count as one.
const homeBits = 64

// Home is the address by which a client is counted: its IPv4 address, or its IPv6 network.
type Home = netip.Prefix

func homeOf(addr netip.Addr) Home {
	addr = plain(addr)
	bits := addr.BitLen()
	if addr.Is6() {
		bits = homeBits
	}
	home, err := addr.Prefix(bits)
	if err != nil {
		return Home{} // clients without an address are counted as one
	}
	return home
}

// plain is an address in the form in which addresses are compared: IPv4 addresses unmapped
// from IPv6, and without the name of an interface.
func plain(addr netip.Addr) netip.Addr { return addr.Unmap().WithZone("") }

// Proxies are the proxies whose X-Forwarded-For is believed.
type Proxies []netip.Prefix

func (p Proxies) trust(addr netip.Addr) bool {
	for _, prefix := range p {
		if prefix.Contains(plain(addr)) {
			return true
		}
	}
	return false
}

// client is the address from which a request comes. Each proxy adds its own caller at the end
// of the header, so only the entries that trusted proxies have written are true. The header is
// read from the end, up to the first address that is no trusted proxy. If an entry cannot be
// read, the proxy that wrote it counts as the client.
func (p Proxies) client(peer netip.Addr, forwarded []string) netip.Addr {
	client := plain(peer)
	if !p.trust(client) {
		return client
	}
	hops := strings.Split(strings.Join(forwarded, ","), ",")
	for i := len(hops) - 1; i >= 0; i-- {
		hop := strings.TrimSpace(hops[i])
		if hop == "" {
			continue
		}
		addr, ok := parseHop(hop)
		if !ok {
			return client
		}
		if client = addr; !p.trust(addr) {
			return client
		}
	}
	return client
}

// parseHop reads an address as proxies write it: bare, in brackets, with a port,
// in quotes.
func parseHop(hop string) (netip.Addr, bool) {
	if len(hop) > 1 && hop[0] == '"' && hop[len(hop)-1] == '"' {
		hop = hop[1 : len(hop)-1]
	}
	if inside, isBracketed := strings.CutPrefix(hop, "["); isBracketed && strings.HasSuffix(inside, "]") {
		addr, err := netip.ParseAddr(inside[:len(inside)-1])
		return plain(addr), err == nil && addr.Is6()
	}
	if addr, err := netip.ParseAddr(hop); err == nil {
		return plain(addr), true
	}
	addrPort, err := netip.ParseAddrPort(hop)
	return plain(addrPort.Addr()), err == nil
}

// peerOf is the address at the other end of a connection.
func peerOf(addr net.Addr) netip.Addr {
	if tcp, ok := addr.(*net.TCPAddr); ok {
		return plain(tcp.AddrPort().Addr())
	}
	return netip.Addr{}
}

type homeKey struct{}

// Handler finds out where each request comes from.
func (p Proxies) Handler(next http.Handler) http.Handler {
	return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		peer, _ := netip.ParseAddrPort(r.RemoteAddr) // the server writes it itself
		home := homeOf(p.client(peer.Addr(), r.Header.Values("X-Forwarded-For")))
		next.ServeHTTP(w, r.WithContext(context.WithValue(r.Context(), homeKey{}, home)))
	})
}

// HomeFrom is where the request comes from.
func HomeFrom(ctx context.Context) Home {
	home, _ := ctx.Value(homeKey{}).(Home)
	return home
}
