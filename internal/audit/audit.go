// Package audit keeps the record of what staff and admins have done, and of who decided about
// announcements. Entries say who did what to whom, and when; they are only added, never changed.
// They hold ids, words of the program, and the reason that people give, and nothing else.
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

// Entry records one thing that a person did.
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

// Operator is the actor of actions on the command line.
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

// Effect is the effect that records an action of the viewer, or of the operator if nobody is
// signed in.
func (l *Log) Effect(ctx context.Context, action, subject string, details map[string]string) outbox.Effect {
	actor := auth.FromContext(ctx).PersonID
	if actor == "" {
		actor = Operator
	}
	return outbox.New(EffectKind, Entry{Actor: actor, Action: action, Subject: subject, Details: details, At: l.store.db.Now()})
}

// Record writes an action of the viewer at once. It is for actions that only read and write no
// other document. A call with the same id changes nothing.
func (l *Log) Record(ctx context.Context, entryID, action, subject string, details map[string]string) error {
	return l.store.insert(ctx, Entry{ID: entryID, Actor: auth.FromContext(ctx).PersonID, Action: action, Subject: subject,
		Details: details, At: l.store.db.Now()})
}

// Of are the newest entries about a subject.
func (l *Log) Of(ctx context.Context, subject string) ([]Entry, error) {
	return l.store.of(ctx, subject)
}
