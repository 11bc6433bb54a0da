package clock

import (
	"slices"
	"time"
)

// Since is how much later a time is than another by the clock on the wall. Over the night on which
// the clock is put back, a day from noon to noon is 24 hours of the wall, and 25 that pass.
func (l Local) Since(other Local) time.Duration { return l.OnPaper().Sub(other.OnPaper()) }

// Plus is the time a while later by the clock on the wall.
func (l Local) Plus(d time.Duration) Local { return Local(l.OnPaper().Add(d).Format(localLayout)) }

// OnPaper is the time as if no clock were ever changed, as an instant of UTC.
func (l Local) OnPaper() time.Time {
	t, err := time.Parse(localLayout, string(l))
	if err != nil {
		return time.Time{} // a Local is checked when it comes in
	}
	return t
}

// instants are the instants at which the clock on the wall of a zone shows the time, in order: none if
// the clock is put forward past it, and two if the clock is put back over it. Of the two, the first is by
// the clock that is still ahead.
func (l Local) instants(z Zone) []time.Time {
	var list []time.Time
	for _, offset := range l.offsets(z) {
		at := l.OnPaper().Add(-offset)
		if LocalOf(at, z) == l && !slices.Contains(list, at) {
			list = append(list, at)
		}
	}
	return list
}

// IsTwice reports whether the clock on the wall of a zone shows the time twice, because it is put back over it.
func (l Local) IsTwice(z Zone) bool { return len(l.instants(z)) > 1 }

// offsets are how far the clock of a zone is ahead of UTC a day before and a day after the time. How much a
// clock is put forward or back differs: by half an hour on Lord Howe, and by two at Troll.
func (l Local) offsets(z Zone) [2]time.Duration {
	var list [2]time.Duration
	for i, days := range []int{-1, 1} {
		_, seconds := z.At(l.OnPaper().AddDate(0, 0, days)).Zone()
		list[i] = time.Duration(seconds) * time.Second
	}
	return list
}

// Shown is the time as the clock on the wall of a zone shows it. It is another one only if the
// clock is put forward past the time: then it is as much later.
func (l Local) Shown(z Zone) Local {
	if len(l.instants(z)) > 0 {
		return l
	}
	return LocalOf(l.OnPaper().Add(-l.offsets(z)[0]), z) // as if the clock had not been put forward
}
