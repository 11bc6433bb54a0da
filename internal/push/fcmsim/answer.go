package fcmsim

import (
	"net/http"
	"time"
)

type kind int

const (
	kindOK kind = iota
	kindRefuse
	kindReset
	kindResetAfter
	kindHang
)

// Answer is the simulator's answer to a message.
type Answer struct {
	kind       kind
	delay      time.Duration
	retryAfter time.Duration
	status     int
	failure    failure
	once       bool
}

// Once makes the last answer of a script count for one message only, so that the device then gets the
// answer for all again. Elsewhere it changes nothing.
func (a Answer) Once() Answer {
	a.once = true
	return a
}

// OK takes the message.
func OK() Answer { return Answer{} }

// Slow takes the message after d, unless the client has gone before.
func Slow(d time.Duration) Answer { return Answer{delay: d} }

// Hang gives no answer until the client goes.
func Hang() Answer { return Answer{kind: kindHang} }

// Reset breaks the connection, and no phone gets the push.
func Reset() Answer { return Answer{kind: kindReset} }

// ResetAfter delivers the push and breaks the connection, so that the answer is lost.
func ResetAfter() Answer { return Answer{kind: kindResetAfter} }

// Unregistered says that the app is no longer installed.
func Unregistered() Answer {
	return refusal(http.StatusNotFound, "NOT_FOUND", "Requested entity was not found.", fcmError("UNREGISTERED"))
}

// SenderIDMismatch says that the device belongs to another project.
func SenderIDMismatch() Answer {
	return refusal(http.StatusForbidden, "PERMISSION_DENIED", "SenderId mismatch", fcmError("SENDER_ID_MISMATCH"))
}

// QuotaExceeded says that messages come too fast; 0 leaves Retry-After out.
func QuotaExceeded(retryAfter time.Duration) Answer {
	a := refusal(http.StatusTooManyRequests, "RESOURCE_EXHAUSTED", "Quota exceeded.", fcmError("QUOTA_EXCEEDED"))
	a.retryAfter = retryAfter
	return a
}

// Internal says that FCM broke.
func Internal() Answer {
	return refusal(http.StatusInternalServerError, "INTERNAL", "Internal error encountered.", fcmError("INTERNAL"))
}

// Unavailable says that FCM is overloaded or down; 0 leaves Retry-After out.
func Unavailable(retryAfter time.Duration) Answer {
	a := refusal(http.StatusServiceUnavailable, "UNAVAILABLE", "The service is currently unavailable.", fcmError("UNAVAILABLE"))
	a.retryAfter = retryAfter
	return a
}

// InvalidDevice says that the address is not one.
func InvalidDevice() Answer {
	return refusal(http.StatusBadRequest, "INVALID_ARGUMENT",
		"The registration token is not a valid FCM registration token", fcmError("INVALID_ARGUMENT"))
}

// RefusedByApple says that Apple's service did not take the message, with Apple's reason.
func RefusedByApple(reason string) Answer {
	return refusal(http.StatusBadRequest, "INVALID_ARGUMENT", "Request contains an invalid argument.", fcmError("INVALID_ARGUMENT"), apnsError(reason))
}

// InvalidPayload says that the message is wrong.
func InvalidPayload() Answer {
	return invalid("message", "Invalid value")
}

// ThirdPartyAuth says that FCM may not talk to Apple's or the browser's service.
func ThirdPartyAuth() Answer {
	return refusal(http.StatusUnauthorized, "UNAUTHENTICATED",
		"Auth error from APNS or Web Push Service", fcmError("THIRD_PARTY_AUTH_ERROR"))
}

// Script gives the device's next messages these answers, in order. It replaces an earlier script. The
// last answer stays, unless it is Once. Without answers the device gets the answer for all again.
func (s *Simulator) Script(device string, answers ...Answer) {
	s.mu.Lock()
	defer s.mu.Unlock()
	if len(answers) == 0 {
		delete(s.scripts, device)
		return
	}
	s.scripts[device] = append([]Answer(nil), answers...)
}

// ScriptAll is the answer for every device without a script of its own:
// ScriptAll(Unavailable(0)) is FCM being down, ScriptAll(OK()) is it back.
func (s *Simulator) ScriptAll(a Answer) {
	s.mu.Lock()
	defer s.mu.Unlock()
	s.fallback = a
}

// ScriptPlatform is the answer for every device of a platform (ANDROID, IOS, WEB)
// without a script of its own; OK() takes it back.
func (s *Simulator) ScriptPlatform(platform string, a Answer) {
	s.mu.Lock()
	defer s.mu.Unlock()
	s.platforms[platform] = a
}

// ScriptEvery is the answer for every n-th message to devices and platforms
// without a script of their own; n of 0 takes it back.
func (s *Simulator) ScriptEvery(n int, a Answer) {
	s.mu.Lock()
	defer s.mu.Unlock()
	s.every, s.everyNth, s.turn = n, a, 0
}

// next is the answer to a push: by the script of its device, by that of its platform, by its turn, or
// the answer for all.
func (s *Simulator) next(p Push) Answer {
	s.mu.Lock()
	defer s.mu.Unlock()
	device, script := p.Device, s.scripts[p.Device]
	if len(script) == 0 {
		if a, ok := s.platforms[p.Platform]; ok && a.kind != kindOK {
			return a
		}
		if s.turn++; s.every > 0 && s.turn%s.every == 0 {
			return s.everyNth
		}
		return s.fallback
	}
	switch {
	case len(script) > 1:
		s.scripts[device] = script[1:]
	case script[0].once:
		delete(s.scripts, device)
	}
	return script[0]
}
