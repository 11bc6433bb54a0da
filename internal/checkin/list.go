package checkin

import (
	"context"
	"slices"
	"strings"
	"time"

	"faellesskab/internal/booking"
	"faellesskab/internal/i18n"
	"faellesskab/internal/id"
	"faellesskab/internal/page"
)

// auditList is the action in the record of who has read a list.
const auditList = "readAttendanceList"

const (
	// pageOfList is how many bookings are read at once.
	pageOfList = 50
	// MostOnList is how many people a list has at most.
	MostOnList = 5000
)

// listed are the states of the people on a list: those who have, or had, a seat for certain.
var listed = []booking.State{booking.Confirmed, booking.Attended, booking.NoShow}

// List is who comes to a date, for those who organise it, or who is enrolled in a course, for those who run or teach it.
type List struct {
	BookableID string
	// Parts are the sessions of a course, in the order of their starts; none of a date.
	Parts     []booking.DoorPart
	Questions []string // in the order of the first answers
	People    []Listed // by name
	// IsCut says that there are more people.
	IsCut bool

	// columns has the place in Questions of each question, as it was when it was answered. Two may have the same words.
	columns map[column]int
}

type column struct{ questionID, question string }

// Listed is one person on a list.
type Listed struct {
	Name, Contact string
	State         booking.State
	Guests        int
	NamedGuests   []booking.NamedGuest
	Answers       map[int]string // by the place of the question in Questions
	CheckedInAt   *time.Time
	At            []At // of List.Parts
}

// At says whether somebody was at a session of a course.
type At struct {
	Was, Missed, Declined bool
	CheckedInAt           *time.Time // nil: nobody knows when
}

// List reads who comes to a date, and notes in the audit trail who has read it, before the answer. Returns
// BAD_ID, NotFound for a date that the viewer may not see, and Forbidden unless they decide who comes.
func (s *Service) List(ctx context.Context, occurrenceID string, l i18n.Language) (*List, error) {
	if err := id.Check("id", id.Occurrence, occurrenceID); err != nil {
		return nil, err
	}
	if err := s.Bookings.MayRun(ctx, occurrenceID); err != nil {
		return nil, err
	}
	return s.read(ctx, &List{BookableID: occurrenceID}, true, l)
}

// CourseList reads who is enrolled in a course, and who was at which of its sessions, and notes in the audit trail who has read
// it. Only those who decide who comes read how to reach people without an account. Returns BAD_ID, NotFound for a course that the
// viewer may not see, and Forbidden unless they run or teach it now.
func (s *Service) CourseList(ctx context.Context, courseID string, l i18n.Language) (*List, error) {
	if err := id.Check("id", id.Course, courseID); err != nil {
		return nil, err
	}
	d, err := s.Bookings.AtDoor(ctx, courseID)
	if err != nil {
		return nil, err
	}
	return s.read(ctx, &List{BookableID: courseID, Parts: d.Parts}, s.Bookings.MayRun(ctx, courseID) == nil, l)
}

// read notes who reads a list, and then reads it, with how to reach people without an account if the reader decides who comes.
func (s *Service) read(ctx context.Context, list *List, withContacts bool, l i18n.Language) (*List, error) {
	if err := s.Audit.Record(ctx, id.NewAt(id.Audit, s.now()), auditList, list.BookableID, nil); err != nil {
		return nil, err
	}
	all, isCut, err := s.seated(ctx, list.BookableID)
	if err != nil {
		return nil, err
	}
	names, err := s.namesOf(ctx, all)
	if err != nil {
		return nil, err
	}
	list.IsCut, list.columns = isCut, map[column]int{}
	for _, b := range all {
		if !withContacts {
			b.Contact = nil
		}
		list.add(b, names[b.PersonID], l)
	}
	slices.SortStableFunc(list.People, func(a, b Listed) int { return strings.Compare(i18n.SortKey(a.Name), i18n.SortKey(b.Name)) })
	return list, nil
}

// seated are the bookings of a date or course with a seat.
func (s *Service) seated(ctx context.Context, bookableID string) (all []*booking.Booking, isCut bool, err error) {
	for _, state := range listed {
		a := page.Args{First: pageOfList}
		for {
			c, err := s.Bookings.List(ctx, bookableID, &state, a)
			if err != nil {
				return nil, false, err
			}
			for _, e := range c.Edges {
				all = append(all, e.Node)
			}
			if len(all) >= MostOnList {
				return all[:MostOnList], true, nil
			}
			if !c.PageInfo.HasNextPage {
				break
			}
			a.After = *c.PageInfo.EndCursor
		}
	}
	return all, false, nil
}

// namesOf are the names of people with an account, by their ids.
func (s *Service) namesOf(ctx context.Context, all []*booking.Booking) (map[string]string, error) {
	names := map[string]string{}
	for part := range slices.Chunk(all, pageOfList) {
		var ids []string
		for _, b := range part {
			if b.PersonID != "" {
				ids = append(ids, b.PersonID)
			}
		}
		found, err := s.People.ByIDs(ctx, ids)
		if err != nil {
			return nil, err
		}
		for personID, p := range found {
			names[personID] = p.DisplayName
		}
	}
	return names, nil
}

func (list *List) add(b *booking.Booking, name string, l i18n.Language) {
	if name == "" {
		name = i18n.Translate(l, "page.list.unnamed", nil)
	}
	if b.PersonID == "" {
		name = i18n.Translate(l, "page.list.nobody", nil)
	}
	p := Listed{Name: name, State: b.State, Guests: b.Guests, NamedGuests: b.NamedGuests, CheckedInAt: b.CheckedInAt(), Answers: map[int]string{}}
	if b.GuestName != nil {
		p.Name = *b.GuestName
	}
	if b.Contact != nil {
		p.Contact = *b.Contact
	}
	for _, part := range list.Parts {
		presence, isKnown := b.Presences[part.ID]
		p.At = append(p.At, At{Was: presence.Was, Missed: isKnown && !presence.Was, Declined: b.HasDeclined(part.ID, part.Start.At), CheckedInAt: presence.At})
	}
	for _, a := range b.Answers {
		p.Answers[list.columnOf(a)] = inWords(a, l)
	}
	list.People = append(list.People, p)
}

// columnOf is the place in Questions of the question that is answered.
func (list *List) columnOf(a booking.Answer) int {
	of := column{a.QuestionID, a.Question}
	at, isThere := list.columns[of]
	if !isThere {
		at = len(list.Questions)
		list.columns[of], list.Questions = at, append(list.Questions, a.Question)
	}
	return at
}

// inWords is an answer as people read it.
func inWords(a booking.Answer, l i18n.Language) string {
	switch {
	case a.Text != nil:
		return *a.Text
	case a.IsYes != nil && *a.IsYes:
		return i18n.Translate(l, "page.list.yes", nil)
	case a.IsYes != nil:
		return i18n.Translate(l, "page.list.no", nil)
	}
	return strings.Join(a.Choices, "; ")
}
