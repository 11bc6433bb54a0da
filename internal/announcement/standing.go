package announcement

import (
	"slices"
	"time"
)

// Decisions say who decided what about an announcement, and when. Each has fields of its
// own, so that a later one does not overwrite an earlier one.
type Decisions struct {
	ApproverID string     `bson:"approverId,omitempty"`
	ApprovedAt *time.Time `bson:"approvedAt,omitempty"`
	RejecterID string     `bson:"rejecterId,omitempty"`
	RejectedAt *time.Time `bson:"rejectedAt,omitempty"`
	StopperID  string     `bson:"stopperId,omitempty"`
	StoppedAt  *time.Time `bson:"stoppedAt,omitempty"`
}

func (d *Decisions) note(action Action, personID string, at time.Time) {
	switch action {
	case ActionApprove:
		d.ApproverID, d.ApprovedAt = personID, &at
	case ActionReject:
		d.RejecterID, d.RejectedAt = personID, &at
	case ActionStop:
		d.StopperID, d.StoppedAt = personID, &at
	}
}

// Action is what a viewer may do with an announcement.
type Action string

// The actions.
const (
	ActionEdit       Action = "EDIT"
	ActionPublish    Action = "PUBLISH"
	ActionApprove    Action = "APPROVE"
	ActionReject     Action = "REJECT"
	ActionCorrect    Action = "CORRECT"
	ActionStop       Action = "STOP"
	ActionViewReport Action = "VIEW_REPORT"
)

// standing is what a viewer is to an announcement.
type standing struct {
	isMember bool // may see what has been sent
	isStaff  bool // answers for it by office
	isAuthor bool // has written it, even if they may no longer see it
	// wasAuthor says that it is the viewer's text, or was before it went to a colleague.
	wasAuthor bool
	mayPost   bool // may announce in the group, or to the people with a booking
	// isOpen says that the place where it is said is still there, and not archived.
	isOpen bool
	// hasCorrected says that the viewer has written the correction that waits.
	hasCorrected bool
	// isOnItsWay says that there are still people to be told of it. It is only found out for
	// people who answer for it.
	isOnItsWay bool
}

// canSee reports whether the viewer may see it. People it is for see it once it has been
// sent. Before that, or if it was rejected, only people who answer for it see it.
func (st standing) canSee(a *Announcement) bool {
	return st.answers() || st.isMember && a.wasSent()
}

// answers reports whether the viewer answers for it. An author who has left a group that is
// not public no longer does, and does not see what they wrote.
func (st standing) answers() bool { return st.isStaff || st.mayPost || st.isAuthor && st.isMember }

// speaks reports whether the viewer may announce there now, and so change what it says and send it. Staff
// decide about what waits in a group, and do not speak there. An author who may no longer announce there
// can only withdraw or stop what they wrote.
func (st standing) speaks(a *Announcement) bool { return st.mayPost || st.isStaff && a.isMunicipal() }

// isSecond reports whether the viewer may be the second person for what waits. Its author never is, and
// neither is whose text it was before it went to a colleague with their work.
// If the author has been erased, nobody can tell who would be.
func (st standing) isSecond(a *Announcement) bool {
	if a.State == StateSent && a.Proposed != nil {
		return a.Proposed.AuthorID != "" && !st.hasCorrected
	}
	return a.AuthorID != "" && !st.wasAuthor
}

// can are the actions that the server would accept.
func (st standing) can(a *Announcement) []Action {
	can := []Action{}
	if !st.answers() {
		return can
	}
	may := func(action Action, ok bool) {
		if ok {
			can = append(can, action)
		}
	}
	speaks := st.speaks(a)
	may(ActionEdit, speaks && (a.State == StateDraft || a.State == StateScheduled || a.State == StatePending || a.State == StateRejected))
	may(ActionPublish, speaks && a.State == StateDraft)
	may(ActionApprove, st.isOpen && a.waits() && st.isSecond(a))
	may(ActionReject, a.waits() || a.State == StateScheduled || a.State == StateDraft)
	may(ActionCorrect, speaks && a.State == StateSent && a.Proposed == nil && a.Corrections < maxCorrections)
	may(ActionStop, a.State == StateSent && st.isOnItsWay)
	may(ActionViewReport, a.wasSent())
	return can
}

func (st standing) allows(a *Announcement, action Action) bool {
	return slices.Contains(st.can(a), action)
}
