package notify

import "time"

// Handover is one try to hand a notice to one device, or a decision that was made
// about it after the first: a line of the ledger, kept for 90 days.
type Handover struct {
	// ID is "<notice>:<device>:<attempt>:<fence>", so that a repeat after a crash
	// is a line of its own.
	ID        string    `bson:"_id"`
	PersonID  string    `bson:"personId"`
	SubjectID string    `bson:"subject"`
	NoticeID  string    `bson:"noticeId"`
	DeviceID  string    `bson:"deviceId,omitempty"` // empty: a decision
	Platform  string    `bson:"platform,omitempty"`
	Channel   Channel   `bson:"channel,omitempty"` // of a decision
	Rule      Rule      `bson:"rule,omitempty"`    // of a decision
	Outcome   string    `bson:"outcome,omitempty"`
	Reason    string    `bson:"reason,omitempty"`  // FCM's answer in its words
	MessageID string    `bson:"message,omitempty"` // FCM's id of what it took
	At        time.Time `bson:"at"`
}
