package clock

import "time"

// Since is how much later a time is than another by the clock on the wall. Over the night on which
// the clock is put back, a day from noon to noon is 24 hours of the wall, and 25 that pass.
func (l Local) Since(other Local) time.Duration { return l.onPaper().Sub(other.onPaper()) }

// Plus is the time a while later by the clock on the wall.
func (l Local) Plus(d time.Duration) Local { return Local(l.onPaper().Add(d).Format(localLayout)) }

// onPaper is the time as if no clock were ever changed.
func (l Local) onPaper() time.Time {
	t, err := time.Parse(localLayout, string(l))
	if err != nil {
		return time.Time{} // a Local is checked when it comes in
	}
	return t
}

// Shown is the time as the clock on the wall of a zone shows it. It is another one only if the
// clock is put forward past the time: then it is as much later.
func (l Local) Shown(z Zone) Local {
	if _, err := l.In(z); err == nil {
		return l
	}
	// Go reads a skipped time with the offset of either side.
	t, err := time.ParseInLocation(localLayout, string(l), z.location())
	if err != nil {
		return l
	}
	if shown := LocalOf(t, z); shown < l {
		return LocalOf(t.Add(l.Since(shown)), z)
	}
	return LocalOf(t, z)
}
