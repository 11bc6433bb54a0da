package privacy_test

import (
	"testing"
	"time"

	"faellesskab/internal/privacy"
)

func TestSpansInWords(t *testing.T) {
	t.Parallel()
	const day = 24 * time.Hour
	for want, span := range map[string]time.Duration{"2 years": 730 * day, "1 year": 365 * day, "366 days": 366 * day, "90 days": 90 * day, "24 hours": day,
		"2 days": 2 * day, "36 hours": 36 * time.Hour, "1 hour": time.Hour, "10 minutes": 10 * time.Minute, "1s": time.Second} {
		if got := privacy.For(span); got != want {
			t.Errorf("%v is %q, want %q", span, got, want)
		}
	}
	for want, span := range map[string]time.Duration{"43 minutes": 42*time.Minute + time.Second, "42 minutes": 42 * time.Minute, "1 hour": time.Hour - time.Second} {
		if got := privacy.UpTo(span); got != want {
			t.Errorf("up to %v is %q, want %q", span, got, want)
		}
	}
}
