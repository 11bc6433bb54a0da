// Package page cuts lists into pages: Relay connections with opaque cursors.
//
// A cursor is the sort key and the id of the last item of a page, with a
// version and the name of the list, so that a cursor from another list is
// refused instead of giving a wrong page. Pages are found by comparing keys,
// never by counting, so they stay right while the list changes.
// See https://relay.dev/graphql/connections.htm.
package page

import (
	"encoding/base64"
	"encoding/json"
	"strconv"
	"time"

	"faellesskab/internal/fault"
)

// MaxFirst is how many items a page may have.
const MaxFirst = 50

// Args are the arguments of a list field.
type Args struct {
	First int
	After string // empty: from the start
}

// Of gathers the arguments as GraphQL gives them.
func Of(first int, after *string) Args {
	a := Args{First: first}
	if after != nil {
		a.After = *after
	}
	return a
}

// Position is where a page starts: after the item with this sort key and id.
// The zero value is the start of the list.
type Position struct {
	Key string
	ID  string
}

// IsStart reports whether the page starts at the start of the list.
func (p Position) IsStart() bool { return p.ID == "" }

// Keyset says which items of a list to read: up to Limit behind a position.
type Keyset struct {
	Position
	Limit int
}

type cursor struct {
	Version int    `json:"v"`
	List    string `json:"l"`
	Key     string `json:"k"`
	ID      string `json:"i"`
}

const cursorVersion = 1

// Open checks the arguments of a list and decodes the cursor. The keyset asks for one
// item more than the page holds, to find out whether there is a next page. Returns
// Invalid with field "first" or "after".
func (a Args) Open(list string) (Keyset, error) {
	if a.First < 1 || a.First > MaxFirst {
		return Keyset{}, fault.Invalid("first", "page.first").With("Max", MaxFirst)
	}
	if a.After == "" {
		return Keyset{Limit: a.First + 1}, nil
	}
	raw, err := base64.RawURLEncoding.DecodeString(a.After)
	if err != nil {
		return Keyset{}, fault.Invalid("after", "page.cursor").Because(err)
	}
	var c cursor
	if err := json.Unmarshal(raw, &c); err != nil {
		return Keyset{}, fault.Invalid("after", "page.cursor").Because(err)
	}
	if c.Version != cursorVersion || c.List != list || c.ID == "" {
		return Keyset{}, fault.Invalid("after", "page.cursor")
	}
	return Keyset{Position{Key: c.Key, ID: c.ID}, a.First + 1}, nil
}

// OpenTime is Open for a list sorted by an instant.
func (a Args) OpenTime(list string) (Keyset, error) {
	k, err := a.Open(list)
	if err != nil || k.IsStart() {
		return k, err
	}
	if _, err := strconv.ParseInt(k.Key, 10, 64); err != nil {
		return Keyset{}, fault.Invalid("after", "page.cursor").Because(err)
	}
	return k, nil
}

// Time is the instant in a position of a list sorted by one; the zero time at the
// start.
func (p Position) Time() time.Time {
	ms, err := strconv.ParseInt(p.Key, 10, 64)
	if err != nil {
		return time.Time{}
	}
	return time.UnixMilli(ms).UTC()
}

// TimeKey is the sort key of an instant in a cursor.
func TimeKey(t time.Time) string { return strconv.FormatInt(t.UnixMilli(), 10) }

// Encode makes the opaque cursor of an item, the JSON of a cursor. Lists make one for each of their items.
func Encode(list string, p Position) string {
	room := make([]byte, 0, 160)
	room = append(room, `{"v":`...)
	room = strconv.AppendInt(room, cursorVersion, 10)
	room = appendJSON(append(room, `,"l":`...), list)
	room = appendJSON(append(room, `,"k":`...), p.Key)
	room = appendJSON(append(room, `,"i":`...), p.ID)
	room = append(room, '}')
	encoded := make([]byte, 0, 224)
	return string(base64.RawURLEncoding.AppendEncode(encoded, room))
}

// Info says whether there is more.
type Info struct {
	HasNextPage     bool
	HasPreviousPage bool
	StartCursor     *string
	EndCursor       *string
}

// Edge is one item of a list with its cursor.
type Edge[T any] struct {
	Node   T
	Cursor string
}

// Connection is one page of a list.
type Connection[T any] struct {
	Edges    []Edge[T]
	PageInfo Info
}

// Build makes a page out of up to first+1 items; the extra item only says that there
// is a next page. position tells an item's sort key and id.
func Build[T any](list string, a Args, items []T, position func(T) Position) *Connection[T] {
	c := &Connection[T]{Edges: []Edge[T]{}}
	c.PageInfo.HasNextPage = len(items) > a.First
	c.PageInfo.HasPreviousPage = a.After != ""
	if c.PageInfo.HasNextPage {
		items = items[:a.First]
	}
	for _, item := range items {
		c.Edges = append(c.Edges, Edge[T]{Node: item, Cursor: Encode(list, position(item))})
	}
	if n := len(c.Edges); n > 0 {
		c.PageInfo.StartCursor = &c.Edges[0].Cursor
		c.PageInfo.EndCursor = &c.Edges[n-1].Cursor
	}
	return c
}

// Map is a page of what f makes of the items of another.
func Map[A, B any](c *Connection[A], f func(A) B) *Connection[B] {
	out := &Connection[B]{Edges: make([]Edge[B], len(c.Edges)), PageInfo: c.PageInfo}
	for i, e := range c.Edges {
		out.Edges[i] = Edge[B]{Node: f(e.Node), Cursor: e.Cursor}
	}
	return out
}
