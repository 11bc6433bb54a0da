package inbox

import (
	"context"
	"slices"

	"faellesskab/internal/auth"
	"faellesskab/internal/fault"
	"faellesskab/internal/idempotency"
	"faellesskab/internal/notify"
	"faellesskab/internal/outbox"
)

// StopReason stops a reason of one of the viewer's notices: depending on the reason it
// mutes the group, mutes the thread, or makes the reason count no longer. ResumeReason undoes it. Returns
// Problems, and NotFound for another person's notice or a reason that it does not have.
func (s *SettingsService) StopReason(ctx context.Context, in StopReasonInput) (*notify.Settings, error) {
	v, err := auth.Require(ctx)
	if err != nil {
		return nil, err
	}
	if !IsNoticeID(in.NoticeID) {
		return nil, fault.BadID("input.noticeId")
	}
	call := idempotency.Call{Operation: "stopReason", Key: in.ClientMutationID, Input: in, On: s.decides(v.PersonID, in.ReasonKey)}
	return idempotency.Do(ctx, s.Keys, call, func(ctx context.Context, t idempotency.Token) (*notify.Settings, error) {
		notice, reason, err := s.reason(ctx, v.PersonID, in)
		if err != nil {
			return nil, err
		}
		thread, err := s.Thread(ctx, notice.SubjectID)
		if err != nil {
			return nil, err
		}
		stop := notify.Stopping(reason, thread, notice.Words, s.store.db.Now())
		if reason.Kind == notify.ReasonGroupMember {
			return s.muteGroup(ctx, v.PersonID, stop, t)
		}
		return s.save(ctx, v.PersonID, nil, t, func(_ context.Context, old *notify.Settings) error { return old.Stop(stop) })
	})
}

// decides are the documents that decide whether a reason is stopped.
func (s *SettingsService) decides(personID, reasonKey string) []outbox.Ref {
	refs := []outbox.Ref{settingsRef(personID)}
	if groupID, ok := groupOf(reasonKey); ok {
		refs = append(refs, s.Groups.LevelRef(groupID, personID))
	}
	return refs
}

// reason finds a reason of one of a person's notices.
func (s *SettingsService) reason(ctx context.Context, personID string, in StopReasonInput) (*Notice, notify.Reason, error) {
	found, err := s.store.ByIDs(ctx, []string{in.NoticeID})
	if err != nil {
		return nil, notify.Reason{}, err
	}
	notice := found[in.NoticeID]
	if notice == nil || notice.Hidden || notice.PersonID != personID {
		return nil, notify.Reason{}, notFound("input.noticeId")
	}
	i := slices.IndexFunc(notice.Reasons, func(r notify.Reason) bool { return r.Key() == in.ReasonKey })
	if i < 0 {
		return nil, notify.Reason{}, &fault.Error{Kind: fault.KindNotFound, Key: "notice.reason.not_found", Field: "input.reasonKey"}
	}
	return notice, notice.Reasons[i], nil
}

// ResumeReason undoes StopReason: what was muted is not muted any more, and the reason counts again. If it was not
// stopped, nothing changes.
func (s *SettingsService) ResumeReason(ctx context.Context, in ResumeReasonInput) (*notify.Settings, error) {
	call := idempotency.Call{Operation: "resumeReason", Key: in.ClientMutationID, Input: in}
	if _, isGroup := groupOf(in.ReasonKey); !isGroup {
		return s.change(ctx, call, nil, func(_ context.Context, old *notify.Settings) error {
			old.Resume(in.ReasonKey)
			return nil
		})
	}
	v, err := auth.Require(ctx)
	if err != nil {
		return nil, err
	}
	call.On = s.decides(v.PersonID, in.ReasonKey)
	return idempotency.Do(ctx, s.Keys, call, func(ctx context.Context, t idempotency.Token) (*notify.Settings, error) {
		return s.unmuteGroup(ctx, v.PersonID, in.ReasonKey, t)
	})
}

// StoppedReasons are the reasons that a person has stopped, the newest first.
func (s *SettingsService) StoppedReasons(ctx context.Context, of *notify.Settings) ([]*notify.StoppedReason, error) {
	var levels map[string]notify.Level
	for key := range of.Stopped {
		if _, isGroup := groupOf(key); isGroup {
			var err error
			if levels, err = s.Levels(ctx, of.PersonID); err != nil {
				return nil, err
			}
			break
		}
	}
	return of.StoppedReasons(levels), nil
}

// Stopped is the reason with that key; nil if it is not stopped.
func (s *SettingsService) Stopped(ctx context.Context, of *notify.Settings, key string) (*notify.StoppedReason, error) {
	list, err := s.StoppedReasons(ctx, of)
	for _, r := range list {
		if r.Key() == key {
			return r, err
		}
	}
	return nil, err
}
