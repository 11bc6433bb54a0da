package notify

import (
	"context"
	"maps"
	"slices"
	"time"

	"faellesskab/internal/auth"
)

// News is a piece of news, as far as its subject must know it to tell its state.
type News struct {
	Kind    Kind
	Subject string // the id of what it is about
	GroupID string // the group it comes from, for its buttons; empty if there is none
	Args    Args
}

// Subject is a type of things that news can be about, as its noun registers it.
type Subject struct {
	Prefix string // of its ids
	// State tells the present state of the subject and of news about it.
	State StateFunc
	// States are the present states of several pieces of news, in their order, for people who look
	// at their inbox: the things are read together. Nil: they are asked for one by one.
	States StatesFunc
	// Visible returns NotFound for a subject that the viewer may not see. Nil: such a
	// subject cannot be muted by itself.
	Visible func(ctx context.Context, subjectID string) error
	// Thread is the subject that is muted in place of one that continues it. Nil: none continues another.
	Thread func(ctx context.Context, subjectID string) (string, error)
}

// StateFunc tells the present state of a piece of news.
type StateFunc func(ctx context.Context, n News) (SubjectState, error)

// StatesFunc tells the present states of several pieces of news, in their order.
type StatesFunc func(ctx context.Context, list []News) ([]SubjectState, error)

// AllByIDs makes a StatesFunc of a way to read the things that news is about, and the state of news
// about one of them, which is the zero value if it is gone.
func AllByIDs[T any](load func(ctx context.Context, ids []string) (map[string]T, error),
	state func(thing T, n News) (SubjectState, error)) StatesFunc {
	return func(ctx context.Context, list []News) ([]SubjectState, error) {
		var ids []string
		for _, n := range list {
			if !slices.Contains(ids, n.Subject) {
				ids = append(ids, n.Subject)
			}
		}
		things, err := load(ctx, ids)
		states := make([]SubjectState, len(list))
		for i, n := range list {
			if thing, ok := things[n.Subject]; ok && err == nil {
				states[i], err = state(thing, n)
			}
		}
		return states, err
	}
}

// SubjectState is the present state of the subject of a piece of news.
type SubjectState struct {
	Alive       bool // the news is still true; the event is still published, say
	MembersOnly bool // only members of its group may see it
	// Thread is the subject whose mute counts; empty: the subject itself.
	Thread string
	// Words are present words for the text, which replace those of the cause with the
	// same names; nil: the cause's words stay.
	Words map[string]string
	// ExpiresAt is when the news is no longer worth a push by what is known now; nil:
	// the cause's ExpiresAt stays.
	ExpiresAt *time.Time
	// Now says how it stands with news that is no longer true: it is part of the key of a text
	// ("notice.now.<now>"). Empty: only that it no longer holds.
	Now string
	// Until is when the news ceased to be true, if that is known.
	Until *time.Time
	// MayKnow tells whether a person may know what the words say; nil: everybody may.
	MayKnow func(v auth.Viewer) bool
}

// Renew replaces the words and the expiry of a cause by those of the present state.
func (s SubjectState) Renew(words *map[string]string, expiresAt **time.Time) {
	if s.Words != nil {
		current := make(map[string]string, len(*words)+len(s.Words))
		maps.Copy(current, *words)
		maps.Copy(current, s.Words)
		*words = current
	}
	if s.ExpiresAt != nil {
		*expiresAt = s.ExpiresAt
	}
}
