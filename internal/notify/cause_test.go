package notify

import (
	"strings"
	"testing"

	"faellesskab/internal/id"
)

// A key stands in the notices of everybody who is told, and outlives whom it is about:
// it tells people and versions apart, and names nobody.
func TestTheKeyOfACauseNamesNobody(t *testing.T) {
	t.Parallel()
	grp, skl, anna, bo := id.New(id.Group), id.New(id.Skill), id.Random(id.Person), id.Random(id.Person)
	if key := Key(grp, "created", "1"); key != grp+":created:1" {
		t.Errorf("the key about a group is %q", key)
	}
	keys := map[string]bool{}
	for _, key := range []string{
		Key(id.Pair(grp, anna), "requested", "1"), Key(id.Pair(grp, anna), "requested", "2"), Key(id.Pair(grp, bo), "requested", "1"),
		Key(grp, "matched", anna+":"+skl), Key(grp, "matched", bo+":"+skl), Key(anna, "asked", ""),
	} {
		if strings.Contains(key, id.Person+"_") || keys[key] {
			t.Errorf("%q names somebody, or comes twice", key)
		}
		keys[key] = true
	}
	if Key(id.Pair(grp, anna), "requested", "1") != Key(id.Pair(grp, anna), "requested", "1") {
		t.Error("a repeat has another key")
	}
}

// What is told about somebody says whom it is about, so that it can be found when they
// are erased.
func TestNewsSaysWhomItIsAbout(t *testing.T) {
	t.Parallel()
	type args struct{ PersonID string }
	anna, bo, grp := id.Random(id.Person), id.Random(id.Person), id.New(id.Group)
	r := NewRegistry()
	r.Add([]KindSpec{{Kind: "ASKED_FOR", Default: Push, Family: FamilyRequests, Args: args{}}}, nil, nil)
	people := func(ids ...string) []AudienceOf { return []AudienceOf{{Kind: AudiencePeople, IDs: ids}} }
	for name, c := range map[string]struct {
		cause Cause
		fits  bool
	}{
		"of nobody":                 {Cause{Args: ArgsOf(args{})}, true},
		"to whom it is about alone": {Cause{Args: ArgsOf(args{anna}), Audiences: people(anna)}, true},
		"to others, and says so":    {Cause{Args: ArgsOf(args{anna}), Audiences: people(bo), About: anna}, true},
		"to both, and says so":      {Cause{Args: ArgsOf(args{anna}), Audiences: people(anna, bo), About: anna}, true},
		"to others":                 {Cause{Args: ArgsOf(args{anna}), Audiences: people(bo)}, false},
		"to both":                   {Cause{Args: ArgsOf(args{anna}), Audiences: people(anna, bo)}, false},
		"to a group":                {Cause{Args: ArgsOf(args{anna}), Audiences: []AudienceOf{{Kind: "MEMBERS", IDs: []string{grp}}}}, false},
		"about another":             {Cause{Args: ArgsOf(args{anna}), Audiences: people(bo), About: bo}, false},
		"under a key that names":    {Cause{Key: grp + ":" + anna}, false},
	} {
		c.cause.Kind = "ASKED_FOR"
		if err := r.Check(&c.cause); (err == nil) != c.fits {
			t.Errorf("news %s: %v", name, err)
		}
	}
}
