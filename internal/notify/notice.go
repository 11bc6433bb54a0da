package notify

import (
	"context"
	"strconv"
	"strings"
	"time"

	"faellesskab/internal/auth"
	"faellesskab/internal/bus"
	"faellesskab/internal/fault"
	"faellesskab/internal/i18n"
	"faellesskab/internal/idempotency"
	"faellesskab/internal/page"
)

// Notice is one entry of a person's inbox, with the decision that was made about
// it. Its id is "<personID>:<key of the cause>".
type Notice struct {
	ID           string            `bson:"_id"`
	PersonID     string            `bson:"personId"`
	Kind         Kind              `bson:"kind"`
	SubjectID    string            `bson:"subject"`
	GroupID      string            `bson:"groupId,omitempty"`
	MembersOnly  bool              `bson:"membersOnly,omitempty"`
	ExpiresAt    *time.Time        `bson:"expiresAt,omitempty"`
	Words        map[string]string `bson:"data"`
	Reasons      []Reason          `bson:"reasons"`
	Channel      Channel           `bson:"channel"`
	Rule         Rule              `bson:"rule"`
	FirstChannel Channel           `bson:"firstChannel"` // as it was decided first
	FirstRule    Rule              `bson:"firstRule"`
	Hidden       bool              `bson:"hidden"` // dropped: recorded, but not shown
	Cause        string            `bson:"cause"`  // the key of what caused it
	OpenedAt     *time.Time        `bson:"openedAt,omitempty"`
	Chunk        string            `bson:"chunk"` // the page of the audience that made it
	CreatedAt    time.Time         `bson:"createdAt"`
	HoldUntil    *time.Time        `bson:"holdUntil,omitempty"` // of a push: when the quiet hours end
	Unread       bool              `bson:"unread"`
	ReadAt       *time.Time        `bson:"readAt,omitempty"`
	// SummaryAt is the summary that is to hold the notice; SummaryDue that it does
	// not yet.
	SummaryAt  *time.Time `bson:"summaryAt,omitempty"`
	SummaryDue bool       `bson:"summaryDue,omitempty"`
	// SummaryIn is the key of the summary that has taken the notice.
	SummaryIn string `bson:"summaryIn,omitempty"`
	// Items are what a summary sums up.
	Items []string `bson:"items,omitempty"`
}

// Connection and Edge are a page of notices.
type (
	Connection = page.Connection[*Notice]
	Edge       = page.Edge[*Notice]
)

// NoticeID is the id of a person's notice of a cause.
func NoticeID(personID, key string) string { return personID + ":" + key }

// IsNoticeID reports whether s has the form of a notice's id.
func IsNoticeID(s string) bool { return strings.HasPrefix(s, "per_") && strings.Contains(s, ":") }

// Title is the notice's title in the viewer's language.
func (n *Notice) Title(ctx context.Context) string {
	title, _ := Render(n.Kind, n.Words, auth.LanguageOf(ctx, nil))
	return title
}

// Body is the notice's text in the viewer's language.
func (n *Notice) Body(ctx context.Context) string {
	_, body := Render(n.Kind, n.Words, auth.LanguageOf(ctx, nil))
	return body
}

// Why are the reasons for the notice; at least one.
func (n *Notice) Why() []Why {
	list := make([]Why, 0, len(n.Reasons))
	for _, r := range n.Reasons {
		if r.isKnown() {
			list = append(list, r.why(n))
		}
	}
	if len(list) == 0 {
		list = append(list, Reason{Kind: ReasonAsked}.why(n))
	}
	return list
}

// maxListed is how many notices a summary lists.
const maxListed = 50

// Listed are the ids of what a summary sums up, the oldest first, at most 50.
func (n *Notice) Listed() []string { return n.Items[:min(len(n.Items), maxListed)] }

// MarkReadInput are notices the viewer has read.
type MarkReadInput struct {
	ClientMutationID *string
	NoticeIDs        []string
}

// Clean checks the input. Returns Problems.
func (in *MarkReadInput) Clean() error {
	var p fault.Problems
	p.Add(idempotency.CheckKey(in.ClientMutationID))
	if len(in.NoticeIDs) > 100 {
		p.Add(fault.Invalid("input.noticeIds", "list.long").With("Max", 100))
	}
	for _, s := range in.NoticeIDs {
		if !IsNoticeID(s) {
			p.Add(fault.BadID("input.noticeIds"))
		}
	}
	return p.Err()
}

// InboxService is notices as their readers use them.
type InboxService struct {
	store store
	keys  *idempotency.Keys
	bus   *bus.Bus
	feed  *Feed

	refresh func(ctx context.Context) error
}

const listNotices = "notices"

// List are the viewer's notices, newest first.
func (s *InboxService) List(ctx context.Context, a page.Args) (*Connection, error) {
	v, err := auth.Require(ctx)
	if err != nil {
		return nil, err
	}
	pos, after, err := a.OpenTime(listNotices)
	if err != nil {
		return nil, err
	}
	list, err := s.store.notices(ctx, v.PersonID, pos, after, a.First+1)
	if err != nil {
		return nil, err
	}
	return page.Build(listNotices, a, list, func(n *Notice) page.Position {
		return page.Position{Key: page.TimeKey(n.CreatedAt), ID: n.ID}
	}), nil
}

// maxUnread is how far unread notices are counted.
const maxUnread = 100

// UnreadCount is how many notices the viewer has not read, up to 100.
func (s *InboxService) UnreadCount(ctx context.Context) (int, error) {
	v, err := auth.Require(ctx)
	if err != nil {
		return 0, err
	}
	return s.store.countUnread(ctx, v.PersonID, maxUnread)
}

// ByIDs are the viewer's own notices with those ids, by id.
func (s *InboxService) ByIDs(ctx context.Context, ids []string) (map[string]*Notice, error) {
	found, err := s.store.noticesByIDs(ctx, ids)
	for noticeID, n := range found {
		if n.PersonID != auth.FromContext(ctx).PersonID || n.Hidden || !n.Kind.isKnown() {
			delete(found, noticeID)
		}
	}
	return found, err
}

// MarkRead marks notices of the viewer as read and tells how many are left.
// Returns Problems, and NotFound if one is not the viewer's.
func (s *InboxService) MarkRead(ctx context.Context, in MarkReadInput) (int, error) {
	v, err := auth.Require(ctx)
	if err != nil {
		return 0, err
	}
	if err := in.Clean(); err != nil {
		return 0, err
	}
	call := idempotency.Call{Operation: "markNoticesRead", Key: in.ClientMutationID, Input: in}
	return idempotency.Do(ctx, s.keys, call, func(ctx context.Context, _ idempotency.Token) (int, error) {
		found, err := s.ByIDs(ctx, in.NoticeIDs)
		if err != nil {
			return 0, err
		}
		for _, noticeID := range in.NoticeIDs {
			if found[noticeID] == nil {
				return 0, &fault.Error{Kind: fault.KindNotFound, Key: "notice.not_found", Field: "input.noticeIds"}
			}
		}
		if err := s.store.markRead(ctx, v.PersonID, in.NoticeIDs); err != nil {
			return 0, err
		}
		s.bus.Tell(notices, in.NoticeIDs...)
		return s.UnreadCount(ctx)
	})
}

// OpenedInput is a notice the viewer has opened.
type OpenedInput struct {
	ClientMutationID *string
	NoticeID         string
}

// Clean checks the input. Returns Problems.
func (in *OpenedInput) Clean() error {
	var p fault.Problems
	p.Add(idempotency.CheckKey(in.ClientMutationID))
	if !IsNoticeID(in.NoticeID) {
		p.Add(fault.BadID("input.noticeId"))
	}
	return p.Err()
}

// Opened notes that the viewer opened a notice; the first time counts. It is read
// then. Returns Problems, and NotFound if it is not the viewer's.
func (s *InboxService) Opened(ctx context.Context, in OpenedInput) (*Notice, error) {
	v, err := auth.Require(ctx)
	if err != nil {
		return nil, err
	}
	if err := in.Clean(); err != nil {
		return nil, err
	}
	call := idempotency.Call{Operation: "noticeOpened", Key: in.ClientMutationID, Input: in}
	return idempotency.Do(ctx, s.keys, call, func(ctx context.Context, _ idempotency.Token) (*Notice, error) {
		if err := s.store.markOpened(ctx, v.PersonID, in.NoticeID); err != nil {
			return nil, err
		}
		s.bus.Tell(notices, in.NoticeID)
		found, err := s.ByIDs(ctx, []string{in.NoticeID})
		if err == nil && found[in.NoticeID] == nil {
			err = &fault.Error{Kind: fault.KindNotFound, Key: "notice.not_found", Field: "input.noticeId"}
		}
		return found[in.NoticeID], err
	})
}

// wordNames are the words a text may mention. StartsAt and DeadlineAt are local
// times and become When and Deadline; EndsAt, Ends; NewTime and the like are
// "1" if that is what has changed; NoSeats is "1" if there are none at all; Text is what
// a person wrote.
var wordNames = []string{"Title", "Group", "Place", "Reason", "Because", "Answer", "StartsAt", "DeadlineAt", "Skill", "Text",
	"NewTime", "NewEnd", "NewPlace", "NewTitle", "Fewer", "NoSeats", "Subjects", "More"}

// Render writes a notice's title and text.
func Render(kind Kind, words map[string]string, l i18n.Language) (title, body string) {
	args := map[string]any{}
	for _, name := range wordNames {
		args[name] = ""
	}
	speak(args, words, l)
	args["When"] = i18n.FormatLocal(l, words["StartsAt"])
	args["Ends"] = i18n.FormatLocal(l, words["EndsAt"])
	args["Deadline"] = i18n.FormatLocal(l, words["DeadlineAt"])
	if n, err := strconv.Atoi(words["Count"]); err == nil {
		args["Count"] = n
	}
	key := "notice." + strings.ToLower(string(kind))
	return i18n.Translate(l, key+".title", args), i18n.Translate(l, key+".body", args)
}

// speak adds words to the arguments of a text: those without a language, and
// those of this one ("Title_DA").
func speak(args map[string]any, words map[string]string, l i18n.Language) {
	for name, value := range words {
		if base, language, ok := strings.Cut(name, "_"); !ok {
			args[name] = value
		} else if language == string(l) {
			args[base] = value
		}
	}
}
