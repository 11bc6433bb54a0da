package wish

import (
	"slices"
	"time"

	"faellesskab/internal/auth"
	"faellesskab/internal/id"
	"faellesskab/internal/outbox"
	"faellesskab/internal/text"
)

// State says what became of a wish.
type State string

// The states.
const (
	StateOpen      State = "OPEN"
	StateWithdrawn State = "WITHDRAWN"
	StateAnswered  State = "ANSWERED"
	StateFulfilled State = "FULFILLED"
)

// IsValid reports whether it is one of them.
func (s State) IsValid() bool {
	return slices.Contains([]State{StateOpen, StateWithdrawn, StateAnswered, StateFulfilled}, s)
}

// Wish is what one person wants to learn, in their own words. Its id follows from the person and the words, so that
// the same words of a person are one wish.
type Wish struct {
	ID       string `bson:"_id"`
	PersonID string `bson:"personId"`
	Text     string `bson:"text"`
	AreaID   string `bson:"areaId"` // empty: none
	// Topic is what staff see it as, in the words Words.
	Topic string `bson:"topic"`
	Words string `bson:"words"`
	State State  `bson:"state"`
	// CourseID is the course by which it was answered; empty: none. Reply is the text by which it was.
	CourseID string    `bson:"courseId,omitempty"`
	Reply    *string   `bson:"reply,omitempty"`
	WishedAt time.Time `bson:"wishedAt"` // when it last became open by its person
	// ForgetAt is when it is removed; nil: not by itself.
	ForgetAt *time.Time `bson:"forgetAt,omitempty"`
	Version  int        `bson:"version"`

	outbox.Pending `bson:",inline"`
}

const (
	// maxOpen is how many open wishes a person has at most.
	maxOpen = 20
	// maxKept is how many wishes of a person are kept at most, with those that have ended.
	maxKept = 60

	keepsEnded    = 30 * 24 * time.Hour
	keepsAnswered = 400 * 24 * time.Hour
)

// idOf is the id of the viewer's wish of these words. It is made of their account too, which nobody else knows: staff, who
// see the words and may act on the ids of wishes, could otherwise try who has written them.
func idOf(v auth.Viewer, words string) string {
	return id.Derive(id.Wish, v.PersonID, v.Account, text.Skeleton(words))
}

// topicOf is the topic of these words in an area.
func topicOf(areaID, words string) string {
	return id.Derive(id.Topic, areaID, text.Skeleton(words))
}

// open makes the wish open again.
func (w *Wish) open(areaID string, now time.Time) {
	w.State, w.AreaID, w.CourseID, w.Reply, w.WishedAt, w.ForgetAt = StateOpen, areaID, "", nil, now, nil
	w.Topic, w.Words = topicOf(areaID, w.Text), w.Text
}

// end ends the wish, and has it forgotten after a while.
func (w *Wish) end(s State, now time.Time, keeps time.Duration) {
	forget := now.Add(keeps)
	w.State, w.ForgetAt = s, &forget
}

// Action is what a person may do with their wish.
type Action string

// ActionWithdraw is the only one.
const ActionWithdraw Action = "WITHDRAW"

// ViewerCan are the actions that the server would accept now from the wish's person, who alone sees it.
func (w *Wish) ViewerCan() []Action {
	if w.IsStanding() {
		return []Action{ActionWithdraw}
	}
	return []Action{}
}

// IsStanding reports whether its person still wants it.
func (w *Wish) IsStanding() bool { return w.State == StateOpen || w.State == StateAnswered }

// isOf reports whether it is the viewer's.
func (w *Wish) isOf(v auth.Viewer) bool { return !v.IsAnonymous() && w.PersonID == v.PersonID }
