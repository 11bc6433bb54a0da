package certificate

import (
	"context"
	"time"

	"faellesskab/internal/i18n"
	"faellesskab/internal/privacy"
)

// collections returns the entries of certificates.
func (s *Service) collections() []privacy.Collection {
	return []privacy.Collection{
		{
			Name: collection, Basis: privacy.PublicTask, ShardKey: privacy.Unsharded,
			Purpose: "To prove that somebody has completed a course, to whomever they give the address of the certificate.",
			Whose: "The holder's: their name as they wanted it, the course, how many hours they attended and what was learned. If it was revoked, why, as " +
				"staff wrote it. Whoever has the address reads all of it.",
			Retention: "As long as the service: a certificate that could not be checked any more would prove nothing.",
			Ends:      "Erasure takes out who the holder is, and why it was revoked.",
			Kept:      "The certificate without a name and without the person's id: its address says whether it is valid, and that its holder is erased.",
			Export:    s.export, Erase: func(ctx context.Context, personID string) (bool, error) {
				return s.store.eraseHolder(ctx, personID, s.now())
			},
		},
		{
			Name: names, Basis: privacy.PublicTask, ShardKey: privacy.Unsharded,
			Purpose:   "To write the name on certificates as its owner wants it there.",
			Whose:     "Those who want another name on certificates than that of their profile.",
			Retention: "Until they are erased.",
			Ends:      "Erasure.",
			Export:    s.store.exportName, Erase: s.store.eraseName,
		},
	}
}

// record is a certificate in the export of its holder.
type record struct {
	URL           string     `json:"url"`
	HolderName    string     `json:"holderName"`
	Course        string     `json:"course"`
	Skills        []string   `json:"skills"`
	StartsAt      time.Time  `json:"startsAt"`
	EndsAt        time.Time  `json:"endsAt"`
	Minutes       int        `json:"minutes"`
	IssuedAt      time.Time  `json:"issuedAt"`
	RevokedAt     *time.Time `json:"revokedAt,omitempty"`
	RevokedReason *string    `json:"revokedReason,omitempty"`
}

func (s *Service) export(ctx context.Context, personID string, keep func(record any) error) error {
	return s.store.walkPerson(personID).Each(ctx, func(c *Certificate) error {
		return keep(record{URL: s.URL(c), HolderName: c.Holder, Course: c.Titles.In(i18n.Danish), Skills: c.SkillNames(i18n.Danish), StartsAt: c.StartsAt.UTC(),
			EndsAt: c.EndsAt.UTC(), Minutes: c.Minutes, IssuedAt: c.IssuedAt.UTC(), RevokedAt: c.RevokedAt, RevokedReason: c.RevokedReason})
	})
}
