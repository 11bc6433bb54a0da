package booking

import (
	"context"
	"slices"

	"go.mongodb.org/mongo-driver/v2/bson"
	"go.mongodb.org/mongo-driver/v2/mongo/options"

	"faellesskab/internal/mongodb"
	"faellesskab/internal/notify"
	"faellesskab/internal/outbox"
)

// in asks for bookings in one of the states.
func in(states []State) bson.E {
	if len(states) == 1 {
		return bson.E{Key: "state", Value: states[0]}
	}
	return bson.E{Key: "state", Value: bson.D{{Key: "$in", Value: states}}}
}

func (s store) booking(ctx context.Context, bookableID, personID string) (*Booking, error) {
	return mongodb.GetOwned[Booking](ctx, "get booking", s.bookings(), IDOf(bookableID, personID))
}

// put writes a new booking, or one that replaces a booking given up. ok is false if the
// person has signed up already.
func (s store) put(ctx context.Context, b *Booking, batch outbox.Batch) (ok bool, err error) {
	if ok, err = s.insert(ctx, b, batch); err != nil || ok {
		return ok, err
	}
	return s.renew(ctx, append(s.bookings().One(b.ID), in(before(b.State, actTake, actJoin, actApply))), b, batch)
}

// insert writes the first booking of a person. ok is false if they have or had one.
func (s store) insert(ctx context.Context, b *Booking, batch outbox.Batch) (ok bool, err error) {
	fresh := *b
	fresh.HasNames = b.mustForget()
	fresh.Pending = batch.Pending()
	_, err = s.bookings().InsertOne(ctx, &fresh)
	if mongodb.IsDuplicate(err) {
		return false, nil
	}
	return err == nil, mongodb.Translate("insert booking", err)
}

// renewAs replaces a booking given up, if its version is still that.
func (s store) renewAs(ctx context.Context, b *Booking, version int, batch outbox.Batch) (ok bool, err error) {
	return s.renew(ctx, append(s.bookings().One(b.ID), bson.E{Key: "version", Value: version}), b, batch)
}

func (s store) renew(ctx context.Context, filter bson.D, b *Booking, batch outbox.Batch) (ok bool, err error) {
	set := bson.D{{Key: "state", Value: b.State}, {Key: "guests", Value: b.Guests}, {Key: "startsAt", Value: b.StartsAt},
		{Key: "startVersion", Value: b.StartVersion}, {Key: "createdAt", Value: b.CreatedAt}, {Key: "queuedAt", Value: b.QueuedAt}}
	if b.LastClaim != "" {
		set = append(set, bson.E{Key: "lastClaim", Value: b.LastClaim})
	}
	unset := bson.D{{Key: "endedBecause", Value: ""}, {Key: "endedFrom", Value: ""}, {Key: "endedReason", Value: ""}, {Key: "declined", Value: ""}}
	b.writeReply(&set, &unset)
	res, err := s.bookings().UpdateOne(ctx, filter, outbox.Stamp(bson.D{
		{Key: "$set", Value: set},
		{Key: "$unset", Value: unset},
		{Key: "$inc", Value: bson.D{{Key: "version", Value: 1}}},
	}, batch))
	if err != nil {
		return false, mongodb.Translate("renew booking", err)
	}
	return res.MatchedCount == 1, nil
}

// writeReply adds to a write what the person has said, whether they stand ahead of others in line, and when they
// were let in. What is not there is removed.
func (b *Booking) writeReply(set, unset *bson.D) {
	put := func(field string, isThere bool, value any) {
		if isThere {
			*set = append(*set, bson.E{Key: field, Value: value})
		} else {
			*unset = append(*unset, bson.E{Key: field, Value: ""})
		}
	}
	put("answers", len(b.Answers) > 0, b.Answers)
	put("namedGuests", len(b.NamedGuests) > 0, b.NamedGuests)
	put("hasNames", b.mustForget(), true)
	put("isAhead", b.IsAhead, true)
	put("checkIn", b.CheckIn != nil, b.CheckIn)
}

// refuse lets a booking refuse a claim, if its version is still the one that was read.
func (s store) refuse(ctx context.Context, b *Booking, claim string) (ok bool, err error) {
	res, err := s.bookings().UpdateOne(ctx, append(s.bookings().One(b.ID), bson.E{Key: "version", Value: b.Version}),
		bson.D{{Key: "$set", Value: bson.D{{Key: "refused", Value: claim}}}, {Key: "$inc", Value: bson.D{{Key: "version", Value: 1}}}})
	if err != nil {
		return false, mongodb.Translate("refuse claim", err)
	}
	return res.MatchedCount == 1, nil
}

// promote confirms a place in line, or makes an offer of it. ok is false if it has changed
// since its person was chosen.
func (s store) promote(ctx context.Context, b *Booking) (ok bool, err error) {
	set := bson.D{{Key: "state", Value: b.State}, {Key: "lastClaim", Value: b.LastClaim}}
	if b.OfferExpiresAt != nil {
		set = append(set, bson.E{Key: "offerExpiresAt", Value: b.OfferExpiresAt})
	}
	if b.CheckIn != nil {
		set = append(set, bson.E{Key: "checkIn", Value: b.CheckIn})
	}
	res, err := s.bookings().UpdateOne(ctx,
		append(s.bookings().One(b.ID), in(before(b.State, actGrant, actOffer, actApprove, actSign, actWalkIn)), bson.E{Key: "version", Value: b.Version}),
		bson.D{
			{Key: "$set", Value: set},
			{Key: "$inc", Value: bson.D{{Key: "version", Value: 1}}},
		})
	if err != nil {
		return false, mongodb.Translate("promote booking", err)
	}
	return res.MatchedCount == 1, nil
}

// grow writes how many guests come along, if the booking has not changed since it was read.
func (s store) grow(ctx context.Context, b *Booking, claim string) (ok bool, err error) {
	set := bson.D{{Key: "guests", Value: b.Guests}, {Key: "grownBy", Value: claim}}
	if len(b.NamedGuests) > 0 {
		set = append(set, bson.E{Key: "namedGuests", Value: b.NamedGuests}, bson.E{Key: "hasNames", Value: true})
	}
	res, err := s.bookings().UpdateOne(ctx, append(s.bookings().One(b.ID), bson.E{Key: "version", Value: b.Version}), bson.D{
		{Key: "$set", Value: set},
		{Key: "$inc", Value: bson.D{{Key: "version", Value: 1}}},
	})
	if err != nil {
		return false, mongodb.Translate("write guests", err)
	}
	return res.MatchedCount == 1, nil
}

// write writes what may change about a booking: its state, its guests, its place in line, what the person
// has said, why it ended, and the deadline of its offer. ok is false unless the stored version is the one
// before.
func (s store) write(ctx context.Context, b *Booking, batch outbox.Batch) (ok bool, err error) {
	set := bson.D{{Key: "state", Value: b.State}, {Key: "guests", Value: b.Guests}, {Key: "queuedAt", Value: b.QueuedAt}, {Key: "version", Value: b.Version}}
	unset := bson.D{}
	if b.EndedBecause != nil {
		set = append(set, bson.E{Key: "endedBecause", Value: b.EndedBecause}, bson.E{Key: "endedFrom", Value: b.EndedFrom})
	}
	if b.EndedReason != nil {
		set = append(set, bson.E{Key: "endedReason", Value: b.EndedReason})
	}
	if b.AskedBy != "" {
		set = append(set, bson.E{Key: "askedBy", Value: b.AskedBy})
	}
	if b.OfferExpiresAt != nil {
		set = append(set, bson.E{Key: "offerExpiresAt", Value: b.OfferExpiresAt})
	} else {
		unset = append(unset, bson.E{Key: "offerExpiresAt", Value: ""})
	}
	b.writeReply(&set, &unset)
	update := bson.D{{Key: "$set", Value: set}}
	if len(unset) > 0 {
		update = append(update, bson.E{Key: "$unset", Value: unset})
	}
	res, err := s.bookings().UpdateOne(ctx,
		append(s.bookings().One(b.ID), bson.E{Key: "version", Value: b.Version - 1}), outbox.Stamp(update, batch))
	if err != nil {
		return false, mongodb.Translate("set booking", err)
	}
	return res.MatchedCount == 1, nil
}

// followStart moves the bookings of a thing that follow an older version of its start, and returns
// how many.
func (s store) followStart(ctx context.Context, b *Bookable) (int, error) {
	res, err := s.bookings().UpdateMany(ctx,
		bson.D{{Key: "bookableId", Value: b.ID}, {Key: "startVersion", Value: bson.D{{Key: "$not", Value: bson.D{{Key: "$gte", Value: b.StartVersion}}}}}},
		bson.D{{Key: "$set", Value: bson.D{{Key: "startsAt", Value: b.StartsAt}, {Key: "startVersion", Value: b.StartVersion}}}})
	if err != nil {
		return 0, mongodb.Translate("move bookings", err)
	}
	return int(res.MatchedCount), nil
}

// offered are the bookings at a thing whose offer waits for an answer.
func (s store) offered(ctx context.Context, bookableID string) ([]*Booking, error) {
	return mongodb.All[*Booking](ctx, "find offers", s.bookings().Collection,
		bson.D{{Key: "bookableId", Value: bookableID}, {Key: "state", Value: Offered}})
}

// claims are the claims on seats at these things, by thing and person.
func (s store) claims(ctx context.Context, bookableIDs []string) (map[string]map[string]string, error) {
	byCollection := map[string][]string{}
	for _, bookableID := range bookableIDs {
		name := s.things(bookableID).Name()
		byCollection[name] = append(byCollection[name], bookableID)
	}
	found := map[string]map[string]string{}
	for name, ids := range byCollection {
		list, err := mongodb.All[Bookable](ctx, "read claims", s.db.Collection(name),
			bson.D{{Key: "_id", Value: bson.D{{Key: "$in", Value: ids}}}}, options.Find().SetProjection(bson.D{{Key: "claims", Value: 1}}))
		if err != nil {
			return nil, err
		}
		for _, b := range list {
			found[b.ID] = b.Claims
		}
	}
	return found, nil
}

// peopleOr are bookings in one of the states, and those that ended because the thing was over.
func (s store) peopleOr(ctx context.Context, bookableID string, states []State, after string, limit int) ([]Booking, error) {
	var list []Booking
	for len(list) < limit {
		page, err := s.people(ctx, bookableID, append([]State{Cancelled}, states...), after, limit)
		if err != nil {
			return nil, err
		}
		for _, p := range page {
			if slices.Contains(states, p.State) || p.wasOver() {
				list = append(list, p)
			}
		}
		if len(page) < limit {
			break
		}
		after = page[len(page)-1].PersonID
	}
	return list[:min(len(list), limit)], nil
}

// asked are those of the things at which a booking waits for approval.
func (s store) asked(ctx context.Context, bookableIDs []string) (map[string]bool, error) {
	ids, err := s.thingsOf(ctx, "find who asks", bson.D{{Key: byBookable, Value: bson.D{{Key: "$in", Value: bookableIDs}}}, {Key: "state", Value: PendingApproval}})
	found := map[string]bool{}
	for _, bookableID := range ids {
		found[bookableID] = true
	}
	return found, err
}

// thingsOf are the things of the bookings that fit a filter, each once.
func (s store) thingsOf(ctx context.Context, what string, filter bson.D) ([]string, error) {
	groups, err := mongodb.Sums[struct {
		ID string `bson:"_id"`
	}](ctx, what, s.bookings().Collection, bson.A{bson.D{{Key: "$match", Value: filter}}, bson.D{{Key: "$group", Value: bson.D{{Key: "_id", Value: "$" + byBookable}}}}})
	ids := make([]string, len(groups))
	for i, g := range groups {
		ids[i] = g.ID
	}
	return ids, err
}

// people are bookings in one of the states, in the order of the people's ids, after a given one.
func (s store) people(ctx context.Context, bookableID string, states []State, after string, limit int) ([]Booking, error) {
	return mongodb.All[Booking](ctx, "walk bookings", s.bookings().Collection,
		bson.D{{Key: "bookableId", Value: bookableID}, in(states),
			{Key: "personId", Value: bson.D{{Key: "$gt", Value: after}}}},
		options.Find().SetSort(bson.D{{Key: "personId", Value: 1}}).SetLimit(int64(limit)).
			SetProjection(bson.D{{Key: "personId", Value: 1}, {Key: "state", Value: 1}, {Key: "endedBecause", Value: 1}}))
}

// placed tells which of these people have a booking of these things, or had one that ended because
// the thing was over.
func (s store) placed(ctx context.Context, asked []notify.Concern) (map[notify.Concern]bool, error) {
	list, err := s.ofConcerns(ctx, asked)
	found := map[notify.Concern]bool{}
	for _, b := range list {
		found[notify.Concern{Subject: b.BookableID, PersonID: b.PersonID}] = b.State.IsSignedUp() || b.wasOver()
	}
	return found, err
}

// ofConcerns are the bookings of these people at these things, by id.
func (s store) ofConcerns(ctx context.Context, asked []notify.Concern) (map[string]*Booking, error) {
	ids := make([]string, len(asked))
	for i, c := range asked {
		ids[i] = IDOf(c.Subject, c.PersonID)
	}
	return mongodb.OwnedByIDs(ctx, "find bookings", s.bookings(), ids, func(b *Booking) string { return b.ID })
}
