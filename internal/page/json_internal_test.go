package page

import (
	"encoding/json"
	"testing"
)

// FuzzAppendJSON compares texts with those that encoding/json writes.
func FuzzAppendJSON(f *testing.F) {
	for c := range 0x100 {
		f.Add("a" + string([]byte{byte(c)}) + "z")
	}
	for _, s := range []string{"", "Europe/Copenhagen", "ærø", "\u2028\u2029", "👨‍👩‍👧", "\xc3"} {
		f.Add(s)
	}
	f.Fuzz(func(t *testing.T, s string) {
		want, err := json.Marshal(s)
		if got := string(appendJSON([]byte("before "), s)); err != nil || got != "before "+string(want) {
			t.Errorf("%q is written as %s, want %s, %v", s, got, want, err)
		}
	})
}
