package fcmsim

import (
	"cmp"
	"slices"
	"strconv"
)

// push is the push as the phone gets it.
func (m *message) push() Push {
	p := Push{
		Device: m.device(), Platform: m.platform(), Title: m.Notification.Title, Body: m.Notification.Body,
		Data: m.Data, Channel: m.Android.shown().ChannelID, Sound: m.sound(), Badge: m.badge(), Thread: m.thread(), Level: m.level(),
		Actions: m.actions(), CollapseKey: m.collapseKey(), Tag: m.tag(), Link: m.Webpush.FCMOptions.Link, Removes: m.removes,
	}
	if p.Data == nil {
		p.Data = map[string]string{}
	}
	return p
}

func (m *message) device() string {
	switch {
	case m.Token != "":
		return m.Token
	case m.FID != "":
		return m.FID
	case m.Topic != "":
		return "/topics/" + m.Topic
	}
	return m.Condition
}

// platform is the platform that the message is made for; empty for all.
func (m *message) platform() string {
	android, apple, web := !m.Android.isEmpty(), len(m.APNS.Headers) > 0, len(m.Webpush.Headers) > 0
	switch {
	case android && !apple && !web:
		return "ANDROID"
	case apple && !android && !web:
		return "IOS"
	case web && !android && !apple:
		return "WEB"
	}
	return ""
}

// collapseKey is the id under which the platform's push service replaces an earlier message that
// waits for a phone.
func (m *message) collapseKey() string {
	return cmp.Or(m.Android.CollapseKey, m.APNS.Headers["apns-collapse-id"], m.Webpush.Headers["Topic"])
}

// tag is the id under which a phone replaces an earlier message on its screen.
func (m *message) tag() string {
	return cmp.Or(m.Android.shown().Tag, m.APNS.Headers["apns-collapse-id"], m.Webpush.shown().Tag)
}

// isShown reports whether the phone puts something on its screen.
func (m *message) isShown() bool { return m.Notification.Title != "" || m.Notification.Body != "" }

// sound is the sound that the phone makes. A browser makes its own unless it is told not to. The channel has
// the last word on an Android phone, as its owner has everywhere.
func (m *message) sound() string {
	if m.platform() == "WEB" {
		if m.isShown() && !m.Webpush.shown().Silent {
			return "default"
		}
		return ""
	}
	android := m.Android.shown()
	if android.DefaultSound {
		return "default"
	}
	return cmp.Or(android.Sound, m.apple.sound())
}

// badge is the number that the app's icon has from now on: the one that the phone itself reads, or the one that the
// app finds in the data.
func (m *message) badge() *int {
	if n := cmp.Or(m.apple.Badge, m.Android.shown().Count); n != nil {
		return n
	}
	if n, err := strconv.Atoi(m.Data["unread"]); err == nil {
		return &n
	}
	return nil
}

func (m *message) thread() string { return cmp.Or(m.apple.ThreadID, m.Data["thread"]) }

// level is how far it breaks through. What shows nothing breaks through nothing.
func (m *message) level() string {
	if !m.isShown() {
		return "passive"
	}
	return cmp.Or(m.apple.InterruptionLevel, m.Data["level"], "active")
}

// actions are the buttons that the phone shows. Android's and Apple's come from the app, which finds in the data
// what a tap does, and Apple's needs a category for them; a browser's stand in the message.
func (m *message) actions() []Action {
	all := m.buttons
	switch m.platform() {
	case "IOS":
		if m.apple.Category == "" {
			return []Action{}
		}
	case "WEB":
		shown := m.Webpush.shown().Actions
		return slices.DeleteFunc(all, func(a Action) bool {
			return !slices.ContainsFunc(shown, func(s webAction) bool { return s.Action == a.Name })
		})
	}
	return all
}
