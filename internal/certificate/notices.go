package certificate

import (
	"context"
	"strings"

	"faellesskab/internal/fault"
	"faellesskab/internal/i18n"
	"faellesskab/internal/id"
	"faellesskab/internal/notify"
)

// The kinds of news about certificates.
const (
	NoticeIssued  notify.Kind = "CERTIFICATE_ISSUED"
	NoticeRevoked notify.Kind = "CERTIFICATE_REVOKED"
)

// reasonTookPart is the reason of people who have completed a course.
const reasonTookPart notify.ReasonKind = "TOOK_PART"

func noticeKinds() []notify.KindSpec {
	return []notify.KindSpec{
		{Kind: NoticeIssued, Default: notify.Push, Family: notify.FamilyCourses},
		{Kind: NoticeRevoked, Default: notify.Push, Family: notify.FamilyCourses},
	}
}

// issued tells its holder of a new certificate.
func (c *Certificate) issued() notify.Cause { return c.news(NoticeIssued, "issued") }

// revoked tells its holder that a certificate is revoked, and why.
func (c *Certificate) revoked() notify.Cause {
	n := c.news(NoticeRevoked, "revoked")
	n.Data["Reason"] = *c.RevokedReason
	return n
}

func (c *Certificate) news(kind notify.Kind, name string) notify.Cause {
	words := map[string]string{}
	for _, l := range i18n.Languages {
		words["Title_"+string(l)], words["Skills_"+string(l)] = c.Titles.In(l), strings.Join(c.SkillNames(l), ", ")
	}
	why := notify.Reason{Kind: reasonTookPart, Subject: c.CourseID}
	return notify.Cause{Key: notify.Key(c.ID, name, c.PersonID), Kind: kind, Subject: c.ID, Data: words,
		Audiences: []notify.AudienceOf{{Kind: notify.AudiencePeople, IDs: []string{c.PersonID}, Why: &why}}}
}

// subjects lets news be about certificates.
func (s *Service) subjects() []notify.Subject {
	return []notify.Subject{{Prefix: id.Certificate, State: s.subjectState, States: notify.AllByIDs(s.store.byIDs, stateOf)}}
}

func (s *Service) subjectState(ctx context.Context, n notify.News) (notify.SubjectState, error) {
	c, err := s.store.get(ctx, n.Subject)
	if err != nil {
		return notify.SubjectState{}, fault.UnlessNotFound(err)
	}
	return stateOf(c, n)
}

// stateOf is the present state of news of a certificate: that it was issued is news while it is valid.
func stateOf(c *Certificate, n notify.News) (notify.SubjectState, error) {
	switch {
	case n.Kind == NoticeRevoked:
		return notify.SubjectState{Alive: c.RevokedAt != nil}, nil
	case c.State().Proves():
		return notify.SubjectState{Alive: true}, nil
	}
	return notify.SubjectState{Now: "certificate_" + strings.ToLower(string(c.State()))}, nil
}
