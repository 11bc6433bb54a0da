package booking

import "faellesskab/internal/part"

// Part is what bookings of all sorts bring to the community. The parts of events and courses
// have the indexes.
func (o *Offers) Part() part.Part {
	return part.Part{Kinds: o.noticeKinds(), Audiences: o.audiences()}
}
