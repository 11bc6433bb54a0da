package delivery

import (
	"context"

	"go.mongodb.org/mongo-driver/v2/bson"
	"go.mongodb.org/mongo-driver/v2/mongo/options"

	"faellesskab/internal/mongodb"
)

const slotsOfDays = "push_slots"

// byPerson is the field of slots with whose they are. Their ids begin with it.
const byPerson = "personId"

func (s store) slots() mongodb.Owned { return s.db.Owned(slotsOfDays, byPerson) }

func slotIndexes() []mongodb.Index {
	return []mongodb.Index{
		{Collection: slotsOfDays, Keys: bson.D{{Key: "personId", Value: 1}, {Key: "key", Value: 1}}},
		{Collection: slotsOfDays, Keys: bson.D{{Key: "day", Value: 1}}},
	}
}

// pushSlots are the pushes that the candidates have had or will get on the days that are
// remembered, by person.
func (s store) pushSlots(ctx context.Context, list []*candidate) (map[string]pushSlots, error) {
	people := make([]string, len(list))
	for i, p := range list {
		people[i] = p.PersonID
	}
	slots, err := mongodb.All[pushSlot](ctx, "find push slots", s.db.Collection(slotsOfDays),
		bson.D{{Key: "personId", Value: bson.D{{Key: "$in", Value: people}}}})
	found := map[string]pushSlots{}
	for _, slot := range slots {
		found[slot.PersonID] = append(found[slot.PersonID], slot)
	}
	return found, err
}

// giveBack gives back the push of the day that a cause has taken from a person.
func (s store) giveBack(ctx context.Context, personID, key string) error {
	_, err := s.db.Collection(slotsOfDays).DeleteMany(ctx, bson.D{{Key: "personId", Value: personID}, {Key: "key", Value: key}})
	return mongodb.Translate("give a push of the day back", err)
}

// takePushSlots takes slots and tells which people's slots were taken already.
func (s store) takePushSlots(ctx context.Context, slots []pushSlot) (lost map[string]bool, err error) {
	if len(slots) == 0 {
		return nil, nil
	}
	_, err = s.db.Collection(slotsOfDays).InsertMany(ctx, slots, options.InsertMany().SetOrdered(false))
	if err == nil {
		return nil, nil
	}
	indexes, ok := mongodb.Duplicates(err)
	if !ok {
		return nil, mongodb.Translate("take push slots", err)
	}
	lost = map[string]bool{}
	for _, i := range indexes {
		lost[slots[i].PersonID] = true
	}
	return lost, nil
}

// removePushSlots removes the slots of the days before one.
func (s store) removePushSlots(ctx context.Context, before string) error {
	return s.slots().RemoveAll(ctx, "purge push slots", bson.D{{Key: "day", Value: bson.D{{Key: "$lt", Value: before}}}})
}
