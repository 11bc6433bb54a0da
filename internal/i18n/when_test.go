package i18n

import "testing"

func TestFormatLocal(t *testing.T) {
	t.Parallel()
	for _, tc := range []struct{ local, danish, english string }{
		{"2026-12-01T18:00:00", "tirsdag 1. december kl. 18.00", "Tuesday 1 December at 18:00"},
		{"2026-03-08T09:05:00", "søndag 8. marts kl. 09.05", "Sunday 8 March at 09:05"},
		{"2027-05-22T00:00:59", "lørdag 22. maj kl. 00.00", "Saturday 22 May at 00:00"},
		{"2028-02-29T12:30:00", "tirsdag 29. februar kl. 12.30", "Tuesday 29 February at 12:30"},
		{"", "", ""},
		{"2026-12-01", "", ""},
		{"2026-12-01T18:00", "", ""},
		{"2026-12-01T18:00:00Z", "", ""},
		{"2026-02-30T18:00:00", "", ""},
		{"2026-12-01T25:00:00", "", ""},
		{"i morgen", "", ""},
	} {
		if got := FormatLocal(Danish, tc.local); got != tc.danish {
			t.Errorf("Danish %q: got %q, want %q", tc.local, got, tc.danish)
		}
		if got := FormatLocal(English, tc.local); got != tc.english {
			t.Errorf("English %q: got %q, want %q", tc.local, got, tc.english)
		}
	}
}
