package notify

import (
	"cmp"
	"context"
	"maps"
	"slices"
	"strings"
	"time"

	"faellesskab/internal/auth"
	"faellesskab/internal/fault"
	"faellesskab/internal/i18n"
)

// StoppedReason is a reason that a person has stopped. Stopping some reasons means muting something: then the
// reason is stopped as long as that is muted.
type StoppedReason struct {
	Reason `bson:",inline"`
	At     time.Time `bson:"at"`
	// Level is how much the person wanted to hear of the group that was muted, if the reason was a membership.
	Level Level `bson:"level,omitempty"`
}

// Stopping is the reason of a notice as one that is stopped, with the words that say it.
func Stopping(r Reason, subjectID string, words map[string]string, at time.Time) StoppedReason {
	s := StoppedReason{Reason: r, At: at}
	if r.isBooking() {
		s.Thread = cmp.Or(r.Thread, subjectID) // which is muted
	}
	mentioned := i18n.Mentioned(s.say().text)
	s.Words = map[string]string{}
	for _, of := range []map[string]string{words, r.Words} {
		for name, word := range of {
			if base, _, _ := strings.Cut(name, "_"); slices.Contains(mentioned, base) {
				s.Words[name] = word
			}
		}
	}
	return s
}

func (s StoppedReason) say() said {
	say := said{text: s.text(), reason: s.Reason}
	if s.isBooking() {
		say.text = s.threadText(s.Thread)
	}
	return say
}

// Text is the reason in words, in the viewer's language.
func (s StoppedReason) Text(ctx context.Context) string { return s.say().Text(ctx) }

// UndoText is the action that lets the reason count again, in words, in the viewer's language.
func (s StoppedReason) UndoText(ctx context.Context) string {
	return i18n.Translate(auth.LanguageOf(ctx, nil), "why.undo", nil)
}

// Mutes reports whether stopping the reason has muted something.
func (s StoppedReason) Mutes() bool { return s.isBooking() || s.Kind == ReasonGroupMember }

// Stop stops a reason. Returns settings.many if there is no room.
func (s *Settings) Stop(r StoppedReason) error {
	if _, isKnown := s.Stopped[r.Key()]; !isKnown && len(s.Stopped) >= maxStopped {
		return fault.Conflict("settings.many")
	}
	if r.isBooking() {
		if err := s.Mute(r.Thread, r.At); err != nil {
			return err
		}
	}
	if _, isKnown := s.Stopped[r.Key()]; !isKnown || r.Mutes() {
		s.KeepStop(r)
	}
	return nil
}

// KeepStop keeps that a reason was stopped, however many are.
func (s *Settings) KeepStop(r StoppedReason) {
	if s.Stopped == nil {
		s.Stopped = map[string]StoppedReason{}
	}
	s.Stopped[r.Key()] = r
}

// Resume undoes Stop, by the key of the reason. If it was not stopped, nothing changes.
func (s *Settings) Resume(key string) {
	if r := s.Stopped[key]; r.isBooking() {
		s.Unmute(r.Thread)
	}
	delete(s.Stopped, key)
}

// Unmute lets pushes about an event or course come again.
func (s *Settings) Unmute(subjectID string) {
	delete(s.MutedThreads, subjectID)
	maps.DeleteFunc(s.Stopped, func(_ string, r StoppedReason) bool { return r.isBooking() && r.Thread == subjectID })
}

// StoppedReasons are the reasons that are stopped, the newest first, for a person who hears so much of their groups.
// What was muted and is not any more is left out, whatever has ended it.
func (s *Settings) StoppedReasons(groups map[string]Level) []*StoppedReason {
	list := []*StoppedReason{}
	for _, key := range newestFirst(s.Stopped, func(r StoppedReason) time.Time { return r.At }) {
		r := s.Stopped[key]
		if r.IsKnown() && !s.isOver(r, groups) {
			list = append(list, &r)
		}
	}
	return list
}

// isOver reports whether what was muted to stop a reason is not muted any more, so that the reason counts again.
func (s *Settings) isOver(r StoppedReason, groups map[string]Level) bool {
	return r.isBooking() && s.MutedThreads[r.Thread].IsZero() || r.Kind == ReasonGroupMember && groups[r.Subject] != LevelInbox
}
