package push

import (
	"context"
	"time"
)

// Kind says which sort of address a device has.
type Kind string

// The kinds of address: the registration token that the FCM client libraries
// have always given out, and the Firebase installation id that replaces it.
const (
	KindToken Kind = "TOKEN"
	KindFID   Kind = "FID"
)

// Platform says which push service delivers the message to the device.
type Platform string

// The platforms.
const (
	PlatformAndroid Platform = "ANDROID"
	PlatformIOS     Platform = "IOS"
	PlatformWeb     Platform = "WEB"
)

// IsKnown reports whether p is one of the platforms.
func (p Platform) IsKnown() bool {
	return p == PlatformAndroid || p == PlatformIOS || p == PlatformWeb
}

// Device is where a message goes: one installation of the app.
type Device struct {
	Kind     Kind
	Value    string
	Platform Platform // empty: the message is made for all platforms
}

// Level is how far a message breaks through what keeps a phone silent, in Apple's words.
type Level string

// The levels.
const (
	LevelPassive       Level = "passive"        // no sound: it is there when somebody looks
	LevelActive        Level = "active"         // the phone's usual sound
	LevelTimeSensitive Level = "time-sensitive" // through summaries and focus, as far as the owner lets it
)

// Action is a button on a message. What it does is in the message's data, for the app.
type Action struct {
	Name  string
	Title string
}

// Message is one notice, written in one language.
type Message struct {
	// NoticeID is that of the notice. A later message with the same one replaces the earlier one on
	// the phone's screen.
	NoticeID string
	// Series names messages of which only the last is worth keeping for an Android phone that is
	// off. FCM keeps at most four series for a phone, so that there are few. Empty: it is worth
	// keeping by itself.
	Series string
	Title  string
	Body   string
	// Language is that of the texts, as a BCP 47 tag.
	Language string
	// Channel is the Android channel in which it comes. On a phone whose app has not created it, it comes in
	// the app's default channel.
	Channel string
	// Thread groups messages on the screen of an iPhone; empty: it stands alone.
	Thread string
	// Level is how far it breaks through; empty: LevelActive.
	Level Level
	// IsPrompt says that the phone should be woken for it. Of the rest it may take its time.
	IsPrompt bool
	// IsUrgent says that the phone should wake its owner, as far as they let it.
	IsUrgent bool
	// IsPrivate says that a locked screen of an Android phone should not show what it says.
	IsPrivate bool
	// IsQuestion says that it stays on a computer's screen until it is answered.
	IsQuestion bool
	// IsSilent says that it replaces an earlier message without a sound, whatever its level.
	IsSilent bool
	// Removes are ids of notices whose messages it takes off the screen, at most MaxRemoves. Such a message shows
	// nothing itself: of the other fields only Unread, Label, Data and TTL count.
	Removes []string
	// SoundsAgain says that it is heard though it replaces an earlier message, since it says something new.
	SoundsAgain bool
	// IsCut says that its text was cut, so that the app has more to load.
	IsCut bool
	// Unread is how many notices its reader has not read, with this one; nil: it is not known.
	Unread *int
	// At is when its news came.
	At time.Time
	// Category names the actions that the iPhone app has registered for its kind; empty: none.
	Category string
	Actions  []Action
	// Label is under what Firebase's reports count it.
	Label string
	Data  map[string]string // for the app; FCM reserves a few names
	TTL   time.Duration     // how long it is worth delivering; 0 is DefaultTTL
	Link  string            // opened by a click in a browser, if https; phones get theirs in Data
	Icon  string            // the address of the picture in a browser's message; empty: the browser's own
}

// Outcome is the result of sending a message, which says what to do next. The zero value is no outcome.
type Outcome int

// The outcomes.
const (
	Sent          Outcome = iota + 1 // FCM took it
	Gone                             // the device no longer exists: delete it
	Retry                            // temporary: try again, not before RetryAfter
	QuotaExceeded                    // too fast: send nothing to anyone for RetryAfter
	PlatformDown                     // FCM may not talk to this platform's service: pause the platform
	BadPayload                       // the message is wrong for every device
	BadDevice                        // the device may be wrong: decide once others have got the message
)

var outcomeNames = map[Outcome]string{
	Sent: "SENT", Gone: "GONE", Retry: "RETRY", QuotaExceeded: "QUOTA_EXCEEDED",
	PlatformDown: "PLATFORM_DOWN", BadPayload: "BAD_PAYLOAD", BadDevice: "BAD_DEVICE",
}

// String is the outcome's name, for logs and metrics.
func (o Outcome) String() string {
	if name, ok := outcomeNames[o]; ok {
		return name
	}
	return "NONE"
}

// IsOutcome reports whether an outcome has that name.
func IsOutcome(name string) bool {
	for _, known := range outcomeNames {
		if known == name {
			return true
		}
	}
	return false
}

// Result is what became of one message to one device.
type Result struct {
	Outcome    Outcome
	RetryAfter time.Duration // FCM's advice; 0 if it gave none (never 0 with QuotaExceeded)
	Reason     string        // FCM's error code, for example UNREGISTERED; empty when sent
	MessageID  string        // FCM's name for the message; only when sent
	Err        error         // for the log; nil when sent
}

// Sender sends one message to one device. It always returns an outcome, even if ctx ends first. Safe
// for concurrent use.
type Sender interface {
	Send(ctx context.Context, to Device, m Message) Result
}
