// Package announcement lets people speak to a group's members in the group's name, and people
// with BROADCAST speak to areas or to everybody.
//
// An announcement to more than 1,000 people waits until a second person has approved it. A
// person may make only a few a day. An announcement can be stopped on its way, and its report
// shows how far it has come. The preview and the report count people and devices and name
// nobody.
package announcement
