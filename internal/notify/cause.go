package notify

import (
	"time"

	"faellesskab/internal/outbox"
)

// EffectKind is the kind of the effect by which a domain's write queues a cause.
const EffectKind = "notify"

// AudienceOf names an audience of a cause: its kind and the ids by which it is
// walked.
type AudienceOf struct {
	Kind AudienceKind `bson:"kind"`
	IDs  []string     `bson:"ids"`
	// Why is the reason for which these people are told; nil: the audience's own.
	Why *Reason `bson:"why,omitempty"`
}

// Cause is something that happened and concerns people.
type Cause struct {
	// Key is deterministic, so that a cause that is queued twice is one. It is opaque:
	// facts about the news belong into Args.
	Key     string `bson:"_id"`
	Kind    Kind   `bson:"kind"`
	Subject string `bson:"subject"` // the id of what the news is about
	// GroupID is the group whose mute counts; empty if there is none.
	GroupID string `bson:"groupId,omitempty"`
	// MembersOnly says that only members of the group may see the subject. Nobody else
	// is told, even if they are in an audience.
	MembersOnly bool `bson:"membersOnly,omitempty"`
	// Audiences are in the order in which a notice gives reasons. A person in several
	// of them gets one notice with several reasons.
	Audiences []AudienceOf `bson:"audiences"`
	Actor     string       `bson:"actor,omitempty"` // the person who did it, who is not told
	// Args are of the kind's own type.
	Args Args `bson:"args,omitempty"`
	// Data are the words the text mentions, by name; see text.go.
	Data map[string]string `bson:"data"`
	// ExpiresAt is when the news is no longer worth a push, usually the start of its
	// subject.
	ExpiresAt *time.Time `bson:"expiresAt,omitempty"`
	// TurnsUpAt is when a person who is not told would turn up in vain: the start of
	// what is cancelled, or the earlier of the two starts of what is moved. If that is
	// within the next hours, the news passes through quiet hours. For a summary it is
	// the time of the summary.
	TurnsUpAt *time.Time `bson:"turnsUpAt,omitempty"`
}

// Key makes the key of a cause.
func Key(subject, what, version string) string { return subject + ":" + what + ":" + version }

// Effect is the effect that queues the cause.
func Effect(c Cause) outbox.Effect { return outbox.New(EffectKind, c) }
