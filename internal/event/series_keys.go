package event

import "strings"

// keySeparator stands between the ids in the key of an event's dates.
const keySeparator = ","

// FirstKey is the key by which FirstOccurrences finds the first dates of the event, and NextKey that of the next ones. A key
// carries the ids, so that the dates of a whole list of events are found at once, and the events need not be read again.
func (e *Event) FirstKey() string {
	if e.Series == nil {
		return e.ID
	}
	return strings.Join(append([]string{e.ID}, e.Series.FirstIDs...), keySeparator)
}

// HasFirst reports whether FirstKey is the key of a page of so many dates.
func (e *Event) HasFirst(n int) bool { return e.Series == nil || n < listedDates }

// NextKey is the key of the next dates; see FirstKey.
func (e *Event) NextKey() string {
	if e.Series == nil {
		return e.ID
	}
	return strings.Join(append([]string{e.ID}, e.Series.NextIDs[:min(nextDates, len(e.Series.NextIDs))]...), keySeparator)
}

// nextDates is how many dates are read to find the next one: some may have ended since somebody looked.
const nextDates = 3

// isDateOf reports whether a date is one of the event of a key, and not of one that continues it by now.
func isDateOf(key string, o *Occurrence) bool {
	eventID, _, _ := strings.Cut(key, keySeparator)
	return o.EventID == eventID
}

// datesOfKey are the ids of the dates that a key is for.
func datesOfKey(key string) []string {
	eventID, rest, isSeries := strings.Cut(key, keySeparator)
	switch {
	case isSeries:
		return strings.Split(rest, keySeparator)
	default:
		return []string{occurrenceID(eventID)}
	}
}
