// Package person knows the people with an account.
//
// A person is made at the first sign-in with a Firebase uid. Their id is random. A document
// in sign_ins leads from the uid to it; its own id is derived from the uid, so two first
// sign-ins at once make one person. When a person is erased, their sign-in is removed and
// their document stays empty, so that nobody ever becomes that person again.
//
// Roles in the whole system and capabilities are kept here. An admin grants them, never to
// themselves. One document decides who is an admin, so that there is always somebody who can
// grant. A person keeps copies of their memberships and of their skills, so that a request
// finds out everything about its viewer with one read. Nobody else sees what a person is
// interested in, where they live and which roles they hold, except that admins see roles and
// capabilities.
package person
