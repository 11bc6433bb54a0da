package announcement

import (
	"context"
	"slices"
	"time"

	"go.mongodb.org/mongo-driver/v2/bson"
	"go.mongodb.org/mongo-driver/v2/mongo/options"

	"faellesskab/internal/fault"
	"faellesskab/internal/i18n"
	"faellesskab/internal/mongodb"
)

// pageSize is how many announcements are read at a time.
const pageSize = 100

// naming are some of the announcements that name a person, without those with some ids.
func (s store) naming(ctx context.Context, personID string, except []string) ([]*Announcement, error) {
	return mongodb.All[*Announcement](ctx, "find announcements that name a person", s.db.Collection(collection),
		mongodb.Except(bson.D{{Key: "names", Value: personID}}, except), options.Find().SetLimit(pageSize))
}

// saveErased writes an announcement that has forgotten somebody, unless it has changed
// since it was read: then it is found again.
func (s store) saveErased(ctx context.Context, a *Announcement) error {
	set := bson.D{{Key: "authorId", Value: a.AuthorID}, {Key: "formerAuthorIds", Value: a.FormerAuthorIDs}, {Key: "decided", Value: a.Decided}, {Key: "slot", Value: a.Slot}, {Key: "correction", Value: a.Proposed},
		{Key: "names", Value: a.people()}, {Key: "version", Value: a.Version}}
	err := mongodb.UpdateVersion(ctx, s.db.Collection(collection), a.ID, a.Version-1, bson.D{{Key: "$set", Value: set}})
	if fault.HasCode(err, fault.CodeVersionConflict) {
		return nil
	}
	return err
}

// record is an announcement as a person is given it who wrote it or decided about it.
type record struct {
	CreatedAt    time.Time
	GroupName    string `json:",omitempty"` // empty: the municipality's
	Titles       i18n.Text
	Texts        i18n.Text
	State        State
	IsAuthor     bool       `json:",omitempty"`
	WasAuthor    bool       `json:",omitempty"` // until it went to a colleague
	HasApproved  *time.Time `json:",omitempty"`
	HasRejected  *time.Time `json:",omitempty"`
	HasStopped   *time.Time `json:",omitempty"`
	HasCorrected *time.Time `json:",omitempty"` // the correction waits for a second person
	ReasonStated *string    `json:",omitempty"` // of the last decision
}

func (a *Announcement) record(personID string) record {
	r := record{CreatedAt: a.CreatedAt, GroupName: a.GroupName, Titles: a.Titles, Texts: a.Texts, State: a.State, IsAuthor: a.AuthorID == personID,
		ReasonStated: a.Reason}
	r.WasAuthor = slices.Contains(a.FormerAuthorIDs, personID)
	if a.Decided.ApproverID == personID {
		r.HasApproved = a.Decided.ApprovedAt
	}
	if a.Decided.RejecterID == personID {
		r.HasRejected = a.Decided.RejectedAt
	}
	if a.Decided.StopperID == personID {
		r.HasStopped = a.Decided.StoppedAt
	}
	if a.Proposed != nil && a.Proposed.AuthorID == personID {
		r.HasCorrected = &a.Proposed.At
	}
	return r
}

// export reads all at once: nobody writes more than ten a day.
func (s store) export(ctx context.Context, personID string, keep func(any) error) error {
	list, err := mongodb.All[*Announcement](ctx, "read a person's announcements", s.db.Collection(collection), bson.D{{Key: "names", Value: personID}})
	if err != nil {
		return err
	}
	for _, a := range list {
		if err := keep(a.record(personID)); err != nil {
			return err
		}
	}
	return nil
}
