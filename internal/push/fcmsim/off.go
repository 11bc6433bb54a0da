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
	s.off[device] = []arrival{}
}

// TurnOn turns a phone on, which then gets what was kept for it and is still worth it.
func (s *Simulator) TurnOn(device string) {
	s.mu.Lock()
	kept := s.off[device]
	delete(s.off, device)
	s.mu.Unlock()
	for _, a := range kept {
		if a.expires.IsZero() || s.clock.Now().Before(a.expires) {
			s.deliver(a)
		}
	}
}

// waits keeps a push for a phone that is off, and reports whether it is off.
func (s *Simulator) waits(a arrival) bool {
	s.mu.Lock()
	defer s.mu.Unlock()
	kept, isOff := s.off[a.push.Device]
	if isOff {
		s.off[a.push.Device] = keep(kept, a)
	}
	return isOff
}

// keep is what a push service keeps once another push waits. Of background pushes an iPhone gets the newest only.
// Which keys of more than four FCM keeps for an Android phone it does not say; here they are the latest.
func keep(kept []arrival, a arrival) []arrival {
	key := a.push.CollapseKey
	kept = append(slices.DeleteFunc(kept, func(old arrival) bool {
		return a.isBackground && old.isBackground || key != "" && old.push.CollapseKey == key
	}), a)
	if a.push.Platform != "ANDROID" {
		return kept
	}
	keyed := func(old arrival) bool { return old.push.CollapseKey != "" }
	alone := func(old arrival) bool { return old.push.CollapseKey == "" }
	if count(kept, keyed) > keptKeys {
		first := slices.IndexFunc(kept, keyed)
		kept = slices.Delete(kept, first, first+1)
	}
	if count(kept, alone) > keptByself {
		kept = slices.DeleteFunc(kept, alone)
	}
	return kept
}

func count(list []arrival, is func(arrival) bool) int {
	n := 0
	for _, a := range list {
		if is(a) {
			n++
		}
	}
	return n
}
