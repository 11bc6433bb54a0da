package booking

import (
	"context"
	"time"

	"faellesskab/internal/notify"
)

// Night is the hours of each day of the week, in the person's own zone, in which they are not asked. An offer
// does not end in them, and its push waits until they are over.
type Night struct{ week notify.Week }

// NightOf is the night of a person with these settings, where they are: their quiet hours. People who allow pushes
// at any hour of a day may still be asleep from 21:00 to 08:00.
func NightOf(s *notify.Settings) Night {
	week := s.Week()
	for i, h := range week.Days {
		if h.From == h.Until {
			week.Days[i] = notify.QuietHours{From: "21:00", Until: "08:00"}
		}
	}
	return Night{week}
}

func (s *Service) nightOf(ctx context.Context, personID string) (Night, error) {
	settings, err := s.Settings(ctx, personID)
	if err != nil {
		return Night{}, err
	}
	return NightOf(settings), nil
}

// covers reports whether an instant lies in a night.
func (n Night) covers(t time.Time) bool {
	_, ok := n.week.End(t)
	return ok
}

// end is the end of the night in which an instant lies.
func (n Night) end(t time.Time) time.Time {
	end, _ := n.week.End(t)
	return end
}

// begin is the beginning of the night in which an instant lies.
func (n Night) begin(t time.Time) time.Time { return n.week.Begin(t) }

// share is d, or half of the shortest day between two nights, if that is shorter.
func (n Night) share(d time.Duration) time.Duration { return min(d, n.week.Gap()/2) }
