// Package group knows the groups people belong to.
//
// A group has a kind, perhaps an area, a visibility (who may know of it and see what
// it does) and a join policy. To people who may not know of a group it does not exist.
//
// A person has one membership of a group, even if they join twice at once. The table in
// moves.go says what may happen to a membership in each of its states. Invited people
// may know of the group, and are no members until they join. A link lets in everybody
// who has its code, until it expires or is revoked, its maker may no longer let people
// in, or the group has decided otherwise about the person since.
//
// A role in a group is a bundle of permissions. A member may hold several, each may end
// by itself, and a group can add roles of its own. Nobody gives themselves a role or
// lets themselves in. A leader gives any role, and everybody else no more than they may
// do themselves. The group's document decides who leads, and a group that has a leader
// keeps at least one: the last one cannot leave, be removed or step down, and when the
// last one is erased, another member leads. Things that are held for people because of a
// membership, a role or the group's visibility end with it: see EffectAccessEnded.
//
// People with SUPPORT know of every lokalforum and committee, edit them, approve and
// manage their members and moderate. To post or speak there they need a role in the
// group, as everybody does. If such a group has no leader, they choose the first one,
// and not themselves. A lokalforum stays public and open, and people who hold an office
// never speak for it.
//
// Leaders archive a group whose time is over, so that it is only read, and delete it, which they can undo for
// UndoDays days. A lokalforum stays.
//
// An invitation by an e-mail address or a phone number tells nobody whether somebody has it. The membership that
// it makes is seen by its person alone until they join or ask, and nothing else shows that it is there.
package group
