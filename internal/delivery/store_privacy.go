package delivery

import (
	"context"
	"time"

	"go.mongodb.org/mongo-driver/v2/bson"
	"go.mongodb.org/mongo-driver/v2/mongo/options"

	"faellesskab/internal/fault"
	"faellesskab/internal/mongodb"
	"faellesskab/internal/notify"
	"faellesskab/internal/privacy"
)

// eraseAtOnce is how many jobs or chunks are read at a time: a chunk is large.
const eraseAtOnce = 20

func privacyIndexes() []mongodb.Index {
	return []mongodb.Index{
		{Collection: jobs, Keys: bson.D{{Key: "names", Value: 1}}},
		{Collection: jobs, Keys: bson.D{{Key: "after", Value: 1}}},
		{Collection: chunks, Keys: bson.D{{Key: "people", Value: 1}}},
	}
}

// naming fits the jobs that name a person.
func naming(personID string) bson.D {
	return bson.D{{Key: "$or", Value: bson.A{bson.D{{Key: "names", Value: personID}}, bson.D{{Key: "after", Value: personID}}}}}
}

// sentTo fits the chunks that a person is in.
func sentTo(personID string) bson.D { return bson.D{{Key: "people", Value: personID}} }

// eachTaken erases from each item that fits, after it was taken from the workers.
func eachTaken[T any](s store, collection string, fits bson.D, erase func(ctx context.Context, it *T) error) privacy.Each[string] {
	return privacy.Each[string]{
		Find: func(ctx context.Context, except []string) ([]string, error) {
			return s.whoFits(ctx, collection, fits, except)
		},
		ID: func(itemID string) string { return itemID },
		Erase: func(ctx context.Context, itemID string) error {
			it, err := takeAway[T](ctx, s, collection, itemID)
			if err != nil {
				return fault.UnlessNotFound(err) // it has been purged
			}
			return erase(ctx, it)
		},
	}
}

// whoFits are the ids of some of the items that fit, without some.
func (s store) whoFits(ctx context.Context, collection string, fits bson.D, except []string) ([]string, error) {
	list, err := mongodb.All[struct {
		ID string `bson:"_id"`
	}](ctx, "find who is in "+collection, s.db.Collection(collection), mongodb.Except(fits, except),
		options.Find().SetLimit(eraseAtOnce).SetProjection(bson.D{{Key: "_id", Value: 1}}))
	ids := make([]string, len(list))
	for i, found := range list {
		ids[i] = found.ID
	}
	return ids, err
}

// takeAway gives an item to whoever erases. Its fence rises first, so that a worker that
// still knows the person does not write them back. The lease stays: what the worker has
// under way is over by its end.
func takeAway[T any](ctx context.Context, s store, collection, itemID string) (*T, error) {
	return mongodb.One[T]("take from "+collection, s.db.Collection(collection).FindOneAndUpdate(ctx,
		bson.D{{Key: "_id", Value: itemID}}, bson.D{{Key: "$inc", Value: bson.D{{Key: "fence", Value: 1}}}},
		options.FindOneAndUpdate().SetReturnDocument(options.After)))
}

// saveErased writes fields of an item, unless a worker has taken it up since: then it is
// found again.
func (s store) saveErased(ctx context.Context, it item, set bson.D) error {
	lease, _ := it.held()
	_, err := s.db.Collection(it.collection()).UpdateOne(ctx, bson.D{{Key: "_id", Value: it.docID()}, {Key: "fence", Value: lease.Fence}},
		bson.D{{Key: "$set", Value: set}})
	return mongodb.Translate("erase from "+it.collection(), err)
}

// erasedFields are what is left of a job that has forgotten somebody.
func (j *job) erasedFields() bson.D {
	return bson.D{{Key: "state", Value: j.State}, {Key: "audiences", Value: j.Audiences}, {Key: "actor", Value: j.Actor}, {Key: "about", Value: j.About},
		{Key: "args", Value: j.Args}, {Key: "data", Value: j.Data}, {Key: "after", Value: j.After}, {Key: "error", Value: j.Error}, {Key: "names", Value: j.Names}}
}

// erasedFields are what is left of a chunk that has forgotten somebody.
func (c *chunk) erasedFields() bson.D {
	return bson.D{{Key: "people", Value: c.People}, {Key: "after", Value: c.After}, {Key: "open", Value: c.Open},
		{Key: "retry", Value: c.Retry}, {Key: "resting", Value: c.Resting}, {Key: "suspects", Value: c.Suspects}, {Key: "only", Value: c.Only},
		{Key: "dead", Value: c.Dead}, {Key: "error", Value: c.Error}}
}

// pushSlotRecord is a push that counted, as the person is given it.
type pushSlotRecord struct{ Day string }

func (s store) exportSlots(ctx context.Context, personID string, keep func(any) error) error {
	return mongodb.EachUnder(ctx, "read push slots", s.slots(), personID, func(slot *pushSlot) error {
		return keep(pushSlotRecord{slot.Day})
	})
}

func (s store) eraseSlots(ctx context.Context, personID string) (left bool, err error) {
	_, left, err = s.slots().RemovePage(ctx, "erase push slots", bson.D{{Key: "personId", Value: personID}})
	return left, err
}

// workRecord is news that is or was on its way, as a person is given it whom it names
// or to whom it goes.
type workRecord struct {
	At        time.Time
	Kind      notify.Kind
	SubjectID string `json:",omitempty"`
	State     notify.JobState
	IsBy      bool `json:",omitempty"` // they did what it tells of
	IsAbout   bool `json:",omitempty"`
}

func (s store) exportJobs(ctx context.Context, personID string, keep func(any) error) error {
	return exportWork(ctx, s, jobs, naming(personID), func(j *job) error {
		return keep(workRecord{At: j.CreatedAt, Kind: j.Kind, SubjectID: j.Subject, State: j.State, IsBy: j.Actor == personID, IsAbout: j.About == personID})
	})
}

func (s store) exportChunks(ctx context.Context, personID string, keep func(any) error) error {
	return exportWork(ctx, s, chunks, sentTo(personID), func(c *chunk) error {
		return keep(workRecord{At: c.CreatedAt, Kind: c.Kind, State: c.State})
	})
}

var workFields = bson.D{{Key: "createdAt", Value: 1}, {Key: "kind", Value: 1}, {Key: "subject", Value: 1}, {Key: "state", Value: 1},
	{Key: "actor", Value: 1}, {Key: "about", Value: 1}}

func exportWork[T any](ctx context.Context, s store, collection string, fits bson.D, do func(*T) error) error {
	list, err := mongodb.All[*T](ctx, "read "+collection, s.db.Collection(collection), fits, options.Find().SetProjection(workFields))
	if err != nil {
		return err
	}
	for _, it := range list {
		if err := do(it); err != nil {
			return err
		}
	}
	return nil
}
