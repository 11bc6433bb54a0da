package delivery

import (
	"strings"
	"time"

	"faellesskab/internal/id"
	"faellesskab/internal/notify"
	"faellesskab/internal/push"
)

// look is what all messages of a cause have: how they sound, where they stand, and what they count as.
func (n *Notifier) look(c *notify.Cause, now time.Time) push.Message {
	spec := n.Kinds.Of(c.Kind)
	attention := spec.AttentionAt(now, c.TurnsUpAt)
	m := push.Message{
		Channel: spec.Family.ChannelID(), Thread: n.threadOf(c), Level: levels[attention],
		IsPrompt: attention >= notify.AttentionPrompt, IsUrgent: attention == notify.AttentionUrgent,
		IsQuestion:  len(spec.Actions) > 0 && attention >= notify.AttentionPressing,
		IsPrivate:   c.About != "", // it is about somebody
		SoundsAgain: c.Again != "", // its reader wanted to hear it once more
		Label:       strings.ToLower(string(c.Kind)),
	}
	if c.Kind == notify.KindSummary {
		m.Series = "summary" // tonight's takes the place of yesterday's
	}
	if c.ExpiresAt != nil {
		m.TTL = c.ExpiresAt.Sub(now)
	}
	if n.AppURL != "" {
		m.Icon = n.AppURL + iconPath
	}
	m.Data = map[string]string{"kind": string(c.Kind), "subjectId": c.Subject, "channel": m.Channel, "thread": m.Thread, "level": string(m.Level)}
	return m
}

var levels = map[notify.Attention]push.Level{
	notify.AttentionQuiet:    push.LevelPassive,
	notify.AttentionUsual:    push.LevelActive,
	notify.AttentionPrompt:   push.LevelActive,
	notify.AttentionPressing: push.LevelTimeSensitive,
	notify.AttentionUrgent:   push.LevelTimeSensitive,
}

// threadOf is what a push is grouped with on a screen: what can be muted by itself, or else the group it
// comes from, or else its family.
func (n *Notifier) threadOf(c *notify.Cause) string {
	switch {
	case n.Subjects[id.Prefix(c.Subject)].Visible != nil:
		return c.Subject
	case c.GroupID != "":
		return c.GroupID
	}
	return n.Kinds.Of(c.Kind).Family.ChannelID()
}
