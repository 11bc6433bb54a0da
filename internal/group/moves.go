package group

import (
	"time"

	"faellesskab/internal/fault"
)

// This file is the table of a membership's states. It says what may happen to a
// membership in each state, who may do it, what it becomes, and what people are told. All
// code that changes a state asks it.

// stateNone is the state of a membership that never was.
const stateNone MembershipState = ""

// States are all states that this version knows.
var States = []MembershipState{stateNone, StateRequested, StateInvited, StateActive, StateDeclined, StateLeft, StateRemoved, StateBanned}

// actor says who may do an act: the person whose membership it is, the program, or people
// with a permission in the group.
type actor string

const (
	oneself actor = "the person"
	program actor = "the program"
)

// act is one thing that may happen to a membership.
type act struct {
	name string
	by   actor
	// notOneself says that nobody may do it to their own membership.
	notOneself bool
	// ends says that the person may lose access by it.
	ends bool
	from map[MembershipState]step
	// newer is the step for a state that only a newer version knows, which may be a ban.
	newer step
}

// permission is the permission in the group that the act takes; empty if the person
// or the program does it.
func (a act) permission() Permission {
	if a.by == oneself || a.by == program {
		return ""
	}
	return Permission(a.by)
}

// step is what an act makes of a membership in one state.
type step struct {
	to   MembershipState // the new state; empty: it stays as it is
	tell news            // the news about it; empty: none
	// refuse makes the refusal; nil: the act is accepted.
	refuse func() *fault.Error
}

// news names a piece of news about a membership, as part of the key of its cause.
type news string

func becomes(s MembershipState) step { return step{to: s} }

func (st step) telling(n news) step {
	st.tell = n
	return st
}

func refused(why *fault.Error) step {
	return step{refuse: func() *fault.Error {
		again := *why // callers may change a refusal
		return &again
	}}
}

// on is the step that the act takes with a membership. Returns the refusal, if it is one.
func (a act) on(m *Membership) (step, error) {
	st, known := a.from[m.stateOrNone()]
	if !known {
		st = a.newer
	}
	if st.refuse != nil {
		return st, st.refuse()
	}
	return st, nil
}

var (
	stays      = step{}
	already    = refused(fault.Conflict("group.join.already"))
	pending    = refused(fault.Conflict("group.join.pending"))
	banned     = refused(fault.Forbidden("group.join.banned"))
	inviteOnly = refused(fault.Forbidden("group.join.invite_only"))
	badLink    = refused(fault.NotFound("group.invitation.not_found"))
	noRequest  = refused(fault.NotFound("group.request.not_found"))
	noInvite   = refused(fault.NotFound("group.invitation.none"))
	noMember   = refused(fault.NotFound("group.not_member"))
	noneThere  = refused(fault.NotFound("group.person_not_member"))
	noBan      = refused(fault.NotFound("group.ban.none"))
	keptOut    = refused(fault.Conflict("group.invite.banned"))
)

// These acts are done by people who want to join. Which of the first three it is depends
// on the group's door.
var (
	// actJoin joins a group that is open to everybody.
	actJoin = act{name: "join", by: oneself, newer: banned, from: map[MembershipState]step{
		stateNone: becomes(StateActive), StateRequested: becomes(StateActive), StateInvited: becomes(StateActive), StateActive: already,
		StateDeclined: becomes(StateActive), StateLeft: becomes(StateActive), StateRemoved: becomes(StateActive), StateBanned: banned,
	}}
	// actAsk files a request. An invited person is let in.
	actAsk = act{name: "ask", by: oneself, newer: banned, from: map[MembershipState]step{
		stateNone: asked, StateRequested: pending, StateInvited: becomes(StateActive), StateActive: already,
		StateDeclined: asked, StateLeft: asked, StateRemoved: asked, StateBanned: banned,
	}}
	// actKnock tries to join a group that takes only invited people.
	actKnock = act{name: "knock", by: oneself, newer: banned, from: map[MembershipState]step{
		stateNone: inviteOnly, StateRequested: pending, StateInvited: becomes(StateActive), StateActive: already,
		StateDeclined: inviteOnly, StateLeft: inviteOnly, StateRemoved: inviteOnly, StateBanned: banned,
	}}
	// actLink joins by the code of an invitation link.
	actLink = act{name: "join by a link", by: oneself, newer: banned, from: map[MembershipState]step{
		stateNone: becomes(StateActive), StateRequested: becomes(StateActive), StateInvited: becomes(StateActive), StateActive: already,
		StateDeclined: becomes(StateActive), StateLeft: becomes(StateActive), StateRemoved: becomes(StateActive), StateBanned: banned,
	}}
	// actOldLink joins by a link that is older than the decision to keep the person out.
	// That decision counts, even if they have asked since, or asked and taken it back.
	actOldLink = act{name: "join by an older link", by: oneself, newer: banned, from: map[MembershipState]step{
		stateNone: badLink, StateRequested: badLink, StateInvited: becomes(StateActive), StateActive: already,
		StateDeclined: badLink, StateLeft: badLink, StateRemoved: badLink, StateBanned: banned,
	}}
	asked = becomes(StateRequested).telling(newsRequested)
)

// These acts are done by people who do not want to be in the group, or no longer.
var (
	actLeave = act{name: "leave", by: oneself, ends: true, newer: noMember, from: map[MembershipState]step{
		stateNone: noMember, StateRequested: becomes(StateLeft), StateInvited: noMember, StateActive: becomes(StateLeft),
		StateDeclined: noMember, StateLeft: noMember, StateRemoved: noMember, StateBanned: noMember,
	}}
	actDeclineInvitation = act{name: "decline the invitation", by: oneself, newer: noInvite, from: map[MembershipState]step{
		stateNone: noInvite, StateRequested: noInvite, StateInvited: becomes(StateDeclined), StateActive: noInvite,
		StateDeclined: noInvite, StateLeft: noInvite, StateRemoved: noInvite, StateBanned: noInvite,
	}}
)

// These acts are done by people with a permission in the group.
var (
	actApprove = act{name: "approve", by: actor(ApproveMembers), notOneself: true, newer: noRequest, from: map[MembershipState]step{
		stateNone: noRequest, StateRequested: becomes(StateActive).telling(newsAnswered), StateInvited: noRequest, StateActive: noRequest,
		StateDeclined: noRequest, StateLeft: noRequest, StateRemoved: noRequest, StateBanned: noRequest,
	}}
	actDecline = act{name: "decline", by: actor(ApproveMembers), newer: noRequest, from: map[MembershipState]step{
		stateNone: noRequest, StateRequested: becomes(StateDeclined).telling(newsAnswered), StateInvited: noRequest, StateActive: noRequest,
		StateDeclined: noRequest, StateLeft: noRequest, StateRemoved: noRequest, StateBanned: noRequest,
	}}
	actInvite = act{name: "invite", by: actor(Invite), notOneself: true, newer: keptOut, from: map[MembershipState]step{
		stateNone: invitedNow, StateRequested: becomes(StateActive).telling(newsAnswered), StateInvited: stays, StateActive: stays,
		StateDeclined: invitedNow, StateLeft: invitedNow, StateRemoved: invitedNow, StateBanned: keptOut,
	}}
	actRemove = act{name: "remove", by: actor(ManageMembers), ends: true, newer: noneThere, from: map[MembershipState]step{
		stateNone: noneThere, StateRequested: becomes(StateRemoved), StateInvited: becomes(StateRemoved), StateActive: becomes(StateRemoved),
		StateDeclined: noneThere, StateLeft: noneThere, StateRemoved: noneThere, StateBanned: noneThere,
	}}
	// actBan keeps out people who are in, want in, or were in, such as somebody who has
	// left just before.
	actBan = act{name: "ban", by: actor(ManageMembers), notOneself: true, ends: true, newer: noneThere, from: map[MembershipState]step{
		stateNone: noneThere, StateRequested: becomes(StateBanned), StateInvited: becomes(StateBanned), StateActive: becomes(StateBanned),
		StateDeclined: becomes(StateBanned), StateLeft: becomes(StateBanned), StateRemoved: becomes(StateBanned), StateBanned: stays,
	}}
	// actLiftBan lets a person come back the way others come in. It does not bring them
	// back.
	actLiftBan = act{name: "lift the ban", by: actor(ManageMembers), notOneself: true, newer: noBan, from: map[MembershipState]step{
		stateNone: noBan, StateRequested: noBan, StateInvited: noBan, StateActive: noBan,
		StateDeclined: noBan, StateLeft: noBan, StateRemoved: noBan, StateBanned: becomes(StateRemoved),
	}}
	invitedNow = becomes(StateInvited).telling(newsInvited)
)

// These acts are done by the program.
var (
	// actFound makes the person who has started a group its first member, whatever they
	// have done meanwhile.
	actFound = act{name: "found", by: program, newer: stays, from: map[MembershipState]step{
		stateNone: becomes(StateActive), StateRequested: becomes(StateActive), StateInvited: becomes(StateActive), StateActive: stays,
		StateDeclined: becomes(StateActive), StateLeft: becomes(StateActive), StateRemoved: becomes(StateActive), StateBanned: stays,
	}}
	// actTakeOver makes an employee a member of a committee that another one hands over to them.
	actTakeOver = act{name: "take over", by: program, newer: stays, from: map[MembershipState]step{
		stateNone: becomes(StateActive), StateRequested: becomes(StateActive), StateInvited: becomes(StateActive), StateActive: stays,
		StateDeclined: becomes(StateActive), StateLeft: becomes(StateActive), StateRemoved: becomes(StateActive), StateBanned: stays,
	}}
	// actErase ends the membership of a person who has been erased, before it is removed,
	// because what counts members must see it end.
	actErase = act{name: "the person is erased", by: program, newer: stays, from: map[MembershipState]step{
		stateNone: stays, StateRequested: stays, StateInvited: stays, StateActive: becomes(StateLeft),
		StateDeclined: stays, StateLeft: stays, StateRemoved: stays, StateBanned: stays,
	}}
	// actOpen lets in people who have asked, once the group is open to everybody.
	actOpen = act{name: "the group opens", by: program, newer: stays, from: map[MembershipState]step{
		stateNone: stays, StateRequested: becomes(StateActive).telling(newsAnswered), StateInvited: stays, StateActive: stays,
		StateDeclined: stays, StateLeft: stays, StateRemoved: stays, StateBanned: stays,
	}}
)

// actDisband ends what a person is to a group that is deleted.
var actDisband = act{name: "the group is deleted", by: program, ends: true, newer: stays, from: map[MembershipState]step{
	stateNone: stays, StateRequested: becomes(StateLeft), StateInvited: becomes(StateLeft), StateActive: becomes(StateLeft),
	StateDeclined: stays, StateLeft: stays, StateRemoved: stays, StateBanned: stays,
}}

// These acts follow inviteByContact, and nobody but the person learns what they have done.
var (
	// actInviteContact invites a person who was never in the group, as far as others know. It leaves alone what
	// others can see of a membership, since a change would tell them whose contact it is.
	actInviteContact = act{name: "invite by a contact", by: program, newer: stays, from: map[MembershipState]step{
		stateNone: invitedNow, StateRequested: stays, StateInvited: stays, StateActive: stays,
		StateDeclined: stays, StateLeft: stays, StateRemoved: stays, StateBanned: stays,
	}}
	// actWithdrawContact ends such an invitation.
	actWithdrawContact = act{name: "withdraw an invitation by a contact", by: program, ends: true, newer: stays, from: map[MembershipState]step{
		stateNone: stays, StateRequested: stays, StateInvited: becomes(StateLeft), StateActive: stays,
		StateDeclined: stays, StateLeft: stays, StateRemoved: stays, StateBanned: stays,
	}}
)

// acts are all acts.
var acts = []act{actJoin, actAsk, actKnock, actLink, actOldLink, actLeave, actDeclineInvitation,
	actApprove, actDecline, actInvite, actRemove, actBan, actLiftBan, actFound, actTakeOver, actOpen, actErase, actDisband,
	actInviteContact, actWithdrawContact}

// door is the act of a person who wants to join the group without a link. A hidden group
// takes only invited people, so that staff who know of it do not let themselves in.
func (g *Group) door() act {
	switch {
	case g.isHidden():
		return actKnock
	case g.JoinPolicy == JoinOpen:
		return actJoin
	case g.JoinPolicy == JoinAsk:
		return actAsk
	}
	return actKnock
}

// doneTo is the membership after somebody has done the act to it. If nothing changes, it
// keeps its version. Returns the refusal, and Forbidden for an act that nobody may do to
// themselves.
func (a act) doneTo(m *Membership, by string, now time.Time) (*Membership, step, error) {
	st, err := a.on(m)
	switch {
	case err != nil || st.to == "":
		return m, st, err
	case a.notOneself && by == m.PersonID:
		return m, st, fault.Forbidden("auth.self")
	}
	after := *m
	after.become(st.to, by, now)
	after.Version++
	after.note(st.tell, now)
	return &after, st, nil
}
