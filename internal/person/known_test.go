package person

import (
	"strconv"
	"testing"
)

// The number of remembered accounts is bounded, however many call, and an account that calls
// again and again is remembered.
func TestWhatIsRememberedHasAnEnd(t *testing.T) {
	t.Parallel()
	k := &known{}
	k.put("regular", "anna")
	for i := range 5 * knownEach {
		k.put(strconv.Itoa(i), "somebody")
		if i%1000 == 0 {
			if p, ok := k.get("regular"); !ok || p != "anna" {
				t.Fatalf("after %d others: %q, %t", i, p, ok)
			}
		}
		if n := len(k.younger) + len(k.older); n > 2*knownEach {
			t.Fatalf("%d are remembered", n)
		}
	}
	if p, ok := k.get(strconv.Itoa(5*knownEach - 1)); !ok || p != "somebody" {
		t.Errorf("the last one is %q, %t", p, ok)
	}
	if _, ok := k.get("0"); ok {
		t.Error("the first one is still remembered")
	}
}
