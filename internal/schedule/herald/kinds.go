package herald

import (
	"cmp"

	"faellesskab/internal/notify"
)

// Kinds are the kinds of news about things with dates.
type Kinds struct {
	Cancelled notify.Kind
	Moved     notify.Kind // other times and places
	Changed   notify.Kind // another name or description
	Reminder  notify.Kind
	Family    notify.Family   // of all but reminders
	Answers   []notify.Action // how somebody who is reminded says that they cannot come
}

// Specs are the kinds with their channels and policies. News that saves people a way passes
// quiet hours, and is not counted among the pushes of a day.
func (k Kinds) Specs() []notify.KindSpec {
	urgent := notify.Policy{PassesQuiet: true, PassesBudget: true}
	return []notify.KindSpec{
		{Kind: k.Cancelled, Default: notify.Push, Family: k.Family, Policy: urgent, Args: dateArgs{}},
		{Kind: k.Moved, Default: notify.Push, Family: k.Family, Policy: urgent, Args: changeArgs{}},
		{Kind: k.Changed, Default: notify.Inbox, Family: k.Family, Attention: notify.AttentionQuiet, Args: changeArgs{}},
		{Kind: k.Reminder, Default: notify.Push, Family: notify.FamilyReminders, Attention: notify.AttentionPrompt,
			Policy: notify.Policy{PassesBudget: true, Fleeting: true, Reminds: true}, Actions: k.Answers, Args: notify.ReminderArgs{}},
	}
}

// dateArgs say which thing news is about whose subject has several, such as the dates of an event; and whether its
// readers have others that it is about too.
type dateArgs struct {
	Thing string `json:",omitempty"`
	More  bool   `json:",omitempty"`
}

// changeArgs say which version of the thing the news of a change tells.
type changeArgs struct {
	Version int
	dateArgs
}

// ThingOf is the thing that news is about, if its args say it.
func ThingOf(args notify.Args) string {
	var a struct {
		dateArgs
		Booked string // of a reminder
	}
	if args.Decode(&a) != nil {
		return ""
	}
	return cmp.Or(a.Thing, a.Booked)
}

// State is the present state of a piece of news, made from the state of the thing. News that
// waited for the morning tells the facts of the morning, or is not told at all.
func (h *Herald) State(t Thing, n notify.News, now notify.SubjectState) (notify.SubjectState, error) {
	switch n.Kind {
	case h.noun.Kinds.Cancelled:
		var a dateArgs
		err := n.Args.Decode(&a)
		now.Words = a.with(t.KnownWords(h.now()))
		return now, err
	case h.noun.Kinds.Reminder:
		var a notify.ReminderArgs
		err := n.Args.Decode(&a)
		date := t.Plan.StartingAt(a.StartsAt)
		if date == nil {
			return notify.SubjectState{MembersOnly: now.MembersOnly}, err
		}
		now.Words, now.ExpiresAt = t.Words(t.known().Title, *date), &date.StartsAt
		return now, err
	case h.noun.Kinds.Moved, h.noun.Kinds.Changed:
		var a changeArgs
		err := n.Args.Decode(&a)
		news := t.Telling.News(t.Snapshot, a.Version, h.now())
		isTrue := news.IsMove()
		if n.Kind == h.noun.Kinds.Changed {
			isTrue = news.IsText()
		}
		if now.Alive && !isTrue {
			now.Now = "changed_again"
		}
		now.Alive, now.Words = now.Alive && isTrue, a.with(t.wordsOf(news))
		return now, err
	}
	return now, nil
}

// with adds to the words about a thing whether there are others.
func (a dateArgs) with(words map[string]string) map[string]string {
	words["MoreDates"] = ""
	if a.More {
		words["MoreDates"] = "1"
	}
	return words
}
