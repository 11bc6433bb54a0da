package meeting

import (
	"context"
	"slices"
	"strconv"

	"faellesskab/internal/auth"
	"faellesskab/internal/event"
	"faellesskab/internal/fault"
	"faellesskab/internal/id"
	"faellesskab/internal/idempotency"
	"faellesskab/internal/outbox"
	"faellesskab/internal/text"
)

// maxItems is how many items an agenda may have.
const maxItems = 50

// itemPrefix is the prefix of the ids of items. They end with the id of the event, by which the agenda is found.
const (
	itemName   = "agi"
	itemPrefix = itemName + ":" + id.Event
)

// AgendaItem is one thing that a meeting is about.
type AgendaItem struct {
	ID         string `bson:"id"`
	Text       string `bson:"text"`
	ProposedBy string `bson:"proposedBy"` // empty after the person is erased
	Position   int    `bson:"-"`          // from 1
}

// IsNode says that an item has an id of its own.
func (*AgendaItem) IsNode() {}

// Agenda is what the meetings of an event are about.
type Agenda struct {
	ID      string       `bson:"_id"` // of the event
	Items   []AgendaItem `bson:"items"`
	Version int          `bson:"version"`

	outbox.Pending `bson:",inline"`
}

// List are the items in their order; none if there is no agenda.
func (a *Agenda) List() []*AgendaItem {
	list := []*AgendaItem{}
	if a == nil {
		return list
	}
	for i := range a.Items {
		a.Items[i].Position = i + 1
		list = append(list, &a.Items[i])
	}
	return list
}

// Number is the version of the agenda; 0 if there is none yet.
func (a *Agenda) Number() int {
	if a == nil {
		return 0
	}
	return a.Version
}

// SaveAgendaInput is the agenda of an event, as it is to be.
type SaveAgendaInput struct {
	ClientMutationID *string
	EventID          string
	ExpectedVersion  *int
	Items            []AgendaItemInput
}

// AgendaItemInput is an item that is kept, or a new one without an id.
type AgendaItemInput struct {
	ID   *string
	Text string
}

// Clean checks what can be checked without the agenda, and tidies the texts. Returns Problems.
func (in *SaveAgendaInput) Clean() error {
	var p fault.Problems
	p.Add(idempotency.CheckKey(in.ClientMutationID))
	p.Add(id.Check("input.eventId", id.Event, in.EventID))
	if len(in.Items) > maxItems {
		p.Add(fault.Invalid("input.items", "list.long").With("Max", maxItems))
		return p.Err()
	}
	in.Items = slices.Clone(in.Items)
	for i := range in.Items {
		field := "input.items." + strconv.Itoa(i)
		in.Items[i].Text = text.Clean(&p, field+".text", in.Items[i].Text, text.Limits{Min: 1, Max: 500, Lines: true})
		if in.Items[i].ID != nil {
			p.Add(id.Check(field+".id", itemPrefix, *in.Items[i].ID))
		}
	}
	return p.Err()
}

// with is the agenda with other items, of which the new ones are somebody's. Returns Problems for an id that it does not
// have, or that comes twice.
func (a *Agenda) with(items []AgendaItemInput, personID string) (*Agenda, error) {
	var p fault.Problems
	next := &Agenda{ID: a.ID, Items: []AgendaItem{}, Version: a.Version + 1}
	for i, in := range items {
		item := AgendaItem{ID: id.Pair(id.Derive(itemName, a.ID, strconv.Itoa(next.Version), strconv.Itoa(i)), a.ID), ProposedBy: personID}
		if in.ID != nil {
			field, is := "input.items."+strconv.Itoa(i)+".id", func(of AgendaItem) bool { return of.ID == *in.ID }
			switch at := slices.IndexFunc(a.Items, is); {
			case at < 0:
				p.Add(fault.Invalid(field, "meeting.item.unknown"))
			case slices.ContainsFunc(next.Items, is):
				p.Add(fault.Invalid(field, "meeting.item.twice"))
			default:
				item = a.Items[at]
			}
		}
		item.Text = in.Text
		next.Items = append(next.Items, item)
	}
	return next, p.Err()
}

// SaveAgenda replaces the agenda of an event. Items with an id are kept, with the person who has proposed them, and the
// order is that of the input. Returns Problems, NotFound for an event the viewer may not see, Forbidden unless they may
// change it, Conflict if it is cancelled or over, and VERSION_CONFLICT.
func (s *Service) SaveAgenda(ctx context.Context, in SaveAgendaInput) (*event.Event, error) {
	v, err := auth.Require(ctx)
	if err != nil {
		return nil, err
	}
	if err := in.Clean(); err != nil {
		return nil, err
	}
	ref := outbox.Ref{Collection: agendas, ID: in.EventID}
	call := idempotency.Call{Operation: "saveAgenda", Key: in.ClientMutationID, Input: in, On: []outbox.Ref{ref}}
	return idempotency.Do(ctx, s.Keys, call, func(ctx context.Context, t idempotency.Token) (*event.Event, error) {
		e, err := s.Events.ToChange(ctx, in.EventID)
		if err != nil {
			return nil, err
		}
		found, err := s.store.agendas(ctx, []string{e.ID})
		if err != nil {
			return nil, err
		}
		was := found[e.ID]
		if was == nil {
			was = &Agenda{ID: e.ID}
		}
		if in.ExpectedVersion != nil && *in.ExpectedVersion != was.Version {
			return nil, fault.VersionConflict()
		}
		next, err := was.with(in.Items, v.PersonID)
		if err != nil {
			return nil, err
		}
		return e, s.Outbox.Commit(ctx, ref, t.Outcome(e), func(b outbox.Batch) error { return s.store.saveAgenda(ctx, next, b) })
	})
}

// Agendas are the agendas of events, by event. It does not matter who asks: whoever sees the event sees its agenda.
func (s *Service) Agendas(ctx context.Context, eventIDs []string) (map[string]*Agenda, error) {
	return s.store.agendas(ctx, eventIDs)
}

// ItemsByIDs are the items with those ids of events that the viewer may see, by id.
func (s *Service) ItemsByIDs(ctx context.Context, ids []string) (map[string]*AgendaItem, error) {
	var eventIDs []string
	for _, itemID := range ids {
		_, eventID, _ := id.Split(itemID)
		eventIDs = append(eventIDs, eventID)
	}
	slices.Sort(eventIDs)
	seen, err := s.Events.ByIDs(ctx, slices.Compact(eventIDs))
	if err != nil || len(seen) == 0 {
		return nil, err
	}
	found, err := s.store.agendas(ctx, eventIDs)
	items := map[string]*AgendaItem{}
	for eventID, a := range found {
		for _, item := range a.List() {
			if seen[eventID] != nil && slices.Contains(ids, item.ID) {
				items[item.ID] = item
			}
		}
	}
	return items, err
}
