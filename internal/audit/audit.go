// Package audit keeps the record of what staff and admins have done, and of who
// decided about announcements: append only, who, what, to whom, when. It never
// holds more than ids, words of our own, and the reason that they give.
package audit

import (
	"context"
	"time"

	"faellesskab/internal/auth"
	"faellesskab/internal/mongodb"
	"faellesskab/internal/outbox"
)

// EffectKind is the kind of the effect that writes an entry.
const EffectKind = "audit.entry"

// Entry is one thing somebody did.
type Entry struct {
	ID      string            `bson:"_id"`
	Actor   string            `bson:"actor"` // person id, or "operator" for the command line
	Action  string            `bson:"action"`
	Subject string            `bson:"subject"`
	Details map[string]string `bson:"details,omitempty"`
	At      time.Time         `bson:"at"`
	// People are the people whom the entry names, so that each can be given theirs. It is
	// filled in when the entry is stored.
	People []string `bson:"people,omitempty" json:"-"`
}

// Operator is the actor of what is done from the command line.
const Operator = "operator"

// Log is the record.
type Log struct{ store store }

// New makes the record and registers its effect with the outbox.
func New(db *mongodb.DB, o *outbox.Outbox) *Log {
	l := &Log{store{db}}
	outbox.On(o, EffectKind, "audit.trail", func(ctx context.Context, call outbox.Call, e Entry) error {
		e.ID = call.EffectID
		return l.store.insert(ctx, e)
	})
	return l
}

// Effect is the effect that records an action of the viewer; of the operator
// if nobody is signed in.
func (l *Log) Effect(ctx context.Context, action, subject string, details map[string]string) outbox.Effect {
	actor := auth.FromContext(ctx).PersonID
	if actor == "" {
		actor = Operator
	}
	return outbox.New(EffectKind, Entry{Actor: actor, Action: action, Subject: subject, Details: details, At: l.store.db.Now()})
}

// Record writes an action of the viewer at once, for what is only looked at and
// leaves no other document. The same id again is the same entry.
func (l *Log) Record(ctx context.Context, entryID, action, subject string, details map[string]string) error {
	return l.store.insert(ctx, Entry{ID: entryID, Actor: auth.FromContext(ctx).PersonID, Action: action, Subject: subject,
		Details: details, At: l.store.db.Now()})
}

// Of are the newest entries about a subject.
func (l *Log) Of(ctx context.Context, subject string) ([]Entry, error) {
	return l.store.of(ctx, subject)
}
