package fault

import (
	"context"
	"errors"
	"fmt"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"
)

var errPrivate = errors.New("private")

func TestKindsAndCodes(t *testing.T) {
	t.Parallel()
	for _, tc := range []struct {
		name string
		err  error
		kind Kind
		code Code
	}{
		{"Invalid", Invalid("input.name", "k"), KindInvalid, CodeBadUserInput},
		{"BadID", BadID("input.id"), KindInvalid, CodeBadID},
		{"Unauthenticated", Unauthenticated("k"), KindUnauthenticated, CodeUnauthenticated},
		{"Forbidden", Forbidden("k"), KindForbidden, CodeForbidden},
		{"NotFound", NotFound("k"), KindNotFound, CodeNotFound},
		{"Conflict", Conflict("k"), KindConflict, CodeConflict},
		{"VersionConflict", VersionConflict(), KindConflict, CodeVersionConflict},
		{"Exhausted", Exhausted("k", time.Minute), KindExhausted, CodeRateLimited},
		{"Unavailable", Unavailable("k", errPrivate), KindUnavailable, CodeUnavailable},
		{"zero value", &Error{}, KindInternal, CodeInternal},
	} {
		t.Run(tc.name, func(t *testing.T) {
			t.Parallel()
			wrapped := fmt.Errorf("do: %w", tc.err)
			if got := KindOf(wrapped); got != tc.kind {
				t.Errorf("kind %v, want %v", got, tc.kind)
			}
			for other := KindInternal; other <= KindUnavailable; other++ {
				if Is(wrapped, other) != (other == tc.kind) {
					t.Errorf("Is(%v) is %v", other, other != tc.kind)
				}
			}
			if !HasCode(wrapped, tc.code) || HasCode(wrapped, "OTHER") {
				t.Errorf("the code is not %s", tc.code)
			}
		})
	}
}

// Each kind has a code of its own to fall back on.
func TestEveryKindHasACode(t *testing.T) {
	t.Parallel()
	seen := map[Code]Kind{}
	for kind := KindInternal; kind <= KindUnavailable; kind++ {
		code := (&Error{Kind: kind}).PublicCode()
		if other, twice := seen[code]; twice || code == "" {
			t.Errorf("kinds %v and %v have the code %q", kind, other, code)
		}
		seen[code] = kind
	}
}

func TestWhatIsNoFault(t *testing.T) {
	t.Parallel()
	for _, tc := range []struct {
		name string
		err  error
		want Kind
	}{
		{"any error", errPrivate, KindInternal},
		{"a deadline", fmt.Errorf("find: %w", context.DeadlineExceeded), KindUnavailable},
		{"a caller who left", context.Canceled, KindInternal},
		{"a fault because of a deadline", NotFound("k").Because(context.DeadlineExceeded), KindNotFound},
	} {
		if got := KindOf(tc.err); got != tc.want {
			t.Errorf("%s: kind %v, want %v", tc.name, got, tc.want)
		}
		if HasCode(tc.err, CodeInternal) {
			t.Errorf("%s has a code", tc.name)
		}
	}
	if Is(nil, KindInternal) {
		t.Error("nil is a fault")
	}
}

func TestFields(t *testing.T) {
	t.Parallel()
	for _, tc := range []struct {
		name      string
		got, want *Error
	}{
		{"Invalid", Invalid("input.name", "text.empty"), &Error{Kind: KindInvalid, Key: "text.empty", Field: "input.name"}},
		{"BadID", BadID("id"), &Error{Kind: KindInvalid, Code: CodeBadID, Key: "id.bad", Field: "id"}},
		{"Exhausted", Exhausted("k", time.Hour), &Error{Kind: KindExhausted, Key: "k", RetryAfter: time.Hour}},
		{"Unavailable", Unavailable("k", nil), &Error{Kind: KindUnavailable, Key: "k", RetryAfter: time.Second}},
		{"VersionConflict", VersionConflict(), &Error{Kind: KindConflict, Code: CodeVersionConflict, Key: "version.conflict", Field: "input.expectedVersion"}},
	} {
		if diff := cmp.Diff(tc.want, tc.got); diff != "" {
			t.Errorf("%s (-want +got):\n%s", tc.name, diff)
		}
	}
	if !errors.Is(Unavailable("k", errPrivate), errPrivate) {
		t.Error("the cause of Unavailable is lost")
	}
}

func TestTextForTheLog(t *testing.T) {
	t.Parallel()
	for want, err := range map[string]error{
		"k":                       NotFound("k"),
		"k (input.name)":          Invalid("input.name", "k"),
		"k: private":              NotFound("k").Because(errPrivate),
		"k (input.name): private": Invalid("input.name", "k").Because(errPrivate),
		"a (input.a); b":          Problems{Invalid("input.a", "a"), NotFound("b")},
		"a (input.a): private; b": Problems{Invalid("input.a", "a").Because(errPrivate), NotFound("b")},
		"do: version.conflict (input.expectedVersion)": fmt.Errorf("do: %w", VersionConflict()),
	} {
		if got := err.Error(); got != want {
			t.Errorf("got %q, want %q", got, want)
		}
	}
}

// A fault may be shared, so With and Because do not change it.
func TestWithAndBecauseCopy(t *testing.T) {
	t.Parallel()
	first := Invalid("input.name", "text.long").With("Max", 1)
	second := first.With("Max", 2).With("Min", 3)
	third := second.Because(errPrivate)
	if diff := cmp.Diff(Args{"Max": 1}, first.Args); diff != "" {
		t.Errorf("the first has changed (-want +got):\n%s", diff)
	}
	if diff := cmp.Diff(Args{"Max": 2, "Min": 3}, second.Args); diff != "" {
		t.Errorf("the second (-want +got):\n%s", diff)
	}
	if second.Err != nil || !errors.Is(third, errPrivate) {
		t.Errorf("causes: %v and %v, want none and the private one", second.Err, third.Err)
	}
	if third.Key != "text.long" || third.Field != "input.name" || third.Kind != KindInvalid {
		t.Errorf("the copy has lost something: %+v", third)
	}
}

func TestProblems(t *testing.T) {
	t.Parallel()
	var p Problems
	p.Add(nil)
	if err := p.Err(); err != nil {
		t.Fatalf("no problem is %v", err)
	}
	p.Add(Invalid("input.a", "a"))
	p.Add(Conflict("b").Because(errPrivate))
	err := fmt.Errorf("validate: %w", p.Err())
	got, ok := errors.AsType[Problems](err)
	if !ok || len(got) != 2 || got[0].Key != "a" || got[1].Key != "b" {
		t.Errorf("got %v, want both problems in order", got)
	}
	if !errors.Is(err, errPrivate) {
		t.Error("the cause of the second problem is not found")
	}
	if !Is(err, KindInvalid) || !HasCode(err, CodeBadUserInput) {
		t.Error("several problems are not of the first one's kind")
	}
}

func TestAddAt(t *testing.T) {
	t.Parallel()
	known := Invalid("", "time.local").With("Max", 1).Because(errPrivate)
	var p Problems
	p.AddAt("input.startsAt", nil)
	p.AddAt("input.startsAt", errPrivate)
	if len(p) != 0 {
		t.Fatalf("what is no fault was added: %v", p)
	}
	p.AddAt("input.startsAt", fmt.Errorf("parse: %w", known))
	if len(p) != 1 {
		t.Fatalf("%d problems, want one", len(p))
	}
	got := *p[0]
	if !errors.Is(got.Err, errPrivate) {
		t.Errorf("the cause is %v", got.Err)
	}
	got.Err = nil
	if diff := cmp.Diff(Error{Kind: KindInvalid, Key: "time.local", Args: Args{"Max": 1}, Field: "input.startsAt"}, got); diff != "" {
		t.Errorf("(-want +got):\n%s", diff)
	}
	if known.Field != "" {
		t.Errorf("the fault itself was changed: %q", known.Field)
	}
}
