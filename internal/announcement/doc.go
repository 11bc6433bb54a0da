// Package announcement lets people speak to a group's members in the group's name, organisers to people
// with a booking, and people with BROADCAST to areas or to everybody.
//
// An announcement can be kept as a draft, and sent at a time. One to more than 1,000 people, and an urgent
// one, waits until a second person has approved it. A person may make only a few a day. What was sent can
// be corrected where it stands. An announcement can be stopped on its way, and its report
// shows how far it has come. The preview and the report count people and devices and name
// nobody.
package announcement
