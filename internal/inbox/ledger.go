package inbox

import (
	"cmp"
	"context"
	"maps"
	"slices"
	"strings"
	"time"

	"faellesskab/internal/auth"
	"faellesskab/internal/clock"
	"faellesskab/internal/fault"
	"faellesskab/internal/id"
	"faellesskab/internal/idempotency"
	"faellesskab/internal/mongodb"
	"faellesskab/internal/notify"
	"faellesskab/internal/text"
)

// keepLedger is how long the ledger is kept.
const keepLedger = 90 * 24 * time.Hour

// LedgerDeps are what the ledger works with.
type LedgerDeps struct {
	DB   *mongodb.DB
	Keys *idempotency.Keys
	News *notify.Registry
	// Record writes into the audit trail that staff look at a ledger. It is called
	// before they see it.
	Record func(ctx context.Context, entryID, action, subject string, details map[string]string) error
}

// Ledger tells what became of the notices of a person.
type Ledger struct {
	LedgerDeps
	store store
}

// NewLedger makes the service.
func NewLedger(d LedgerDeps) *Ledger {
	return &Ledger{LedgerDeps: d, store: store{db: d.DB, kinds: d.News.Kinds}}
}

// Own tells what became of the viewer's notices about a subject in the last 90 days,
// the oldest line first. Returns Unauthenticated, and BAD_ID.
func (s *Ledger) Own(ctx context.Context, subjectID string) ([]*LedgerEntry, error) {
	v, err := auth.Require(ctx)
	if err != nil {
		return nil, err
	}
	if wrong := s.News.CheckSubject("subjectId", subjectID); wrong != nil {
		return nil, wrong
	}
	list, err := s.of(ctx, v.PersonID, subjectID)
	return list, cmp.Or(err, s.setClocks(ctx, v.PersonID, list))
}

// InspectInput says whose ledger staff want to see, and why.
type InspectInput struct {
	ClientMutationID *string
	PersonID         string
	SubjectID        string
	Reason           string
}

// Clean checks the input and tidies its text. Returns Problems.
func (in *InspectInput) Clean(news *notify.Registry) error {
	var p fault.Problems
	p.Add(idempotency.CheckKey(in.ClientMutationID))
	p.Add(id.Check("input.personId", id.Person, in.PersonID))
	p.Add(news.CheckSubject("input.subjectId", in.SubjectID))
	in.Reason = text.Clean(&p, "input.reason", in.Reason, text.Limits{Min: 10, Max: 500})
	return p.Err()
}

// Inspect tells what became of another person's notices. Only people with SUPPORT may
// look, and the audit trail records first that they did, and why. Returns Forbidden and
// Problems, and IDEMPOTENCY_KEY_REUSED for another look under the same key.
func (s *Ledger) Inspect(ctx context.Context, in InspectInput) ([]*LedgerEntry, error) {
	if _, err := auth.RequireCapability(ctx, s.store.db.Now(), auth.CapabilitySupport); err != nil {
		return nil, err
	}
	if err := in.Clean(s.News); err != nil {
		return nil, err
	}
	const operation = "inspectNoticeLedger"
	call := idempotency.Call{Operation: operation, Key: in.ClientMutationID, Input: in}
	list, err := idempotency.Do(ctx, s.Keys, call, func(ctx context.Context, _ idempotency.Token) ([]*LedgerEntry, error) {
		details := map[string]string{"subject": in.SubjectID, "reason": in.Reason}
		if err := s.Record(ctx, s.entryID(ctx, in), operation, in.PersonID, details); err != nil {
			return nil, err
		}
		return s.of(ctx, in.PersonID, in.SubjectID)
	})
	return list, cmp.Or(err, s.setClocks(ctx, in.PersonID, list))
}

// entryID is the id of the audit entry of a look. A look that is tried again after a
// crash gets the same entry. The key alone does not make the id, since somebody may use
// it again once its record is gone; the person, the purpose and the day are part of it
// too.
func (s *Ledger) entryID(ctx context.Context, in InspectInput) string {
	if in.ClientMutationID == nil || *in.ClientMutationID == "" {
		return s.Keys.NewID(ctx, nil, id.Audit)
	}
	return id.Derive(id.Audit, auth.FromContext(ctx).PersonID, *in.ClientMutationID, in.PersonID, in.SubjectID, in.Reason,
		clock.Day(s.store.db.Now(), clock.Copenhagen))
}

// maxEntries is how many entries the ledger shows of a subject, from the newest.
const maxEntries = 500

func (s *Ledger) of(ctx context.Context, personID, subjectID string) ([]*LedgerEntry, error) {
	since := s.store.db.Now().Add(-keepLedger)
	found, err := s.store.noticesAbout(ctx, personID, subjectID, since)
	if err != nil {
		return nil, err
	}
	lines, err := s.store.handovers(ctx, personID, subjectID, since)
	if err != nil {
		return nil, err
	}
	summaries, tries, err := s.summariesOf(ctx, personID, found, since)
	if err != nil {
		return nil, err
	}
	found, lines = append(found, summaries...), append(lines, tries...)
	list := make([]*LedgerEntry, 0, len(found)+len(lines))
	for _, n := range found {
		list = append(list, n.entry())
	}
	for _, h := range lines {
		list = append(list, h.entry())
	}
	list = slices.DeleteFunc(list, func(e *LedgerEntry) bool { return !e.isKnown(s.store.kinds) })
	slices.SortStableFunc(list, func(a, b *LedgerEntry) int {
		return cmp.Or(a.At.Compare(b.At), strings.Compare(a.NoticeID, b.NoticeID))
	})
	return list[max(0, len(list)-maxEntries):], nil
}

// entry is the first decision about the notice.
func (n *Notice) entry() *LedgerEntry {
	e := &LedgerEntry{At: n.CreatedAt, NoticeID: n.ID, Kind: n.Kind, Channel: &n.FirstChannel, Rule: &n.FirstRule}
	if n.FirstRule == notify.RuleQuietHours {
		e.Until = n.HoldUntil
	}
	return e
}

// setClocks has the lines say how long the news waits: by the clock of the viewer, and by that of the person
// whose quiet hours they are.
func (s *Ledger) setClocks(ctx context.Context, personID string, list []*LedgerEntry) error {
	if !slices.ContainsFunc(list, func(e *LedgerEntry) bool { return e.Until != nil }) {
		return nil
	}
	settings, err := s.store.settings(ctx, personID)
	if err != nil {
		return err
	}
	own := settings
	if v := auth.FromContext(ctx); v.PersonID != personID {
		if own, err = s.store.settings(ctx, v.PersonID); err != nil {
			return err
		}
	}
	reader := own.Reader(auth.LanguageOf(ctx, nil), s.store.db.Now())
	for _, e := range list {
		e.zone, e.reader = settings.TimeZone(), reader
	}
	return nil
}

// summariesOf are the summaries that hold some of a person's notices, with their lines
// of the ledger.
func (s *Ledger) summariesOf(ctx context.Context, personID string, items []*Notice, since time.Time) ([]*Notice, []Handover, error) {
	holds := map[string]bool{} // the ids of summaries
	for _, item := range items {
		if item.SummaryIn != "" && item.SummaryIn != SummaryDue {
			holds[NoticeID(personID, item.SummaryIn)] = true
		}
	}
	if len(holds) == 0 {
		return nil, nil, nil
	}
	known, err := s.store.ByIDs(ctx, slices.Collect(maps.Keys(holds)))
	if err != nil {
		return nil, nil, err
	}
	var summaries []*Notice
	for _, summary := range known {
		if slices.ContainsFunc(items, func(item *Notice) bool { return slices.Contains(summary.Items, item.ID) }) {
			summaries = append(summaries, summary)
		}
	}
	lines, err := s.store.handovers(ctx, personID, "", since) // a summary has no subject
	return summaries, slices.DeleteFunc(lines, func(h Handover) bool {
		return !slices.ContainsFunc(summaries, func(n *Notice) bool { return n.ID == h.NoticeID })
	}), err
}
