package wish

import (
	"context"
	"time"

	"faellesskab/internal/privacy"
)

// collections returns the entries of wishes.
func (s *Service) collections() []privacy.Collection {
	return []privacy.Collection{
		{
			Name: collection, Basis: privacy.PublicTask, ShardKey: privacy.Unsharded,
			Purpose: "To know which courses people want that are not in the list of skills, and to tell them when their wish is answered.",
			Whose: "The person's who wishes: their words, the area and what became of the wish. Staff see the words and how many people wish for the same, " +
				"and nobody but the person sees that the wish is theirs. Words that name somebody are refused, as far as names can be told.",
			Retention: "While the wish is open. Withdrawn and fulfilled ones for " + privacy.For(keepsEnded) + ", answered ones for " + privacy.For(keepsAnswered) + ".",
			Ends:      "The end of that time; erasure.",
			Export:    s.export, Erase: s.store.erase,
		},
		{
			Name: decisions, Basis: privacy.NotPersonal, ShardKey: privacy.Unsharded,
			Purpose:   "To put wishes of like words together, also those that come later, and to carry answers out.",
			Whose:     "Nobody's: the words that staff gave to wishes, and how many people were answered. The audit trail says who decided.",
			Retention: "As long as the service.",
			Ends:      "Nothing.",
		},
	}
}

// record is a wish in the export of its person.
type record struct {
	Text     string    `json:"text"`
	Area     string    `json:"area,omitempty"`
	State    State     `json:"state"`
	Course   string    `json:"course,omitempty"`
	Answer   *string   `json:"answer,omitempty"`
	WishedAt time.Time `json:"wishedAt"`
}

func (s *Service) export(ctx context.Context, personID string, keep func(record any) error) error {
	return s.store.walkPerson(personID).Each(ctx, func(w *Wish) error {
		return keep(record{Text: w.Text, Area: w.AreaID, State: w.State, Course: w.CourseID, Answer: w.Reply, WishedAt: w.WishedAt.UTC()})
	})
}
