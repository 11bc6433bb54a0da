package resolvers

import (
	"faellesskab/graph/model"
	"faellesskab/internal/course"
	"faellesskab/internal/event"
	"faellesskab/internal/group"
)

func joinOutcome(m *group.Membership) model.JoinOutcome {
	if m.State == group.StateActive {
		return &model.JoinedGroup{Membership: m}
	}
	return &model.JoinRequestPending{Membership: m}
}

func attendOutcome(r *event.AttendResult) model.AttendOutcome {
	if r.Position > 0 {
		return &model.WaitlistJoined{Attendance: r.Attendance, Position: r.Position}
	}
	return &model.AttendanceConfirmed{Attendance: r.Attendance}
}

func enrolOutcome(r *course.EnrolResult) model.EnrolOutcome {
	if r.Position > 0 {
		return &model.WaitlistJoined{Enrolment: r.Enrolment, Position: r.Position}
	}
	return &model.EnrolmentConfirmed{Enrolment: r.Enrolment}
}
