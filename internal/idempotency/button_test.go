package idempotency_test

import (
	"fmt"
	"strings"
	"sync/atomic"
	"testing"

	"github.com/google/uuid"

	"faellesskab/internal/auth"
	ct "faellesskab/internal/community/communitytest"
	"faellesskab/internal/fault"
	"faellesskab/internal/idempotency"
)

// The key of a button is a UUID like any other. It is the same every time, and another for another person,
// notice or button. It says nothing that two keys of a person have in common.
func TestKeysOfButtons(t *testing.T) {
	t.Parallel()
	key := idempotency.ButtonKey("per_a", "per_a:x", "ACCEPT_OFFER")
	if key != idempotency.ButtonKey("per_a", "per_a:x", "ACCEPT_OFFER") {
		t.Error("the key changes")
	}
	if problem := idempotency.CheckKey(&key); problem != nil {
		t.Errorf("the key %s is refused: %v", key, problem)
	}
	id := uuid.MustParse(key)
	if id.Version() != 8 || id.Variant() != uuid.RFC4122 {
		t.Errorf("the key %s is of version %d and variant %s", key, id.Version(), id.Variant())
	}
	seen := map[string]string{}
	for _, person := range []string{"per_a", "per_b"} {
		for n := range 50 {
			for _, action := range []string{"ACCEPT_OFFER", "DECLINE_OFFER"} {
				key := idempotency.ButtonKey(person, fmt.Sprint(person, ":", n), action)
				for _, part := range []string{key[8:], key[:20] + "|"} { // what differs, and what stands for the person
					if of := seen[part]; of != "" {
						t.Fatalf("%s of %s and %s have %s in common", key, person, of, part)
					}
					seen[part] = person
				}
			}
		}
	}
}

// The key of a button is taken from the person whose it is, in capital letters too, and from nobody else. Keys
// that apps make, of whatever version, are taken from everybody.
func TestAButtonIsItsOwners(t *testing.T) {
	t.Parallel()
	w := ct.New(t)
	key := idempotency.ButtonKey("per_a", "per_a:x", "ACCEPT_OFFER")
	var ran atomic.Int64
	for name, row := range map[string]struct {
		person, key string
		refused     bool
	}{
		"its owner":               {"per_a", key, false},
		"its owner, once more":    {"per_a", strings.ToUpper(key), false},
		"somebody else":           {"per_b", key, true},
		"somebody else, in caps":  {"per_b", strings.ToUpper(key), true},
		"nobody":                  {"", key, true},
		"a key made by chance":    {"per_b", uuid.NewString(), false},
		"another of version 8":    {"per_b", "01234567-89ab-8def-8123-456789abcdef", false},
		"another with the mark":   {"per_b", "6661656c-89ab-4def-8123-456789abcdef", false},
		"a button that is forged": {"per_a", key[:9] + "0000" + key[13:], true},
	} {
		_, err := do(auth.WithViewer(t.Context(), auth.Viewer{PersonID: row.person}), w, row.key, "x", &ran, nil)
		if fault.Is(err, fault.KindForbidden) != row.refused || err != nil != row.refused {
			t.Errorf("%s: %v", name, err)
		}
	}
}
