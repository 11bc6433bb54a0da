package delivery

import (
	"strings"
	"time"

	"faellesskab/internal/id"
	"faellesskab/internal/notify"
	"faellesskab/internal/push"
)

// look gives a message what follows from its cause: how it sounds, where it stands, and what it counts as.
func (n *Notifier) look(m *push.Message, c *notify.Cause, now time.Time) {
	spec := n.Kinds.Of(c.Kind)
	m.Channel, m.Thread, m.Label = spec.Family.ChannelID(), n.threadOf(c), strings.ToLower(string(c.Kind))
	attention := spec.AttentionAt(now, c.TurnsUpAt)
	m.Level = levels[attention]
	m.IsPrompt, m.IsUrgent = attention >= notify.AttentionPrompt, attention == notify.AttentionUrgent
	m.IsQuestion = len(spec.Actions) > 0 && attention >= notify.AttentionPressing
	m.Data["channel"], m.Data["thread"], m.Data["level"] = m.Channel, m.Thread, string(m.Level)
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
