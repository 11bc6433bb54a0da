// Package poll knows the questions that groups ask their members. People who may post events in a group ask, and
// everybody who sees the group sees the question.
package poll

import (
	"faellesskab/internal/fault"
	"faellesskab/internal/id"
	"faellesskab/internal/idempotency"
	"faellesskab/internal/outbox"
	"faellesskab/internal/text"
)

// Prefix is that of the ids of polls.
const Prefix = "pol"

// Poll is a question that a group asks its members.
type Poll struct {
	ID       string `bson:"_id"`
	GroupID  string `bson:"groupId"`
	Question string `bson:"question"`
	Asker    string `bson:"asker"`

	outbox.Pending `bson:",inline"`
}

// OpenInput is a new poll.
type OpenInput struct {
	ClientMutationID *string
	GroupID          string
	Question         string
}

// Clean checks the input and tidies its texts. Returns Problems.
func (in *OpenInput) Clean() error {
	var p fault.Problems
	p.Add(idempotency.CheckKey(in.ClientMutationID))
	p.Add(id.Check("input.groupId", id.Group, in.GroupID))
	in.Question = text.Clean(&p, "input.question", in.Question, text.Line)
	return p.Err()
}
