package auth

import (
	"crypto/sha256"
	"fmt"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"faellesskab/internal/clock"
)

// A token that was checked a moment ago says the same, and its signature is not checked again.
func TestRememberedToken(t *testing.T) {
	v, _, _ := newFixture(t)
	token := sign(t, "one", keyOne, goodBody())
	first, err := v.Verify(t.Context(), token)
	if err != nil {
		t.Fatal(err)
	}
	again, ok := v.remembered(t.Context(), tokenHash(token))
	if diff := cmp.Diff(first, again); !ok || diff != "" {
		t.Error(ok, diff)
	}
	wantRefusal(t, verify(v, token+"A"), "auth.token.invalid")
	if n := len(v.checked.younger); n != 1 {
		t.Errorf("%d tokens are remembered, want the good one only", n)
	}
}

// A remembered token ends at the instant at which one that is not remembered does, and is checked
// anew after five minutes or if the clock was set back.
func TestRememberedTokenEnds(t *testing.T) {
	v, _, now := newFixture(t)
	body := goodBody()
	body["exp"] = noon.Add(2 * time.Minute).Unix()
	short, long := sign(t, "one", keyOne, body), sign(t, "one", keyOne, goodBody())
	wantRefusal(t, verify(v, short), "")
	wantRefusal(t, verify(v, long), "")
	now.Advance(3*time.Minute - time.Millisecond)
	wantRefusal(t, verify(v, short), "")
	now.Advance(time.Millisecond)
	wantRefusal(t, verify(v, short), "auth.token.expired")
	now.Advance(2*time.Minute - time.Millisecond)
	if _, ok := v.remembered(t.Context(), tokenHash(long)); !ok {
		t.Error("the token is not remembered for five minutes")
	}
	now.Advance(time.Millisecond)
	if _, ok := v.remembered(t.Context(), tokenHash(long)); ok {
		t.Error("the token is remembered for more than five minutes")
	}
	wantRefusal(t, verify(v, long), "")
	now.Advance(-time.Hour)
	wantRefusal(t, verify(v, long), "auth.token.invalid") // it is not issued yet
}

// A key that is withdrawn, replaced or kept for something else takes the tokens with it that it
// has signed, although they are remembered.
func TestRememberedTokenWithoutItsKey(t *testing.T) {
	for name, keys := range map[string]string{
		"withdrawn": keySet("two", keyTwo),
		"replaced":  keySet("one", keyTwo, "two", keyTwo),
	} {
		t.Run(name, func(t *testing.T) {
			v, e, now := newFixture(t)
			token := sign(t, "one", keyOne, goodBody())
			wantRefusal(t, verify(v, token), "")
			e.answer(200, keys)
			now.Advance(unknownKeyPause)
			wantRefusal(t, verify(v, sign(t, "two", keyTwo, goodBody())), "") // causes a fetch
			wantRefusal(t, verify(v, token), "auth.token.invalid")
			if _, ok := v.remembered(t.Context(), tokenHash(token)); ok {
				t.Error("the token is still remembered")
			}
		})
	}
}

// However many tokens there are, two halves are remembered at most.
func TestRememberedTokensAreBounded(t *testing.T) {
	var c checkedTokens
	for i := range 3 * rememberedEach {
		c.put(sha256.Sum256(fmt.Append(nil, i)), &checkedToken{})
	}
	if n := len(c.younger) + len(c.older); n > 2*rememberedEach {
		t.Errorf("%d are remembered", n)
	}
}

func BenchmarkVerify(b *testing.B) {
	issuer, err := NewDevIssuer(clock.NewManual(noon), keyOne)
	if err != nil {
		b.Fatal(err)
	}
	token, err := issuer.Issue("ada", "Ada", time.Hour)
	if err != nil {
		b.Fatal(err)
	}
	for _, c := range []struct {
		name    string
		checked *checkedTokens
	}{{"each", nil}, {"remembered", &checkedTokens{}}} {
		b.Run(c.name, func(b *testing.B) {
			issuer.verifier.checked = c.checked
			b.ReportAllocs()
			for b.Loop() {
				if _, err := issuer.verifier.Verify(b.Context(), token); err != nil {
					b.Fatal(err)
				}
			}
		})
	}
}
