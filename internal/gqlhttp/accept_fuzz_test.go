package gqlhttp

import (
	"net/http"
	"strings"
	"testing"
)

// For every Accept, a client gets no type that it has ruled out by name, and no stream that it
// has not asked for.
func FuzzAccept(f *testing.F) {
	for _, row := range negotiations {
		f.Add(strings.Join(row.accept, ","))
	}
	f.Fuzz(func(t *testing.T, accept string) {
		got := negotiate(http.Header{"Accept": {accept}})
		lower := strings.ToLower(accept)
		if (got.events || got.stream) && !strings.Contains(lower, typeEvents) && !strings.Contains(lower, "*") {
			t.Errorf("%q gets a stream", accept)
		}
		if got.one == typeResponse && !strings.Contains(lower, typeResponse) && !strings.Contains(lower, "*") {
			t.Errorf("%q gets %s", accept, typeResponse)
		}
		for _, no := range []string{typeJSON, typeResponse, typeEvents} {
			ruledOut := negotiate(http.Header{"Accept": {accept, no + ";q=0"}})
			isNamed := strings.Contains(lower, no) || strings.Contains(lower, `"`) || strings.Contains(lower, "(")
			if !isNamed && (ruledOut.one == no || no == typeEvents && (ruledOut.events || ruledOut.stream)) {
				t.Errorf("%q gets %s, which it does not take", accept, no)
			}
		}
	})
}
