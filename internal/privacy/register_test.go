package privacy_test

import (
	"bytes"
	"context"
	"encoding/json"
	"errors"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"faellesskab/internal/fault"
	"faellesskab/internal/privacy"
)

// shelf is a collection whose Erase erases one record a call.
type shelf struct {
	records []string
	fails   bool
}

func (s *shelf) entry(name string) privacy.Collection {
	return privacy.Collection{Name: name, Purpose: "Test.", Basis: privacy.PublicTask, Whose: "The person's own.", Retention: "A day.", Ends: "Erasure.",
		ShardKey: privacy.HashedID,
		Export: func(_ context.Context, _ string, keep func(any) error) error {
			for _, r := range s.records {
				if err := keep(map[string]string{"text": r}); err != nil {
					return err
				}
			}
			return nil
		},
		Erase: func(context.Context, string) (bool, error) {
			if s.fails {
				panic("not now")
			}
			if len(s.records) > 0 {
				s.records = s.records[1:]
			}
			return len(s.records) > 0, nil
		}}
}

func TestEntriesAreWholeAndThereIsOneEach(t *testing.T) {
	t.Parallel()
	whole := (&shelf{}).entry("things")
	for what, spoil := range map[string]func(c *privacy.Collection){
		"no name":              func(c *privacy.Collection) { c.Name = "" },
		"no purpose":           func(c *privacy.Collection) { c.Purpose = " " },
		"no basis":             func(c *privacy.Collection) { c.Basis = "" },
		"nobody said whose":    func(c *privacy.Collection) { c.Whose = "" },
		"no retention":         func(c *privacy.Collection) { c.Retention = "" },
		"no end":               func(c *privacy.Collection) { c.Ends = "" },
		"no export":            func(c *privacy.Collection) { c.Export = nil },
		"no erasure":           func(c *privacy.Collection) { c.Erase = nil },
		"nobody's, but erased": func(c *privacy.Collection) { c.Basis, c.Export = privacy.NotPersonal, nil },
		"no shard key":         func(c *privacy.Collection) { c.ShardKey = "" },
	} {
		c := whole
		spoil(&c)
		if !panics(func() { privacy.New(c) }) {
			t.Errorf("%s: the entry is taken", what)
		}
	}
	if !panics(func() { privacy.New(whole, whole) }) {
		t.Error("two entries for one collection are taken")
	}
	within := whole
	within.Name, within.ShardKey = "*: things", ""
	if panics(func() { privacy.New(whole, within) }) {
		t.Error("what is whole is refused")
	}
}

func panics(do func()) (did bool) {
	defer func() { did = recover() != nil }()
	do()
	return false
}

func TestCollectionsWithoutAnEntryAreNamed(t *testing.T) {
	t.Parallel()
	r := privacy.New((&shelf{}).entry("things"))
	if err := r.Check([]string{"things"}); err != nil {
		t.Errorf("a known collection: %v", err)
	}
	err := r.Check([]string{"polls", "things", "votes"})
	if err == nil || !strings.Contains(err.Error(), "polls, votes") || strings.Contains(err.Error(), "things,") {
		t.Errorf("two unknown collections: %v", err)
	}
}

func TestAnErasureComesBackEarlyAndGoesOnPastWhatFails(t *testing.T) {
	t.Parallel()
	a, b, c := &shelf{records: []string{"1", "2", "3"}}, &shelf{fails: true}, &shelf{records: []string{"4", "5"}}
	r := privacy.New(a.entry("a"), b.entry("b"), c.entry("c"))
	left, err := r.Erase(t.Context(), "per_1", 1)
	if !left || err != nil || len(a.records) != 2 {
		t.Errorf("one batch: %t, %v, %v left", left, err, a.records)
	}
	left, err = r.Erase(t.Context(), "per_1", 10)
	if left || err == nil || !strings.Contains(err.Error(), "erase from b") || len(a.records)+len(c.records) != 0 {
		t.Errorf("with one that fails: %t, %v; left %v and %v", left, err, a.records, c.records)
	}
	b.fails = false
	if left, err = r.Erase(t.Context(), "per_1", 10); left || err != nil {
		t.Errorf("again: %t, %v", left, err)
	}
}

// Where the database does not answer, the other entries are not asked in vain.
func TestAnErasureWaitsForTheDatabase(t *testing.T) {
	t.Parallel()
	a, b := &shelf{}, &shelf{records: []string{"1"}}
	away := a.entry("a")
	away.Erase = func(context.Context, string) (bool, error) {
		return false, fault.Unavailable("database.unavailable", nil)
	}
	left, err := privacy.New(away, b.entry("b")).Erase(t.Context(), "per_1", 10)
	if left || !fault.Is(err, fault.KindUnavailable) || len(b.records) != 1 {
		t.Errorf("%t, %v, %v left", left, err, b.records)
	}
}

func TestAnExportIsJSONOfEverything(t *testing.T) {
	t.Parallel()
	r := privacy.New((&shelf{records: []string{"1", "2"}}).entry("a"), (&shelf{}).entry("b"))
	var out bytes.Buffer
	if err := r.Export(t.Context(), "per_1", time.Date(2026, 5, 1, 12, 0, 0, 0, time.UTC), &out); err != nil {
		t.Fatal(err)
	}
	var got struct {
		Person, ExportedAt string
		Collections        []struct {
			Name, Purpose, LegalBasis, Retention string
			Records                              []map[string]string
		}
	}
	if err := json.Unmarshal(out.Bytes(), &got); err != nil {
		t.Fatalf("%v in\n%s", err, &out)
	}
	if got.Person != "per_1" || got.ExportedAt != "2026-05-01T12:00:00Z" || len(got.Collections) != 2 || got.Collections[0].Purpose != "Test." {
		t.Errorf("exported %+v", got)
	}
	if diff := cmp.Diff([]map[string]string{{"text": "1"}, {"text": "2"}}, got.Collections[0].Records); diff != "" {
		t.Errorf("records (-want +got):\n%s", diff)
	}
	if err := r.Export(t.Context(), "per_1", time.Time{}, full{}); err == nil {
		t.Error("an export that could not be written is taken for one")
	}
}

// full is a full disk.
type full struct{}

func (full) Write([]byte) (int, error) { return 0, errors.New("no room") }
