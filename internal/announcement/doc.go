// Package announcement lets a group's organisers speak to its members, and
// those who have BROADCAST to areas or to everybody.
//
// What goes to more than 1,000 people waits until a second person has approved
// it. Who speaks often is asked to wait. While an announcement is on its way it
// can be stopped, and its report moves; both count people and devices and name
// nobody.
package announcement
