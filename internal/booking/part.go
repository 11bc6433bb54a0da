package booking

import "faellesskab/internal/part"

// Part is what bookings bring to the community, whatever is booked. The indexes are
// those of the services.
func (o *Offers) Part() part.Part {
	return part.Part{Kinds: o.noticeKinds(), Audiences: o.audiences()}
}
