package delivery

import (
	"maps"
	"net/url"
	"strings"
	"time"

	"faellesskab/internal/clock"
	"faellesskab/internal/i18n"
	"faellesskab/internal/inbox"
	"faellesskab/internal/notify"
	"faellesskab/internal/push"
)

// room is how much of a text goes into a push. FCM, Apple and browsers take 4,096 bytes for everything, and the inbox
// has the full text.
var room = notify.Room{Title: 300, Body: 1600}

// iconPath is where the web app has the picture for a browser's pushes.
const iconPath = "/icons/notice-192.png"

// readers are those who read the same.
type readers struct {
	language i18n.Language
	zone     clock.Zone // if it says when something is
	personID string     // if it is a summary, which differs from person to person
}

// renderer writes the messages of a chunk. What is the same for several of its readers is made once.
func (n *Notifier) renderer(j *job, told map[string]told, isDiscreet bool, now time.Time) func(Device) push.Message {
	look, buttons := n.look(&j.Cause, now), n.buttonsOf(&j.Cause)
	drafts := map[readers]push.Message{}
	return func(d Device) push.Message {
		t, key := told[d.PersonID], readers{language: i18n.Language(d.Language)}
		if j.Kind == notify.KindSummary {
			key.personID = d.PersonID
		}
		if notify.TellsTime(t.Words) {
			key.zone = t.zone
		}
		m, ok := drafts[key]
		if !ok {
			m = write(look, j.Kind, t.Words, isDiscreet, i18n.Reader{Language: key.language, Zone: t.zone, Now: now})
			drafts[key] = m
		}
		n.address(&m, inbox.NoticeID(d.PersonID, j.NoticeKey()))
		m.At = t.CreatedAt
		setNumber(&m, t.unread)
		buttons.on(&m, d.PersonID, key.language)
		return m
	}
}

// write writes the texts of a message for those who read the same.
func write(look push.Message, kind notify.Kind, words map[string]string, isDiscreet bool, r i18n.Reader) push.Message {
	m := look
	m.Language = strings.ToLower(string(r.Language))
	said, saysLess := onScreen(kind, words, isDiscreet)
	m.IsPrivate = m.IsPrivate || saysLess
	m.Title, m.Body, m.IsCut = notify.Fit(kind, said, r, room)
	return m
}

// address makes a message one about a person's own notice.
func (n *Notifier) address(m *push.Message, noticeID string) {
	link := "/notices/" + url.PathEscape(noticeID)
	m.NoticeID, m.Data = noticeID, maps.Clone(m.Data)
	m.Data["noticeId"], m.Data["link"] = noticeID, link
	if n.AppURL != "" {
		m.Link = n.AppURL + link
	}
}
