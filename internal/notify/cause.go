package notify

import (
	"time"

	"faellesskab/internal/outbox"
)

// EffectKind is the kind of the effect by which a domain's write causes
// notices.
const EffectKind = "notify"

// AudienceOf are some of the people a cause concerns.
type AudienceOf struct {
	Kind AudienceKind `bson:"kind"`
	IDs  []string     `bson:"ids"`
	// Why is the reason, where the audience has none of its own to give; nil: that of
	// the audience.
	Why *Reason `bson:"why,omitempty"`
}

// Cause is something that happened and concerns people.
type Cause struct {
	// Key is deterministic, so that a cause that is queued twice is one. Nobody reads
	// anything in it: what news must know about itself is in Args.
	Key     string `bson:"_id"`
	Kind    Kind   `bson:"kind"`
	Subject string `bson:"subject"` // id of what it is about
	// GroupID is the group whose mute counts; empty if there is none.
	GroupID string `bson:"groupId,omitempty"`
	// MembersOnly says that only members of the group may see the subject: nobody
	// else is told, for whatever reason they would be.
	MembersOnly bool `bson:"membersOnly,omitempty"`
	// Audiences in the order in which reasons are given. One person in several
	// gets one notice with several reasons.
	Audiences []AudienceOf `bson:"audiences"`
	Actor     string       `bson:"actor,omitempty"` // who did it: they are not told
	// Args are of the kind's own type.
	Args Args `bson:"args,omitempty"`
	// Data are the words the text mentions, by name; see text.go.
	Data map[string]string `bson:"data"`
	// ExpiresAt is when it is no longer worth a push: the subject's start.
	ExpiresAt *time.Time `bson:"expiresAt,omitempty"`
	// TurnsUpAt is when somebody who is not told would turn up in vain: the start
	// of what is cancelled, the earlier of the two starts of what is moved. News of
	// the next hours passes through quiet hours. Of a summary it is its time.
	TurnsUpAt *time.Time `bson:"turnsUpAt,omitempty"`
}

// Key makes the key of a cause.
func Key(subject, what, version string) string { return subject + ":" + what + ":" + version }

// Effect is the effect that queues the cause.
func Effect(c Cause) outbox.Effect { return outbox.New(EffectKind, c) }
