package id

import (
	"regexp"
	"slices"
	"strings"
	"testing"
	"time"

	"faellesskab/internal/fault"
)

var prefixes = []string{Area, Person, SignIn, Device, Skill, Group, Event, Occurrence, Course, Effect, Audit, Announcement, GroupRole}

var shape = regexp.MustCompile(`^[a-z]{3,4}_[0-7][0-9a-hjkmnp-tv-z]{25}$`)

// The prefix of every sort of id can be read back.
func TestPrefixesComeBack(t *testing.T) {
	t.Parallel()
	now := time.Now()
	for name, maker := range map[string]Maker{
		"New":      New,
		"Random":   Random,
		"Sequence": Sequence(),
		"Derive":   func(prefix string) string { return Derive(prefix, "a", "b") },
		"NewAt":    func(prefix string) string { return NewAt(prefix, now) },
		"At":       func(prefix string) string { return At(prefix, now) },
	} {
		for _, prefix := range prefixes {
			s := maker(prefix)
			if !shape.MatchString(s) {
				t.Errorf("%s made %q", name, s)
			}
			if got := Prefix(s); got != prefix {
				t.Errorf("%s: the prefix of %q is %q, want %q", name, s, got, prefix)
			}
		}
	}
}

func TestPrefixesDiffer(t *testing.T) {
	t.Parallel()
	sorted := slices.Sorted(slices.Values(prefixes))
	if n := len(slices.Compact(sorted)); n != len(prefixes) {
		t.Errorf("%d different prefixes of %d", n, len(prefixes))
	}
}

func TestPrefixOfWhatIsNoID(t *testing.T) {
	t.Parallel()
	good := New(Group)
	for name, s := range map[string]string{
		"nothing":            "",
		"a word":             "group",
		"a prefix only":      "grp_",
		"too short":          good[:len(good)-1],
		"too long":           good + "0",
		"upper case":         strings.ToUpper(good),
		"a letter not used":  "grp_" + strings.Repeat("0", 25) + "l",
		"more than 128 bits": "grp_8" + strings.Repeat("0", 25),
		"a blank in front":   " " + good,
		"a line behind":      good + "\n",
		"half a pair":        good + ":",
		"the other half":     ":" + good,
		"only a colon":       ":",
		"a pair with a word": good + ":x",
	} {
		if got := Prefix(s); got != "" {
			t.Errorf("%s: the prefix of %q is %q, want none", name, s, got)
		}
	}
}

// Random ids have no order: a later one need not be larger.
func TestRandomTellsNoTime(t *testing.T) {
	t.Parallel()
	var made []string
	for range 64 {
		made = append(made, Random(Person))
	}
	if slices.IsSorted(made) {
		t.Errorf("sorted by the time they were made: %v", made[:3])
	}
	slices.Sort(made)
	if n := len(slices.Compact(made)); n != 64 {
		t.Errorf("%d different ids of 64", n)
	}
}

func TestPair(t *testing.T) {
	t.Parallel()
	g, p := New(Group), New(Person)
	pair := Pair(g, p)
	if a, b, ok := Split(pair); a != g || b != p || !ok {
		t.Errorf("%q splits into %q, %q, %v", pair, a, b, ok)
	}
	if got := Prefix(pair); got != "grp:per" {
		t.Errorf("the prefix of a pair is %q, want grp:per", got)
	}
	if Prefix(pair) == Prefix(Pair(p, g)) {
		t.Error("the order of a pair does not count")
	}
	if _, _, ok := Split(g); ok {
		t.Error("a single id is a pair")
	}
}

func TestDerive(t *testing.T) {
	t.Parallel()
	// Stored ids depend on the derivation, so it may never change.
	if got, want := Derive(Area, "tuse"), "area_40smy85g3mgapbrb0xwy0bh5ca"; got != want {
		t.Errorf("got %q, want %q", got, want)
	}
	seen := map[string]string{}
	for name, s := range map[string]string{
		"another name":   Derive(Area, "vipperød"),
		"two names":      Derive(Area, "tu", "se"),
		"cut elsewhere":  Derive(Area, "t", "use"),
		"no name":        Derive(Area),
		"another prefix": Derive(Skill, "tuse"),
		"in order":       Derive(Area, "a", "b"),
		"out of order":   Derive(Area, "b", "a"),
		"the name":       Derive(Area, "tuse"),
	} {
		if other, twice := seen[s]; twice {
			t.Errorf("%s and %s have the same id %s", name, other, s)
		}
		seen[s] = name
	}
}

func TestSequence(t *testing.T) {
	t.Parallel()
	one, two := Sequence(), Sequence()
	var before string
	for range 40 {
		a, b := one(Event), two(Event)
		if a != b {
			t.Fatalf("two sequences differ: %q and %q", a, b)
		}
		if a <= before {
			t.Fatalf("%q does not follow %q", a, before)
		}
		before = a
	}
}

// Ids sort by their instant, and At is the border below those of an instant.
func TestOrder(t *testing.T) {
	t.Parallel()
	base := time.Date(2026, 12, 1, 18, 0, 0, 0, time.UTC)
	for _, step := range []time.Duration{time.Millisecond, 256 * time.Millisecond, time.Second, 24 * time.Hour, 365 * 24 * time.Hour} {
		for range 200 {
			early, late := NewAt(Event, base), NewAt(Event, base.Add(step))
			if early >= late {
				t.Fatalf("%v apart: %q is not before %q", step, early, late)
			}
			if border := At(Event, base.Add(step)); border <= early || border > late {
				t.Fatalf("%v apart: the border %q is not between %q and %q", step, border, early, late)
			}
			if border := At(Event, base); border > early {
				t.Fatalf("the border %q is above %q of the same instant", border, early)
			}
		}
	}
	if NewAt(Event, base) == NewAt(Event, base) {
		t.Error("two ids of one instant are the same")
	}
	in := base.In(time.FixedZone("", 3600))
	if At(Event, base) != At(Event, in) {
		t.Error("the zone of an instant counts")
	}
}

func TestNewIsOfNow(t *testing.T) {
	t.Parallel()
	before := time.Now()
	s := New(Event)
	if s < At(Event, before) || s >= At(Event, time.Now().Add(time.Millisecond)) {
		t.Errorf("%q is not between the instants around its making", s)
	}
	if s == New(Event) {
		t.Error("two new ids are the same")
	}
}

func TestCheck(t *testing.T) {
	t.Parallel()
	g, p := New(Group), New(Person)
	for _, tc := range []struct {
		name, prefix, s string
		ok              bool
	}{
		{"the right type", Group, g, true},
		{"another type", Group, p, false},
		{"no id", Group, "1", false},
		{"nothing", Group, "", false},
		{"nothing of no type", Group + ":" + Person, "", false},
		{"a pair", "grp:per", Pair(g, p), true},
		{"a pair turned round", "grp:per", Pair(p, g), false},
		{"a pair for one", Group, Pair(g, p), false},
		{"one for a pair", "grp:per", g, false},
	} {
		t.Run(tc.name, func(t *testing.T) {
			t.Parallel()
			got := Check("input.groupId", tc.prefix, tc.s)
			if tc.ok {
				if got != nil {
					t.Errorf("refused: %v", got)
				}
				return
			}
			if !fault.HasCode(got, fault.CodeBadID) || !fault.Is(got, fault.KindInvalid) || got.Field != "input.groupId" {
				t.Errorf("got %v, want BAD_ID at input.groupId", got)
			}
		})
	}
}

// A list of ids is refused at the place of each that is wrong, and else each is there once.
func TestClean(t *testing.T) {
	t.Parallel()
	a, b := Derive(Area, "a"), Derive(Area, "b")
	if a > b {
		a, b = b, a
	}
	for name, row := range map[string]struct {
		in, want []string
		faults   string
	}{
		"nothing":        {nil, []string{}, ""},
		"one":            {[]string{a}, []string{a}, ""},
		"twice":          {[]string{b, a, b}, []string{a, b}, ""},
		"too many":       {[]string{a, b, a, b}, []string{a, b}, "input.areaIds"},
		"another kind":   {[]string{a, New(Group)}, nil, "input.areaIds.1"},
		"two are wrong":  {[]string{"", a, "x"}, nil, "input.areaIds.0 input.areaIds.2"},
		"in upper case":  {[]string{strings.ToUpper(a)}, nil, "input.areaIds.0"},
		"wrong and long": {[]string{"x", a, b, a}, nil, "input.areaIds input.areaIds.0"},
	} {
		var p fault.Problems
		before := slices.Clone(row.in)
		got := Clean(&p, "input.areaIds", row.in, Limits{Prefix: Area, Max: 3})
		var faults []string
		for _, f := range p {
			faults = append(faults, f.Field)
		}
		if row.want != nil && (got == nil || !slices.Equal(got, row.want)) || strings.Join(faults, " ") != row.faults || !slices.Equal(before, row.in) {
			t.Errorf("%s: %v, refused at %q, want %v at %q", name, got, faults, row.want, row.faults)
		}
	}
}
