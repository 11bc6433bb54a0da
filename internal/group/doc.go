// Package group knows the groups people belong to.
//
// A group has a kind, perhaps an area, a visibility (who may know of it and see
// what it does) and a join policy. A membership belongs to one group and one
// person: two at once make one. A role in a group is a bundle of permissions
// and may end by itself. A group that has a leader keeps at least one: the last
// one cannot leave, be removed or step down. Who is invited may know of the
// group, and is no member until they join. A link lets whoever has its code in,
// until it expires, is revoked, or its maker may no longer let people in. Staff and fælles-skabere may do in
// lokalforums and committees what a leader may. To someone who may not know of
// a group it does not exist.
package group
