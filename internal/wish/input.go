package wish

import (
	"slices"
	"strconv"

	"faellesskab/internal/fault"
	"faellesskab/internal/id"
	"faellesskab/internal/idempotency"
	"faellesskab/internal/text"
)

var (
	// textLimits are those of what somebody wishes for.
	textLimits = text.Limits{Min: 2, Max: 120}
	// replyLimits are those of a text by which wishes are answered.
	replyLimits = text.Limits{Min: 1, Max: maxReply}
)

// maxReply is how many characters such a text has at most.
const maxReply = 500

// maxAtOnce is how many topics are merged or answered at once.
const maxAtOnce = 50

// ForCourseInput is a wish.
type ForCourseInput struct {
	ClientMutationID *string
	Text             string
	AreaID           *string // nil: the viewer's home
}

// Clean checks the input and tidies its text. Returns Problems.
func (in *ForCourseInput) Clean() error {
	var p fault.Problems
	p.Add(idempotency.CheckKey(in.ClientMutationID))
	in.Text = cleanWords(&p, "input.text", in.Text)
	if in.AreaID != nil {
		p.Add(id.Check("input.areaId", id.Area, *in.AreaID))
	}
	return p.Err()
}

// cleanWords is text.Clean for what others read as a wish, which names nobody.
func cleanWords(p *fault.Problems, field, words string) string {
	words = text.Clean(p, field, words, textLimits)
	p.Add(checkNames(field, words))
	return words
}

// WithdrawInput is a wish to withdraw.
type WithdrawInput struct {
	ClientMutationID *string
	WishID           string
}

// Clean checks the input. Returns Problems.
func (in *WithdrawInput) Clean() error {
	var p fault.Problems
	p.Add(idempotency.CheckKey(in.ClientMutationID))
	p.Add(id.Check("input.wishId", id.Wish, in.WishID))
	return p.Err()
}

// MergeInput are wishes to put together, and the words in which staff see them then.
type MergeInput struct {
	ClientMutationID *string
	WishIDs          []string
	Text             string
}

// Clean checks the input and tidies it. Returns Problems.
func (in *MergeInput) Clean() error {
	p := checkWishes(in.ClientMutationID, &in.WishIDs)
	in.Text = cleanWords(&p, "input.text", in.Text)
	return p.Err()
}

// AnswerInput are wishes to answer, by a course or a text.
type AnswerInput struct {
	ClientMutationID *string
	WishIDs          []string
	CourseID, Text   *string // one of them
}

// Clean checks the input and tidies it. Returns Problems.
func (in *AnswerInput) Clean() error {
	p := checkWishes(in.ClientMutationID, &in.WishIDs)
	if in.CourseID != nil {
		p.Add(id.Check("input.courseId", id.Course, *in.CourseID))
	}
	if in.Text != nil {
		reply := text.Clean(&p, "input.text", *in.Text, replyLimits)
		in.Text = &reply
	}
	switch {
	case in.CourseID == nil && in.Text == nil:
		p.Add(fault.Invalid("input.courseId", "wish.one_answer"))
	case in.CourseID != nil && in.Text != nil:
		p.Add(fault.Invalid("input.text", "wish.one_answer"))
	}
	return p.Err()
}

// checkWishes checks which wishes staff act upon: topics, or wishes that stand for theirs. It leaves each once, sorted.
func checkWishes(key *string, wishIDs *[]string) (p fault.Problems) {
	p.Add(idempotency.CheckKey(key))
	list := *wishIDs
	switch {
	case len(list) == 0:
		p.Add(fault.Invalid("input.wishIds", "list.empty"))
	case len(list) > maxAtOnce:
		p.Add(fault.Invalid("input.wishIds", "list.long").With("Max", maxAtOnce))
	}
	for i, wishID := range list {
		prefix := id.Wish
		if id.Prefix(wishID) == id.Topic {
			prefix = id.Topic
		}
		p.Add(id.Check("input.wishIds."+strconv.Itoa(i), prefix, wishID))
	}
	list = slices.Clone(list)
	slices.Sort(list)
	*wishIDs = slices.Compact(list)
	return p
}

// Filter says which rows of wishes are listed.
type Filter struct {
	AreaID  *string
	SkillID *string
}

func (f *Filter) clean() error {
	var p fault.Problems
	if f.AreaID != nil {
		p.Add(id.Check("filter.areaId", id.Area, *f.AreaID))
	}
	if f.SkillID != nil {
		p.Add(id.Check("filter.skillId", id.Skill, *f.SkillID))
	}
	return p.Err()
}
