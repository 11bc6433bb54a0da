package secret_test

import (
	"bytes"
	"testing"

	"faellesskab/internal/secret"
)

func TestCodesOfDifferentThingsDiffer(t *testing.T) {
	t.Parallel()
	one, two := secret.New([]byte("one")), secret.New([]byte("two"))
	of := one.Code("tickets", "ab", "c")
	for name, other := range map[string][]byte{
		"another split": one.Code("tickets", "a", "bc"), "another purpose": one.Code("calendars", "ab", "c"),
		"another secret": two.Code("tickets", "ab", "c"), "one part more": one.Code("tickets", "ab", "c", ""),
	} {
		if bytes.Equal(of, other) {
			t.Errorf("%s has the same code", name)
		}
	}
	if !bytes.Equal(of, one.Code("tickets", "ab", "c")) {
		t.Error("the code is another one now")
	}
}

func TestAReplacedSecretIsStillKnown(t *testing.T) {
	t.Parallel()
	before, after := secret.New([]byte("one")), secret.New([]byte("two"), []byte("one"))
	code := before.Code("tickets", "x")[:12]
	if !after.IsCode(code, "tickets", "x") || !after.IsCode(after.Code("tickets", "x"), "tickets", "x") {
		t.Error("a code is not known")
	}
	if secret.New([]byte("two")).IsCode(code, "tickets", "x") || after.IsCode(code, "tickets", "y") || after.IsCode(code[:9], "tickets", "x") || after.IsCode(nil, "tickets", "x") {
		t.Error("what is no code is known")
	}
}
