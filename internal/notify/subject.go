package notify

import (
	"context"
	"maps"
	"time"
)

// News is a piece of news, as far as its subject must know it to tell its state.
type News struct {
	Kind    Kind
	Subject string // the id of what it is about
	Args    Args
}

// Subject is a type of things that news can be about, as its noun registers it.
type Subject struct {
	Prefix string // of its ids
	// State tells the present state of the subject and of news about it.
	State StateFunc
	// Visible returns NotFound for a subject that the viewer may not see. Nil: such a
	// subject cannot be muted by itself.
	Visible func(ctx context.Context, subjectID string) error
}

// StateFunc tells the present state of a piece of news.
type StateFunc func(ctx context.Context, n News) (SubjectState, error)

// SubjectState is the present state of the subject of a piece of news.
type SubjectState struct {
	Alive       bool // the news is still true; the event is still published, say
	MembersOnly bool // only members of its group may see it
	// Words are present words for the text, which replace those of the cause with the
	// same names; nil: the cause's words stay.
	Words map[string]string
	// ExpiresAt is when the news is no longer worth a push by what is known now; nil:
	// the cause's ExpiresAt stays.
	ExpiresAt *time.Time
}

// Renew replaces the words and the expiry of a cause by those of the present state.
func (s SubjectState) Renew(words *map[string]string, expiresAt **time.Time) {
	if s.Words != nil {
		current := maps.Clone(*words)
		maps.Copy(current, s.Words)
		*words = current
	}
	if s.ExpiresAt != nil {
		*expiresAt = s.ExpiresAt
	}
}
