package page_test

import (
	"encoding/base64"
	"encoding/json"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"faellesskab/internal/fault"
	"faellesskab/internal/page"
)

func TestFirstOutsideBoundsIsRefused(t *testing.T) {
	t.Parallel()
	for _, first := range []int{-1, 0, 51} {
		_, err := page.Of(first, nil).Open("events")
		if !fault.Is(err, fault.KindInvalid) {
			t.Errorf("first %d: got %v, want Invalid", first, err)
		}
	}
	for _, first := range []int{1, 50} {
		if _, err := page.Of(first, nil).Open("events"); err != nil {
			t.Errorf("first %d: %v", first, err)
		}
	}
}

func TestCursorComesBackAsItWas(t *testing.T) {
	t.Parallel()
	want := page.Position{Key: "ærø", ID: "grp_1"}
	c := page.Encode("groups", want)
	got, err := page.Of(1, &c).Open("groups")
	if err != nil {
		t.Fatal(err)
	}
	if diff := cmp.Diff(page.Keyset{Position: want, Limit: 2}, got); diff != "" {
		t.Error(diff)
	}
}

// A cursor that an app has kept fits for ever: it is the same whichever way it is written.
func TestCursorsAreWrittenAsJSON(t *testing.T) {
	t.Parallel()
	for _, p := range []page.Position{{Key: "1812211200000", ID: "occ_1"}, {Key: "Æbler & \"pærer\" <\u2028\xff", ID: "a\\b"}, {}, {Key: strings.Repeat("langt ", 200), ID: "grp_1"}} {
		raw, err := json.Marshal(struct {
			V int    `json:"v"`
			L string `json:"l"`
			K string `json:"k"`
			I string `json:"i"`
		}{1, "dates", p.Key, p.ID})
		if got, want := page.Encode("dates", p), base64.RawURLEncoding.EncodeToString(raw); err != nil || got != want {
			t.Errorf("the cursor of %v is %s, want %s, %v", p, got, want, err)
		}
	}
}

func TestTimeCursorComesBackAsItWas(t *testing.T) {
	t.Parallel()
	at := time.Date(2026, 12, 1, 17, 0, 0, 123e6, time.UTC)
	c := page.Encode("events", page.Position{Key: page.TimeKey(at), ID: "evt_1"})
	got, err := page.Of(1, &c).OpenTime("events")
	if err != nil || !got.Time().Equal(at) {
		t.Errorf("got %v, %v; want %v", got, err, at)
	}
}

func TestForeignCursorsAreRefused(t *testing.T) {
	t.Parallel()
	for name, c := range map[string]string{
		"another list": page.Encode("groups", page.Position{Key: "1", ID: "grp_1"}),
		"no id":        page.Encode("events", page.Position{Key: "1"}),
		"not base64":   "%%%",
		"not json":     "AAAA",
		"not a time":   page.Encode("events", page.Position{Key: "soon", ID: "evt_1"}),
	} {
		_, err := page.Of(10, &c).OpenTime("events")
		if !fault.Is(err, fault.KindInvalid) {
			t.Errorf("%s: got %v, want Invalid", name, err)
		}
	}
}

func TestItemTooManyBecomesNextPage(t *testing.T) {
	t.Parallel()
	position := func(s string) page.Position { return page.Position{Key: s, ID: s} }
	c := page.Build("letters", page.Args{First: 2}, []string{"a", "b", "c"}, position)
	if len(c.Edges) != 2 || !c.PageInfo.HasNextPage || c.PageInfo.HasPreviousPage {
		t.Errorf("got %+v", c)
	}
	if *c.PageInfo.EndCursor != c.Edges[1].Cursor {
		t.Error("end cursor is not the last edge's")
	}
	empty := page.Build("letters", page.Args{First: 2, After: "x"}, nil, position)
	if empty.PageInfo.HasNextPage || !empty.PageInfo.HasPreviousPage || empty.PageInfo.EndCursor != nil || empty.Edges == nil {
		t.Errorf("got %+v", empty)
	}
}

func FuzzOpen(f *testing.F) {
	f.Add(page.Encode("events", page.Position{Key: "1", ID: "evt_1"}))
	f.Add("")
	f.Add("eyJ2IjoxfQ")
	f.Fuzz(func(t *testing.T, after string) {
		p, err := page.Of(10, &after).Open("events")
		if err != nil {
			if !fault.Is(err, fault.KindInvalid) {
				t.Fatalf("got %v, want Invalid", err)
			}
			return
		}
		if after != "" && p.IsStart() {
			t.Fatal("an accepted cursor has no position")
		}
	})
}
