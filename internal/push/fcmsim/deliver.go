package fcmsim

import (
	"cmp"
	"slices"
	"strconv"
	"strings"
	"time"
)

// Apple lets background pushes wake an app two or three times an hour, and promises nothing for more. Here a phone
// gets three in any hour, and the rest are lost.
const backgroundPushesAnHour = 3

// arrival is a push on its way to a phone.
type arrival struct {
	push         Push
	isBackground bool      // it only wakes an iPhone's app
	expires      time.Time // when it is no longer worth delivering; zero: never
}

// arrival is the push as the phone will get it.
func (m *message) arrival(now time.Time) arrival {
	a := arrival{push: m.push(), isBackground: m.APNS.Headers["apns-push-type"] == "background"}
	if at, err := strconv.ParseInt(m.APNS.Headers["apns-expiration"], 10, 64); err == nil {
		a.expires = time.Unix(at, 0)
	}
	ttl := cmp.Or(m.Android.TTL, m.Webpush.Headers["TTL"]+"s")
	if wait, err := time.ParseDuration(ttl); err == nil && strings.HasSuffix(ttl, "s") {
		a.expires = now.Add(wait)
	}
	return a
}

// happening is something that a phone's screen remembers.
type happening struct {
	push Push
	what what
}

type what int

const (
	arrived   what = iota
	lost           // the phone did not hand it to the app, which was woken too often
	dismissed      // the phone's owner took it off the screen; the push has its device and tag only
)

// deliver puts the push in the log and wakes who waited for it. A phone that is off gets it later.
func (s *Simulator) deliver(a arrival) {
	if s.waits(a) {
		return
	}
	a.push.ReceivedAt = s.clock.Now()
	if a.isBackground && s.isTired(a.push.Device, a.push.ReceivedAt) {
		s.remember(happening{a.push, lost})
		return
	}
	s.record(a.push)
	if s.onPush != nil {
		s.onPush(a.push)
	}
}

// isTired reports whether background pushes have woken the iPhone's app as often in the last hour as they may. If not,
// this one does.
func (s *Simulator) isTired(device string, now time.Time) bool {
	s.mu.Lock()
	defer s.mu.Unlock()
	woken := slices.DeleteFunc(s.woken[device], func(at time.Time) bool { return !at.After(now.Add(-time.Hour)) })
	tired := len(woken) >= backgroundPushesAnHour
	if !tired {
		woken = append(woken, now)
	}
	s.woken[device] = woken
	return tired
}

func (s *Simulator) remember(h happening) {
	s.mu.Lock()
	defer s.mu.Unlock()
	s.log.add(h, s.keep)
}

func (s *Simulator) record(p Push) {
	s.mu.Lock()
	defer s.mu.Unlock()
	s.log.add(happening{p, arrived}, s.keep)
	if p.isRemoval() {
		return // it shows nothing, so that nobody waits for it
	}
	s.received++
	s.counts[p.Device]++

	still := s.waiting[:0]
	for _, w := range s.waiting {
		if s.received < w.n {
			still = append(still, w)
			continue
		}
		close(w.arrived)
	}
	s.waiting = still
}
