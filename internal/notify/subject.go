package notify

import (
	"context"
	"maps"
	"time"
)

// News is a piece of news, as its subject is asked about it.
type News struct {
	Kind    Kind
	Subject string // id of what it is about
	Args    Args
}

// Subject is what news is about, as its owner registers it.
type Subject struct {
	Prefix string // of its ids
	// State is how the subject, and the news about it, stand now.
	State StateFunc
	// Visible refuses a subject that the viewer may not see; nil: no news of such a
	// subject can be muted by itself.
	Visible func(ctx context.Context, subjectID string) error
}

// StateFunc tells how a piece of news stands now.
type StateFunc func(ctx context.Context, n News) (SubjectState, error)

// SubjectState is how the subject of a piece of news stands now.
type SubjectState struct {
	Alive       bool // the news is still true: an event still published, say
	MembersOnly bool // only members of its group may see it
	// Words are what the text mentions as it is now, in the stead of those of the
	// cause with the same names; nil: the cause's stand.
	Words map[string]string
	// ExpiresAt is when the news is no longer worth a push, as it is now; nil: the
	// cause's stands.
	ExpiresAt *time.Time
}

// Renew puts what is current in the stead of what was said.
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
