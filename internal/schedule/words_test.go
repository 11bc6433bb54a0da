package schedule_test

import (
	"testing"

	"faellesskab/internal/place"
	"faellesskab/internal/schedule"
)

// A place that has only an address, or only a position, is not said to be unknown.
func TestWordsNameEachPlace(t *testing.T) {
	t.Parallel()
	for want, p := range map[string]*place.Place{
		"":                   nil,
		"Salen":              {Name: "Salen", Address: "Ågade 1"},
		"Ågade 1":            {Address: "Ågade 1"},
		"55.70000, 11.70000": {Latitude: new(55.7), Longitude: new(11.7)},
	} {
		if got := (schedule.Entry{Place: p}).Words()["Place"]; got != want {
			t.Errorf("%+v is called %q, want %q", p, got, want)
		}
	}
}
