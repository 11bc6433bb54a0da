package delivery

import (
	"context"
	"maps"
	"slices"
	"strconv"
	"time"

	"faellesskab/internal/fault"
	"faellesskab/internal/inbox"
	"faellesskab/internal/notify"
	"faellesskab/internal/timer"
)

// timerSummary is the kind of the timers of summaries.
const timerSummary = "notify.summary"

// kinds are the kinds of news of the delivery itself: the summary. People have chosen
// its time, and there is one a day.
func kinds() []notify.KindSpec {
	return []notify.KindSpec{
		{Kind: notify.KindSummary, Default: notify.Push, Family: notify.FamilyAnnouncements, Attention: notify.AttentionQuiet,
			Policy: notify.Policy{PassesBudget: true, Fleeting: true, ByTheClock: true}},
	}
}

// setSummaries sets a timer for each instant at which a summary is due.
func (n *Notifier) setSummaries(ctx context.Context, at []time.Time) error {
	slices.SortFunc(at, time.Time.Compare)
	for _, at := range slices.CompactFunc(at, time.Time.Equal) {
		key := summaryKey(at)
		if err := n.Timers.Set(ctx, timer.New(key, timerSummary, at, at)); err != nil {
			return err
		}
	}
	return nil
}

func summaryKey(at time.Time) string { return "summary:" + at.UTC().Format(time.RFC3339) }

// sumUp queues the summary of an instant. It is a cause like any other, and is expanded,
// decided, held and sent like any other.
func (n *Notifier) sumUp(ctx context.Context, at time.Time) error {
	// Later it would come too close to the next summary.
	expires := at.Add(12 * time.Hour)
	return n.Enqueue(ctx, notify.Cause{Key: summaryKey(at), Kind: notify.KindSummary, ExpiresAt: &expires, TurnsUpAt: &at, Data: map[string]string{},
		Audiences: []notify.AudienceOf{{Kind: notify.AudienceSummary, IDs: []string{at.UTC().Format(time.RFC3339)}}}})
}

// walkSummary finds people for whom something is due in a summary, each with the
// notices that are still worth a line: unread, true, and still wanted. What is due
// is taken into the summary first, so that no other one holds it too.
func (n *Notifier) walkSummary(ctx context.Context, c notify.Cause, after string) ([]notify.Found, error) {
	at, err := time.Parse(time.RFC3339, c.Audiences[0].IDs[0])
	if err != nil {
		return nil, err
	}
	people, err := n.keeper.SummaryPeople(ctx, c.Key, at, after, n.page)
	if err != nil {
		return nil, err
	}
	due, err := n.takeItems(ctx, c.Key, at, people)
	if err != nil {
		return nil, err
	}
	recipients, err := n.recipients(ctx, people)
	if err != nil {
		return nil, err
	}
	// An earlier try may have decided that some get no line.
	due = slices.DeleteFunc(due, func(item *inbox.Notice) bool { return item.Channel != notify.Summary })
	due, states, err := n.statesOf(ctx, due, recipients)
	if err != nil {
		return nil, err
	}
	ended, err := n.ended(ctx, due)
	if err != nil {
		return nil, err
	}
	items := map[string][]*inbox.Notice{}
	for _, item := range due {
		if v := n.line(item, recipients[item.PersonID], ended[item.ID], states[item.Cause]); v.Channel == notify.Summary {
			items[item.PersonID] = append(items[item.PersonID], item)
		} else if err := n.redecide(ctx, item, recipients[item.PersonID], v, n.DB.Now()); err != nil {
			return nil, err
		}
	}
	discreet, err := n.discreetOf(ctx, due)
	if err != nil {
		return nil, err
	}
	found := make([]notify.Found, len(people))
	for i, personID := range people {
		found[i] = summaryOf(personID, items[personID], discreet)
	}
	return found, nil
}

// takeItems takes the notices that are due for these people into the summary with that
// key, and returns the notices that it holds. For a person for whom an earlier try has
// taken some, it takes no more, since their summary may exist already.
func (n *Notifier) takeItems(ctx context.Context, key string, at time.Time, people []string) ([]*inbox.Notice, error) {
	held, err := n.keeper.SummaryItems(ctx, key, people)
	if err != nil {
		return nil, err
	}
	has := map[string]bool{}
	for _, item := range held {
		has[item.PersonID] = true
	}
	others := slices.DeleteFunc(slices.Clone(people), func(personID string) bool { return has[personID] })
	if err := n.keeper.TakeItems(ctx, key, at, others); err != nil {
		return nil, err
	}
	taken, err := n.keeper.SummaryItems(ctx, key, others)
	return append(held, taken...), err
}

// postpone moves the notices of a summary that came too late to the person's next
// summary, since they may still be of use.
func (n *Notifier) postpone(ctx context.Context, s notify.Settings, items []string) error {
	if len(items) == 0 {
		return nil
	}
	at := s.NextSummary(n.DB.Now())
	if err := n.setSummaries(ctx, []time.Time{at}); err != nil {
		return err
	}
	return n.keeper.PostponeItems(ctx, items, at)
}

// postponeAll postpones the notices of all these late summaries.
func (n *Notifier) postponeAll(ctx context.Context, late []*inbox.Notice) error {
	ids := make([]string, len(late))
	for i, summary := range late {
		ids[i] = summary.PersonID
	}
	settings, err := n.settingsOf(ctx, ids)
	if err != nil {
		return err
	}
	for _, summary := range late {
		if err := n.postpone(ctx, settings[summary.PersonID], summary.Items); err != nil {
			return err
		}
	}
	return nil
}

// isLateSummary reports whether the notice is a summary that came too late to be of
// use.
func isLateSummary(n *inbox.Notice) bool {
	return n.Kind == notify.KindSummary && n.Channel == notify.Drop && (n.Rule == notify.RuleOver || n.Rule == notify.RuleQuietHours)
}

// statesOf are the present states of what notices are about, by the cause of the
// notice. A notice whose state cannot be found out, because a newer version has written
// it or it is damaged, keeps nobody from the other notices: it waits for the person's
// next summary.
func (n *Notifier) statesOf(ctx context.Context, due []*inbox.Notice, of map[string]notify.Recipient) ([]*inbox.Notice, map[string]notify.SubjectState, error) {
	states, strange := map[string]notify.SubjectState{}, map[string]error{}
	var known []*inbox.Notice
	for _, item := range due {
		if _, isKnown := states[item.Cause]; !isKnown && strange[item.Cause] == nil {
			state, err := n.stateOf(ctx, item)
			switch {
			case err == nil:
				states[item.Cause] = state
			case fault.Is(err, fault.KindUnavailable) || ctx.Err() != nil:
				return nil, nil, err
			default:
				n.Log.WarnContext(ctx, "a line of summaries has to wait", "cause", item.Cause, "kind", item.Kind, "error", err, "stack", fault.StackOf(err))
				strange[item.Cause] = err
			}
		}
		if strange[item.Cause] == nil {
			known = append(known, item)
		} else if err := n.postpone(ctx, of[item.PersonID].Settings, []string{item.ID}); err != nil {
			return nil, nil, err
		}
	}
	return known, states, nil
}

func (n *Notifier) stateOf(ctx context.Context, item *inbox.Notice) (state notify.SubjectState, err error) {
	err = fault.Catch(func() (err error) {
		state, err = n.State(ctx, notify.News{Kind: item.Kind, Subject: item.SubjectID, Args: item.Args})
		return err
	})
	return state, err
}

// line decides whether a notice becomes a line of its summary; the channel is SUMMARY if
// it does.
func (n *Notifier) line(item *inbox.Notice, r notify.Recipient, ended *notify.Verdict, state notify.SubjectState) notify.Verdict {
	state.Renew(&item.Words, &item.ExpiresAt)
	if !state.Alive {
		return notify.Verdict{Channel: notify.Inbox, Rule: notify.RuleUntrue}
	}
	if item.IsRead() && ended == nil {
		return notify.Verdict{Channel: notify.Inbox, Rule: notify.RuleRead}
	}
	spec := n.Kinds.Of(item.Kind)
	v := notify.DecideChannel(notify.Matter{Kind: item.Kind, Default: spec.Default, Policy: spec.Policy, Subject: item.SubjectID, Thread: state.Thread, GroupID: item.GroupID, MembersOnly: item.MembersOnly || state.MembersOnly,
		ExpiresAt: item.ExpiresAt, Reasons: item.Reasons, Ended: ended}, r, n.DB.Now())
	if v.Channel == notify.Push {
		v.Channel = notify.Summary // the notice has waited for this summary
	}
	return v
}

// summaryOf is a person's summary of notices, the oldest first.
func summaryOf(personID string, items []*inbox.Notice, discreet map[string]bool) notify.Found {
	f := notify.Found{PersonID: personID, Reasons: []notify.Reason{{Kind: notify.ReasonSummary}}, Words: inbox.TitlesOf(items)}
	maps.Copy(f.Words, discreetTitles(items, discreet))
	f.Words["Count"] = strconv.Itoa(len(items))
	if more := inbox.MoreOf(len(items)); more != "" {
		f.Words["More"] = more
	}
	for _, item := range items {
		f.Items = append(f.Items, item.ID)
	}
	return f
}
