package fcmsim

import "slices"

// What FCM keeps for an Android phone that is off.
const (
	keptKeys   = 4   // messages with a collapse key, of different keys
	keptByself = 100 // messages without one; one more, and all of these are gone
)

// TurnOff turns a phone off. What is sent to it waits, as far as FCM keeps it, until TurnOn or Reset.
func (s *Simulator) TurnOff(device string) {
	s.mu.Lock()
	defer s.mu.Unlock()
	s.off[device] = []Push{}
}

// TurnOn turns a phone on, which then gets what was kept for it.
func (s *Simulator) TurnOn(device string) {
	s.mu.Lock()
	kept := s.off[device]
	delete(s.off, device)
	s.mu.Unlock()
	for _, p := range kept {
		s.deliver(p)
	}
}

// waits keeps a push for a phone that is off, and reports whether it is off.
func (s *Simulator) waits(p Push) bool {
	s.mu.Lock()
	defer s.mu.Unlock()
	kept, isOff := s.off[p.Device]
	if isOff {
		s.off[p.Device] = keep(kept, p)
	}
	return isOff
}

// keep is what FCM keeps once another push waits. Which keys it keeps of more than four it does not
// say; here they are the latest.
func keep(kept []Push, p Push) []Push {
	if p.Platform != "ANDROID" {
		return append(kept, p)
	}
	if p.CollapseKey != "" {
		kept = append(slices.DeleteFunc(kept, func(old Push) bool { return old.CollapseKey == p.CollapseKey }), p)
		if keyed := func(old Push) bool { return old.CollapseKey != "" }; count(kept, keyed) > keptKeys {
			kept = slices.Delete(kept, slices.IndexFunc(kept, keyed), slices.IndexFunc(kept, keyed)+1)
		}
		return kept
	}
	alone := func(old Push) bool { return old.CollapseKey == "" }
	if kept = append(kept, p); count(kept, alone) > keptByself {
		kept = slices.DeleteFunc(kept, alone)
	}
	return kept
}

func count(list []Push, is func(Push) bool) int {
	n := 0
	for _, p := range list {
		if is(p) {
			n++
		}
	}
	return n
}
