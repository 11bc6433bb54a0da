package config

import (
	"net/netip"
	"strings"
)

// Proxies are the networks whose X-Forwarded-For is believed.
func (c Config) Proxies() []netip.Prefix {
	var all []netip.Prefix
	for _, entry := range entries(c.TrustedProxies) {
		if prefix, ok := network(entry); ok {
			all = append(all, prefix)
		}
	}
	return all
}

// entries are the entries of a list with commas between.
func entries(list string) []string {
	var all []string
	for entry := range strings.SplitSeq(list, ",") {
		if entry = strings.TrimSpace(entry); entry != "" {
			all = append(all, entry)
		}
	}
	return all
}

// network reads an address or a network. It refuses a network of all addresses, with which each
// client could choose its own address.
func network(entry string) (netip.Prefix, bool) {
	if addr, err := netip.ParseAddr(entry); err == nil {
		addr = addr.Unmap().WithZone("")
		return netip.PrefixFrom(addr, addr.BitLen()), true
	}
	prefix, err := netip.ParsePrefix(entry)
	if err != nil {
		return netip.Prefix{}, false
	}
	if inner := prefix.Addr().Unmap(); inner.Is4() && prefix.Addr().Is4In6() {
		prefix = netip.PrefixFrom(inner, prefix.Bits()-96)
	}
	return prefix.Masked(), prefix.Bits() > 0
}
