package text

import "testing"

func TestAmong(t *testing.T) {
	t.Parallel()
	for in, want := range map[string]string{
		"":          "",
		"Ane":       "Ane",
		"Ане":       "Ане",
		"أحمد":      "\u2068أحمد\u2069",
		"Ane דן":    "\u2068Ane דן\u2069",
		"2027 !?":   "2027 !?",
		"می\u200cخ": "\u2068می\u200cخ\u2069",
	} {
		if got := Among(in); got != want {
			t.Errorf("%q among others: %q, want %q", in, got, want)
		}
		if got := Alone(Among(in)); got != in {
			t.Errorf("%q alone: %q", in, got)
		}
	}
	for _, sentence := range []string{"\u2068أحمد\u2069 og \u2068דן\u2069", "\u2068أحمد\u2069 vil", "Hej \u2068أحمد\u2069"} {
		if got := Alone(sentence); got != sentence {
			t.Errorf("%q became %q", sentence, got)
		}
	}
}
