package inbox

import (
	"context"
	"encoding/base64"
	"encoding/json"
	"hash/fnv"
	"strconv"
	"time"

	"faellesskab/internal/auth"
	"faellesskab/internal/fault"
)

const (
	// lookBack is how long after its instant a notice may still appear, since a worker
	// writes it some time after it has asked for the time.
	lookBack = 30 * time.Second
	// maxAway is how old a cursor may be. People who were away for longer have to list
	// their inbox. Each connection begins with a new cursor, and lasts no longer than
	// its token.
	maxAway = 7 * 24 * time.Hour
	// livePage is how many notices are read at a time.
	livePage = 50
)

// Arrival is a notice that has just come.
type Arrival struct {
	// Notice is nil once: when the feed has delivered all notices that were waiting.
	Notice *Notice
	// Cursor is where to go on after a lost connection.
	Cursor            string
	UnreadNoticeCount int
}

// feedPlace is a place in a feed. Everything up to an instant has been delivered, except
// notices that may still appear late; Seen has the recent ones that were delivered.
type feedPlace struct {
	At   time.Time
	Seen map[string]time.Time // digests of the notices of the last lookBack
}

// feedCursor is a feedPlace in the form that the client keeps.
type feedCursor struct {
	Version int      `json:"v"`
	At      int64    `json:"t"` // ms
	Seen    []string `json:"s,omitempty"`
}

// digest is a short digest of a notice's id, since a cursor holds many of them. Two
// notices of one person within half a minute have the same digest by chance once in
// four billion.
func digest(noticeID string) string {
	h := fnv.New32a()
	_, _ = h.Write([]byte(noticeID))
	return strconv.FormatUint(uint64(h.Sum32()), 36)
}

func (p *feedPlace) see(n *Notice) {
	p.Seen[digest(n.ID)] = n.CreatedAt
	if n.CreatedAt.After(p.At) {
		p.At = n.CreatedAt
	}
	p.forget()
}

// reach notes that everything up to an instant has been delivered, except notices that
// appear late.
func (p *feedPlace) reach(now time.Time) {
	if now.After(p.At) {
		p.At = now
	}
	p.forget()
}

// forget drops digests from before the place, which are not read again.
func (p *feedPlace) forget() {
	for d, at := range p.Seen {
		if at.Before(p.from()) {
			delete(p.Seen, d)
		}
	}
}

// from is the instant from which to read.
func (p *feedPlace) from() time.Time { return p.At.Add(-lookBack) }

// hasSeen reports whether the notice was delivered. One that has come back since is another instant's.
func (p *feedPlace) hasSeen(n *Notice) bool {
	at, seen := p.Seen[digest(n.ID)]
	return seen && !n.CreatedAt.After(at)
}

func (p *feedPlace) encode() string {
	c := feedCursor{Version: 1, At: p.At.UnixMilli()}
	for d := range p.Seen {
		c.Seen = append(c.Seen, d)
	}
	raw, _ := json.Marshal(c) //nolint:errchkjson // a struct of strings and ints always marshals
	return base64.RawURLEncoding.EncodeToString(raw)
}

func openFeed(cursor string, now time.Time) (*feedPlace, error) {
	bad := fault.Invalid("after", "page.cursor")
	raw, err := base64.RawURLEncoding.DecodeString(cursor)
	if err != nil {
		return nil, bad.Because(err)
	}
	var c feedCursor
	if err := json.Unmarshal(raw, &c); err != nil || c.Version != 1 || len(c.Seen) > 1000 {
		return nil, bad
	}
	p := &feedPlace{At: time.UnixMilli(c.At).UTC(), Seen: map[string]time.Time{}}
	if p.At.After(now.Add(lookBack)) || p.At.Before(now.Add(-maxAway)) {
		return nil, fault.Invalid("after", "notice.feed.old")
	}
	for _, d := range c.Seen {
		p.Seen[d] = p.At
	}
	return p, nil
}

// Received sends the viewer's notices as they come, from a cursor on, without gaps or
// repeats; nil: from now. Once it has sent all waiting notices, it sends one Arrival
// without a notice, so that the client has a cursor before the first new notice comes.
// The channel closes when ctx ends, or when the person may no longer look. Returns
// Unauthenticated, and Invalid for a bad cursor.
func (s *Service) Received(ctx context.Context, after *string) (<-chan *Arrival, error) {
	v, err := auth.Require(ctx)
	if err != nil {
		return nil, err
	}
	var at *feedPlace // nil until the first look, which is "now"
	if after != nil {
		if at, err = openFeed(*after, s.store.db.Now()); err != nil {
			return nil, err
		}
	}
	hasBegun := false
	return follow(s.feed.join(ctx, v.PersonID), func(ctx context.Context, send func(*Arrival) error) (err error) {
		now := s.store.db.Now() // asked before the look, so that a notice written during it counts as later
		if at == nil {
			at, err = s.placeOf(ctx, v.PersonID, now)
		} else {
			err = s.deliver(ctx, v.PersonID, at, send)
		}
		if err != nil || hasBegun {
			return err
		}
		at.reach(now)
		err = s.begin(ctx, v.PersonID, at, send)
		hasBegun = err == nil
		return err
	}), nil
}

// UnreadCounts sends the number of the viewer's unread notices, now and whenever it
// changes, also by what others do. The channel closes as that of Received does. Returns Unauthenticated.
func (s *Service) UnreadCounts(ctx context.Context) (<-chan int, error) {
	v, err := auth.Require(ctx)
	if err != nil {
		return nil, err
	}
	last := -1
	l := s.feed.join(ctx, v.PersonID)
	return follow(l, func(ctx context.Context, send func(int) error) error {
		if err := s.Refresh(ctx); err != nil {
			return err
		}
		n, err := s.countAndWatch(ctx, l)
		if err != nil || n == last {
			return err
		}
		last = n
		return send(n)
	}), nil
}

// countAndWatch counts the unread notices of a listener, who is woken when one of them may have changed.
func (s *Service) countAndWatch(ctx context.Context, l *listener) (int, error) {
	list, err := s.store.unread(ctx, []string{l.personID}, 2*maxUnread)
	if err != nil {
		return 0, err
	}
	s.feed.watch(l, list) // before they are looked at, so that no change is missed
	counts, err := s.count(ctx, list, "", only(ctx))
	return counts[l.personID], err
}

// follow calls look at once and whenever there may be something new, and hands out
// what look sends. It ends when the listener's context does.
func follow[T any](l *listener, look func(ctx context.Context, send func(T) error) error) <-chan T {
	out := make(chan T)
	send := func(v T) error {
		select {
		case out <- v:
			return nil
		case <-l.ctx.Done():
			return l.ctx.Err()
		}
	}
	l.start(func(ctx context.Context) error { return look(ctx, send) }, func() { close(out) })
	return out
}

// placeOf is the place of a feed that starts at an instant. Notices that exist by then
// count as seen.
func (s *Service) placeOf(ctx context.Context, personID string, now time.Time) (*feedPlace, error) {
	at := &feedPlace{At: now, Seen: map[string]time.Time{}}
	err := s.store.eachNoticeSince(ctx, personID, at.from(), func(n *Notice) error {
		at.see(n)
		return nil
	})
	if err != nil {
		return nil, err
	}
	return at, nil
}

// deliver sends a person the notices that they have not seen.
func (s *Service) deliver(ctx context.Context, personID string, at *feedPlace, send func(*Arrival) error) error {
	return s.eachFresh(ctx, personID, at.from(), func(n *Notice) error {
		if at.hasSeen(n) {
			return nil
		}
		now, unread, err := s.show(ctx, n)
		if err != nil {
			return err
		}
		at.see(n)
		return send(&Arrival{Notice: now, Cursor: at.encode(), UnreadNoticeCount: unread})
	})
}

// begin sends an arrival without a notice, and a cursor to the place.
func (s *Service) begin(ctx context.Context, personID string, at *feedPlace, send func(*Arrival) error) error {
	unread, err := s.countUnread(ctx, personID)
	if err != nil {
		return err
	}
	return send(&Arrival{Cursor: at.encode(), UnreadNoticeCount: unread})
}
