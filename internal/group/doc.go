// Package group knows the groups people belong to.
//
// A group has a kind, perhaps an area, a visibility (who may know of it and see
// what it does) and a join policy. A membership belongs to one group and one
// person: two at once make one. What may happen to it in each of its states is one
// table: see moves.go. A role in a group is a bundle of permissions; a member holds
// several, each may end by itself, and a group adds roles of its own. Who leads is
// decided by the group. A group that has a leader keeps at least one: the last
// one cannot leave, be removed or step down. Who is invited may know of the
// group, and is no member until they join. A link lets whoever has its code in,
// until it expires, is revoked, its maker may no longer let people in, or the group
// has decided otherwise about the person since. What is
// held for people by a membership, a role or the group's visibility ends with it: see
// EffectAccessEnded. Nobody gives
// themselves a role or lets themselves in; a leader gives any role, everybody else
// no more than they may do themselves.
//
// Those who have SUPPORT know of every lokalforum and committee, edit them,
// approve and manage their members and moderate; to post or speak there they need a
// role in the group like anybody. Where such a group has no leader, those who have SUPPORT
// choose the first, and not themselves. A lokalforum stays public and open, and whoever holds
// an office never speaks for it. To someone who may not know of a group it does not
// exist.
package group
