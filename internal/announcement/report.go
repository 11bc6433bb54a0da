package announcement

import (
	"context"
	"time"

	"faellesskab/internal/auth"
	"faellesskab/internal/fault"
	"faellesskab/internal/group"
	"faellesskab/internal/id"
	"faellesskab/internal/notify"
	"faellesskab/internal/timer"
)

// timerKeep is the kind of the timer that copies a report before the notifier removes it.
const timerKeep = "announcement.keep"

// keepAfter is when the report is copied, which is before the notifier removes it.
const keepAfter = 6 * 24 * time.Hour

type keepArgs struct{ AnnouncementID string }

func (a *Announcement) keepTimer(now time.Time) timer.Timer {
	return timer.New(a.ID+":keep", timerKeep, now.Add(keepAfter), keepArgs{a.ID})
}

// keep copies the report of an announcement into it.
func (s *Service) keep(ctx context.Context, k keepArgs) error {
	a, err := s.store.get(ctx, k.AnnouncementID)
	if err != nil {
		return err
	}
	r, err := s.Notifier.Report(ctx, a.key())
	if fault.Is(err, fault.KindNotFound) {
		return nil // the announcement was stopped before anybody was told
	}
	if err != nil {
		return err
	}
	return s.store.keep(ctx, a.ID, r)
}

// ReportKey is the key under which Reports finds how far an announcement has come; empty if it has not been
// sent, or the viewer may not see the report.
func (s *Service) ReportKey(ctx context.Context, a *Announcement) (string, error) {
	st, err := s.standingOf(ctx, a)
	if err != nil || !st.allows(a, ActionViewReport) {
		return "", err
	}
	return a.key(), nil
}

// Reported says how far an announcement has come by what was found under its ReportKey; nil without a key.
func (a *Announcement) Reported(key string, found *notify.Report) *notify.Report {
	if key == "" {
		return nil
	}
	var r notify.Report
	switch {
	case found != nil:
		r = *found
	case a.Kept != nil:
		r = *a.Kept
	}
	// Otherwise the cause has not reached the notifier yet. If it comes there after the
	// stop, the notifier does not know that it was stopped, but it tells nobody.
	if a.State == StateStopped && r.StoppedBecause == "" {
		r.StoppedBecause = notify.StopByPerson
	}
	return &r
}

// ApprovalKeys are the keys under which Reports finds how the question has come to those who may approve what waits:
// each time that they may have been asked, the first one first. None if nothing waits, or the viewer is not
// responsible for it.
func (s *Service) ApprovalKeys(ctx context.Context, a *Announcement) ([]string, error) {
	if !a.waits() {
		return nil, nil
	}
	st, err := s.standingOf(ctx, a)
	if err != nil || !st.answers() {
		return nil, err
	}
	keys := make([]string, len(askAgainAfter)+1)
	for again := range keys {
		keys[again] = a.question(again).Key
	}
	return keys, nil
}

// Asked says how the question has come to people, by what was found under its ApprovalKeys; nil without keys. It
// is about the last time that they were asked, but what people did with it counts as it does of any of the questions.
func Asked(found []*notify.Report) *notify.Report {
	if len(found) == 0 {
		return nil
	}
	var last notify.Report
	for _, r := range found {
		if r == nil {
			break // it was not asked as often
		}
		before := last
		last = *r
		last.Opened, last.Acted, last.Dismissed = max(r.Opened, before.Opened), max(r.Acted, before.Acted), max(r.Dismissed, before.Dismissed)
	}
	return &last
}

const (
	// previewTime is how long a preview counts before it returns what it has.
	previewTime = 3 * time.Second
	// previewGrace is how much longer the current page may take. It ends before the
	// query's deadline, after which there would be no answer.
	previewGrace = 1500 * time.Millisecond
)

// PreviewToGroup says what would become of an announcement to a group now. Returns the faults
// of ToGroup.
func (s *Service) PreviewToGroup(ctx context.Context, groupID string) (*notify.Preview, error) {
	if problem := id.Check("groupId", id.Group, groupID); problem != nil {
		return nil, problem
	}
	g, err := s.Groups.Require(ctx, groupID, group.SpeakForGroup)
	if err != nil {
		return nil, err
	}
	return s.preview(ctx, &Announcement{GroupID: g.ID, GroupName: g.Name})
}

// PreviewInGroup is PreviewToGroup for a group that has been read.
func (s *Service) PreviewInGroup(ctx context.Context, g *group.Group) (*notify.Preview, error) {
	if err := s.Groups.RequireIn(ctx, g, group.SpeakForGroup); err != nil {
		return nil, err
	}
	return s.preview(ctx, &Announcement{GroupID: g.ID, GroupName: g.Name})
}

// PreviewBroadcast says what would become of an announcement to areas, or to everybody, now.
// Returns the faults of Broadcast.
func (s *Service) PreviewBroadcast(ctx context.Context, areaIDs []string, isUrgent bool) (*notify.Preview, error) {
	if _, err := auth.RequireCapability(ctx, s.now(), auth.CapabilityBroadcast); err != nil {
		return nil, err
	}
	var p fault.Problems
	areaIDs = cleanAreas(&p, "areaIds", areaIDs)
	if err := p.Err(); err != nil {
		return nil, err
	}
	if err := s.checkAreas(ctx, areaIDs); err != nil {
		return nil, err
	}
	return s.preview(ctx, &Announcement{AreaIDs: areaIDs, IsUrgent: isUrgent})
}

// mostApprovers is up to how many people who could approve it a preview counts.
const mostApprovers = 100

func (s *Service) preview(ctx context.Context, a *Announcement) (*notify.Preview, error) {
	a.ID, a.AuthorID = "preview", auth.FromContext(ctx).PersonID
	counting, cancel := context.WithTimeout(ctx, s.DB.Span(previewTime+previewGrace))
	defer cancel()
	p, err := s.Notifier.Preview(counting, a.cause(), time.Now().Add(previewTime)) //nolint:forbidigo // the caller's patience is real time
	if err != nil && counting.Err() != nil && ctx.Err() == nil {
		p.IsComplete, err = false, nil
	}
	p.NeedsApproval = a.IsUrgent || p.Audience > s.approvalOver || !p.IsComplete
	if err != nil || !p.NeedsApproval {
		return &p, err
	}
	a.State = StatePending
	deciders, err := s.nextDeciders(ctx, a, "", mostApprovers)
	p.Approvers = len(deciders)
	return &p, err
}
