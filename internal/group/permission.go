package group

import (
	"slices"
	"time"

	"faellesskab/internal/auth"
)

// Permission is one thing a role in a group allows.
type Permission string

// The permissions.
const (
	Post           Permission = "POST"
	PostEvents     Permission = "POST_EVENTS"
	ApproveMembers Permission = "APPROVE_MEMBERS"
	Invite         Permission = "INVITE"
	ManageMembers  Permission = "MANAGE_MEMBERS"
	EditGroup      Permission = "EDIT_GROUP"
	Moderate       Permission = "MODERATE"
	CheckIn        Permission = "CHECK_IN"
	SpeakForGroup  Permission = "SPEAK_FOR_GROUP" // speak in its name, also to its members
	ManageMoney    Permission = "MANAGE_MONEY"
)

// Permissions are all permissions, in the order of the bits in which they are stored. A
// new one must come last.
var Permissions = []Permission{Post, PostEvents, ApproveMembers, Invite, ManageMembers, EditGroup, Moderate, CheckIn, SpeakForGroup, ManageMoney}

// IsValid reports whether it is one of them.
func (p Permission) IsValid() bool { return slices.Contains(Permissions, p) }

// Bits are the permissions of a list as they are stored. Permissions that only a newer
// version knows have no bit.
func Bits(list []Permission) int32 {
	var b int32
	for i, p := range Permissions {
		if slices.Contains(list, p) {
			b |= 1 << i
		}
	}
	return b
}

// GrantAllows reports whether a member has a permission by their roles at an
// instant.
func GrantAllows(g auth.Grant, p Permission, now time.Time) bool {
	i := slices.Index(Permissions, p)
	return i >= 0 && g.At(now)&(1<<i) != 0
}
