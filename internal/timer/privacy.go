package timer

import (
	"context"
	"time"

	"faellesskab/internal/privacy"
)

// Soon is how soon a timer must be due for an erasure to leave it alone. Such a timer may go on with
// work that concerns others too, such as a long line or the news of a change, and only names the person
// up to whom the work has come. Timers of that sort are never set farther ahead.
const Soon = 30 * time.Minute

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
		Kept: "What is due within " + privacy.For(Soon) + " goes on, since it may concern others too; the second look, " + privacy.For(privacy.LooksAgain) + " later, " +
			"removes the rest. By then all that was under way is done or a dead letter, which is removed too. " +
			"The timer that carries the erasure out is gone when it is done.",
		ShardKey: privacy.Unsharded,
		Export:   s.store.export,
		Erase: func(ctx context.Context, personID string) (bool, error) {
			return s.store.erase(ctx, personID, s.store.db.Now().Add(Soon))
		},
	}
}
