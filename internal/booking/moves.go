package booking

import "faellesskab/internal/fault"

// This file is the table of a booking's states. It says what may happen to a booking in each
// state, who may do it, what it becomes, whether its seats become free, and what the person is
// told. All code that gives a booking a state asks it (a test holds this).

// stateNone is the state of a booking that never was.
const stateNone State = ""

// States are all states that this version knows.
var States = []State{stateNone, PendingApproval, Confirmed, Waitlisted, Offered, Declined, Cancelled, Attended, NoShow}

// holding are the states in which a booking takes seats.
var holding = []State{Confirmed, Offered, Attended, NoShow}

var (
	stays   = step{}
	already = denied(fault.Conflict("booking.already"))
	noSeat  = denied(fault.NotFound("booking.none"))
	noOffer = denied(fault.Conflict("booking.no_offer"))

	byHand     = denied(fault.Conflict("booking.hand.already"))
	notHeld    = denied(fault.Conflict("booking.hand.none"))
	notPending = denied(fault.Conflict("booking.not_pending"))
)

// These acts are done by people for themselves.
var (
	// actTake takes a seat. People who have given up a booking may do it again.
	actTake = act{name: "take a seat", by: oneself, newer: already, from: map[State]step{
		stateNone: becomes(Confirmed), PendingApproval: already, Confirmed: already, Waitlisted: already, Offered: already,
		Declined: becomes(Confirmed), Cancelled: becomes(Confirmed), Attended: already, NoShow: already,
	}}
	// actJoin joins the line, at which somebody looks once the booking is written.
	actJoin = act{name: "join the line", by: oneself, newer: already, from: map[State]step{
		stateNone: becomes(Waitlisted), PendingApproval: already, Confirmed: already, Waitlisted: already, Offered: already,
		Declined: becomes(Waitlisted), Cancelled: becomes(Waitlisted), Attended: already, NoShow: already,
	}}
	// actApply asks the organiser for a seat.
	actApply = act{name: "ask for approval", by: oneself, newer: already, from: map[State]step{
		stateNone: becomes(PendingApproval), PendingApproval: already, Confirmed: already, Waitlisted: already, Offered: already,
		Declined: becomes(PendingApproval), Cancelled: becomes(PendingApproval), Attended: already, NoShow: already,
	}}
	actLeave = act{name: "leave", by: oneself, newer: noSeat, from: map[State]step{
		stateNone: noSeat, PendingApproval: becomes(Cancelled), Confirmed: becomes(Cancelled), Waitlisted: becomes(Cancelled).looking(), Offered: becomes(Declined),
		Declined: noSeat, Cancelled: noSeat, Attended: noSeat, NoShow: noSeat,
	}}
	actAccept = act{name: "accept the offer", by: oneself, newer: noOffer, from: map[State]step{
		stateNone: noSeat, PendingApproval: noOffer, Confirmed: noOffer, Waitlisted: noOffer, Offered: becomes(Confirmed),
		Declined: noOffer, Cancelled: noOffer, Attended: noOffer, NoShow: noOffer,
	}}
	actDecline = act{name: "decline the offer", by: oneself, newer: noOffer, from: map[State]step{
		stateNone: noSeat, PendingApproval: noOffer, Confirmed: noOffer, Waitlisted: noOffer, Offered: becomes(Declined),
		Declined: noOffer, Cancelled: noOffer, Attended: noOffer, NoShow: noOffer,
	}}
)

// These acts are done by the program when seats are free.
var (
	// actGrant gives a seat to a person in line, when there is no time for asking.
	actGrant = act{name: "grant a seat", by: program, newer: stays, from: map[State]step{
		stateNone: stays, PendingApproval: stays, Confirmed: stays, Waitlisted: becomes(Confirmed).telling(NoticeSeatGranted), Offered: stays,
		Declined: stays, Cancelled: stays, Attended: stays, NoShow: stays,
	}}
	actOffer = act{name: "offer a seat", by: program, newer: stays, from: map[State]step{
		stateNone: stays, PendingApproval: stays, Confirmed: stays, Waitlisted: becomes(Offered).telling(NoticeSeatOffered), Offered: stays,
		Declined: stays, Cancelled: stays, Attended: stays, NoShow: stays,
	}}
	// actAsk asks a person with a seat whether they still come, at a thing that was cancelled and brought back.
	actAsk = act{name: "asked again", by: program, newer: stays, from: map[State]step{
		stateNone: stays, PendingApproval: stays, Confirmed: becomes(Offered).telling(NoticeSeatOffered), Waitlisted: stays, Offered: stays,
		Declined: stays, Cancelled: stays, Attended: stays, NoShow: stays,
	}}
	// actLapse takes back an offer at its deadline, which the offer has told.
	actLapse = act{name: "the offer lapses", by: program, newer: noOffer, from: map[State]step{
		stateNone: noSeat, PendingApproval: noOffer, Confirmed: noOffer, Waitlisted: noOffer, Offered: ends(EndedOfferLapsed),
		Declined: noOffer, Cancelled: noOffer, Attended: noOffer, NoShow: noOffer,
	}}
	// actPassOver takes a person out of line whose turn has come, and who may not have a seat
	// any more.
	actPassOver = act{name: "their turn comes, without access", by: program, newer: stays, from: map[State]step{
		stateNone: stays, PendingApproval: stays, Confirmed: stays, Waitlisted: ends(EndedLostAccess).telling(NoticeBookingEnded), Offered: stays,
		Declined: stays, Cancelled: stays, Attended: stays, NoShow: stays,
	}}
	// actMisfit takes a party out of line that is larger than the capacity has become.
	actMisfit = act{name: "the party never fits", by: program, newer: stays, from: map[State]step{
		stateNone: stays, PendingApproval: stays, Confirmed: stays, Waitlisted: ends(EndedNeverFits).telling(NoticeBookingEnded), Offered: stays,
		Declined: stays, Cancelled: stays, Attended: stays, NoShow: stays,
	}}
)

// These acts follow from what happens to the person or to the thing.
var (
	// actLose ends the booking of a person who has left or lost the group. Free seats may have
	// waited for their party.
	actLose = act{name: "lose access", by: program, newer: stays, from: map[State]step{
		stateNone: stays, PendingApproval: lost, Confirmed: lost, Waitlisted: lost, Offered: lost,
		Declined: stays, Cancelled: stays, Attended: stays, NoShow: stays,
	}}
	// actOver ends what waits for an answer when the thing begins, is cancelled or completed.
	// People hear of that by other news.
	actOver = act{name: "the thing is over", by: program, newer: stays, from: map[State]step{
		stateNone: stays, PendingApproval: ends(EndedOver), Confirmed: stays, Waitlisted: ends(EndedOver), Offered: ends(EndedOver),
		Declined: stays, Cancelled: stays, Attended: stays, NoShow: stays,
	}}
	// actErase ends the booking of a person who has been erased, before it is removed. A seat at
	// a thing that has begun stays, and becomes nobody's.
	actErase = act{name: "the person is erased", by: program, newer: stays, from: map[State]step{
		stateNone: stays, PendingApproval: erased, Confirmed: erased, Waitlisted: erased, Offered: erased,
		Declined: stays, Cancelled: stays, Attended: stays, NoShow: stays,
	}}
	lost   = ends(EndedLostAccess).telling(NoticeBookingEnded).looking()
	erased = ends(EndedOver).looking()
)

// These acts follow when nobody waits any more.
var (
	// actClose ends what waits for an answer when sign-up closes before the start. The organiser may still
	// approve people.
	actClose = act{name: "sign-up closes", by: program, newer: stays, from: map[State]step{
		stateNone: stays, PendingApproval: stays, Confirmed: stays, Waitlisted: shut, Offered: shut,
		Declined: stays, Cancelled: stays, Attended: stays, NoShow: stays,
	}}
	// actUnanswered ends a sign-up that nobody has approved or declined when the thing begins.
	actUnanswered = act{name: "the thing begins unanswered", by: program, newer: stays, from: map[State]step{
		stateNone: stays, PendingApproval: ends(EndedOver).telling(NoticeBookingEnded), Confirmed: stays, Waitlisted: stays, Offered: stays,
		Declined: stays, Cancelled: stays, Attended: stays, NoShow: stays,
	}}
	shut = ends(EndedClosed).telling(NoticeBookingEnded)
)

// These acts are done by organisers for a person who has asked for approval.
var (
	actApprove = act{name: "approve", by: organiser, newer: notPending, from: map[State]step{
		stateNone: notPending, PendingApproval: becomes(Confirmed).telling(NoticeApproved), Confirmed: notPending, Waitlisted: notPending, Offered: notPending,
		Declined: notPending, Cancelled: notPending, Attended: notPending, NoShow: notPending,
	}}
	// actAdmit approves a person for whom no seat is free.
	actAdmit = act{name: "approve for the line", by: organiser, newer: notPending, from: map[State]step{
		stateNone: notPending, PendingApproval: becomes(Waitlisted).telling(NoticeApproved), Confirmed: notPending, Waitlisted: notPending, Offered: notPending,
		Declined: notPending, Cancelled: notPending, Attended: notPending, NoShow: notPending,
	}}
	actRefuse = act{name: "decline the person", by: organiser, newer: notPending, from: map[State]step{
		stateNone: notPending, PendingApproval: becomes(Declined).saying(EndedNotApproved).telling(NoticeBookingEnded), Confirmed: notPending, Waitlisted: notPending,
		Offered: notPending, Declined: notPending, Cancelled: notPending, Attended: notPending, NoShow: notPending,
	}}
)

// These acts are done by organisers for people who phone or come to the door.
var (
	// actSign signs somebody up. Whoever was in line, was offered a seat or waited for approval gets it.
	actSign = act{name: "sign up by hand", by: organiser, newer: byHand, from: map[State]step{
		stateNone: signed, PendingApproval: signed, Confirmed: byHand, Waitlisted: signed, Offered: signed,
		Declined: signed, Cancelled: signed, Attended: byHand, NoShow: byHand,
	}}
	// actWalkIn does so at the door, where the person is checked in at once.
	actWalkIn = act{name: "sign up at the door", by: organiser, newer: byHand, from: map[State]step{
		stateNone: walkedIn, PendingApproval: walkedIn, Confirmed: byHand, Waitlisted: walkedIn, Offered: walkedIn,
		Declined: walkedIn, Cancelled: walkedIn, Attended: byHand, NoShow: byHand,
	}}
	// actRemove takes somebody off the list. Whoever is checked in is not taken off.
	actRemove = act{name: "remove", by: organiser, newer: notHeld, from: map[State]step{
		stateNone: notHeld, PendingApproval: removed, Confirmed: removed, Waitlisted: removed.looking(), Offered: removed,
		Declined: notHeld, Cancelled: notHeld, Attended: notHeld, NoShow: notHeld,
	}}
	signed   = becomes(Confirmed).telling(NoticeSignedUp)
	walkedIn = becomes(Attended).telling(NoticeSignedUp)
	removed  = ends(EndedRemoved).telling(NoticeBookingEnded)
)

// These acts are done by the people who run a thing, by completing it or closing its attendance.
var (
	actAttend = act{name: "found to have attended", by: organiser, newer: stays, from: map[State]step{
		stateNone: stays, PendingApproval: stays, Confirmed: becomes(Attended), Waitlisted: stays, Offered: stays,
		Declined: stays, Cancelled: stays, Attended: stays, NoShow: stays,
	}}
	actMiss = act{name: "found missing", by: organiser, newer: stays, from: map[State]step{
		stateNone: stays, PendingApproval: stays, Confirmed: becomes(NoShow), Waitlisted: stays, Offered: stays,
		Declined: stays, Cancelled: stays, Attended: stays, NoShow: stays,
	}}
)

// actReopen gives people their seats again when a completion is undone.
var actReopen = act{name: "the completion is undone", by: organiser, newer: stays, from: map[State]step{
	stateNone: stays, PendingApproval: stays, Confirmed: stays, Waitlisted: stays, Offered: stays,
	Declined: stays, Cancelled: stays, Attended: becomes(Confirmed), NoShow: becomes(Confirmed),
}}

// These acts are done at the door.
var (
	noSeatHere = denied(fault.Conflict("checkin.no_seat"))
	hasEnded   = denied(fault.Conflict("checkin.ended"))
	notIn      = denied(fault.Conflict("checkin.not_in"))

	// actCheckIn lets somebody in who has a seat, also after attendance was closed.
	actCheckIn = act{name: "check in", by: organiser, newer: noSeatHere, from: map[State]step{
		stateNone: noSeat, PendingApproval: noSeatHere, Confirmed: becomes(Attended), Waitlisted: noSeatHere, Offered: noSeatHere,
		Declined: hasEnded, Cancelled: hasEnded, Attended: stays, NoShow: becomes(Attended),
	}}
	// actLetIn records that somebody was let in by people who did not know that the booking had ended. They
	// take seats, also if there are none.
	actLetIn = act{name: "check in by a record from before", by: organiser, newer: noSeatHere, from: map[State]step{
		stateNone: noSeat, PendingApproval: noSeatHere, Confirmed: becomes(Attended), Waitlisted: noSeatHere, Offered: noSeatHere,
		Declined: becomes(Attended), Cancelled: becomes(Attended), Attended: stays, NoShow: becomes(Attended),
	}}
	actUndo = act{name: "undo a check-in", by: organiser, newer: notIn, from: map[State]step{
		stateNone: notIn, PendingApproval: notIn, Confirmed: notIn, Waitlisted: notIn, Offered: notIn,
		Declined: notIn, Cancelled: notIn, Attended: becomes(Confirmed), NoShow: notIn,
	}}
	// actUndoEnded undoes the check-in of a booking that had ended. It ends for the reason that it had.
	actUndoEnded = act{name: "undo the check-in of a booking that had ended", by: organiser, newer: notIn, from: map[State]step{
		stateNone: notIn, PendingApproval: notIn, Confirmed: notIn, Waitlisted: notIn, Offered: notIn,
		Declined: notIn, Cancelled: notIn, Attended: ends(EndedOver), NoShow: notIn,
	}}
)

// acts are all acts.
var acts = []act{actTake, actJoin, actApply, actLeave, actAccept, actDecline, actGrant, actOffer, actAsk, actLapse, actPassOver, actMisfit,
	actLose, actOver, actErase, actClose, actUnanswered, actApprove, actAdmit, actRefuse, actSign, actWalkIn, actRemove, actAttend, actMiss, actReopen,
	actCheckIn, actLetIn, actUndo, actUndoEnded}
