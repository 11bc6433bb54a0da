package timer

import (
	"context"
	"time"

	"faellesskab/internal/privacy"
)

// soon is how soon a timer must be due for an erasure to leave it alone. Such a timer may go on with
// work that concerns others too, such as a long line or the news of a change, and only names the person
// up to whom the work has come. Timers of that sort are never set farther ahead.
const soon = 30 * time.Minute

// Collection is the timers' entry in the register of privacy.
func (s *Timers) Collection() privacy.Collection {
	return privacy.Collection{
		Name: timers,
		Purpose: "What is to be done at its time, such as a reminder, a change that is held back for a moment, the deadline of an offered " +
			"seat, or the end of a role.",
		Basis:     privacy.PublicTask,
		Whose:     "That of the person it is about, if it is about one: by their random id. Most are about an event or a course.",
		Retention: "Until the time has come, or ten tries have failed.",
		Ends:      "Being carried out; what fails ten times becomes a dead letter. Erasure.",
		Kept: "What is due within half an hour goes on, since it may concern others too; the second look, an hour later, " +
			"removes the rest, but for what is just being tried again, which ends within 40 minutes, or as a dead letter after 90 days at most. " +
			"The timer that carries the erasure out is gone when it is done.",
		ShardKey: privacy.Unsharded,
		Export:   s.store.export,
		Erase: func(ctx context.Context, personID string) (bool, error) {
			return s.store.erase(ctx, personID, s.store.db.Now().Add(soon))
		},
	}
}
