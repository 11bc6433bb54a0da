// Package person knows the people with an account.
//
// A person comes from a Firebase uid at the first sign-in. Their id is random;
// sign_ins lead from the uid to it, under an id derived from the uid, so two first
// sign-ins at once make one person. When a person is erased the sign-in goes and the
// empty document stays: nobody is ever that person again.
//
// System roles and capabilities are kept here and granted by an admin, never to
// oneself. Who is an admin one document decides, so that there is always somebody who
// can grant. A person keeps copies of what they are in their groups and of the skills
// they have, so that a request knows its viewer with one read. What a person is
// interested in, where they live and what roles they hold is told to nobody else
// (roles and capabilities: to admins).
package person
