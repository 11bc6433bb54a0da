package calendar

import (
	"time"

	"faellesskab/internal/fault"
	"faellesskab/internal/id"
	"faellesskab/internal/idempotency"
)

// Span is a stretch of time: what has not ended by From, which is now if it is nil, and starts before To.
type Span struct{ From, To *time.Time }

func (s *Span) clean(now time.Time) error {
	if s.From == nil {
		s.From = &now
	}
	if s.To != nil && s.To.Before(*s.From) {
		return fault.Invalid("to", "time.order")
	}
	return nil
}

// FeedScopeInput says which calendar a feed shows: one of the three.
type FeedScopeInput struct {
	Me      *bool
	GroupID *string
	AreaID  *string
}

// clean is the scope of the input; the problems are noted at that field.
func (in FeedScopeInput) clean(p *fault.Problems, field string) scope {
	var s scope
	given := 0
	if in.Me != nil && *in.Me {
		given++
	}
	if in.GroupID != nil {
		given++
		p.Add(id.Check(field+".groupId", id.Group, *in.GroupID))
		s.GroupID = *in.GroupID
	}
	if in.AreaID != nil {
		given++
		p.Add(id.Check(field+".areaId", id.Area, *in.AreaID))
		s.AreaID = *in.AreaID
	}
	if given != 1 {
		p.Add(fault.Invalid(field, "calendar.scope"))
	}
	return s
}

// RenewFeedInput is the feed that gets another address.
type RenewFeedInput struct {
	ClientMutationID *string
	Scope            FeedScopeInput
}

func (in *RenewFeedInput) clean() (scope, error) {
	var p fault.Problems
	p.Add(idempotency.CheckKey(in.ClientMutationID))
	s := in.Scope.clean(&p, "input.scope")
	return s, p.Err()
}
